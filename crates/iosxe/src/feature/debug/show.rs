//! `show debugging`: the frame of IOS XE, then the switches that are on, under their headings.

use cli::{Args, No, kw};

use super::GROUPS;
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// `show debugging`
pub(super) const COMMAND: Command = Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("debugging", "State of each debugging option"),
    ],
    no: No::Without,
    run: show,
};

/// What IOS XE prints even when nothing is on: conditional debugging and packet tracing.
const FRAME: &str = "\
IOSXE Conditional Debug Configs:

Conditional Debug Global State: Stop


IOSXE Packet Tracing Configs:


Packet Infra debugs:

Ip Address                                               Port
------------------------------------------------------|----------

";

fn show(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let mut text = FRAME.to_owned();
    for group in GROUPS {
        let on = |switch: &&super::Switch| turn.state.debugs.is_on(group, switch.words);
        let mut on = group.switches.iter().filter(on).peekable();
        if on.peek().is_none() {
            continue;
        }
        text += &format!("{}:\n", group.heading);
        on.for_each(|switch| text += &format!("  {} debugging is on\n", switch.said));
        text.push('\n');
    }
    Reply::Text(text)
}
