//! `logging ...`: destinations, levels, collectors.

use cli::{Args, InterfaceName, Kind, No, Token, kw, one_of, opt, param};

use super::buffer::SIZE_DEFAULT;
use super::level::{self, DEBUGGING, INFORMATIONAL, LEVEL};
use super::{FACILITY_DEFAULT, HOSTS_MAX, Host, Logging, Origin, PORT_DEFAULT, emit};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// `logging` itself.
const LOGGING: Token = kw("logging", "Modify message logging facilities");

const TRANSPORT: Token = opt(&[
    kw("transport", "Specify the transport protocol (default=UDP)"),
    kw("udp", "User Datagram Protocol"),
    opt(&[
        kw("port", "Specify the UDP port number (default=514)"),
        param("port", Kind::Integer { min: 1, max: 65_535 }, "Port number"),
    ]),
]);

/// The numbers of the facilities that `logging facility` knows (RFC 5424, table 1).
const FACILITIES: [(&str, u8); 20] = [
    ("auth", 4),
    ("cron", 9),
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
    ("sys10", 10),
    ("sys11", 11),
    ("syslog", 5),
    ("user", 1),
    ("uucp", 8),
];

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(&[LOGGING, kw("on", "Enable logging to all enabled destinations")], on),
    command(
        &[
            LOGGING,
            kw("buffered", "Set buffered logging parameters"),
            opt(&[param("size", Kind::Integer { min: 4096, max: 2_147_483_647 }, "Buffer size")]),
            LEVEL,
        ],
        buffered,
    ),
    command(&[LOGGING, kw("console", "Set console logging parameters"), LEVEL], console),
    command(&[LOGGING, kw("monitor", "Set terminal line (monitor) logging"), LEVEL], monitor),
    command(&[LOGGING, kw("trap", "Set syslog server logging level"), LEVEL], trap),
    command(
        &[
            LOGGING,
            kw("facility", "Facility parameter for syslog messages"),
            param(
                "facility",
                Kind::Word,
                "Facility: auth, cron, daemon, kern, local0 to local7, ...",
            ),
        ],
        facility,
    ),
    command(
        &[
            LOGGING,
            kw("origin-id", "Add origin ID to syslog messages"),
            one_of(&[
                &[kw("hostname", "Use origin hostname as ID")],
                &[kw("ip", "Use origin IP address as ID")],
                &[
                    kw("string", "Define a unique text string as ID"),
                    param("string", Kind::Word, "String"),
                ],
            ]),
        ],
        origin,
    ),
    command(
        &[
            LOGGING,
            kw("source-interface", "Specify interface for source address in logging transactions"),
            param("interface", Kind::Interface, "Interface"),
        ],
        source_interface,
    ),
    command(
        &[
            LOGGING,
            kw("message-counter", "Configure log message to include certain counter value"),
            kw("syslog", "Set syslog counter for log message"),
        ],
        message_counter,
    ),
    command(
        &[
            LOGGING,
            kw("host", "Set syslog server IP address and parameters"),
            param("host", Kind::Word, "Hostname or A.B.C.D"),
            TRANSPORT,
        ],
        host,
    ),
    // The form of old configurations. It is stored and printed as the one above.
    command(&[LOGGING, param("host", Kind::Ipv4, "IP address of the logging host")], host),
];

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[
    Section { order: order::LOGGING_LOCAL, print: print_local },
    Section { order: order::LOGGING_REMOTE, print: print_remote },
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

fn print_local(state: &State, text: &mut ConfigText) {
    let logging = &state.logging;
    if logging.off {
        text.line("no logging on");
    }
    match logging.buffered {
        None => text.line("no logging buffered"),
        Some(DEBUGGING) if logging.buffer.size() == SIZE_DEFAULT => {}
        Some(DEBUGGING) => text.line(format_args!("logging buffered {}", logging.buffer.size())),
        Some(severity) => {
            let (size, name) = (logging.buffer.size(), level::name(severity));
            text.line(format_args!("logging buffered {size} {name}"));
        }
    }
    print_level(text, "console", logging.console, DEBUGGING);
    print_level(text, "monitor", logging.monitor, DEBUGGING);
    if logging.message_counter_off {
        text.line("no logging message-counter syslog");
    }
}

fn print_remote(state: &State, text: &mut ConfigText) {
    let logging = &state.logging;
    print_level(text, "trap", logging.trap, INFORMATIONAL);
    match &logging.origin {
        Origin::None => {}
        Origin::Hostname => text.line("logging origin-id hostname"),
        Origin::Ip => text.line("logging origin-id ip"),
        Origin::Text(id) => text.line(format_args!("logging origin-id string {id}")),
    }
    if logging.facility != FACILITY_DEFAULT
        && let Some((name, _)) = FACILITIES.iter().find(|(_, n)| *n == logging.facility)
    {
        text.line(format_args!("logging facility {name}"));
    }
    if let Some(name) = &logging.source_interface {
        text.line(format_args!("logging source-interface {name}"));
    }
    for Host { address, port, .. } in &logging.hosts {
        match *port {
            PORT_DEFAULT => text.line(format_args!("logging host {address}")),
            port => text.line(format_args!("logging host {address} transport udp port {port}")),
        }
    }
}

fn print_level(text: &mut ConfigText, what: &str, level: Option<u8>, default: u8) {
    match level {
        None => text.line(format_args!("no logging {what}")),
        Some(level) if level == default => {}
        Some(level) => text.line(format_args!("logging {what} {}", level::name(level))),
    }
}

fn on(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.off = args.is_no();
    Reply::Done
}

fn buffered(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let logging = &mut turn.state.logging;
    logging.buffered = chosen(args, DEBUGGING);
    let size = args.number("size").and_then(|n| u32::try_from(n).ok());
    let kept = if args.is_no() || args.is_default() { SIZE_DEFAULT } else { logging.buffer.size() };
    logging.buffer.resize(size.unwrap_or(kept));
    Reply::Done
}

fn console(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.console = chosen(args, DEBUGGING);
    Reply::Done
}

fn monitor(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.monitor = chosen(args, DEBUGGING);
    Reply::Done
}

fn trap(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.trap = chosen(args, INFORMATIONAL);
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
    if args.is_no() || args.is_default() {
        turn.state.logging.facility = FACILITY_DEFAULT;
        return Reply::Done;
    }
    let word = args.text("facility").unwrap_or_default().to_ascii_lowercase();
    let Some((_, number)) = FACILITIES.iter().find(|(name, _)| *name == word) else {
        return Reply::Invalid { column: args.column("facility") };
    };
    turn.state.logging.facility = *number;
    Reply::Done
}

fn origin(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if args.text("string").is_some_and(|id| !is_word(id)) {
        return Reply::Invalid { column: args.column("string") };
    }
    turn.state.logging.origin = match args.text("string") {
        _ if args.is_no() || args.is_default() => Origin::None,
        Some(id) => Origin::Text(id.to_owned()),
        None if args.has("ip") => Origin::Ip,
        None => Origin::Hostname,
    };
    Reply::Done
}

fn source_interface(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.source_interface = match args.interface("interface") {
        _ if args.is_no() || args.is_default() => None,
        Some(name) if turn.state.interfaces.get(name).is_none() => {
            return Reply::Invalid { column: args.column("interface") };
        }
        name => name.cloned(),
    };
    Reply::Done
}

impl Logging {
    /// No configuration names an interface that the router does not have: it would be refused when
    /// it is loaded again.
    pub(crate) fn interface_removed(&mut self, name: &InterfaceName) {
        self.source_interface.take_if(|source| source == name);
    }
}

fn message_counter(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.message_counter_off = args.is_no();
    Reply::Done
}

fn host(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let address = args.ipv4("host").map(|address| address.to_string());
    let address = address.or_else(|| args.text("host").map(str::to_owned)).unwrap_or_default();
    let port = args.number("port").and_then(|n| u16::try_from(n).ok()).unwrap_or(PORT_DEFAULT);
    if !is_word(&address) {
        return Reply::Invalid { column: args.column("host") };
    }
    if args.is_no() || args.is_default() {
        return remove_host(turn, args, &address, port);
    }
    let hosts = &mut turn.state.logging.hosts;
    if hosts.iter().any(|host| host.address == address && host.port == port) {
        return Reply::Done;
    }
    if hosts.len() == HOSTS_MAX {
        return Reply::Refused(format!("% Too many logging hosts, the limit is {HOSTS_MAX}\n"));
    }
    hosts.push(Host { address: address.clone(), port, sent: 0 });
    emit::announce_start(turn, &address, port);
    Reply::Done
}

fn remove_host(turn: &mut Turn<'_>, args: &Args, address: &str, port: u16) -> Reply {
    let hosts = &mut turn.state.logging.hosts;
    let Some(at) = hosts.iter().position(|h| h.address == address && h.port == port) else {
        return Reply::Invalid { column: args.column("host") };
    };
    hosts.remove(at);
    turn.log(emit::start_stop(address, port, "stopped"));
    Reply::Done
}
