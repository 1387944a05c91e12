//! A process as its tables see it, whichever mode configured it.

use std::net::Ipv4Addr;

use cli::InterfaceName;

use crate::device::State;
use crate::feature::interface::{Prefix, Routed};
use crate::feature::route::listed;
use crate::feature::routing::{Block, Kind, Step, ports};

/// One process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process<'a> {
    pub(crate) asn: u32,
    /// Of named mode.
    pub(crate) name: Option<&'a str>,
    /// Its networks and its id.
    pub(crate) block: &'a Block,
    /// Its routes.
    pub(crate) topology: &'a Block,
    pub(crate) is_shut: bool,
}

/// A network that a process knows.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) prefix: Prefix,
    pub(crate) metric: u64,
    /// `Connected, GigabitEthernet1`, `Rstatic (2816/0)`
    pub(crate) via: String,
}

/// The IPv4 processes of a router, in the order of a running-config.
pub(crate) fn processes(state: &State) -> Vec<Process<'_>> {
    let mut all = Vec::new();
    for (step, block) in state.routers.of(Kind::Eigrp) {
        let number = step.header.trim_start_matches("router eigrp ").parse().ok();
        let shut = block.lines.has("shutdown");
        let one = |asn, block| Process { asn, name: None, block, topology: block, is_shut: shut };
        all.extend(number.map(|asn| one(asn, block)));
        for (below, family) in &block.below {
            let own = family.lines.number("autonomous-system");
            all.extend(number_of(below).or(own).map(|asn| one(asn, family)));
        }
    }
    for (step, instance) in state.routers.of(Kind::EigrpNamed) {
        let name = Some(step.header.trim_start_matches("router eigrp "));
        let is_ipv4 = |below: &Step| below.header.starts_with("address-family ipv4");
        for (below, block) in instance.below.iter().filter(|(below, _)| is_ipv4(below)) {
            let mut topologies = block.below.iter();
            let base = topologies.find(|(step, _)| step.kind == Kind::EigrpTopology);
            let topology = base.map_or(block, |(_, topology)| topology);
            let is_shut = instance.lines.has("shutdown") || block.lines.has("shutdown");
            let one = |asn| Process { asn, name, block, topology, is_shut };
            all.extend(number_of(below).map(one));
        }
    }
    all
}

fn number_of(step: &Step) -> Option<u32> {
    step.header.rsplit_once(" autonomous-system ")?.1.parse().ok()
}

/// The classful network of an address, and its wildcard bits.
pub(crate) fn classful(address: Ipv4Addr) -> (Ipv4Addr, Ipv4Addr) {
    let bits: u32 = match address.octets()[0] {
        0 => 32,
        1..=127 => 24,
        128..=191 => 16,
        192..=223 => 8,
        224..=255 => 0,
    };
    let wildcard = u32::MAX.checked_shr(32 - bits).unwrap_or(0);
    (Ipv4Addr::from_bits(address.to_bits() & !wildcard), Ipv4Addr::from_bits(wildcard))
}

impl<'a> Process<'a> {
    /// The id that it runs with; without one it does not run.
    pub(crate) fn id(&self) -> Option<Ipv4Addr> {
        self.block.running.id
    }

    /// The VRF that it is in.
    pub(crate) fn vrf(&self) -> Option<&'a str> {
        self.block.vrf.as_deref()
    }

    /// Its networks: addresses and wildcard bits.
    pub(crate) fn networks(&self) -> impl Iterator<Item = (Ipv4Addr, Ipv4Addr)> + 'a {
        self.block.lines.of("network").filter_map(|line| {
            let mut words = line.split(' ').map(str::parse::<Ipv4Addr>);
            let address = words.next()?.ok()?;
            Some(match words.next() {
                Some(wildcard) => (address, wildcard.ok()?),
                None => classful(address),
            })
        })
    }

    /// The interfaces on which it runs, in order, with those that are passive.
    pub(crate) fn ports(&self, state: &'a State) -> Vec<Routed<'a>> {
        if self.id().is_none() || self.is_shut {
            return Vec::new();
        }
        let holds = |prefix: Prefix| {
            self.networks().any(|(network, wildcard)| {
                let bits = prefix.address().to_bits() ^ network.to_bits();
                bits & !wildcard.to_bits() == 0
            })
        };
        let up = ports(state, self.vrf()).filter(|port| port.is_up);
        up.filter(|port| port.prefixes().any(holds) && !self.is_off(port.name)).collect()
    }

    /// The `af-interface` block of one interface, and that of all.
    fn blocks(&self, name: InterfaceName) -> [Option<&'a Block>; 2] {
        let of = |name: &str| {
            let header = format!("af-interface {name}");
            let mut below = self.block.below.iter();
            below.find(|(step, _)| step.header == header).map(|(_, block)| block)
        };
        [of(&name.long()), of("default")]
    }

    fn is_off(&self, name: InterfaceName) -> bool {
        let own = self.blocks(name)[0];
        own.is_some_and(|block| block.lines.has("shutdown"))
    }

    /// Whether no hello is sent on an interface.
    pub(crate) fn is_passive(&self, name: InterfaceName) -> bool {
        let long = name.long();
        let lines = &self.block.lines;
        if self.name.is_none() {
            return match lines.has("passive-interface default") {
                true => !lines.has(&format!("no passive-interface {long}")),
                false => lines.has(&format!("passive-interface {long}")),
            };
        }
        let [own, default] = self.blocks(name);
        let has = |block: Option<&Block>, words| block.is_some_and(|block| block.lines.has(words));
        has(own, "passive-interface")
            || (has(default, "passive-interface") && !has(own, "no passive-interface"))
    }

    /// The metric of a network of its own (RFC 7868, section 5.6): 32 bits wide in classic mode,
    /// 64 in named mode. A loopback's delay follows from its bandwidth there.
    pub(crate) fn metric(&self, port: &Routed<'_>) -> u64 {
        let kbit = u64::from(port.kbit.max(1));
        let delay_us = u64::from(port.delay_us);
        if self.name.is_none() {
            return 256 * (10_000_000 / kbit + delay_us / 10);
        }
        let picoseconds =
            if port.is_loopback { 10_000_000_000_000 / kbit } else { delay_us * 1_000_000 };
        65_536 * 10_000_000 / kbit + picoseconds * 65_536 / 1_000_000
    }

    /// Every network that it knows: those of its interfaces, and what it redistributes.
    pub(crate) fn topology(&self, state: &'a State) -> Vec<Known> {
        let mut all: Vec<Known> = Vec::new();
        for port in self.ports(state) {
            for prefix in port.prefixes() {
                let (metric, via) = (self.metric(&port), format!("Connected, {}", port.name));
                all.push(Known { prefix: prefix.subnet(), metric, via });
            }
        }
        let best = all.iter().map(|known| known.metric).min().unwrap_or(2816);
        let routes = if self.vrf().is_none() { listed(state) } else { Vec::new() };
        for source in ["connected", "static"] {
            if !self.topology.lines.has(&format!("redistribute {source}")) {
                continue;
            }
            for route in routes.iter().filter(|route| route.origin == source) {
                if all.iter().all(|known| known.prefix != route.prefix) {
                    let via = format!("R{source} ({best}/0)");
                    all.push(Known { prefix: route.prefix, metric: best, via });
                }
            }
        }
        all.sort_by_key(|known| (known.prefix.address(), known.prefix.length()));
        all
    }
}
