//! The HTTP clients of the sender: what they may connect to, and why they failed.
//!
//! Built once per lab by the sender. A name is resolved here and nowhere else, and what was looked
//! at is what is connected to: moving a name between two look-ups (DNS rebinding) gains nothing.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use lab::HttpFailure;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder};
use tokio_rustls::rustls::ClientConfig;

use super::trust;

/// The most headers of an answer.
const HEADERS_MAX: usize = 100;
/// Connections to one listener that are kept for the next request.
const IDLE_PER_HOST_MAX: usize = 8;
/// How long one is kept, in milliseconds: less than any listener keeps it, so that none is used
/// just as it is closed.
const IDLE_MS_MAX: u64 = 2_000;

/// A client whose names lead to loopback alone.
pub(super) fn confined(tls: ClientConfig) -> Client {
    build(ClientBuilder::new().dns_resolver(System { confined: true }), tls)
}

/// A client whose names lead anywhere.
pub(super) fn free(tls: ClientConfig) -> Client {
    build(ClientBuilder::new().dns_resolver(System { confined: false }), tls)
}

fn build(builder: ClientBuilder, tls: ClientConfig) -> Client {
    builder
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_title_case_headers()
        .http1_max_headers(HEADERS_MAX)
        .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
        .pool_idle_timeout(Duration::from_millis(IDLE_MS_MAX))
        .tcp_nodelay(true)
        .build()
        .expect("with TLS given and without proxies there is nothing that can be missing")
}

/// The operating system's resolver.
#[derive(Debug)]
struct System {
    confined: bool,
}

/// Why a name leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum NoAddress {
    #[error("the name has no address")]
    None,
    #[error("no address of the name is loopback")]
    NotAllowed,
}

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        let confined = self.confined;
        Box::pin(async move {
            // The port is the connector's to fill in.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map_err(|_| NoAddress::None)?.collect();
            let allowed = pick(found, confined)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Those of the addresses to which a router may connect.
fn pick(found: Vec<SocketAddr>, confined: bool) -> Result<Vec<SocketAddr>, NoAddress> {
    if found.is_empty() {
        return Err(NoAddress::None);
    }
    let allowed = found.into_iter().filter(|address| !confined || address.ip().is_loopback());
    let allowed: Vec<SocketAddr> = allowed.collect();
    if allowed.is_empty() { Err(NoAddress::NotAllowed) } else { Ok(allowed) }
}

/// What went wrong, by the innermost cause that has a name.
pub(super) fn failure(error: &reqwest::Error) -> HttpFailure {
    let greeting = error.is_connect();
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(no_address) = error.downcast_ref::<NoAddress>() {
            return match no_address {
                NoAddress::None => HttpFailure::Resolve,
                NoAddress::NotAllowed => HttpFailure::NotAllowed,
            };
        }
        if let Some(failure) = trust::failure(error, greeting) {
            return failure;
        }
        match error.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => return HttpFailure::Refused,
            Some(io::ErrorKind::TimedOut) => return HttpFailure::Timeout,
            Some(_) | None => cause = error.source(),
        }
    }
    HttpFailure::Broken
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a name leads where it may, however many addresses it has. Method: a table.
    #[test]
    fn a_confined_name_leads_to_loopback_alone() {
        let check = |found: &[&str], confined: bool, want: Result<&[&str], NoAddress>| {
            let read = |texts: &[&str]| -> Vec<SocketAddr> {
                texts.iter().map(|text| text.parse().unwrap()).collect()
            };
            assert_eq!(pick(read(found), confined), want.map(read), "{found:?} {confined}");
        };
        check(&["192.0.2.1:0", "127.0.0.1:0"], true, Ok(&["127.0.0.1:0"]));
        check(&["192.0.2.1:0", "[::ffff:127.0.0.1]:0"], true, Err(NoAddress::NotAllowed));
        check(&["[::1]:0"], true, Ok(&["[::1]:0"]));
        check(&["192.0.2.1:0"], false, Ok(&["192.0.2.1:0"]));
        check(&[], false, Err(NoAddress::None));
    }
}
