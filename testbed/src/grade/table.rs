//! The tables of a course: areas, their checks, what each asks and what is wanted.
//!
//! Read by [`super::run()`] from the files inside the program or from a directory. It holds no path
//! of any course: those are the files' own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use diagnostic::{Diagnostic, Source};
use host::{ExpectedError, files};
use regex::Regex;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::points::Points;

/// Path and text of the files inside the program.
const EMBEDDED: &[(&str, &str)] = &[
    ("lab6/course.toml", include_str!("lab6/course.toml")),
    ("lab6/environment.toml", include_str!("lab6/environment.toml")),
    ("lab6/server.toml", include_str!("lab6/server.toml")),
    ("lab6/joke.toml", include_str!("lab6/joke.toml")),
    ("lab6/card.toml", include_str!("lab6/card.toml")),
    ("lab6/netmiko.toml", include_str!("lab6/netmiko.toml")),
    ("lab6/restconf.toml", include_str!("lab6/restconf.toml")),
    ("lab6/netconf.toml", include_str!("lab6/netconf.toml")),
    ("lab6/eem.toml", include_str!("lab6/eem.toml")),
    ("lab6/summary.toml", include_str!("lab6/summary.toml")),
    ("lab6/submission.toml", include_str!("lab6/submission.toml")),
    ("lab6/graded.toml", include_str!("lab6/graded.toml")),
    ("lab6/events.toml", include_str!("lab6/events.toml")),
    ("lab6/guide.toml", include_str!("lab6/guide.toml")),
    ("lab6/companion.toml", include_str!("lab6/companion.toml")),
    ("lab6/chapters.toml", include_str!("lab6/chapters.toml")),
];

/// The course inside the program, if it is called so.
pub(super) fn is_embedded(name: &str) -> bool {
    EMBEDDED.iter().any(|(path, _)| path.strip_suffix("/course.toml") == Some(name))
}

/// A course.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) head: Head,
    /// Those with points, then those without.
    pub(super) areas: Vec<Area>,
}

/// `course.toml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) points: Points,
    /// Where markers are looked for, in the directory.
    pub(super) log: String,
    /// The header that the token goes in.
    pub(super) token_header: String,
    areas: Vec<String>,
    coverage: Vec<String>,
}

/// An area, as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Area {
    /// The file's name, for `--only`.
    #[serde(skip)]
    pub(super) key: String,
    pub(super) name: String,
    /// 0: it only tells what is served.
    #[serde(default)]
    pub(super) points: Points,
    /// What its requests are made from: the first that gives what its first check wants.
    #[serde(default)]
    pub(super) routes: Vec<Ask>,
    pub(super) checks: Vec<Check>,
}

/// One check. It has at most one of `ask`, `applet`, `file`, `marker`, `source` and `device`;
/// without any it asks what the area's route says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Check {
    pub(super) name: String,
    #[serde(default)]
    pub(super) points: Points,
    /// Why no answer of a server can earn it.
    pub(super) not_by_a_server: Option<String>,
    /// Tries the area's routes, and finds the one that the others ask.
    #[serde(default)]
    pub(super) finds_route: bool,
    /// Means nothing unless the check that found the route was met.
    #[serde(default)]
    pub(super) needs_first: bool,
    /// Is done after all those that are not.
    #[serde(default)]
    pub(super) last: bool,
    /// How long an answer, a file or a line of the log may take, if not as long as all others.
    pub(super) within: Option<Span>,
    pub(super) ask: Option<Ask>,
    /// In place of the area's; the first that gives what is wanted.
    #[serde(default)]
    pub(super) routes: Vec<Ask>,
    #[serde(default)]
    pub(super) want: Want,
    pub(super) applet: Option<AppletAsk>,
    pub(super) file: Option<FileWant>,
    pub(super) marker: Option<MarkerWant>,
    pub(super) source: Option<SourceWant>,
    pub(super) device: Option<DeviceWant>,
}

/// A request, or what of one is another than the route says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Ask {
    /// `POST` if nobody says another.
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) auth: Option<Auth>,
    pub(super) token: Option<Token>,
    /// `user:password`, by Basic.
    pub(super) basic: Option<String>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    pub(super) json: Option<Value>,
    /// The JSON of a request that would have none.
    pub(super) or_json: Option<Value>,
    /// The body as it is.
    pub(super) body: Option<String>,
    /// A JSON object of so many bytes.
    pub(super) bytes: Option<usize>,
    /// So many of them, one after the other.
    pub(super) times: Option<u32>,
    /// What happens to every router before it, in the words of `simulator inject`. Afterwards they
    /// are switched off and on.
    #[serde(default)]
    pub(super) steps: Vec<String>,
}

/// Where the token goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Auth {
    /// In the course's header.
    #[default]
    Token,
    /// In `Authorization: Bearer`.
    Bearer,
    /// Nowhere, unless a wrong one is asked for.
    None,
}

/// Which token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Token {
    #[default]
    Right,
    Wrong,
    None,
}

/// What an answer must be like. Unless it says otherwise it is JSON.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Want {
    /// One of these: `401`, `"2xx"`.
    #[serde(default)]
    pub(super) status: Vec<Status>,
    /// No answer will do as well, if the connection was closed at once.
    #[serde(default)]
    pub(super) closed: bool,
    /// One of many answers is enough.
    #[serde(default)]
    pub(super) any_of_many: bool,
    /// Anything may be in it.
    #[serde(default)]
    pub(super) any_body: bool,
    /// In place of JSON: how its `Content-Type` begins.
    pub(super) media: Option<String>,
    /// One of these keys, anywhere, with something in it.
    #[serde(default)]
    pub(super) key: Vec<String>,
    /// All of these keys at the top; `a.b` is within `a`.
    #[serde(default)]
    pub(super) keys: Vec<String>,
    /// What is in such keys.
    #[serde(default)]
    pub(super) values: BTreeMap<String, Value>,
    /// Texts in the body, whatever their case.
    #[serde(default)]
    pub(super) contains: Vec<String>,
    #[serde(default)]
    pub(super) lacks: Vec<String>,
    #[serde(default)]
    pub(super) headers: Vec<String>,
    /// A line that a router was told meanwhile.
    pub(super) asked: Option<Pattern>,
    /// A line that no router may be told meanwhile.
    pub(super) never: Option<Pattern>,
}

/// `401`, or `"2xx"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Status {
    Code(u16),
    Class(StatusClass),
}

/// `"2xx"`
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) enum StatusClass {
    #[serde(rename = "1xx")]
    Told = 1,
    #[serde(rename = "2xx")]
    Done = 2,
    #[serde(rename = "3xx")]
    Elsewhere = 3,
    #[serde(rename = "4xx")]
    AskersMistake = 4,
    #[serde(rename = "5xx")]
    ServersMistake = 5,
}

/// What makes an applet send.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AppletAsk {
    /// The router; the first if not given.
    pub(super) node: Option<String>,
    pub(super) steps: Vec<String>,
    /// What takes it back.
    #[serde(default)]
    pub(super) undo: Vec<String>,
}

/// A file of the directory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FileWant {
    /// The first of these that is there; `*` in a file name.
    pub(super) paths: Vec<String>,
    #[serde(default)]
    pub(super) form: Form,
    /// Written since the grading began.
    #[serde(default)]
    pub(super) fresh: bool,
    /// Texts in it, whatever their case.
    #[serde(default)]
    pub(super) contains: Vec<String>,
}

/// What a file has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Form {
    #[default]
    Text,
    Json,
    Xml,
}

/// A line of the log.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct MarkerWant {
    /// The text, exactly.
    pub(super) text: Option<String>,
    /// Or what it looks like.
    pub(super) matches: Option<Pattern>,
    /// Written since the grading began.
    #[serde(default)]
    pub(super) fresh: bool,
}

/// Source text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SourceWant {
    pub(super) path: String,
    pub(super) contains: Vec<String>,
    pub(super) lines: Pattern,
    pub(super) at_least: usize,
}

/// What a router has told since the grading began.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct DeviceWant {
    /// The kind of fact.
    pub(super) fact: String,
    pub(super) matches: Pattern,
}

/// A time, as `60s`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Span(pub(super) Duration);

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let span = text.parse::<simtime::Duration>();
        let span = span.map_err(|_| "expected a time, such as `60s`".to_owned())?;
        Ok(Span(Duration::from_micros(span.as_micros())))
    }
}

/// A regular expression.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Pattern(pub(super) Regex);

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, regex::Error> {
        Regex::new(&text).map(Pattern)
    }
}

impl Ask {
    /// This request, with what `other` says of it in place of its own.
    pub(super) fn but(&self, other: &Ask) -> Ask {
        let own = self.clone();
        let brings_body = other.json.is_some() || other.body.is_some() || other.bytes.is_some();
        let or_json = other.or_json.clone().filter(|_| own.json.is_none());
        let mut headers = own.headers;
        headers.extend(other.headers.clone());
        Ask {
            method: other.method.clone().or(own.method),
            path: other.path.clone().or(own.path),
            auth: other.auth.or(own.auth),
            token: other.token.or(own.token),
            basic: other.basic.clone().or(own.basic),
            headers,
            json: if brings_body { other.json.clone() } else { own.json.or(or_json) },
            or_json: None,
            body: if brings_body { other.body.clone() } else { own.body },
            bytes: other.bytes.or(own.bytes),
            times: other.times.or(own.times),
            steps: [own.steps, other.steps.clone()].concat(),
        }
    }
}

/// Reads a course: one inside the program, or a directory.
pub(super) fn load(name: &str) -> Result<Course, ExpectedError> {
    let mut sink = Vec::new();
    let course = read_course(name, &mut sink)?;
    match course {
        Some(course) if sink.is_empty() => Ok(course),
        _ => Err(ExpectedError::InvalidFile(sink)),
    }
}

fn read_course(name: &str, sink: &mut Vec<Diagnostic>) -> Result<Option<Course>, ExpectedError> {
    let source = open(name, "course")?;
    let Some(head) = parse::<Head>(&source, sink) else { return Ok(None) };
    let mut areas = Vec::new();
    for key in head.areas.iter().chain(&head.coverage) {
        let source = open(name, key)?;
        if let Some(area) = parse::<Area>(&source, sink) {
            let area = Area { key: key.clone(), ..area };
            check_area(&area, &source, sink);
            areas.push(area);
        }
    }
    let sum: Points = areas.iter().map(|area| area.points).sum();
    if sink.is_empty() && sum != head.points {
        let said = format!("the areas have {sum} points, the course has {}", head.points);
        sink.push(Diagnostic::error(MEANINGLESS, said, &source, 0..0));
    }
    Ok(Some(Course { head, areas }))
}

/// A value that means nothing: docs/diagnostics.md.
const MEANINGLESS: &str = "TOML005";
/// What is no such table.
const MISREAD: &str = "TOML002";

fn open(course: &str, file: &str) -> Result<Arc<Source>, ExpectedError> {
    if is_embedded(course) {
        let path = format!("{course}/{file}.toml");
        if let Some((_, text)) = EMBEDDED.iter().find(|(name, _)| *name == path) {
            return Ok(Source::new(path, *text));
        }
    }
    let path = Path::new(course).join(format!("{file}.toml"));
    files::open(&path).map(|found| found.source).map_err(ExpectedError::file)
}

fn parse<T: DeserializeOwned>(source: &Arc<Source>, sink: &mut Vec<Diagnostic>) -> Option<T> {
    match toml::from_str(&source.text) {
        Ok(read) => Some(read),
        Err(error) => {
            let at = error.span().unwrap_or(0..0);
            sink.push(Diagnostic::error(MISREAD, error.message(), source, at));
            None
        }
    }
}

fn check_area(area: &Area, source: &Arc<Source>, sink: &mut Vec<Diagnostic>) {
    let mut complain = |said: String| {
        sink.push(Diagnostic::error(MEANINGLESS, said, source, 0..0));
    };
    let sum: Points = area.checks.iter().map(|check| check.points).sum();
    if sum != area.points {
        complain(format!("the checks have {sum} points, the area has {}", area.points));
    }
    for check in &area.checks {
        let name = &check.name;
        let subjects = [
            check.applet.is_some(),
            check.file.is_some(),
            check.marker.is_some(),
            check.source.is_some(),
            check.device.is_some(),
            check.ask.is_some() || !check.routes.is_empty() || check.finds_route,
        ];
        let said = subjects.iter().filter(|is_there| **is_there).count();
        let own_path = check.ask.as_ref().is_some_and(|ask| ask.path.is_some());
        let has_route = own_path || !check.routes.is_empty() || !area.routes.is_empty();
        if said > 1 {
            complain(format!("`{name}` looks at more than one thing"));
        } else if (said == 0 || subjects[5]) && !has_route {
            complain(format!("`{name}` says no path"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the shipped tables can be read, and their points add up. Method: loaded.
    #[test]
    fn the_shipped_tables_are_sound() {
        let course = load("lab6").unwrap_or_else(|error| {
            error.print();
            panic!("{error}")
        });
        let sum: Points = course.areas.iter().map(|area| area.points).sum();
        assert_eq!((sum, sum.to_string()), (course.head.points, "75.0".to_owned()));
        assert!(course.areas.iter().all(|area| !area.checks.is_empty()));
    }

    /// Goal: a check takes from its route what it does not say itself. Method: a body in place of
    /// JSON, JSON where there is none, and JSON where there is.
    #[test]
    fn a_check_changes_what_it_names() {
        let ask = |text: &str| toml::from_str::<Ask>(text).expect("is one");
        let route = ask("path = '/events'\njson = { event = 'test' }");
        let garbage = route.but(&ask("body = '{'"));
        assert_eq!((garbage.path.as_deref(), garbage.json), (Some("/events"), None));
        assert_eq!(route.but(&ask("or-json = {}")).json, route.json);
        let bare = ask("path = '/joke'").but(&ask("or-json = {}"));
        assert_eq!(bare.json, Some(serde_json::json!({})));
    }
}
