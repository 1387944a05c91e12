//! Lines of logs that are made of facts: what `[[records]]` of listener.toml asks for.
//!
//! The skin passes every fact in and writes what comes back. A fact that tells of an event or of a
//! job also tells, here, from which source and of which name the event was.

use std::collections::{BTreeMap, VecDeque};

use fact::{Fact, Kind};
use serde_json::{Map, Value};

use crate::action::log::{one_line, stamped};
use crate::template::Engine;

/// Events whose source and name are remembered, and jobs whose event is.
const REMEMBERED_MAX: usize = 10_000;

/// All records of a configuration.
#[derive(Clone, Debug)]
pub struct Records {
    records: Vec<Record>,
    engine: Engine,
}

/// One log.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its name below the directory of `[files]`.
    pub file: String,
    /// It begins anew before it would be larger, in bytes.
    pub rotate: u64,
    /// How many former ones stay: `NAME.1` is the newest.
    pub keep: usize,
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) on: On,
    pub(crate) when: Option<String>,
    pub(crate) line: String,
}

/// On which facts a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Started,
    Received,
    Verified,
    Refused,
    Duplicate,
    Rule,
    Decided,
    ApiCalled,
    Connecting,
    Session,
    ConnectFailed,
    Command,
    FileWritten,
    JobDone,
    Stopped,
}

impl On {
    pub(crate) const WORDS: [(&'static str, On); 15] = [
        ("started", On::Started),
        ("received", On::Received),
        ("verified", On::Verified),
        ("refused", On::Refused),
        ("duplicate", On::Duplicate),
        ("rule", On::Rule),
        ("decided", On::Decided),
        ("api-called", On::ApiCalled),
        ("connecting", On::Connecting),
        ("session", On::Session),
        ("connect-failed", On::ConnectFailed),
        ("command", On::Command),
        ("file-written", On::FileWritten),
        ("job-done", On::JobDone),
        ("stopped", On::Stopped),
    ];

    fn of(kind: &Kind) -> Option<On> {
        let words = match kind {
            Kind::Rejected { .. } => "refused",
            Kind::RuleDecided { .. } => "rule",
            Kind::Connected { .. } => "session",
            Kind::CommandDone { .. } => "command",
            // The others are called as a trace calls them, or are the device side's.
            kind => kind.name(),
        };
        On::WORDS.into_iter().find(|(word, _)| *word == words).map(|(_, on)| on)
    }
}

impl Records {
    pub(crate) fn new(records: Vec<Record>, engine: Engine) -> Self {
        Records { records, engine }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

/// Makes lines of facts.
#[derive(Debug, Default)]
pub struct Recorder {
    events: Memory<(String, String)>,
    jobs: Memory<String>,
}

#[derive(Debug)]
struct Memory<T> {
    known: BTreeMap<String, T>,
    order: VecDeque<String>,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Memory { known: BTreeMap::new(), order: VecDeque::new() }
    }
}

impl<T> Memory<T> {
    fn remember(&mut self, key: &str, value: T) {
        if self.known.insert(key.to_owned(), value).is_none() {
            self.order.push_back(key.to_owned());
        }
        if self.order.len() > REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

impl Recorder {
    /// What a fact writes: the record, and the line without its end. A line that cannot be made is
    /// one that says so.
    pub fn lines<'a>(&mut self, records: &'a Records, fact: &Fact) -> Vec<(&'a Record, String)> {
        self.remember(&fact.kind);
        let Some(on) = On::of(&fact.kind) else { return Vec::new() };
        if !records.records.iter().flat_map(|record| &record.lines).any(|line| line.on == on) {
            return Vec::new();
        }
        let told = self.told(fact);
        let scope = records.engine.fact_scope(&told);
        let mut lines = Vec::new();
        for record in &records.records {
            for line in record.lines.iter().filter(|line| line.on == on) {
                let holds = |when: &String| records.engine.holds(when, &scope).0;
                if !line.when.as_ref().is_none_or(holds) {
                    continue;
                }
                let text = match records.engine.line(&line.line, &scope) {
                    Ok(text) => one_line(&text),
                    Err(why) => one_line(&format!("RECORD_FAILED reason={why:?}")),
                };
                lines.push((record, stamped(&text, fact.at)));
            }
        }
        lines
    }

    /// What later facts of an event or a job do not say again.
    fn remember(&mut self, kind: &Kind) {
        match kind {
            Kind::Received { event, source, name, .. } => {
                self.events.remember(event, (source.clone(), name.clone()));
            }
            Kind::JobQueued { job, event, .. } | Kind::JobWaiting { job, event, .. } => {
                self.jobs.remember(job, event.clone());
            }
            _ => {}
        }
    }

    /// The fact's own fields, and what is known of its event.
    fn told(&self, fact: &Fact) -> Map<String, Value> {
        let mut told = match serde_json::to_value(&fact.kind) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) | Err(_) => Map::new(),
        };
        if let Some(took) = told.get("took").and_then(Value::as_u64) {
            told.insert("took_ms".into(), (took / 1_000).into());
        }
        told.insert("at".into(), fact.at.to_string().into());
        told.insert("device".into(), fact.node.as_deref().into());
        told.insert("trace_id".into(), fact.trace.map(|trace| trace.to_string()).into());
        let text = |told: &Map<String, Value>, key: &str| {
            told.get(key).and_then(Value::as_str).map(str::to_owned)
        };
        let (event, job) = (text(&told, "event"), text(&told, "job"));
        let event = event.or_else(|| self.jobs.known.get(&job?).cloned());
        let Some(event) = event else { return told };
        if let Some((source, name)) = self.events.known.get(&event) {
            told.entry("source").or_insert_with(|| source.clone().into());
            told.entry("name").or_insert_with(|| name.clone().into());
        }
        told.insert("event".into(), event.into());
        told
    }
}

#[cfg(test)]
mod tests {
    use diagnostic::Source;
    use simtime::Time;
    use topology::{NoFiles, Topology};

    use super::*;

    const RULES: &str = r#"
[[sources]]
path = "/joke"
unauthenticated = "loopback"
[[records]]
file = "logs/a.log"
[[records.lines]]
on = "received"
when = 'fact.source == "/joke"'
line = "WEBHOOK_RECEIVED={{ fact.source }} event={{ fact.name }} payload_size={{ fact.bytes }}"
[[records.lines]]
on = "session"
when = 'fact.source == "/joke"'
line = "CONNECT_OK: NETMIKO device={{ fact.device }}"
[[records.lines]]
on = "refused"
when = 'fact.status in [401, 403]'
line = "SECURITY_VALIDATION=FAIL reason={{ fact.reason }}"
"#;

    /// Goal: lines of a loop, each with the source of its event; nothing forges a second line.
    #[test]
    fn lines_of_a_loop() {
        let source = Source::new("listener.toml", RULES);
        let (nobody, mut sink) = (Topology::empty(&source), Vec::new());
        let config = crate::Config::load(&source, &nobody, &mut NoFiles, &mut sink);
        let config = config.unwrap_or_else(|| panic!("{sink:?}"));
        let received = |event: &str, source: &str| Kind::Received {
            event: event.into(),
            source: source.into(),
            name: "joke\nFORGED=1".into(),
            peer: None,
            bytes: 7,
            normalized_from: None,
        };
        let queued = |job: &str, event: &str| Kind::JobQueued {
            job: job.into(),
            event: event.into(),
            rule: "r".into(),
        };
        let refused = |status| Kind::Rejected {
            source: "/joke".into(),
            status,
            reason: "no token".into(),
            peer: None,
        };
        let kinds = [
            received("e1", "/joke"),
            received("e2", "/other"),
            queued("j1", "e1"),
            queued("j2", "e2"),
            Kind::Connected { job: "j1".into(), attempt: 1 },
            Kind::Connected { job: "j2".into(), attempt: 1 },
            refused(401),
            refused(422),
        ];
        let mut recorder = Recorder::default();
        let mut seen = Vec::new();
        for kind in kinds {
            let at = Time::VIRTUAL_START;
            let fact = Fact { at, node: Some("R1".into()), trace: None, kind };
            let lines = recorder.lines(config.records(), &fact);
            seen.extend(lines.into_iter().map(|(record, line)| format!("{}: {line}", record.file)));
        }
        let seen = seen.join("\n").replace(" ts=2026-01-01T00:00:00.000000Z", " ..");
        expect_test::expect![[r#"
            logs/a.log: WEBHOOK_RECEIVED=/joke event="joke\nFORGED=1" payload_size=7 ..
            logs/a.log: CONNECT_OK: NETMIKO device=R1 ..
            logs/a.log: SECURITY_VALIDATION=FAIL reason="no token" .."#]]
        .assert_eq(&seen);
    }
}
