//! What the HTTP side knows of the configuration: the sources' paths, and `[api]`.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use automation::{Api, Config};

/// Shared by the handlers, replaced by the live loop together with the configuration.
#[derive(Clone, Debug)]
pub(crate) struct Front(Arc<RwLock<Arc<Known>>>);

#[derive(Debug)]
struct Known {
    paths: BTreeSet<String>,
    api: Api,
}

impl Front {
    /// That of a configuration.
    pub(crate) fn of(config: &Config) -> Self {
        Front::new(Known::of(config))
    }

    fn new(known: Known) -> Self {
        Front(Arc::new(RwLock::new(Arc::new(known))))
    }

    /// Whether deliveries are taken at `path`. Others are answered with 404 without asking the
    /// automation, which has the last word.
    pub(crate) fn takes(&self, path: &str) -> bool {
        self.known().paths.contains(path)
    }

    /// What is asked of `[api]`: who may read, by which names the listener is called.
    pub(crate) fn api<T>(&self, question: impl FnOnce(&Api) -> T) -> T {
        question(&self.known().api)
    }

    /// That of another configuration.
    pub(super) fn replace(&self, config: &Config) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Known::of(config));
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Known {
    fn of(config: &Config) -> Self {
        Known { paths: config.paths().map(str::to_owned).collect(), api: config.api().clone() }
    }
}

#[cfg(test)]
impl Front {
    pub(crate) fn of_paths<const N: usize>(paths: [&str; N]) -> Self {
        Front::new(Known { paths: paths.map(str::to_owned).into(), api: Api::default() })
    }

    pub(crate) fn of_api(api: Api) -> Self {
        Front::new(Known { paths: BTreeSet::new(), api })
    }
}
