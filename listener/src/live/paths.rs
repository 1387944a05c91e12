//! The paths on which deliveries are taken, as the HTTP side knows them.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use automation::Config;

/// Shared by the handlers, replaced by the live loop with the configuration. Others are answered
/// with 404 without asking the automation, which has the last word.
#[derive(Clone, Debug)]
pub(crate) struct Paths(Arc<RwLock<BTreeSet<String>>>);

impl Paths {
    /// Those of a configuration.
    pub(crate) fn of(config: &Config) -> Self {
        Paths(Arc::new(RwLock::new(set(config))))
    }

    /// Whether deliveries are taken at `path`.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(path)
    }

    /// Those of another configuration.
    pub(super) fn replace(&self, config: &Config) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = set(config);
    }
}

fn set(config: &Config) -> BTreeSet<String> {
    config.paths().map(str::to_owned).collect()
}

#[cfg(test)]
impl<const N: usize> From<[&str; N]> for Paths {
    fn from(paths: [&str; N]) -> Self {
        Paths(Arc::new(RwLock::new(paths.map(str::to_owned).into())))
    }
}
