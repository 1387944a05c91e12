//! `--offline`: what answers in the place of the APIs.
//!
//! Asked by the listener's live loop and by virtual time. It opens no socket: a stand-in is a
//! value, and two APIs with the same one share it.

use std::collections::BTreeMap;

use simtime::Rng;
use standin::{Kind, Request, Response, StandIn};

use super::{HeaderValue, Upstream, Upstreams};
use crate::io::{HttpFailure, HttpResponse};
use crate::record::HttpCall;

/// The stand-ins of a listener.
#[derive(Clone, Debug)]
pub struct Offline {
    rng: Rng,
    services: BTreeMap<Kind, StandIn>,
}

impl Offline {
    /// Stand-ins that draw from `rng`, each from a branch of its own.
    pub fn new(rng: Rng) -> Self {
        Offline { rng, services: BTreeMap::new() }
    }

    /// Answers a request, or says that nobody stands in for its API.
    pub fn answer(
        &mut self,
        upstreams: &Upstreams,
        call: &HttpCall,
    ) -> Result<HttpResponse, HttpFailure> {
        let misconfigured = |why: String| Err(HttpFailure::Misconfigured(why));
        let Some(upstream) = upstreams.get(&call.api) else {
            return misconfigured(format!("there is no API `{}`", call.api));
        };
        let Some(kind) = upstream.stand_in else {
            return misconfigured(format!(
                "`--offline`, and nothing stands in for the API `{}`: give it a `stand-in`",
                call.api
            ));
        };
        let Some(url) = upstream.url(&call.path) else {
            return misconfigured("the path leaves the API's URL".to_owned());
        };
        let rng = &self.rng;
        let service = self.services.entry(kind);
        let service = service.or_insert_with(|| StandIn::new(kind, rng.child(kind.as_str())));
        let response = service.handle(&Request {
            method: &call.method,
            path: url.path(),
            query: url.query().unwrap_or_default(),
            accept: accept(upstream, call),
            body: call.body.as_deref().unwrap_or_default(),
        });
        Ok(told(response))
    }
}

/// The request's `Accept` beats the API's.
fn accept<'a>(upstream: &'a Upstream, call: &'a HttpCall) -> Option<&'a str> {
    let is_it = |name: &str| name.eq_ignore_ascii_case("accept");
    let of_call = call.headers.iter().find(|(name, _)| is_it(name));
    of_call.map(|(_, value)| value.as_str()).or_else(|| {
        let found = upstream.headers.iter().find(|(name, _)| is_it(name));
        found.and_then(|(_, value)| match value {
            HeaderValue::Plain(value) => Some(value.as_str()),
            HeaderValue::Secret(_) => None,
        })
    })
}

fn told(response: Response) -> HttpResponse {
    let content_type = response.content_type.split(';').next().unwrap_or_default();
    HttpResponse {
        status: response.status,
        content_type: Some(content_type.to_owned()),
        retry_after: None,
        body: response.body.into_bytes(),
    }
}
