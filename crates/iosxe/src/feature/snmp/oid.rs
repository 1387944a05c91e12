//! Names of objects: numbers in dots.

use std::fmt;

/// How many numbers a name may have (RFC 3416, section 4.1).
const PARTS_MAX: usize = 128;

/// The name of an object. They are ordered number by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Oid(Vec<u32>);

impl Oid {
    /// `1.3.6.1`
    pub(super) fn parse(text: &str) -> Option<Oid> {
        let parts: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        parts.ok().filter(|parts| parts.len() <= PARTS_MAX).map(Oid)
    }

    /// The instance of an object.
    pub(super) fn of(object: &[u32], index: &[u32]) -> Oid {
        Oid([object, index].concat())
    }

    pub(super) fn parts(&self) -> &[u32] {
        &self.0
    }

    pub(super) fn begins_with(&self, object: &[u32]) -> bool {
        self.0.starts_with(object)
    }

    /// Whether it is this instance.
    pub(super) fn is(&self, object: &[u32], index: &[u32]) -> bool {
        self.0.strip_prefix(object) == Some(index)
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            write!(f, "{}{part}", if at == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}
