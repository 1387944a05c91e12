//! `show access-lists`, `show ip access-lists`, `show ipv6 access-list`.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::list::{Body, Entry, List, ListName};
use super::rule::{Family, Rule};
use super::time_range;
use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const IP: Token = kw("ip", "IP information");
const NAME: Token = one_of(&[
    &[param("number", Kind::Integer { min: 1, max: 2699 }, "ACL number")],
    &[param("name", Kind::Word, "ACL name")],
]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, kw("access-lists", "List access lists"), opt(&[NAME])], access_lists),
    show(&[SHOW, IP, kw("access-lists", "List IP access lists"), opt(&[NAME])], ip_access_lists),
    show(
        &[
            SHOW,
            kw("ipv6", "IPv6 information"),
            kw("access-list", "Summary of access lists"),
            opt(&[param("name", Kind::Word, "Access list name")]),
        ],
        ipv6_access_list,
    ),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn access_lists(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    lists(turn, args, &[Family::Standard, Family::Extended, Family::V6])
}

fn ip_access_lists(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    lists(turn, args, &[Family::Standard, Family::Extended])
}

fn ipv6_access_list(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    lists(turn, args, &[Family::V6])
}

/// The name that a line asks for.
pub(super) fn wanted(args: &Args) -> Option<ListName> {
    let number = args.number("number").and_then(|number| u32::try_from(number).ok());
    let number = number.map(ListName::Number);
    number.or_else(|| args.text("name").map(|word| ListName::Word(word.to_owned())))
}

fn lists(turn: &Turn<'_>, args: &Args, families: &[Family]) -> Reply {
    let wanted = wanted(args);
    let mut text = String::new();
    for family in families {
        for (name, list) in turn.state.access_lists.of(*family) {
            if wanted.as_ref().is_none_or(|wanted| wanted == name) {
                text.push_str(&one(turn, name, list));
            }
        }
    }
    Reply::Text(text)
}

/// One list, without its remarks.
fn one(turn: &Turn<'_>, name: &ListName, list: &List) -> String {
    let heading = match list.family {
        Family::Standard => "Standard IP access list",
        Family::Extended => "Extended IP access list",
        Family::V6 => "IPv6 access list",
    };
    let mut text = format!("{heading} {name}\n");
    for (sequence, entry) in list.entries() {
        let body = match &entry.body {
            Body::Remark(_) => continue,
            Body::Rule(rule) => rule.shown(list.family) + activity(turn, rule),
            Body::Evaluate(list) => format!("evaluate {list}"),
        };
        let counted = matches(entry);
        let _ = match list.family {
            Family::V6 => writeln!(text, "    {body}{counted} sequence {sequence}"),
            Family::Standard | Family::Extended => {
                writeln!(text, "    {sequence} {body}{counted}")
            }
        };
    }
    text
}

fn matches(entry: &Entry) -> String {
    match entry.matches {
        0 => String::new(),
        1 => " (1 match)".to_owned(),
        matches => format!(" ({matches} matches)"),
    }
}

fn activity(turn: &Turn<'_>, rule: &Rule) -> &'static str {
    match &rule.options.time_range {
        None => "",
        Some(range) if time_range::is_active(turn.state, range, turn.now) => " (active)",
        Some(_) => " (inactive)",
    }
}
