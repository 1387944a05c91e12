//! The sub-mode of an operation: its kind, and what stands under it.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::{FREQUENCY_SECS_DEFAULT, Job, MILLIS_DEFAULT, Operation, Source};
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::session::Session;
use crate::turn::Turn;

const FREQUENCY: Kind = Kind::Integer { min: 1, max: 604_800 };
const MILLIS: Kind = Kind::Integer { min: 0, max: 604_800_000 };

/// The words of the operations that are kept and never run, with the mode that each opens.
const OTHERS: &[(&str, &str)] = &[
    ("dhcp", "config-ip-sla-dhcp"),
    ("dns", "config-ip-sla-dns"),
    ("ethernet", "config-ip-sla-ethernet-echo"),
    ("ftp", "config-ip-sla-ftp"),
    ("http", "config-ip-sla-http"),
    ("icmp-jitter", "config-ip-sla-icmpjitter"),
    ("mpls", "config-ip-sla-lspPing"),
    ("path-echo", "config-ip-sla-pathEcho"),
    ("path-jitter", "config-ip-sla-pathJitter"),
    ("tcp-connect", "config-ip-sla-tcp"),
    ("udp-echo", "config-ip-sla-udp"),
    ("udp-jitter", "config-ip-sla-jitter"),
];

const ECHO_MODE: &str = "config-ip-sla-echo";

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Sla],
        privilege: 15,
        syntax: &[
            kw("icmp-echo", "ICMP Echo Operation"),
            param("to", Kind::Ipv4, "Destination IP address"),
            opt(&[one_of(&[
                &[
                    kw("source-interface", "Source Interface (ingress icmp packet interface)"),
                    param("interface", Kind::Interface, "Interface"),
                ],
                &[kw("source-ip", "Source Address"), param("source", Kind::Ipv4, "IP address")],
            ])]),
        ],
        no: No::Without,
        run: echo,
    },
    other(&[kw("dhcp", "DHCP Operation"), REST]),
    other(&[kw("dns", "DNS Query Operation"), REST]),
    other(&[kw("ethernet", "Ethernet Operations"), REST]),
    other(&[kw("ftp", "FTP Operation"), REST]),
    other(&[kw("http", "HTTP Operation"), REST]),
    other(&[kw("icmp-jitter", "ICMP Jitter Operation"), REST]),
    other(&[kw("mpls", "MPLS Operation"), REST]),
    other(&[kw("path-echo", "Path Discovered ICMP Echo Operation"), REST]),
    other(&[kw("path-jitter", "Path Discovered ICMP Jitter Operation"), REST]),
    other(&[kw("tcp-connect", "TCP Connect Operation"), REST]),
    other(&[kw("udp-echo", "UDP Echo Operation"), REST]),
    other(&[kw("udp-jitter", "UDP Jitter Operation"), REST]),
    setting(
        &[kw("frequency", "Frequency of an operation"), param("frequency", FREQUENCY, "Seconds")],
        frequency,
    ),
    setting(
        &[kw("timeout", "Timeout of an operation"), param("timeout", MILLIS, "Milliseconds")],
        timeout,
    ),
    setting(
        &[
            kw("threshold", "Operation threshold in milliseconds"),
            param("threshold", MILLIS, "Milliseconds"),
        ],
        threshold,
    ),
    setting(&[kw("tag", "User defined tag"), param("tag", Kind::Line, "Tag")], tag),
    setting(&[kw("owner", "Owner of Entry"), param("owner", Kind::Line, "Owner")], owner),
    setting(&[kw("data-pattern", "Data Pattern"), param("value", Kind::Word, "Pattern")], keep),
    setting(&[kw("history", "History and Distribution Data"), REST], keep),
    setting(&[kw("request-data-size", "Request data size"), REST], keep),
    setting(&[kw("tos", "Type Of Service"), REST], keep),
    setting(&[kw("verify-data", "Verify data")], keep),
    setting(&[kw("vrf", "Configure IP SLAs for a VPN Routing/Forwarding instance"), REST], keep),
];

const REST: Token = param("rest", Kind::Line, "More");

const fn other(syntax: &'static [Token]) -> Command {
    Command { modes: &[Mode::Sla], privilege: 15, syntax, no: No::Without, run: keep_job }
}

const fn setting(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::SlaJob], privilege: 15, syntax, no: No::Allowed, run }
}

fn edit(
    turn: &mut Turn<'_>,
    session: &Session,
    change: impl FnOnce(&mut Operation) -> Reply,
) -> Reply {
    let (Place::Sla(number) | Place::SlaJob(number, _)) = session.place() else {
        return Reply::Incomplete;
    };
    // Somebody else may have deleted it meanwhile.
    turn.state.slas.all.get_mut(number).map_or(Reply::Done, change)
}

fn number(session: &Session) -> u32 {
    let Place::Sla(number) = session.place() else {
        unreachable!("a command of this mode runs in this mode");
    };
    *number
}

fn echo(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(to) = args.ipv4("to") else { return Reply::Incomplete };
    let source = match (args.interface("interface"), args.ipv4("source")) {
        (Some(name), _) => Source::Interface(*name),
        (None, Some(address)) => Source::Address(address),
        (None, None) => Source::Any,
    };
    let number = number(session);
    edit(turn, session, |operation| begin(operation, number, Job::Echo { to, source }, ECHO_MODE))
}

fn keep_job(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let line = args.expanded().to_owned();
    let first = line.split(' ').next().unwrap_or_default();
    let mode = OTHERS.iter().find(|(word, _)| *word == first).map_or(ECHO_MODE, |(_, mode)| mode);
    let number = number(session);
    edit(turn, session, |operation| begin(operation, number, Job::Other(line), mode))
}

/// The kind of an operation is said once.
fn begin(operation: &mut Operation, number: u32, job: Job, mode: &'static str) -> Reply {
    match &operation.job {
        Some(known) if *known != job => {
            Reply::Refused("%A type of operation has already been defined for this entry\n".into())
        }
        Some(_) | None => {
            operation.job = Some(job);
            Reply::Enter(Place::SlaJob(number, mode))
        }
    }
}

fn is_off(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

fn frequency(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |operation| {
        let wanted = args.number("frequency").filter(|_| !is_off(args));
        let secs = wanted.unwrap_or(FREQUENCY_SECS_DEFAULT);
        if secs * 1_000 < operation.settings.timeout_ms {
            let text = "%Illegal Value: Cannot set Frequency to be less than Timeout\n";
            return Reply::Refused(text.into());
        }
        operation.settings.frequency_secs = secs;
        Reply::Done
    })
}

fn timeout(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |operation| {
        let millis = args.number("timeout").filter(|_| !is_off(args)).unwrap_or(MILLIS_DEFAULT);
        if millis > operation.settings.frequency_secs * 1_000 {
            let text = "%Illegal Value: Cannot set Timeout to be greater than Frequency\n";
            return Reply::Refused(text.into());
        }
        operation.settings.timeout_ms = millis;
        Reply::Done
    })
}

fn threshold(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |operation| {
        let millis = args.number("threshold").filter(|_| !is_off(args));
        operation.settings.threshold_ms = millis.unwrap_or(MILLIS_DEFAULT);
        Reply::Done
    })
}

fn tag(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |operation| {
        operation.settings.tag = args.text("tag").filter(|_| !is_off(args)).map(str::to_owned);
        Reply::Done
    })
}

fn owner(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |operation| {
        operation.settings.owner = args.text("owner").filter(|_| !is_off(args)).map(str::to_owned);
        Reply::Done
    })
}

/// A line without effect: one of each kind.
fn keep(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    edit(turn, session, |operation| {
        let line = args.expanded();
        let first = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        let line = line.strip_prefix("no ").unwrap_or(line);
        let word = first(line);
        // `history` has several.
        operation.kept.retain(|kept| match word.as_str() {
            "history" => kept != line,
            _ => first(kept) != word,
        });
        if !is_off(args) && operation.kept.len() < KEPT_MAX {
            operation.kept.push(line.to_owned());
        }
        Reply::Done
    })
}

/// How many lines without effect one operation keeps.
const KEPT_MAX: usize = 64;
