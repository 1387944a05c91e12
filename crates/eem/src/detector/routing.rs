//! `event routing network P/L [ge N] [le N] [ne N] [type T] [protocol P] [vrf V]`: a route of these
//! networks comes, changes or goes.
//!
//! Without a length the network itself is meant; with one, every network in it whose prefix is as
//! long as that.

use std::net::Ipv4Addr;
use std::sync::Arc;

use simtime::Time;

use super::declared;
use super::option::{Options, Spec, Value, must, opt, prefix};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Change, Pattern, RouteChange, Stimulus};

const PROTOCOLS: &[&str] = &[
    "all",
    "bgp",
    "connected",
    "eigrp",
    "isis",
    "iso-igrp",
    "lisp",
    "local",
    "mobile",
    "odr",
    "ospf",
    "rip",
    "static",
];

pub(super) const SPECS: &[Spec] = &[
    must("network", "Network and mask", Value::Prefix),
    opt("ge", "Minimum prefix length", Value::Number(0..=32)),
    opt("le", "Maximum prefix length", Value::Number(0..=32)),
    opt("ne", "Prefix length that is left out", Value::Number(0..=32)),
    opt("type", "Type of change", Value::Choice(&["add", "all", "modify", "remove"])),
    opt("protocol", "Protocol", Value::Choice(PROTOCOLS)),
    opt("vrf", "VRF", Value::Vrf),
];

#[derive(Debug)]
struct Routing {
    network: Ipv4Addr,
    length: u8,
    ge: Option<i64>,
    le: Option<i64>,
    ne: Option<i64>,
    /// `None`: all.
    change: Option<Change>,
    protocol: Option<String>,
    vrf: Vrf,
}

#[derive(Debug)]
enum Vrf {
    All,
    Default,
    Named(Pattern),
}

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, SPECS, arm)
}

fn arm(options: &Options, arming: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
    let network = options.word("network").and_then(prefix);
    let (network, length) = network.unwrap_or((Ipv4Addr::UNSPECIFIED, 0));
    let vrf = match (options.text("vrf"), options.expanded("vrf", arming)?) {
        (Some(_), Some(name)) => Vrf::Named(Pattern::new(&name).map_err(Failure::BadPattern)?),
        (None, Some(word)) if word == "all" => Vrf::All,
        (_, _) => Vrf::Default,
    };
    let change = match options.word("type") {
        Some("add") => Some(Change::Added),
        Some("modify") => Some(Change::Updated),
        Some("remove") => Some(Change::Removed),
        Some(_) | None => None,
    };
    let protocol = options.word("protocol").filter(|protocol| *protocol != "all");
    Ok(Box::new(Routing {
        network,
        length,
        ge: options.number("ge"),
        le: options.number("le"),
        ne: options.number("ne"),
        change,
        protocol: protocol.map(str::to_owned),
        vrf,
    }))
}

impl Routing {
    fn takes(&self, route: &RouteChange<'_>) -> bool {
        let length = i64::from(route.prefix_len);
        let is_range = self.ge.is_some() || self.le.is_some() || self.ne.is_some();
        let mask = u32::MAX.checked_shl(32 - u32::from(self.length)).unwrap_or(0);
        let is_inside = route.network.to_bits() & mask == self.network.to_bits();
        let fits = if is_range {
            is_inside
                && route.prefix_len >= self.length
                && self.ge.is_none_or(|ge| length >= ge)
                && self.le.is_none_or(|le| length <= le)
                && self.ne.is_none_or(|ne| length != ne)
        } else {
            is_inside && route.prefix_len == self.length
        };
        let in_vrf = match &self.vrf {
            Vrf::All => true,
            Vrf::Default => route.vrf == "default",
            Vrf::Named(pattern) => pattern.is_match(route.vrf),
        };
        fits && in_vrf
            && self.change.is_none_or(|change| change == route.change)
            && self.protocol.as_ref().is_none_or(|protocol| protocol == route.protocol)
    }
}

impl Armed for Routing {
    fn offer(&mut self, now: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let Stimulus::Route(route) = *stimulus else { return None };
        if !self.takes(route) {
            return None;
        }
        let mask = u32::MAX.checked_shl(32 - u32::from(route.prefix_len)).unwrap_or(0);
        let kind = match route.change {
            Change::Added => "add",
            Change::Updated => "modify",
            Change::Removed => "remove",
        };
        let gateway = route.gateway.unwrap_or(Ipv4Addr::UNSPECIFIED);
        let seconds = now.as_secs();
        let millis = now.since(Time::from_micros(seconds * 1_000_000)).as_millis();
        let named = [
            ("_routing_network", route.network.to_string()),
            ("_routing_mask", Ipv4Addr::from_bits(mask).to_string()),
            ("_routing_prefix_len", route.prefix_len.to_string()),
            ("_routing_protocol", route.protocol.to_owned()),
            ("_routing_type", kind.to_owned()),
            ("_routing_tag_name", String::new()),
            ("_routing_vrf_name", route.vrf.to_owned()),
            ("_routing_topo_name", "base".to_owned()),
            ("_routing_lastgateway", gateway.to_string()),
            ("_routing_distance", route.distance.to_string()),
            ("_routing_time", format!("{seconds}.{millis:03}")),
            ("_routing_time_sec", seconds.to_string()),
            ("_routing_time_msec", millis.to_string()),
            ("_routing_metric", route.metric.to_string()),
            ("_routing_lastinterface", route.interface.to_owned()),
            ("_routing_afi", "IPv4".to_owned()),
        ];
        Some(named.map(|(name, value)| (name.to_owned(), value)).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: which networks an event is about. Method: a table of events, networks, and whether.
    #[test]
    fn networks_fit() {
        let routing = |network: &str, ge, le, ne| {
            let (network, length) = prefix(network).expect(network);
            let (change, protocol) = (None, None);
            Routing { network, length, ge, le, ne, change, protocol, vrf: Vrf::Default }
        };
        let table = [
            (routing("0.0.0.0/0", None, None, None), "0.0.0.0/0", true),
            (routing("0.0.0.0/0", None, None, None), "10.0.0.0/8", false),
            (routing("0.0.0.0/0", Some(1), None, None), "10.0.0.0/8", true),
            (routing("0.0.0.0/0", Some(1), None, None), "0.0.0.0/0", false),
            (routing("10.0.0.0/8", Some(16), Some(24), None), "10.1.0.0/16", true),
            (routing("10.0.0.0/8", Some(16), Some(24), None), "10.1.1.1/32", false),
            (routing("10.0.0.0/8", Some(16), None, None), "11.1.0.0/16", false),
            (routing("10.0.0.0/8", None, None, Some(32)), "10.1.1.1/32", false),
        ];
        for (routing, network, want) in table {
            let (network, prefix_len) = prefix(network).expect(network);
            let route = RouteChange {
                change: Change::Added,
                network,
                prefix_len,
                protocol: "static",
                vrf: "default",
                gateway: None,
                interface: "",
                distance: 1,
                metric: 0,
            };
            assert_eq!(routing.takes(&route), want, "{routing:?} {network}");
        }
    }
}
