//! `memory free low-watermark processor KILOBYTES`

use cli::{Args, Kind, No, kw, param};

use super::mark;
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
        kw("memory", "Configure memory management"),
        kw("free", "Free memory low water mark"),
        kw("low-watermark", "Free memory low water mark"),
        kw("processor", "Processor memory watermark"),
        param("kilobytes", Kind::Integer { min: 1, max: 4_294_967_295 }, "Kilobytes"),
    ],
    no: No::Allowed,
    run: set,
}];

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::PLATFORM, print }];

fn print(state: &State, text: &mut ConfigText) {
    if let Some(kilobytes) = state.memory.watermark_kb {
        text.line(format_args!("memory free low-watermark processor {kilobytes}"));
    }
}

fn set(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let wanted = args.number("kilobytes").filter(|_| !args.is_no() && !args.is_default());
    mark::set(turn, wanted.and_then(|kilobytes| u32::try_from(kilobytes).ok()));
    Reply::Done
}
