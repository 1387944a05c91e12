//! IPv4 addresses with their masks, and what IOS refuses of them.

use std::fmt;
use std::net::Ipv4Addr;

/// An address and the length of its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    address: Ipv4Addr,
    length: u8,
}

impl Prefix {
    /// An address with a contiguous mask; `None` for a mask with holes.
    pub(crate) fn new(address: Ipv4Addr, mask: Ipv4Addr) -> Option<Self> {
        let bits = mask.to_bits();
        let contiguous = bits.leading_ones() + bits.trailing_zeros() == u32::BITS || bits == 0;
        let length = u8::try_from(bits.leading_ones()).ok()?;
        contiguous.then_some(Prefix { address, length })
    }

    /// The address.
    pub(crate) fn address(self) -> Ipv4Addr {
        self.address
    }

    /// `255.255.255.0`
    pub(crate) fn mask(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(mask_bits(self.length))
    }

    /// The first address of its subnet.
    pub(crate) fn network(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.address.to_bits() & mask_bits(self.length))
    }

    /// How many of its bits are the network's.
    pub(crate) fn length(self) -> u8 {
        self.length
    }

    /// The subnet that it is in.
    pub(crate) fn subnet(self) -> Prefix {
        Prefix { address: self.network(), length: self.length }
    }

    /// Its address alone.
    pub(crate) fn host(self) -> Prefix {
        Prefix::host_of(self.address)
    }

    /// One address alone.
    pub(crate) fn host_of(address: Ipv4Addr) -> Prefix {
        Prefix { address, length: 32 }
    }

    /// Whether the two subnets share an address.
    pub(crate) fn overlaps(self, other: Prefix) -> bool {
        let mask = mask_bits(self.length.min(other.length));
        (self.address.to_bits() ^ other.address.to_bits()) & mask == 0
    }

    /// What IOS says when no interface may have this address; only a loopback may have a /32.
    pub(crate) fn refusal(self, loopback: bool) -> Option<String> {
        let Prefix { address, length } = self;
        let octet = address.octets()[0];
        if octet == 0 || octet == 127 || octet >= 224 {
            return Some(format!("Not a valid host address - {address}\n"));
        }
        let hosts = address.to_bits() & !mask_bits(length);
        let edge = hosts == 0 || hosts == !mask_bits(length);
        let bad = if length == 32 { !loopback } else { length == 0 || (length < 31 && edge) };
        bad.then(|| format!("Bad mask /{length} for address {address}\n"))
    }
}

/// `10.0.0.1/24`
impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

fn mask_bits(length: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(address: [u8; 4], mask: [u8; 4]) -> Option<Prefix> {
        Prefix::new(address.into(), mask.into())
    }

    /// Goal: only an address that a host may have is taken. Method: a table of edges.
    #[test]
    fn addresses_are_refused_as_ios_does() {
        let table = [
            ([10, 0, 0, 1], [255, 255, 255, 0], false, None),
            ([10, 0, 0, 1], [255, 255, 255, 255], true, None),
            ([10, 0, 0, 0], [255, 255, 255, 254], false, None),
            (
                [10, 0, 0, 1],
                [255, 255, 255, 255],
                false,
                Some("Bad mask /32 for address 10.0.0.1\n"),
            ),
            ([10, 0, 0, 0], [255, 255, 255, 0], false, Some("Bad mask /24 for address 10.0.0.0\n")),
            (
                [10, 0, 0, 255],
                [255, 255, 255, 0],
                false,
                Some("Bad mask /24 for address 10.0.0.255\n"),
            ),
            (
                [224, 0, 0, 5],
                [255, 255, 255, 0],
                false,
                Some("Not a valid host address - 224.0.0.5\n"),
            ),
        ];
        for (address, mask, loopback, want) in table {
            let got = prefix(address, mask).and_then(|prefix| prefix.refusal(loopback));
            assert_eq!(got.as_deref(), want, "{address:?} {mask:?}");
        }
        assert_eq!(prefix([10, 0, 0, 1], [255, 0, 255, 0]), None);
    }

    /// Goal: subnets overlap when one holds the other. Method: both orders.
    #[test]
    fn subnets_overlap_in_both_orders() {
        let wide = prefix([10, 0, 0, 1], [255, 0, 0, 0]).expect("a mask");
        let narrow = prefix([10, 9, 9, 9], [255, 255, 255, 0]).expect("a mask");
        let other = prefix([11, 0, 0, 1], [255, 255, 255, 0]).expect("a mask");
        assert!(wide.overlaps(narrow) && narrow.overlaps(wide));
        assert!(!wide.overlaps(other) && !other.overlaps(narrow));
        assert_eq!(narrow.network().to_string(), "10.9.9.0");
    }
}
