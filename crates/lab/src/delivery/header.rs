//! The headers of one try of a handed-over form.

use iosxe::HttpRequest;
use simtime::Time;
use topology::Url;
use webhook::{github, header, standard};

use super::Credential;

/// Whom a try is from and where it goes.
#[derive(Clone, Copy)]
pub(super) struct Recipient<'a> {
    pub(super) node: &'a str,
    pub(super) url: &'a Url,
    pub(super) id: &'a str,
}

/// The form's own headers, then the sender's. What the form gave is not repeated; the signature is
/// made anew for every try, since it covers the time (Standard Webhooks 1.0.0).
pub(super) fn compose(
    request: &HttpRequest,
    to: Recipient<'_>,
    credential: &Credential,
    now: Time,
) -> Vec<(String, String)> {
    let mut headers = request.headers.clone();
    let mut add = |name: &str, value: String| {
        if !headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)) {
            headers.push((name.to_owned(), value));
        }
    };
    add(header::CONTENT_TYPE, "application/json".to_owned());
    add(header::ID, to.id.to_owned());
    add(header::TIMESTAMP, now.as_secs().to_string());
    if let Some(secret) = credential.secret_for(to.url) {
        let signature = standard::sign(secret, to.id, now.as_secs(), &request.body);
        add(header::SIGNATURE, signature);
    }
    if let Some(secret) = credential.hmac_secret_for(to.url) {
        add(header::HUB_SIGNATURE, github::sign(secret, &request.body));
    }
    if let Some(value) = credential.authorization_for(to.url) {
        add(header::AUTHORIZATION, value);
    }
    add(header::DEVICE, to.node.to_owned());
    if let Some(trace) = request.trace {
        add(header::TRACEPARENT, trace.to_traceparent());
    }
    headers
}

/// Whether method and headers can be sent as they are: no line of an applet may add a header of
/// its own by a line break (RFC 9110, section 5.5).
pub(super) fn are_clean(request: &HttpRequest) -> bool {
    let is_token = |text: &str| {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        !text.is_empty() && text.bytes().all(is_letter)
    };
    let is_value = |text: &str| !text.chars().any(|c| c.is_control() && c != '\t');
    is_token(&request.method)
        && request.headers.iter().all(|(name, value)| is_token(name) && is_value(value))
}
