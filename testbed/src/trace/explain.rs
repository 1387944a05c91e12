//! `ednm trace explain`: all that belongs to one id, on both sides, and how far it came.
//!
//! An emulated curl sends no trace header, so a story is followed through the ids of deliveries,
//! events and jobs as well as through trace ids.

use std::collections::BTreeSet;

use fact::{Fact, Kind};
use host::message::{DIM, ERROR, SUCCESS};
use host::{ExpectedError, message};
use serde_json::Value;
use simtime::Time;
use simulator::report::human::Timeline;

use super::line;
use super::read::{Lines, Said};
use crate::args::TraceExplainArgs;
use crate::loops::Loops;

/// How often the file is read for ids that lead to further ids: fault, event, job, and what the
/// last of them adds.
const PASSES_MAX: usize = 4;
/// Ids of one story.
const IDS_MAX: usize = 10_000;
/// The shortest beginning of an id that is taken for it, in characters.
const PREFIX_CHARS_MIN: usize = 6;
/// The fields that hold ids.
const FIELDS: [&str; 4] = ["trace", "event", "job", "delivery"];

pub(super) fn run(args: &TraceExplainArgs) -> Result<(), ExpectedError> {
    let ids = ids(args)?;
    let mut timeline = Timeline::new(Time::VIRTUAL_START);
    let (mut loops, mut faults, mut told) = (Loops::default(), 0, 0u64);
    let mut start: Option<Time> = None;
    let mut lines = Lines::open(&args.file)?;
    while let Some(found) = lines.next()? {
        let Said::Fact(fact) = lines.said(&found)? else { continue };
        if !ids_of(&found.text).any(|id| ids.contains(&id)) {
            continue;
        }
        told += 1;
        faults += u64::from(matches!(fact.kind, Kind::Fault { .. }));
        loops.observe(&fact);
        let text = match args.format.is_json() {
            true => found.text.clone(),
            false => {
                let since = fact.at.since(*start.get_or_insert(fact.at));
                let told = line::tell(&mut timeline, &fact, &found.text);
                format!("{told}  {DIM}+{since}{DIM:#}{}", why(&fact))
            }
        };
        if !message::stream(&text)? {
            return Ok(());
        }
    }
    if args.format.is_json() { Ok(()) } else { message::data(&end(&loops, faults, told)) }
}

/// What the line alone does not say: the answer of a device, the reason of a rule.
fn why(fact: &Fact) -> String {
    let text = match &fact.kind {
        Kind::CommandDone { output, .. } => output,
        Kind::RuleDecided { reason, .. } => reason,
        _not_longer_than_its_line => return String::new(),
    };
    let lines = text.lines().map(|line| format!("\n{:>14}{}", "", host::text::printable(line)));
    lines.collect()
}

/// How far the story came.
fn end(loops: &Loops, faults: u64, told: u64) -> String {
    let mut text = format!("────────────\n{:>12}  {told} lines of this story", "Story");
    for one in loops.iter() {
        let (style, verb, what) = match (one.missing(), &one.outcome) {
            (None, Some(outcome)) => (SUCCESS, "Closed", format!("the job ended: {outcome}")),
            (None, None) => (ERROR, "Open", "the job has not ended".to_owned()),
            (Some(stage), _) => (ERROR, "Open", format!("`{stage}` was not reached")),
        };
        text.push_str(&format!("\n{style}{verb:>12}{style:#}  {}: {what}", one.device));
    }
    if loops.iter().next().is_none() && faults > 0 {
        text.push_str(&format!("\n{ERROR}{:>12}{ERROR:#}  nothing followed from it", "Open"));
    }
    text
}

/// The id that is asked for and all that belong to it.
fn ids(args: &TraceExplainArgs) -> Result<BTreeSet<String>, ExpectedError> {
    let mut ids = BTreeSet::new();
    for pass in 0..PASSES_MAX {
        let before = ids.len();
        let mut lines = Lines::open(&args.file)?;
        while let Some(found) = lines.next()? {
            let of_line: Vec<String> = ids_of(&found.text).collect();
            let asked = |id: &String| pass == 0 && is_meant(id, &args.id);
            if ids.len() < IDS_MAX && of_line.iter().any(|id| ids.contains(id) || asked(id)) {
                ids.extend(of_line);
            }
        }
        if ids.is_empty() {
            let message = format!("no line of the trace holds the id `{}`", args.id);
            message::error(&message);
            message::hint("trace ids, events, jobs and deliveries are ids: see `ednm trace show`");
            return Err(ExpectedError::AnsweredNo);
        }
        if ids.len() == before {
            break;
        }
    }
    Ok(ids)
}

fn is_meant(id: &str, asked: &str) -> bool {
    id == asked || (asked.len() >= PREFIX_CHARS_MIN && id.starts_with(asked))
}

/// The ids in a line.
fn ids_of(text: &str) -> impl Iterator<Item = String> {
    let line: Value = serde_json::from_str(text).unwrap_or_default();
    // An applet's event is the kind of its detector.
    let is_applet = line["fact"] == "applet-triggered";
    let fields = FIELDS.into_iter().filter(move |field| !(is_applet && *field == "event"));
    let ids: Vec<String> =
        fields.filter_map(|field| line[field].as_str().map(str::to_owned)).collect();
    ids.into_iter()
}
