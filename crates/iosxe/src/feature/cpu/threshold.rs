//! `process cpu threshold`: when each is crossed, and what the router says then.
//!
//! Called by `config` and by the device. The texts are those of syslog.md, messages 25 and 26.

use simtime::{Duration, Time, TimerId};

use super::Cpu;
use crate::device::Timer;
use crate::feature::logging::Message;
use crate::io::Ramp;
use crate::signal::Side;
use crate::turn::Turn;

/// What of the load a threshold is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Total,
    Process,
    /// Nothing of the modelled load is made by interrupts, so that none of these is ever crossed.
    Interrupt,
}

/// One line of the configuration, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Threshold {
    pub(super) subject: Subject,
    pub(super) rising: Level,
    pub(super) falling: Option<Level>,
    /// Whether the rising message was the last.
    raised: bool,
    /// From when on the load counts: the line was entered, or the last message was said.
    since: Time,
    timer: Option<TimerId>,
}

/// A level, and how long the load must stay beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) percent: u8,
    pub(super) interval_s: u32,
}

impl Subject {
    /// The word of the configuration.
    pub(super) fn word(self) -> &'static str {
        match self {
            Subject::Total => "total",
            Subject::Process => "process",
            Subject::Interrupt => "interrupt",
        }
    }

    fn capital(self) -> &'static str {
        match self {
            Subject::Total => "Total",
            Subject::Process => "Process",
            Subject::Interrupt => "Interrupt",
        }
    }
}

impl Threshold {
    pub(super) fn new(
        subject: Subject,
        rising: Level,
        falling: Option<Level>,
        since: Time,
    ) -> Threshold {
        Threshold { subject, rising, falling, raised: false, since, timer: None }
    }

    /// When the next message is due.
    fn due(&self, cpu: &Cpu) -> Option<Time> {
        if self.subject == Subject::Interrupt {
            return None;
        }
        let (side, level) = match self.raised {
            false => (Side::Above, self.rising),
            true => (Side::Below, self.falling.unwrap_or(self.rising)),
        };
        let interval = Duration::from_secs(u64::from(level.interval_s));
        cpu.load.sustained(side, i64::from(level.percent) * 1_000, interval, self.since)
    }
}

/// The load follows `ramp`, made by a process.
pub(crate) fn follow(turn: &mut Turn<'_>, ramp: Ramp, process: Option<&str>) {
    let now = turn.now;
    let cpu = &mut turn.state.cpu;
    cpu.busy = process.map(Into::into);
    cpu.load.follow(now, ramp);
    let subjects: Vec<Subject> = cpu.thresholds.iter().map(|t| t.subject).collect();
    subjects.into_iter().for_each(|subject| wait(turn, subject));
}

/// Sets a threshold, or takes it away.
pub(super) fn set(turn: &mut Turn<'_>, subject: Subject, threshold: Option<Threshold>) {
    let all = &mut turn.state.cpu.thresholds;
    if let Some(index) = all.iter().position(|known| known.subject == subject) {
        let old = all.remove(index);
        if let Some(timer) = old.timer {
            turn.state.timers.cancel(timer);
        }
    }
    if let Some(threshold) = threshold {
        turn.state.cpu.thresholds.push(threshold);
        turn.state.cpu.thresholds.sort_by_key(|known| known.subject);
        wait(turn, subject);
    }
}

/// The instant of a crossing has come.
pub(crate) fn due(turn: &mut Turn<'_>, subject: Subject) {
    let now = turn.now;
    let all = &mut turn.state.cpu.thresholds;
    let Some(threshold) = all.iter_mut().find(|known| known.subject == subject) else { return };
    threshold.timer = None;
    threshold.since = now;
    threshold.raised = !threshold.raised;
    let raised = threshold.raised;
    turn.log(message(&turn.state.cpu, subject, raised, now));
    wait(turn, subject);
}

/// Sets the one timer of a threshold anew.
fn wait(turn: &mut Turn<'_>, subject: Subject) {
    let cpu = &turn.state.cpu;
    let Some(index) = cpu.thresholds.iter().position(|known| known.subject == subject) else {
        return;
    };
    let next = cpu.thresholds[index].due(cpu);
    if let Some(pending) = turn.state.cpu.thresholds[index].timer.take() {
        turn.state.timers.cancel(pending);
    }
    let timer = next.map(|at| turn.after(at.since(turn.now), Timer::Cpu(subject)));
    turn.state.cpu.thresholds[index].timer = timer;
}

fn message(cpu: &Cpu, subject: Subject, raised: bool, now: Time) -> Message {
    let load = cpu.load.value(now);
    let (percent, what) = (load / 1_000, subject.capital());
    let head = format!("Threshold: {what} CPU Utilization(Total/Intr)");
    if !raised {
        let text = format!("{head} {percent}%/0%.");
        return Message::new("SYS", 1, "CPUFALLINGTHRESHOLD", text);
    }
    let usages = cpu.usages();
    let mut top: Vec<(u32, i64)> = usages.iter().map(|usage| (usage.pid, usage.of(load))).collect();
    top.sort_by_key(|(pid, used)| (-used, *pid));
    let top = top.iter().take(3).map(|(pid, used)| format!("{pid}/{}%", used / 1_000));
    let top = top.collect::<Vec<_>>().join(", ");
    let text = format!("{head}: {percent}%/0%, Top 3 processes(Pid/Util):  {top}");
    Message::new("SYS", 1, "CPURISINGTHRESHOLD", text)
}
