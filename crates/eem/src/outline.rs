//! The applets of a text as a checker sees them: what stands where, in which order it runs, what it
//! sets and reads, and where each action leads.
//!
//! Made by [`outline`] from the engine's own parsers, so that nothing is read twice in two ways. It
//! judges nothing: that is `lint`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::action::Role;
use crate::problem::Problem;
use crate::program::{self, Step};
use crate::reader::Reader;
use crate::source::{self, Places};
use crate::{Applet, Dialect, Label, Seconds};

/// The actions of an applet up to which it is told where they lead: ways through more of them take
/// too long to follow.
pub const LINKED_ACTIONS_MAX: usize = 2_000;

/// What a text holds.
#[derive(Debug, Default)]
pub struct Outline {
    /// The applets, in the order in which they were first entered.
    pub applets: Vec<AppletOutline>,
    /// The variables of the environment, by name.
    pub environment: Vec<String>,
    /// What the parser refuses, and what only a whole applet can show.
    pub problems: Vec<Problem>,
}

/// One applet.
#[derive(Debug)]
pub struct AppletOutline {
    /// Its name.
    pub name: String,
    /// Where it is entered; the first is where it begins. Lines count from 0.
    pub entered: Vec<usize>,
    /// Its events; several have tags.
    pub events: Vec<EventOutline>,
    /// Its actions, in the order in which they run.
    pub actions: Vec<ActionOutline>,
    /// Labels that were given twice: the line that is gone, and the one in its place.
    pub replaced: Vec<(usize, usize)>,
    /// Whether its blocks pair, so that [`ActionOutline::next`] says where each action leads. Of an
    /// applet with more than [`LINKED_ACTIONS_MAX`] nobody knows.
    pub is_linked: bool,
    /// Whether it has lines of `trigger`.
    pub has_trigger: bool,
}

/// One event.
#[derive(Debug)]
pub struct EventOutline {
    /// Its line.
    pub line: usize,
    /// Its tag.
    pub tag: Option<String>,
    /// The detector: `syslog`.
    pub detector: &'static str,
    /// Its options as the running-config has them, keywords in full; a flag has no value.
    pub options: Vec<(String, Option<String>)>,
    /// The time limit of a run.
    pub maxrun: Seconds,
    /// Whether the event names it.
    pub names_maxrun: bool,
}

/// One action.
#[derive(Debug)]
pub struct ActionOutline {
    /// Its line.
    pub line: usize,
    /// Its label.
    pub label: Label,
    /// What it does: `cli`.
    pub keyword: &'static str,
    /// The words of its line.
    pub words: Vec<WordOutline>,
    /// The variables that it sets; one with `*` stands for all of such names.
    pub sets: Vec<String>,
    /// The variables that it reads, and where they stand in its line.
    pub reads: Vec<(String, Range<usize>)>,
    /// How long it waits, if that is known, in seconds.
    pub wait: Option<u64>,
    /// What it does to the order.
    pub block: Block,
    /// The actions that can come next, by their places in run order; the number of all of them is
    /// the end of the run.
    pub next: Vec<usize>,
}

/// What an action does to the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Nothing.
    None,
    /// Opens a block: `if`.
    Opens,
    /// Opens a loop: `while`, `foreach`.
    OpensLoop,
    /// Another arm of a block: `elseif`, `else`.
    Arm,
    /// Leaves or repeats a loop: `break`, `continue`.
    Jumps,
    /// `end`
    Closes,
}

/// One word of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordOutline {
    /// Without quotation marks; escapes as typed.
    pub text: String,
    /// Its bytes in the line, quotation marks included.
    pub span: Range<usize>,
    /// Whether it stands between quotation marks.
    pub is_quoted: bool,
}

/// Reads `text`; what is about no applet must have been blanked, each line where it was.
pub fn outline(text: &str, dialect: Dialect) -> Outline {
    let (source, places) = source::read_with_places(text, dialect);
    let lines: Vec<&str> = text.lines().collect();
    let applets = source.applets.iter().zip(&places);
    let applets = applets.map(|(applet, places)| of_applet(applet, places, &lines)).collect();
    let environment = source.environment.into_iter().map(|(name, _)| name).collect();
    Outline { applets, environment, problems: source.problems }
}

/// The words of a line; those up to a quotation mark that is never closed.
pub fn words(line: &str) -> Vec<WordOutline> {
    let mut reader = Reader::new(line);
    let mut words = Vec::new();
    while let Ok(Some(word)) = reader.next() {
        let (text, span) = (word.raw.to_owned(), word.span.clone());
        words.push(WordOutline { text, span, is_quoted: word.is_quoted });
    }
    words
}

fn of_applet(applet: &Applet, places: &Places, lines: &[&str]) -> AppletOutline {
    let line = |number: usize| lines.get(number).copied().unwrap_or_default();
    let steps = program::link(applet).ok().filter(|steps| steps.len() <= LINKED_ACTIONS_MAX);
    let mut actions: Vec<ActionOutline> = Vec::with_capacity(applet.statements.len());
    for (label, statement) in &applet.statements {
        let number = places.actions.get(label).copied().unwrap_or(places.entered[0]);
        let words = words(line(number));
        let action = &statement.action;
        let mut reads = variables(&words, skipped(statement.entry.name));
        reads.extend(action.reads().into_iter().filter_map(|name| {
            let word = words.iter().find(|word| word.text.trim_start_matches('$') == name)?;
            Some((name.to_owned(), word.span.clone()))
        }));
        actions.push(ActionOutline {
            line: number,
            label: label.clone(),
            keyword: statement.entry.name,
            words,
            sets: action.sets().into_iter().map(str::to_owned).collect(),
            reads,
            wait: action.seconds(),
            block: match statement.role() {
                Role::Plain => Block::None,
                Role::If => Block::Opens,
                Role::Loop => Block::OpensLoop,
                Role::ElseIf | Role::Else => Block::Arm,
                Role::Break | Role::Continue => Block::Jumps,
                Role::End => Block::Closes,
            },
            next: Vec::new(),
        });
    }
    for (at, next) in steps.iter().flat_map(|steps| successors(steps)).enumerate() {
        actions[at].next = if actions[at].keyword == "exit" { Vec::new() } else { next };
    }
    AppletOutline {
        name: applet.name().to_owned(),
        entered: places.entered.clone(),
        events: events(applet, places),
        is_linked: steps.is_some(),
        actions,
        replaced: places.replaced.clone(),
        has_trigger: applet.trigger.is_some(),
    }
}

/// Where the name of a variable to be set stands, which is read by nobody, `$` or not.
fn skipped(keyword: &str) -> Range<usize> {
    match keyword {
        "set" | "append" | "increment" | "decrement" | "foreach" | "gets" => 3..4,
        "regexp" => 5..usize::MAX,
        "context" => 6..7,
        "file" => 4..6,
        _ => 0..0,
    }
}

/// Each `$name` of a line's words.
fn variables(words: &[WordOutline], skipped: Range<usize>) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for (at, word) in words.iter().enumerate().skip(2) {
        let is_target = skipped.contains(&at) && !word.is_quoted;
        let inner = word.span.start + usize::from(word.is_quoted);
        for (dollar, _) in word.text.match_indices('$') {
            let rest = &word.text[dollar + 1..];
            let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            if length > 0 && !(is_target && dollar == 0) {
                let span = inner + dollar..inner + dollar + 1 + length;
                found.push((rest[..length].to_owned(), span));
            }
        }
    }
    found
}

/// Where each step can lead.
fn successors(steps: &[Step]) -> Vec<Vec<usize>> {
    // Whoever comes to another arm from the one before it goes to the end of the block.
    let after = |at: usize| match steps.get(at + 1).map(|step| step.role) {
        Some(Role::ElseIf | Role::Else) => steps[at + 1].end,
        Some(_) | None => at + 1,
    };
    let mut all = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        let mut next = match step.role {
            Role::Plain if step.action.goto().is_some() => vec![after(at), step.otherwise],
            Role::Plain | Role::Else => vec![after(at)],
            Role::If | Role::ElseIf | Role::Loop => vec![after(at), step.otherwise],
            Role::Break | Role::Continue => vec![step.end],
            // That of a loop leads back; that of an `if` has nowhere else to go.
            Role::End if step.end != at + 1 => vec![step.end],
            Role::End => vec![after(at)],
        };
        next.dedup();
        all.push(next);
    }
    all
}

fn events(applet: &Applet, places: &Places) -> Vec<EventOutline> {
    let outline = |tagged: &crate::applet::Tagged| {
        let tag = tagged.tag.clone();
        let line = places.events.get(&tag).copied().unwrap_or(places.entered[0]);
        let form = tagged.event.to_string();
        let mut words = words(&form).into_iter().skip(1).peekable();
        let mut options = Vec::new();
        // A detector's own words come with their values; what is no pair is a flag.
        while let Some(word) = words.next() {
            let value = words.next_if(|_| !FLAGS.contains(&word.text.as_str()));
            options.push((word.text, value.map(|word| word.text)));
        }
        EventOutline {
            line,
            tag,
            detector: tagged.event.entry.name,
            options,
            maxrun: tagged.event.maxrun(),
            names_maxrun: tagged.event.limits.maxrun.is_some(),
        }
    };
    applet.events.iter().map(outline).collect()
}

/// The words of events behind which no value stands.
const FLAGS: [&str; 15] = [
    "enter",
    "questionmark",
    "tab",
    "watchdog",
    "countdown",
    "absolute",
    "cron",
    "severity-fatal",
    "severity-critical",
    "severity-major",
    "severity-minor",
    "severity-warning",
    "severity-notification",
    "severity-normal",
    "severity-debugging",
];

impl EventOutline {
    /// What stands behind a keyword.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_deref())
    }

    /// Whether a keyword is there.
    pub fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(known, _)| known == name)
    }
}

impl AppletOutline {
    /// The variables that are sure to be set when a run comes to each action; behind the last one
    /// those at the end.
    pub fn surely_set(&self) -> Vec<BTreeSet<&str>> {
        let mut sure: Vec<Option<BTreeSet<&str>>> = vec![None; self.actions.len() + 1];
        let mut todo = vec![0];
        sure[0] = Some(BTreeSet::new());
        while let Some(at) = todo.pop() {
            let Some(action) = self.actions.get(at) else { continue };
            let mut after = sure[at].clone().unwrap_or_default();
            after.extend(action.sets.iter().map(String::as_str));
            for &next in &action.next {
                let merged = match &sure[next] {
                    None => after.clone(),
                    Some(known) => known.intersection(&after).copied().collect(),
                };
                if sure[next].as_ref() != Some(&merged) {
                    sure[next] = Some(merged);
                    todo.push(next);
                }
            }
        }
        sure.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// The places that some run can come to, before `at`.
    pub fn before(&self, at: usize) -> Vec<bool> {
        let mut found = vec![false; self.actions.len() + 1];
        let mut changed = true;
        while changed {
            changed = false;
            // From the end: most ways lead forwards.
            for (from, action) in self.actions.iter().enumerate().rev() {
                let leads = action.next.iter().any(|next| *next == at || found[*next]);
                if leads && !found[from] {
                    found[from] = true;
                    changed = true;
                }
            }
        }
        found
    }

    /// Which actions some run comes to.
    pub fn reached(&self) -> Vec<bool> {
        let mut found = vec![false; self.actions.len() + 1];
        let mut todo = vec![0];
        while let Some(at) = todo.pop() {
            if !std::mem::replace(&mut found[at], true) {
                todo.extend(self.actions.get(at).into_iter().flat_map(|action| &action.next));
            }
        }
        found
    }
}

/// The labels of an applet, padded so that their order is that of the lines: what
/// `eem check --fix` writes. `None` when they are in that order already.
pub fn padded(applet: &AppletOutline) -> Option<BTreeMap<usize, String>> {
    let mut written: Vec<&ActionOutline> = applet.actions.iter().collect();
    written.sort_by_key(|action| action.line);
    let in_order = written.windows(2).all(|pair| pair[0].label < pair[1].label);
    if in_order {
        return None;
    }
    let digits = (written.len() * 10).to_string().len().max(3);
    let label = |place: usize| format!("{:0digits$}", (place + 1) * 10);
    let of = |(place, action): (usize, &&ActionOutline)| (action.line, label(place));
    Some(written.iter().enumerate().map(of).collect())
}
