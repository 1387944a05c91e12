//! Routes: those of the interfaces, those that are configured, and which one a packet takes.
//!
//! Nothing is kept that follows from something else: the table is made anew from interfaces and
//! `ip route` lines whenever somebody asks. Used by commands, and by the lab that carries packets.

pub(crate) mod cef;
mod change;
pub(crate) mod config;
pub(crate) mod exec;
pub(crate) mod show;
mod table;

pub(crate) use change::tell_changes;
pub(crate) use table::{Listed, Table, first_port, listed, next_hop, origin_word};

use std::net::Ipv4Addr;

use cli::InterfaceName;

use crate::device::State;
use crate::feature::interface::Prefix;

/// How many `ip route` lines one router keeps.
const STATICS_MAX: usize = 4096;

/// The routes that are configured, in the order of a running-config.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statics {
    all: Vec<Static>,
    /// The table as the event manager was told of it, while an applet waits for routes.
    told: Option<Table>,
}

/// One `ip route`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Static {
    prefix: Prefix,
    hop: Hop,
    distance: u8,
    name: Option<String>,
    tag: Option<u32>,
    permanent: bool,
    /// It stands only while this tracked object is up.
    track: Option<u32>,
    /// The hop comes from a DHCP server, of which there is none.
    is_dhcp: bool,
}

/// Where a route leads: a port, an address, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hop {
    interface: Option<InterfaceName>,
    address: Option<Ipv4Addr>,
}

/// Whether a static route follows a tracked object.
pub(crate) fn follows(state: &State, number: u32) -> bool {
    state.statics.all.iter().any(|route| route.track == Some(number))
}

impl Statics {
    /// Adds a route; one with the same prefix and hop is replaced. `false` when there is no room.
    fn set(&mut self, new: Static) -> bool {
        self.all.retain(|old| (old.prefix, old.hop) != (new.prefix, new.hop));
        if self.all.len() >= STATICS_MAX {
            return false;
        }
        let key = |route: &Static| (route.prefix.address(), route.prefix.length(), route.distance);
        let at = self.all.partition_point(|old| key(old) <= key(&new));
        self.all.insert(at, new);
        true
    }

    /// Removes the routes to a prefix, all of them or those over one hop. `false` if none was
    /// there.
    fn remove(&mut self, prefix: Prefix, hop: Option<Hop>) -> bool {
        let before = self.all.len();
        self.all.retain(|old| old.prefix != prefix || hop.is_some_and(|hop| hop != old.hop));
        self.all.len() < before
    }
}
