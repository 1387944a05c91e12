//! The inert lines that one configuration holds, and what stands below them.

use super::Block;
use super::table::{Leads, Place, entries};
use crate::config::ConfigText;

/// How many inert lines one configuration, one interface, or one block may hold.
const LINES_MAX: usize = 1000;

/// Lines, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    lines: Vec<Line>,
}

/// One line, and the lines of the mode that it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    /// Its place in the table.
    entry: u16,
    text: Box<str>,
    body: Option<Box<Kept>>,
}

impl Line {
    fn place(&self) -> Place {
        entries()[usize::from(self.entry)].place
    }

    fn leaves(&self) -> bool {
        entries()[usize::from(self.entry)].leads == Leads::Out
    }
}

impl Kept {
    /// Prints the lines of one place of global configuration, in the order of the table.
    pub(super) fn print(&self, place: Place, text: &mut ConfigText) {
        let mut here: Vec<&Line> = self.lines.iter().filter(|l| l.place() == place).collect();
        here.sort_by_key(|line| line.entry);
        for line in here {
            let Some(body) = &line.body else {
                text.line(&line.text);
                continue;
            };
            text.separator();
            text.line(&line.text);
            body.print_below(1, text);
            text.separator();
        }
    }

    /// The lines of a block, in the order in which they were given, since that of an access list
    /// counts; blocks inside it behind them, since a line behind a block would be read into it.
    pub(crate) fn print_below(&self, depth: usize, text: &mut ConfigText) {
        let mut lines: Vec<&Line> = self.lines.iter().collect();
        lines.sort_by_key(|line| (line.leaves(), line.body.is_some()));
        for line in lines {
            // `exit-address-family` stands where its block begins.
            let depth = if line.leaves() { depth - 1 } else { depth };
            text.line(format_args!("{:depth$}{}", "", line.text));
            if let Some(body) = &line.body {
                body.print_below(depth + 1, text);
            }
        }
    }

    /// The lines under an interface or a line, in the order of the table.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = &str> {
        let mut lines: Vec<&Line> = self.lines.iter().collect();
        lines.sort_by_key(|line| line.entry);
        lines.into_iter().map(|line| &*line.text)
    }

    /// What follows these words in each line of global configuration that begins with them.
    pub(crate) fn lines(&self, words: &str) -> impl Iterator<Item = &str> {
        let rest = move |line: &'_ Line| begins_with_words(&line.text, words);
        let found = self.lines.iter().filter(move |line| rest(line));
        found.map(move |line| line.text[words.len()..].trim_start())
    }

    /// The same, with the lines of the blocks that they open.
    pub(crate) fn blocks(&self, words: &str) -> Vec<(&str, Vec<String>)> {
        let found = self.lines.iter().filter(|line| begins_with_words(&line.text, words));
        let blocks = found.filter_map(|line| {
            let body = line.body.as_ref()?.lines.iter().map(|line| line.text.to_string());
            Some((line.text[words.len()..].trim_start(), body.collect()))
        });
        blocks.collect()
    }

    /// The lines of a block, if it is there.
    pub(super) fn body_mut(&mut self, block: &Block) -> Option<&mut Kept> {
        let mut lines = self.lines.iter_mut();
        let line = lines.find(|line| line.entry == block.entry && *line.text == *block.line)?;
        Some(line.body.get_or_insert_default())
    }

    /// Whether there is room for another line.
    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= LINES_MAX
    }

    /// Adds a line after the others, unless it is there.
    pub(super) fn add(&mut self, entry: u16, text: String) {
        if self.lines.iter().any(|line| line.entry == entry && *line.text == *text) {
            return;
        }
        let body = match entries()[usize::from(entry)].leads {
            Leads::Into(_) => Some(Box::default()),
            Leads::Nowhere | Leads::Out => None,
        };
        self.lines.push(Line { entry, text: text.into_boxed_str(), body });
    }

    /// Drops the lines of an entry that begin with these words.
    pub(super) fn remove(&mut self, entry: u16, words: &str) {
        self.lines.retain(|line| line.entry != entry || !begins_with_words(&line.text, words));
    }

    /// Drops every line that begins with these words.
    pub(crate) fn forget(&mut self, words: &str) {
        self.lines.retain(|line| !begins_with_words(&line.text, words));
    }
}

fn begins_with_words(line: &str, words: &str) -> bool {
    let head = line.get(..words.len()).filter(|head| head.eq_ignore_ascii_case(words));
    head.is_some() && line[words.len()..].chars().next().is_none_or(|c| c == ' ')
}
