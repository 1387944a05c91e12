//! `clear counters` and `clear interface`.

use cli::{Args, Kind, No, kw, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("clear", "Reset functions"),
            kw("counters", "Clear counters on one or all interfaces"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
        ],
        no: No::Without,
        run: clear_counters,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("clear", "Reset functions"),
            kw("interface", "Clear the hardware logic on an interface"),
            param("interface", Kind::Interface, "Interface"),
        ],
        no: No::Without,
        run: clear_interface,
    },
];

/// The dialogue keeps the interface, if one was named.
fn clear_counters(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(name) = args.interface("interface") else {
        let question = "Clear \"show interface\" counters on all interfaces [confirm]".into();
        return Reply::Ask { question, echo: true, then: cleared };
    };
    if turn.state.interfaces.get(name).is_none() {
        return Reply::Invalid { column: args.column("interface") };
    }
    session.draft = name.long();
    let question = "Clear \"show interface\" counters on this interface [confirm]".into();
    Reply::Ask { question, echo: true, then: cleared }
}

fn cleared(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    if !matches!(answer.trim(), "" | "y" | "Y" | "yes") {
        return Reply::Done;
    }
    let now = turn.now;
    let only = cli::InterfaceName::parse(&session.draft);
    for (name, interface) in turn.state.interfaces.iter_mut() {
        if only.is_none_or(|only| only == *name) {
            interface.counters.get_or_insert_default().clear(now);
        }
    }
    let what = match only {
        Some(name) => format!("interface {name}"),
        None => "all interfaces".to_owned(),
    };
    let source = session.source();
    let by = source.strip_prefix("console ").unwrap_or(&source);
    let text = format!("Clear counter on {what} {by}");
    turn.log(Message::new("CLEAR", 5, "COUNTERS", text));
    Reply::Done
}

/// The hardware starts anew; nobody sees it from outside, since the wire stays alive.
fn clear_interface(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    match args.interface("interface").and_then(|name| turn.state.interfaces.get(name)) {
        Some(_) => Reply::Done,
        None => Reply::Invalid { column: args.column("interface") },
    }
}
