//! `show event manager detector` and `show event manager version`.

mod table;

use std::fmt::Write as _;

use crate::DETECTORS;
use table::{LISTED, Listed};

/// The variables of every event, as the tables list them.
const SHARED_VARIABLES: [&str; 8] = [
    "event_id",
    "job_id",
    "event_type",
    "event_type_string",
    "event_pub_time",
    "event_pub_sec",
    "event_pub_msec",
    "event_severity",
];
/// The options of every event.
const SHARED_OPTIONS: [&str; 2] = ["[maxrun <sec.msec>]", "[ratelimit <sec.msec>]"];

const HEADING: &str = "Name                Version   Node        Type\n";

/// The detectors that an applet can name here.
fn known() -> impl Iterator<Item = &'static Listed> {
    LISTED.iter().filter(|listed| DETECTORS.iter().any(|entry| entry.name == listed.name))
}

/// `show event manager detector {all|NAME} [detailed]`; `None` for a name that is none.
pub fn detectors(name: Option<&str>, is_detailed: bool) -> Option<String> {
    let chosen: Vec<&Listed> =
        known().filter(|listed| name.is_none_or(|name| name == listed.name)).collect();
    if chosen.is_empty() {
        return None;
    }
    let mut text = format!("No.  {HEADING}");
    for (number, listed) in (1..).zip(chosen) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{number:<5}{}", row(listed));
        if is_detailed {
            text += &details(listed);
        }
    }
    Some(text)
}

/// `show event manager version`
pub fn version() -> String {
    let mut text = String::from("Embedded Event Manager Version 4.00\n");
    text += "Component Versions:\neem: (rel9)1.2.21\neem-gold: (rel1)1.0.2\n";
    text += "eem-call-home: (rel2)1.0.4\nEvent Detectors:\n";
    text += HEADING;
    known().for_each(|listed| text += &row(listed));
    text
}

fn row(listed: &Listed) -> String {
    format!("{:<20}{:<10}{:<12}RP\n", listed.name, listed.version, "node0/0")
}

/// How an applet names the detector, and the variables that it sets. What IOS tells of Tcl is left
/// out: no Tcl runs here.
fn details(listed: &Listed) -> String {
    let mut text = String::from("\n        Applet Configuration Syntax: \n");
    let _ = writeln!(text, "        [ no ] event [tag <tag-val>] {} ", listed.name);
    let options = listed.options.iter().chain(&SHARED_OPTIONS);
    options.for_each(|option| text += &format!("                 {option} \n"));
    text += "\n        Applet Built-in Environment Variables: \n";
    SHARED_VARIABLES.iter().for_each(|name| text += &format!("        $_{name}\n"));
    let own = listed.variables.split_whitespace();
    own.for_each(|name| text += &format!("        $_{}{name} \n", listed.prefix));
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What devices take and do not list: the word of old releases, what only the YANG models and
    /// the Tcl form have, and what the list sums up.
    const UNLISTED: [&str; 11] = [
        "cli match",
        "env severity",
        "gold action-notify",
        "gold testing-type",
        "gold event-type",
        "gold test-name",
        "gold test-id",
        "gold consecutive-failure",
        "gold platform-action",
        "nf event2",
        "nf event3",
    ];

    /// Goal: every detector stands in the tables, with every option that it has. Method: two lists.
    #[test]
    fn every_detector_is_listed() {
        let mut all = Vec::new();
        for entry in DETECTORS {
            let listed = known().find(|listed| listed.name == entry.name);
            let listed = listed.unwrap_or_else(|| panic!("{} is not listed", entry.name));
            let syntax = [listed.options, &SHARED_OPTIONS].concat().join(" ");
            let lacks = |option: &crate::OptionForm| !syntax.contains(option.name);
            let lacking = entry.options().into_iter().filter(lacks).map(|option| option.name);
            all.extend(lacking.map(|option| format!("{} {option}", entry.name)));
        }
        assert_eq!(all, UNLISTED);
    }
}
