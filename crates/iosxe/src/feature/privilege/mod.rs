//! `privilege`: which level a command needs, in place of its own.
//!
//! `exec` asks the levels that are kept here for every line; a command above a session's level is
//! unknown to it. As Cisco documents it, the first words of a command get its level too, unless
//! they have one of their own ("Configuring Security with Passwords and Privileges", the
//! `privilege` command); a running-config prints them all.

use cli::{Access, Args, Kind, Level, No, Parsed, Token, kw, one_of, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::exec;
use crate::session::Session;
use crate::turn::Turn;

/// How many levels a configuration sets.
const LEVELS_MAX: usize = 1000;

/// The modes whose commands can be moved, by their words, as `?` lists them. Those of other modes
/// are kept without effect.
const MODES: [(&str, Mode); 4] = [
    ("configure", Mode::Config),
    ("exec", Mode::Exec),
    ("interface", Mode::Interface),
    ("line", Mode::Line),
];

const LEVEL: Token = param("level", Kind::Integer { min: 0, max: 15 }, "Privilege level");
const COMMAND: Token = param("command", Kind::Line, "Initial keywords of the command to modify");

const HOW: Token = one_of(&[
    &[
        opt(&[kw("all", "All suboption will be set to the samelevel")]),
        kw("level", "Set privilege level of command"),
        LEVEL,
        COMMAND,
    ],
    &[kw("reset", "Reset privilege level of command"), COMMAND],
]);

/// The commands of this folder.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("privilege", "Command privilege parameters"),
        one_of(&[
            &[kw("configure", "Global configuration mode"), HOW],
            &[kw("exec", "Exec mode"), HOW],
            &[kw("interface", "Interface configuration mode"), HOW],
            &[kw("line", "Line configuration mode"), HOW],
        ]),
    ],
    no: No::Allowed,
    run: set,
}];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::PRIVILEGE, print }];

impl State {
    /// What the parser shows to somebody of this privilege level.
    pub(crate) fn access(&self, privilege: u8) -> Access<'_, Mode> {
        let levels = (self.levels.count() > 0).then_some(&self.levels);
        Access { privilege, levels }
    }
}

fn set(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some((_, mode)) = MODES.iter().find(|(word, _)| args.has(word)) else {
        return Reply::Incomplete;
    };
    let Some(text) = args.text("command") else { return Reply::Incomplete };
    let words = match exec::grammar(turn.state).keywords(*mode, text) {
        Ok(words) => words,
        Err(Parsed::Invalid { column }) => {
            return Reply::Invalid { column: args.column("command") + column };
        }
        Err(Parsed::Ambiguous) => {
            return Reply::Refused(format!("% Ambiguous command:  \"{text}\"\n"));
        }
        Err(Parsed::Incomplete | Parsed::Empty | Parsed::Command(_)) => return Reply::Incomplete,
    };
    if args.is_no() || args.is_default() || args.has("reset") {
        turn.state.levels.reset(*mode, &words);
        return Reply::Done;
    }
    let Some(level) = args.number("level").and_then(|level| u8::try_from(level).ok()) else {
        return Reply::Incomplete;
    };
    if turn.state.levels.count() >= LEVELS_MAX {
        return Reply::Refused("% Configuration buffer full\n".into());
    }
    turn.state.levels.set(*mode, &words, Level { level, all: args.has("all") });
    Reply::Done
}

fn print(state: &State, text: &mut ConfigText) {
    for (word, mode) in MODES.iter().rev() {
        for (words, Level { level, all }) in state.levels.of(*mode) {
            let all = if all { "all " } else { "" };
            text.line(format_args!("privilege {word} {all}level {level} {words}"));
        }
    }
}
