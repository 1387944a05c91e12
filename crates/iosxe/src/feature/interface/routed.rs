//! An interface as routing protocols see it.

use cli::InterfaceName;

use super::show::nature;
use super::{Interface, Interfaces, Medium, Prefix};
use crate::feature::routing::Lines;
use crate::feature::vrf::Vrfs;

/// One interface.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Routed<'a> {
    pub(crate) name: InterfaceName,
    /// The number that SNMP and OSPF know it by.
    pub(crate) index: usize,
    /// `up`, `down`, `administratively down`
    pub(crate) status: &'static str,
    /// Whether its line protocol is up.
    pub(crate) is_up: bool,
    pub(crate) is_loopback: bool,
    pub(crate) prefix: Option<Prefix>,
    pub(crate) secondary: &'a [Prefix],
    pub(crate) vrf: Option<&'a str>,
    pub(crate) kbit: u32,
    pub(crate) delay_us: u32,
    /// Its lines about routing protocols.
    pub(crate) lines: &'a Lines,
}

impl Interfaces {
    /// All of them, in order.
    pub(crate) fn routed<'a>(&'a self, vrfs: &'a Vrfs) -> impl Iterator<Item = Routed<'a>> {
        self.iter().zip(1..).map(|((name, interface), index)| {
            let vrf = vrfs.name(interface.config.vrf);
            interface.routed((*name, index), vrf)
        })
    }

    /// The lines of one interface about routing protocols.
    pub(crate) fn routing_mut(&mut self, name: &InterfaceName) -> Option<&mut Lines> {
        self.get_mut(name).map(|interface| &mut interface.config.routing)
    }
}

impl Interface {
    fn routed<'a>(
        &'a self,
        (name, index): (InterfaceName, usize),
        vrf: Option<&'a str>,
    ) -> Routed<'a> {
        let config = &self.config;
        let nature = nature(&name, self);
        Routed {
            name,
            index,
            status: self.link.status().as_str(),
            is_up: self.link.protocol_up(),
            is_loopback: self.medium == Medium::Loopback,
            prefix: self.prefix(),
            secondary: &config.secondary,
            vrf,
            kbit: config.bandwidth_kbit.unwrap_or(nature.kbit),
            delay_us: config.delay_tens_of_us.map_or(nature.delay_us, |tens| tens * 10),
            lines: &config.routing,
        }
    }
}

impl Routed<'_> {
    /// Its addresses, its own first.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = Prefix> {
        self.prefix.into_iter().chain(self.secondary.iter().copied())
    }
}
