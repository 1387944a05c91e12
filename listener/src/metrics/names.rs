//! Values of labels: names that the configuration knows, and `other` for all else.
//!
//! A name of a request is no label: whoever could choose one could make the text as long as he
//! likes.

use std::collections::BTreeSet;

/// What stands for a name that is not known, or is one too many.
pub(super) const OTHER: &str = "other";
/// Sources, rules and APIs that have a label of their own, those of former configurations included.
pub(super) const NAMES_MAX: usize = 1_000;
/// Devices that have one.
pub(super) const DEVICES_MAX: usize = 256;

/// Some names, and how many there can be.
#[derive(Debug)]
pub(super) struct Names {
    known: BTreeSet<String>,
    most: usize,
}

impl Names {
    pub(super) fn up_to(most: usize) -> Self {
        Names { known: BTreeSet::new(), most }
    }

    /// Knows these, too.
    pub(super) fn know<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        for name in names {
            if self.known.len() < self.most {
                self.known.insert(name.to_owned());
            }
        }
    }

    /// The label's value for a name.
    pub(super) fn label(&self, name: &str) -> String {
        if self.known.contains(name) { escaped(name) } else { OTHER.to_owned() }
    }
}

/// As the text has a value between its quotes: the encoder leaves that to its callers.
fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is not known, or one too many, is `other`; a quote ends no label.
    #[test]
    fn labels_are_known_names() {
        let mut names = Names::up_to(2);
        names.know(["a", "b \"c\"\\\n", "d"].into_iter());
        let label = |name| names.label(name);
        assert_eq!(label("a"), "a");
        assert_eq!(label("b \"c\"\\\n"), "b \\\"c\\\"\\\\\\n");
        assert_eq!((label("d"), label("x")), (OTHER.into(), OTHER.into()));
    }
}
