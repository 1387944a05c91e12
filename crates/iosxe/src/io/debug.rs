//! `Debug` of what may hold a secret: it names things and shows none of their contents (law L6).
//!
//! Used by whoever prints an input or an output: failing tests, the engineer's log.

use std::fmt;

use fact::TraceId;
use simtime::Duration;

use super::{HttpRequest, Input};

/// Passwords are asked for, typed into sessions, and stand in lines of configuration.
impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Deadline => f.write_str("Deadline"),
            Input::Carrier { interface, up, trace } => f
                .debug_struct("Carrier")
                .field("interface", interface)
                .field("up", up)
                .field("trace", trace)
                .finish(),
            Input::Stimulus { stimulus, trace } => f
                .debug_struct("Stimulus")
                .field("stimulus", stimulus)
                .field("trace", trace)
                .finish(),
            Input::Configure { lines, trace } => f
                .debug_struct("Configure")
                .field("lines", &lines.len())
                .field("trace", trace)
                .finish(),
            Input::Execute { lines, trace } => f
                .debug_struct("Execute")
                .field("lines", &lines.len())
                .field("trace", trace)
                .finish(),
            Input::LoginAsked { session, user, peer, .. } => f
                .debug_struct("LoginAsked")
                .field("session", session)
                .field("user", user)
                .field("peer", peer)
                .finish_non_exhaustive(),
            Input::LoginGuessed { user, peer, trace } => f
                .debug_struct("LoginGuessed")
                .field("user", user)
                .field("peer", peer)
                .field("trace", trace)
                .finish(),
            Input::Reload { boot, trace, .. } => of_life(f, "Reload", *boot, *trace),
            Input::Crash { boot, trace, .. } => of_life(f, "Crash", *boot, *trace),
            Input::ClockSet { to, trace } => {
                f.debug_struct("ClockSet").field("to", to).field("trace", trace).finish()
            }
            Input::Log { trace, .. } => {
                f.debug_struct("Log").field("trace", trace).finish_non_exhaustive()
            }
            Input::Client { session, event } => {
                f.debug_struct("Client").field("session", session).field("event", event).finish()
            }
            Input::SessionOpened { session, .. } => {
                f.debug_struct("SessionOpened").field("session", session).finish_non_exhaustive()
            }
            Input::SessionBytes { session, bytes } => f
                .debug_struct("SessionBytes")
                .field("session", session)
                .field("bytes", &bytes.len())
                .finish(),
            Input::SessionClosed { session } => {
                f.debug_struct("SessionClosed").field("session", session).finish()
            }
            Input::Restconf { session, .. } => {
                f.debug_struct("Restconf").field("session", session).finish_non_exhaustive()
            }
            Input::HttpOutcome { .. }
            | Input::MailOutcome { .. }
            | Input::Collector { .. }
            | Input::ProbeAnswered { .. }
            | Input::PingAnswered { .. }
            | Input::TimeTold { .. }
            | Input::Heard { .. } => of_wire(self, f),
        }
    }
}

/// What comes in from elsewhere.
fn of_wire(input: &Input<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match input {
        Input::HttpOutcome { request, .. } => {
            f.debug_struct("HttpOutcome").field("request", request).finish_non_exhaustive()
        }
        Input::Heard { interface, hello } => {
            f.debug_struct("Heard").field("interface", interface).field("hello", hello).finish()
        }
        Input::MailOutcome { mail, outcome } => {
            f.debug_tuple("MailOutcome").field(mail).field(outcome).finish()
        }
        Input::Collector { collector, event } => {
            f.debug_tuple("Collector").field(collector).field(event).finish()
        }
        Input::ProbeAnswered { probe, by } => {
            f.debug_struct("ProbeAnswered").field("probe", probe).field("by", by).finish()
        }
        Input::TimeTold { ask, served } => {
            f.debug_struct("TimeTold").field("ask", ask).field("served", served).finish()
        }
        Input::PingAnswered { ping } => f.debug_struct("PingAnswered").field("ping", ping).finish(),
        _ => Ok(()),
    }
}

/// Reasons are somebody's own words.
fn of_life(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    boot: Option<Duration>,
    trace: Option<TraceId>,
) -> fmt::Result {
    f.debug_struct(name).field("boot", &boot).field("trace", &trace).finish_non_exhaustive()
}

/// A token is among the headers, and may be in URL and body.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("HttpRequest")
            .field("request", &self.request)
            .field("form", &self.form)
            .field("method", &self.method)
            .field("headers", &headers)
            .field("body", &self.body.len())
            .field("timeout", &self.timeout)
            .field("trace", &self.trace)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{HttpForm, RequestId, SessionId, SessionKind};

    /// Goal: no secret is printed, and what is printed tells inputs apart. Method: the same word as
    /// password, typed line, command, header value, query and body.
    #[test]
    fn no_secret_is_printed() {
        let (session, trace) = (SessionId(7), None);
        let lines = ["username admin secret hunter2".to_owned()];
        let peer = [127, 0, 0, 1].into();
        let kind = SessionKind::Exec("curl -u admin:hunter2".into());
        let request = HttpRequest {
            request: RequestId(1),
            form: HttpForm::Curl,
            method: "POST".into(),
            url: "http://127.0.0.1/?token=hunter2".into(),
            headers: vec![("Authorization".into(), "Bearer hunter2".into())],
            body: b"hunter2".to_vec(),
            trust: crate::io::HttpTrust::Lab,
            timeout: simtime::Duration::from_secs(1),
            trace,
        };
        let printed = [
            format!("{:?}", Input::Configure { lines: &lines, trace }),
            format!(
                "{:?}",
                Input::LoginAsked { session, user: "admin", password: "hunter2", peer }
            ),
            format!("{:?}", Input::SessionOpened { session, kind }),
            format!("{:?}", Input::SessionBytes { session, bytes: b"hunter2\r" }),
            format!("{request:?}"),
        ];
        for text in &printed {
            assert!(!text.contains("hunter2"), "{text}");
        }
        assert!(printed[1].contains("SessionId(7)") && printed[1].contains("admin"));
        assert!(printed[3].contains("bytes: 8"));
        assert!(printed[4].contains("[\"Authorization\"]"));
    }
}
