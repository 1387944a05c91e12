//! `process cpu threshold type {total | process | interrupt} rising N interval S [falling N
//! interval S]`

use cli::{Args, Kind, No, kw, one_of, opt, param};

use super::threshold::{self, Level, Subject, Threshold};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const PERCENT: Kind = Kind::Integer { min: 1, max: 100 };
const SECONDS: Kind = Kind::Integer { min: 5, max: 86_400 };

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("process", "Configure process"),
        kw("cpu", "Configure CPU statistics"),
        kw("threshold", "Configure CPU utilization thresholds"),
        kw("type", "Configure type of CPU threshold"),
        one_of(&[
            &[kw("total", "Total CPU utilization")],
            &[kw("process", "Process CPU utilization")],
            &[kw("interrupt", "Interrupt level CPU utilization")],
        ]),
        opt(&[
            kw("rising", "Rising threshold"),
            param("rising-percent", PERCENT, "Rising threshold percentage"),
            kw("interval", "Interval of the rising threshold"),
            param("rising-interval", SECONDS, "Seconds"),
            opt(&[
                kw("falling", "Falling threshold"),
                param("falling-percent", PERCENT, "Falling threshold percentage"),
                kw("interval", "Interval of the falling threshold"),
                param("falling-interval", SECONDS, "Seconds"),
            ]),
        ]),
    ],
    no: No::Allowed,
    run: set,
}];

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::PLATFORM, print }];

fn print(state: &State, text: &mut ConfigText) {
    for Threshold { subject, rising, falling, .. } in &state.cpu.thresholds {
        let words = |name, level: &Level| {
            format!(" {name} {} interval {}", level.percent, level.interval_s)
        };
        let falling = falling.map(|level| words("falling", &level)).unwrap_or_default();
        let (subject, rising) = (subject.word(), words("rising", rising));
        text.line(format_args!("process cpu threshold type {subject}{rising}{falling}"));
    }
}

fn set(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    // `process` is the command's first word, too.
    let subject = match (args.has("total"), args.has("interrupt")) {
        (true, _) => Subject::Total,
        (_, true) => Subject::Interrupt,
        (false, false) => Subject::Process,
    };
    if args.is_no() || args.is_default() {
        threshold::set(turn, subject, None);
        return Reply::Done;
    }
    let Some(rising) = level(args, "rising-percent", "rising-interval") else {
        return Reply::Incomplete;
    };
    let falling = level(args, "falling-percent", "falling-interval");
    if falling.is_some_and(|falling| falling.percent > rising.percent) {
        return Reply::Refused("% Falling threshold must not exceed the rising threshold\n".into());
    }
    let threshold = Threshold::new(subject, rising, falling, turn.now);
    threshold::set(turn, subject, Some(threshold));
    Reply::Done
}

fn level(args: &Args, percent: &'static str, interval: &'static str) -> Option<Level> {
    let percent = u8::try_from(args.number(percent)?).ok()?;
    let interval_s = u32::try_from(args.number(interval)?).ok()?;
    Some(Level { percent, interval_s })
}
