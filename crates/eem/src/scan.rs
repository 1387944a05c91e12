//! Which of many patterns a log message may fit, by one look at it.
//!
//! Asked by the director for each message when its applets have many patterns. Patterns that name a
//! message (`LINK-3-UPDOWN`) stand in small sets, one for each seven letters around the severity,
//! and a message is searched with the sets of its own names alone; the others stand in one more
//! set. One large set would be slower than each pattern by itself: its automaton does not fit its
//! cache.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use regex::bytes::{RegexSet, RegexSetBuilder};
use regex_syntax::hir::{Hir, HirKind};

use crate::Pattern;

/// Letters of the facility, and of the mnemonic, by which a set is found.
const SIDE: usize = 3;
/// What the lazily built automaton of one set may take, in bytes.
const AUTOMATON_BYTES_MAX: usize = 16 << 20;
/// What the compiled form of one set may take, in bytes.
const COMPILED_BYTES_MAX: usize = 256 << 20;
/// Scanners that routers of one lab share; one more, and all of them are forgotten.
const SHARED_MAX: usize = 64;

thread_local! {
    /// A thousand routers with the same applets have one scanner.
    static SHARED: RefCell<BTreeMap<Vec<String>, Arc<Scanner>>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// Searches messages for many patterns at once. A pattern is known by its place in the list that
/// the scanner was made from.
#[derive(Debug)]
pub(crate) struct Scanner {
    /// The sets of patterns that name a message.
    named: BTreeMap<Name, Bucket>,
    /// The other patterns.
    general: Option<Bucket>,
    /// Patterns that no set takes.
    others: Vec<usize>,
    count: usize,
}

/// What was found in a line: the places of patterns, each once.
#[derive(Debug)]
pub(crate) struct Found {
    /// They do.
    pub(crate) fits: Vec<usize>,
    /// They have to be searched by themselves.
    pub(crate) may_fit: Vec<usize>,
}

/// Patterns that are searched together, and their places in the list.
#[derive(Debug)]
struct Bucket {
    set: RegexSet,
    places: Vec<usize>,
}

/// The last letters of a facility, the severity and the first letters of a mnemonic: `INK3UPD`.
type Name = [u8; 2 * SIDE + 1];

impl Scanner {
    /// The scanner of these patterns, made once for all who have the same ones in the same order.
    pub(crate) fn shared(patterns: &[&Pattern]) -> Arc<Scanner> {
        let key: Vec<String> = patterns.iter().map(|p| p.source().to_owned()).collect();
        if let Some(known) = SHARED.with_borrow(|shared| shared.get(&key).cloned()) {
            return known;
        }
        let scanner = Arc::new(Scanner::new(patterns));
        SHARED.with_borrow_mut(|shared| {
            if shared.len() >= SHARED_MAX {
                shared.clear();
            }
            shared.insert(key, Arc::clone(&scanner));
        });
        scanner
    }

    fn new(patterns: &[&Pattern]) -> Scanner {
        let mut places: BTreeMap<Option<Name>, Vec<usize>> = BTreeMap::new();
        for (place, pattern) in patterns.iter().enumerate() {
            places.entry(name_of(pattern.translated())).or_default().push(place);
        }
        let count = patterns.len();
        let mut scanner =
            Scanner { named: BTreeMap::new(), general: None, others: Vec::new(), count };
        for (name, places) in places {
            let texts = places.iter().map(|place| bare(patterns[*place].translated()));
            let mut builder = RegexSetBuilder::new(texts);
            // A message that is not ASCII is not searched here, and for others this is the same.
            builder.unicode(false).dfa_size_limit(AUTOMATON_BYTES_MAX);
            match (builder.size_limit(COMPILED_BYTES_MAX).build(), name) {
                (Ok(set), Some(name)) => {
                    scanner.named.insert(name, Bucket { set, places });
                }
                (Ok(set), None) => scanner.general = Some(Bucket { set, places }),
                (Err(_), _) => scanner.others.extend(places),
            }
        }
        scanner
    }

    /// The places of the patterns that fit a line, or may.
    pub(crate) fn search(&self, line: &str) -> Found {
        if !line.is_ascii() {
            return Found { fits: Vec::new(), may_fit: (0..self.count).collect() };
        }
        let mut fits = Vec::new();
        let mut search = |bucket: &Bucket| {
            let matches = bucket.set.matches(line.as_bytes());
            fits.extend(matches.iter().map(|index| bucket.places[index]));
        };
        self.general.iter().for_each(&mut search);
        let mut searched: Vec<Name> = Vec::new();
        for name in names(line.as_bytes()) {
            if !searched.contains(&name) {
                self.named.get(&name).into_iter().for_each(&mut search);
                searched.push(name);
            }
        }
        Found { fits, may_fit: self.others.clone() }
    }
}

/// The names of messages in a text: a message may quote another.
fn names(text: &[u8]) -> impl Iterator<Item = Name> {
    let dashes = text.iter().enumerate().filter(|(_, byte)| **byte == b'-').map(|(at, _)| at);
    dashes.filter_map(|at| {
        let facility = text.get(at.checked_sub(SIDE)?..at)?;
        let (severity, dash) = (*text.get(at + 1)?, *text.get(at + 2)?);
        let mnemonic = text.get(at + 3..at + 3 + SIDE)?;
        if !(b'0'..=b'7').contains(&severity) || dash != b'-' {
            return None;
        }
        let mut name = Name::default();
        name[..SIDE].copy_from_slice(facility);
        name[SIDE] = severity;
        name[SIDE + 1..].copy_from_slice(mnemonic);
        Some(name)
    })
}

/// A pattern without the `.*` at its ends: it is found in the same texts, with less to remember on
/// the way.
fn bare(translated: &str) -> &str {
    let front = translated.trim_start_matches(".*");
    // `.*?`, and `.**`, which is none.
    let front = if front.starts_with(['?', '*', '+', '{']) { translated } else { front };
    let end = front.strip_suffix(".*").filter(|end| !end.ends_with('\\'));
    end.unwrap_or(front)
}

/// A name that each text has in which the pattern is found.
fn name_of(translated: &str) -> Option<Name> {
    let hir = regex_syntax::parse(translated).ok()?;
    let mut found = None;
    required(&hir, &mut |literal| {
        found = found.take().or_else(|| names(literal).next());
    });
    found
}

/// Tells the literals that stand in every match.
fn required(hir: &Hir, tell: &mut dyn FnMut(&[u8])) {
    match hir.kind() {
        HirKind::Literal(literal) => tell(&literal.0),
        HirKind::Concat(parts) => parts.iter().for_each(|part| required(part, tell)),
        HirKind::Capture(capture) => required(&capture.sub, tell),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub, tell),
        HirKind::Repetition(_)
        | HirKind::Alternation(_)
        | HirKind::Class(_)
        | HirKind::Look(_)
        | HirKind::Empty => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Goal: a name is one that every match has. Method: patterns and their names.
    #[test]
    fn patterns_that_name_a_message_are_known_by_it() {
        let table: [(&str, Option<&[u8; 7]>); 9] = [
            ("%LINK-3-UPDOWN: Interface Gi1", Some(b"INK3UPD")),
            (r"%LINK\-3\-UPDOWN", Some(b"INK3UPD")),
            (".*(SYS-5-CONFIG_I).*by", Some(b"SYS5CON")),
            ("(LINK-3-UPDOWN)+", Some(b"INK3UPD")),
            ("(LINK-3-UPDOWN)?", None),
            ("LINK-3-UPDOWN|LINEPROTO-5-UPDOWN", None),
            ("LINK-[0-9]-UPDOWN", None),
            ("K-3-U", None),
            ("Interface Gi1, changed state to down", None),
        ];
        for (source, want) in table {
            let pattern = Pattern::new(source).expect(source);
            assert_eq!(name_of(pattern.translated()).as_ref(), want, "{source}");
        }
    }

    proptest! {
        /// Goal: the patterns that fit are found, and no others. Method: patterns and lines of few
        /// parts, each pattern tried by itself.
        #[test]
        fn patterns_fit_as_they_do_by_themselves(
            sources in prop::collection::vec(
                "(%?LINK-3-UPDOWN|SYS-5-CONFIG_I|[A-C]{1,3}-5-|a+|.*|(LINK-3-UPDOWN|x)|[^ ]b){1,3}",
                1..12,
            ),
            line in "(%LINK-3-UPDOWN: |%SYS-5-CONFIG_I: |ABC-5-|a|b| |\u{e9}){0,6}",
        ) {
            let patterns: Vec<Pattern> =
                sources.iter().filter_map(|source| Pattern::new(source).ok()).collect();
            let all: Vec<&Pattern> = patterns.iter().collect();
            let Found { fits, may_fit } = Scanner::new(&all).search(&line);
            for (place, pattern) in patterns.iter().enumerate() {
                let found = fits.contains(&place) || may_fit.contains(&place);
                let is_sure = !may_fit.contains(&place);
                let want = pattern.is_match(&line);
                prop_assert!(found == want || !is_sure && found, "{:?}", pattern.source());
            }
        }
    }
}
