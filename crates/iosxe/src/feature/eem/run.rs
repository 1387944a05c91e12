//! The router's side of a run: its CLI session, its cause, and who waits for it.

use std::collections::VecDeque;
use std::sync::Arc;

use eem::{Answer, CliOutput, RunId};
use fact::TraceId;

use super::{because_of, debug, log, schedule, screen, serve, take, with_director};
use crate::exec::{self, Executed, Next};
use crate::feature::line::Occupant;
use crate::session::{Caller, Origin, Session};
use crate::turn::Turn;

/// What the router knows of one run.
#[derive(Debug)]
pub(super) struct Run {
    trace: Option<TraceId>,
    /// The applet, once the run has begun.
    applet: Arc<str>,
    /// Who waits for its end: whoever typed `event manager run`, or a line that it holds.
    pub(super) waiter: Option<Caller>,
    /// Whether it waits for a line of whoever waits for it.
    is_reading: bool,
    /// Opened by the first `action cli`.
    session: Option<Session>,
    /// Lines of one `action cli` that are not typed yet: its text may hold newlines.
    ahead: VecDeque<String>,
}

impl Run {
    pub(super) fn new(trace: Option<TraceId>, waiter: Option<Caller>) -> Self {
        Run {
            trace,
            applet: Arc::from(""),
            waiter,
            is_reading: false,
            session: None,
            ahead: VecDeque::new(),
        }
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
    let Some(run) = turn.state.eem.runs.get_mut(&id) else { return };
    let Some(mut session) = run.session.take() else { return };
    let trace = run.trace;
    let text = match session.pipe.take() {
        Some(pipe) => pipe.apply(text),
        None => text.to_owned(),
    };
    let executed = Executed { text, refused: false, next: Next::Prompt };
    because_of(turn, trace, |turn| {
        let output = go_on(turn, id, session, executed);
        answer(turn, id, Answer::Cli(output));
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
        None => answer(turn, id, Answer::Text(None)),
    }
}

/// The line that a run has asked for; none if nobody types one any more.
pub(crate) fn answer_gets(turn: &mut Turn<'_>, id: RunId, line: Option<String>) {
    let Some(run) = turn.state.eem.runs.get_mut(&id) else { return };
    if std::mem::take(&mut run.is_reading) {
        answer(turn, id, Answer::Text(line));
        poll(turn);
    }
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
    if let Some(session) = run.session {
        close(turn, session);
    }
    if let Some(caller) = run.waiter
        && !screen::run_over(turn, caller, id, exit_status)
    {
        turn.finish(caller, "");
    }
}

fn close(turn: &mut Turn<'_>, mut session: Session) {
    debug::cli_closed(turn, &session);
    exec::close(turn, &mut session);
    if let Origin::Applet { vty, .. } = session.origin {
        turn.state.lines.release(vty);
    }
}

/// Types the text of one `action cli` into the run's session, which is opened if need be.
pub(super) fn type_text(turn: &mut Turn<'_>, id: RunId, applet: &str, text: &str) -> CliOutput {
    let Some(mut session) = take_session(turn, id, applet) else { return CliOutput::NoLine };
    // Either character ends a line, and both together end one.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: VecDeque<String> = text.split('\n').map(str::to_owned).collect();
    // `"yes\n"`: the newline ends the line, as it would without.
    if lines.len() > 1 && lines.back().is_some_and(String::is_empty) {
        lines.pop_back();
    }
    let first = lines.pop_front().unwrap_or_default();
    if let Some(run) = turn.state.eem.runs.get_mut(&id) {
        run.ahead = lines;
    }
    debug::cli_in(turn, &session, &first);
    let executed = exec::execute(turn, &mut session, &first);
    go_on(turn, id, session, executed)
}

/// Takes down what a line printed, types the next one if there is one, and puts the session back.
fn go_on(
    turn: &mut Turn<'_>,
    id: RunId,
    mut session: Session,
    mut executed: Executed,
) -> CliOutput {
    let mut heard = String::new();
    loop {
        let mut printed = executed.text;
        let is_open = match &executed.next {
            Next::Prompt => {
                printed += &exec::prompt(turn.state, &session);
                false
            }
            Next::Question { question, .. } => {
                printed += question;
                true
            }
            Next::Pending | Next::Held | Next::Closed => false,
        };
        debug::cli_out(turn, &session, &printed);
        heard += &with_carriage_returns(&printed);
        match executed.next {
            Next::Prompt | Next::Question { .. } => {}
            Next::Pending | Next::Held => {
                put_back(turn, id, session);
                return CliOutput::Open(heard);
            }
            Next::Closed => {
                // The session is gone; the next `action cli` opens another.
                close(turn, session);
                return CliOutput::Prompt(heard);
            }
        }
        let next = turn.state.eem.runs.get_mut(&id).and_then(|run| run.ahead.pop_front());
        let Some(line) = next else {
            put_back(turn, id, session);
            return if is_open { CliOutput::Open(heard) } else { CliOutput::Prompt(heard) };
        };
        heard += "\r\n";
        debug::cli_in(turn, &session, &line);
        executed = exec::execute(turn, &mut session, &line);
    }
}

/// A run may have ended while its session was at work: then the session ends too.
fn put_back(turn: &mut Turn<'_>, id: RunId, session: Session) {
    match turn.state.eem.runs.get_mut(&id) {
        Some(run) => run.session = Some(session),
        None => close(turn, session),
    }
}

/// The session of a run; a new one, in user EXEC on a VTY line, if it has none. `None` if no line
/// is free (eem.md, section 5).
fn take_session(turn: &mut Turn<'_>, id: RunId, applet: &str) -> Option<Session> {
    if let Some(session) = turn.state.eem.runs.get_mut(&id)?.session.take() {
        return Some(session);
    }
    let location = format!("EEM:{applet}");
    let occupant = Occupant::new("", location, turn.now);
    let vty = turn.state.lines.take(occupant)?;
    let session = Session::applet(id, applet, "", vty);
    debug::cli_opened(turn, &session);
    Some(session)
}

/// A terminal ends its lines with both characters.
fn with_carriage_returns(text: &str) -> String {
    text.replace('\n', "\r\n")
}
