//! `logging rate-limit`: so many messages in a second, and the rest is dropped.
//!
//! Asked by `emit` for every message. A second is one of the router's clock ticks, not a window
//! that slides: what is over the limit is counted and never said.

use simtime::Time;

use super::{Message, Style};

/// `logging rate-limit [console] [all] N [except LEVEL]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    /// Messages in a second.
    pub(super) per_second: u32,
    /// `all`: debug messages count, too.
    pub(super) all: bool,
    /// `console`: only what goes there is limited.
    pub(super) console: bool,
    /// Messages of this severity and those more severe are never held back.
    pub(super) except: Option<u8>,
}

/// The limit, and what the present second has had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RateLimit {
    pub(super) rate: Option<Rate>,
    window: Window,
}

/// A second, and the messages in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    second: u64,
    messages: u32,
}

impl Window {
    /// Counts a message; whether it is within the limit.
    pub(super) fn admits(&mut self, now: Time, per_second: u32) -> bool {
        let second = now.as_micros() / 1_000_000;
        if second != self.second {
            *self = Window { second, messages: 0 };
        }
        self.messages = self.messages.saturating_add(1);
        self.messages <= per_second
    }
}

impl RateLimit {
    /// Whether a message may go on: to the console, and to everything else.
    pub(super) fn admits(&mut self, now: Time, message: &Message) -> (bool, bool) {
        let Some(rate) = self.rate else { return (true, true) };
        let excepted = rate.except.is_some_and(|level| message.severity <= level)
            || (message.style == Style::Debug && !rate.all);
        let within = excepted || self.window.admits(now, rate.per_second);
        (within, within || rate.console)
    }
}
