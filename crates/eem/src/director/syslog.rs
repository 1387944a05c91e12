//! Which applets look at a log message: by one search for all patterns at once, when there are many.

use std::sync::Arc;

use super::Registered;
use crate::Pattern;
use crate::scan::Scanner;

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
    Many {
        scanner: Arc<Scanner>,
        /// The applets of each pattern.
        owners: Vec<Vec<usize>>,
        /// Those that look at messages without a pattern.
        others: Vec<usize>,
    },
}

impl Index {
    fn new(registered: &[Registered]) -> Index {
        let looks = |one: &Registered| one.syslog_patterns().next().is_some();
        let all: Vec<usize> = (0..registered.len()).filter(|at| looks(&registered[*at])).collect();
        let mut patterns: Vec<&Pattern> = Vec::new();
        let (mut owners, mut others): (Vec<Vec<usize>>, _) = (Vec::new(), Vec::new());
        let mut places = std::collections::BTreeMap::new();
        for &at in &all {
            for pattern in registered[at].syslog_patterns() {
                let Some(pattern) = pattern else {
                    others.push(at);
                    continue;
                };
                let place = *places.entry(pattern.source()).or_insert(patterns.len());
                if place == patterns.len() {
                    patterns.push(pattern);
                    owners.push(Vec::new());
                }
                owners[place].push(at);
            }
        }
        match patterns.len() < PATTERNS_MIN {
            true => Index::Few(all),
            false => Index::Many { scanner: Scanner::shared(&patterns), owners, others },
        }
    }

    /// The applets that a line may concern, ascending.
    pub(super) fn of(&mut self, registered: &[Registered], line: &str) -> Vec<usize> {
        if matches!(self, Index::Unknown) {
            *self = Index::new(registered);
        }
        match self {
            Index::Unknown => Vec::new(),
            Index::Few(all) => all.clone(),
            Index::Many { scanner, owners, others } => {
                let mut found = others.clone();
                let candidates = scanner.candidates(line).into_iter();
                found.extend(candidates.flat_map(|place| owners[place].iter().copied()));
                found.sort_unstable();
                found.dedup();
                found
            }
        }
    }
}
