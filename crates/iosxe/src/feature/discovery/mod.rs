//! CDP and LLDP: what a router tells its neighbours, and what it has heard of them.
//!
//! Frames come at a known pace, so an entry keeps since when; when it was refreshed last is
//! computed. The one timer is that of an entry whose neighbour has fallen silent. Whoever changes
//! an interface or the configuration calls [`review`].

pub(crate) mod cdp;
pub(crate) mod config;
mod entry;
mod event;
pub(crate) mod lldp;

pub(crate) use config::PortDiscovery;
pub(crate) use entry::{expire, hear, review};
pub(crate) use event::port_changed;

use std::collections::BTreeMap;
use std::sync::Arc;

use cli::InterfaceName;
use simtime::Duration;

use crate::device::State;
use crate::io::{Beat, Hello};
use entry::Entry;

/// One of the two protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Protocol {
    /// Cisco's own.
    Cdp,
    /// IEEE 802.1AB.
    Lldp,
}

/// What a router knows of its neighbours.
#[derive(Clone, Debug)]
pub(crate) struct Discovery {
    cdp: Speaker,
    lldp: Speaker,
    /// What is being sent to each port, whether it listens or not.
    sent_here: BTreeMap<InterfaceName, Arc<Hello>>,
    entries: BTreeMap<(Protocol, InterfaceName), Entry>,
    /// Grows whenever what this router sends may have changed.
    revision: u64,
}

/// One protocol as it is configured.
#[derive(Clone, Copy, Debug)]
struct Speaker {
    runs: bool,
    every_secs: u64,
    hold_secs: u64,
}

/// A router that nobody has configured sends neither.
impl Default for Discovery {
    fn default() -> Self {
        Discovery {
            cdp: Speaker { runs: false, every_secs: 60, hold_secs: 180 },
            lldp: Speaker { runs: false, every_secs: 30, hold_secs: 120 },
            sent_here: BTreeMap::new(),
            entries: BTreeMap::new(),
            revision: 0,
        }
    }
}

impl Protocol {
    /// As facts have it.
    fn word(self) -> &'static str {
        match self {
            Protocol::Cdp => "cdp",
            Protocol::Lldp => "lldp",
        }
    }

    fn beat(self, hello: &Hello) -> Option<Beat> {
        match self {
            Protocol::Cdp => hello.cdp,
            Protocol::Lldp => hello.lldp,
        }
    }
}

impl Discovery {
    /// Grows whenever what this router sends may have changed.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// What a reload does not change: what the neighbours send.
    pub(crate) fn after_reload(&self) -> Discovery {
        let (sent_here, revision) = (self.sent_here.clone(), self.revision + 1);
        Discovery { sent_here, revision, ..Discovery::default() }
    }

    fn speaker(&self, protocol: Protocol) -> &Speaker {
        match protocol {
            Protocol::Cdp => &self.cdp,
            Protocol::Lldp => &self.lldp,
        }
    }

    /// The entries of one protocol, in the order of the ports.
    fn known(&self, protocol: Protocol) -> impl Iterator<Item = (&InterfaceName, &Entry)> {
        let of_it = self.entries.iter().filter(move |((of, _), _)| *of == protocol);
        of_it.map(|((_, name), entry)| (name, entry))
    }
}

/// The hardware address of the neighbour that a port knows, if it knows one.
pub(crate) fn address_heard(state: &State, name: &InterfaceName) -> Option<String> {
    let known = |protocol| state.discovery.entries.get(&(protocol, *name));
    let entry = known(Protocol::Cdp).or_else(|| known(Protocol::Lldp));
    entry.map(|entry| entry.hello.mac.clone())
}

/// What each neighbour says, with the protocol and the own port that it was heard by.
pub(crate) fn neighbors(
    state: &State,
) -> impl Iterator<Item = (&'static str, &InterfaceName, &Hello)> {
    let entries = state.discovery.entries.iter();
    entries.map(|((protocol, name), entry)| (protocol.word(), name, &*entry.hello))
}

/// What a port sends, if it sends anything: its line protocol must be up.
pub(crate) fn hello(state: &State, name: &InterfaceName) -> Option<Hello> {
    let Discovery { cdp, lldp, .. } = &state.discovery;
    if !cdp.runs && !lldp.runs {
        return None;
    }
    let port = state.interfaces.port(name).filter(|port| port.up)?;
    let beat = |speaker: &Speaker, on: bool| {
        let Speaker { runs, every_secs, hold_secs } = *speaker;
        let (every, hold) = (Duration::from_secs(every_secs), Duration::from_secs(hold_secs));
        (runs && on).then_some(Beat { every, hold })
    };
    let cdp = beat(cdp, port.discovery.sends(Protocol::Cdp));
    let lldp = beat(lldp, port.discovery.sends(Protocol::Lldp));
    if cdp.is_none() && lldp.is_none() {
        return None;
    }
    let hostname = state.system.hostname();
    let device = match state.system.domain() {
        Some(domain) => format!("{hostname}.{domain}"),
        None => hostname.to_owned(),
    };
    let profile = state.platform.profile();
    Some(Hello {
        device,
        port: name.long(),
        description: port.description.map(str::to_owned),
        address: port.address,
        mac: port.mac.to_string(),
        platform: &profile.pid,
        version: profile.banner(),
        cdp,
        lldp,
    })
}
