//! `service timestamps` and `service sequence-numbers`

use cli::{Args, No, Token, any_of, kw, one_of, opt};

use super::stamp::{DateTime, Stamp};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const SERVICE: Token = kw("service", "Modify use of network based services");

const FORM: Token = opt(&[one_of(&[
    &[kw("uptime", "Timestamp with system uptime")],
    &[
        kw("datetime", "Timestamp with date and time"),
        any_of(&[
            &[kw("localtime", "Use local time zone for timestamps")],
            &[kw("msec", "Include milliseconds in timestamp")],
            &[kw("show-timezone", "Add time zone information to timestamp")],
            &[kw("year", "Include year in timestamp")],
        ]),
    ],
])]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            SERVICE,
            kw("timestamps", "Timestamp debug/log messages"),
            opt(&[
                one_of(&[
                    &[kw("debug", "Timestamp debug messages")],
                    &[kw("log", "Timestamp log messages")],
                ]),
                FORM,
            ]),
        ],
        no: No::Allowed,
        run: timestamps,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[SERVICE, kw("sequence-numbers", "Stamp logger messages with a sequence number")],
        no: No::Allowed,
        run: sequence_numbers,
    },
];

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::SERVICE, print }];

fn print(state: &State, text: &mut ConfigText) {
    let logging = &state.logging;
    for (what, stamp) in [("debug", logging.timestamps_debug), ("log", logging.timestamps_log)] {
        match stamp {
            Stamp::None => text.line(format_args!("no service timestamps {what}")),
            _ => text.line(format_args!("service timestamps {what} {}", stamp.words())),
        }
    }
    if state.users.encrypts() {
        text.line("service password-encryption");
    }
    if logging.sequence_numbers {
        text.line("service sequence-numbers");
    }
}

/// Without `log` or `debug` the line is about both, and without a form it means `uptime`.
fn timestamps(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let stamp = match (args.is_no(), args.is_default()) {
        (true, _) => Stamp::None,
        (false, true) => Stamp::default(),
        (false, false) if args.has("datetime") => Stamp::DateTime(DateTime {
            msec: args.has("msec"),
            localtime: args.has("localtime"),
            show_timezone: args.has("show-timezone"),
            year: args.has("year"),
        }),
        (false, false) => Stamp::Uptime,
    };
    if !args.has("debug") {
        turn.state.logging.timestamps_log = stamp;
    }
    if !args.has("log") {
        turn.state.logging.timestamps_debug = stamp;
    }
    Reply::Done
}

fn sequence_numbers(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.logging.sequence_numbers = !args.is_no() && !args.is_default();
    Reply::Done
}
