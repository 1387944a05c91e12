//! VRFs: tables of their own, into which interfaces and static routes are put.
//!
//! Defined by `vrf definition`, or by the classic `ip vrf`, which knows IPv4 only. What of a VRF
//! needs a protocol (route targets, maps) is configuration and no more: no protocol runs here.

pub(crate) mod config;
pub(crate) mod show;

use std::collections::BTreeMap;

use crate::feature::inert::Kept;
use crate::io::VrfId;

/// How many VRFs one router has.
const VRFS_MAX: usize = 256;

/// How many route targets one VRF, or one family of it, has.
const TARGETS_MAX: usize = 64;

/// The VRFs of one router, by name: the order of a running-config and of tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vrfs {
    all: BTreeMap<String, Vrf>,
    /// The number that was given last. None is given twice.
    last: u16,
}

/// One VRF.
#[derive(Clone, Debug)]
pub(crate) struct Vrf {
    id: VrfId,
    style: Style,
    description: Option<String>,
    rd: Option<String>,
    targets: Vec<Target>,
    ipv4: Option<Family>,
    ipv6: Option<Family>,
    inert: Kept,
}

/// By which command it was defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// `vrf definition`
    Definition,
    /// `ip vrf`: for IPv4, without families of its own.
    Classic,
}

/// `address-family` of one VRF.
#[derive(Clone, Debug, Default)]
struct Family {
    targets: Vec<Target>,
    inert: Kept,
}

/// `route-target`
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    direction: Direction,
    value: String,
}

/// Where a route target counts. Exports stand first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Direction {
    Export,
    Import,
}

/// A family of addresses, as the commands of a VRF name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Afi {
    /// `ipv4`
    Ipv4,
    /// `ipv6`
    Ipv6,
}

impl Vrfs {
    /// The table of a VRF.
    pub(crate) fn id(&self, name: &str) -> Option<VrfId> {
        self.all.get(name).map(|vrf| vrf.id)
    }

    /// The name of a table; none if it is the global one.
    pub(crate) fn name(&self, id: VrfId) -> Option<&str> {
        self.all.iter().find(|(_, vrf)| vrf.id == id).map(|(name, _)| name.as_str())
    }

    /// All tables but the global one, in the order of their names.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (&str, VrfId)> {
        self.all.iter().map(|(name, vrf)| (name.as_str(), vrf.id))
    }

    /// Whether `ip vrf` has defined it.
    pub(crate) fn is_classic(&self, id: VrfId) -> bool {
        self.all.values().any(|vrf| vrf.id == id && vrf.style == Style::Classic)
    }

    /// Whether interfaces in this table may have addresses of the family.
    pub(crate) fn has_family(&self, id: VrfId, afi: Afi) -> bool {
        let vrf = self.all.values().find(|vrf| vrf.id == id);
        vrf.is_none_or(|vrf| vrf.family(afi).is_some())
    }

    /// The lines of a VRF that change nothing else: its own, or those of one family.
    pub(crate) fn inert_mut(&mut self, name: &str, afi: Option<Afi>) -> Option<&mut Kept> {
        let vrf = self.all.get_mut(name)?;
        match afi {
            None => Some(&mut vrf.inert),
            Some(afi) => vrf.family_mut(afi).as_mut().map(|family| &mut family.inert),
        }
    }

    /// Adds a VRF. `None` when there is no room.
    fn add(&mut self, name: &str, style: Style) -> Option<&mut Vrf> {
        if self.all.len() >= VRFS_MAX {
            return None;
        }
        self.last = self.last.wrapping_add(1).max(1);
        let ipv4 = match style {
            Style::Classic => Some(Family::default()),
            Style::Definition => None,
        };
        let vrf = Vrf {
            id: VrfId(self.last),
            style,
            description: None,
            rd: None,
            targets: Vec::new(),
            ipv4,
            ipv6: None,
            inert: Kept::default(),
        };
        Some(self.all.entry(name.to_owned()).or_insert(vrf))
    }
}

impl Vrf {
    fn family(&self, afi: Afi) -> Option<&Family> {
        match afi {
            Afi::Ipv4 => self.ipv4.as_ref(),
            Afi::Ipv6 => self.ipv6.as_ref(),
        }
    }

    fn family_mut(&mut self, afi: Afi) -> &mut Option<Family> {
        match afi {
            Afi::Ipv4 => &mut self.ipv4,
            Afi::Ipv6 => &mut self.ipv6,
        }
    }
}

impl Afi {
    const ALL: [Afi; 2] = [Afi::Ipv4, Afi::Ipv6];

    /// `ipv4`
    fn word(self) -> &'static str {
        match self {
            Afi::Ipv4 => "ipv4",
            Afi::Ipv6 => "ipv6",
        }
    }

    /// `IPv4`
    pub(crate) fn name(self) -> &'static str {
        match self {
            Afi::Ipv4 => "IPv4",
            Afi::Ipv6 => "IPv6",
        }
    }
}
