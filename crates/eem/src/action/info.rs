//! `action L info type ...`: what the router says of itself, each in variables of its own
//! (eem.md, section 3.3).
//!
//! Decided: `cli history` and `syslog history` give nothing and their frequencies 0, since no real
//! output of either was seen. `snmp var` and `snmp inform` do nothing; `snmp trap` sends the OID of
//! its enterprise alone.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use crate::{Pattern, Request, SnmpTrap, Text, Which};

#[derive(Debug)]
enum Info {
    RouterName,
    SwitchName,
    Interfaces {
        filter: Option<(&'static str, Text)>,
    },
    Get {
        oid: Text,
        which: Which,
        rest: String,
    },
    GetId {
        oid: Text,
    },
    /// What is kept as it was typed, and sets these variables.
    Kept {
        text: String,
        sets: &'static [(&'static str, &'static str)],
    },
    Trap {
        text: String,
        enterprise: Text,
    },
}

const TYPES: [&str; 6] = ["cli", "interface-names", "routername", "snmp", "switchname", "syslog"];
const FILTERS: [&str; 3] = ["exclude", "include", "regexp"];

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.expect("type")?;
    let info = match *reader.choose(&TYPES, |name| name)?.0 {
        "routername" => Info::RouterName,
        "switchname" => Info::SwitchName,
        "interface-names" => interfaces(reader)?,
        "snmp" => return snmp(reader),
        seen => {
            let (what, _) = reader.choose(&["frequency", "history"], |name| name)?;
            let sets: &[_] = match (seen, *what) {
                ("cli", "frequency") => &[("_info_cli_frequency", "0")],
                ("cli", _) => &[("_info_cli_history", "")],
                (_, "frequency") => &[("_info_syslog_frequency", "0")],
                (_, _) => &[("_info_syslog_history", "")],
            };
            Info::Kept { text: format!("{seen} {what}"), sets }
        }
    };
    reader.end()?;
    Ok(Arc::new(info))
}

fn interfaces(reader: &mut Reader<'_>) -> Result<Info, Problem> {
    if reader.is_at_end() {
        return Ok(Info::Interfaces { filter: None });
    }
    let (kind, _) = reader.choose(&FILTERS, |name| name)?;
    let word = reader.word()?;
    if *kind == "regexp" {
        word.check_pattern()?;
    }
    Ok(Info::Interfaces { filter: Some((kind, word.text())) })
}

fn snmp(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    const VERBS: [&str; 5] = ["getid", "inform", "oid", "trap", "var"];
    let (verb, _) = reader.choose(&VERBS, |name| name)?;
    Ok(Arc::new(match *verb {
        "oid" => {
            let oid = reader.text()?;
            reader.expect("get-type")?;
            let exact = *reader.choose(&["exact", "next"], |name| name)?.0 == "exact";
            let which = if exact { Which::Exact } else { Which::Next };
            // `community C` and `ipaddr A`: whom to ask; here always the router itself.
            Info::Get { oid, which, rest: reader.rest().to_owned() }
        }
        "getid" => {
            let oid = reader.text()?;
            reader.end()?;
            Info::GetId { oid }
        }
        "trap" => {
            let mut ahead = reader.clone();
            let enterprise = ahead.text()?;
            Info::Trap { text: filled(reader)?, enterprise }
        }
        "var" => Info::Kept { text: format!("snmp var {}", filled(reader)?), sets: &[] },
        _ => Info::Kept { text: format!("snmp inform {}", filled(reader)?), sets: &[] },
    }))
}

/// The rest of the line, which may not be empty nor hold an open quotation.
fn filled(reader: &mut Reader<'_>) -> Result<String, Problem> {
    let mut ahead = reader.clone();
    ahead.word()?;
    while ahead.next()?.is_some() {}
    Ok(reader.rest().to_owned())
}

impl Info {
    /// What `getid` asks of the system group, and how the variables are named.
    const SYSTEM: [(&'static str, &'static str); 6] = [
        ("sysdescr", "1.3.6.1.2.1.1.1.0"),
        ("sysobjectid", "1.3.6.1.2.1.1.2.0"),
        ("sysuptime", "1.3.6.1.2.1.1.3.0"),
        ("syscontact", "1.3.6.1.2.1.1.4.0"),
        ("sysname", "1.3.6.1.2.1.1.5.0"),
        ("syslocation", "1.3.6.1.2.1.1.6.0"),
    ];
}

impl Action for Info {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        match self {
            Info::RouterName => {
                let name = frame.router.name().to_owned();
                frame.set("_info_routername", name);
            }
            Info::SwitchName => {
                let name = frame.router.name().to_owned();
                frame.set("_info_switchname", name);
            }
            Info::Interfaces { filter } => {
                let mut names = frame.router.interface_names();
                if let Some((kind, text)) = filter {
                    let text = frame.expand(text)?;
                    match *kind {
                        "include" => names.retain(|name| name.contains(&text)),
                        "exclude" => names.retain(|name| !name.contains(&text)),
                        _ => {
                            let pattern = Pattern::new(&text).map_err(Failure::BadPattern)?;
                            names.retain(|name| pattern.is_match(name));
                        }
                    }
                }
                frame.set("_info_interface_names", names.join(" "));
            }
            Info::Get { oid, which, rest: _ } => {
                let oid = frame.expand(oid)?;
                let found = frame.router.snmp(&oid, *which);
                let (oid, value) = found.ok_or(Failure::NoObject(oid))?;
                frame.set("_info_snmp_oid", oid);
                frame.set("_info_snmp_value", value.to_string());
            }
            Info::GetId { oid } => {
                let asked = frame.expand(oid)?;
                for (name, oid) in Info::SYSTEM {
                    let Some((oid, value)) = frame.router.snmp(oid, Which::Exact) else { continue };
                    frame.set(&format!("_info_snmp_{name}_oid"), oid);
                    frame.set(&format!("_info_snmp_{name}_val"), value.to_string());
                }
                frame.set("_info_snmp_oid", asked);
            }
            Info::Kept { sets, .. } => {
                sets.iter().for_each(|(name, value)| frame.set(name, (*value).to_owned()));
            }
            Info::Trap { enterprise, .. } => {
                let text = Some(frame.expand(enterprise)?);
                return Ok(Next::Say(Request::SnmpTrap(SnmpTrap { text, ..SnmpTrap::default() })));
            }
        }
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        match self {
            Info::RouterName => vec!["_info_routername"],
            Info::SwitchName => vec!["_info_switchname"],
            Info::Interfaces { .. } => vec!["_info_interface_names"],
            Info::Get { .. } => vec!["_info_snmp_oid", "_info_snmp_value"],
            Info::GetId { .. } => vec!["_info_snmp_*"],
            Info::Kept { sets, .. } => sets.iter().map(|(name, _)| *name).collect(),
            Info::Trap { .. } => Vec::new(),
        }
    }
}

impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("info type ")?;
        match self {
            Info::RouterName => f.write_str("routername"),
            Info::SwitchName => f.write_str("switchname"),
            Info::Interfaces { filter: None } => f.write_str("interface-names"),
            Info::Interfaces { filter: Some((kind, text)) } => {
                write!(f, "interface-names {kind} {text}")
            }
            Info::Get { oid, which, rest } => {
                let kind = match which {
                    Which::Exact => "exact",
                    Which::Next => "next",
                };
                write!(f, "snmp oid {} get-type {kind}", oid.bare())?;
                if rest.is_empty() { Ok(()) } else { write!(f, " {rest}") }
            }
            Info::GetId { oid } => write!(f, "snmp getid {}", oid.bare()),
            Info::Kept { text, .. } => f.write_str(text),
            Info::Trap { text, .. } => write!(f, "snmp trap {text}"),
        }
    }
}
