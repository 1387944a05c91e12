//! The tables of `show event manager ...`, in the layouts of eem.md, section 6.1.
//!
//! `stamp` prints an instant on the router's own clock: see [`stamp`] for the form.

use std::fmt::Write as _;

use simtime::Time;

use crate::Director;

/// An instant in UTC in the form of these tables: the day in two columns, and no blank before it.
pub fn stamp(at: Time) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let t = at.to_utc();
    let day = usize::try_from(t.weekday().to_monday_zero_offset()).unwrap_or(0);
    let month = usize::try_from(t.month() - 1).unwrap_or(0);
    let (hour, minute, second) = (t.hour(), t.minute(), t.second());
    let (day, month) = (DAYS[day], MONTHS[month]);
    format!("{day} {month}{:2} {hour:02}:{minute:02}:{second:02} {}", t.day(), t.year())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: dates print as in the three outputs of eem.md. Method: a table of instants.
    #[test]
    fn stamps_have_no_blank_after_the_month() {
        let table = [
            (1_136_131_774, "Sun Jan 1 16:09:34 2006"),
            (1_615_382_566, "Wed Mar10 13:22:46 2021"),
            (1_779_041_922, "Sun May17 18:18:42 2026"),
        ];
        for (seconds, want) in table {
            assert_eq!(stamp(Time::from_micros(seconds * 1_000_000)), want);
        }
    }
}
