//! Debugging: which switches of `debug ...` are on, for every feature that has some.
//!
//! A feature lists its switches as a [`Group`] in its own folder, adds one line to [`GROUPS`], and
//! asks [`is_on`] before it says more than usual. What it says then is a log message of its own:
//! nothing here prints any. A reload turns everything off.

mod commands;
mod generic;
mod show;

pub(crate) use commands::commands;

use std::collections::BTreeSet;

use crate::device::State;
use crate::feature::eem;

/// The switches of one feature.
#[derive(Debug)]
pub(crate) struct Group {
    /// Its heading in `show debugging`, without the colon.
    pub heading: &'static str,
    /// The words between `debug` and a switch's own, each with what `?` says of it.
    pub opening: &'static [(&'static str, &'static str)],
    /// The words of its switches that are not the last, with what `?` says of each.
    pub branches: &'static [(&'static str, &'static str)],
    /// What `debug` says when all are turned on or off together: `X debugging is on`.
    pub all: &'static str,
    /// The switches.
    pub switches: &'static [Switch],
}

/// One thing that can be debugged.
#[derive(Debug)]
pub(crate) struct Switch {
    /// Its words after those of the group: `action cli`.
    pub words: &'static str,
    /// What `?` says of the last of them.
    pub help: &'static str,
    /// How the router names it: `X debugging is on`.
    pub said: &'static str,
}

/// Every group, in the order of `show debugging`.
static GROUPS: &[&Group] =
    &[&eem::debug::SWITCHES, &generic::IP, &generic::CRYPTO, &generic::OTHERS];

/// Which switches are on: their group's heading and their own words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Debugs(BTreeSet<(&'static str, &'static str)>);

impl Debugs {
    fn is_on(&self, group: &Group, words: &str) -> bool {
        self.0.contains(&(group.heading, words))
    }

    fn set(&mut self, group: &'static Group, switch: &'static Switch, on: bool) {
        let key = (group.heading, switch.words);
        if on {
            self.0.insert(key)
        } else {
            self.0.remove(&key)
        };
    }
}

/// Whether the switch of these words is on.
pub(crate) fn is_on(state: &State, group: &Group, words: &str) -> bool {
    state.debugs.is_on(group, words)
}
