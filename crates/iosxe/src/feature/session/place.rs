//! `configure terminal`, `end`, `exit`, `do`: where a session stands.

use cli::{Args, No, Token, kw, one_of, opt, param};

use super::help::{HELP, help};
use super::lock;
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::exec;
use crate::feature::archive::confirm::{self, WHEN};
use crate::feature::routing::Kind;
use crate::session::Session;
use crate::turn::Turn;

/// Every mode below EXEC.
const CONFIGURING: &[Mode] = &[
    Mode::Config,
    Mode::Interface,
    Mode::Line,
    Mode::Applet,
    Mode::Trigger,
    Mode::Archive,
    Mode::ArchiveLog,
    Mode::TlsProfile,
    Mode::Track,
    Mode::Sla,
    Mode::SlaJob,
    Mode::StandardAccessList,
    Mode::ExtendedAccessList,
    Mode::AccessListV6,
    Mode::Router(Kind::Eigrp),
    Mode::Router(Kind::EigrpNamed),
    Mode::Router(Kind::EigrpFamily),
    Mode::Router(Kind::EigrpInterface),
    Mode::Router(Kind::EigrpTopology),
    Mode::Router(Kind::Ospf),
    Mode::Router(Kind::Bgp),
    Mode::Router(Kind::BgpFamily),
    Mode::Router(Kind::BgpVrf),
    Mode::Vrf,
    Mode::VrfFamily,
    Mode::SshKeys,
    Mode::SshUser,
    Mode::RouteMap,
];

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("configure", "Enter configuration mode"),
            opt(&[
                kw("terminal", "Configure from the terminal"),
                opt(&[one_of(&[
                    &[kw("lock", "Lock configuration mode")],
                    &[kw("revert", "Parameters for reverting the configuration"), WHEN],
                ])]),
            ]),
        ],
        no: No::Without,
        run: configure,
    },
    configuring(&[Mode::Exec], HELP, help),
    leaving(&[kw("exit", "Exit from the EXEC")]),
    leaving(&[kw("logout", "Exit from the EXEC")]),
    leaving(&[kw("quit", "Exit from the EXEC")]),
];

/// The commands of this file that every mode below EXEC has.
pub(crate) const EVERYWHERE: &[Command] = &everywhere(CONFIGURING);

/// `end`, `exit` and `do` for these modes.
pub(crate) const fn everywhere(modes: &'static [Mode]) -> [Command; 4] {
    [
        configuring(modes, END, end),
        configuring(modes, EXIT, exit),
        configuring(modes, DO, run_exec),
        configuring(modes, HELP, help),
    ]
}

const END: &[Token] = &[kw("end", "Exit from configure mode")];
const EXIT: &[Token] = &[kw("exit", "Exit from current mode")];
const DO: &[Token] = &[
    kw("do", "To run exec commands in config mode"),
    param("line", cli::Kind::Line, "Exec Command"),
];

const fn configuring(modes: &'static [Mode], syntax: &'static [Token], run: Handler) -> Command {
    Command { modes, privilege: 0, syntax, no: No::Without, run }
}

const fn leaving(syntax: &'static [Token]) -> Command {
    Command { modes: &[Mode::Exec], privilege: 0, syntax, no: No::Without, run: logout }
}

fn configure(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if let Some(refusal) = lock::refusal(turn.state, session) {
        return refusal;
    }
    if let Some((minutes, idle)) = confirm::time_of(args) {
        return match confirm::begin(turn, session, minutes, idle) {
            Ok(said) => match enter(session) {
                Reply::Text(text) => Reply::Text(said + &text),
                other => other,
            },
            Err(refusal) => refusal,
        };
    }
    if args.has("terminal") {
        if args.has("lock") || turn.state.lock.is_automatic() {
            turn.state.lock.take(session);
        }
        return enter(session);
    }
    let question = "Configuring from terminal, memory, or network [terminal]? ".into();
    Reply::Ask { question, echo: true, then: source_given }
}

fn source_given(_: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    if "terminal".starts_with(&answer.trim().to_ascii_lowercase()) {
        return enter(session);
    }
    Reply::Refused("?Must be \"terminal\", \"memory\" or \"network\"\n".into())
}

/// Clients wait for this very text (clients.md, section 2).
fn enter(session: &mut Session) -> Reply {
    if *session.place() == Place::Exec {
        session.enter(Place::Config);
    }
    let text = "Enter configuration commands, one per line.  End with CNTL/Z.\n";
    Reply::Text(text.into())
}

fn end(_: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    session.leave_to(1);
    Reply::Done
}

fn exit(_: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    session.leave_to(session.places().len() - 1);
    Reply::Done
}

fn run_exec(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    exec::run_exec(turn, session, args.text("line").unwrap_or_default(), args.column("line"))
}

fn logout(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Logout
}
