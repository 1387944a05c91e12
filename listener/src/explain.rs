//! `listener explain`: of each rule, why it did or did not fire on an event.
//!
//! Reads the story of the event, as `events show` does, and decides nothing: what is said is what
//! was said when the event was decided, the state of the throttles of that moment included.

use std::fmt::Write as _;

use automation::record::{ActionVerdict, RuleVerdict};
use automation::story::{JobStory, Story};
use host::text::printable;
use host::{ExpectedError, message};
use serde::Serialize;

use crate::args::Explain;
use crate::events::Origin;

/// What `--json` prints.
#[derive(Serialize)]
struct Explained<'a> {
    event: &'a str,
    name: &'a str,
    device: Option<&'a str>,
    state: &'static str,
    caused_by: Option<&'a str>,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    /// `fired`, `held`, `pending` or `not-matched`.
    outcome: &'static str,
    #[serde(flatten)]
    verdict: &'a RuleVerdict,
}

/// Runs the verb.
pub(crate) async fn run(args: Explain) -> Result<(), ExpectedError> {
    let origin = Origin::open(&args.place)?;
    let Some(story) = origin.story(&args.id).await? else {
        message::error(&format!("there is no event `{}`", args.id));
        return Err(ExpectedError::AnsweredNo);
    };
    if args.place.format.is_json() {
        let text = serde_json::to_string(&document(&story)).map_err(ExpectedError::environment)?;
        return message::data(&text);
    }
    message::data(explain(&story).trim_end())
}

fn document(story: &Story) -> Explained<'_> {
    let rule = |verdict| Rule { outcome: outcome(verdict).0, verdict };
    Explained {
        event: &story.event.id,
        name: &story.event.name,
        device: story.event.device.as_deref(),
        state: story.state.as_str(),
        caused_by: story.caused_by.as_deref(),
        rules: story.rules.iter().map(rule).collect(),
    }
}

/// The word in JSON, and the words for people.
fn outcome(verdict: &RuleVerdict) -> (&'static str, &'static str) {
    match (verdict.matched, verdict.pending, verdict.fired()) {
        (false, _, _) => ("not-matched", "did not match"),
        (true, true, _) => ("pending", "waits for its window"),
        (true, false, true) => ("fired", "fired"),
        (true, false, false) => ("held", "matched, and was held back"),
    }
}

/// Everything in it came from outside, and is made printable.
fn explain(story: &Story) -> String {
    let event = &story.event;
    let mut text = String::new();
    let mut line = |indent: usize, words: &str| {
        // A String takes any text.
        let _ = writeln!(text, "{:indent$}{}", "", printable(words));
    };
    let device = event.device.as_deref().unwrap_or("no device");
    line(0, &format!("{}  {}  {device}  {}", event.id, event.name, story.state.as_str()));
    if let Some(job) = &story.caused_by {
        line(2, &format!("our own change caused it: {job}"));
    }
    if let Some(note) = &story.note {
        line(2, note);
    }
    match story.decided_at {
        None => line(2, "the rules were not asked yet"),
        Some(_) if story.rules.is_empty() => line(2, "there was no rule to ask"),
        Some(_) => {}
    }
    for rule in &story.rules {
        line(2, &format!("{}: {}", rule.rule, outcome(rule).1));
        line(4, &format!("because  {}", rule.reason));
        if let Some(why) = &rule.held {
            line(4, &format!("{}  {why}", if rule.pending { "until  " } else { "held by" }));
        }
        for action in &rule.actions {
            line(4, &format!("then     {}", follows(action, &story.jobs)));
        }
    }
    text
}

/// What became of one action.
fn follows(action: &ActionVerdict, jobs: &[JobStory]) -> String {
    match action {
        ActionVerdict::Skipped(why) => format!("nothing: {why}"),
        ActionVerdict::Job(id) => {
            let Some(job) = jobs.iter().find(|job| job.job == *id) else { return id.clone() };
            let error = job.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
            let note = job.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            let (action, state) = (job.action.word(), job.state.as_str());
            let on = job.device.as_ref().map(|device| format!(" on {device}")).unwrap_or_default();
            format!("{id}  {action}{on}  {state}{error}{note}")
        }
    }
}

#[cfg(test)]
mod tests {
    use automation::record::{Accepted, Decided, Record, RuleVerdict, Verification};
    use automation::story::fold;
    use expect_test::expect;
    use simtime::Time;
    use webhook::{DeviceFrom, Event};

    use super::*;

    fn event() -> Event {
        Event {
            device: Some("R1".into()),
            device_from: DeviceFrom::Credential,
            ..Event::new("evt_1", Time::VIRTUAL_START, "/events", "Down\u{1b}[2J")
        }
    }

    /// Goal: each way in which a rule can end is told. Method: one story with all of them.
    #[test]
    fn each_outcome_is_told() {
        let verdict = |rule: &str, matched, held: Option<&str>, pending| RuleVerdict {
            rule: rule.into(),
            matched,
            reason: "event.name is \"Down\"".into(),
            held: held.map(str::to_owned),
            pending,
            actions: match (matched, held) {
                (true, None) => vec![ActionVerdict::Skipped("observed only".into())],
                _ => Vec::new(),
            },
        };
        let event = event();
        let records = [
            Record::Accepted(Accepted {
                event,
                verification: Verification::default(),
                webhook_id: None,
                body_sha256: String::new(),
            }),
            Record::Decided(Decided {
                event: "evt_1".into(),
                at: Time::VIRTUAL_START,
                rules: vec![
                    verdict("a", true, None, false),
                    verdict("b", false, None, false),
                    verdict("c", true, Some("once within 5m: evt_0 was answered"), false),
                    verdict("d", true, Some("once after 5m"), true),
                ],
                jobs: Vec::new(),
                caused_by: Some("job_1".into()),
            }),
        ];
        let story = fold(&records).unwrap();
        expect![[r#"
            evt_1  Down\u{1b}[2J  R1  waiting
              our own change caused it: job_1
              a: fired
                because  event.name is "Down"
                then     nothing: observed only
              b: did not match
                because  event.name is "Down"
              c: matched, and was held back
                because  event.name is "Down"
                held by  once within 5m: evt_0 was answered
              d: waits for its window
                because  event.name is "Down"
                until    once after 5m
        "#]]
        .assert_eq(&explain(&story));
        let json = serde_json::to_value(document(&story)).unwrap();
        let outcome = |rule: &serde_json::Value| rule["outcome"].as_str().map(str::to_owned);
        let outcomes: Vec<_> =
            json["rules"].as_array().unwrap().iter().filter_map(outcome).collect();
        assert_eq!(outcomes, ["fired", "not-matched", "held", "pending"]);
        assert_eq!(json["rules"][2]["held"], "once within 5m: evt_0 was answered");
        let undecided = fold(&records[..1]).unwrap();
        assert!(explain(&undecided).contains("the rules were not asked yet"));
    }
}
