//! The one gate: what leaves the automation to be stored or told has no secret in it.
//!
//! Called by the automation for each of its outputs. An event loses its secrets earlier, when it is
//! taken in, so that rules see what the journal keeps. A job's lines are kept as they are, since a
//! restart sends them again.

use redact::Redactor;

use crate::io::Output;
use crate::record::{ActionVerdict, Outcome, Record, RuleVerdict};

pub(crate) fn clean(redactor: &Redactor, output: &mut Output) {
    match output {
        Output::Fact(fact) => {
            fact.kind.texts_mut().into_iter().for_each(|text| redactor.clean(text));
        }
        Output::Persist { records, .. } => {
            let texts = records.iter_mut().flat_map(texts);
            texts.for_each(|text| redactor.clean(text));
            let data = records.iter_mut().filter_map(data);
            data.for_each(|value| redactor.value(value));
        }
        Output::Reply(_)
        | Output::Answer { .. }
        | Output::OpenSession { .. }
        | Output::Restconf { .. }
        | Output::Http { .. }
        | Output::Write { .. }
        | Output::SessionBytes { .. }
        | Output::CloseSession(_) => {}
    }
}

/// The texts of a record that somebody else's words can be in.
fn texts(record: &mut Record) -> Vec<&mut String> {
    match record {
        Record::Accepted(_) | Record::Approval(_) | Record::Attempt(_) => Vec::new(),
        Record::Stepped(stepped) => skipped(&mut stepped.actions).collect(),
        Record::Resolved(resolved) => reasons(&mut resolved.rule).collect(),
        // Its groups are found again by their text; an event's values hold no secret any more.
        Record::Kept(_) => Vec::new(),
        Record::Decided(decided) => decided.rules.iter_mut().flat_map(reasons).collect(),
        Record::Command(command) => vec![&mut command.command, &mut command.output],
        Record::AttemptFailed(failed) => vec![&mut failed.error],
        Record::JobDone(done) => {
            let why = match &mut done.outcome {
                Outcome::Done => None,
                Outcome::Failed(why) => Some(why),
            };
            why.into_iter().chain(&mut done.note).collect()
        }
    }
}

/// The data with which a device answered.
fn data(record: &mut Record) -> Option<&mut serde_json::Value> {
    match record {
        Record::Command(command) => command.json.as_mut(),
        Record::JobDone(done) => done.result.as_mut(),
        Record::Accepted(_)
        | Record::Decided(_)
        | Record::Stepped(_)
        | Record::Resolved(_)
        | Record::Kept(_)
        | Record::Approval(_)
        | Record::Attempt(_)
        | Record::AttemptFailed(_) => None,
    }
}

fn reasons(verdict: &mut RuleVerdict) -> impl Iterator<Item = &mut String> {
    let skipped = skipped(&mut verdict.actions);
    std::iter::once(&mut verdict.reason).chain(&mut verdict.held).chain(skipped)
}

fn skipped(actions: &mut [ActionVerdict]) -> impl Iterator<Item = &mut String> {
    actions.iter_mut().filter_map(|action| match action {
        ActionVerdict::Job(_) => None,
        ActionVerdict::Skipped(why) => Some(why),
    })
}

#[cfg(test)]
mod tests {
    use simtime::Duration;

    use crate::SessionFailure;
    use crate::testkit::{Device, Request, Rig};

    const RULES: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer"]
[[rules]]
name = "r"
when = 'event.data.password and event.data.note'
[[rules.actions]]
show = ["show clock"]
"#;

    /// Goal: neither a fact nor a record tells a secret, wherever it came from. Method: one in the
    /// body by its key and one by its value, one in a name, one in an error of a device.
    #[test]
    fn nothing_that_leaves_tells_a_secret() {
        let mut rig = Rig::new(RULES);
        let why = "banner: enable secret 9 of-the-banner enable-of-r2".to_owned();
        rig.devices.insert("R1".into(), Device::Failing(SessionFailure::Unreachable(why)));
        let body =
            r#"{"event": "token-of-r2 came", "password": "of-the-body", "note": "x token-of-r2"}"#;
        let request = Request::new(body).token("token-of-r1").header("webhook-id", "token-of-r2");
        let (status, event) = rig.status(&request);
        assert_eq!(status, 202);
        rig.settle(Duration::from_secs(600));
        let story = serde_json::to_string(&rig.story(&event)).expect("JSON");
        let told = format!("{story}\n{:?}\n{:?}", rig.facts, rig.records());
        for secret in ["of-the-body", "token-of-r2", "enable-of-r2", "of-the-banner", "token-of-r1"]
        {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
        assert!(story.contains(r#""name":"[redacted] came""#), "{story}");
        assert!(story.contains(r#"event.data.password is \"[redacted]\""#), "{story}");
        assert!(story.contains("banner: enable secret 9 [redacted]"), "{story}");
    }
}
