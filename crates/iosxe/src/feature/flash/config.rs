//! `file prompt`: what a router asks about its files.

use cli::{Args, No, kw, one_of, opt};

use super::Prompt;
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("file", "Adjust file system parameters"),
        kw("prompt", "Specify level of prompting for file system"),
        opt(&[one_of(&[
            &[kw("alert", "Prompt only for destructive file operations")],
            &[kw("noisy", "Confirm parameters for all file operations")],
            &[kw("quiet", "Disable prompting")],
        ])]),
    ],
    no: No::Allowed,
    run: set,
}];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::PLATFORM, print }];

fn set(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.flash.prompt = match () {
        () if args.is_no() || args.is_default() => Prompt::Alert,
        () if args.has("noisy") => Prompt::Noisy,
        () if args.has("quiet") => Prompt::Quiet,
        () => Prompt::Alert,
    };
    Reply::Done
}

fn print(state: &State, text: &mut ConfigText) {
    match state.flash.prompt {
        Prompt::Alert => {}
        Prompt::Noisy => text.line("file prompt noisy"),
        Prompt::Quiet => text.line("file prompt quiet"),
    }
}
