//! HTTPS in virtual time, where no byte is encrypted: how long a greeting takes, and whether the
//! listener is believed.
//!
//! The listener of a virtual run shows a certificate for every name that leads to it, signed by
//! what the topology names as `[webhook] ca`. So a router believes it where the topology names an
//! authority, `curl --cacert` where the file holds one of the same certificates, and `curl -k`
//! always. A topology that names none has a listener that nobody believes.

use lab::{Distrust, HttpFailure, HttpTrust, Post};
use simtime::Duration;

use super::HTTPS;

/// The end of a certificate in PEM (RFC 7468).
const END: &str = "-----END CERTIFICATE-----";

/// How long it takes until a request can be said; `None` where no greeting is needed.
pub(super) fn greet(post: &Post, ca: Option<&str>) -> Result<Option<Duration>, HttpFailure> {
    let is_https = post.url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    if !is_https {
        return Ok(None);
    }
    let is_believed = match &post.trust {
        HttpTrust::Anybody => true,
        HttpTrust::Lab => ca.is_some(),
        HttpTrust::Authorities(pem) => ca.is_some_and(|ca| share_one(pem, ca)),
    };
    match is_believed {
        true => Ok(Some(HTTPS)),
        false => Err(HttpFailure::Untrusted(Distrust::Authority)),
    }
}

/// Whether a certificate stands in both texts.
fn share_one(one: &str, other: &str) -> bool {
    let other = certificates(other);
    certificates(one).iter().any(|certificate| other.contains(certificate))
}

/// The certificates of a text, without what stands around them and without their line breaks.
fn certificates(pem: &str) -> Vec<String> {
    let body = |part: &str| {
        let (_, body) = part.split_once("-----BEGIN CERTIFICATE-----")?;
        Some(body.split_whitespace().collect::<String>())
    };
    pem.split(END).filter_map(body).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the same certificate is the same, however its lines are broken and whatever stands
    /// around it. Method: a table.
    #[test]
    fn one_certificate_in_both() {
        let pem = |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n{END}\n");
        let table = [
            (pem("AB\nCD"), format!("# ours\n{}", pem("ABCD")), true),
            (pem("AB"), pem("ABCD"), false),
            (pem("X") + &pem("AB"), pem("AB") + &pem("Y"), true),
            (String::new(), pem("AB"), false),
        ];
        for (one, other, want) in table {
            assert_eq!(share_one(&one, &other), want, "{one} {other}");
        }
    }
}
