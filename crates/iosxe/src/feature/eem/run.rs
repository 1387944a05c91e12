//! The router's side of a run: its cause, and who waits for it.

use std::sync::Arc;

use eem::{Answer, CliOutput, RunId};
use fact::TraceId;

use super::session::{self, Typist, with_carriage_returns};
use super::{because_of, log, schedule, screen, serve, take, with_director};
use crate::session::Caller;
use crate::turn::Turn;

/// What the router knows of one run.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) trace: Option<TraceId>,
    /// The applet, once the run has begun.
    applet: Arc<str>,
    /// Who waits for its end: whoever typed `event manager run`, or a line that it holds.
    pub(super) waiter: Option<Caller>,
    /// Whether it waits for a line of whoever waits for it.
    is_reading: bool,
    /// Who types its commands.
    pub(super) typist: Typist,
}

impl Run {
    pub(super) fn new(trace: Option<TraceId>, waiter: Option<Caller>) -> Self {
        Run { trace, applet: Arc::from(""), waiter, is_reading: false, typist: Typist::default() }
    }
}

/// Carries out all that the runs want at this instant.
pub(crate) fn poll(turn: &mut Turn<'_>) {
    // A timer that has fired is none: what is wanted next, even at this instant, needs a new one.
    turn.state.eem.wake = turn.state.eem.wake.filter(|(at, _)| *at > turn.now);
    let now = turn.now;
    let published = with_director(turn, |director, view| director.due(now, view));
    take(turn, published);
    while let Some((id, request)) = with_director(turn, |director, view| director.next(now, view)) {
        let trace = turn.state.eem.runs.get(&id).and_then(|run| run.trace);
        because_of(turn, trace, |turn| serve::carry_out(turn, id, request));
    }
    schedule(turn);
}

/// A part of the output of a command that goes on in a run's session.
pub(crate) fn command_printed(turn: &mut Turn<'_>, id: RunId, text: &str) {
    answer(turn, id, Answer::Cli(CliOutput::Open(with_carriage_returns(text))));
    poll(turn);
}

/// The end of a command that went on in a run's session.
pub(crate) fn command_finished(turn: &mut Turn<'_>, id: RunId, text: &str) {
    let Some(run) = turn.state.eem.runs.get(&id) else { return };
    let trace = run.trace;
    because_of(turn, trace, |turn| {
        if let Some(output) = session::finished(turn, id, text) {
            answer(turn, id, Answer::Cli(output));
        }
    });
    poll(turn);
}

pub(super) fn answer(turn: &mut Turn<'_>, id: RunId, answer: Answer) {
    let now = turn.now;
    with_director(turn, |director, view| director.answer(now, view, id, answer));
}

/// The run begins.
pub(super) fn triggered(turn: &mut Turn<'_>, id: RunId, applet: Arc<str>) {
    if let Some(run) = turn.state.eem.runs.get_mut(&id) {
        run.applet = applet;
    }
}

/// The applet that a run is of.
pub(super) fn applet_of(turn: &Turn<'_>, id: RunId) -> String {
    turn.state.eem.runs.get(&id).map(|run| run.applet.to_string()).unwrap_or_default()
}

/// Prints on the terminal that waits for the run. When nobody waits any more it is logged, as it
/// is of a run that never had a terminal.
pub(super) fn puts(turn: &mut Turn<'_>, id: RunId, text: &str) {
    let Some(run) = turn.state.eem.runs.get(&id) else { return };
    match run.waiter {
        // What a terminal has printed may be printed again: it ends its lines itself.
        Some(caller) => turn.print(caller, text.replace('\r', "")),
        None => {
            let message = eem::Message::puts(&run.applet, text);
            log(turn, message);
        }
    }
}

/// Reads a line from the terminal that waits for the run; nothing if nobody does.
pub(super) fn gets(turn: &mut Turn<'_>, id: RunId) {
    let Some(run) = turn.state.eem.runs.get_mut(&id) else { return };
    match run.waiter {
        Some(caller) => {
            run.is_reading = true;
            turn.ask_for_line(caller, id);
        }
        None => answer(turn, id, nobody()),
    }
}

/// The line that a run has asked for; none if nobody types one any more.
pub(crate) fn answer_gets(turn: &mut Turn<'_>, id: RunId, line: Option<String>) {
    let Some(run) = turn.state.eem.runs.get_mut(&id) else { return };
    if std::mem::take(&mut run.is_reading) {
        answer(turn, id, line.map_or_else(nobody, |line| Answer::Text(Some(line))));
        poll(turn);
    }
}

fn nobody() -> Answer {
    Answer::Failed("nobody types a line".to_owned())
}

/// Nobody waits for the run any more: who did until now.
pub(super) fn detach(turn: &mut Turn<'_>, id: RunId) -> Option<Caller> {
    let run = turn.state.eem.runs.get_mut(&id)?;
    let (caller, is_reading) = (run.waiter.take()?, run.is_reading);
    if is_reading {
        turn.answer_gets(id, None);
    }
    Some(caller)
}

/// The run is over: its session leaves what it is in, and whoever waits goes on.
pub(super) fn finish(turn: &mut Turn<'_>, id: RunId, exit_status: i64) {
    let Some(run) = turn.state.eem.runs.remove(&id) else { return };
    session::close(turn, run.typist);
    if let Some(caller) = run.waiter
        && !screen::run_over(turn, caller, id, exit_status)
    {
        turn.finish(caller, "");
    }
}
