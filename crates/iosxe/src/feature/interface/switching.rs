//! What a port of a switch does with frames, as its kept lines say it.
//!
//! Asked by the tables of switches. Nothing is switched here.

use cli::InterfaceName;

use super::{Duplex, Interface, Interfaces, Medium};
use crate::platform::PortKind;

/// One port of a switch.
#[derive(Debug)]
pub(crate) struct SwitchPort<'a> {
    pub(crate) name: InterfaceName,
    pub(crate) kind: &'static PortKind,
    pub(crate) description: &'a str,
    pub(crate) is_shut: bool,
    pub(crate) is_up: bool,
    /// `full` or `half` where it is not negotiated.
    pub(crate) duplex: Option<&'static str>,
    /// Where it is not negotiated.
    pub(crate) mbit: Option<u32>,
    pub(crate) switching: Switching,
    /// Whether it has a `channel-group`.
    pub(crate) is_bundled: bool,
}

/// What it does with frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Switching {
    /// `no switchport`
    Routed,
    /// It belongs to one VLAN.
    Access {
        vlan: u32,
        /// `switchport mode access`; otherwise it would talk about it.
        fixed: bool,
    },
    /// `switchport mode trunk`
    Trunk {
        native: u32,
        /// As configured: `10,20-30`, or nothing for all.
        allowed: Option<String>,
    },
}

impl Interfaces {
    /// The ports that can switch, in order.
    pub(crate) fn switch_ports(&self) -> impl Iterator<Item = SwitchPort<'_>> {
        self.iter().filter_map(|(name, interface)| match interface.medium {
            Medium::Port { kind, .. } if kind.switched => Some(port(*name, kind, interface)),
            Medium::Port { .. } | Medium::Loopback | Medium::Software => None,
        })
    }
}

impl Interface {
    /// Whether it takes frames and no addresses.
    pub(super) fn is_switching(&self) -> bool {
        match self.medium {
            Medium::Port { kind, .. } => kind.switched && switching(self) != Switching::Routed,
            Medium::Loopback | Medium::Software => false,
        }
    }
}

fn port<'a>(
    name: InterfaceName,
    kind: &'static PortKind,
    interface: &'a Interface,
) -> SwitchPort<'a> {
    let (config, line) = (&interface.config, interface.line());
    SwitchPort {
        name,
        kind,
        description: config.description.as_deref().unwrap_or_default(),
        is_shut: line.is_shut,
        is_up: line.protocol_up,
        duplex: config.duplex.map(|duplex| match duplex {
            Duplex::Full => "full",
            Duplex::Half => "half",
        }),
        mbit: config.speed_mbit,
        switching: switching(interface),
        is_bundled: config.channel.is_some(),
    }
}

fn switching(interface: &Interface) -> Switching {
    let kept = |words: &str| interface.config.inert.lines(words).last();
    let vlan = |words: &str| kept(words).and_then(|rest| rest.parse().ok()).unwrap_or(1);
    if kept("no switchport").is_some_and(str::is_empty) {
        return Switching::Routed;
    }
    match kept("switchport mode") {
        Some("trunk") => Switching::Trunk {
            native: vlan("switchport trunk native vlan"),
            allowed: kept("switchport trunk allowed vlan")
                .filter(|list| *list != "all")
                .map(str::to_owned),
        },
        mode => Switching::Access {
            vlan: vlan("switchport access vlan"),
            fixed: mode == Some("access"),
        },
    }
}

impl SwitchPort<'_> {
    /// The VLANs of which it carries frames, among these.
    pub(crate) fn carries(&self, vlan: u32) -> bool {
        match &self.switching {
            Switching::Routed => false,
            Switching::Access { vlan: own, .. } => *own == vlan,
            Switching::Trunk { allowed, .. } => {
                allowed.as_deref().is_none_or(|list| is_in(list, vlan))
            }
        }
    }
}

/// Whether a number is in a list like `10,20-30`.
fn is_in(list: &str, number: u32) -> bool {
    list.split(',').any(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let bounds = first.trim().parse::<u32>().ok().zip(last.trim().parse::<u32>().ok());
        bounds.is_some_and(|(first, last)| (first..=last).contains(&number))
    })
}
