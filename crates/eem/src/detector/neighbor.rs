//! `event neighbor-discovery interface {IF | regexp RE} [cdp T] [lldp T] [link-event E]
//! [line-event E]`: an entry of the CDP or LLDP table, or the port itself, changes.

use std::sync::Arc;

use simtime::Time;

use super::declared;
use super::option::{Options, Spec, Value, must, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Change, Neighbor, NeighborChange, NeighborEvent, Pattern, Stimulus};

const CHANGES: &[&str] = &["add", "all", "delete", "update"];
const LINKS: &[&str] =
    &["admindown", "all", "deleted", "down", "goingdown", "init", "reset", "testing", "up"];

pub(super) const SPECS: &[Spec] = &[
    must("interface", "Interface", Value::Ports),
    opt("cdp", "CDP event", Value::Choice(CHANGES)),
    opt("lldp", "LLDP event", Value::Choice(CHANGES)),
    opt("link-event", "Link event", Value::Choice(LINKS)),
    opt("line-event", "Line protocol event", Value::Choice(&["all", "down", "up"])),
];

#[derive(Debug)]
struct Watching {
    ports: Ports,
    cdp: Option<String>,
    lldp: Option<String>,
    link: Option<String>,
    line: Option<String>,
}

#[derive(Debug)]
enum Ports {
    One(String),
    Fitting(Pattern),
}

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    let options = Options::read(reader, SPECS, limits)?;
    let wants = ["cdp", "lldp", "link-event", "line-event"];
    if !wants.iter().any(|name| options.has(name)) {
        return Err(reader.incomplete());
    }
    Ok(declared::from(options, arm))
}

fn arm(options: &Options, arming: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
    let port = options.expanded("interface", arming)?.unwrap_or_default();
    let ports = match options.text("interface") {
        Some(_) => Ports::Fitting(Pattern::new(&port).map_err(Failure::BadPattern)?),
        None => Ports::One(port),
    };
    let word = |name| options.word(name).map(str::to_owned);
    Ok(Box::new(Watching {
        ports,
        cdp: word("cdp"),
        lldp: word("lldp"),
        link: word("link-event"),
        line: word("line-event"),
    }))
}

fn verb(change: Change) -> &'static str {
    match change {
        Change::Added => "add",
        Change::Updated => "update",
        Change::Removed => "delete",
    }
}

impl Watching {
    fn takes(&self, change: &NeighborChange<'_>) -> bool {
        let is_port = match &self.ports {
            // A port may be written short: `Gi1`, `gigabitethernet1`.
            Ports::One(name) => {
                name.eq_ignore_ascii_case(change.interface)
                    || name.eq_ignore_ascii_case(change.short)
            }
            Ports::Fitting(pattern) => pattern.is_match(change.interface),
        };
        let wants = |wanted: &Option<String>, what: &str| {
            wanted.as_deref().is_some_and(|wanted| wanted == "all" || wanted == what)
        };
        is_port
            && match &change.event {
                NeighborEvent::Cdp(change, _) => wants(&self.cdp, verb(*change)),
                NeighborEvent::Lldp(change, _) => wants(&self.lldp, verb(*change)),
                NeighborEvent::Link => wants(&self.link, change.link),
                NeighborEvent::Line => wants(&self.line, change.line),
            }
    }
}

impl Armed for Watching {
    fn offer(&mut self, _: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let Stimulus::Neighbor(change) = *stimulus else { return None };
        if !self.takes(change) {
            return None;
        }
        let notification = match change.event {
            NeighborEvent::Cdp(..) => "cdp",
            NeighborEvent::Lldp(..) => "lldp",
            NeighborEvent::Link => "link",
            NeighborEvent::Line => "line",
        };
        let mut all = vec![
            ("_nd_notification", notification.to_owned()),
            ("_nd_intf_linkstatus", change.link.to_owned()),
            ("_nd_intf_linestatus", change.line.to_owned()),
            ("_nd_local_intf_name", change.interface.to_owned()),
            ("_nd_short_local_intf_name", change.short.to_owned()),
        ];
        match &change.event {
            NeighborEvent::Cdp(change, neighbor) => {
                all.extend(protocol("cdp", *change, neighbor));
                all.extend(cdp(neighbor));
            }
            NeighborEvent::Lldp(change, neighbor) => {
                all.extend(protocol("lldp", *change, neighbor));
                all.extend(lldp(neighbor));
            }
            NeighborEvent::Link | NeighborEvent::Line => {}
        }
        let mut all: Variables =
            all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if let NeighborEvent::Cdp(_, neighbor) | NeighborEvent::Lldp(_, neighbor) = &change.event {
            let prefix = match change.event {
                NeighborEvent::Cdp(..) => "_nd_cdp_capabilities_bits",
                NeighborEvent::Lldp(..) | NeighborEvent::Link | NeighborEvent::Line => {
                    "_nd_lldp_capabilities_bit"
                }
            };
            let bit = |bit: u32| (neighbor.capability_bits >> bit) & 1;
            all.extend((0..32).map(|n| (format!("{prefix}_{n}"), bit(n).to_string())));
        }
        Some(all)
    }
}

type Named = Vec<(&'static str, String)>;

fn protocol(name: &str, change: Change, neighbor: &Neighbor<'_>) -> Named {
    let is_new = change == Change::Added;
    vec![
        ("_nd_port_id", neighbor.port.to_owned()),
        ("_nd_protocol", name.to_owned()),
        ("_nd_proto_notif", verb(change).to_owned()),
        ("_nd_proto_new_entry", u8::from(is_new).to_string()),
    ]
}

fn cdp(neighbor: &Neighbor<'_>) -> Named {
    vec![
        ("_nd_cdp_entry_name", neighbor.name.to_owned()),
        ("_nd_cdp_hold_time", neighbor.hold_time.to_string()),
        ("_nd_cdp_mgmt_domain", neighbor.domain.to_owned()),
        ("_nd_cdp_platform", neighbor.platform.to_owned()),
        ("_nd_cdp_version", neighbor.version.to_owned()),
        ("_nd_cdp_capabilities_string", neighbor.capabilities.to_owned()),
        ("_nd_cdp_capabilities_bits", neighbor.capability_bits.to_string()),
    ]
}

fn lldp(neighbor: &Neighbor<'_>) -> Named {
    let bits = neighbor.capability_bits.to_string();
    vec![
        ("_nd_lldp_chassis_id", neighbor.chassis.to_owned()),
        ("_nd_lldp_system_name", neighbor.name.to_owned()),
        ("_nd_lldp_system_description", neighbor.version.to_owned()),
        ("_nd_lldp_ttl", neighbor.hold_time.to_string()),
        ("_nd_lldp_port_description", neighbor.port_description.to_owned()),
        ("_nd_lldp_system_capabilities_string", neighbor.capabilities.to_owned()),
        ("_nd_lldp_enabled_capabilities_string", neighbor.capabilities.to_owned()),
        ("_nd_lldp_system_capabilities_bits", bits.clone()),
        ("_nd_lldp_enabled_capabilities_bits", bits.clone()),
        ("_nd_lldp_capabilities_bits", bits),
    ]
}
