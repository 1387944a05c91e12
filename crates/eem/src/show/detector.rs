//! `show event manager detector` and `show event manager version`.

use std::fmt::Write as _;

use crate::DETECTORS;

/// The detectors of IOS XE and their versions, in the order in which a device lists them. Those
/// that no applet can name here are left out.
const LISTED: [(&str, &str); 27] = [
    ("application", "01.00"),
    ("routing", "03.00"),
    ("syslog", "01.00"),
    ("identity", "01.00"),
    ("neighbor-discovery", "01.00"),
    ("mat", "01.00"),
    ("cli", "01.00"),
    ("config", "01.00"),
    ("counter", "01.00"),
    ("env", "01.00"),
    ("gold", "01.00"),
    ("interface", "01.00"),
    ("ioswdsysmon", "01.00"),
    ("ipsla", "01.00"),
    ("nf", "01.00"),
    ("none", "01.00"),
    ("oir", "01.00"),
    ("resource", "01.00"),
    ("rf", "01.00"),
    ("rpc", "01.00"),
    ("snmp", "01.00"),
    ("snmp-object", "01.00"),
    ("snmp-notification", "01.00"),
    ("test", "01.00"),
    ("timer", "01.00"),
    ("track", "01.00"),
    ("wdsysmon", "01.00"),
];

fn known() -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_known = |name: &str| DETECTORS.iter().any(|entry| entry.name == name);
    LISTED.into_iter().filter(move |(name, _)| is_known(name))
}

/// `show event manager detector {all|NAME} [detailed]`; `None` for a name that is none.
pub fn detectors(name: Option<&str>, is_detailed: bool) -> Option<String> {
    let _ = is_detailed;
    let chosen: Vec<_> =
        known().filter(|(known, _)| name.is_none_or(|name| name == *known)).collect();
    if chosen.is_empty() {
        return None;
    }
    let mut text = format!("No.  {HEADING}");
    for (number, (name, version)) in (1..).zip(chosen) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{number:<5}{}", row(name, version));
    }
    Some(text)
}

/// `show event manager version`
pub fn version() -> String {
    let mut text = String::from("Embedded Event Manager Version 4.00\n");
    text += "Component Versions:\neem: (rel9)1.2.21\neem-gold: (rel1)1.0.2\n";
    text += "eem-call-home: (rel2)1.0.4\nEvent Detectors:\n";
    text += HEADING;
    known().for_each(|(name, version)| text += &row(name, version));
    text
}

const HEADING: &str = "Name                Version   Node        Type\n";

fn row(name: &str, version: &str) -> String {
    format!("{name:<20}{version:<10}{:<12}RP\n", "node0/0")
}
