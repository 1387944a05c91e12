//! The router's own RSA key pairs: that there are some, how long they are, since when.
//!
//! Changed by `crypto key`, shown by `show crypto key mypubkey rsa`. There are no keys here: what a
//! client of SSH sees is the host key of the simulator. A reload keeps them, as a router's private
//! configuration does.

mod exec;

pub(crate) use exec::COMMANDS;

use std::collections::BTreeMap;

use simtime::Time;

/// How many key pairs a router holds.
const KEYS_MAX: usize = 64;

/// The key pairs of one router, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys(BTreeMap<String, Pair>);

/// One key pair.
#[derive(Clone, Debug)]
struct Pair {
    bits: u64,
    exportable: bool,
    made: Time,
}

impl Keys {
    /// Whether there is a pair of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The pair of this name, or the first: its name, and its size in bits.
    pub(crate) fn named(&self, name: Option<&str>) -> Option<(&str, u64)> {
        let mut all = self.0.iter().filter(|(known, _)| name.is_none_or(|name| name == *known));
        all.next().map(|(name, pair)| (name.as_str(), pair.bits))
    }
}
