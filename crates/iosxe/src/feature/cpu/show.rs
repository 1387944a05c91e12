//! `show processes cpu [sorted]`

use std::fmt::Write as _;

use cli::{Args, No, kw, one_of, opt};
use simtime::{Duration, Time};

use super::{Cpu, Usage};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("processes", "Active process statistics"),
        kw("cpu", "Show CPU use per process"),
        opt(&[
            kw("sorted", "Show sorted output based on percentage of usage"),
            opt(&[one_of(&[
                &[kw("1min", "Sort based on 1 minute utilization")],
                &[kw("5min", "Sort based on 5 minutes utilization")],
                &[kw("5sec", "Sort based on 5 seconds utilization")],
            ])]),
        ]),
    ],
    no: No::Without,
    run: show,
}];

/// The spans of the three means, in seconds.
const SPANS_S: [u64; 3] = [5, 60, 300];

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (now, started) = (turn.now, turn.state.system.started());
    let cpu = &turn.state.cpu;
    let [five, minute, minutes] = SPANS_S.map(|secs| mean(cpu, started, now, secs));
    let whole = |load: i64| (load + 500) / 1_000;
    let mut text = format!(
        "CPU utilization for five seconds: {}%/0%; one minute: {}%; five minutes: {}%\n \
         PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process \n",
        whole(five),
        whole(minute),
        whole(minutes)
    );
    let mut usages = cpu.usages();
    if args.has("sorted") {
        let by = match (args.has("1min"), args.has("5min")) {
            (true, _) => minute,
            (false, true) => minutes,
            (false, false) => five,
        };
        usages.sort_by_key(|usage| (-usage.of(by), usage.pid));
    }
    let up = now.since(started);
    let mean = mean_of(cpu, started, now);
    for usage in &usages {
        row(&mut text, usage, [five, minute, minutes], mean, up);
    }
    Reply::Text(text)
}

/// The mean over the last `secs` seconds, or since the boot.
pub(super) fn mean(cpu: &Cpu, started: Time, now: Time, secs: u64) -> i64 {
    let span = Duration::from_secs(secs).as_micros();
    let from = Time::from_micros(now.as_micros().saturating_sub(span));
    mean_of(cpu, from.max(started), now)
}

fn mean_of(cpu: &Cpu, from: Time, now: Time) -> i64 {
    cpu.load.mean(from, now)
}

fn row(text: &mut String, usage: &Usage<'_>, loads: [i64; 3], mean: i64, up: Duration) {
    let used = u128::from(usage.of(mean).unsigned_abs()) * u128::from(up.as_millis()) / 100_000;
    let invoked = usage.invoked * up.as_secs() + 1;
    let each_us = used * 1_000 / u128::from(invoked);
    let Usage { pid, name, .. } = usage;
    let _ = write!(text, "{pid:>4} {used:>11} {invoked:>11} {each_us:>10}");
    for load in loads {
        let hundredths = usage.of(load) / 10;
        let _ = write!(text, " {:>2}.{:02}%", hundredths / 100, hundredths % 100);
    }
    let _ = writeln!(text, "   0 {name:<16} ");
}
