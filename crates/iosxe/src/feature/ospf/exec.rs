//! `clear ip ospf`: a process begins anew.

use cli::{Args, No, Token, kw, one_of, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::routing::tokens::PROCESS;
use crate::feature::routing::{Kind, restart};
use crate::session::Session;
use crate::turn::Turn;

const NUMBER: Token = opt(&[param("process", PROCESS, "Process ID number")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 15,
    syntax: &[
        kw("clear", "Reset functions"),
        kw("ip", "IP"),
        kw("ospf", "OSPF clear commands"),
        NUMBER,
        one_of(&[
            &[kw("counters", "OSPF counters")],
            &[kw("force-spf", "Run SPF for OSPF process")],
            &[kw("process", "Reset OSPF process")],
            &[kw("redistribution", "Clear OSPF route redistribution")],
            &[kw("traffic", "Clear OSPF traffic statistics")],
        ]),
    ],
    no: No::Without,
    run: clear,
}];

fn clear(_: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if !args.has("process") {
        return Reply::Done;
    }
    let number = args.number("process");
    session.draft = number.map(|number| format!("router ospf {number}")).unwrap_or_default();
    let what = match number {
        Some(number) => format!("OSPF process {number}"),
        None => "ALL OSPF processes".to_owned(),
    };
    let question = format!("Reset {what}? [no]: ");
    Reply::Ask { question, echo: true, then: reset }
}

/// Of one process or of all: nothing is lost by beginning anew where nobody is met.
fn reset(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    let answer = answer.trim().to_ascii_lowercase();
    if !answer.is_empty() && "yes".starts_with(&answer) {
        let only = session.draft.clone();
        let wanted = |header: &str| only.is_empty() || only == header;
        restart(turn, |step| step.kind == Kind::Ospf && wanted(&step.header));
    }
    Reply::Done
}
