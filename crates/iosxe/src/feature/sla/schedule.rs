//! `ip sla schedule`: when an operation runs, and for how long.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, any_of, kw, one_of, param};
use simtime::{Duration, Time};

use super::{Job, probe};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// How long an operation runs unless it is told.
const LIFE_SECS_DEFAULT: u64 = 3_600;

const SECONDS_OF_DAY: u64 = 86_400;

const LIFE: Kind = Kind::Integer { min: 0, max: 2_147_483_647 };
const AGEOUT: Kind = Kind::Integer { min: 0, max: 2_073_600 };

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("ip", "Global IP configuration subcommands"),
        kw("sla", "IP Service Level Agreement"),
        kw("schedule", "IP SLAs Entry Scheduling"),
        param("number", Kind::Integer { min: 1, max: 2_147_483_647 }, "Entry number"),
        any_of(OPTIONS),
    ],
    no: No::Allowed,
    run: schedule,
}];

const OPTIONS: &[&[Token]] = &[
    &[
        kw("life", "Length of time to execute in seconds"),
        one_of(&[&[kw("forever", "continue running forever")], &[param("life", LIFE, "Life")]]),
    ],
    &[
        kw("start-time", "When to start this entry"),
        one_of(&[
            &[kw("now", "Start now")],
            &[kw("pending", "Start pending")],
            &[kw("after", "Start after a certain amount of time from now"), AFTER],
            &[param("time", Kind::Word, "Start time (hh:mm[:ss])")],
        ]),
    ],
    &[
        kw("ageout", "How long to keep this Entry when inactive"),
        param("ageout", AGEOUT, "Seconds"),
    ],
    &[kw("recurring", "Probe to be scheduled automatically every day")],
];

const AFTER: Token = param("after", Kind::Word, "hh:mm:ss");

/// When an operation runs.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    /// `None`: for ever.
    life_secs: Option<u64>,
    start: Start,
    ageout_secs: u64,
    is_recurring: bool,
    /// When its first request was sent.
    pub(super) started: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Start {
    Now,
    Pending,
    After(String),
    At(String),
}

impl Schedule {
    /// Whether it has run for as long as it was to.
    pub(super) fn is_over(&self, now: Time) -> bool {
        let end = self.started.zip(self.life_secs);
        end.is_some_and(|(started, life)| now >= started + Duration::from_secs(life))
    }

    /// Whether it waits for somebody to start it.
    pub(super) fn is_pending(&self) -> bool {
        self.start == Start::Pending
    }

    /// What is left of its life, as the tables have it.
    pub(super) fn time_to_live(&self, now: Time) -> String {
        match (self.life_secs, self.started) {
            (None, _) => "Forever".to_owned(),
            (Some(life), started) => {
                let gone = started.map_or(0, |started| now.since(started).as_secs());
                life.saturating_sub(gone).to_string()
            }
        }
    }

    pub(super) fn life(&self) -> String {
        self.life_secs.map_or("Forever".to_owned(), |life| life.to_string())
    }

    /// As running-config has it, after the number.
    pub(super) fn words(&self) -> String {
        let mut text = String::new();
        match self.life_secs {
            None => text.push_str(" life forever"),
            Some(LIFE_SECS_DEFAULT) => {}
            Some(life) => {
                let _ = write!(text, " life {life}");
            }
        }
        let _ = match &self.start {
            Start::Now => write!(text, " start-time now"),
            Start::Pending => Ok(()),
            Start::After(after) => write!(text, " start-time after {after}"),
            Start::At(time) => write!(text, " start-time {time}"),
        };
        if self.ageout_secs != 0 {
            let _ = write!(text, " ageout {}", self.ageout_secs);
        }
        if self.is_recurring {
            text.push_str(" recurring");
        }
        text
    }
}

fn schedule(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let number = args.number("number").and_then(|n| u32::try_from(n).ok()).unwrap_or_default();
    if args.is_no() || args.is_default() {
        probe::stop(turn.state, number);
        if let Some(operation) = turn.state.slas.all.get_mut(&number) {
            operation.schedule = None;
        }
        return Reply::Done;
    }
    let start = match (args.text("after"), args.text("time")) {
        (Some(after), _) => Start::After(after.to_owned()),
        (None, Some(time)) => Start::At(time.to_owned()),
        (None, None) if args.has("now") => Start::Now,
        (None, None) => Start::Pending,
    };
    let delay = match &start {
        Start::Now => Some(Duration::ZERO),
        Start::Pending => None,
        Start::After(text) => match seconds(text) {
            Some(secs) => Some(Duration::from_secs(secs)),
            None => return Reply::Invalid { column: args.column("after") },
        },
        Start::At(text) => match seconds(text) {
            Some(secs) => Some(until(turn, secs)),
            None => return Reply::Invalid { column: args.column("time") },
        },
    };
    let Some(operation) = turn.state.slas.all.get_mut(&number) else {
        return Reply::Refused("%Entry not configured\n".into());
    };
    let Some(job) = &operation.job else {
        return Reply::Refused("%Entry not configured\n".into());
    };
    let runs_here = matches!(job, Job::Echo { .. });
    operation.schedule = Some(Schedule {
        life_secs: match args.has("forever") {
            true => None,
            false => Some(args.number("life").unwrap_or(LIFE_SECS_DEFAULT)),
        },
        start,
        ageout_secs: args.number("ageout").unwrap_or(0),
        is_recurring: args.has("recurring"),
        started: None,
    });
    probe::stop(turn.state, number);
    if let Some(delay) = delay.filter(|_| runs_here) {
        probe::begin(turn, number, delay);
    }
    Reply::Done
}

/// `hh:mm[:ss]`
fn seconds(text: &str) -> Option<u64> {
    let mut parts = text.split(':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let secs = parts.next().unwrap_or(Some(0))?;
    let fits = hours < 24 && minutes < 60 && secs < 60 && parts.next().is_none();
    fits.then_some(hours * 3_600 + minutes * 60 + secs)
}

/// How long until the router's clock shows this second of a day.
fn until(turn: &Turn<'_>, second: u64) -> Duration {
    let shown = turn.state.clock.local(turn.now).civil;
    let [hour, minute, now] = [shown.hour(), shown.minute(), shown.second()].map(i64::from);
    let passed = u64::try_from(hour * 3_600 + minute * 60 + now).unwrap_or(0);
    Duration::from_secs((second + SECONDS_OF_DAY - passed) % SECONDS_OF_DAY)
}
