//! Reads a listener's events over its API, and tells them as facts.
//!
//! Used by `simulator run --listener URL`, whose judge sees facts alone. What is told are the
//! stages that an expectation can be about, each once.

use std::collections::BTreeSet;
use std::time::Duration;

use fact::{Fact, Kind};
use reqwest::{Client, StatusCode, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use simtime::Time;
use topology::{Scheme, Url};

/// How long one answer may take, in milliseconds.
const ANSWER_MS_MAX: u64 = 5_000;
/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Events that are asked for at a time. A scenario that raises more between two looks is a flood.
const EVENTS_MAX: usize = 200;

/// Reads one listener.
#[derive(Debug)]
pub(crate) struct Events {
    base: Url,
    client: Client,
    since: Time,
    told: BTreeSet<String>,
}

/// Why a listener could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EventsError {
    /// Its URL is none.
    #[error("`--listener {url}`: {reason}")]
    Url {
        /// As given.
        url: String,
        /// Why.
        reason: String,
    },
    /// It did not answer.
    #[error("the listener at {url} does not answer")]
    NoAnswer {
        /// Where.
        url: Url,
        /// How it failed.
        #[source]
        source: reqwest::Error,
    },
    /// Its answer has no end.
    #[error("the answer of {url} is longer than {ANSWER_BYTES_MAX} bytes")]
    TooLong {
        /// Where.
        url: Url,
    },
    /// It answered something else.
    #[error("the listener at {url} answers {status} to a question about its events")]
    Status {
        /// Where.
        url: Url,
        /// The status.
        status: u16,
    },
    /// Its answer is not what a listener gives.
    #[error("the answer of {url} is not a listener's")]
    Garbled {
        /// Where.
        url: Url,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

#[derive(Deserialize)]
struct Page {
    events: Vec<Summary>,
}

#[derive(Deserialize)]
struct Summary {
    id: String,
    #[serde(with = "webhook::stamp")]
    received_at: Time,
}

#[derive(Deserialize)]
struct Story {
    event: Event,
    rules: Vec<Rule>,
    jobs: Vec<Job>,
}

#[derive(Deserialize)]
struct Event {
    id: String,
    device: Option<String>,
}

#[derive(Deserialize)]
struct Rule {
    rule: String,
    matched: bool,
    reason: String,
}

#[derive(Deserialize)]
struct Job {
    job: String,
    device: String,
    /// Its one key says what it does.
    #[serde(default)]
    action: serde_json::Map<String, serde_json::Value>,
    state: String,
    error: Option<String>,
    attempts: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Attempt {
    attempt: u32,
    error: Option<String>,
    commands: Vec<Command>,
}

#[derive(Deserialize)]
struct Command {
    command: String,
    output: String,
    ok: bool,
    #[serde(with = "webhook::stamp")]
    sent_at: Time,
    took_us: u64,
}

impl Events {
    /// Reads the listener at `url`: what it took in from `since` on.
    pub(crate) fn new(url: &str, since: Time) -> Result<Self, EventsError> {
        let failed = |reason: String| EventsError::Url { url: url.to_owned(), reason };
        let base: Url =
            url.parse().map_err(|error: topology::UrlError| failed(error.to_string()))?;
        match base.scheme {
            Scheme::Http => Ok(Events { base, client: client(), since, told: BTreeSet::new() }),
            Scheme::Https => Err(failed("its events are read over `http://`".to_owned())),
        }
    }

    /// What is new since the last look, told at `now` unless the listener says when it was.
    pub(crate) async fn look(&mut self, now: Time) -> Result<Vec<Fact>, EventsError> {
        let page: Page = self.get(&format!("/api/v1/events?limit={EVENTS_MAX}")).await?;
        let mut facts = Vec::new();
        for summary in page.events.iter().rev().filter(|event| event.received_at >= self.since) {
            let id: String = summary.id.chars().filter(char::is_ascii_graphic).collect();
            let story: Story = self.get(&format!("/api/v1/events/{id}")).await?;
            for (mark, fact) in tell(&story, now) {
                if self.told.insert(mark) {
                    facts.push(fact);
                }
            }
        }
        Ok(facts)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, EventsError> {
        let url = || self.base.clone();
        let no_answer = |source: reqwest::Error| {
            // Its own text would name the URL once more.
            EventsError::NoAnswer { url: url(), source: source.without_url() }
        };
        let target = format!("http://{}{path}", self.base.authority);
        let mut response = self.client.get(target).send().await.map_err(no_answer)?;
        if response.status() != StatusCode::OK {
            let status = response.status().as_u16();
            return Err(EventsError::Status { url: url(), status });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
            body.extend_from_slice(&chunk);
            if body.len() > ANSWER_BYTES_MAX {
                return Err(EventsError::TooLong { url: url() });
            }
        }
        serde_json::from_slice(&body).map_err(|source| EventsError::Garbled { url: url(), source })
    }
}

/// Neither proxies nor redirects: the answer is that listener's or none.
fn client() -> Client {
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .timeout(Duration::from_millis(ANSWER_MS_MAX))
        .build()
        .expect("without TLS and proxies there is nothing that can be missing")
}

/// The facts of a story, each with a mark that tells it from all others.
fn tell(story: &Story, now: Time) -> Vec<(String, Fact)> {
    let event = &story.event.id;
    let mut facts = Vec::new();
    let mut say = |mark: String, at: Time, node: Option<&str>, kind: Kind| {
        facts.push((mark, Fact { at, node: node.map(Into::into), trace: None, kind }));
    };
    for Rule { rule, matched, reason } in &story.rules {
        let (rule, reason) = (rule.clone(), reason.clone());
        let mark = format!("{event} rule {rule}");
        let (matched, fired) = (*matched, *matched);
        let kind = Kind::RuleDecided { event: event.clone(), rule, matched, fired, reason };
        say(mark, now, story.event.device.as_deref(), kind);
    }
    for Job { job, device, action, state, error, attempts } in &story.jobs {
        for attempt in attempts {
            tell_attempt(event, job, device, attempt, now, &mut say);
        }
        let outcome = match (state.as_str(), error) {
            ("done", _) => "done".to_owned(),
            ("failed", error) => format!("failed: {}", error.as_deref().unwrap_or("unknown")),
            _ => continue,
        };
        let action = action.keys().next().cloned().unwrap_or_default();
        let kind = Kind::JobDone { job: job.clone(), event: event.clone(), action, outcome };
        say(format!("{job} done"), now, Some(device), kind);
    }
    facts
}

fn tell_attempt(
    event: &str,
    job: &str,
    device: &str,
    attempt: &Attempt,
    now: Time,
    say: &mut impl FnMut(String, Time, Option<&str>, Kind),
) {
    let Attempt { attempt: number, error, commands } = attempt;
    for (index, done) in commands.iter().enumerate() {
        let took = simtime::Duration::from_micros(done.took_us);
        let kind = Kind::CommandDone {
            job: job.to_owned(),
            event: event.to_owned(),
            command: done.command.clone(),
            output: done.output.clone(),
            ok: done.ok,
            took,
        };
        say(format!("{job} {number} {index}"), done.sent_at + took, Some(device), kind);
    }
    if let Some(error) = error {
        let (job, error) = (job.to_owned(), error.clone());
        let mark = format!("{job} {number} failed");
        say(mark, now, Some(device), Kind::ConnectFailed { job, attempt: *number, error });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a story of the API becomes the facts that a judge knows. Method: one story, as JSON.
    #[test]
    fn a_story_becomes_facts() {
        let story = r#"{"state":"done","event":{"id":"evt_1","device":"R1"},
            "rules":[{"rule":"interface down","matched":true,"reason":"true"}],
            "jobs":[{"job":"job_1","device":"R1","state":"done","error":null,
              "attempts":[
                {"attempt":1,"error":"refused","commands":[]},
                {"attempt":2,"error":null,"commands":[{"command":"show clock","output":"now",
                  "ok":true,"sent_at":"2026-01-01T00:00:01Z","took_us":2000}]}]}]}"#;
        let story: Story = serde_json::from_str(story).unwrap();
        let facts = tell(&story, Time::VIRTUAL_START);
        let marks: Vec<&str> = facts.iter().map(|(mark, _)| mark.as_str()).collect();
        let want = ["evt_1 rule interface down", "job_1 1 failed", "job_1 2 0", "job_1 done"];
        assert_eq!(marks, want);
        let done = &facts[2].1;
        assert_eq!(done.at.to_string(), "2026-01-01T00:00:01.002000Z");
        assert!(matches!(&done.kind, Kind::CommandDone { command, .. } if command == "show clock"));
    }
}
