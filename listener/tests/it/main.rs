//! The listener's integration tests, one binary: the journal, the SSH client, the whole program.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails as its test does")]

mod cors;
mod device;
mod disk;
mod exposure;
mod hostile;
mod hostile_devices;
mod identity;
mod journal;
mod metrics;
mod openapi;
mod outward;
mod records;
mod requests;
mod serve;
mod ssh;
mod tls;

/// A client of HTTP. Of TLS it asks for a provider, whatever it speaks.
fn client() -> reqwest::Client {
    // Another test may have been first.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
