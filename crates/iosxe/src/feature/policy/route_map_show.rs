//! `show route-map`. No packet is routed by one, and none is counted.

use std::fmt::Write as _;

use cli::{Args, Kind, No, kw, opt, param};

use super::clause::{Keeps, MATCHES, SETS};
use super::route_map::{Clause, Entry};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("route-map", "route-map information"),
        opt(&[param("name", Kind::Word, "route-map name")]),
    ],
    no: No::Without,
    run: show,
}];

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let wanted = args.text("name");
    let mut text = String::new();
    for (name, map) in &turn.state.policies.route_maps {
        // `all` is no route map of that name: it is all of them.
        if wanted.is_some_and(|wanted| wanted != name && wanted != "all") {
            continue;
        }
        for (sequence, entry) in map {
            let action = entry.action.as_str();
            let _ = writeln!(text, "route-map {name}, {action}, sequence {sequence}");
            let next = map.range(sequence + 1..).next().map(|(next, _)| *next);
            one(entry, next, &mut text);
        }
    }
    match wanted.filter(|wanted| text.is_empty() && *wanted != "all") {
        Some(name) => Reply::Refused(format!("route-map {name} not found\n")),
        None => Reply::Text(text),
    }
}

fn one(entry: &Entry, next: Option<u32>, text: &mut String) {
    if let Some(description) = &entry.description {
        let _ = writeln!(text, "  Description: {description}");
    }
    text.push_str("  Match clauses:\n");
    for Clause { row, values } in &entry.matches {
        // IOS leaves a blank behind the last value of a list.
        let blank = if MATCHES[*row].keeps == Keeps::All { " " } else { "" };
        let _ = writeln!(text, "    {} {}{blank}", MATCHES[*row].shown, values.join(" "));
    }
    match (entry.goes_on, next) {
        (Some(Some(to)), _) => {
            let _ = writeln!(text, "  Continue: sequence {to}");
        }
        (Some(None), Some(next)) => {
            let _ = writeln!(text, "  Continue: to next entry {next}");
        }
        (Some(None), None) | (None, _) => {}
    }
    text.push_str("  Set clauses:\n");
    for Clause { row, values } in &entry.sets {
        let blank = if values.is_empty() { "" } else { " " };
        let _ = writeln!(text, "    {}{blank}{}", SETS[*row].shown, values.join(" "));
    }
    text.push_str("  Policy routing matches: 0 packets, 0 bytes\n");
}
