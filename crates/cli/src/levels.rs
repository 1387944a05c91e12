//! Privilege levels that a configuration gives to commands in place of their own: `privilege exec
//! level 5 show running-config`.
//!
//! Kept by whoever configures them, asked by the parser for every word. It knows words, not what
//! they do.

use std::collections::BTreeMap;

use crate::grammar::Token;
use crate::start::Start;

/// The levels of all modes.
#[derive(Clone, Debug)]
pub struct Levels<M> {
    modes: BTreeMap<M, Rules>,
}

/// The levels of one mode, by whole keywords with blanks between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules(BTreeMap<String, Level>);

/// What is set for some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// 0 to 15.
    pub level: u8,
    /// Whether it holds for everything that begins with the words, too.
    pub all: bool,
}

/// Who asks the parser: a privilege level, and what the levels of commands are.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a, M> {
    /// 0 to 15.
    pub privilege: u8,
    /// `None` where all commands have their own.
    pub levels: Option<&'a Levels<M>>,
}

/// The same for one mode.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) privilege: u8,
    pub(crate) rules: Option<&'a Rules>,
}

impl<M> Default for Levels<M> {
    fn default() -> Self {
        Levels { modes: BTreeMap::new() }
    }
}

impl<M> From<u8> for Access<'_, M> {
    fn from(privilege: u8) -> Self {
        Access { privilege, levels: None }
    }
}

impl<'a, M: Ord> Access<'a, M> {
    pub(crate) fn seen(&self, mode: &M) -> Seen<'a> {
        let rules = self.levels.and_then(|levels| levels.modes.get(mode));
        Seen { privilege: self.privilege, rules }
    }
}

impl<M: Ord> Levels<M> {
    /// Sets the level of a command, by its whole keywords. What it begins with gets the same level,
    /// unless it has one of its own: a command cannot be reached but through its first words.
    pub fn set(&mut self, mode: M, words: &str, level: Level) {
        let rules = &mut self.modes.entry(mode).or_default().0;
        for front in fronts(words) {
            rules.entry(front.to_owned()).or_insert(Level { level: level.level, all: false });
        }
        rules.insert(words.to_owned(), level);
    }

    /// Forgets the level of a command, and of its first words where nothing else needs theirs.
    pub fn reset(&mut self, mode: M, words: &str) {
        let Some(Rules(rules)) = self.modes.get_mut(&mode) else { return };
        let Some(gone) = rules.remove(words) else { return };
        for front in fronts(words) {
            let needed = rules.keys().any(|other| is_below(other, front));
            let same = rules.get(front).is_some_and(|rule| rule.level == gone.level);
            if same && !needed {
                rules.remove(front);
            }
        }
        self.modes.retain(|_, Rules(rules)| !rules.is_empty());
    }

    /// How many levels are set.
    pub fn count(&self) -> usize {
        self.modes.values().map(|Rules(rules)| rules.len()).sum()
    }

    /// What is set for a mode: longer commands before their first words, so that the lines that
    /// say it can be typed in this order.
    pub fn of(&self, mode: M) -> impl Iterator<Item = (&str, Level)> {
        let rules = self.modes.get(&mode).into_iter().flat_map(|Rules(rules)| rules.iter().rev());
        rules.map(|(words, level)| (words.as_str(), *level))
    }
}

impl Rules {
    fn level(&self, words: &str, own: u8) -> u8 {
        if let Some(rule) = self.0.get(words) {
            return rule.level;
        }
        let all = fronts(words).find_map(|front| self.0.get(front).filter(|rule| rule.all));
        all.map_or(own, |rule| rule.level)
    }
}

impl Seen<'_> {
    /// Whether the first word of a command is there.
    pub(crate) fn starts<M, H>(&self, start: &Start<M, H>) -> bool {
        let own = start.command.privilege;
        let first = start.command.syntax.first().and_then(Token::keyword);
        let level = match (self.rules, first) {
            (Some(rules), Some(word)) => rules.level(word, own),
            (Some(_), None) | (None, _) => own,
        };
        level <= self.privilege
    }

    /// Whether `word` is there behind these keywords of a command whose own level is `own`.
    pub(crate) fn allows<'k>(
        &self,
        before: impl Iterator<Item = &'k str>,
        word: &'k str,
        own: u8,
    ) -> bool {
        let Some(rules) = self.rules else { return true };
        let words: Vec<&str> = before.chain([word]).collect();
        rules.level(&words.join(" "), own) <= self.privilege
    }
}

/// What some words begin with, the longest first: `show ip`, `show`.
fn fronts(words: &str) -> impl Iterator<Item = &str> {
    words.rmatch_indices(' ').map(|(at, _)| &words[..at])
}

fn is_below(words: &str, front: &str) -> bool {
    words.strip_prefix(front).is_some_and(|rest| rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the first words of a command go with it and come back with it. Method: a table of
    /// what is set, printed in the order in which it can be typed.
    #[test]
    fn first_words_go_along() {
        let printed = |levels: &Levels<u8>| {
            levels.of(0).map(|(w, l)| format!("{} {w}", l.level)).collect::<Vec<_>>().join(", ")
        };
        let mut levels = Levels::default();
        levels.set(0, "show ip route", Level { level: 7, all: false });
        assert_eq!(printed(&levels), "7 show ip route, 7 show ip, 7 show");
        levels.set(0, "show", Level { level: 1, all: false });
        levels.set(0, "show version", Level { level: 5, all: false });
        assert_eq!(printed(&levels), "5 show version, 7 show ip route, 7 show ip, 1 show");
        levels.reset(0, "show ip route");
        assert_eq!(printed(&levels), "5 show version, 1 show");
    }

    /// Goal: `all` holds for what follows, an exact level wins. Method: a table.
    #[test]
    fn all_is_for_what_follows() {
        let mut levels = Levels::default();
        levels.set(0, "show ip", Level { level: 5, all: true });
        levels.set(0, "show ip bgp", Level { level: 9, all: false });
        let rules = &levels.modes[&0];
        for (words, want) in
            [("show", 5), ("show ip", 5), ("show ip arp", 5), ("show ip bgp", 9), ("show vrf", 1)]
        {
            assert_eq!(rules.level(words, 1), want, "{words}");
        }
    }
}
