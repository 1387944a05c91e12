//! `ednm trace show`: the lines of a trace that a person wants to see.

use fact::{Fact, Kind};
use host::{ExpectedError, message};
use serde_json::json;
use simtime::Time;
use simulator::report::human::Timeline;

use super::line;
use super::read::{Lines, Said};
use crate::args::TraceShowArgs;

pub(super) fn run(args: &TraceShowArgs) -> Result<(), ExpectedError> {
    args.kind.iter().try_for_each(|kind| known(kind))?;
    let mut timeline = Timeline::new(Time::VIRTUAL_START);
    let mut lines = Lines::open(&args.file)?;
    while let Some(found) = lines.next()? {
        let fact = match lines.said(&found)? {
            Said::Fact(fact) => fact,
            Said::Lost(lost) => {
                message::warning(&format!("line {}: {lost} lines are lost here", found.number));
                continue;
            }
        };
        if !is_wanted(args, &fact, &found.text) {
            continue;
        }
        let told = match args.format.is_json() {
            true => found.text,
            false => line::tell(&mut timeline, &fact, &found.text),
        };
        if !message::stream(&told)? {
            return Ok(()); // `| head` has seen enough
        }
    }
    Ok(())
}

fn is_wanted(args: &TraceShowArgs, fact: &Fact, text: &str) -> bool {
    let since = fact.at.since(Time::VIRTUAL_START);
    let node = fact.node.as_deref();
    (args.node.is_empty() || args.node.iter().any(|name| Some(name.as_str()) == node))
        && (args.kind.is_empty()
            || args.kind.iter().any(|kind| text.contains(&format!("\"fact\":\"{kind}\""))))
        && args.from.is_none_or(|from| since >= from)
        && args.to.is_none_or(|to| since <= to)
        && args.trace_id.as_ref().is_none_or(|id| {
            fact.trace.is_some_and(|trace| trace.to_string().starts_with(id.as_str()))
        })
}

/// Whether facts have such a kind; else what they have.
fn known(kind: &str) -> Result<(), ExpectedError> {
    let tried = serde_json::from_value::<Kind>(json!({ "fact": kind }));
    match tried {
        Err(error) if error.to_string().starts_with("unknown variant") => {
            Err(ExpectedError::usage(format!("`--kind`: {error}")))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}
