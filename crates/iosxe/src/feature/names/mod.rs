//! Names and addresses: the host table, the name servers, the domains that complete a name.
//!
//! Asked by every command that takes a name. No name server ever answers here (a lab has none), and
//! a router does not wait for one: what is not in the host table is unknown.

pub(crate) mod config;
pub(crate) mod show;

use std::net::{IpAddr, Ipv4Addr};

use cli::InterfaceName;

use crate::device::State;

/// How many names a host table holds.
const HOSTS_MAX: usize = 1_000;

/// How many addresses one name has (Cisco's command reference of `ip host`).
const ADDRESSES_MAX: usize = 8;

/// How many name servers a router asks (Cisco's command reference of `ip name-server`).
const SERVERS_MAX: usize = 6;

/// How many domains complete a name.
const DOMAINS_MAX: usize = 32;

/// What a router asks that knows no name server.
const BROADCAST: IpAddr = IpAddr::V4(Ipv4Addr::BROADCAST);

/// What a router knows of names, but for its own domain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    hosts: Vec<Host>,
    /// `ip name-server`, each with its VRF.
    servers: Vec<(Option<String>, IpAddr)>,
    /// `ip domain list`
    domains: Vec<String>,
    /// `ip domain round-robin`
    round_robin: bool,
    /// `ip domain lookup source-interface`
    source: Option<InterfaceName>,
}

/// `ip host`
#[derive(Clone, Debug, PartialEq, Eq)]
struct Host {
    vrf: Option<String>,
    name: String,
    /// The port that a connection to it goes to.
    port: Option<u16>,
    addresses: Vec<IpAddr>,
}

/// What became of a word that is an address or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    /// It is an address, or one of the host table.
    Address(IpAddr),
    /// It is nothing, after what is printed here.
    Unknown(String),
}

/// The address that a word stands for, of those that are meant. A name is looked up as it is, then
/// within each domain.
pub(crate) fn resolve(state: &State, word: &str, is_meant: impl Fn(IpAddr) -> bool) -> Resolved {
    if let Ok(address) = word.parse::<IpAddr>() {
        return match is_meant(address) {
            true => Resolved::Address(address),
            false => Resolved::Unknown(String::new()),
        };
    }
    match found(state, word, is_meant) {
        Some(address) => Resolved::Address(address),
        None => Resolved::Unknown(translating(state, word)),
    }
}

/// The IPv4 address that the host table has for a name.
pub(crate) fn address_of(state: &State, name: &str) -> Option<Ipv4Addr> {
    match found(state, name, |address| address.is_ipv4())? {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

/// The first address that the host table has for a name, of those that are meant.
fn found(state: &State, name: &str, is_meant: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let names = &state.names;
    let domains = names.domains.iter().map(String::as_str).chain(state.system.domain());
    let full = domains.map(|domain| format!("{name}.{domain}"));
    let mut candidates = std::iter::once(name.to_owned()).chain(full);
    let host = candidates.find_map(|name| names.host(&name))?;
    host.addresses.iter().copied().find(|address| is_meant(*address))
}

/// What a router prints while it asks its name servers, if it does.
pub(crate) fn translating(state: &State, word: &str) -> String {
    if !state.system.looks_names_up() {
        return String::new();
    }
    let servers = state.names.asked().map(|server| format!(" ({server})")).collect::<String>();
    format!("Translating \"{word}\"...domain server{servers}\n")
}

impl Names {
    fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.iter().find(|host| host.vrf.is_none() && host.name.eq_ignore_ascii_case(name))
    }

    /// The name servers that are asked.
    fn asked(&self) -> impl Iterator<Item = IpAddr> {
        let of_table = self.servers.iter().filter(|(vrf, _)| vrf.is_none()).map(|(_, at)| *at);
        let none = self.servers.iter().all(|(vrf, _)| vrf.is_some());
        of_table.chain(none.then_some(BROADCAST))
    }
}
