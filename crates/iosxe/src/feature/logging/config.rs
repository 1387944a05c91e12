//! `logging ...`: destinations, levels, limits, origin.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::buffer::SIZE_DEFAULT;
use super::level::{self, DEBUGGING, INFORMATIONAL, LEVEL, LEVELS};
use super::limit::Rate;
use super::tally::Tally;
use super::{
    EXCEPTION_BYTES_DEFAULT, FACILITY_DEFAULT, Local, Logging, Origin, QUEUE_MESSAGES_DEFAULT,
    discriminator,
};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::is_word;
use crate::session::Session;
use crate::turn::Turn;

/// `logging` itself.
const LOGGING: Token = kw("logging", "Modify message logging facilities");

/// `discriminator NAME`, which may be left out.
const DISCRIMINATOR: Token = opt(&[
    kw("discriminator", "Establish MD-Console association"),
    param("discriminator", Kind::Word, "Discriminator name"),
]);

/// How many VRFs have a source interface of their own.
const SOURCES_MAX: usize = 64;

const BYTES: Kind = Kind::Integer { min: 4096, max: 2_147_483_647 };
const MESSAGES: Kind = Kind::Integer { min: 100, max: 2_147_483_647 };
const PER_SECOND: Kind = Kind::Integer { min: 1, max: 10_000 };

/// `all N` or `N`
const RATE: Token = one_of(&[
    &[
        kw("all", "Rate-limit all messages, including debug messages"),
        param("rate", PER_SECOND, "Messages per second"),
    ],
    &[param("rate", PER_SECOND, "Messages per second")],
]);

/// The numbers of the facilities that `logging facility` knows. Those of RFC 5424, table 1, as far
/// as they have a word of their own there; `cron` is the last of the old ones, as on SunOS, since
/// IOS has `sys9` to `sys14` before it.
pub(super) const FACILITIES: [(&str, u8); 24] = [
    ("auth", 4),
    ("cron", 15),
    ("daemon", 3),
    ("kern", 0),
    ("local0", 16),
    ("local1", 17),
    ("local2", 18),
    ("local3", 19),
    ("local4", 20),
    ("local5", 21),
    ("local6", 22),
    ("local7", 23),
    ("lpr", 6),
    ("mail", 2),
    ("news", 7),
    ("sys9", 9),
    ("sys10", 10),
    ("sys11", 11),
    ("sys12", 12),
    ("sys13", 13),
    ("sys14", 14),
    ("syslog", 5),
    ("user", 1),
    ("uucp", 8),
];

const FACILITY: Token = one_of(&[
    &[kw("auth", "Authorization system")],
    &[kw("cron", "Cron/at facility")],
    &[kw("daemon", "System daemons")],
    &[kw("kern", "Kernel")],
    &[kw("local0", "Local use")],
    &[kw("local1", "Local use")],
    &[kw("local2", "Local use")],
    &[kw("local3", "Local use")],
    &[kw("local4", "Local use")],
    &[kw("local5", "Local use")],
    &[kw("local6", "Local use")],
    &[kw("local7", "Local use")],
    &[kw("lpr", "Line printer system")],
    &[kw("mail", "Mail system")],
    &[kw("news", "USENET news")],
    &[kw("sys9", "System use")],
    &[kw("sys10", "System use")],
    &[kw("sys11", "System use")],
    &[kw("sys12", "System use")],
    &[kw("sys13", "System use")],
    &[kw("sys14", "System use")],
    &[kw("syslog", "Syslog itself")],
    &[kw("user", "User process")],
    &[kw("uucp", "Unix-to-Unix copy system")],
]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(&[LOGGING, kw("on", "Enable logging to all enabled destinations")], on),
    command(
        &[
            LOGGING,
            kw("buffered", "Set buffered logging parameters"),
            DISCRIMINATOR,
            opt(&[param("size", BYTES, "Buffer size")]),
            LEVEL,
        ],
        buffered,
    ),
    command(
        &[LOGGING, kw("console", "Set console logging parameters"), DISCRIMINATOR, LEVEL],
        console,
    ),
    command(
        &[LOGGING, kw("monitor", "Set terminal line (monitor) logging"), DISCRIMINATOR, LEVEL],
        monitor,
    ),
    command(
        &[
            LOGGING,
            kw("trap", "Set syslog server logging level"),
            LEVEL,
            opt(&[
                kw("syslog-format", "Set the syslog format"),
                kw("rfc5424", "RFC 5424 syslog format"),
            ]),
        ],
        trap,
    ),
    command(
        &[LOGGING, kw("facility", "Facility parameter for syslog messages"), opt(&[FACILITY])],
        facility,
    ),
    command(
        &[
            LOGGING,
            kw("origin-id", "Add origin ID to syslog messages"),
            opt(&[one_of(&[
                &[kw("hostname", "Use origin hostname as ID")],
                &[kw("ip", "Use origin IP address as ID")],
                &[kw("ipv6", "Use origin IPv6 address as ID")],
                &[
                    kw("string", "Define a unique text string as ID"),
                    param("string", Kind::Line, "Text string"),
                ],
            ])]),
        ],
        origin,
    ),
    command(
        &[
            LOGGING,
            kw("source-interface", "Specify interface for source address in logging transactions"),
            param("interface", Kind::Interface, "Interface"),
            opt(&[kw("vrf", "Set VRF option"), param("vrf", Kind::Word, "VRF name")]),
        ],
        source_interface,
    ),
    command(
        &[
            LOGGING,
            kw("message-counter", "Configure log message to include certain counter value"),
            one_of(&[
                &[kw("debug", "Set debug counter for log message")],
                &[kw("log", "Set log counter for log message")],
                &[kw("syslog", "Set syslog counter for log message")],
            ]),
        ],
        message_counter,
    ),
    command(
        &[LOGGING, kw("count", "Count every log message and timestamp last occurrence")],
        count,
    ),
    command(
        &[LOGGING, kw("userinfo", "Enable logging of user info on privileged mode enabling")],
        userinfo,
    ),
    command(
        &[
            LOGGING,
            kw("exception", "Limit size of exception flush output"),
            param("size", BYTES, "Size of exception flush output in bytes"),
        ],
        exception,
    ),
    command(
        &[
            LOGGING,
            kw("queue-limit", "Set logger message queue size"),
            one_of(&[
                &[
                    kw("trap", "Set size of the queue of messages to syslog servers"),
                    param("trap-size", MESSAGES, "Messages"),
                ],
                &[param("size", MESSAGES, "Messages")],
            ]),
        ],
        queue_limit,
    ),
    command(
        &[
            LOGGING,
            kw("rate-limit", "Set messages per second limit"),
            one_of(&[&[kw("console", "Rate-limit only console messages"), RATE], &[RATE]]),
            opt(&[kw("except", "Messages of this severity or higher are not limited"), LEVELS]),
        ],
        rate_limit,
    ),
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

fn on(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.off = args.is_no();
    Reply::Done
}

fn buffered(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let reply = local(&mut turn.state.logging, args, |logging| &mut logging.buffered);
    if matches!(reply, Reply::Done) {
        let logging = &mut turn.state.logging;
        let size = args.number("size").and_then(|n| u32::try_from(n).ok());
        let reset = args.is_no() || args.is_default();
        let kept = if reset { SIZE_DEFAULT } else { logging.buffer.size() };
        logging.buffer.resize(size.filter(|_| !reset).unwrap_or(kept));
    }
    reply
}

fn console(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    local(&mut turn.state.logging, args, |logging| &mut logging.console)
}

fn monitor(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    local(&mut turn.state.logging, args, |logging| &mut logging.monitor)
}

/// Level and discriminator of a destination on the router itself.
fn local(logging: &mut Logging, args: &Args, which: impl Fn(&mut Logging) -> &mut Local) -> Reply {
    let discriminator = match discriminator::chosen(logging, args) {
        // `no` takes the discriminator away whether there is one of that name or not.
        _ if args.is_no() || args.is_default() => None,
        Ok(discriminator) => discriminator,
        Err(reply) => return reply,
    };
    let destination = which(logging);
    destination.level = chosen(args, DEBUGGING);
    destination.discriminator = discriminator;
    Reply::Done
}

/// `no logging trap syslog-format rfc5424` is about the format alone.
fn trap(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let logging = &mut turn.state.logging;
    let formatted = args.has("rfc5424");
    if args.is_no() && formatted {
        logging.rfc5424 = false;
        return Reply::Done;
    }
    logging.trap = chosen(args, INFORMATIONAL);
    logging.rfc5424 = formatted && !args.is_default();
    Reply::Done
}

/// The level of a destination after a line: off, the default, or the one that it names.
fn chosen(args: &Args, default: u8) -> Option<u8> {
    match (args.is_no(), args.is_default()) {
        (true, _) => None,
        (false, true) => Some(default),
        (false, false) => Some(level::of(args).unwrap_or(default)),
    }
}

fn facility(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let named = FACILITIES.iter().find(|(name, _)| args.has(name)).map(|(_, number)| *number);
    let reset = args.is_no() || args.is_default();
    if named.is_none() && !reset {
        return Reply::Incomplete;
    }
    let named = named.filter(|_| !reset);
    turn.state.logging.facility = named.unwrap_or(FACILITY_DEFAULT);
    Reply::Done
}

fn origin(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    // A quotation mark within would end the value when it is typed again.
    let text = args.text("string").map(str::trim);
    if text.is_some_and(|id| id.is_empty() || id.contains('"')) {
        return Reply::Invalid { column: args.column("string") };
    }
    turn.state.logging.origin = match text {
        _ if args.is_no() || args.is_default() => Origin::None,
        Some(id) => Origin::Text(id.to_owned()),
        None if args.has("ipv6") => Origin::Ipv6,
        None if args.has("ip") => Origin::Ip,
        None if args.has("hostname") => Origin::Hostname,
        None => return Reply::Incomplete,
    };
    Reply::Done
}

fn source_interface(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let vrf = args.text("vrf").unwrap_or_default().to_owned();
    let sources = &mut turn.state.logging.sources;
    if args.is_no() || args.is_default() {
        sources.remove(&vrf);
        return Reply::Done;
    }
    if !vrf.is_empty() && !is_word(&vrf) {
        return Reply::Invalid { column: args.column("vrf") };
    }
    match args.interface("interface") {
        Some(name) if turn.state.interfaces.get(name).is_some() => {
            if !sources.contains_key(&vrf) && sources.len() == SOURCES_MAX {
                return Reply::Refused("% Too many logging source interfaces\n".into());
            }
            sources.insert(vrf, *name);
            Reply::Done
        }
        Some(_) | None => Reply::Invalid { column: args.column("interface") },
    }
}

fn message_counter(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let counters = &mut turn.state.logging.message_counters;
    let on = !args.is_no();
    match () {
        () if args.has("debug") => counters.debug = on && !args.is_default(),
        () if args.has("log") => counters.log = on && !args.is_default(),
        () => counters.syslog = on,
    }
    Reply::Done
}

fn count(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let tally = &mut turn.state.logging.tally;
    if args.is_no() || args.is_default() {
        *tally = None;
    } else {
        tally.get_or_insert_with(Tally::default);
    }
    Reply::Done
}

fn userinfo(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.userinfo = !args.is_no() && !args.is_default();
    Reply::Done
}

fn exception(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let size = given(args, "size");
    turn.state.logging.exception_bytes = size.unwrap_or(EXCEPTION_BYTES_DEFAULT);
    Reply::Done
}

fn queue_limit(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let logging = &mut turn.state.logging;
    if args.has("trap") {
        let size = given(args, "trap-size");
        logging.trap_queue_messages = size.unwrap_or(QUEUE_MESSAGES_DEFAULT);
    } else {
        logging.queue_messages = given(args, "size").unwrap_or(QUEUE_MESSAGES_DEFAULT);
    }
    Reply::Done
}

fn rate_limit(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.rate_limit.rate = given(args, "rate").map(|per_second| Rate {
        per_second,
        all: args.has("all"),
        console: args.has("console"),
        except: level::of(args).filter(|_| args.has("except")),
    });
    Reply::Done
}

/// The number that a line sets; none when it takes it back.
fn given(args: &Args, name: &str) -> Option<u32> {
    let number = args.number(name).and_then(|n| u32::try_from(n).ok());
    number.filter(|_| !args.is_no() && !args.is_default())
}
