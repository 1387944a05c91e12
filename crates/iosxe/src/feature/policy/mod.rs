//! What routing policies are made of: prefix lists, route maps, lists of AS paths and communities.
//!
//! Kept, validated, printed and shown; no route is filtered by them, since the protocols that would
//! ask are configuration only. It knows none of those protocols.

mod clause;
pub(crate) mod lists;
pub(crate) mod prefix;
mod prefix_show;
pub(crate) mod route_map;
mod route_map_show;

use std::collections::BTreeMap;

use lists::Lists;
use prefix::PrefixLists;
use route_map::Entry;

/// The policies of a router.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    prefixes: PrefixLists,
    prefixes_v6: PrefixLists,
    lists: Lists,
    /// The entries of each route map by their numbers.
    route_maps: BTreeMap<String, BTreeMap<u32, Entry>>,
}
