//! Addresses of IPv4 and IPv6 with their masks, and what IOS refuses of them.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What addresses of IPv4 and of IPv6 have in common.
pub(crate) trait Family: Copy + Ord + fmt::Debug + 'static {
    /// How many bits an address has.
    const BITS: u8;

    /// The address as a number.
    fn bits(self) -> u128;

    /// The address of a number.
    fn of_bits(bits: u128) -> Self;

    /// As IOS prints it.
    fn shown(self) -> String;
}

impl Family for Ipv4Addr {
    const BITS: u8 = 32;

    fn bits(self) -> u128 {
        self.to_bits().into()
    }

    fn of_bits(bits: u128) -> Self {
        Ipv4Addr::from_bits(u32::try_from(bits).unwrap_or(u32::MAX))
    }

    fn shown(self) -> String {
        self.to_string()
    }
}

/// In the form of RFC 5952, with capitals.
impl Family for Ipv6Addr {
    const BITS: u8 = 128;

    fn bits(self) -> u128 {
        self.to_bits()
    }

    fn of_bits(bits: u128) -> Self {
        Ipv6Addr::from_bits(bits)
    }

    fn shown(self) -> String {
        self.to_string().to_ascii_uppercase()
    }
}

/// An address and the length of its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Prefix<A = Ipv4Addr> {
    address: A,
    length: u8,
}

impl<A: Family> Prefix<A> {
    /// An address with a mask of this length.
    pub(crate) fn of(address: A, length: u8) -> Self {
        Prefix { address, length: length.min(A::BITS) }
    }

    /// One address alone.
    pub(crate) fn host_of(address: A) -> Self {
        Prefix { address, length: A::BITS }
    }

    /// The address.
    pub(crate) fn address(self) -> A {
        self.address
    }

    /// How many of its bits are the network's.
    pub(crate) fn length(self) -> u8 {
        self.length
    }

    /// The first address of its subnet.
    pub(crate) fn network(self) -> A {
        A::of_bits(self.address.bits() & mask_bits::<A>(self.length))
    }

    /// The subnet that it is in.
    pub(crate) fn subnet(self) -> Self {
        Prefix { address: self.network(), length: self.length }
    }

    /// Its address alone.
    pub(crate) fn host(self) -> Self {
        Prefix::host_of(self.address)
    }

    /// Whether the two subnets share an address.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let mask = mask_bits::<A>(self.length.min(other.length));
        (self.address.bits() ^ other.address.bits()) & mask == 0
    }
}

impl Prefix {
    /// An address with a contiguous mask; `None` for a mask with holes.
    pub(crate) fn new(address: Ipv4Addr, mask: Ipv4Addr) -> Option<Self> {
        let bits = mask.to_bits();
        let contiguous = bits.leading_ones() + bits.trailing_zeros() == u32::BITS || bits == 0;
        let length = u8::try_from(bits.leading_ones()).ok()?;
        contiguous.then_some(Prefix { address, length })
    }

    /// `255.255.255.0`
    pub(crate) fn mask(self) -> Ipv4Addr {
        Ipv4Addr::of_bits(mask_bits::<Ipv4Addr>(self.length))
    }

    /// What IOS says when no interface may have this address; only a loopback may have a /32.
    pub(crate) fn refusal(self, loopback: bool) -> Option<String> {
        let Prefix { address, length } = self;
        let octet = address.octets()[0];
        if octet == 0 || octet == 127 || octet >= 224 {
            return Some(format!("Not a valid host address - {address}\n"));
        }
        let hosts = u32::MAX.checked_shr(length.into()).unwrap_or(0);
        let host = address.to_bits() & hosts;
        let edge = host == 0 || host == hosts;
        let bad = if length == 32 { !loopback } else { length == 0 || (length < 31 && edge) };
        bad.then(|| format!("Bad mask /{length} for address {address}\n"))
    }
}

/// `10.0.0.1/24`, `2001:DB8::1/64`
impl<A: Family> fmt::Display for Prefix<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address.shown(), self.length)
    }
}

/// The network's bits of an address of this family.
fn mask_bits<A: Family>(length: u8) -> u128 {
    let all = u128::MAX >> (128 - u32::from(A::BITS));
    all & !all.checked_shr(length.into()).unwrap_or(0)
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
        let six = |text: &str, length| Prefix::<Ipv6Addr>::of(text.parse().expect("v6"), length);
        let (wide, narrow) = (six("2001:db8::", 32), six("2001:db8:0:1::1", 64));
        assert!(wide.overlaps(narrow) && narrow.overlaps(wide) && six("::", 0).overlaps(wide));
        assert!(!narrow.overlaps(six("2001:db8:0:2::1", 64)));
        assert_eq!(narrow.subnet().to_string(), "2001:DB8:0:1::/64");
    }
}
