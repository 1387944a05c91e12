//! `event manager run NAME [ARGUMENTS]`: starts an applet by hand, and waits for it.

use cli::{Args, Kind, No, kw, opt, param};
use eem::{RunRefused, Wait};

use super::config::{EVENT, MANAGER};
use super::run::Run;
use super::{log, schedule};
use crate::command::{Command, Mode, Reply};
use crate::device::Timer;
use crate::session::{Caller, Session};
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 15,
    syntax: &[
        EVENT,
        MANAGER,
        kw("run", "Run a registered Event Manager policy"),
        param("name", Kind::Word, "Name of the Event Manager policy"),
        opt(&[param("arguments", Kind::Line, "Arguments of the policy")]),
    ],
    no: No::Without,
    run,
}];

fn run(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let name = args.text("name").unwrap_or_default();
    let arguments = args.text("arguments").unwrap_or_default();
    let words = words(arguments);
    let director = &mut turn.state.eem.director;
    let started = match session.caller() {
        Caller::Applet(_) => director.run_by_applet(turn.now, name, &words),
        Caller::Session(..) | Caller::Console(..) | Caller::Nobody => {
            director.run(turn.now, name, &words)
        }
    };
    match started {
        Ok((id, wait)) => {
            let waiter = (wait != Wait::No).then(|| session.caller());
            turn.state.eem.runs.insert(id, Run::new(turn.trace, waiter));
            schedule(turn);
            match wait {
                Wait::No => return Reply::Done,
                Wait::ToTheEnd => {}
                Wait::AtMost(limit) => {
                    turn.after(limit, Timer::Held(id));
                }
            }
            Reply::Pending
        }
        Err(refused) => {
            if let RunRefused::Held(Some(notice)) = &refused {
                log(turn, notice.clone());
            }
            Reply::Refused(refusal(&refused, name))
        }
    }
}

/// The arguments: words, of which quotation marks hold several together.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
            Some((quoted, after)) => (quoted, after),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// The first is IOS's (eem.md, section 7.2), the others are ours.
fn refusal(refused: &RunRefused, name: &str) -> String {
    match refused {
        RunRefused::NotEventNone => {
            "Embedded Event Manager policy not registered with event none Event Detector\n".into()
        }
        RunRefused::Unknown => format!("Embedded Event Manager policy {name} not registered\n"),
        RunRefused::QueueFull | RunRefused::Held(_) => {
            "Embedded Event Manager event queue is full\n".into()
        }
    }
}
