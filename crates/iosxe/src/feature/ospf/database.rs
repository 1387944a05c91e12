//! The link states of a router that hears nobody: its own router LSA in each area (RFC 2328,
//! section A.4.2), with the checksum that it would have.
//!
//! Summaries and externals are not made: no neighbor would get them.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use simtime::Time;

use super::{Area, Network2328, Port, Process};
use crate::turn::Turn;

/// After so many seconds an LSA is made anew (RFC 2328, `LSRefreshTime`).
const REFRESH_SECS: u64 = 1800;

const SEQUENCE_FIRST: u32 = 0x8000_0001;

/// The router LSA of one area.
#[derive(Clone, Debug)]
pub(super) struct RouterLsa {
    pub(super) age_secs: u64,
    pub(super) sequence: u32,
    pub(super) checksum: u16,
    /// Network, mask, metric of each link.
    links: Vec<(Ipv4Addr, Ipv4Addr, u16)>,
    flags: u8,
}

/// The router LSA of each area in which the process has an interface that is up.
pub(super) fn own(turn: &Turn<'_>, process: &Process<'_>, id: Ipv4Addr) -> Vec<(Area, RouterLsa)> {
    let mut ports = process.ports(turn.state);
    ports.retain(|port| port.link.is_up);
    let mut areas: Vec<Area> = ports.iter().map(|port| port.area).collect();
    areas.sort_unstable();
    areas.dedup();
    let is_border = areas.len() > 1 && areas.contains(&Area(0));
    let flags = u8::from(is_border) | if process.is_boundary() { 2 } else { 0 };
    let times = &process.block.running;
    let began = times.ports.values().chain(&times.since).max().copied();
    let elapsed = began.map_or(0, |began: Time| turn.now.since(began).as_secs());
    let of = |area: Area| {
        let links = ports.iter().filter(|port| port.area == area).map(link).collect();
        let refreshes = u32::try_from(elapsed / REFRESH_SECS).unwrap_or(0);
        let mut lsa = RouterLsa {
            age_secs: elapsed % REFRESH_SECS,
            sequence: SEQUENCE_FIRST + refreshes,
            checksum: 0,
            links,
            flags,
        };
        lsa.checksum = fletcher(&lsa.bytes(id));
        (area, lsa)
    };
    areas.into_iter().map(of).collect()
}

/// A network on which nobody else is, is a stub; so is the address of a loopback.
fn link(port: &Port<'_>) -> (Ipv4Addr, Ipv4Addr, u16) {
    let prefix = match port.network() {
        Network2328::Loopback | Network2328::PointToMultipoint => port.prefix.host(),
        Network2328::Broadcast | Network2328::NonBroadcast | Network2328::PointToPoint => {
            port.prefix.subnet()
        }
    };
    (prefix.address(), prefix.mask(), u16::try_from(port.cost).unwrap_or(u16::MAX))
}

impl RouterLsa {
    /// As it would be on the wire, without its age and with no checksum yet.
    fn bytes(&self, id: Ipv4Addr) -> Vec<u8> {
        let mut bytes = vec![0x22, 1];
        bytes.extend(id.octets());
        bytes.extend(id.octets());
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend([0, 0]);
        let length = u16::try_from(24 + 12 * self.links.len()).unwrap_or(u16::MAX);
        bytes.extend(length.to_be_bytes());
        bytes.extend([self.flags, 0]);
        bytes.extend(u16::try_from(self.links.len()).unwrap_or(u16::MAX).to_be_bytes());
        for (network, mask, metric) in &self.links {
            bytes.extend(network.octets());
            bytes.extend(mask.octets());
            bytes.extend([3, 0]);
            bytes.extend(metric.to_be_bytes());
        }
        bytes
    }
}

/// Where the checksum stands in an LSA without its age.
const CHECKSUM_AT: usize = 14;

/// The checksum of ISO 8473 (RFC 905, annex B), over bytes of which its own two are zero.
fn fletcher(bytes: &[u8]) -> u16 {
    let (mut c0, mut c1) = (0u32, 0u32);
    for byte in bytes {
        c0 = (c0 + u32::from(*byte)) % 255;
        c1 = (c1 + c0) % 255;
    }
    let behind = u32::try_from(bytes.len() - CHECKSUM_AT - 1).unwrap_or(0) % 255;
    let x = (behind * c0 + 255 - c1) % 255;
    let y = (510 - c0 - x) % 255;
    let one = |sum: u32| u16::try_from(if sum == 0 { 255 } else { sum }).unwrap_or(0);
    one(x) << 8 | one(y)
}

fn heading(text: &mut String, process: &Process<'_>, id: Ipv4Addr) {
    let number = process.number;
    let _ = writeln!(text, "\n            OSPF Router with ID ({id}) (Process ID {number})");
}

/// `show ip ospf database`; of the LSAs of others alone there are none.
pub(super) fn summary(
    text: &mut String,
    turn: &Turn<'_>,
    (process, id): (&Process<'_>, Ipv4Addr),
    of_others: bool,
) {
    heading(text, process, id);
    if of_others {
        return;
    }
    for (area, lsa) in own(turn, process, id) {
        let _ = write!(
            text,
            "\n\t\tRouter Link States (Area {area})\n\n\
             Link ID         ADV Router      Age         Seq#       Checksum Link count\n"
        );
        let RouterLsa { age_secs, sequence, checksum, links, .. } = &lsa;
        let router = id.to_string();
        let count = links.len();
        let _ = writeln!(
            text,
            "{router:<15} {router:<15} {age_secs:<11} 0x{sequence:08X} 0x{checksum:06X} {count}"
        );
    }
}

/// `show ip ospf database router`
pub(super) fn routers(text: &mut String, turn: &Turn<'_>, process: &Process<'_>, id: Ipv4Addr) {
    heading(text, process, id);
    for (area, lsa) in own(turn, process, id) {
        let RouterLsa { age_secs, sequence, checksum, links, flags } = &lsa;
        let count = links.len();
        let _ = write!(
            text,
            "\n\t\tRouter Link States (Area {area})\n\n  LS age: {age_secs}\n  \
             Options: (No TOS-capability, DC)\n  LS Type: Router Links\n  \
             Link State ID: {id}\n  Advertising Router: {id}\n  \
             LS Seq Number: {sequence:08X}\n  Checksum: 0x{checksum:X}\n  Length: {}\n",
            24 + 12 * count
        );
        if flags & 1 != 0 {
            text.push_str("  Area Border Router\n");
        }
        if flags & 2 != 0 {
            text.push_str("  AS Boundary Router\n");
        }
        let _ = writeln!(text, "  Number of Links: {count}\n");
        for (network, mask, metric) in links {
            let _ = write!(
                text,
                "    Link connected to: a Stub Network\n     \
                 (Link ID) Network/subnet number: {network}\n     \
                 (Link Data) Network Mask: {mask}\n      \
                 Number of MTID metrics: 0\n       TOS 0 Metrics: {metric}\n\n"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the checksum is the one of the standard: over the bytes with it in place, both sums
    /// are zero. Method: LSAs of zero to five links.
    #[test]
    fn the_checksum_checks() {
        for count in 0..5 {
            let link = (Ipv4Addr::new(10, count, 0, 0), Ipv4Addr::new(255, 255, 0, 0), 64);
            let links = vec![link; usize::from(count)];
            let sequence = SEQUENCE_FIRST + u32::from(count);
            let lsa = RouterLsa { age_secs: 0, sequence, checksum: 0, links, flags: 2 };
            let mut bytes = lsa.bytes(Ipv4Addr::new(10, 0, 0, count));
            let checksum = fletcher(&bytes).to_be_bytes();
            bytes[CHECKSUM_AT..CHECKSUM_AT + 2].copy_from_slice(&checksum);
            let sums = bytes.iter().fold((0u32, 0u32), |(c0, c1), byte| {
                let c0 = (c0 + u32::from(*byte)) % 255;
                (c0, (c1 + c0) % 255)
            });
            assert_eq!(sums, (0, 0), "{count} links");
        }
    }
}
