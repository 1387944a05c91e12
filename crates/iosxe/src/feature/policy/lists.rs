//! `ip as-path access-list`, `ip community-list`: lists of AS paths and of communities.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::clause::is_community;
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// How many lists of one kind a router may have.
const LISTS_MAX: usize = 1_000;

/// How many lines one list may have.
const LINES_MAX: usize = 1_000;

/// The lists of AS paths and communities, each a list of `permit X` and `deny X`.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    as_paths: BTreeMap<u32, Vec<String>>,
    communities: BTreeMap<(Kinds, String), Vec<String>>,
}

/// The kinds of lists of communities, in the order in which they print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kinds {
    NumberedStandard,
    NumberedExpanded,
    Standard,
    Expanded,
}

const PATTERN: Token = param("value", Kind::Line, "A regular-expression");
const COMMUNITIES: Token = param("value", Kind::Line, "Communities: number, aa:nn, internet, ...");
const PERMIT: Token = kw("permit", "Specify packets to forward");
const DENY: Token = kw("deny", "Specify packets to reject");
const PATTERNS: Token = one_of(&[&[PERMIT, PATTERN], &[DENY, PATTERN]]);
const STANDARD: Token = one_of(&[&[PERMIT, COMMUNITIES], &[DENY, COMMUNITIES]]);
const NAME: Token = param("name", Kind::Word, "Community list name");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    config(
        &[
            kw("ip", "Global IP configuration subcommands"),
            kw("as-path", "BGP autonomous system path filter"),
            kw("access-list", "Specify an access list number"),
            param("number", Kind::Integer { min: 1, max: 500 }, "AS path access list"),
            PATTERNS,
        ],
        as_path,
    ),
    config(
        &[
            kw("ip", "Global IP configuration subcommands"),
            kw("community-list", "Add a community list entry"),
            one_of(&[
                &[param("number", Kind::Integer { min: 1, max: 99 }, "Standard number"), STANDARD],
                &[
                    param("number", Kind::Integer { min: 100, max: 500 }, "Expanded number"),
                    PATTERNS,
                ],
                &[kw("expanded", "Add an expanded community-list entry"), NAME, PATTERNS],
                &[kw("standard", "Add a standard community-list entry"), NAME, STANDARD],
            ]),
        ],
        community,
    ),
    show(
        &[
            kw("show", "Show running system information"),
            kw("ip", "IP information"),
            kw("as-path-access-list", "List AS path access lists"),
            opt(&[param("number", Kind::Integer { min: 1, max: 500 }, "AS path access list")]),
        ],
        show_as_paths,
    ),
    show(
        &[
            kw("show", "Show running system information"),
            kw("ip", "IP information"),
            kw("community-list", "List community-list"),
            opt(&[param("name", Kind::Word, "Community list number or name")]),
        ],
        show_communities,
    ),
];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::IP, print }];

const fn config(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

impl Kinds {
    fn configured(self) -> &'static str {
        match self {
            Kinds::NumberedStandard | Kinds::NumberedExpanded => "",
            Kinds::Standard => "standard ",
            Kinds::Expanded => "expanded ",
        }
    }

    fn shown(self) -> &'static str {
        match self {
            Kinds::NumberedStandard => "Community standard list",
            Kinds::NumberedExpanded => "Community (expanded) access list",
            Kinds::Standard => "Named Community standard list",
            Kinds::Expanded => "Named Community expanded list",
        }
    }
}

fn print(state: &State, text: &mut ConfigText) {
    let Lists { as_paths, communities } = &state.policies.lists;
    for ((kind, name), lines) in communities {
        let kind = kind.configured();
        lines.iter().for_each(|l| text.line(format_args!("ip community-list {kind}{name} {l}")));
    }
    for (number, lines) in as_paths {
        lines.iter().for_each(|l| text.line(format_args!("ip as-path access-list {number} {l}")));
    }
}

/// The line of an entry; none if `no` takes the whole list away.
fn line(args: &Args) -> Option<String> {
    let action = if args.has("permit") { "permit" } else { "deny" };
    Some(format!("{action} {}", args.text("value")?))
}

/// Adds a line to a list, or takes it or the list away.
fn change<K: Ord>(all: &mut BTreeMap<K, Vec<String>>, key: K, args: &Args) -> Reply {
    let removes = args.is_no() || args.is_default();
    let line = line(args);
    match line {
        None if removes => {
            all.remove(&key);
        }
        None => return Reply::Incomplete,
        Some(line) if removes => {
            let Some(lines) = all.get_mut(&key) else { return Reply::Done };
            lines.retain(|there| *there != line);
            if lines.is_empty() {
                all.remove(&key);
            }
        }
        Some(line) => {
            let is_full = all.len() >= LISTS_MAX && !all.contains_key(&key);
            let lines = all.get(&key).map_or(0, Vec::len);
            if is_full || lines >= LINES_MAX {
                return Reply::Refused("% Maximum number of list entries reached\n".into());
            }
            let lines = all.entry(key).or_default();
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    Reply::Done
}

fn as_path(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(number) = args.number("number").and_then(|number| u32::try_from(number).ok()) else {
        return Reply::Incomplete;
    };
    change(&mut turn.state.policies.lists.as_paths, number, args)
}

fn community(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (kind, name) = match (args.number("number"), args.text("name")) {
        (Some(number), _) if number < 100 => (Kinds::NumberedStandard, number.to_string()),
        (Some(number), _) => (Kinds::NumberedExpanded, number.to_string()),
        (None, Some(name)) if !is_word(name) => {
            return Reply::Invalid { column: args.column("name") };
        }
        (None, Some(name)) if args.has("standard") => (Kinds::Standard, name.to_owned()),
        (None, Some(name)) => (Kinds::Expanded, name.to_owned()),
        (None, None) => return Reply::Incomplete,
    };
    let standard = matches!(kind, Kinds::Standard | Kinds::NumberedStandard);
    let mut words = args.text("value").unwrap_or_default().split_whitespace();
    if standard && !words.all(is_community) {
        return Reply::Invalid { column: args.column("value") };
    }
    change(&mut turn.state.policies.lists.communities, (kind, name), args)
}

fn show_as_paths(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let wanted = args.number("number");
    let mut text = String::new();
    for (number, lines) in &turn.state.policies.lists.as_paths {
        if wanted.is_none_or(|wanted| wanted == u64::from(*number)) {
            let _ = writeln!(text, "AS path access list {number}");
            lines.iter().for_each(|line| text.push_str(&format!("    {line}\n")));
        }
    }
    Reply::Text(text)
}

fn show_communities(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let wanted = args.text("name");
    let mut text = String::new();
    for ((kind, name), lines) in &turn.state.policies.lists.communities {
        if wanted.is_none_or(|wanted| wanted == name) {
            let _ = writeln!(text, "{} {name}", kind.shown());
            lines.iter().for_each(|line| text.push_str(&format!("     {line}\n")));
        }
    }
    Reply::Text(text)
}
