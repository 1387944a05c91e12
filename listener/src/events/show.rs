//! The story of one event as text for people.

use std::fmt::Write as _;

use automation::record::{ActionVerdict, Holder, RuleVerdict};
use automation::story::{ApprovalStory, AttemptStory, CommandStory, JobState, JobStory, Story};
use host::text::{printable, printable_lines};

/// The whole story. Everything in it came from outside, and is made printable.
pub(super) fn story(story: &Story) -> String {
    let event = &story.event;
    let mut text = String::new();
    let mut line = |indent: usize, words: &str| {
        // A String takes any text.
        let _ = writeln!(text, "{:indent$}{}", "", printable(words));
    };
    let device = event.device.as_deref().unwrap_or("no device");
    line(0, &format!("{}  {}  {device}  {}", event.id, event.name, story.state.as_str()));
    line(2, &format!("received   {} on {}", event.received_at, event.source));
    line(2, &format!("verified   {}", verification(story)));
    if let Some(trace) = &event.trace_id {
        line(2, &format!("trace      {trace}"));
    }
    line(2, &format!("data       {}", serde_json::Value::from(event.data.clone())));
    if let Some(note) = &story.note {
        line(2, &format!("note       {note}"));
    }
    if let Some(job) = &story.caused_by {
        line(2, &format!("caused by  our own change, {job}"));
    }
    for rule in &story.rules {
        line(2, &format!("rule       {}", rule_words(rule)));
    }
    text.push_str(&story.jobs.iter().map(job).collect::<String>());
    text
}

fn verification(story: &Story) -> String {
    let methods = story.verification.methods.iter().map(ToString::to_string).collect::<Vec<_>>();
    let by = if methods.is_empty() { "no credential".to_owned() } else { methods.join(", ") };
    let whose = match &story.verification.credential {
        Some(Holder::Node(node)) => format!(" of node {node}"),
        Some(Holder::Entry(entry)) => format!(" of credential {entry}"),
        None => String::new(),
    };
    format!("{by}{whose}; device {}", story.event.device_from)
}

fn rule_words(rule: &RuleVerdict) -> String {
    let matched = if rule.matched { "matched" } else { "not matched" };
    let mut words = format!("{}: {matched}: {}", rule.rule, rule.reason);
    if let Some(why) = &rule.held {
        let how = if rule.pending { "waits" } else { "held back" };
        words.push_str(&format!("; {how}: {why}"));
    }
    for action in &rule.actions {
        match action {
            ActionVerdict::Job(job) => words.push_str(&format!("; {job}")),
            ActionVerdict::Skipped(why) => words.push_str(&format!("; skipped: {why}")),
        }
    }
    words
}

fn job(job: &JobStory) -> String {
    let error = job.error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
    let note = job.note.as_deref().map(|note| format!(" ({note})")).unwrap_or_default();
    let (state, action) = (job.state.as_str(), job.action.word());
    let on = job.device.as_ref().map(|device| format!(" on {device}")).unwrap_or_default();
    let line = format!("  {}  {action}{on}  {state}{error}{note}", job.job);
    let attempts: String = job.attempts.iter().map(attempt).collect();
    format!("{}\n{}{attempts}", printable(&line), approval(job))
}

/// What waits for an approval, and who gave it.
fn approval(job: &JobStory) -> String {
    let mut text = String::new();
    if job.state == JobState::Waiting {
        text.push_str(&format!("    waits for `listener approve {}`:\n", printable(&job.job)));
        for line in job.action.lines().iter() {
            text.push_str(&format!("      {}\n", printable(line)));
        }
    }
    if let Some(ApprovalStory { consent, by, at }) = &job.approval {
        let line = format!("    {} by {by}  {at}", consent.as_str());
        text.push_str(&format!("{}\n", printable(&line)));
    }
    text
}

fn attempt(attempt: &AttemptStory) -> String {
    let doubt = if attempt.in_doubt { "  in doubt" } else { "" };
    let error = attempt.error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
    let line = format!("    try {}  {}{doubt}{error}", attempt.attempt, attempt.started_at);
    let commands: String = attempt.commands.iter().map(command).collect();
    format!("{}\n{commands}", printable(&line))
}

fn command(command: &CommandStory) -> String {
    let ok = if command.ok { "ok" } else { "refused" };
    let line = format!("      {}  {ok} in {}", command.command, command.took);
    let mut text = format!("{}\n", printable(&line));
    // Data is for reading; as it came it is in the JSON of the story.
    let data = command.json.as_ref().and_then(|json| serde_json::to_string_pretty(json).ok());
    let shown = data.unwrap_or_else(|| command.output.replace('\r', ""));
    for output in printable_lines(&shown).lines() {
        text.push_str("        ");
        text.push_str(output.trim_end());
        text.push('\n');
    }
    text
}
