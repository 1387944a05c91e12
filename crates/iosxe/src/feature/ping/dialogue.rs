//! `ping` without an address: it asks for one, and for whatever else it may be told, question by
//! question, as IOS XE 17 does.
//!
//! Called by the command; its last answer starts the same run as a `ping` in one line. What the
//! answers change in a datagram but not in what is printed (type of service, data) is asked and
//! goes no further.

use std::net::IpAddr;

use cli::InterfaceName;
use simtime::Duration;

use super::{
    BYTES_DEFAULT, COUNT_DEFAULT, COUNT_MAX, NO_ADDRESS, NOT_OURS, Request, TIMEOUT_SECS_DEFAULT,
    UNRECOGNIZED, launch,
};
use crate::command::Reply;
use crate::feature::names::{self, Resolved};
use crate::io::VrfId;
use crate::session::Session;
use crate::turn::Turn;

/// What is asked, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Protocol,
    Target,
    Repeat,
    Size,
    Timeout,
    Extended,
    Ingress,
    Source,
    Dscp,
    Service,
    DontFragment,
    Validate,
    Data,
    Options,
    Sweep,
}

/// What is wrong with an answer.
enum Fault {
    /// It is asked again.
    Again(String),
    /// The command ends.
    Stop(String),
}

impl Step {
    fn question(self) -> &'static str {
        match self {
            Step::Protocol => "Protocol [ip]: ",
            Step::Target => "Target IP address: ",
            Step::Repeat => "Repeat count [5]: ",
            Step::Size => "Datagram size [100]: ",
            Step::Timeout => "Timeout in seconds [2]: ",
            Step::Extended => "Extended commands [n]: ",
            Step::Ingress => "Ingress ping [n]: ",
            Step::Source => "Source address or interface: ",
            Step::Dscp => "DSCP Value [0]: ",
            Step::Service => "Type of service [0]: ",
            Step::DontFragment => "Set DF bit in IP header? [no]: ",
            Step::Validate => "Validate reply data? [no]: ",
            Step::Data => "Data pattern [0x0000ABCD]: ",
            Step::Options => "Loose, Strict, Record, Timestamp, Verbose[none]: ",
            Step::Sweep => "Sweep range of sizes [n]: ",
        }
    }

    /// What follows this answer; nothing after the last one.
    fn next(self, answer: &str) -> Option<Step> {
        Some(match self {
            Step::Protocol => Step::Target,
            Step::Target => Step::Repeat,
            Step::Repeat => Step::Size,
            Step::Size => Step::Timeout,
            Step::Timeout => Step::Extended,
            Step::Extended if is_yes(answer) => Step::Ingress,
            Step::Extended => Step::Sweep,
            Step::Ingress => Step::Source,
            Step::Source => Step::Dscp,
            // One or the other: both are the same byte.
            Step::Dscp if matches!(answer, "" | "0") => Step::Service,
            Step::Dscp | Step::Service => Step::DontFragment,
            Step::DontFragment => Step::Validate,
            Step::Validate => Step::Data,
            Step::Data => Step::Options,
            Step::Options => Step::Sweep,
            Step::Sweep => return None,
        })
    }

    fn check(self, turn: &Turn<'_>, answer: &str) -> Result<(), Fault> {
        match self {
            Step::Protocol if !matches!(answer, "" | "ip" | "ipv6") => Err(Fault::Stop(format!(
                "% Unknown protocol - \"{answer}\", type \"ping ?\" for help\n"
            ))),
            Step::Target if answer.is_empty() => Err(Fault::Stop("% Bad IP address\n".into())),
            Step::Target => match names::resolve(turn.state, answer, |_| true) {
                Resolved::Address(_) => Ok(()),
                Resolved::Unknown(said) => Err(Fault::Stop(said + UNRECOGNIZED)),
            },
            Step::Repeat => number(answer, 1, COUNT_MAX),
            Step::Size => number(answer, 36, 18_024),
            Step::Timeout => number(answer, 0, 3_600),
            Step::Source => source(turn, answer).map(|_| ()).map_err(Fault::Stop),
            // What IOS asks after a yes here is not modelled: decided.
            Step::Ingress | Step::Sweep if is_yes(answer) => {
                Err(Fault::Again("% Not available on this router\n".into()))
            }
            Step::Protocol
            | Step::Extended
            | Step::Ingress
            | Step::Dscp
            | Step::Service
            | Step::DontFragment
            | Step::Validate
            | Step::Data
            | Step::Options
            | Step::Sweep => Ok(()),
        }
    }
}

/// The first question.
pub(super) fn begin(session: &mut Session) -> Reply {
    session.draft.clear();
    ask(Step::Protocol, "")
}

fn ask(step: Step, before: &str) -> Reply {
    Reply::Ask { question: format!("{before}{}", step.question()), echo: true, then: answered }
}

/// The session's draft holds the answers so far, each with its newline.
fn answered(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let answer = answer.trim();
    let mut step = Step::Protocol;
    for given in session.draft.lines() {
        step = step.next(given).unwrap_or(step);
    }
    match step.check(turn, answer) {
        Ok(()) => {}
        Err(Fault::Again(said)) => return ask(step, &said),
        Err(Fault::Stop(said)) => return Reply::Refused(said),
    }
    session.draft.push_str(answer);
    session.draft.push('\n');
    match step.next(answer) {
        Some(next) => ask(next, ""),
        None => start(turn, session),
    }
}

fn start(turn: &mut Turn<'_>, session: &mut Session) -> Reply {
    let mut step = Some(Step::Protocol);
    let mut given = Vec::new();
    for answer in session.draft.lines() {
        let Some(at) = step else { break };
        given.push((at, answer));
        step = at.next(answer);
    }
    let answer = |step| given.iter().find(|(at, _)| *at == step).map_or("", |(_, answer)| *answer);
    let number = |step, default| answer(step).parse().unwrap_or(default);
    let Resolved::Address(address) = names::resolve(turn.state, answer(Step::Target), |_| true)
    else {
        return Reply::Refused(UNRECOGNIZED.into());
    };
    let request = Request {
        vrf: VrfId::GLOBAL,
        port: None,
        address,
        source: source(turn, answer(Step::Source)).ok().flatten(),
        count: number(Step::Repeat, COUNT_DEFAULT),
        bytes: u32::try_from(number(Step::Size, BYTES_DEFAULT)).unwrap_or(u32::MAX),
        timeout: Duration::from_secs(number(Step::Timeout, TIMEOUT_SECS_DEFAULT)),
    };
    session.draft.clear();
    launch(turn, session, request)
}

/// The address of an own interface, named or given; none if there is no answer.
fn source(turn: &Turn<'_>, answer: &str) -> Result<Option<IpAddr>, String> {
    if answer.is_empty() {
        return Ok(None);
    }
    if let Ok(address) = answer.parse() {
        return match turn.state.interfaces.has_address_in(VrfId::GLOBAL, address) {
            true => Ok(Some(address)),
            false => Err(NOT_OURS.to_owned()),
        };
    }
    let named = InterfaceName::parse(answer);
    let address = named.and_then(|name| turn.state.interfaces.address_of(&name));
    address.map(|address| Some(address.into())).ok_or_else(|| NO_ADDRESS.to_owned())
}

fn is_yes(answer: &str) -> bool {
    let answer = answer.to_ascii_lowercase();
    !answer.is_empty() && "yes".starts_with(&answer)
}

fn number(answer: &str, min: u64, max: u64) -> Result<(), Fault> {
    let fits = |number: u64| (min..=max).contains(&number);
    if answer.is_empty() || answer.parse().is_ok_and(fits) {
        return Ok(());
    }
    Err(Fault::Again(format!("% A decimal number between {min} and {max}.\n")))
}
