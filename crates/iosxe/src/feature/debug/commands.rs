//! `debug ...`, `undebug ...`, `no debug ...`: made of the table of switches.

use std::sync::LazyLock;

use cli::{Args, No, Token, kw};

use super::{GROUPS, Group, Switch, show};
use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The word for every switch of a group, or of all groups.
const ALL: &str = "all";
const DEBUG: Token = kw("debug", "Debugging functions (see also 'undebug')");
const EVERYTHING: Token = kw(ALL, "Enable all debugging");
const NOTHING: Token = kw(ALL, "Disable all debugging");

/// The words in front of a switch, and whether they turn it on.
static FRONTS: [&[Token]; 3] = [
    &[DEBUG],
    &[kw("undebug", "Disable debugging functions (see also 'debug')")],
    &[kw("no", "Disable debugging functions"), DEBUG],
];

static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| {
    let mut all = vec![
        command(vec![FRONTS[0][0], EVERYTHING], debug_all),
        command(vec![FRONTS[1][0], NOTHING], undebug_all),
        command(vec![FRONTS[2][0], FRONTS[2][1], NOTHING], undebug_all),
        show::COMMAND,
    ];
    for group in GROUPS {
        for front in FRONTS {
            let words = |rest: Vec<Token>| [front, &opening(group), &rest].concat();
            // Without words of its own, a group's all would be everybody's.
            if !group.opening.is_empty() {
                let every = kw(ALL, "All of them");
                all.push(command(words(vec![every]), set_group));
            }
            let switches = group.switches.iter();
            all.extend(switches.map(|switch| command(words(tokens(group, switch)), set_switch)));
        }
    }
    all
});

/// The commands, built once for all routers.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter()
}

fn command(syntax: Vec<Token>, run: Handler) -> Command {
    // The declarations of the parser are static, and these live as long as the program.
    let syntax = Vec::leak(syntax);
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

fn opening(group: &Group) -> Vec<Token> {
    group.opening.iter().map(|(word, help)| kw(word, help)).collect()
}

fn tokens(group: &Group, switch: &'static Switch) -> Vec<Token> {
    let mut words = switch.words.split(' ').peekable();
    let mut tokens = Vec::new();
    while let Some(word) = words.next() {
        let branch = group.branches.iter().find(|(branch, _)| *branch == word);
        let help = match words.peek() {
            None => switch.help,
            Some(_) => branch.map_or(group.heading, |(_, help)| help),
        };
        tokens.push(kw(word, help));
    }
    tokens
}

/// The group that a line is about, what follows its opening, and whether it is turned on.
fn read(args: &Args) -> Option<(&'static Group, &str, bool)> {
    let line = args.expanded();
    let on = line.strip_prefix("debug ");
    let off = || line.strip_prefix("undebug ").or_else(|| line.strip_prefix("no debug "));
    let (rest, is_on) = on.map(|rest| (rest, true)).or_else(|| Some((off()?, false)))?;
    GROUPS.iter().find_map(|group| {
        let mut opening = group.opening.iter();
        let left =
            opening.try_fold(rest, |rest, (word, _)| rest.strip_prefix(word)?.strip_prefix(' '));
        Some((*group, left?, is_on))
    })
}

fn set_switch(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some((group, words, on)) = read(args) else { return Reply::Incomplete };
    let Some(switch) = group.switches.iter().find(|switch| switch.words == words) else {
        return Reply::Incomplete;
    };
    turn.state.debugs.set(group, switch, on);
    said(switch.said, on)
}

fn set_group(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some((group, _, on)) = read(args) else { return Reply::Incomplete };
    set_all(turn, group, on);
    said(group.all, on)
}

fn set_all(turn: &mut Turn<'_>, group: &'static Group, on: bool) {
    group.switches.iter().for_each(|switch| turn.state.debugs.set(group, switch, on));
}

fn said(what: &str, on: bool) -> Reply {
    Reply::Text(format!("{what} debugging is {}\n", if on { "on" } else { "off" }))
}

fn debug_all(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let question =
        "\nThis may severely impact network performance. Continue? (yes/[no]): ".to_owned();
    Reply::Ask { question, echo: true, then: continued }
}

fn continued(turn: &mut Turn<'_>, _: &mut Session, answer: &str) -> Reply {
    let answer = answer.trim().to_ascii_lowercase();
    if answer.is_empty() || !"yes".starts_with(&answer) {
        return Reply::Done;
    }
    GROUPS.iter().for_each(|group| set_all(turn, group, true));
    Reply::Text("\nAll possible debugging has been turned on\n".into())
}

fn undebug_all(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    GROUPS.iter().for_each(|group| set_all(turn, group, false));
    Reply::Text("All possible debugging has been turned off\n".into())
}
