//! `show ip interface brief`, `show interfaces [X]` and `show interfaces description`

mod brief;
mod detail;

use cli::{Args, Kind, No, kw, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this folder.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("ip", "IP information"),
            kw("interface", "IP interface status and configuration"),
            kw("brief", "Brief summary of IP status and configuration"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
        ],
        no: No::Without,
        run: ip_interface_brief,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("interfaces", "Interface status and configuration"),
            kw("description", "Show interface description"),
        ],
        no: No::Without,
        run: description,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("interfaces", "Interface status and configuration"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
        ],
        no: No::Without,
        run: interfaces,
    },
];

fn ip_interface_brief(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (all, wanted) = (&turn.state.interfaces, args.interface("interface"));
    match wanted {
        Some(name) if all.get(name).is_none() => {
            Reply::Invalid { column: args.column("interface") }
        }
        _ => Reply::Text(brief::ip_interface_brief(all, wanted)),
    }
}

fn description(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(brief::description(&turn.state.interfaces))
}

fn interfaces(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let all = &turn.state.interfaces;
    let span = (turn.state.system.started(), turn.now);
    let Some(name) = args.interface("interface") else {
        return Reply::Text(all.iter().map(|(name, i)| detail::block(name, i, span)).collect());
    };
    match all.get(name) {
        Some(interface) => Reply::Text(detail::block(name, interface, span)),
        None => Reply::Invalid { column: args.column("interface") },
    }
}
