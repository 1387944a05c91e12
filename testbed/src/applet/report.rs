//! What `ednm eem run` prints for people: the timeline, with each statement and what it has set.

use fact::{Fact, Kind};
use host::message::{DIM, ERROR, HINT, SUCCESS};
use host::text::printable;
use simtime::Time;
use simulator::report::human::Timeline;

/// The width of the verb, as in the timeline.
const VERB_COLUMNS: usize = 12;
/// Where a statement's own text begins.
const INDENT: usize = VERB_COLUMNS + 15;
/// The longest value that is shown, in characters.
const VALUE_CHARS_MAX: usize = 120;
/// Variables that every event has, in the document alone.
const OF_EVERY_EVENT: [&str; 2] = ["_event_", "_job_id"];

/// Tells facts as lines.
pub(super) struct Teller {
    timeline: Timeline,
    start: Time,
    /// Whether each statement has its applet's name.
    names_applets: bool,
}

impl Teller {
    pub(super) fn new(start: Time, names_applets: bool) -> Self {
        Teller { timeline: Timeline::new(start), start, names_applets }
    }

    /// The line of something that was done.
    pub(super) fn event(&self, at: Time, text: &str) -> String {
        format!("{}  {}", self.head(HINT, "Event", at), printable(text))
    }

    /// The lines of a fact; empty for one that another line tells.
    pub(super) fn fact(&mut self, fact: &Fact) -> String {
        match &fact.kind {
            Kind::AppletStep { applet, label, action } => {
                let name = if self.names_applets { format!("{applet}  ") } else { String::new() };
                let text = printable(action).into_owned();
                format!("{}  {name}{label}  {text}", self.head(HINT, "Step", fact.at))
            }
            Kind::AppletVariables { holds, changed, .. } => {
                let holds = holds.map(|holds| format!("{:INDENT$}{DIM}{holds}{DIM:#}", ""));
                let is_shown = |name: &str| !OF_EVERY_EVENT.iter().any(|of| name.starts_with(of));
                let set = changed.iter().filter(|(name, _)| is_shown(name)).map(|(name, value)| {
                    format!("{:INDENT$}{DIM}{} = {}{DIM:#}", "", printable(name), quoted(value))
                });
                holds.into_iter().chain(set).collect::<Vec<_>>().join("\n")
            }
            Kind::Fault { .. } | Kind::Login { .. } => String::new(),
            Kind::AppletFinished { applet, result } if result == "success" => {
                format!("{}  {}: success", self.head(SUCCESS, "Applet", fact.at), printable(applet))
            }
            Kind::WebhookSent { form, url, body, .. } => {
                let _ = self.timeline.line(fact);
                let (url, body) = (printable(url), quoted(body));
                format!("{}  {form} {url}  {body}", self.head(SUCCESS, "HTTP", fact.at))
            }
            _ => {
                let anonymous = Fact { node: None, ..fact.clone() };
                self.timeline.line(&anonymous).unwrap_or_default()
            }
        }
    }

    fn head(&self, style: anstyle::Style, verb: &str, at: Time) -> String {
        let millis = at.since(self.start).as_millis();
        let (seconds, millis) = (millis / 1_000, millis % 1_000);
        format!("{style}{verb:>VERB_COLUMNS$}{style:#}  {DIM}[{seconds:>4}.{millis:03}s]{DIM:#}")
    }
}

/// What a terminal has shown, a line each.
pub(super) fn screen(text: &str) -> String {
    let lines = text.replace('\r', "");
    let lines = lines.split('\n').filter(|line| !line.is_empty());
    let lines = lines
        .map(|line| format!("{HINT}{:>VERB_COLUMNS$}{HINT:#}  {}", "Terminal", printable(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What is no fact.
pub(super) fn status(verb: &str, text: &str, is_good: bool) -> String {
    let style = if is_good { SUCCESS } else { ERROR };
    format!("{style}{verb:>VERB_COLUMNS$}{style:#}  {}", printable(text))
}

fn quoted(value: &str) -> String {
    let shown: String = value.chars().take(VALUE_CHARS_MAX).collect();
    let more = if shown.len() < value.len() { "…" } else { "" };
    format!("\"{}\"{more}", printable(&shown))
}
