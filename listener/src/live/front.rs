//! What the HTTP side knows of the configuration: where its sources are, `[api]`, `[cors]`, and the
//! description of all routes.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use automation::{Api, Config, Cors, Endpoint, Routes, Unrouted};
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

/// A source that takes a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    /// Its own path.
    pub(crate) path: Arc<str>,
    /// How long its replies wait for what is done.
    pub(crate) within: Duration,
    /// The largest body, in bytes.
    pub(crate) body_bytes_max: usize,
}

#[derive(Debug, Default)]
struct Known {
    routes: Routes,
    /// What of each source is asked here, in the order of the routes.
    sources: Vec<Source>,
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

    /// Whether such a request is for a source, or why not: then it is answered before its body is
    /// read, and without the automation, which has the last word.
    pub(crate) fn takes(&self, method: restconf::Method, path: &str) -> Result<Source, Unrouted> {
        let known = self.known();
        let place = known.routes.find(method, path)?;
        Ok(known.sources.get(place).cloned().unwrap_or_default())
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
        let is_open = OPEN_PATHS.contains(&path) || known.routes.has_path(path);
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

impl Source {
    fn of(endpoint: Endpoint<'_>, body_bytes_max: usize) -> Self {
        let within = Duration::from_micros(endpoint.within().as_micros());
        Source { path: endpoint.path().into(), within, body_bytes_max }
    }
}

impl Known {
    fn of(config: &Config) -> Self {
        let source = |endpoint| Source::of(endpoint, config.body_bytes_max());
        Known {
            routes: config.routes().clone(),
            sources: config.endpoints().map(source).collect(),
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
    pub(crate) fn of_api(api: Api) -> Self {
        Front::new(Known { api, ..Known::default() })
    }

    /// With one source, which takes posts from this machine.
    pub(crate) fn of_path(path: &str) -> Self {
        let text = format!("[[sources]]\npath = \"{path}\"\nunauthenticated = \"loopback\"\n");
        let source = diagnostic::Source::new("listener.toml", text);
        let nobody = topology::Topology::empty(&source);
        let files = &mut topology::NoFiles;
        let config = Config::load(&source, &nobody, files, &mut Vec::new());
        Front::of(&config.expect("it loads"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a reply is waited for as long as its source says. Method: one that answers at once,
    /// and one that waits.
    #[test]
    fn sources_say_how_long_they_wait() {
        let text = "[[sources]]\npath = \"/a\"\nunauthenticated = \"loopback\"\n\
                    [[sources]]\npath = \"/b\"\nunauthenticated = \"loopback\"\n\
                    respond = \"result\"\nwithin = \"60s\"\n";
        let source = diagnostic::Source::new("listener.toml", text);
        let nobody = topology::Topology::empty(&source);
        let mut sink = Vec::new();
        let config = Config::load(&source, &nobody, &mut topology::NoFiles, &mut sink);
        let front = Front::of(&config.expect("it loads"));
        let post = restconf::Method::Post;
        let within = |path| front.takes(post, path).expect("it is there").within.as_secs();
        assert_eq!((within("/a"), within("/b")), (0, 60));
    }
}
