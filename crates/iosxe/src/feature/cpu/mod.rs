//! The processor: its load, which process makes it, and the thresholds that speak of it.
//!
//! The load is a [`Signal`] that scenarios bend; each threshold waits for the one instant at which
//! it is crossed. It must set no timer that merely looks.

pub(crate) mod config;
pub(crate) mod history;
pub(crate) mod show;
mod threshold;

pub(crate) use config::SECTIONS;
pub(crate) use threshold::{Subject, due, follow};

use simtime::Time;

use crate::device::State;
use crate::io::CPU_PROCESS_DEFAULT;
use crate::signal::Signal;
use threshold::Threshold;

/// The load of a router with nothing to do, in thousandths of a percent.
const BASE: i64 = 1_000;

/// The processor of one router.
#[derive(Clone, Debug)]
pub(crate) struct Cpu {
    load: Signal,
    /// The process that makes what goes beyond the base load.
    busy: Option<Box<str>>,
    thresholds: Vec<Threshold>,
}

/// One process of IOS. There are hundreds; these are the ones that an idle router shows at work.
#[derive(Clone, Copy, Debug)]
struct Process {
    pid: u32,
    name: &'static str,
    /// Its part of the base load, in thousandths.
    share: i64,
    /// How often it is run in a second.
    invoked: u64,
}

const fn process(pid: u32, name: &'static str, share: i64, invoked: u64) -> Process {
    Process { pid, name, share, invoked }
}

const PROCESSES: &[Process] = &[
    process(1, "Chunk Manager", 0, 1),
    process(2, "Load Meter", 20, 1),
    process(13, "WATCH_AFS", 0, 1),
    process(45, "Net Background", 30, 8),
    process(75, "IOSXE-RP Punt Se", 110, 60),
    process(91, "Exec", 60, 12),
    process(104, "CDP Protocol", 30, 2),
    process(112, "IOSD ipc task", 310, 40),
    process(128, "IP Input", 120, 20),
    process(139, "Per-Second Jobs", 180, 1),
    process(201, "MMA DB TIMER", 80, 8),
    process(248, "SSH Process", 30, 3),
    process(301, "EEM Server", 30, 2),
];

/// The number of a process that only a scenario knows.
const PID_OF_OTHERS: u32 = 512;

/// One process at work.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Usage<'a> {
    pid: u32,
    name: &'a str,
    share: i64,
    invoked: u64,
    is_busy: bool,
}

impl Default for Cpu {
    fn default() -> Self {
        Cpu { load: Signal::new(BASE), busy: None, thresholds: Vec::new() }
    }
}

impl Cpu {
    /// Every process, in the order of their numbers.
    fn usages(&self) -> Vec<Usage<'_>> {
        let busy = self.busy.as_deref().unwrap_or(CPU_PROCESS_DEFAULT);
        let known = PROCESSES.iter().map(|process| {
            let Process { pid, name, share, invoked } = *process;
            Usage { pid, name, share, invoked, is_busy: name == busy }
        });
        let mut all: Vec<Usage<'_>> = known.collect();
        if !all.iter().any(|usage| usage.is_busy) {
            let (pid, name) = (PID_OF_OTHERS, busy);
            all.push(Usage { pid, name, share: 0, invoked: 10, is_busy: true });
        }
        all
    }
}

impl State {
    /// The load of a process, or of all together, over so many seconds, in hundredths of a per
    /// cent. `None` if there is no such process.
    pub(crate) fn process_cpu(&self, name: Option<&str>, secs: u64, now: Time) -> Option<u64> {
        let load = show::mean(&self.cpu, self.system.started(), now, secs.max(1));
        let load = match name {
            None => load,
            Some(name) => {
                let all = self.cpu.usages();
                all.iter().find(|usage| usage.name.eq_ignore_ascii_case(name))?.of(load)
            }
        };
        u64::try_from(load / 10).ok()
    }
}

impl Usage<'_> {
    /// What it takes of a load, in thousandths of a percent.
    fn of(&self, load: i64) -> i64 {
        let own = load.min(BASE) * self.share / 1_000;
        if self.is_busy { own + (load - BASE).max(0) } else { own }
    }
}
