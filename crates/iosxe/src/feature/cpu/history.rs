//! `show processes cpu history`: the load of the last minute, hour and three days, as bars.

use cli::{Args, No, kw};
use simtime::{Duration, Time};

use super::Cpu;
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
        kw("history", "Show CPU history in graph format"),
    ],
    no: No::Without,
    run: show,
}];

/// One graph: what it is called, how many columns it has, and how long each is.
struct Graph {
    title: &'static str,
    columns: u64,
    secs: u64,
}

const GRAPHS: [Graph; 3] = [
    Graph { title: "CPU% per second (last 60 seconds)", columns: 60, secs: 1 },
    Graph {
        title: "CPU% per minute (last 60 minutes)\n            * = maximum CPU%   # = average CPU%",
        columns: 60,
        secs: 60,
    },
    Graph {
        title: "CPU% per hour (last 72 hours)\n            * = maximum CPU%   # = average CPU%",
        columns: 72,
        secs: 3600,
    },
];

/// In so many parts a column is looked at for its maximum.
const PARTS: u64 = 6;

fn show(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let (cpu, started, now) = (&turn.state.cpu, turn.state.system.started(), turn.now);
    let name = turn.state.system.hostname();
    let time = turn.state.clock.describe(now);
    let mut text = format!("{name}   {time}\n\n");
    for graph in &GRAPHS {
        text.push_str(&draw(graph, cpu, started, now));
    }
    Reply::Text(text)
}

/// Mean and maximum of one column, in per cent; the first column is the newest.
fn column(cpu: &Cpu, graph: &Graph, index: u64, started: Time, now: Time) -> (i64, i64) {
    let back = |secs: u64| {
        let micros = Duration::from_secs(secs).as_micros();
        Time::from_micros(now.as_micros().saturating_sub(micros)).max(started)
    };
    let (from, to) = (back((index + 1) * graph.secs), back(index * graph.secs));
    let mean = |from: Time, to: Time| {
        if to > from { (cpu.load.mean(from, to) + 500) / 1_000 } else { 0 }
    };
    let step = to.since(from).as_micros() / PARTS;
    let at = |part: u64| Time::from_micros(from.as_micros() + step * part);
    let top = (0..PARTS).map(|part| mean(at(part), at(part + 1))).max().unwrap_or(0);
    (mean(from, to), top.max(mean(from, to)))
}

fn draw(graph: &Graph, cpu: &Cpu, started: Time, now: Time) -> String {
    let columns: Vec<(i64, i64)> =
        (0..graph.columns).map(|index| column(cpu, graph, index, started, now)).collect();
    let mut text = String::new();
    // The maximum of each column, its digits below each other.
    for power in [100, 10, 1] {
        let digit = |(_, top): &(i64, i64)| match top / power {
            0 if power > 1 => ' ',
            number => char::from_digit((number % 10) as u32, 10).unwrap_or(' '),
        };
        let row: String = columns.iter().map(digit).collect();
        text.push_str(&format!("    {row}\n"));
    }
    for level in (1..=10).rev() {
        let level = level * 10;
        let mark = |(mean, top): &(i64, i64)| match () {
            () if mean + 5 >= level => '#',
            () if top + 5 >= level => '*',
            () => ' ',
        };
        let row: String = columns.iter().map(mark).collect();
        text.push_str(format!("{level:>3} {row}").trim_end());
        text.push('\n');
    }
    // `0....5....1....1`, and below it the second digits.
    let fives = || (1..=graph.columns / 5).map(|five| five * 5);
    let tens: String =
        fives().map(|n| format!("....{}", if n < 10 { n } else { n / 10 })).collect();
    let ones: String = fives().skip(1).map(|n| format!("{:<5}", n % 10)).collect();
    text + &format!("   0{tens}\n             {}\n", ones.trim_end())
        + &format!("             {}\n\n", graph.title)
}
