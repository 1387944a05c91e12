//! `show event manager history {events|traps}`.

use std::fmt::Write as _;

use simtime::Time;

use crate::Director;

/// One trap of the event manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// When it was sent.
    pub at: Time,
    /// Sent by `action snmp-trap`; else by the server, for an applet with the option `trap`.
    pub by_policy: bool,
    /// The applet.
    pub applet: String,
}

/// `show event manager history events [detailed]`. In detail, each event has two lines more.
pub fn history_events(
    director: &Director,
    is_detailed: bool,
    stamp: impl Fn(Time) -> String,
) -> String {
    let mut text = String::new();
    for (number, record) in (1..).zip(director.history()) {
        if number == 1 {
            text += "No.  Job Id Proc Status   Time of Event            Event Type        Name\n";
        }
        let (job, status, at) = (record.run.0, record.status, stamp(record.published));
        let columns = format!("{number:<5}{job:<7}{:<5}{status:<9}", "Actv");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{columns}{at:<25}{:<18}applet: {}", record.event, record.applet);
        if is_detailed {
            let seconds = record.published.as_secs();
            let millis = record.published.since(Time::from_micros(seconds * 1_000_000)).as_millis();
            let took = record.took.as_millis();
            let _ = writeln!(text, " event published {seconds}.{millis:03}");
            let _ = writeln!(text, " run time {}.{:03}", took / 1_000, took % 1_000);
        }
    }
    text
}

/// `show event manager history traps`
pub fn history_traps<'a>(
    traps: impl Iterator<Item = &'a Trap>,
    stamp: impl Fn(Time) -> String,
) -> String {
    let mut text = String::new();
    for (number, trap) in (1..).zip(traps) {
        if number == 1 {
            text += "No.  Time                     Trap Type           Name\n";
        }
        let kind = if trap.by_policy { "policy" } else { "server" };
        let at = stamp(trap.at);
        let _ = writeln!(text, "{number:<5}{at:<25}{kind:<20}applet: {}", trap.applet);
    }
    text
}
