//! The lines of one block of configuration: parsed by the grammar, kept in their canonical form, in
//! the order in which IOS prints them.
//!
//! Used by the routing protocols, whose modes hold many settings of which each is one line. What
//! a line says is read by the protocol that knows it; here is only which lines exclude each other.

use std::collections::BTreeMap;

/// How many lines one block may hold.
const LINES_MAX: usize = 4096;

/// Which lines a block can have, in the order of a running-config.
///
/// Each pattern is the words that make a line the same line: a new one with these words replaces
/// the old one. `*` is any word, `_` is any word that does not count, `...` at the end makes
/// every line one of its own. Patterns in a row that begin with the same word and `*` are printed
/// together, one such word after the other: all of one neighbor, then all of the next.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) patterns: &'static [&'static str],
    /// Lines that say what holds without them.
    pub(crate) defaults: &'static [&'static str],
    /// Beginnings of settings that hold unless there is a `no`.
    pub(crate) on: &'static [&'static str],
    /// Of these, those that are printed though they hold by themselves.
    pub(crate) shown: &'static [&'static str],
}

/// How a line was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it is.
    Set,
    /// With `no`.
    No,
    /// With `default`.
    Default,
}

/// The lines of one block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    all: BTreeMap<Key, String>,
}

/// Where a line stands, and what makes it the same line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rank: usize,
    group: String,
    pattern: usize,
    identity: String,
}

impl Lines {
    /// The lines of a block that nobody has configured yet.
    pub(crate) fn new(order: &Order) -> Self {
        let mut lines = Lines::default();
        for line in order.shown {
            lines.apply(order, line, Form::Set);
        }
        lines
    }

    /// Takes a line, given without `no` and `default`. `false` if there is no room for it.
    #[must_use = "a line that found no room is refused"]
    pub(crate) fn set(&mut self, order: &Order, words: &str, form: Form) -> bool {
        if form == Form::Set && self.all.len() >= LINES_MAX {
            return false;
        }
        self.apply(order, words, form);
        true
    }

    fn apply(&mut self, order: &Order, words: &str, form: Form) {
        let Some(key) = order.key(words) else {
            // A part of a line: all that begin with it go.
            self.forget(words);
            return;
        };
        match form {
            Form::Set if order.is_hidden(words) => drop(self.all.remove(&key)),
            Form::Set => drop(self.all.insert(key, words.to_owned())),
            Form::Default if order.is_shown(words) => {
                self.all.insert(key, words.to_owned());
            }
            Form::No | Form::Default => match order.holds(words).filter(|_| form == Form::No) {
                Some(setting) => drop(self.all.insert(key, format!("no {setting}"))),
                None => drop(self.all.remove(&key)),
            },
        }
    }

    /// The line of these words, which is there, gets a `no`.
    pub(crate) fn negate(&mut self, order: &Order, words: &str) {
        if let Some(line) = order.key(words).and_then(|key| self.all.get_mut(&key)) {
            *line = format!("no {words}");
        }
    }

    /// Drops every line that begins with these words.
    pub(crate) fn forget(&mut self, words: &str) {
        self.all.retain(|_, line| after(line, words).is_none());
    }

    /// Drops every line of which this is not true.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.all.retain(|_, line| keep(line));
    }

    /// The lines, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.all.values().map(String::as_str)
    }

    /// What follows these words in each line that begins with them, in order.
    pub(crate) fn of<'a>(&'a self, words: &str) -> impl Iterator<Item = &'a str> {
        let words = words.to_owned();
        self.iter().filter_map(move |line| after(line, &words))
    }

    /// The same for the first of them.
    pub(crate) fn get(&self, words: &str) -> Option<&str> {
        self.iter().find_map(|line| after(line, words))
    }

    /// The first number after these words.
    pub(crate) fn number(&self, words: &str) -> Option<u32> {
        self.get(words)?.split(' ').next()?.parse().ok()
    }

    /// Whether a line begins with these words.
    pub(crate) fn has(&self, words: &str) -> bool {
        self.get(words).is_some()
    }

    /// Both sets of lines as one, in order.
    pub(crate) fn merged(&self, other: &Lines) -> Lines {
        let both = self.all.iter().chain(&other.all);
        Lines { all: both.map(|(key, line)| (key.clone(), line.clone())).collect() }
    }
}

/// What follows these words in a line that begins with them.
pub(crate) fn after<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(words)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
}

impl Order {
    /// Whether these words are a whole line.
    pub(crate) fn has(&self, words: &str) -> bool {
        self.key(words).is_some()
    }

    /// The place of a line; nothing if it is no whole one.
    fn key(&self, words: &str) -> Option<Key> {
        let typed: Vec<&str> = words.split(' ').collect();
        let fixed = |pattern: &str| pattern.split(' ').filter(|p| !matches!(*p, "*" | "_")).count();
        let fits = self.patterns.iter().enumerate().filter(|(_, p)| fits(p, &typed));
        let (index, pattern) = fits.max_by_key(|(_, pattern)| fixed(pattern))?;
        let mut identity = String::new();
        for (at, word) in typed.iter().enumerate() {
            match pattern.split(' ').nth(at) {
                Some("_") => {}
                None if !pattern.ends_with("...") => break,
                Some(_) | None => identity.push_str(&format!(" {}", natural(word))),
            }
        }
        let (rank, group) = match group(pattern) {
            Some(head) => {
                let first = self.patterns.iter().position(|p| group(p) == Some(head));
                let name = typed.get(1).map(|name| natural(name)).unwrap_or_default();
                (first.unwrap_or(index), name)
            }
            None => (index, String::new()),
        };
        Some(Key { rank, group, pattern: index, identity })
    }

    /// The beginning of a line that is a setting which holds by itself.
    fn holds(&self, words: &str) -> Option<String> {
        let typed: Vec<&str> = words.split(' ').collect();
        let pattern = self.on.iter().chain(self.shown).find(|pattern| fits(pattern, &typed))?;
        Some(typed[..pattern.split(' ').count()].join(" "))
    }

    fn is_shown(&self, words: &str) -> bool {
        self.shown.contains(&words)
    }

    /// Whether a line says only what holds without it.
    fn is_hidden(&self, words: &str) -> bool {
        let typed: Vec<&str> = words.split(' ').collect();
        let whole = |pattern: &&&str| pattern.split(' ').count() == typed.len();
        let on = self.on.iter().filter(whole).any(|pattern| fits(pattern, &typed));
        let default = self.defaults.iter().filter(whole).any(|pattern| fits(pattern, &typed));
        on || default
    }
}

/// The word by which lines are printed together.
fn group(pattern: &str) -> Option<&str> {
    let (head, rest) = pattern.split_once(' ')?;
    (rest == "*" || rest.starts_with("* ")).then_some(head)
}

fn fits(pattern: &str, typed: &[&str]) -> bool {
    let mut words = pattern.split(' ').enumerate();
    words.all(|(at, word)| match word {
        "..." => true,
        "*" | "_" => typed.get(at).is_some(),
        word => typed.get(at) == Some(&word),
    })
}

/// A word so that its numbers sort as numbers. Names come before addresses, as groups of neighbors
/// come before their members.
pub(super) fn natural(word: &str) -> String {
    let mut out = String::new();
    if word.starts_with(|c: char| !c.is_ascii_digit()) && !word.contains(':') {
        out.push(' ');
    }
    let mut digits = String::new();
    for c in word.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            out.push_str(&format!("{digits:0>10}"));
            digits.clear();
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: Order = Order {
        patterns: &[
            "log",
            "nsf",
            "area * stub",
            "area * range * *",
            "network ...",
            "neighbor * remote-as",
            "neighbor * map _ in",
        ],
        defaults: &["nsf 3"],
        on: &["nsf"],
        shown: &["log"],
    };

    fn check(typed: &[&str], want: &[&str]) {
        let mut lines = Lines::new(&ORDER);
        for line in typed {
            let (form, words) = match (line.strip_prefix("no "), line.strip_prefix("default ")) {
                (Some(words), _) => (Form::No, words),
                (None, Some(words)) => (Form::Default, words),
                (None, None) => (Form::Set, *line),
            };
            assert!(lines.set(&ORDER, words, form));
        }
        assert_eq!(lines.iter().collect::<Vec<_>>(), want, "{typed:?}");
    }

    /// Goal: lines stand in the order of the table, grouped by their name, numbers as numbers, and
    /// replace each other by their identity. Method: a table.
    #[test]
    fn lines_find_their_place() {
        check(&[], &["log"]);
        check(&["no log"], &["no log"]);
        check(&["no log", "default log"], &["log"]);
        check(&["no nsf"], &["log", "no nsf"]);
        check(&["no nsf", "nsf"], &["log"]);
        check(&["nsf 5"], &["log", "nsf 5"]);
        check(&["nsf 3"], &["log"]);
        check(
            &["network 10.0.0.0 0.0.0.9", "network 9.0.0.0 0.0.0.9", "area 10 stub", "area 9 stub"],
            &[
                "log",
                "area 9 stub",
                "area 10 stub",
                "network 9.0.0.0 0.0.0.9",
                "network 10.0.0.0 0.0.0.9",
            ],
        );
        check(
            &["area 2 stub", "area 1 range 10.0.0.0 255.0.0.0", "area 1 stub x", "area 1 stub"],
            &["log", "area 1 stub", "area 1 range 10.0.0.0 255.0.0.0", "area 2 stub"],
        );
        check(
            &[
                "neighbor 10.0.0.2 remote-as 1",
                "neighbor 10.0.0.2 map A in",
                "neighbor 10.0.0.2 map B in",
                "neighbor 9.0.0.2 remote-as 3",
                "neighbor GROUP remote-as 2",
            ],
            &[
                "log",
                "neighbor GROUP remote-as 2",
                "neighbor 9.0.0.2 remote-as 3",
                "neighbor 10.0.0.2 remote-as 1",
                "neighbor 10.0.0.2 map B in",
            ],
        );
        check(&["area 1 stub", "area 1 range 1.0.0.0 255.0.0.0", "no area 1"], &["log"]);
    }
}
