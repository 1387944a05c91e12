//! `show clock [detail]`

use cli::{Args, No, kw, opt};

use super::Source;
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("clock", "Display the system clock"),
        opt(&[kw("detail", "Display detailed information")]),
    ],
    no: No::Without,
    run: show,
}];

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let clock = &turn.state.clock;
    let reading = clock.local(turn.now);
    let mark = clock.mark();
    let time = reading.civil.strftime("%H:%M:%S");
    let (millis, zone, date) = (reading.millis(), reading.zone, reading.date());
    let mut text = format!("{mark}{time}.{millis:03} {zone} {date}\n");
    if args.has("detail") {
        let source = match clock.source() {
            Source::Calendar => "hardware calendar",
            Source::User => "user configuration",
            Source::Ntp => "NTP",
        };
        text.push_str(&format!("Time source is {source}\n"));
    }
    Reply::Text(text)
}
