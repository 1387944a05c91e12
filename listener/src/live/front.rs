//! What the HTTP side knows of the configuration: the sources' paths, `[api]`, `[cors]`, and the
//! description of all routes.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use automation::{Api, Config, Cors};
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::openapi;

/// How long a browser may keep the answer of a preflight, in seconds: a change of `[cors]` counts
/// for it after that.
const PREFLIGHT_SECS: u64 = 600;
/// What pages that may call the sources may read beside them: nothing of it is secret.
const OPEN_PATHS: [&str; 3] = ["/health", "/ready", "/openapi.json"];

/// Shared by the handlers, replaced by the live loop together with the configuration.
#[derive(Clone, Debug)]
pub(crate) struct Front(Arc<RwLock<Arc<Known>>>);

#[derive(Debug, Default)]
struct Known {
    paths: BTreeSet<String>,
    api: Api,
    cors: Cors,
    /// As `/openapi.json` gives it.
    description: Bytes,
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

    /// The description of all routes.
    pub(crate) fn description(&self) -> Bytes {
        self.known().description.clone()
    }

    /// How pages of these origins are answered at `path`; `None` if one of them may not call it.
    pub(crate) fn cors(&self, path: &str, origins: &[&str]) -> Option<CorsLayer> {
        let known = self.known();
        let is_open = OPEN_PATHS.contains(&path) || known.paths.contains(path);
        let allowed = origins.iter().all(|origin| known.cors.allows(origin));
        (is_open && allowed).then(|| layer(&known.cors))
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
        Known {
            paths: config.paths().map(str::to_owned).collect(),
            api: config.api().clone(),
            cors: config.cors().clone(),
            description: openapi::document(config).to_string().into(),
        }
    }
}

/// What the configuration has checked are names of HTTP.
fn layer(cors: &Cors) -> CorsLayer {
    let values = cors.origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    let origins = if cors.any { AllowOrigin::any() } else { AllowOrigin::list(values) };
    let methods = cors.methods.iter().filter_map(|method| method.parse::<Method>().ok());
    let headers = cors.headers.iter().filter_map(|name| name.parse::<HeaderName>().ok());
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(methods.collect::<Vec<_>>())
        .allow_headers(headers.collect::<Vec<_>>())
        .expose_headers([header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .max_age(Duration::from_secs(PREFLIGHT_SECS))
}

#[cfg(test)]
impl Front {
    pub(crate) fn of_paths<const N: usize>(paths: [&str; N]) -> Self {
        Front::new(Known { paths: paths.map(str::to_owned).into(), ..Known::default() })
    }

    pub(crate) fn of_api(api: Api) -> Self {
        Front::new(Known { api, ..Known::default() })
    }
}
