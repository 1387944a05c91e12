//! One access list: entries by their sequence numbers, and what IOS refuses of them.
//!
//! Changed by commands alone; `packet` asks it what becomes of a packet.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use super::rule::{Address, Family, Rule};

/// From one entry to the next, where no number is given.
pub(super) const STEP: u32 = 10;

/// The largest sequence number.
pub(super) const SEQUENCE_MAX: u32 = 2_147_483_647;

/// How many entries one list may have.
const ENTRIES_MAX: usize = 4_000;

/// What a list is called. Numbers stand before words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ListName {
    /// 1 to 2699
    Number(u32),
    /// Anything else.
    Word(String),
}

/// An access list.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) family: Family,
    entries: BTreeMap<u32, Entry>,
}

/// One entry, and how many packets it has matched.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) body: Body,
    pub(super) matches: u64,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// `remark`
    Remark(String),
    /// `permit`, `deny`
    Rule(Box<Rule>),
    /// `evaluate`: what a reflexive list has let out. None does here.
    Evaluate(String),
}

impl ListName {
    /// The name that a word means.
    pub(crate) fn read(word: &str) -> Self {
        word.parse().map_or_else(|_| ListName::Word(word.to_owned()), ListName::Number)
    }

    /// Whether IOS lets a list of this kind have the name.
    pub(super) fn suits(&self, family: Family) -> bool {
        match (self, family) {
            (ListName::Number(number), Family::Standard) => {
                matches!(number, 1..=99 | 1300..=1999)
            }
            (ListName::Number(number), Family::Extended) => {
                matches!(number, 100..=199 | 2000..=2699)
            }
            (ListName::Number(_), Family::V6) => false,
            (ListName::Word(word), Family::Standard | Family::Extended) => {
                !word.starts_with(|c: char| c.is_ascii_digit())
            }
            (ListName::Word(_), Family::V6) => true,
        }
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListName::Number(number) => write!(f, "{number}"),
            ListName::Word(word) => f.write_str(word),
        }
    }
}

impl List {
    pub(super) fn new(family: Family) -> Self {
        List { family, entries: BTreeMap::new() }
    }

    /// In the order in which a router looks at them, and prints them: by their numbers, but that a
    /// host of a standard list stands before what covers it and came later with a lower number.
    pub(super) fn entries(&self) -> impl Iterator<Item = (u32, &Entry)> {
        let is_covered =
            |(sequence, entry): &(&u32, &Entry)| self.covering(**sequence, &entry.body).is_some();
        let (first, then): (Vec<_>, Vec<_>) = self.entries.iter().partition(is_covered);
        first.into_iter().chain(then).map(|(sequence, entry)| (*sequence, entry))
    }

    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = (u32, &mut Entry)> {
        self.entries.iter_mut().map(|(sequence, entry)| (*sequence, entry))
    }

    /// Adds an entry; what IOS says if it will not. One that is there already stays where it is.
    pub(super) fn add(&mut self, sequence: Option<u32>, body: Body) -> Result<(), String> {
        if let Some(there) = sequence.and_then(|sequence| self.entries.get(&sequence)) {
            let same = there.body == body;
            return if same { Ok(()) } else { Err("% Duplicate sequence number\n".into()) };
        }
        let is_remark = matches!(body, Body::Remark(_));
        if !is_remark && self.entries.values().any(|entry| entry.body == body) {
            return Ok(());
        }
        let next = self.entries.last_key_value().map_or(0, |(last, _)| *last);
        let sequence = sequence.or(next.checked_add(STEP)).filter(|next| *next <= SEQUENCE_MAX);
        let Some(sequence) = sequence else {
            return Err("% Exceeded maximum sequence number\n".into());
        };
        if self.entries.len() >= ENTRIES_MAX {
            return Err("% Maximum number of access list entries reached\n".into());
        }
        if let Some(covering) = self.covering(sequence, &body) {
            return Err(format!(
                "% Access rule can't be configured at higher sequence num as it is part of the \
                 existing rule at sequence num {covering}\n"
            ));
        }
        self.entries.insert(sequence, Entry { body, matches: 0 });
        Ok(())
    }

    /// In a standard list, the entry of several addresses in front of which the entry of one of
    /// them would have to stand: a router looks hosts up first, and will not change what the list
    /// means.
    fn covering(&self, sequence: u32, body: &Body) -> Option<u32> {
        let Body::Rule(rule) = body else { return None };
        let Address::Host(IpAddr::V4(host)) = rule.source.address else { return None };
        if self.family != Family::Standard {
            return None;
        }
        let covers = |entry: &Entry| match &entry.body {
            Body::Rule(rule) => match &rule.source.address {
                Address::Any => true,
                Address::Masked { address, wildcard } => {
                    host.to_bits() & !wildcard.to_bits() == address.to_bits()
                }
                Address::Host(_) | Address::Prefix { .. } | Address::Group(_) => false,
            },
            Body::Remark(_) | Body::Evaluate(_) => false,
        };
        let mut before = self.entries.range(..sequence);
        before.find(|(_, entry)| covers(entry)).map(|(sequence, _)| *sequence)
    }

    /// Removes the entry of a number, or the one that is as given.
    pub(super) fn remove(&mut self, sequence: Option<u32>, body: Option<&Body>) {
        match sequence {
            Some(sequence) => {
                self.entries.remove(&sequence);
            }
            None => self.entries.retain(|_, entry| Some(&entry.body) != body),
        }
    }

    /// Numbers the entries anew; nothing if the last number would be too large.
    pub(super) fn resequence(&mut self, start: u32, step: u32) -> Option<()> {
        let steps = u32::try_from(self.entries.len().saturating_sub(1)).ok()?;
        let last = steps.checked_mul(step).and_then(|length| start.checked_add(length))?;
        if last > SEQUENCE_MAX {
            return None;
        }
        let order: Vec<u32> = self.entries().map(|(sequence, _)| sequence).collect();
        let mut entries = std::mem::take(&mut self.entries);
        let entries = order.iter().filter_map(|sequence| entries.remove(sequence));
        let numbers = (0..).map(|index| start + index * step);
        self.entries = numbers.zip(entries).collect();
        Some(())
    }

    /// Whether there is nothing in it that could match: IOS lets everything through then.
    pub(super) fn is_empty(&self) -> bool {
        !self.entries.values().any(|entry| matches!(entry.body, Body::Rule(_)))
    }
}
