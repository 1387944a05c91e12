//! Which requests are meant for this listener: asked of every request before anything else.
//!
//! A browser on the operator's machine can be led to any address, loopback too. The `Host` that it
//! was led by gives that away (DNS rebinding), and so does the `Origin` of the page that asks: of
//! other origins those that `[cors]` lists may call the sources, and nothing else.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower::{Layer as _, Service as _};
use tower_http::cors::CorsLayer;

use crate::live::Front;
use crate::problem::{Problem, shown};

/// The one path that answers whatever page asks: it tells nothing.
const HEALTH: &str = "/health";
/// Headers that say that a proxy hands on what somebody else asked.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "via"];

/// By which names this listener is called.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    /// Where it is bound.
    pub(crate) bound: IpAddr,
    /// The names that listener.toml adds.
    pub(crate) front: Front,
}

/// What becomes of a request.
#[derive(Debug)]
enum Verdict {
    /// It is meant for this listener.
    Ours,
    /// It is, and a page of another origin makes it: the browser must hear that it may.
    OfPage(Box<CorsLayer>),
    Refused(Problem),
}

/// Lets a request on, or answers that it is not meant for this listener.
pub(crate) async fn check(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    match guard.judge(&request) {
        Verdict::Ours => next.run(request).await,
        Verdict::OfPage(cors) => match cors.layer(next).call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        Verdict::Refused(problem) => problem.into_response(),
    }
}

/// Whether a request comes from this machine: by its sender's address, by the name that it was
/// called by, and by nobody's order.
pub(crate) fn is_local(peer: IpAddr, request: &Request) -> bool {
    let handed_on = FORWARDED.iter().any(|name| request.headers().contains_key(*name));
    let by_loopback = hosts(request).is_ok_and(|hosts| hosts.iter().all(|host| is_loopback(host)));
    peer.to_canonical().is_loopback() && by_loopback && !handed_on
}

impl Guard {
    fn judge(&self, request: &Request) -> Verdict {
        let hosts = match hosts(request) {
            Ok(hosts) => hosts,
            Err(detail) => {
                return Verdict::Refused(Problem::new(StatusCode::BAD_REQUEST, detail));
            }
        };
        if let Some(host) = hosts.iter().find(|host| !self.answers_for(host)) {
            return Verdict::Refused(self.misdirected(host));
        }
        // RFC 6454: a browser says which page asks, and `null` when that is nobody's business.
        let origins = request.headers().get_all(header::ORIGIN).iter();
        let foreign: Vec<&str> = origins
            .map(|origin| origin.to_str().unwrap_or_default())
            .filter(|origin| !hosts.iter().any(|host| is_origin_of(origin, host)))
            .collect();
        if foreign.is_empty() {
            return Verdict::Ours;
        }
        let path = request.uri().path();
        match self.front.cors(path, &foreign) {
            Some(cors) => Verdict::OfPage(Box::new(cors)),
            None if path == HEALTH => Verdict::Ours,
            None => {
                let detail = "a page of another origin asks, and `[cors]` of listener.toml does \
                              not list it for this path";
                Verdict::Refused(Problem::new(StatusCode::FORBIDDEN, detail))
            }
        }
    }

    fn answers_for(&self, authority: &str) -> bool {
        let Some(name) = name_of(authority) else { return false };
        let bound = self.bound.to_canonical();
        let address = address_of(name);
        let by_address = if bound.is_loopback() {
            is_loopback(authority)
        } else if bound.is_unspecified() {
            address.is_some() || is_loopback(authority)
        } else {
            address == Some(bound)
        };
        by_address
            || self
                .front
                .api(|api| api.hosts.iter().any(|listed| listed.eq_ignore_ascii_case(name)))
    }

    fn misdirected(&self, host: &str) -> Problem {
        let names = match self.bound.to_canonical() {
            bound if bound.is_loopback() => format!("`{bound}` or `localhost`"),
            bound if bound.is_unspecified() => "its address".to_owned(),
            bound => format!("`{bound}`"),
        };
        let detail = format!(
            "this listener is not called `{}`: call it by {names}, or list the name in \
             listener.toml: `hosts = [...]` below `[api]`",
            shown(host)
        );
        Problem::new(StatusCode::MISDIRECTED_REQUEST, detail)
    }
}

/// Every authority that a request names: of its target, if that is a whole URL, and its `Host`.
fn hosts(request: &Request) -> Result<Vec<&str>, &'static str> {
    let mut fields = request.headers().get_all(header::HOST).iter();
    let field = match (fields.next(), fields.next()) {
        (None, _) if request.version() < Version::HTTP_11 => None,
        // RFC 9112, section 3.2: these two are 400.
        (None, _) => return Err("the request has no `Host`"),
        (Some(_), Some(_)) => return Err("the header `host` comes twice"),
        (Some(host), None) => {
            let host = host.to_str().ok().filter(|host| name_of(host).is_some());
            Some(host.ok_or("the `Host` is no name and port")?)
        }
    };
    let target = request.uri().authority().map(axum::http::uri::Authority::as_str);
    Ok(target.into_iter().chain(field).collect())
}

/// The name or address of an authority, without its port.
fn name_of(authority: &str) -> Option<&str> {
    let (name, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let end = rest.find(']')?;
            (&authority[..end + 2], &rest[end + 1..])
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(digits) => digits,
        None if port.is_empty() => port,
        None => return None,
    };
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b);
    let whole = !name.is_empty() && name.bytes().all(is_name);
    (whole && port.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

fn address_of(name: &str) -> Option<IpAddr> {
    let bare = match name.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?,
        None => name,
    };
    bare.parse().ok().map(|address: IpAddr| address.to_canonical())
}

fn is_loopback(authority: &str) -> bool {
    let Some(name) = name_of(authority) else { return false };
    let by_address = address_of(name).is_some_and(|address| address.is_loopback());
    by_address || name.eq_ignore_ascii_case("localhost")
}

/// Whether a page has come from this very listener. A proxy before it may speak TLS.
fn is_origin_of(origin: &str, host: &str) -> bool {
    let schemes = ["http://", "https://"];
    let authority = schemes.iter().find_map(|scheme| origin.strip_prefix(scheme));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use automation::Api;

    use super::*;

    fn guard(bound: &str) -> Guard {
        let mut api = Api::default();
        api.hosts.push("listener.example.net".into());
        Guard { bound: bound.parse().unwrap(), front: Front::of_api(api) }
    }

    fn check(bound: &str, host: &str, want: bool) {
        assert_eq!(guard(bound).answers_for(host), want, "{bound} {host}");
    }

    /// Goal: a listener answers for its own names alone. Method: a table.
    #[test]
    fn names_that_are_ours() {
        for own in ["127.0.0.1", "127.0.0.1:8000", "127.9.9.9:1", "[::1]:8000", "[::1]"] {
            check("127.0.0.1", own, true);
        }
        for own in ["localhost", "LOCALHOST:8000", "listener.example.net:80", "localhost:"] {
            check("127.0.0.1", own, true);
            check("0.0.0.0", own, true);
        }
        for other in
            ["evil.example", "192.0.2.1:8000", "localhost.evil.example", "127.0.0.1.nip.io"]
        {
            check("127.0.0.1", other, false);
            check("::1", other, false);
        }
        for none in ["", ":80", "a b", "user@localhost", "[::1", "[::1]x", "localhost:8x", "[x]"] {
            check("127.0.0.1", none, false);
            check("0.0.0.0", none, false);
        }
        check("0.0.0.0", "192.0.2.1:8000", true);
        check("::", "[2001:db8::1]:8000", true);
        check("0.0.0.0", "evil.example", false);
        check("192.0.2.1", "192.0.2.1:8000", true);
        check("192.0.2.1", "192.0.2.2:8000", false);
        check("192.0.2.1", "localhost", false);
        check("192.0.2.1", "listener.example.net", true);
    }

    /// Goal: what is refused, and as what. Method: a table of targets and headers.
    #[test]
    fn requests_that_are_not_ours() {
        type Headers = &'static [(&'static str, &'static str)];
        let table: [(&str, Headers, Option<u16>); 12] = [
            ("/events", &[("host", "127.0.0.1:8000")], None),
            ("/events", &[], Some(400)),
            ("/events", &[("host", "localhost"), ("host", "localhost")], Some(400)),
            ("/events", &[("host", "evil.example")], Some(421)),
            ("http://evil.example/events", &[("host", "localhost")], Some(421)),
            ("http://localhost/events", &[("host", "localhost")], None),
            ("/events", &[("host", "localhost"), ("origin", "http://localhost")], None),
            ("/events", &[("host", "localhost"), ("origin", "http://localhost:81")], Some(403)),
            ("/events", &[("host", "localhost"), ("origin", "null")], Some(403)),
            ("/ready", &[("host", "localhost"), ("origin", "http://evil.example")], Some(403)),
            ("/health", &[("host", "localhost"), ("origin", "http://evil.example")], None),
            ("/health", &[("host", "evil.example")], Some(421)),
        ];
        for (target, headers, want) in table {
            let mut request = Request::builder().uri(target);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(axum::body::Body::empty()).unwrap();
            let status = match guard("127.0.0.1").judge(&request) {
                Verdict::Ours => None,
                Verdict::OfPage(_) => panic!("no page is allowed"),
                Verdict::Refused(problem) => Some(problem.into_response().status().as_u16()),
            };
            assert_eq!(status, want, "{target} {headers:?}");
        }
    }

    /// Goal: a proxy's client is not of this machine. Method: a table.
    #[test]
    fn what_a_proxy_hands_on_is_not_local() {
        let check = |peer: &str, headers: &[(&str, &str)], want: bool| {
            let mut request = Request::builder().uri("/api/v1/events");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(axum::body::Body::empty()).unwrap();
            assert_eq!(is_local(peer.parse().unwrap(), &request), want, "{peer} {headers:?}");
        };
        check("127.0.0.1", &[("host", "localhost:8000")], true);
        check("::ffff:127.0.0.1", &[("host", "127.0.0.1")], true);
        check("192.0.2.9", &[("host", "127.0.0.1")], false);
        check("127.0.0.1", &[("host", "listener.example.net")], false);
        check("127.0.0.1", &[("host", "localhost"), ("x-forwarded-for", "192.0.2.9")], false);
    }
}
