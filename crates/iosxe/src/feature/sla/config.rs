//! `ip sla N`, `ip sla reaction-configuration`, and how running-config prints operations.

use cli::{Args, Kind, No, Token, kw, param};

use super::{
    FREQUENCY_SECS_DEFAULT, Job, MILLIS_DEFAULT, OPERATIONS_MAX, Operation, Settings, Source, probe,
};
use crate::command::{Command, Mode, Place, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::track;
use crate::session::Session;
use crate::turn::Turn;

const IP: Token = kw("ip", "Global IP configuration subcommands");
const SLA: Token = kw("sla", "IP Service Level Agreement");
const NUMBER: Token = param("number", Kind::Integer { min: 1, max: 2_147_483_647 }, "Entry number");

/// How many reactions one operation keeps.
const REACTIONS_MAX: usize = 32;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[IP, SLA, NUMBER],
        no: No::Allowed,
        run: operation,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            IP,
            SLA,
            kw("reaction-configuration", "IP SLAs Reaction-Configuration"),
            NUMBER,
            param("reaction", Kind::Line, "Conditions and what they raise"),
        ],
        no: No::Allowed,
        run: reaction,
    },
];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::SLA, print }];

fn print(state: &State, text: &mut ConfigText) {
    for (number, operation) in &state.slas.all {
        let Operation { job, settings, kept, schedule, reactions, .. } = operation;
        text.line(format_args!("ip sla {number}"));
        if let Some(job) = job {
            text.line(format_args!(" {}", spelt(job)));
        }
        setting_lines(settings).iter().for_each(|line| text.line(format_args!("  {line}")));
        kept.iter().for_each(|line| text.line(format_args!("  {line}")));
        for line in reactions {
            text.line(format_args!("ip sla reaction-configuration {number} {line}"));
        }
        if let Some(schedule) = schedule {
            text.line(format_args!("ip sla schedule {number}{}", schedule.words()));
        }
    }
}

fn spelt(job: &Job) -> String {
    match job {
        Job::Echo { to, source: Source::Any } => format!("icmp-echo {to}"),
        Job::Echo { to, source: Source::Address(source) } => {
            format!("icmp-echo {to} source-ip {source}")
        }
        Job::Echo { to, source: Source::Interface(name) } => {
            format!("icmp-echo {to} source-interface {name}")
        }
        Job::Other(line) => line.clone(),
    }
}

/// The timeout stands before the frequency, which may not be less, unless both are long.
fn setting_lines(settings: &Settings) -> Vec<String> {
    let Settings { frequency_secs, timeout_ms, threshold_ms, tag, owner } = settings;
    let set = |word: &str, value: u64, default: u64| {
        (value != default).then(|| format!("{word} {value}"))
    };
    let timeout = set("timeout", *timeout_ms, MILLIS_DEFAULT);
    let frequency = set("frequency", *frequency_secs, FREQUENCY_SECS_DEFAULT);
    let (first, second) = match *timeout_ms <= FREQUENCY_SECS_DEFAULT * 1_000 {
        true => (timeout, frequency),
        false => (frequency, timeout),
    };
    let lines = [
        owner.as_ref().map(|owner| format!("owner {owner}")),
        tag.as_ref().map(|tag| format!("tag {tag}")),
        set("threshold", *threshold_ms, MILLIS_DEFAULT),
        first,
        second,
    ];
    lines.into_iter().flatten().collect()
}

fn number(args: &Args) -> u32 {
    args.number("number").and_then(|n| u32::try_from(n).ok()).unwrap_or_default()
}

fn operation(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let number = number(args);
    if args.is_no() || args.is_default() {
        probe::stop(turn.state, number);
        turn.state.slas.all.remove(&number);
        track::review(turn);
        return Reply::Done;
    }
    let all = &mut turn.state.slas.all;
    let is_full = all.len() >= OPERATIONS_MAX;
    match all.get(&number) {
        Some(operation) if operation.schedule.is_some() => {
            let text = "Entry already running and cannot be modified\n\
                        \t(only can delete (no) and start over)\n\
                        \t(check to see if the probe has finished exiting)\n";
            return Reply::Refused(text.into());
        }
        None if is_full => return Reply::Refused("%Maximum number of entries reached\n".into()),
        Some(_) | None => {}
    }
    all.entry(number).or_default();
    Reply::Enter(Place::Sla(number))
}

/// Kept and without effect: nothing here listens to reactions.
fn reaction(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(operation) = turn.state.slas.all.get_mut(&number(args)) else {
        return Reply::Refused("%Entry not configured\n".into());
    };
    let line = args.text("reaction").unwrap_or_default().to_owned();
    // One for each thing that it reacts to.
    let what = |line: &str| line.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
    operation.reactions.retain(|known| what(known) != what(&line));
    if !args.is_no() && !args.is_default() && operation.reactions.len() < REACTIONS_MAX {
        operation.reactions.push(line);
    }
    Reply::Done
}
