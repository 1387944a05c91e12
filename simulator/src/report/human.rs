//! The timeline: one line per fact, a right-aligned verb, the time since the start, the subject.
//!
//! Called for every fact of a live run, in order, and by `ednm` for both sides.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::Style;
use fact::{Fact, Kind};
use host::message::{self, DIM, ERROR, HINT, SUCCESS, WARNING};
use host::text::printable;
use simtime::Time;
use tokio::sync::broadcast::error::RecvError;

use crate::live::Remote;

/// The width of the verb, so that all lines align.
const VERB_COLUMNS: usize = 12;
/// Deliveries whose address is remembered until their answer.
const DELIVERIES_MAX: usize = 1_024;

/// Turns facts into lines.
#[derive(Debug)]
pub struct Timeline {
    start: Time,
    urls: BTreeMap<String, String>,
}

/// One line, before it is laid out.
struct Line {
    style: Style,
    verb: &'static str,
    subject: String,
}

impl Timeline {
    /// A timeline whose times count from `start`.
    pub fn new(start: Time) -> Self {
        Timeline { start, urls: BTreeMap::new() }
    }

    /// The fact as a line with colours, without its end; `None` for one that another line tells.
    pub fn line(&mut self, fact: &Fact) -> Option<String> {
        let Line { style, verb, subject } = self.tell(&fact.kind)?;
        let since = fact.at.since(self.start).as_millis();
        let mut line = format!("{style}{verb:>VERB_COLUMNS$}{style:#}  ");
        let (seconds, millis) = (since / 1_000, since % 1_000);
        write!(line, "{DIM}[{seconds:>4}.{millis:03}s]{DIM:#}  ").expect("a String takes text");
        if let Some(node) = &fact.node {
            line.push_str(&printable(node));
            line.push_str("  ");
        }
        line.push_str(&printable(&subject));
        Some(line)
    }

    /// Verb and subject of each kind of fact. A line is said once: that an interface changed is
    /// told by its message, and that a webhook was sent by its answer.
    fn tell(&mut self, kind: &Kind) -> Option<Line> {
        let (style, verb, subject) = match kind {
            Kind::Fault { step, .. } => (WARNING, "Fault", step.clone()),
            Kind::Interface { .. } | Kind::Carrier { .. } | Kind::SessionEnded { .. } => {
                return None;
            }
            Kind::Neighbor { protocol, interface, device, up } => {
                let what = if *up { "is a neighbour on" } else { "is no neighbour any more on" };
                (SUCCESS, "Neighbour", format!("{device} {what} {interface} ({protocol})"))
            }
            Kind::Reloading { reason } => (WARNING, "Down", reason.clone()),
            Kind::Booted { took } => (SUCCESS, "Booted", format!("after {took}")),
            Kind::SessionFault { fault } => (WARNING, "Session", fault.clone()),
            Kind::DeliveryFault { fault, .. } => (WARNING, "Delivery", fault.clone()),
            Kind::ListenerFault { state } => (WARNING, "Listener", state.clone()),
            Kind::Syslog { message, .. } => (SUCCESS, "Syslog", message.clone()),
            Kind::AppletTriggered { applet, event, .. } => {
                (SUCCESS, "Applet", format!("{applet} triggered by {event}"))
            }
            Kind::AppletFinished { result, .. } if result == "success" => return None,
            Kind::AppletFinished { applet, result } => {
                (ERROR, "Applet", format!("{applet}: {result}"))
            }
            Kind::AppletStep { label, action, .. } => (HINT, "Step", format!("{label}  {action}")),
            Kind::AppletVariables { .. } => return None,
            Kind::AppletPublished { applet, to, text } => {
                (SUCCESS, "Applet", format!("{applet} to {to}: {text}"))
            }
            Kind::Login { user, peer, accepted: true, .. } => {
                (HINT, "Login", format!("{user} from {peer}"))
            }
            Kind::Login { user, peer, accepted: false, reason, .. } => {
                let why = reason.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
                (ERROR, "Login", format!("{user} from {peer} refused{why}"))
            }
            Kind::DeviceCommand { by, line } => (HINT, "Command", format!("{by}: {line}")),
            Kind::CommandBlocked { by, line } => (WARNING, "Blocked", format!("{by}: {line}")),
            Kind::MailSent { to, subject, .. } => {
                (HINT, "Mail", format!("{}: {subject}", to.join(", ")))
            }
            Kind::MailAnswered { error: None, .. } => return None,
            Kind::MailAnswered { server, error: Some(error) } => {
                (WARNING, "Mail", format!("{server}: {error}"))
            }
            Kind::WebhookSent { delivery, url, .. } => {
                self.remember(delivery, url);
                return None;
            }
            Kind::WebhookAnswered { delivery, attempt, status, event, error } => {
                let url = self.urls.remove(delivery).unwrap_or_else(|| delivery.clone());
                return Some(answered(&url, *attempt, *status, event.as_deref(), error.as_deref()));
            }
            listener_side => return listener(listener_side),
        };
        Some(Line { style, verb, subject })
    }

    fn remember(&mut self, delivery: &str, url: &str) {
        if self.urls.len() >= DELIVERIES_MAX {
            self.urls.pop_first();
        }
        self.urls.insert(delivery.to_owned(), url.to_owned());
    }
}

/// A line of the same layout that tells no fact: `Starting  lab ...`.
pub fn status(verb: &str, subject: &str) -> String {
    format!("{SUCCESS}{verb:>VERB_COLUMNS$}{SUCCESS:#}  {}", printable(subject))
}

fn answered(
    url: &str,
    attempt: u32,
    status: Option<u16>,
    event: Option<&str>,
    error: Option<&str>,
) -> Line {
    let good = status.is_some_and(|status| (200..300).contains(&status));
    let mut subject = url.to_owned();
    let status = status.map(|status| status.to_string());
    for part in [status.as_deref(), event, error].into_iter().flatten() {
        subject.push_str("  ");
        subject.push_str(part);
    }
    if attempt > 1 {
        write!(subject, "  (attempt {attempt})").expect("a String takes text");
    }
    Line { style: if good { SUCCESS } else { ERROR }, verb: "Webhook", subject }
}

/// What the listener does on no device.
fn errand(kind: &Kind) -> Option<Line> {
    let (style, verb, subject) = match kind {
        Kind::ApiCalled { api, path, status: Some(status), took, .. } => {
            (SUCCESS, "API", format!("{api} {path}  {status} in {} ms", took.as_millis()))
        }
        Kind::ApiCalled { api, path, error, .. } => {
            (ERROR, "API", format!("{api} {path}  {}", error.as_deref().unwrap_or_default()))
        }
        Kind::FileWritten { file, bytes, .. } => {
            (SUCCESS, "Written", format!("{file}  {bytes} bytes"))
        }
        _ => return None,
    };
    Some(Line { style, verb, subject })
}

/// The listener's facts, which only a program that runs both sides sees.
fn listener(kind: &Kind) -> Option<Line> {
    let (style, verb, subject) = match kind {
        Kind::Verified { event, name, device_from } => {
            (SUCCESS, "Verified", format!("{name}  {event}  (device by {device_from})"))
        }
        Kind::Rejected { source, status, reason, .. } => {
            (ERROR, "Rejected", format!("{source}  {status}  {reason}"))
        }
        Kind::LinesLost { source, lines } => (ERROR, "Lost", format!("{source}  {lines} lines")),
        Kind::Duplicate { event } => (WARNING, "Duplicate", event.clone()),
        Kind::Journalled { event } => (SUCCESS, "Journalled", event.clone()),
        Kind::RuleDecided { rule, fired: true, .. } => (SUCCESS, "Rule", format!("`{rule}`")),
        Kind::RuleDecided { rule, matched: true, reason, .. } => {
            (WARNING, "Rule", format!("`{rule}` held back: {reason}"))
        }
        Kind::Connected { job, .. } => (SUCCESS, "Connected", format!("over SSH  {job}")),
        Kind::ConnectFailed { job, attempt, error } => {
            (ERROR, "Connect", format!("{error}  {job}  (attempt {attempt})"))
        }
        Kind::CommandDone { command, ok, took, .. } => {
            let style = if *ok { SUCCESS } else { ERROR };
            (style, "Answered", format!("{command}  in {} ms", took.as_millis()))
        }
        Kind::JobWaiting { job, .. } => {
            (WARNING, "Waiting", format!("{job}  (`listener approve {job}`)"))
        }
        Kind::JobAnswered { job, by, consent, .. } => {
            (SUCCESS, "Answered", format!("{job}  {consent} by {by}"))
        }
        Kind::BreakerOpened { reason, .. } => (ERROR, "Breaker", reason.clone()),
        Kind::ApiCalled { .. } | Kind::FileWritten { .. } => return errand(kind),
        Kind::JobDone { job, outcome, .. } if outcome != "done" => {
            (ERROR, "Job", format!("{job}  {outcome}"))
        }
        Kind::Started { .. }
        | Kind::Stopped
        | Kind::Received { .. }
        | Kind::RuleDecided { matched: false, .. }
        | Kind::Decided { .. }
        | Kind::JobQueued { .. }
        | Kind::Connecting { .. }
        | Kind::JobDone { .. } => return None,
        Kind::Fault { .. }
        | Kind::Interface { .. }
        | Kind::Carrier { .. }
        | Kind::Neighbor { .. }
        | Kind::Reloading { .. }
        | Kind::Booted { .. }
        | Kind::SessionEnded { .. }
        | Kind::SessionFault { .. }
        | Kind::DeliveryFault { .. }
        | Kind::ListenerFault { .. }
        | Kind::Syslog { .. }
        | Kind::AppletTriggered { .. }
        | Kind::AppletFinished { .. }
        | Kind::AppletStep { .. }
        | Kind::AppletVariables { .. }
        | Kind::AppletPublished { .. }
        | Kind::Login { .. }
        | Kind::DeviceCommand { .. }
        | Kind::CommandBlocked { .. }
        | Kind::MailSent { .. }
        | Kind::MailAnswered { .. }
        | Kind::WebhookSent { .. }
        | Kind::WebhookAnswered { .. } => return None,
    };
    Some(Line { style, verb, subject })
}

/// Prints a lab's timeline on standard error until the lab ends.
pub async fn follow(lab: Remote, start: Time) {
    let mut timeline = Timeline::new(start);
    let Ok(mut facts) = lab.facts() else { return };
    loop {
        match facts.recv().await {
            Ok(fact) => {
                if let Some(line) = timeline.line(&fact) {
                    message::styled(&line);
                }
            }
            Err(RecvError::Lagged(missed)) => {
                message::warning(&format!(
                    "the terminal is too slow: {missed} lines are not shown"
                ));
            }
            Err(RecvError::Closed) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;

    /// Goal: the lines of one loop align, and no control character gets through. Method: a
    /// transcript of its facts.
    #[test]
    fn a_loop_reads_well() {
        let start = Time::VIRTUAL_START;
        let mut timeline = Timeline::new(start);
        let mut transcript = String::new();
        let delivery = "msg_1".to_owned();
        let sent = |attempt| Kind::WebhookSent {
            delivery: delivery.clone(),
            attempt,
            form: "send-data".into(),
            url: "http://127.0.0.1:8000/events".into(),
            body: "{}".into(),
        };
        let answer = |attempt, status, event: Option<&str>, error: Option<&str>| {
            let (event, error) = (event.map(str::to_owned), error.map(str::to_owned));
            Kind::WebhookAnswered { delivery: delivery.clone(), attempt, status, event, error }
        };
        let kinds = [
            Kind::Fault { step: "shutdown GigabitEthernet1".into(), place: None },
            Kind::Syslog { severity: 5, message: "%LINK-5-CHANGED: \x1b[2J".into() },
            Kind::AppletTriggered {
                applet: "WATCH".into(),
                event: "syslog".into(),
                tags: Vec::new(),
            },
            sent(1),
            answer(1, None, None, Some("connection refused")),
            sent(2),
            answer(2, Some(202), Some("evt_7Q2M"), None),
            Kind::AppletFinished { applet: "WATCH".into(), result: "success".into() },
        ];
        for (step, kind) in kinds.into_iter().enumerate() {
            let at = start + simtime::Duration::from_millis(2_000 + step as u64);
            let fact = Fact { at, node: Some("R1".into()), trace: None, kind };
            if let Some(line) = timeline.line(&fact) {
                transcript.push_str(&strip_str(&line).to_string());
                transcript.push('\n');
            }
        }
        let want = "       \
            Fault  [   2.000s]  R1  shutdown GigabitEthernet1\n      \
            Syslog  [   2.001s]  R1  %LINK-5-CHANGED: \\u{1b}[2J\n      \
            Applet  [   2.002s]  R1  WATCH triggered by syslog\n     \
            Webhook  [   2.004s]  R1  http://127.0.0.1:8000/events  connection refused\n     \
            Webhook  [   2.006s]  R1  http://127.0.0.1:8000/events  202  evt_7Q2M  (attempt 2)\n";
        assert_eq!(transcript, want);
    }
}
