//! What can happen to the listener.
//!
//! The lab keeps the time and says what the listener is from now on; whoever drives both sides sees
//! to it that it is so. The lab itself must never answer in the listener's place.

use fact::Kind;
use simtime::{Duration, Time};

use crate::lab::Event;
use crate::{Lab, NodeId, Outbox, Output};

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListenerFault {
    Unreachable,
    Status500,
    Status429,
    Slow,
    Killed,
}

/// The words of scenarios.
pub(crate) const LISTENER_FAULTS: [(&str, ListenerFault); 5] = [
    ("unreachable", ListenerFault::Unreachable),
    ("status-500", ListenerFault::Status500),
    ("status-429", ListenerFault::Status429),
    ("slow", ListenerFault::Slow),
    ("killed", ListenerFault::Killed),
];

/// What the listener is, until the lab says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListenerState {
    /// As ever. After [`ListenerState::Killed`]: started anew from its journal.
    #[default]
    Well,
    /// Whoever connects is refused.
    Unreachable,
    /// What stands in front of it answers, and the listener hears nothing.
    Answering {
        /// The HTTP status.
        status: u16,
        /// The value of `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// It hears of a request this much later.
    Slow(Duration),
    /// Dead without a goodbye: what was not in its journal is lost.
    Killed,
}

impl Lab {
    /// A fault of the listener begins.
    pub(crate) fn trouble(
        &mut self,
        now: Time,
        fault: ListenerFault,
        (lasts, by): (Duration, Duration),
        out: &mut Outbox,
    ) {
        self.faults.listener += 1;
        let answering = |status, retry_after| ListenerState::Answering { status, retry_after };
        let (state, said, end) = match fault {
            ListenerFault::Unreachable => {
                (ListenerState::Unreachable, "unreachable".to_owned(), "reachable")
            }
            ListenerFault::Status500 => (answering(500, None), "answers 500".to_owned(), "well"),
            ListenerFault::Status429 => {
                (answering(429, Some(by)), format!("answers 429, retry after {by}"), "well")
            }
            ListenerFault::Slow => (ListenerState::Slow(by), format!("slow by {by}"), "well"),
            ListenerFault::Killed => (ListenerState::Killed, "killed".to_owned(), "restarted"),
        };
        self.say(now, NodeId::NONE, Kind::ListenerFault { state: said }, None, out);
        out.0.push(Output::Listener(state));
        let event = Event::ListenerMends(self.faults.listener, end);
        self.schedule.set(now + lasts, NodeId::NONE, event);
    }

    /// The end of a fault of the listener, unless another one has taken its place.
    pub(crate) fn mend(&mut self, now: Time, fault: u64, said: &str, out: &mut Outbox) {
        if fault == self.faults.listener {
            let state = said.to_owned();
            self.say(now, NodeId::NONE, Kind::ListenerFault { state }, None, out);
            out.0.push(Output::Listener(ListenerState::Well));
        }
    }
}
