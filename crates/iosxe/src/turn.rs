//! One turn of a router: its state, the instant, the fault that caused it, and where outputs go.
//!
//! Every feature works on a `Turn`; consequences that several features share (a log message, a
//! fact, a timer) are its methods, so that each has one place.

use fact::{Kind, TraceId};
use simtime::{Duration, Time};

use crate::device::{State, Timer};
use crate::feature::logging::{self, Message};
use crate::io::{Outbox, Output};

/// What a feature works on while the router handles one input.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    /// The router.
    pub state: &'a mut State,
    /// The instant, on the lab's clock.
    pub now: Time,
    /// The fault that this turn follows from.
    pub trace: Option<TraceId>,
    /// Where outputs go.
    pub out: &'a mut Outbox,
}

impl Turn<'_> {
    /// Says that something happened.
    pub(crate) fn fact(&mut self, kind: Kind) {
        self.out.push(Output::Fact { kind, trace: self.trace });
    }

    /// Calls `timer` back after `delay`, as a consequence of the same fault.
    pub(crate) fn after(&mut self, delay: Duration, timer: Timer) -> simtime::TimerId {
        self.state.timers.set(self.now + delay, (self.trace, timer))
    }

    /// Logs a message: the one way to do so, for every feature.
    pub(crate) fn log(&mut self, message: Message) {
        logging::emit(self, message);
    }
}
