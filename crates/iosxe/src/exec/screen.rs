//! A line as the cli detector of EEM sees it, and what becomes of a line that applets hold.
//!
//! Called by terminals and by the console of a scenario, for what people type. Sessions of applets
//! and a startup-config go past it, to [`super::execute`].

use cli::pipe;
use cli::{Args, Parsed};
use eem::{Key, ParseError};
use fact::Kind;

use super::prompt::parser_mode;
use super::run::{CONFIG_DEPTH, carry_out, tell};
use super::{Executed, Next, execute, grammar};
use crate::command::{Handler, Mode, Place};
use crate::device::State;
use crate::feature::eem::{self as applets, Verdict};
use crate::feature::session::alias;
use crate::session::Session;
use crate::turn::Turn;

/// A line before it is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Looked {
    /// The command with its keywords whole, without its pipe; a `do` line is the EXEC command that
    /// it holds.
    pub(crate) command: Result<String, ParseError>,
    /// The mode that the line is for, as `event cli ... mode` names it.
    pub(crate) mode: &'static str,
}

/// Runs one line that somebody types, unless applets hold it. An answer to a question is nobody's
/// business.
pub(crate) fn submit(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Executed {
    if session.answer.is_some() {
        return execute(turn, session, line);
    }
    match applets::screen(turn, session, Key::Enter, line) {
        Verdict::Pass => execute(turn, session, line),
        Verdict::Skip => {
            tell(turn, session, line);
            refuse(turn, session, line);
            Executed::silent(Next::Prompt)
        }
        Verdict::Wait => {
            tell(turn, session, line);
            Executed::silent(Next::Held)
        }
    }
}

/// The applets that held a line have let it go.
pub(crate) fn resume(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Executed {
    carry_out(turn, session, line)
}

/// Applets do not let a line be carried out.
pub(crate) fn refuse(turn: &mut Turn<'_>, session: &Session, line: &str) {
    let line = redact::typed_line(line.trim());
    turn.fact(Kind::CommandBlocked { by: session.by(), line });
}

/// What `line` is where the session stands, at the press of a key.
pub(crate) fn look(state: &State, session: &Session, key: Key, line: &str) -> Looked {
    let expanded = alias::expand(state, session.mode(), line);
    let line = expanded.as_ref().map_or(line, |expanded| &expanded.line);
    match key {
        Key::Enter if session.mode() == Mode::Exec => in_exec(state, session, line),
        Key::Enter => in_config(state, session, line),
        Key::Tab | Key::QuestionMark => {
            Looked { command: Err(ParseError::Unfinished), mode: parser_mode(session.place()) }
        }
    }
}

fn in_exec(state: &State, session: &Session, line: &str) -> Looked {
    let access = state.access(session.privilege);
    let parse = |line| grammar(state).parse(Mode::Exec, access, line);
    let mode = parser_mode(&Place::Exec);
    if let Some(bar) = pipe::bar(line)
        && let Parsed::Command(found) = parse(&line[..bar])
        && found.is_piped()
    {
        let parses = pipe::target(line).is_some() || pipe::parse(line, bar).is_ok();
        let command = found.args.expanded().to_owned();
        return Looked { command: parses.then_some(command).ok_or(ParseError::Unknown), mode };
    }
    Looked { command: command(parse(line)).map(|args| args.expanded().to_owned()), mode }
}

/// A command of the submode, else of a place around it, as `run_in_config` finds it.
fn in_config(state: &State, session: &Session, line: &str) -> Looked {
    let places = session.places();
    for place in places[CONFIG_DEPTH - 1..].iter().rev() {
        let access = state.access(session.privilege);
        let parsed = grammar(state).parse(place.mode(), access, line);
        if matches!(parsed, Parsed::Invalid { .. }) {
            continue;
        }
        return match command(parsed) {
            Ok(args) if args.has("do") => {
                in_exec(state, session, args.text("line").unwrap_or_default())
            }
            found => Looked {
                command: found.map(|args| args.expanded().to_owned()),
                mode: parser_mode(place),
            },
        };
    }
    Looked { command: Err(ParseError::Unknown), mode: parser_mode(session.place()) }
}

fn command(parsed: Parsed<Mode, Handler>) -> Result<Args, ParseError> {
    match parsed {
        Parsed::Command(found) => Ok(found.args),
        Parsed::Ambiguous => Err(ParseError::Ambiguous),
        Parsed::Incomplete => Err(ParseError::Incomplete),
        Parsed::Invalid { .. } | Parsed::Empty => Err(ParseError::Unknown),
    }
}
