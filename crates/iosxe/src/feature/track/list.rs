//! `track N list ...`: objects that are up or down together.

use std::collections::BTreeMap;

use super::Tracks;

/// How many objects one list holds.
pub(super) const MEMBERS_MAX: usize = 256;

/// A list of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct List {
    pub(super) rule: Rule,
    pub(super) members: BTreeMap<u32, Member>,
}

/// When a list is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Each of its objects is.
    And,
    /// One of its objects is.
    Or,
    /// So many per cent of its objects are.
    Percentage(Threshold),
    /// Its objects that are up weigh so much.
    Weight(Threshold),
}

/// Above `up` a list is up, below `down` it is down, between them it stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Threshold {
    pub(super) up: Option<u64>,
    pub(super) down: Option<u64>,
}

/// An object of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// It counts as up when it is down.
    pub(super) is_not: bool,
    /// What it adds to a weight.
    pub(super) weight: u64,
}

impl Threshold {
    /// Without `threshold`, one is enough: decided.
    pub(super) fn bounds(self) -> (u64, u64) {
        match (self.up, self.down) {
            (Some(up), Some(down)) => (up, down),
            (Some(up), None) => (up, up.saturating_sub(1)),
            (None, Some(down)) => (down + 1, down),
            (None, None) => (1, 0),
        }
    }

    fn judge(self, value: u64, before: bool) -> bool {
        let (up, down) = self.bounds();
        match () {
            () if value >= up => true,
            () if value <= down => false,
            () => before,
        }
    }
}

impl List {
    pub(super) fn new(rule: Rule) -> Self {
        List { rule, members: BTreeMap::new() }
    }

    /// `boolean and`
    pub(super) fn kind(&self) -> &'static str {
        match self.rule {
            Rule::And => "boolean and",
            Rule::Or => "boolean or",
            Rule::Percentage(_) => "threshold percentage",
            Rule::Weight(_) => "threshold weight",
        }
    }

    pub(super) fn is_same_kind(&self, other: &List) -> bool {
        self.kind() == other.kind()
    }

    /// The threshold, if it is a list with one.
    pub(super) fn threshold_mut(&mut self) -> Option<&mut Threshold> {
        match &mut self.rule {
            Rule::And | Rule::Or => None,
            Rule::Percentage(threshold) | Rule::Weight(threshold) => Some(threshold),
        }
    }

    /// Whether it is up, if it was so `before`. An object that is not configured is down, even
    /// where the list asks for `not`; a list without objects is down: decided.
    pub(super) fn is_up(&self, tracks: &Tracks, before: bool) -> bool {
        let counts = |(number, member): (&u32, &Member)| {
            tracks.is_up(*number).is_some_and(|up| up != member.is_not)
        };
        match self.rule {
            Rule::And => !self.members.is_empty() && self.members.iter().all(counts),
            Rule::Or => self.members.iter().any(counts),
            Rule::Percentage(threshold) => threshold.judge(self.percentage(tracks), before),
            Rule::Weight(threshold) => threshold.judge(self.weight(tracks), before),
        }
    }

    pub(super) fn percentage(&self, tracks: &Tracks) -> u64 {
        let up = self.members.keys().filter(|number| tracks.is_up(**number) == Some(true));
        (up.count() * 100).checked_div(self.members.len()).unwrap_or(0) as u64
    }

    pub(super) fn weight(&self, tracks: &Tracks) -> u64 {
        let up = self.members.iter().filter(|(number, _)| tracks.is_up(**number) == Some(true));
        up.map(|(_, member)| member.weight).sum()
    }
}
