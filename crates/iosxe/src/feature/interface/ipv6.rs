//! What is configured of IPv6 on one interface, and the addresses that follow from it.
//!
//! Read by tables, routes and whoever carries packets. Nothing is kept that a MAC address gives:
//! link-local addresses and those of `eui-64` are made anew (RFC 4291, appendix A).

use std::collections::BTreeSet;
use std::net::Ipv6Addr;

use super::{MacAddress, Prefix};

/// How many addresses one interface has beside its link-local one.
pub(super) const ADDRESSES_MAX: usize = 64;

/// `FE80::/10` (RFC 4291, section 2.5.6).
const LINK_LOCAL_BITS: u128 = 0xfe80 << 112;

/// The configuration of one interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ipv6 {
    /// `ipv6 enable`
    pub(super) enabled: bool,
    /// `ipv6 address FE80::1 link-local`
    pub(super) link_local: Option<Ipv6Addr>,
    pub(super) addresses: Vec<Configured>,
    pub(super) autoconfig: Option<Autoconfig>,
    /// `ipv6 address dhcp`
    pub(super) dhcp: Option<Dhcp>,
    pub(super) mtu: Option<u32>,
}

/// One address as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Configured {
    pub(super) prefix: Prefix<Ipv6Addr>,
    pub(super) form: Form,
}

/// How an address is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// The lower half comes from the MAC address.
    Eui64,
    Anycast,
}

/// `ipv6 address autoconfig`: nobody advertises a prefix here, so that it gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Autoconfig {
    Plain,
    Default,
}

/// `ipv6 address dhcp`: no server answers here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dhcp {
    Plain,
    RapidCommit,
}

impl Form {
    /// The word after the address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Form::Plain => "",
            Form::Eui64 => " eui-64",
            Form::Anycast => " anycast",
        }
    }
}

impl Configured {
    /// The address that the interface has of it.
    pub(super) fn address(self, mac: MacAddress) -> Prefix<Ipv6Addr> {
        match self.form {
            Form::Plain | Form::Anycast => self.prefix,
            Form::Eui64 => {
                let upper = self.prefix.network().to_bits() & !u128::from(u64::MAX);
                let address = Ipv6Addr::from_bits(upper | u128::from(mac.interface_id()));
                Prefix::of(address, self.prefix.length())
            }
        }
    }
}

impl Ipv6 {
    /// Whether the interface speaks IPv6.
    pub(super) fn runs(&self) -> bool {
        self.enabled
            || self.link_local.is_some()
            || !self.addresses.is_empty()
            || self.autoconfig.is_some()
            || self.dhcp.is_some()
    }

    /// Its link-local address: the one that is configured, else the one of its MAC address.
    pub(super) fn link_local(&self, mac: MacAddress) -> Option<Ipv6Addr> {
        let made = Ipv6Addr::from_bits(LINK_LOCAL_BITS | u128::from(mac.interface_id()));
        self.runs().then(|| self.link_local.unwrap_or(made))
    }

    /// Its other addresses.
    pub(super) fn addresses(&self, mac: MacAddress) -> impl Iterator<Item = Prefix<Ipv6Addr>> {
        self.addresses.iter().map(move |configured| configured.address(mac))
    }

    /// The multicast groups that it has joined (RFC 4291, section 2.8).
    pub(super) fn groups(&self, mac: MacAddress, is_router: bool) -> BTreeSet<Ipv6Addr> {
        let all = |last: u16| Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, last);
        let own = self.addresses(mac).map(Prefix::address).chain(self.link_local(mac));
        let solicited = own.map(|address| {
            let [.., high, low] = address.segments();
            Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00 | (high & 0xff), low)
        });
        let routers = is_router.then(|| all(2));
        solicited.chain([all(1)]).chain(routers).collect()
    }
}

impl MacAddress {
    /// The modified EUI-64 of a MAC address (RFC 4291, appendix A).
    fn interface_id(self) -> u64 {
        let [a, b, c, d, e, f] = self.octets();
        u64::from_be_bytes([a ^ 2, b, c, 0xff, 0xfe, d, e, f])
    }
}

/// Whether the address reaches no further than its link.
pub(crate) fn is_link_local(address: Ipv6Addr) -> bool {
    address.segments()[0] & 0xffc0 == 0xfe80
}
