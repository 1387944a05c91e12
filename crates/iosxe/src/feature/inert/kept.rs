//! The inert lines that one configuration holds.

use std::collections::BTreeMap;

use super::table::{ENTRIES, Place};

/// How many inert lines one configuration, or one interface, may hold.
const LINES_MAX: usize = 1000;

/// Lines, by their entry in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    lines: BTreeMap<u16, Vec<Box<str>>>,
}

impl Kept {
    /// The lines of one place, in the order of the table.
    pub(super) fn at(&self, place: Place) -> impl Iterator<Item = &str> {
        let lines = self.lines.iter();
        let here = lines.filter(move |(entry, _)| ENTRIES[usize::from(**entry)].place == place);
        here.flat_map(|(_, lines)| lines.iter().map(|line| &**line))
    }

    /// The lines under an interface.
    pub(crate) fn in_interface(&self) -> impl Iterator<Item = &str> {
        self.at(Place::Interface)
    }

    /// Whether there is room for another line.
    pub(super) fn is_full(&self) -> bool {
        self.lines.values().map(Vec::len).sum::<usize>() >= LINES_MAX
    }

    /// Adds a line after the others of its entry, unless it is there.
    pub(super) fn add(&mut self, entry: u16, line: String) {
        let lines = self.lines.entry(entry).or_default();
        if !lines.iter().any(|present| **present == *line) {
            lines.push(line.into_boxed_str());
        }
    }

    /// Drops the lines of an entry that begin with these words.
    pub(super) fn remove(&mut self, entry: u16, words: &str) {
        let Some(lines) = self.lines.get_mut(&entry) else { return };
        lines.retain(|line| !begins_with_words(line, words));
        if lines.is_empty() {
            self.lines.remove(&entry);
        }
    }
}

fn begins_with_words(line: &str, words: &str) -> bool {
    line.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
