//! Which applets look at a log message: by one search for all patterns, when there are many.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Registered;
use crate::Pattern;
use crate::scan::{Found, Scanner};

/// With fewer patterns each is searched by itself: that is as fast, and needs no tables.
const PATTERNS_MIN: usize = 8;

/// Which of the registered applets look at log messages. Made anew when one is registered or
/// removed.
#[derive(Debug, Default)]
pub(super) enum Index {
    /// Not made yet.
    #[default]
    Unknown,
    /// These may look at any message.
    Few(Vec<usize>),
    /// There are many patterns.
    Many(Many),
}

/// An applet that a message concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Concerned {
    /// Its place among the registered ones.
    pub(super) at: usize,
    /// Whether its only event has a pattern that fits: it need not be searched again.
    pub(super) fits: bool,
}

#[derive(Debug)]
pub(super) struct Many {
    scanner: Arc<Scanner>,
    /// The applets of each pattern; whether it is of their only event.
    owners: Vec<Vec<Concerned>>,
    /// Those that look at messages without a pattern.
    others: Vec<usize>,
}

impl Index {
    /// The applets that a line may concern, ascending.
    pub(super) fn of(&mut self, registered: &[Registered], line: &str) -> Vec<Concerned> {
        if matches!(self, Index::Unknown) {
            *self = Index::new(registered);
        }
        match self {
            Index::Unknown => Vec::new(),
            Index::Few(all) => all.iter().copied().map(Concerned::perhaps).collect(),
            Index::Many(many) => many.of(line),
        }
    }

    fn new(registered: &[Registered]) -> Index {
        let looks = |one: &Registered| one.syslog_patterns().next().is_some();
        let all: Vec<usize> = (0..registered.len()).filter(|at| looks(&registered[*at])).collect();
        let mut patterns: Vec<&Pattern> = Vec::new();
        let (mut owners, mut others): (Vec<Vec<Concerned>>, _) = (Vec::new(), Vec::new());
        // In the order of their texts, so that routers, and one that registers an applet again,
        // find the scanner that is there already.
        let mut by_text: BTreeMap<&str, (&Pattern, Vec<Concerned>)> = BTreeMap::new();
        for &at in &all {
            for pattern in registered[at].syslog_patterns() {
                let Some(pattern) = pattern else {
                    others.push(at);
                    continue;
                };
                let (_, owners) = by_text.entry(pattern.source()).or_insert((pattern, Vec::new()));
                owners.push(Concerned { at, fits: registered[at].has_one_event() });
            }
        }
        for (pattern, of_pattern) in by_text.into_values() {
            patterns.push(pattern);
            owners.push(of_pattern);
        }
        match patterns.len() < PATTERNS_MIN {
            true => Index::Few(all),
            false => {
                let scanner = Scanner::shared(&patterns);
                Index::Many(Many { scanner, owners, others })
            }
        }
    }
}

impl Many {
    fn of(&self, line: &str) -> Vec<Concerned> {
        let Found { fits, may_fit } = self.scanner.search(line);
        let mut all: Vec<Concerned> = self.others.iter().copied().map(Concerned::perhaps).collect();
        all.extend(fits.into_iter().flat_map(|place| self.owners[place].iter().copied()));
        let perhaps = may_fit.into_iter().flat_map(|place| &self.owners[place]);
        all.extend(perhaps.map(|owner| Concerned::perhaps(owner.at)));
        all.sort_unstable();
        all.dedup_by_key(|concerned| concerned.at);
        all
    }
}

impl Concerned {
    fn perhaps(at: usize) -> Self {
        Concerned { at, fits: false }
    }
}
