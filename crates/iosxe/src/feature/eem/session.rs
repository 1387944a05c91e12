//! The CLI session of a run: opened by its first `action cli`, on a VTY line, in user EXEC.
//!
//! Called for each `action cli`, and when a command that goes on in it is over. It runs commands as
//! every other session does; what the run makes of the output is the `eem` crate's business.

use std::collections::VecDeque;

use cli::{Key, Pager};
use eem::{CliOutput, RunId};

use super::debug;
use crate::exec::{self, Executed, Next};
use crate::feature::aaa;
use crate::feature::line::Occupant;
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// What a router answers whom no authorization server lets type a command.
const NOT_AUTHORIZED: &str = "Command authorization failed.\n\n";

/// The session of one run, and where it stands in what it was given to type.
#[derive(Debug, Default)]
pub(super) struct Typist {
    /// None until it is needed, and after a command that ends it.
    session: Option<Session>,
    /// Lines of one `action cli` that are not typed yet: its text may hold newlines.
    ahead: VecDeque<String>,
    /// What stands below ` --More-- `, after a `terminal length`, and what comes behind it.
    paged: Option<(Pager, Next)>,
}

/// What a line led to.
struct Printed {
    text: String,
    pager: Option<Pager>,
    next: Next,
}

impl Printed {
    fn of(executed: Executed, session: &Session) -> Self {
        let (text, pager) = Pager::start(&executed.text, session.settings.length);
        Printed { text, pager, next: executed.next }
    }

    /// The characters of a line are keys to a pager, and so is its end.
    fn below(mut pager: Pager, next: Next, line: &str) -> Self {
        let mut text = String::new();
        for key in line.bytes().map(Key::Character).chain([Key::Enter]) {
            let (shown, ended) = pager.press(key);
            text += &shown;
            if ended {
                return Printed { text, pager: None, next };
            }
        }
        Printed { text, pager: Some(pager), next }
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
    let paged = typist(turn, id).and_then(|typist| {
        typist.ahead = lines;
        typist.paged.take()
    });
    let printed = type_line(turn, &mut session, paged, &first);
    go_on(turn, id, session, printed)
}

/// The end of a command that went on in the run's session: what it printed.
pub(super) fn finished(turn: &mut Turn<'_>, id: RunId, text: &str) -> Option<CliOutput> {
    let mut session = typist(turn, id)?.session.take()?;
    let text = match session.pipe.take() {
        Some(pipe) => pipe.apply(text),
        None => text.to_owned(),
    };
    let executed = Executed { text, refused: false, next: Next::Prompt };
    let printed = Printed::of(executed, &session);
    Some(go_on(turn, id, session, printed))
}

/// The run is over: its session leaves what it is in, and its line is free again.
pub(super) fn close(turn: &mut Turn<'_>, typist: Typist) {
    if let Some(session) = typist.session {
        end(turn, session);
    }
}

fn end(turn: &mut Turn<'_>, mut session: Session) {
    debug::cli_closed(turn, &session);
    exec::close(turn, &mut session);
    if let Origin::Applet { vty, .. } = session.origin {
        turn.state.lines.release(vty);
    }
}

fn typist<'a>(turn: &'a mut Turn<'_>, id: RunId) -> Option<&'a mut Typist> {
    turn.state.eem.runs.get_mut(&id).map(|run| &mut run.typist)
}

fn type_line(
    turn: &mut Turn<'_>,
    session: &mut Session,
    paged: Option<(Pager, Next)>,
    line: &str,
) -> Printed {
    if let Some((pager, next)) = paged {
        return Printed::below(pager, next, line);
    }
    debug::cli_in(turn, session, line);
    let executed = match is_authorized(turn, session) {
        true => exec::execute(turn, session, line),
        false => {
            let text = NOT_AUTHORIZED.to_owned();
            Executed { text, refused: true, next: Next::Prompt }
        }
    };
    Printed::of(executed, session)
}

/// Whether `aaa authorization commands` lets the applet type (eem.md, section 5).
fn is_authorized(turn: &Turn<'_>, session: &Session) -> bool {
    let Origin::Applet { name, .. } = &session.origin else { return true };
    let level = session.privilege;
    turn.state.eem.bypasses_authorization(name)
        || aaa::lets_applet_type(turn.state, session.user().unwrap_or_default(), level)
}

/// Takes down what a line printed, types the next one if there is one, and puts the session back.
fn go_on(turn: &mut Turn<'_>, id: RunId, mut session: Session, mut printed: Printed) -> CliOutput {
    let mut heard = String::new();
    loop {
        let Printed { mut text, pager, next } = printed;
        let is_at_prompt = pager.is_none() && next == Next::Prompt;
        match &next {
            _ if pager.is_some() => {}
            Next::Prompt => text += &exec::prompt(turn.state, &session),
            Next::Question { question, .. } => text += question,
            Next::Pending | Next::Held | Next::Closed => {}
        }
        debug::cli_out(turn, &session, &text);
        heard += &with_carriage_returns(&text);
        match next {
            Next::Pending | Next::Held if pager.is_none() => {
                put_back(turn, id, session, None);
                return CliOutput::Open(heard);
            }
            Next::Closed if pager.is_none() => {
                // The session is gone; the next `action cli` opens another.
                end(turn, session);
                return CliOutput::Prompt(heard);
            }
            Next::Prompt | Next::Question { .. } | Next::Pending | Next::Held | Next::Closed => {}
        }
        let paged = pager.map(|pager| (pager, next));
        let Some(line) = typist(turn, id).and_then(|typist| typist.ahead.pop_front()) else {
            put_back(turn, id, session, paged);
            return match is_at_prompt {
                true => CliOutput::Prompt(heard),
                false => CliOutput::Open(heard),
            };
        };
        if paged.is_none() {
            heard += "\r\n";
        }
        printed = type_line(turn, &mut session, paged, &line);
    }
}

/// A run may have ended while its session was at work: then the session ends too.
fn put_back(turn: &mut Turn<'_>, id: RunId, session: Session, paged: Option<(Pager, Next)>) {
    match typist(turn, id) {
        Some(typist) => {
            typist.session = Some(session);
            typist.paged = paged;
        }
        None => end(turn, session),
    }
}

/// The session of a run; a new one if it has none. `None` if no line is free (eem.md, section 5).
///
/// It is of the user of `event manager session cli username`, if there is one, and of his privilege
/// level: else of nobody, in user EXEC.
fn take_session(turn: &mut Turn<'_>, id: RunId, applet: &str) -> Option<Session> {
    if let Some(session) = typist(turn, id)?.session.take() {
        return Some(session);
    }
    let user = turn.state.eem.settings.session().cloned();
    let name = user.as_ref().map_or("", |user| &user.name);
    let occupant = Occupant::new(name, format!("EEM:{applet}"), turn.now);
    let vty = turn.state.lines.take(occupant)?;
    let mut session = Session::applet(id, applet, name, vty);
    if let Some(privilege) = user.as_ref().and_then(|user| user.privilege) {
        session.privilege = privilege;
    }
    debug::cli_opened(turn, &session);
    Some(session)
}

/// A terminal ends its lines with both characters.
pub(super) fn with_carriage_returns(text: &str) -> String {
    text.replace('\n', "\r\n")
}
