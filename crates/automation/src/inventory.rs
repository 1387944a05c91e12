//! What the automation must know of each node: its names, whether it is real, its enable secret,
//! and whether its credential changed.
//!
//! Made by `config` from the topology or inventory file; passwords stay with the program, which
//! opens sessions.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use topology::{Address, Node, NodeKind, Secret, Topology};

use crate::io::Login;

/// The nodes, by name and alias.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inventory {
    nodes: BTreeMap<String, Device>,
    /// Node names by every name they answer to, in lower case: the loader sees to it that no two
    /// differ in case alone.
    called: BTreeMap<String, String>,
    /// Where the nodes are, in the order of the file.
    places: Vec<(String, Vec<Address>)>,
    /// Whether these are all nodes of the file.
    pub(crate) whole: bool,
}

/// One node.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    /// Whether it exists outside the simulator.
    pub(crate) real: bool,
    /// The enable secret, or why there is none although the inventory names one.
    pub(crate) enable: Option<Result<SecretString, String>>,
    /// All that is shown to it at a login.
    pub(crate) credential: Credential,
}

/// User, password and enable secret of a node as one digest: it tells that one of them changed, is
/// kept in memory alone and never printed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Credential([u8; 32]);

impl Credential {
    fn of(node: &Node) -> Self {
        let mut hasher = Sha256::new();
        let (enable, key) = (node.enable.as_ref(), node.ssh_key.as_ref());
        for secret in [Some(&node.username), Some(&node.password), enable, key] {
            let value = secret.map(Secret::expose);
            let (kind, text) = match value {
                None => (0, ""),
                Some(Ok(text)) => (1, text),
                Some(Err(_)) => (2, ""),
            };
            hasher.update([kind]);
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
        Credential(hasher.finalize().into())
    }

    /// That of a request; `None` when it gives none, and the inventory's is shown.
    pub(crate) fn given(login: &Login) -> Option<Self> {
        let secrets = [login.password.as_ref(), login.enable.as_ref()];
        if login.username.is_none() && secrets.iter().all(Option::is_none) {
            return None;
        }
        let mut hasher = Sha256::new();
        let secrets = secrets.map(|secret| secret.map(SecretString::expose_secret));
        for text in [login.username.as_deref(), secrets[0], secrets[1]] {
            hasher.update([u8::from(text.is_some())]);
            hasher.update((text.unwrap_or_default().len() as u64).to_be_bytes());
            hasher.update(text.unwrap_or_default());
        }
        Some(Credential(hasher.finalize().into()))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential")
    }
}

impl Inventory {
    pub(crate) fn new(topology: &Topology) -> Self {
        let mut inventory = Inventory { whole: topology.whole, ..Inventory::default() };
        for (name, node) in &topology.nodes {
            let enable = node.enable.as_ref().map(|secret| secret.value.clone());
            let real = node.kind == NodeKind::Real;
            let device = Device { real, enable, credential: Credential::of(node) };
            inventory.nodes.insert(name.clone(), device);
            for called in node.aliases.iter().chain([name]) {
                inventory.called.insert(called.to_lowercase(), name.clone());
            }
        }
        inventory.set_places(topology);
        inventory
    }

    /// Where the nodes are from now on.
    pub(crate) fn set_places(&mut self, topology: &Topology) {
        let places = topology.nodes.iter().map(|(name, node)| {
            let doors = [&node.ssh, &node.netconf, &node.restconf];
            (name.clone(), doors.into_iter().flatten().cloned().collect())
        });
        self.places = places.collect();
    }

    /// The node that is called so, or that has this address: of several the one with the port, else
    /// the first in the file.
    pub(crate) fn locate(&self, called: &str, port: Option<u16>) -> Option<&str> {
        if let Some(name) = self.resolve(called) {
            return Some(name);
        }
        let whole = called.parse::<Address>().ok();
        let port = port.or(whole.as_ref().map(|address| address.port));
        let host = whole.map_or_else(|| called.to_owned(), |address| address.host);
        let is_there = |door: &Address| is_at(door, &host);
        let mut there = self.places.iter().filter(|(_, doors)| doors.iter().any(is_there));
        let by_port = |(_, doors): &&(String, Vec<Address>)| {
            port.is_some() && doors.iter().any(|door| is_there(door) && Some(door.port) == port)
        };
        let exact = self.places.iter().find(by_port);
        exact.or_else(|| there.next()).map(|(name, _)| name.as_str())
    }

    /// The node that alone has this address, on whatever port.
    pub(crate) fn sole_at(&self, address: IpAddr) -> Option<&str> {
        let is_there = |door: &Address| door.ip() == Some(address);
        let mut there = self.places.iter().filter(|(_, doors)| doors.iter().any(is_there));
        match (there.next(), there.next()) {
            (Some((name, _)), None) => Some(name),
            (Some(_), Some(_)) | (None, _) => None,
        }
    }

    /// Whether a node is called so, or has this address: others may have it, too, on other ports.
    pub(crate) fn is_called(&self, node: &str, called: &str) -> bool {
        let is_host = self.resolve(called).is_none() && called.parse::<Address>().is_err();
        let mut doors =
            self.places.iter().filter(|(name, _)| name == node).flat_map(|(_, all)| all);
        self.locate(called, None) == Some(node) || is_host && doors.any(|door| is_at(door, called))
    }

    /// The node of that name.
    pub(crate) fn device(&self, name: &str) -> Option<&Device> {
        self.nodes.get(name)
    }

    /// The name of the node that is called so, by its own name or an alias, in any case.
    pub(crate) fn resolve(&self, called: &str) -> Option<&str> {
        self.called.get(&called.to_lowercase()).map(String::as_str)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(String::as_str)
    }
}

/// Whether a door of a node has this host: addresses are compared as such, in whatever form.
fn is_at(door: &Address, host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => door.ip() == Some(address),
        Err(_) => door.host.eq_ignore_ascii_case(host),
    }
}
