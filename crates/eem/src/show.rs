//! The tables of `show event manager ...`, in the layouts of eem.md, section 6.1.
//!
//! `stamp` prints an instant on the router's own clock: `Wed Mar10 13:22:46 2021`, `Thu Jan 1 ...`,
//! the day in two columns and no blank before it.

use std::fmt::Write as _;

use simtime::Time;

use crate::Director;

/// `show event manager policy registered`
pub fn policy_registered(director: &Director, stamp: impl Fn(Time) -> String) -> String {
    let mut text = String::new();
    for (number, registered) in (1..).zip(director.registered()) {
        if number == 1 {
            text +=
                "No.  Class     Type    Event Type          Trap  Time Registered           Name\n";
        }
        let program = &registered.program;
        let trap = if program.options.trap { "On" } else { "Off" };
        let (event, at) = (program.event.entry.name, stamp(registered.at));
        let columns = format!("{number:<5}{:<10}{:<8}{event:<20}", "applet", "user");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{columns}{trap:<6}{at:<26}{}", program.name);
        let _ = writeln!(text, " {}", program.event.detector.summary(&program.name));
        let _ = writeln!(text, " maxrun {}", program.event.maxrun());
        text += &program.listing;
        text.push('\n');
    }
    text
}

/// `show event manager history events`
pub fn history_events(director: &Director, stamp: impl Fn(Time) -> String) -> String {
    let mut text = String::new();
    for (number, record) in (1..).zip(director.history()) {
        if number == 1 {
            text += "No.  Job Id Proc Status   Time of Event            Event Type        Name\n";
        }
        let (job, status, at) = (record.run.0, record.status, stamp(record.published));
        let columns = format!("{number:<5}{job:<7}{:<5}{status:<9}", "Actv");
        let _ = writeln!(text, "{columns}{at:<25}{:<18}applet: {}", record.event, record.applet);
    }
    text
}

/// `show event manager environment [all]`
pub fn environment(director: &Director) -> String {
    let mut text = String::new();
    for (number, (name, value)) in (1..).zip(director.environment()) {
        if number == 1 {
            text += "No.  Name                          Value\n";
        }
        let _ = writeln!(text, "{number:<5}{name:<30}{value}");
    }
    text
}
