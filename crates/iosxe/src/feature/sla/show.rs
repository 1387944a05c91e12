//! `show ip sla summary`, `show ip sla statistics`, `show ip sla configuration`

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use cli::{Args, Kind, No, Token, kw, opt, param};
use simtime::Time;

use super::{Code, Job, Operation, Settings, Source};
use crate::command::{Command, Handler, Mode, Reply};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const IP: Token = kw("ip", "IP information");
const SLA: Token = kw("sla", "IP Service Level Agreement (SLA)");
const NUMBER: Token =
    opt(&[param("number", Kind::Integer { min: 1, max: 2_147_483_647 }, "Entry number")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(&[SHOW, IP, SLA, kw("summary", "IP SLAs statistics summary")], summary),
    command(
        &[
            SHOW,
            IP,
            SLA,
            kw("statistics", "IP SLAs statistics"),
            NUMBER,
            opt(&[kw("details", "Detailed output")]),
        ],
        statistics,
    ),
    command(&[SHOW, IP, SLA, kw("configuration", "IP SLAs configuration"), NUMBER], configuration),
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

const HEAD: &str = "\
IPSLAs Latest Operation Summary
Codes: * active, ^ inactive, ~ pending
All Stats are in milliseconds. Stats with u are in microseconds

ID           Type        Destination       Stats       Return      Last
                                                       Code        Run 
-----------------------------------------------------------------------
";

fn wanted<'a>(
    state: &'a State,
    args: &Args,
) -> impl Iterator<Item = (&'a u32, &'a Operation)> + use<'a> {
    let wanted = args.number("number");
    let all = state.slas.all.iter();
    all.filter(move |(number, _)| wanted.is_none_or(|wanted| wanted == u64::from(**number)))
}

fn kind(job: Option<&Job>) -> &str {
    match job {
        None => "unknown",
        Some(Job::Echo { .. }) => "icmp-echo",
        Some(Job::Other(line)) => line.split(' ').next().unwrap_or_default(),
    }
}

/// `*`, `^` or `~`
fn mark(operation: &Operation, now: Time) -> char {
    match &operation.schedule {
        None => '^',
        Some(schedule) if schedule.is_pending() => '~',
        Some(schedule) if schedule.is_over(now) => '^',
        Some(_) => '*',
    }
}

fn summary(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mut text = HEAD.to_owned();
    for (number, operation) in wanted(turn.state, args) {
        let destination = match &operation.job {
            Some(Job::Echo { to, .. }) => to.to_string(),
            Some(Job::Other(line)) => line.split(' ').nth(1).unwrap_or_default().to_owned(),
            None => String::new(),
        };
        let (stats, code, last) = match operation.results.latest {
            None => ("-".to_owned(), "Unknown", "-".to_owned()),
            Some(latest) => {
                let stats = match latest.code.is_reached() {
                    true => format!("RTT={}", latest.rtt_ms),
                    false => "-".to_owned(),
                };
                (stats, latest.code.word(), ago(turn.now, latest.started))
            }
        };
        let id = format!("{}{number}", mark(operation, turn.now));
        let kind = kind(operation.job.as_ref());
        let _ =
            writeln!(text, "{id:<12} {kind:<11} {destination:<17} {stats:<11} {code:<11} {last}");
    }
    text.push('\n');
    Reply::Text(text)
}

fn ago(now: Time, then: Time) -> String {
    let secs = now.since(then).as_secs();
    match secs {
        0..60 => format!("{secs} second{} ago", if secs == 1 { "" } else { "s" }),
        60..3_600 => format!("{} minutes, {} seconds ago", secs / 60, secs % 60),
        3_600.. => format!("{} hours, {} minutes ago", secs / 3_600, secs / 60 % 60),
    }
}

fn statistics(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mut text = String::from("IPSLAs Latest Operation Statistics\n\n");
    for (number, operation) in wanted(turn.state, args) {
        let _ = writeln!(text, "IPSLA operation id: {number}");
        let results = operation.results;
        let code = match results.latest {
            None => "Unknown",
            Some(latest) => {
                match latest.code.is_reached() {
                    true => {
                        let _ =
                            writeln!(text, "        Latest RTT: {} milliseconds", latest.rtt_ms);
                    }
                    false => text.push_str("        Latest RTT: NoConnection/Busy/Timeout\n"),
                }
                let at = turn.state.clock.describe(latest.started);
                let _ = writeln!(text, "Latest operation start time: {at}");
                latest.code.word()
            }
        };
        let live = operation.schedule.as_ref().map(|schedule| schedule.time_to_live(turn.now));
        let live = live.unwrap_or("0".to_owned());
        let _ = write!(
            text,
            "Latest operation return code: {code}\n\
             Number of successes: {}\n\
             Number of failures: {}\n\
             Operation time to live: {live}\n\n\n\n",
            results.successes, results.failures
        );
    }
    Reply::Text(text)
}

fn configuration(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mut text = String::from("IP SLAs Infrastructure Engine-III\n");
    for (number, operation) in wanted(turn.state, args) {
        text += &one(turn.state, turn.now, *number, operation);
    }
    Reply::Text(text)
}

fn one(state: &State, now: Time, number: u32, operation: &Operation) -> String {
    let Settings { frequency_secs, timeout_ms, threshold_ms, tag, owner } = &operation.settings;
    let (tag, owner) = (tag.as_deref().unwrap_or_default(), owner.as_deref().unwrap_or_default());
    let target = target(state, operation.job.as_ref());
    let (start, life) = match &operation.schedule {
        None => ("Pending trigger", "3600".to_owned()),
        Some(schedule) if schedule.is_pending() => ("Pending trigger", schedule.life()),
        Some(schedule) => ("Start Time already passed", schedule.life()),
    };
    let status = if mark(operation, now) == '*' { "Active" } else { "notInService" };
    format!(
        "Entry number: {number}
Owner: {owner}
Tag: {tag}
Operation timeout (milliseconds): {timeout_ms}
Type of operation to perform: {}
{target}Schedule:
   Operation frequency (seconds): {frequency_secs}  (not considered if randomly scheduled)
   Next Scheduled Start Time: {start}
   Group Scheduled : FALSE
   Randomly Scheduled : FALSE
   Life (seconds): {life}
   Entry Ageout (seconds): never
   Recurring (Starting Everyday): FALSE
   Status of entry (SNMP RowStatus): {status}
Threshold (milliseconds): {threshold_ms}

",
        kind(operation.job.as_ref())
    )
}

fn target(state: &State, job: Option<&Job>) -> String {
    let Some(Job::Echo { to, source }) = job else { return String::new() };
    let what = match source {
        Source::Any | Source::Address(_) => "address",
        Source::Interface(_) => "interface",
    };
    let source = match source {
        Source::Any => Ipv4Addr::UNSPECIFIED.to_string(),
        Source::Address(address) => address.to_string(),
        Source::Interface(name) => match state.interfaces.get(name) {
            Some(_) => name.to_string(),
            None => Ipv4Addr::UNSPECIFIED.to_string(),
        },
    };
    format!(
        "Target address/Source {what}: {to}/{source}
Type Of Service parameter: 0x0
Request size (ARR data portion): 28
Data pattern: 0xABCDABCD
Verify data: No
Vrf Name: 
"
    )
}

/// The line of `show track` about the latest request.
pub(crate) fn line(latest: Option<(Code, u64)>) -> String {
    match latest {
        None => "  Latest operation return code: Unknown\n".to_owned(),
        Some((code, rtt)) => {
            let mut text = format!("  Latest operation return code: {}\n", code.word());
            if code.is_reached() {
                let _ = writeln!(text, "  Latest RTT (millisecs) {rtt}");
            }
            text
        }
    }
}
