//! `ip access-list`, `ipv6 access-list`, the entries below them, and how they print in a
//! running-config.

use std::sync::LazyLock;

use cli::{Args, Kind, No, Token, kw, one_of, param};

use super::list::{Body, List, ListName, SEQUENCE_MAX};
use super::read::{self, Problem};
use super::rule::Family;
use super::{grammar, numbered};
use crate::command::{Command, Mode, Place, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::ACCESS_LISTS, print }];

const IP: Token = kw("ip", "Global IP configuration subcommands");
const ACCESS_LIST: Token = kw("access-list", "Named access-list");
const NAME: Token = param("name", Kind::Word, "Access-list name");

/// The commands of this file whose words are known at once.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[
            IP,
            ACCESS_LIST,
            kw("standard", "Standard Access List"),
            one_of(&[
                &[param("number", numbered::STANDARD, "Standard IP access-list number")],
                &[param(
                    "number",
                    numbered::STANDARD_EXPANDED,
                    "Standard IP access-list number (expanded range)",
                )],
                &[NAME],
            ]),
        ],
        enter,
    ),
    command(
        &[
            IP,
            ACCESS_LIST,
            kw("extended", "Extended Access List"),
            one_of(&[
                &[param("number", numbered::EXTENDED, "Extended IP access-list number")],
                &[param(
                    "number",
                    numbered::EXTENDED_EXPANDED,
                    "Extended IP access-list number (expanded range)",
                )],
                &[NAME],
            ]),
        ],
        enter,
    ),
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            IP,
            ACCESS_LIST,
            kw("resequence", "Resequence Access List"),
            NAME,
            param("start", SEQUENCE, "Starting Sequence Number"),
            param("step", SEQUENCE, "Step to increment the sequence number"),
        ],
        no: No::Without,
        run: resequence,
    },
    command(
        &[
            kw("ipv6", "Global IPv6 configuration commands"),
            kw("access-list", "Configure access lists"),
            NAME,
        ],
        enter,
    ),
];

const NUMBER: &[Token] = &[param("sequence", SEQUENCE, "Sequence Number")];

const SEQUENCE: Kind = Kind::Integer { min: 1, max: SEQUENCE_MAX as u64 };

/// The entries of the three modes, and of numbered lists.
static ENTRIES: LazyLock<Vec<Command>> = LazyLock::new(|| {
    let extended = grammar::extended(Family::Extended);
    let v6 = grammar::extended(Family::V6);
    let mut all = Vec::new();
    for (mode, body) in [
        (Mode::StandardAccessList, grammar::STANDARD.to_vec()),
        (Mode::ExtendedAccessList, vec![extended]),
        (Mode::AccessListV6, vec![v6]),
    ] {
        let is_v6 = mode == Mode::AccessListV6;
        let number = if is_v6 { grammar::SEQUENCE_V6 } else { NUMBER };
        for first in [&[], number] {
            all.extend(
                entries(first, &body, mode != Mode::StandardAccessList)
                    .into_iter()
                    .map(|syntax| in_list(mode, syntax)),
            );
        }
    }
    all.extend(numbered::commands(extended));
    all
});

/// The commands that the tables of names make, built once for all routers.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    ENTRIES.iter()
}

/// `permit`, `deny` and so on, with these words in front.
pub(super) fn entries(
    first: &[Token],
    body: &[Token],
    with_evaluate: bool,
) -> Vec<&'static [Token]> {
    let permit = [&[kw("permit", "Specify packets to forward")], body].concat();
    let deny = [&[kw("deny", "Specify packets to reject")], body].concat();
    let mut bodies = vec![permit, deny, grammar::REMARK.to_vec()];
    if with_evaluate {
        bodies.push(grammar::EVALUATE.to_vec());
    }
    let all = bodies.into_iter().map(|body| [first, &body].concat());
    all.map(|tokens| -> &'static [Token] { Vec::leak(tokens) }).collect()
}

const fn command(syntax: &'static [Token], run: crate::command::Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

fn in_list(mode: Mode, syntax: &'static [Token]) -> Command {
    Command { modes: Vec::leak(vec![mode]), privilege: 15, syntax, no: No::Allowed, run: entry }
}

fn print(state: &State, text: &mut ConfigText) {
    let lists = &state.access_lists;
    for family in [Family::Standard, Family::Extended, Family::V6] {
        for (name, list) in lists.of(family) {
            let heading = match family {
                Family::Standard => "ip access-list standard",
                Family::Extended => "ip access-list extended",
                Family::V6 => "ipv6 access-list",
            };
            text.line(format_args!("{heading} {name}"));
            print_entries(list, text);
        }
    }
}

fn print_entries(list: &List, text: &mut ConfigText) {
    let word = if list.family == Family::V6 { "sequence " } else { "" };
    for (sequence, entry) in list.entries() {
        let body = match &entry.body {
            Body::Remark(remark) => format!("remark {remark}"),
            Body::Rule(rule) => rule.configured(list.family),
            Body::Evaluate(list) => format!("evaluate {list}"),
        };
        text.line(format_args!(" {word}{sequence} {body}"));
    }
}

/// The name that a line gives; what IOS says if no list of this kind may have it.
fn named(family: Family, args: &Args) -> Result<ListName, Reply> {
    let number = args.number("number").and_then(|number| u32::try_from(number).ok());
    let name = match (number, args.text("name")) {
        (Some(number), _) => ListName::Number(number),
        (None, Some(word)) if family == Family::V6 => ListName::Word(word.to_owned()),
        (None, Some(word)) => ListName::read(word),
        (None, None) => return Err(Reply::Incomplete),
    };
    let is_word = args.text("name").is_none_or(is_word);
    if is_word && name.suits(family) {
        return Ok(name);
    }
    Err(Reply::Refused("% Invalid access list name.\n".into()))
}

fn enter(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let family = match () {
        () if args.has("standard") => Family::Standard,
        () if args.has("extended") => Family::Extended,
        () => Family::V6,
    };
    let name = match named(family, args) {
        Ok(name) => name,
        Err(reply) => return reply,
    };
    let lists = &mut turn.state.access_lists;
    if args.is_no() || args.is_default() {
        lists.remove(family, &name);
        return Reply::Done;
    }
    match lists.get_or_make(family, &name) {
        Ok(_) => Reply::Enter(Place::AccessList(family, name)),
        Err(said) => Reply::Refused(said),
    }
}

fn resequence(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = ListName::read(args.text("name").unwrap_or_default());
    let number = |name| args.number(name).and_then(|number| u32::try_from(number).ok());
    let (Some(start), Some(step)) = (number("start"), number("step")) else {
        return Reply::Incomplete;
    };
    let Some(list) = turn.state.access_lists.v4.get_mut(&name) else {
        return Reply::Refused(format!("% Access list {name} does not exist\n"));
    };
    match list.resequence(start, step) {
        Some(()) => Reply::Done,
        None => Reply::Refused("% Exceeded maximum sequence number\n".into()),
    }
}

fn entry(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Place::AccessList(family, name) = session.place().clone() else {
        unreachable!("a command of a list's mode runs in the list's mode");
    };
    change(turn, (family, &name), args, &words(args))
}

/// The words of a line, without `no` or `default`.
pub(super) fn words(args: &Args) -> String {
    let mut words: Vec<&str> = args.expanded().split_whitespace().collect();
    if args.is_no() || args.is_default() {
        words.remove(0);
    }
    words.join(" ")
}

/// Adds the entry of these words to a list, or removes it.
pub(super) fn change(
    turn: &mut Turn<'_>,
    (family, name): (Family, &ListName),
    args: &Args,
    words: &str,
) -> Reply {
    let (sequence, words) = numbered_words(words);
    let removes = args.is_no() || args.is_default();
    let body = match body(family, args, &words) {
        Ok(body) => Some(body),
        Err(_) if removes && sequence.is_some() => None,
        Err(Problem::Incomplete) => return Reply::Incomplete,
        Err(Problem::Word(word)) => return Reply::Invalid { column: column(args, &word) },
    };
    let list = match turn.state.access_lists.get_or_make(family, name) {
        Ok(list) => list,
        Err(said) => return Reply::Refused(said),
    };
    match body {
        Some(body) if !removes => match list.add(sequence, body) {
            Ok(()) => Reply::Done,
            Err(said) => Reply::Refused(said),
        },
        body => {
            list.remove(sequence, body.as_ref());
            Reply::Done
        }
    }
}

/// The number of an entry, wherever it stands, and the other words.
fn numbered_words(words: &str) -> (Option<u32>, String) {
    let mut all: Vec<&str> = words.split_whitespace().collect();
    if let Some(number) = all.first().and_then(|word| word.parse().ok()) {
        return (Some(number), all[1..].join(" "));
    }
    let end = all.iter().position(|word| *word == "remark").unwrap_or(all.len());
    if let Some(at) = all[..end].iter().position(|word| *word == "sequence") {
        let number = all.get(at + 1).and_then(|word| word.parse().ok());
        all.drain(at..(at + 2).min(all.len()));
        return (number, all.join(" "));
    }
    (None, words.to_owned())
}

fn body(family: Family, args: &Args, words: &str) -> Result<Body, Problem> {
    match words.split_once(' ') {
        Some(("remark", _)) => {
            args.text("remark").map(|text| Body::Remark(text.to_owned())).ok_or(Problem::Incomplete)
        }
        Some(("evaluate", list)) => Ok(Body::Evaluate(list.to_owned())),
        Some(_) | None => read::rule(family, words).map(|rule| Body::Rule(Box::new(rule))),
    }
}

/// Where a word stands in the line as typed.
fn column(args: &Args, word: &str) -> usize {
    let line = args.line();
    line.rfind(&format!(" {word}")).map_or(line.len(), |blank| blank + 1)
}
