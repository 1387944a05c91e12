//! `event cli pattern "RE" [enter] [questionmark] [tab] [sync {yes|no skip {yes|no}}] [occurs N]
//! [period S] [default S] [mode M]`: looks at each line that somebody types, before it is carried
//! out.
//!
//! Without a key the pattern is searched in the command with its keywords whole, once it parses;
//! with one in the line as it stands when that key is pressed, command or not (eem.md, section
//! 2.3).

use std::fmt;
use std::sync::Arc;

use simtime::{Duration, Time};

use super::occurrences::{OCCURS_MAX, Occurrences};
use super::option::{Options, Spec, Value, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::screening::{Hold, Key, Typed};
use crate::{Pattern, Seconds};

/// How long a line waits for the run unless `default` says otherwise.
const WAIT_DEFAULT: Duration = Duration::from_secs(30);
const YES_NO: &[&str] = &["no", "yes"];
const KEYS: [Key; 3] = [Key::Enter, Key::QuestionMark, Key::Tab];

pub(super) const SPECS: &[Spec] = &[
    opt("pattern", "Regular expression to match", Value::Pattern),
    // The word of old releases.
    opt("match", "Regular expression to match", Value::Pattern),
    opt("enter", "Match on Enter key", Value::Flag),
    opt("questionmark", "Match on question mark key", Value::Flag),
    opt("tab", "Match on TAB key", Value::Flag),
    opt("sync", "Synchronous event publish", Value::Choice(YES_NO)),
    opt("skip", "Skip CLI command execution", Value::Choice(YES_NO)),
    opt("verifyprc", "Verify parser return code", Value::Choice(YES_NO)),
    opt("mode", "Parser mode to match", Value::Quoted),
    opt("occurs", "Number of occurrences before raising event", Value::Number(1..=OCCURS_MAX)),
    opt("period", "Occurrence period in seconds", Value::Seconds),
    opt("default", "Time to wait for the policy in seconds", Value::Seconds),
];

#[derive(Debug)]
struct Cli(Options);

#[derive(Debug)]
struct Watching {
    pattern: Pattern,
    /// At which keys the line as it stands is searched; none: the command is.
    keys: Vec<Key>,
    mode: Option<String>,
    hold: Hold,
    occurrences: Occurrences,
    matches: u64,
}

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    let mut options = Options::read(reader, SPECS, limits)?;
    options.rename("match", "pattern");
    if !options.has("pattern") {
        return Err(reader.incomplete());
    }
    // `skip` belongs to `sync no`, which cannot do without it.
    if options.word("sync") == Some("no") && !options.has("skip") {
        return Err(reader.incomplete());
    }
    Ok(Arc::new(Cli(options)))
}

impl Cli {
    /// Without `sync` the line waits: decided.
    fn hold(&self) -> Hold {
        match (self.0.word("sync"), self.0.word("skip")) {
            (Some("no"), Some("yes")) => Hold::Skip,
            (Some("no"), _) => Hold::Pass,
            (_, _) => {
                let limit = self.0.seconds("default").map_or(WAIT_DEFAULT, Seconds::duration);
                Hold::Wait(limit)
            }
        }
    }
}

impl Detector for Cli {
    fn arm(&self, arming: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
        let source = self.0.expanded("pattern", arming)?.unwrap_or_default();
        Ok(Box::new(Watching {
            pattern: Pattern::new(&source).map_err(Failure::BadPattern)?,
            keys: KEYS.into_iter().filter(|key| self.0.has(key.name())).collect(),
            mode: self.0.expanded("mode", arming)?,
            hold: self.hold(),
            occurrences: Occurrences::new(
                self.0.number("occurs").map_or(1, i64::unsigned_abs),
                self.0.seconds("period").map(Seconds::duration),
            ),
            matches: 0,
        }))
    }

    fn summary(&self, _: &str) -> String {
        let pattern = self.0.text("pattern").map_or("", |text| text.source());
        let mut summary = format!("pattern {{{pattern}}}");
        let flags = KEYS.map(Key::name).into_iter().filter(|key| self.0.has(key));
        flags.for_each(|key| summary += &format!(" {key}"));
        let hold = self.hold();
        summary += match hold {
            Hold::Wait(_) => " sync yes",
            Hold::Skip => " sync no skip yes",
            Hold::Pass => " sync no skip no",
        };
        if let Some(mode) = self.0.text("mode") {
            summary += &format!(" mode {{{}}}", mode.source());
        }
        if let Some(occurs) = self.0.number("occurs") {
            summary += &format!(" occurs {occurs}");
        }
        if let Some(period) = self.0.seconds("period") {
            summary += &format!(" period {period}");
        }
        if let Some(limit) = self.0.seconds("default") {
            summary += &format!(" default {limit}");
        }
        summary
    }
}

impl Watching {
    /// What the pattern is searched in.
    fn looked_at<'a>(&self, typed: &Typed<'a>) -> Option<&'a str> {
        if self.keys.is_empty() {
            return typed.command.ok();
        }
        self.keys.contains(&typed.key).then_some(typed.line)
    }
}

impl Armed for Watching {
    fn watches_commands(&self) -> bool {
        true
    }

    fn command(&mut self, now: Time, typed: &Typed<'_>) -> Option<(Variables, Hold)> {
        let text = self.looked_at(typed)?;
        let is_elsewhere = self.mode.as_deref().is_some_and(|mode| mode != typed.mode);
        if is_elsewhere || !self.pattern.is_match(text) {
            return None;
        }
        self.matches += 1;
        if !self.occurrences.count(now) {
            return None;
        }
        let code = typed.command.err().map_or(0, |error| error.code());
        let variables = [
            ("_cli_msg", text.to_owned()),
            ("_cli_msg_count", self.matches.to_string()),
            ("_cli_line", typed.line.to_owned()),
            ("_cli_key", typed.key.name().to_owned()),
            ("_cli_tty", typed.tty.to_string()),
            ("_cli_username", typed.user.to_owned()),
            ("_cli_host", typed.host.to_owned()),
            ("_cli_privilege", typed.privilege.to_string()),
            ("_cli_error_code", code.to_string()),
            ("_cli_mode_context", typed.mode.to_owned()),
        ];
        Some((variables.map(|(name, value)| (name.to_owned(), value)).into(), self.hold))
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
