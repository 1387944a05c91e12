//! How a request of a router ends, and by what it believes the server.

use std::fmt;

/// How an HTTP request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpOutcome {
    /// There was an answer.
    Answered {
        /// The status.
        status: u16,
        /// The headers, in the order of the answer.
        headers: Vec<(String, String)>,
        /// The body, cut at [`HTTP_ANSWER_BYTES_MAX`].
        body: Vec<u8>,
    },
    /// There was none.
    Failed(HttpFailure),
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpFailure {
    /// The name has no address.
    Resolve,
    /// Nobody listens there.
    Refused,
    /// It took longer than the request allowed.
    Timeout,
    /// The address is neither loopback nor on the allow-list of the topology.
    NotAllowed,
    /// Who answered does not speak TLS, or not as we do.
    Handshake,
    /// Who answered showed a certificate that is not believed.
    Untrusted(Distrust),
    /// The connection broke, or the answer was no HTTP.
    Broken,
}

/// Why a certificate is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// No authority that is believed has signed it.
    Authority,
    /// It is for other names.
    Name,
    /// It is not good yet, or no longer.
    Date,
}

/// By what the certificate of a server is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HttpTrust {
    /// What the topology names: `[webhook] ca`.
    #[default]
    Lab,
    /// These certificates, in PEM: `curl --cacert`.
    Authorities(String),
    /// Any will do: `curl -k`.
    Anybody,
}

impl fmt::Display for HttpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HttpFailure::Resolve => "cannot resolve host",
            HttpFailure::Refused => "connection refused",
            HttpFailure::Timeout => "timeout",
            HttpFailure::NotAllowed => "not allowed",
            HttpFailure::Handshake => "no TLS",
            HttpFailure::Untrusted(Distrust::Authority) => {
                "its certificate is signed by no authority that is trusted here"
            }
            HttpFailure::Untrusted(Distrust::Name) => "its certificate is for other names",
            HttpFailure::Untrusted(Distrust::Date) => "its certificate has expired",
            HttpFailure::Broken => "broken connection",
        })
    }
}

/// The largest part of an HTTP answer that a router is given, in bytes.
pub const HTTP_ANSWER_BYTES_MAX: usize = 64 * 1024;
