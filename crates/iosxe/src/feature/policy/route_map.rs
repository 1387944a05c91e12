//! `route-map`, the lines below it, and how they print.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::clause::{Keeps, MATCHES, Row, SETS};
pub(crate) use super::route_map_show::COMMANDS as SHOW;
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::feature::acl::Action;
use crate::session::Session;
use crate::turn::Turn;

/// The number of an entry, where none is given.
const SEQUENCE_DEFAULT: u32 = 10;

/// How many route maps a router may have.
const MAPS_MAX: usize = 1_000;

/// How many entries one route map may have.
const ENTRIES_MAX: usize = 2_000;

/// How many values one clause may have.
const VALUES_MAX: usize = 64;

/// One entry of a route map.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) action: Action,
    pub(super) description: Option<String>,
    pub(super) matches: Vec<Clause>,
    pub(super) sets: Vec<Clause>,
    /// `continue`, to an entry if one is named.
    pub(super) goes_on: Option<Option<u32>>,
}

/// One `match` or `set`: its place in the table, and its values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clause {
    pub(super) row: usize,
    pub(super) values: Vec<String>,
}

impl Clause {
    /// As running-config has it, behind `match` or `set`.
    fn configured(&self, table: &[Row]) -> String {
        let words = table[self.row].words;
        let blank = if self.values.is_empty() { "" } else { " " };
        format!("{words}{blank}{}", self.values.join(" "))
    }
}

impl Entry {
    fn new(action: Action) -> Self {
        let (matches, sets) = (Vec::new(), Vec::new());
        Entry { action, description: None, matches, sets, goes_on: None }
    }

    /// Whether it asks a prefix list of `ip` or `ipv6`.
    pub(super) fn asks_prefix_list(&self, word: &str, name: &str) -> bool {
        let about = |clause: &&Clause| {
            let words = MATCHES[clause.row].words;
            words.split(' ').next() == Some(word) && words.ends_with("prefix-list")
        };
        let mut clauses = self.matches.iter().filter(about);
        clauses.any(|clause| clause.values.iter().any(|value| value == name))
    }
}

const SEQUENCE: Token =
    param("sequence", Kind::Integer { min: 0, max: 65_535 }, "Sequence to insert to/delete from");

/// The commands of this file whose words are known at once.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("route-map", "Create route-map or enter route-map command mode"),
            param("name", Kind::Word, "Route map tag"),
            opt(&[one_of(&[
                &[kw("deny", "Route map denies set operations"), opt(&[SEQUENCE])],
                &[kw("permit", "Route map permits set operations"), opt(&[SEQUENCE])],
                &[SEQUENCE],
            ])]),
        ],
        no: No::Allowed,
        run: enter,
    },
    in_map(
        &[
            kw("description", "Route-map comment"),
            param("description", Kind::Line, "Comment up to 100 characters"),
        ],
        description,
    ),
    in_map(
        &[
            kw("continue", "Continue on a different entry within the route-map"),
            opt(&[param(
                "sequence",
                Kind::Integer { min: 1, max: 65_535 },
                "Route-map entry sequence number",
            )]),
        ],
        goes_on,
    ),
];

/// One command for each kind of clause.
static CLAUSES: LazyLock<Vec<Command>> = LazyLock::new(|| {
    let matches = MATCHES.iter().map(|row| (MATCH, row, match_clause as Handler));
    let sets = SETS.iter().map(|row| (SET, row, set_clause as Handler));
    let all = matches.chain(sets);
    all.map(|(first, row, run)| {
        // The declarations of the parser are static, and these live as long as the program.
        in_map(Vec::leak([&[first], row.tokens].concat()), run)
    })
    .collect()
});

const MATCH: Token = kw("match", "Match values from routing table");
const SET: Token = kw("set", "Set values in destination routing protocol");

/// The commands that the table of clauses makes, built once for all routers.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    CLAUSES.iter()
}

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::ROUTE_MAPS, print }];

const fn in_map(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::RouteMap], privilege: 15, syntax, no: No::Allowed, run }
}

fn print(state: &State, text: &mut ConfigText) {
    for (name, map) in &state.policies.route_maps {
        for (sequence, entry) in map {
            text.separator();
            text.line(format_args!("route-map {name} {} {sequence}", entry.action.as_str()));
            if let Some(description) = &entry.description {
                text.line(format_args!(" description {description}"));
            }
            for clause in &entry.matches {
                text.line(format_args!(" match {}", clause.configured(MATCHES)));
            }
            match entry.goes_on {
                None => {}
                Some(None) => text.line(" continue"),
                Some(Some(to)) => text.line(format_args!(" continue {to}")),
            }
            for clause in &entry.sets {
                text.line(format_args!(" set {}", clause.configured(SETS)));
            }
            text.separator();
        }
    }
}

fn enter(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(name) = args.text("name").filter(|name| is_word(name)) else {
        return Reply::Invalid { column: args.column("name") };
    };
    let number = args.number("sequence").and_then(|number| u32::try_from(number).ok());
    let maps = &mut turn.state.policies.route_maps;
    if args.is_no() || args.is_default() {
        remove(maps, name, number);
        return Reply::Done;
    }
    let is_full = maps.len() >= MAPS_MAX && !maps.contains_key(name);
    let map = maps.get(name);
    let sequence = match (number, map.map_or(0, BTreeMap::len)) {
        (Some(number), _) => number,
        (None, 0) => SEQUENCE_DEFAULT,
        (None, 1) => map
            .and_then(|map| map.first_key_value())
            .map_or(SEQUENCE_DEFAULT, |(sequence, _)| *sequence),
        (None, _) => {
            return Reply::Refused("% Please specify the entry by its sequence\n".into());
        }
    };
    if is_full || map.is_some_and(|map| map.len() >= ENTRIES_MAX && !map.contains_key(&sequence)) {
        return Reply::Refused("% Maximum number of route-map entries reached\n".into());
    }
    let action = match () {
        () if args.has("deny") => Some(Action::Deny),
        () if args.has("permit") => Some(Action::Permit),
        () => None,
    };
    let map = maps.entry(name.to_owned()).or_default();
    let entry = map.entry(sequence).or_insert_with(|| Entry::new(Action::Permit));
    entry.action = action.unwrap_or(entry.action);
    Reply::Enter(Place::RouteMap(name.to_owned(), sequence))
}

fn remove(maps: &mut BTreeMap<String, BTreeMap<u32, Entry>>, name: &str, number: Option<u32>) {
    if let (Some(number), Some(map)) = (number, maps.get_mut(name)) {
        map.remove(&number);
        if !map.is_empty() {
            return;
        }
    }
    maps.remove(name);
}

/// The entry where the session stands.
fn change(
    turn: &mut Turn<'_>,
    session: &Session,
    change: impl FnOnce(&mut Entry) -> Reply,
) -> Reply {
    let Place::RouteMap(name, sequence) = session.place() else {
        unreachable!("a command of a route map's mode runs in the route map's mode");
    };
    let map = turn.state.policies.route_maps.get_mut(name);
    match map.and_then(|map| map.get_mut(sequence)) {
        Some(entry) => change(entry),
        // Another session has removed it meanwhile.
        None => Reply::Refused("% Route-map entry no longer exists\n".into()),
    }
}

fn description(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let text = args.text("description").filter(|_| !args.is_no() && !args.is_default());
    change(turn, session, |entry| {
        entry.description = text.map(str::to_owned);
        Reply::Done
    })
}

fn goes_on(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let to = args.number("sequence").and_then(|number| u32::try_from(number).ok());
    let removes = args.is_no() || args.is_default();
    change(turn, session, |entry| {
        entry.goes_on = (!removes).then_some(to);
        Reply::Done
    })
}

fn match_clause(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    change(turn, session, |entry| clause(&mut entry.matches, MATCHES, args))
}

fn set_clause(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    change(turn, session, |entry| clause(&mut entry.sets, SETS, args))
}

/// Adds a clause in its place, or takes it or some of its values away.
fn clause(clauses: &mut Vec<Clause>, table: &[Row], args: &Args) -> Reply {
    let removes = args.is_no() || args.is_default();
    // `match` or `set`, with what may stand in front of it.
    let skipped = if removes { 2 } else { 1 };
    let words: Vec<&str> = args.expanded().split_whitespace().skip(skipped).collect();
    let words = words.join(" ");
    let rows = table.iter().enumerate().filter_map(|(row, kind)| {
        let rest = words.strip_prefix(kind.words)?;
        (rest.is_empty() || rest.starts_with(' ')).then_some((row, kind, rest.trim_start()))
    });
    let Some((row, kind, rest)) = rows.max_by_key(|(_, kind, _)| kind.words.len()) else {
        return Reply::Incomplete;
    };
    let values = match kind.read(rest) {
        Ok(values) => values,
        Err(word) => {
            let column = args.line().rfind(word).unwrap_or_default();
            return Reply::Invalid { column };
        }
    };
    let clause = Clause { row, values };
    if removes { take_away(clauses, kind.keeps, &clause) } else { add(clauses, kind.keeps, clause) }
}

fn add(clauses: &mut Vec<Clause>, keeps: Keeps, new: Clause) -> Reply {
    let same = |clause: &&mut Clause| clause.row == new.row;
    match (clauses.iter_mut().find(same), keeps) {
        (Some(clause), Keeps::None) => clause.values = new.values,
        (Some(clause), Keeps::All) => {
            for value in new.values {
                if !clause.values.contains(&value) && clause.values.len() < VALUES_MAX {
                    clause.values.push(value);
                }
            }
            // It is about the lists in front of it, and stands behind them all.
            clause.values.sort_by_key(|value| value == "exact-match");
        }
        (None, Keeps::None | Keeps::All) | (_, Keeps::Lines) => {
            if clauses.iter().filter(|clause| clause.row == new.row).count() >= VALUES_MAX {
                return Reply::Refused("% Maximum number of clauses reached\n".into());
            }
            if !clauses.contains(&new) {
                clauses.push(new);
            }
            clauses.sort_by_key(|clause| clause.row);
        }
    }
    Reply::Done
}

/// Without values the whole clause goes.
fn take_away(clauses: &mut Vec<Clause>, keeps: Keeps, old: &Clause) -> Reply {
    match keeps {
        Keeps::All if !old.values.is_empty() => {
            let same = clauses.iter_mut().filter(|clause| clause.row == old.row);
            same.for_each(|clause| clause.values.retain(|value| !old.values.contains(value)));
            clauses.retain(|clause| clause.row != old.row || !clause.values.is_empty());
        }
        Keeps::Lines if !old.values.is_empty() => clauses.retain(|clause| clause != old),
        Keeps::None | Keeps::All | Keeps::Lines => clauses.retain(|clause| clause.row != old.row),
    }
    Reply::Done
}
