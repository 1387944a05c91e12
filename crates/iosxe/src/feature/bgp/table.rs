//! The paths that the router itself originates: its networks, what it redistributes, its
//! aggregates.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::speaker::Family;
use crate::device::State;
use crate::feature::interface::Prefix;
use crate::feature::route::{Listed, listed};

/// What a path of the router's own weighs.
const WEIGHT: u32 = 32_768;

/// One path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) prefix: Prefix,
    pub(crate) next_hop: Ipv4Addr,
    pub(crate) weight: u32,
    pub(crate) origin: Origin,
    /// Behind an aggregate that speaks for it.
    pub(crate) is_suppressed: bool,
    pub(crate) is_aggregate: bool,
}

/// How a path came into BGP (RFC 4271, section 5.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Igp,
    Incomplete,
}

impl Origin {
    pub(crate) fn code(self) -> char {
        match self {
            Origin::Igp => 'i',
            Origin::Incomplete => '?',
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Origin::Igp => "IGP",
            Origin::Incomplete => "incomplete",
        }
    }
}

/// The paths of a family, in order. Only IPv4 outside of VRFs has a table of routes to take from.
pub(crate) fn table(state: &State, family: &Family<'_>) -> Vec<Path> {
    if family.name() != "ipv4" || family.vrf().is_some() {
        return Vec::new();
    }
    let lines = &family.block.lines;
    let routes = listed(state);
    let mut paths: BTreeMap<(Ipv4Addr, u8), Path> = BTreeMap::new();
    let mut add = |route: &Listed, origin| {
        let prefix = route.prefix;
        let next_hop = route.hop.unwrap_or(Ipv4Addr::UNSPECIFIED);
        let (is_suppressed, is_aggregate) = (false, false);
        let path = Path { prefix, next_hop, weight: WEIGHT, origin, is_suppressed, is_aggregate };
        paths.entry((prefix.address(), prefix.length())).or_insert(path);
    };
    for network in lines.of("network").filter_map(network) {
        let route = routes.iter().find(|route| route.prefix == network);
        route.into_iter().for_each(|route| add(route, Origin::Igp));
    }
    let has_default = lines.has("default-information originate");
    for source in ["connected", "static"] {
        let here = lines.has(&format!("redistribute {source}"));
        let of_source = routes.iter().filter(|route| here && route.origin == source);
        let wanted = of_source.filter(|route| route.prefix.length() > 0 || has_default);
        wanted.for_each(|route| add(route, Origin::Incomplete));
    }
    aggregates(lines.of("aggregate-address"), &mut paths);
    paths.into_values().collect()
}

/// An aggregate is there while something is behind it.
fn aggregates<'a>(
    lines: impl Iterator<Item = &'a str>,
    paths: &mut BTreeMap<(Ipv4Addr, u8), Path>,
) {
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let [address, mask, options @ ..] = &words[..] else { continue };
        let Some(prefix) = address.parse().ok().zip(mask.parse().ok()) else { continue };
        let Some(prefix) = Prefix::new(prefix.0, prefix.1) else { continue };
        let behind = |path: &Path| {
            !path.is_aggregate
                && path.prefix.length() > prefix.length()
                && path.prefix.overlaps(prefix)
        };
        let mut components = paths.values_mut().filter(|path| behind(path)).peekable();
        if components.peek().is_none() {
            continue;
        }
        if options.contains(&"summary-only") {
            components.for_each(|path| path.is_suppressed = true);
        }
        let next_hop = Ipv4Addr::UNSPECIFIED;
        let (weight, origin) = (WEIGHT, Origin::Igp);
        let path =
            Path { prefix, next_hop, weight, origin, is_suppressed: false, is_aggregate: true };
        paths.entry((prefix.address(), prefix.length())).or_insert(path);
    }
}

/// `10.0.0.0 mask 255.255.255.0`, or a classful network.
fn network(line: &str) -> Option<Prefix> {
    let words: Vec<&str> = line.split(' ').collect();
    let address: Ipv4Addr = words.first()?.parse().ok()?;
    let mask = match words.get(1) {
        Some(&"mask") => words.get(2)?.parse().ok()?,
        Some(_) | None => super::family::class_mask(address),
    };
    Prefix::new(address, mask)
}
