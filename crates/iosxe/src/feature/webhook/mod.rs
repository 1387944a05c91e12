//! The course's ways to send a webhook, which no IOS has: `docs/webhooks.md` says so to readers.
//!
//! Both hand a request over to the lab's sender, which adds headers, signs, and tries again. Called
//! by a command in EXEC and by the `http post` action of an applet. Nothing here waits for an
//! answer: the applet goes on at once, and what became of the delivery is a log line, later.

pub(crate) mod exec;

use std::collections::BTreeMap;

use fact::TraceId;
use simtime::Duration;

use crate::feature::logging::Message;
use crate::io::{HttpForm, HttpOutcome, HttpRequest, HttpTrust, Output, RequestId};
use crate::turn::Turn;

/// How long the sender waits for each answer (Standard Webhooks asks for 15 to 30 s).
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// The HTTP requests of one router, numbered.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    last: u64,
    /// Those that the lab's sender has; it refuses more than it can hold, so this is as bounded.
    handed_over: BTreeMap<RequestId, HandedOver>,
}

/// A delivery that the lab's sender sees to.
#[derive(Debug)]
struct HandedOver {
    what: String,
    trace: Option<TraceId>,
}

impl Requests {
    /// A number that no other request of this router has.
    pub(crate) fn next_id(&mut self) -> RequestId {
        self.last += 1;
        RequestId(self.last)
    }
}

/// `http post`: hands the request over. What became of it is for `$_cli_result`.
pub(crate) fn post(turn: &mut Turn<'_>, url: &str, body: String) -> String {
    hand_over(turn, HttpForm::HttpPost, url, body).unwrap_or_else(|refusal| refusal)
}

/// Gives a request to the lab's sender and logs it; or says why not.
fn hand_over(
    turn: &mut Turn<'_>,
    form: HttpForm,
    url: &str,
    body: String,
) -> Result<String, String> {
    let Some(shown) = without_secrets(url) else {
        return Err(format!("% Webhook not sent: {url} is not an http or https URL\n"));
    };
    let what = format!("POST {shown}, {} bytes", body.len());
    // Facility and mnemonic are ours: a real router has neither the command nor the message.
    let text = format!("Accepted for delivery: {what}");
    let request = turn.state.requests.next_id();
    turn.out.push(Output::HttpRequest(HttpRequest {
        request,
        form,
        method: "POST".to_owned(),
        url: url.to_owned(),
        headers: Vec::new(),
        body: body.into_bytes(),
        trust: HttpTrust::Lab,
        timeout: ANSWER_TIMEOUT,
        trace: turn.trace,
    }));
    turn.log(Message::new("EDNM", 6, "WEBHOOK", text));
    let handed_over = HandedOver { what: what.clone(), trace: turn.trace };
    turn.state.requests.handed_over.insert(request, handed_over);
    Ok(format!("Webhook accepted for delivery: {what}\n"))
}

/// The lab's sender is done with a request: after its last try, if it took several. `false` if the
/// request was none of these forms'.
pub(crate) fn answered(turn: &mut Turn<'_>, request: RequestId, outcome: &HttpOutcome) -> bool {
    let Some(HandedOver { what, trace }) = turn.state.requests.handed_over.remove(&request) else {
        return false;
    };
    let (severity, text) = match outcome {
        HttpOutcome::Answered { status: status @ 200..=299, .. } => {
            (6, format!("Delivered: {what}: {status}"))
        }
        HttpOutcome::Answered { status, .. } => (4, format!("Not delivered: {what}: {status}")),
        HttpOutcome::Failed(failure) => (4, format!("Not delivered: {what}: {failure}")),
    };
    turn.trace = trace;
    turn.log(Message::new("EDNM", severity, "WEBHOOK", text));
    true
}

/// An http URL without user, query and fragment, which may hold secrets (law L6); `None` if it is
/// not one.
fn without_secrets(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest[..end].split_at(rest[..end].find('/').unwrap_or(end));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let is_clean = |c: char| !c.is_whitespace() && !c.is_control() && c != '<' && c != '>';
    let is_whole = is_http && !host.is_empty() && url.chars().all(is_clean);
    is_whole.then(|| format!("{}://{host}{path}", scheme.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is logged of a URL holds no secret. Method: a table.
    #[test]
    fn logged_urls_hold_no_secret() {
        let table = [
            ("http://127.0.0.1:8000/events", Some("http://127.0.0.1:8000/events")),
            ("HTTPS://user:pw@h/x?token=t#f", Some("https://h/x")),
            ("http://h?token=t", Some("http://h")),
            ("http://h/a@b", Some("http://h/a@b")),
            ("http:///x", None),
            ("ftp://h/x", None),
            ("http://<webhook-server>/events", None),
            ("events", None),
            ("", None),
        ];
        for (url, want) in table {
            assert_eq!(without_secrets(url).as_deref(), want, "{url}");
        }
    }
}
