//! `show running-config`, `show startup-config` and `write memory`.
//!
//! Called by the parser. Saving changes no running state.

use cli::{Args, Kind, No, kw, one_of, opt, param};

use super::{Change, running, startup};
use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::feature::archive;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this folder.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("show", "Show running system information"),
            kw("running-config", "Current operating configuration"),
            opt(&[one_of(&[
                &[
                    kw("interface", "Show interface configuration"),
                    param("interface", Kind::Interface, "Interface"),
                ],
                // What is default is printed where IOS prints it, and there are no certificates:
                // the long forms and the short one are the same here.
                &[kw("all", "Configuration with defaults")],
                &[kw("brief", "configuration without certificate data")],
                &[kw("full", "full configuration")],
            ])]),
        ],
        no: No::Without,
        run: show_running,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("show", "Show running system information"),
            one_of(&[
                &[kw("startup-config", "Contents of startup configuration")],
                &[kw("configuration", "Contents of Non-Volatile memory")],
            ]),
        ],
        no: No::Without,
        run: show_startup,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("write", "Write running configuration to memory, network, or terminal"),
            opt(&[one_of(&[
                &[kw("memory", "Write to NV memory")],
                &[kw("terminal", "Write to terminal")],
            ])]),
        ],
        no: No::Without,
        run: write,
    },
];

fn show_running(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(name) = args.interface("interface") else {
        return Reply::Text(running::with_header(&running::whole(turn.state)));
    };
    if turn.state.interfaces.get(name).is_none() {
        return Reply::Invalid { column: args.column("interface") };
    }
    Reply::Text(running::with_header(&running::one_interface(turn.state, name)))
}

fn show_startup(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let Some(text) = turn.state.startup.text() else {
        return Reply::Text("startup-config is not present\n".into());
    };
    let (used, size) = (text.len(), startup::NVRAM_BYTES);
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    Reply::Text(format!("Using {used} out of {size} bytes\n{text}{newline}"))
}

fn write(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if args.has("terminal") { show_running(turn, session, args) } else { save(turn, session) }
}

fn save(turn: &mut Turn<'_>, session: &Session) -> Reply {
    Reply::Text(write_memory(turn, session).into())
}

/// Saves the running-config; what the router prints.
pub(crate) fn write_memory(turn: &mut Turn<'_>, session: &Session) -> &'static str {
    let change = Change { at: turn.now, by: session.user().map(str::to_owned) };
    turn.state.startup.sign(change);
    let text = running::whole(turn.state);
    turn.state.startup.save(text);
    turn.state.running.unsaved = false;
    archive::replace::saved(turn);
    "Building configuration...\n[OK]\n"
}

/// Whether the configuration was changed by hand since it was saved, or read.
pub(crate) fn is_modified(state: &State) -> bool {
    state.running.unsaved
}
