//! One router as a value: dispatches each input to the feature that it concerns.
//!
//! Called by `lab`, through [`Device`] alone. It must hold no logic of a feature: that lives in the
//! feature's folder, and works on a [`Turn`].

use std::fmt;
use std::sync::Arc;

use fact::TraceId;
use simtime::{Rng, Time, Timers};

use crate::io::{DeviceConfig, Dialect, Input, Outbox, Platform};
use crate::turn::Turn;

/// One virtual router.
#[derive(Debug)]
pub struct Device {
    state: State,
}

/// All that a router knows: its features' states, its timers, its saved configuration.
pub struct State {
    /// Its name in the topology.
    pub name: Arc<str>,
    /// The hardware that it claims to be.
    pub platform: Platform,
    /// Which webhook forms it understands.
    pub dialect: Dialect,
    /// The root of its generators: serial numbers, MAC addresses.
    pub rng: Rng,
    /// What it has put off, each with the fault that it follows from.
    pub timers: Timers<(Option<TraceId>, Timer)>,
}

/// Names the router only: configurations and users hold secrets.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a router can put off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timer {}

/// A line of the startup-config that the router refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartupProblem {
    /// Counted from 1.
    pub line: usize,
    /// The line as it stands in the file.
    pub text: String,
    /// What the router said.
    pub reply: String,
}

impl Device {
    /// A router that has just finished booting with its startup-config.
    pub fn new(config: DeviceConfig, _now: Time) -> (Device, Vec<StartupProblem>) {
        let state = State {
            name: config.name,
            platform: config.platform,
            dialect: config.dialect,
            rng: config.rng,
            timers: Timers::default(),
        };
        (Device { state }, Vec::new())
    }

    /// Tells the router one thing; what it does about it is in `out`.
    pub fn handle(&mut self, now: Time, input: Input<'_>, out: &mut Outbox) {
        let mut turn = Turn { state: &mut self.state, now, trace: None, out };
        turn.handle(input);
    }

    /// When the router wants [`Input::Deadline`] next.
    pub fn next_deadline(&self) -> Option<Time> {
        self.state.timers.next_deadline()
    }

    /// The interfaces that it has, long names in the order of `show ip interface brief`.
    pub fn interface_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// What its prompt says.
    pub fn hostname(&self) -> &str {
        &self.state.name
    }
}

impl Turn<'_> {
    fn handle(&mut self, input: Input<'_>) {
        let _ = input;
    }
}
