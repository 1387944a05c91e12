//! `show snmp mib ifmib ifindex [INTERFACE]`: the numbers that tables of SNMP give to interfaces.

use cli::{Args, Kind, No, kw, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("snmp", "snmp statistics"),
        kw("mib", "show mib objects"),
        kw("ifmib", "Show Interface MIB objects"),
        kw("ifindex", "Show Interface MIB Index assignments"),
        opt(&[param("interface", Kind::Interface, "Interface")]),
    ],
    no: No::Without,
    run: show,
}];

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let started = turn.state.system.started();
    let all = turn.state.interfaces.readings(started, turn.now);
    let wanted = args.interface("interface");
    let mut chosen =
        all.iter().filter(|reading| wanted.is_none_or(|name| *name == reading.name)).peekable();
    if chosen.peek().is_none() {
        return Reply::Invalid { column: args.column("interface") };
    }
    let line = |reading: &crate::feature::interface::Reading<'_>| {
        format!("{}: Ifindex = {}\n", reading.name, reading.index)
    };
    Reply::Text(chosen.map(line).collect())
}
