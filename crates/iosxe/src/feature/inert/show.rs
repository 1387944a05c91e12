//! `show route-map`: lines that are kept, in the words of their own commands. Nothing is counted:
//! no packet passes them.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, opt, param};

use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const IP: Token = kw("ip", "IP information");
const NAME: Token = opt(&[param("name", Kind::Word, "Its name")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, kw("route-map", "route-map information"), NAME], route_maps),
    show(&[SHOW, kw("class-map", "Show QoS Class Map"), NAME], class_maps),
    show(&[SHOW, kw("policy-map", "Show Policy Map"), NAME], policy_maps),
    show(&[SHOW, kw("key", "Key information"), kw("chain", "Key chain"), NAME], key_chains),
    show(&[SHOW, kw("vlans", "Virtual LANs Information")], vlans),
    show(
        &[
            SHOW,
            IP,
            kw("prefix-list", "List IP prefix lists"),
            opt(&[param("name", Kind::Word, "Its name")]),
        ],
        prefix_lists,
    ),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn route_maps(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mut text = String::new();
    for (line, body) in turn.state.inert.blocks("route-map") {
        let words: Vec<&str> = line.split(' ').collect();
        let name = words.first().copied().unwrap_or_default();
        if args.text("name").is_some_and(|wanted| wanted != name) {
            continue;
        }
        let (action, number) = (words.get(1).unwrap_or(&"permit"), words.get(2).unwrap_or(&"10"));
        let _ = writeln!(text, "route-map {name}, {action}, sequence {number}");
        for (heading, opening) in [("Match", "match "), ("Set", "set ")] {
            let _ = writeln!(text, "  {heading} clauses:");
            for clause in body.iter().filter_map(|line| line.strip_prefix(opening)) {
                let clause = match clause.strip_prefix("ip address ") {
                    Some(lists) if heading == "Match" => {
                        format!("ip address (access-lists): {lists} ")
                    }
                    Some(_) | None => clause.to_owned(),
                };
                let _ = writeln!(text, "    {clause}");
            }
        }
        text.push_str("  Policy routing matches: 0 packets, 0 bytes\n");
    }
    if let Some(name) = args.text("name").filter(|_| text.is_empty()) {
        return Reply::Refused(format!("route-map {name} not found\n"));
    }
    Reply::Text(text)
}

/// Blocks of some kind as they stand in the configuration, under the heading of their command.
fn blocks(turn: &Turn<'_>, args: &Args, opening: &str, heading: &str) -> Reply {
    let mut text = String::new();
    for (line, body) in turn.state.inert.blocks(opening) {
        let wanted = args.text("name").is_none_or(|name| line.split(' ').any(|word| word == name));
        if wanted {
            let _ = writeln!(text, " {heading} {line}");
            body.iter().for_each(|line| {
                let _ = writeln!(text, "   {line} ");
            });
        }
    }
    Reply::Text(text)
}

fn class_maps(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    blocks(turn, args, "class-map", "Class Map")
}

fn policy_maps(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    blocks(turn, args, "policy-map", "Policy Map")
}

fn key_chains(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    blocks(turn, args, "key chain", "Key-chain")
}

/// There is none but by configuration.
fn vlans(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    if turn.state.inert.blocks("vlan").is_empty() {
        return Reply::Text("No Virtual LANs configured.\n".into());
    }
    let blocks = turn.state.inert.blocks("vlan");
    let rows = blocks.iter().map(|(number, _)| format!("Virtual LAN ID:  {number}\n"));
    Reply::Text(rows.collect())
}

fn prefix_lists(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mut lists: Vec<(&str, Vec<String>)> = Vec::new();
    for line in turn.state.inert.lines("ip prefix-list") {
        let (name, entry) = line.split_once(' ').unwrap_or((line, ""));
        if args.text("name").is_some_and(|wanted| wanted != name) {
            continue;
        }
        let count = lists.iter().find(|(list, _)| *list == name).map_or(0, |(_, e)| e.len());
        let entry = match entry.starts_with("seq ") {
            true => entry.to_owned(),
            false => format!("seq {} {entry}", (count + 1) * 5),
        };
        match lists.iter_mut().find(|(list, _)| *list == name) {
            Some((_, entries)) => entries.push(entry),
            None => lists.push((name, vec![entry])),
        }
    }
    let mut text = String::new();
    for (name, entries) in lists {
        let _ = writeln!(text, "ip prefix-list {name}: {} entries", entries.len());
        entries.iter().for_each(|entry| {
            let _ = writeln!(text, "   {entry}");
        });
    }
    Reply::Text(text)
}
