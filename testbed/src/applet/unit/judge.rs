//! Whether what was wanted is so, and what is there instead.

use lab::Post;
use regex::Regex;
use serde_json::Value as Json;
use simtime::Time;

use super::want::{HttpWant, Want, Wanted};
use crate::applet::record::{Record, Run};

/// What a test has seen.
pub(super) struct Seen {
    pub(super) record: Record,
    pub(super) posts: Vec<(Time, Post)>,
    /// The configuration at the end.
    pub(super) config: String,
    /// What somebody has typed.
    pub(super) lines: Vec<String>,
}

/// What was wanted and is not so.
pub(super) struct Missed {
    pub(super) wanted: Wanted,
    /// What was wanted, in words.
    pub(super) what: String,
    /// What is there instead.
    pub(super) instead: String,
    /// The statement at which it parts ways: its place among those of all runs.
    pub(super) at: Option<usize>,
}

/// The longest list that is told.
const TOLD_MAX: usize = 12;

/// Judges one thing; `None` when it is so.
pub(super) fn judge(wanted: &Wanted, seen: &Seen) -> Option<Missed> {
    let (is_so, what, instead, at) = look(&wanted.want, seen);
    if is_so != wanted.is_never {
        return None;
    }
    let what = if wanted.is_never { format!("never: {what}") } else { what };
    let instead = if wanted.is_never { "it is there".to_owned() } else { instead };
    Some(Missed { wanted: wanted.clone(), what, instead, at })
}

/// Whether it is so, what it is in words, what is there, and where that begins.
type Looked = (bool, String, String, Option<usize>);

fn look(want: &Want, seen: &Seen) -> Looked {
    let record = &seen.record;
    match want {
        Want::Runs(count) => {
            let runs = record.runs.len() as u64;
            let names: Vec<&str> = record.runs.iter().map(|run| run.applet.as_str()).collect();
            (
                runs == *count,
                runs_of(*count),
                format!("{}: {}", runs_of(runs), listed(&names)),
                None,
            )
        }
        Want::Result(result) => {
            let others = record.runs.iter().map(result_of).filter(|other| other != result);
            let others: Vec<String> = others.collect();
            let is_so = !record.runs.is_empty() && others.is_empty();
            let instead = if record.runs.is_empty() { "no run".into() } else { listed(&others) };
            (is_so, format!("every run ends with `{result}`"), instead, None)
        }
        Want::Labels(labels) => in_order(labels, &labels_of(record), "the labels"),
        Want::Passes(labels) => passes(labels, &labels_of(record)),
        Want::Commands(commands) => in_order(commands, &commands_of(record), "the commands"),
        Want::Command(pattern) => said(pattern, "a command", &commands_of(record)),
        Want::Syslog(pattern) => said(pattern, "a message", &messages_of(record)),
        Want::Mail(pattern) => said(pattern, "a mail", &mails_of(record)),
        Want::Http(http) => of_http(http, seen),
        Want::Config(line) => {
            let is_so = seen.config.lines().any(|known| known.trim_end() == line.trim_end())
                || line.contains('\n') && seen.config.contains(line.trim_end());
            (is_so, format!("the configuration has `{line}`"), "it has not".to_owned(), None)
        }
        Want::Variable(name, value) => {
            let last = record.runs.last().and_then(|run| variable(run, name));
            let is_so = last.as_deref() == Some(value.as_str());
            let instead = last.map_or_else(|| "it is not set".into(), |last| format!("`{last}`"));
            (is_so, format!("`${name}` is `{value}`"), instead, None)
        }
        Want::CarriedOut(wanted) => {
            let blocked = seen.lines.iter().any(|line| record.blocked.contains(line))
                || !record.blocked.is_empty();
            let word = |is: bool| if is { "it is carried out" } else { "it is not carried out" };
            (*wanted != blocked, word(*wanted).to_owned(), word(!blocked).to_owned(), None)
        }
        Want::Took(bound) => {
            let took = |run: &Run| run.ended.map_or(f64::INFINITY, |ended| ended - run.began);
            let longest = record.runs.iter().map(took).fold(0.0, f64::max);
            let bound_s = bound.as_micros() as f64 / 1e6;
            (
                longest <= bound_s,
                format!("each run takes at most {bound}"),
                format!("{longest:.3} s"),
                None,
            )
        }
    }
}

/// Something that the router or an applet says, by a pattern.
fn said(pattern: &Regex, what: &str, all: &[String]) -> Looked {
    let is_so = all.iter().any(|text| pattern.is_match(text));
    (is_so, format!("{what} like `{pattern}`"), listed(all), None)
}

fn messages_of(record: &Record) -> Vec<String> {
    let messages = record.syslog.iter().filter_map(|one| one["message"].as_str());
    messages.map(str::to_owned).collect()
}

fn mails_of(record: &Record) -> Vec<String> {
    let text = |mail: &Json| {
        let part = |key: &str| mail[key].as_str().unwrap_or_default().to_owned();
        format!("To: {}\nSubject: {}\n{}", part("to"), part("subject"), part("body"))
    };
    record.mails.iter().map(text).collect()
}

fn runs_of(count: u64) -> String {
    host::check::count(usize::try_from(count).unwrap_or(usize::MAX), "run")
}

fn result_of(run: &Run) -> String {
    run.result.clone().unwrap_or_else(|| "still running".to_owned())
}

fn labels_of(record: &Record) -> Vec<String> {
    record.runs.iter().flat_map(|run| &run.steps).map(|step| step.label.clone()).collect()
}

/// What applets have typed.
fn commands_of(record: &Record) -> Vec<String> {
    let of_applets = record
        .commands
        .iter()
        .filter(|one| one["by"].as_str().is_some_and(|by| by.starts_with("EEM")));
    of_applets.filter_map(|one| Some(one["line"].as_str()?.to_owned())).collect()
}

fn in_order(wanted: &[String], seen: &[String], what: &str) -> Looked {
    let at = wanted.iter().zip(seen).position(|(wanted, seen)| wanted != seen);
    let at = at.or((wanted.len() != seen.len()).then_some(wanted.len().min(seen.len())));
    let instead = at.map(|at| match (wanted.get(at), seen.get(at)) {
        (Some(wanted), Some(seen)) => format!("at {}: `{seen}`, not `{wanted}`", at + 1),
        (Some(wanted), None) => format!("`{wanted}` does not come; there are {}", seen.len()),
        (None, Some(seen)) => format!("`{seen}` comes, too"),
        (None, None) => String::new(),
    });
    let what = format!("{what} {}", listed(wanted));
    (at.is_none(), what, instead.unwrap_or_default(), at)
}

fn passes(wanted: &[String], seen: &[String]) -> Looked {
    let mut rest = seen.iter().enumerate();
    let mut last = None;
    for label in wanted {
        match rest.find(|(_, seen)| *seen == label) {
            Some((at, _)) => last = Some(at),
            None => {
                let instead = format!("`{label}` does not come; there are {}", listed(seen));
                let at = Some(last.map_or(0, |last| last + 1));
                return (false, format!("the labels {} in order", listed(wanted)), instead, at);
            }
        }
    }
    (true, format!("the labels {} in order", listed(wanted)), String::new(), None)
}

fn of_http(want: &HttpWant, seen: &Seen) -> Looked {
    let fits = |post: &Post| {
        let header = |name: &str| {
            let found = post.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_str())
        };
        want.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&post.method))
            && want.url.as_ref().is_none_or(|url| url.is_match(&post.url))
            && want
                .headers
                .iter()
                .all(|(name, value)| header(name).is_some_and(|given| value.is_match(given)))
            && want.body.as_ref().is_none_or(|body| {
                let given: Result<Json, _> = serde_json::from_slice(&post.body);
                let text = || Json::from(String::from_utf8_lossy(&post.body).into_owned());
                holds(&given.unwrap_or_else(|_| text()), body)
            })
    };
    let count = seen.posts.iter().filter(|(_, post)| fits(post)).count() as u64;
    let is_so = want.count.map_or(count > 0, |wanted| wanted == count);
    let line = |(_, post): &(Time, Post)| {
        format!("{} {} {}", post.method, post.url, String::from_utf8_lossy(&post.body))
    };
    let all: Vec<String> = seen.posts.iter().map(line).collect();
    let mut what = vec![want.method.clone().unwrap_or_else(|| "a request".to_owned())];
    what.extend(want.url.as_ref().map(|url| format!("to `{url}`")));
    what.extend(want.body.as_ref().map(|body| format!("with {body}")));
    what.extend(want.count.map(|count| format!("{count} times, not {}", all.len())));
    (is_so, what.join(" "), listed(&all), None)
}

/// Whether a value has all that another one has.
fn holds(given: &Json, wanted: &Json) -> bool {
    match (given, wanted) {
        (Json::Object(given), Json::Object(wanted)) => wanted
            .iter()
            .all(|(name, value)| given.get(name).is_some_and(|given| holds(given, value))),
        (Json::Array(given), Json::Array(wanted)) => {
            given.len() == wanted.len()
                && given.iter().zip(wanted).all(|(given, wanted)| holds(given, wanted))
        }
        (given, wanted) => given == wanted,
    }
}

fn variable(run: &Run, name: &str) -> Option<String> {
    let steps = run.steps.iter().rev().find_map(|step| step.changed.get(name));
    steps.or_else(|| run.variables.get(name)).cloned()
}

fn listed(all: &[impl AsRef<str>]) -> String {
    if all.is_empty() {
        return "none".to_owned();
    }
    let shown: Vec<String> =
        all.iter().take(TOLD_MAX).map(|one| format!("`{}`", one.as_ref())).collect();
    let more = all.len().saturating_sub(TOLD_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &more
}
