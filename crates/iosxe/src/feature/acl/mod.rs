//! Access lists: who and what may pass, entry by entry, and how often each has matched.
//!
//! Made by `ip access-list`, `access-list` and `ipv6 access-list`; asked by lines, interfaces and
//! services through [`permits`]. It knows none of those who ask.

pub(crate) mod clear;
pub(crate) mod config;
mod grammar;
pub(crate) mod guard;
mod list;
mod logged;
mod names;
pub(crate) mod numbered;
mod packet;
mod read;
mod rule;
pub(crate) mod show;
mod time_range;

pub(crate) use guard::{Guard, Guards, Version};
pub(crate) use list::ListName;
pub(crate) use logged::report;
pub(crate) use packet::permits;
pub(crate) use rule::{Action, Family};

use std::collections::BTreeMap;

use list::List;
use logged::Flow;

/// How many lists a router may have.
const LISTS_MAX: usize = 2_000;

/// The access lists of a router. Those of IPv4 and those of IPv6 have names of their own.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccessLists {
    v4: BTreeMap<ListName, List>,
    v6: BTreeMap<ListName, List>,
    /// What was logged of them lately.
    flows: Vec<Flow>,
}

impl AccessLists {
    /// The lists of a family, numbers first, then names.
    fn of(&self, family: Family) -> impl Iterator<Item = (&ListName, &List)> {
        let lists = if family == Family::V6 { &self.v6 } else { &self.v4 };
        lists.iter().filter(move |(_, list)| list.family == family)
    }

    fn get(&self, v6: bool, name: &ListName) -> Option<&List> {
        if v6 { self.v6.get(name) } else { self.v4.get(name) }
    }

    /// A list; made if there is none of the name, and nothing if there is one of another family or
    /// no room.
    fn get_or_make(&mut self, family: Family, name: &ListName) -> Result<&mut List, String> {
        let is_full = self.v4.len() + self.v6.len() >= LISTS_MAX;
        let lists = if family == Family::V6 { &mut self.v6 } else { &mut self.v4 };
        if is_full && !lists.contains_key(name) {
            return Err("% Maximum number of access lists reached\n".into());
        }
        let list = lists.entry(name.clone()).or_insert_with(|| List::new(family));
        if list.family == family {
            return Ok(list);
        }
        let kind = if list.family == Family::Standard { "Standard" } else { "Extended" };
        Err(format!("% A named {kind} IP access list with this name already exists\n"))
    }

    fn remove(&mut self, family: Family, name: &ListName) {
        let lists = if family == Family::V6 { &mut self.v6 } else { &mut self.v4 };
        if lists.get(name).is_some_and(|list| list.family == family) {
            lists.remove(name);
        }
    }

    /// Counts a match of an entry; the family of its list.
    fn count(&mut self, v6: bool, name: &ListName, sequence: u32) -> Option<Family> {
        let lists = if v6 { &mut self.v6 } else { &mut self.v4 };
        let list = lists.get_mut(name)?;
        let family = list.family;
        let (_, entry) = list.entries_mut().find(|(number, _)| *number == sequence)?;
        entry.matches += 1;
        Some(family)
    }
}
