//! What changes in or around a router without anybody's typing.
//!
//! Made by the steps of a scenario; each variant is answered by one feature.

use simtime::Duration;

/// What changes in or around a router without anybody's typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stimulus<'a> {
    /// The load of the processor, in thousandths of a percent.
    Cpu {
        /// Where it goes.
        ramp: Ramp,
        /// The process that makes it; [`CPU_PROCESS_DEFAULT`] if none is named.
        process: Option<&'a str>,
    },
    /// How much of the processor's memory is used, in thousandths of a percent.
    Memory {
        /// Where it goes.
        ramp: Ramp,
    },
    /// What a sensor of the chassis reads, in thousandths of a degree.
    Temperature {
        /// Where it goes.
        ramp: Ramp,
        /// One of [`crate::temperature_sensors`]; the first if none is named.
        sensor: Option<&'a str>,
    },
    /// A counter of an interface grows.
    Counter {
        /// The long name.
        interface: &'a str,
        /// Which.
        counter: Counter,
        /// By how much.
        more: u64,
        /// In which time, evenly.
        over: Duration,
    },
    /// The traffic of an interface, in thousandths of a bit per second; it ends with the line
    /// protocol.
    Rate {
        /// The long name.
        interface: &'a str,
        /// Which way.
        direction: Direction,
        /// Where it goes.
        ramp: Ramp,
    },
    /// A power supply.
    PowerSupply {
        /// 0 or 1.
        slot: usize,
        /// How it is from now on.
        state: SupplyState,
    },
    /// A program of the router publishes an event for applets.
    Published {
        /// 798 is the one for users.
        subsystem: u32,
        /// The type of the event.
        kind: u32,
        /// Up to four texts.
        data: &'a [String],
    },
    /// A manager asks for an object over SNMP.
    ObjectAsked {
        /// In dots.
        oid: &'a str,
        /// `get`, `getnext`, `set`.
        request: &'a str,
        /// Of a `set`.
        value: &'a str,
    },
    /// A policy of the resource manager has crossed a threshold.
    ResourceShort {
        /// The policy.
        policy: &'a str,
        /// `cpu`, `memory`, `buffer`.
        owner: &'a str,
        /// `critical`, `major`, `minor`.
        level: &'a str,
        /// In per cent.
        value: u64,
        /// Whether it rose above the threshold, or fell below it.
        rising: bool,
    },
    /// The module that holds the ports.
    Module {
        /// Whether it is in its slot from now on.
        is_in: bool,
    },
}

/// A counter of `show interfaces`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Input errors of no kind that is counted besides.
    InputErrors,
    /// `CRC`
    Crc,
    /// `frame`
    Frame,
    /// `overrun`
    Overrun,
    /// `ignored`
    Ignored,
    /// `runts`
    Runts,
    /// `giants`
    Giants,
    /// Drops of the input queue.
    InputDrops,
    /// `Total output drops`
    OutputDrops,
    /// `output errors`
    OutputErrors,
    /// `collisions`
    Collisions,
}

impl Counter {
    /// All of them.
    pub const ALL: [Counter; 11] = [
        Counter::InputErrors,
        Counter::Crc,
        Counter::Frame,
        Counter::Overrun,
        Counter::Ignored,
        Counter::Runts,
        Counter::Giants,
        Counter::InputDrops,
        Counter::OutputDrops,
        Counter::OutputErrors,
        Counter::Collisions,
    ];

    /// Its word in a scenario.
    pub fn as_str(self) -> &'static str {
        match self {
            Counter::InputErrors => "input-errors",
            Counter::Crc => "crc",
            Counter::Frame => "frame",
            Counter::Overrun => "overrun",
            Counter::Ignored => "ignored",
            Counter::Runts => "runts",
            Counter::Giants => "giants",
            Counter::InputDrops => "input-drops",
            Counter::OutputDrops => "output-drops",
            Counter::OutputErrors => "output-errors",
            Counter::Collisions => "collisions",
        }
    }

    /// Whether it is part of the sum of input errors.
    pub fn is_input_error(self) -> bool {
        match self {
            Counter::InputErrors
            | Counter::Crc
            | Counter::Frame
            | Counter::Overrun
            | Counter::Ignored
            | Counter::Runts
            | Counter::Giants => true,
            Counter::InputDrops
            | Counter::OutputDrops
            | Counter::OutputErrors
            | Counter::Collisions => false,
        }
    }
}

/// A direction of traffic, seen from the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Into it.
    Input,
    /// Out of it.
    Output,
}

/// How a power supply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupplyState {
    /// It gives power.
    Ok,
    /// It is there and gives none.
    Failed,
    /// Its slot is empty.
    Removed,
}

/// Which process a load is ascribed to, when nothing else is said.
pub const CPU_PROCESS_DEFAULT: &str = "IP Input";

/// A change of a quantity, from what it is to something else, on a straight line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ramp {
    /// Where it ends, in thousandths of the unit.
    pub to_milli: i64,
    /// How long it takes.
    pub over: Duration,
    /// If set, the quantity goes back the same way after as long at the end.
    pub hold: Option<Duration>,
}

impl Ramp {
    /// How long it goes on.
    pub fn lasts(&self) -> Duration {
        self.hold.map_or(self.over, |hold| self.over + hold + self.over)
    }
}
