//! `show class-map` and the like: lines that are kept, in the words of their own commands. Nothing
//! is counted: no packet passes them.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, opt, param};

use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const NAME: Token = opt(&[param("name", Kind::Word, "Its name")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, kw("class-map", "Show QoS Class Map"), NAME], class_maps),
    show(&[SHOW, kw("policy-map", "Show Policy Map"), NAME], policy_maps),
    show(&[SHOW, kw("key", "Key information"), kw("chain", "Key chain"), NAME], key_chains),
    show(&[SHOW, kw("vlans", "Virtual LANs Information")], vlans),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
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
