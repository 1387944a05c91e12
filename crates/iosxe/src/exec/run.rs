//! One line of one session, from its characters to the text that answers it.

use cli::pipe::{self, Pipe, PipeError};
use cli::{InterfaceName, Match, Parsed};
use fact::Kind;

use super::{error, grammar, leave, prompt};
use crate::command::{Handler, Mode, Place, Reply};
use crate::device::State;
use crate::feature::names::{self, Resolved};
use crate::feature::session::alias;
use crate::feature::{archive, flash, inert, tcl};
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// What came of a line.
#[derive(Debug)]
pub(crate) struct Executed {
    /// What the router prints, each line with its newline.
    pub(crate) text: String,
    /// Whether the text is a refusal: an unknown command, or a `% ` of its handler.
    pub(crate) refused: bool,
    /// What the session does next.
    pub(crate) next: Next,
}

/// What a session does after a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It prints its prompt and takes a command.
    Prompt,
    /// It prints this and takes an answer.
    Question {
        /// With no newline at its end.
        question: String,
        /// Whether the answer is echoed.
        echo: bool,
    },
    /// The command goes on until `Turn::finish`.
    Pending,
    /// Applets hold the line: it has not been carried out yet, and may never be.
    Held,
    /// It ends.
    Closed,
}

impl Executed {
    /// Nothing is printed.
    pub(crate) fn silent(next: Next) -> Self {
        Executed { text: String::new(), refused: false, next }
    }
}

/// Runs one line: the answer to an open question, else a command.
pub(crate) fn execute(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Executed {
    if session.answer.is_none() {
        tell(turn, session, line);
    }
    carry_out(turn, session, line)
}

/// The same, where the fact that it was typed is known already.
pub(super) fn carry_out(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Executed {
    let before = session.places().to_vec();
    let shown = prompt(turn.state, session);
    let reply = match session.answer.take() {
        Some(answer) => answer(turn, session, line),
        None => {
            session.draft.clear();
            session.tries = 0;
            session.ticket += 1;
            run(turn, session, line)
        }
    };
    let executed = settle(turn, session, reply, &shown, line);
    leave::left(turn, session, &before);
    executed
}

/// Runs one line as EXEC would, wherever the session stands: what `do` does. `offset` is where it
/// begins in the line that was typed.
pub(crate) fn run_exec(
    turn: &mut Turn<'_>,
    session: &mut Session,
    line: &str,
    offset: usize,
) -> Reply {
    match run_in_exec(turn, session, line) {
        Reply::Invalid { column } => Reply::Invalid { column: column + offset },
        Reply::Enter(_) => Reply::Done,
        reply => reply,
    }
}

/// The fact that somebody typed a line. A startup-config is no event.
pub(super) fn tell(turn: &mut Turn<'_>, session: &Session, line: &str) {
    if session.origin == Origin::Memory || line.trim().is_empty() {
        return;
    }
    let line = redact::typed_line(line.trim());
    turn.fact(Kind::DeviceCommand { by: session.by(), line });
}

fn run(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Reply {
    if let Place::Tcl(_) = session.place() {
        return tcl::line(turn, session, line);
    }
    if let Some(column) = line.find(|c: char| c.is_control() && c != '\t') {
        return Reply::Invalid { column };
    }
    let Some(expanded) = alias::expand(turn.state, session.mode(), line) else {
        return run_in_mode(turn, session, line);
    };
    match run_in_mode(turn, session, &expanded.line) {
        Reply::Invalid { column } => Reply::Invalid { column: expanded.column(column) },
        reply => reply,
    }
}

fn run_in_mode(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Reply {
    match session.mode() {
        Mode::Exec => run_in_exec(turn, session, line),
        Mode::Config
        | Mode::Interface
        | Mode::Line
        | Mode::Applet
        | Mode::Trigger
        | Mode::Archive
        | Mode::ArchiveLog
        | Mode::TlsProfile
        | Mode::Track
        | Mode::Sla
        | Mode::SlaJob
        | Mode::StandardAccessList
        | Mode::ExtendedAccessList
        | Mode::AccessListV6
        | Mode::Router(_)
        | Mode::Vrf
        | Mode::VrfFamily
        | Mode::SshKeys
        | Mode::SshUser
        | Mode::RouteMap
        | Mode::Kept(_) => run_in_config(turn, session, line),
    }
}

fn run_in_exec(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Reply {
    let privilege = session.privilege;
    let grammar = grammar(turn.state);
    let parse = |state: &State, line| grammar.parse(Mode::Exec, state.access(privilege), line);
    if let Some((bar, target)) = pipe::target(line)
        && let Parsed::Command(found) = parse(turn.state, &line[..pipe::bar(line).unwrap_or(bar)])
        && found.is_piped()
    {
        return match run_in_exec(turn, session, line[..bar].trim_end()) {
            Reply::Text(text) => flash::redirect(turn, &target, text),
            Reply::Done => flash::redirect(turn, &target, String::new()),
            reply => reply,
        };
    }
    if let Some(bar) = pipe::bar(line)
        && let Parsed::Command(found) = parse(turn.state, &line[..bar])
        && found.is_piped()
    {
        return match pipe::parse(line, bar) {
            Ok(filter) => through(filter, session, |session| call(turn, session, &found)),
            Err(problem) => refuse_pipe(problem),
        };
    }
    match parse(turn.state, line) {
        Parsed::Command(found) => call(turn, session, &found),
        Parsed::Invalid { .. } if could_be_host(turn, session, line) => {
            match names::resolve(turn.state, line.trim(), |_| true) {
                Resolved::Address(to) => Reply::Refused(error::no_connection(line.trim(), to)),
                Resolved::Unknown(said) => Reply::Refused(said + error::UNKNOWN_HOST),
            }
        }
        Parsed::Incomplete if is_bare_show(line) => Reply::Refused(error::BARE_SHOW.into()),
        parsed => refuse(parsed, line),
    }
}

/// `show` and its abbreviations, with nothing behind.
fn is_bare_show(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    "show".starts_with(&first) && words.next().is_none()
}

/// In EXEC one word that no command begins with is a host to connect to, unless the line says
/// `transport preferred none`.
fn could_be_host(turn: &Turn<'_>, session: &Session, line: &str) -> bool {
    let one_word = line.split_whitespace().count() == 1;
    let vty = session.origin.vty();
    one_word && !vty.is_some_and(|vty| turn.state.lines.prefers_none(vty))
}

/// A line of configuration: of the submode, else of a place around it, down to global
/// configuration, to which it goes back.
fn run_in_config(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Reply {
    let typed_at = session.places().len();
    let mut column_max = 0;
    // What is half a command of a submode may be a whole one outside: `ip route` under an
    // interface, where `ip route-cache` is known.
    let mut refusal = None;
    let mut short: Option<(usize, Match<Mode, Handler>)> = None;
    for depth in (CONFIG_DEPTH..=typed_at).rev() {
        let mode = session.places()[depth - 1].mode();
        let access = turn.state.access(session.privilege);
        match grammar(turn.state).parse(mode, access, line) {
            Parsed::Command(found) if is_short(mode, &found) => {
                short = short.or(Some((depth, found)));
            }
            Parsed::Command(found) if short.is_some() && is_short(Mode::Kept(0), &found) => {}
            Parsed::Command(found) => return configure(turn, session, &found, depth),
            Parsed::Invalid { column } => column_max = column_max.max(column),
            parsed => refusal = refusal.or(Some(refuse(parsed, line))),
        }
    }
    match short {
        Some((depth, found)) => configure(turn, session, &found, depth),
        None => refusal.unwrap_or(Reply::Invalid { column: column_max }),
    }
}

/// Whether the line begins with a part of a word of a mode whose lines are only kept: `ip` where
/// there is `ip-address`. A whole word further out is meant then.
fn is_short(mode: Mode, found: &Match<Mode, Handler>) -> bool {
    let first = |line: &str| {
        let mut words = line.split_whitespace().skip_while(|word| ["no", "default"].contains(word));
        words.next().unwrap_or_default().to_ascii_lowercase()
    };
    matches!(mode, Mode::Kept(_)) && first(found.args.line()) != first(found.args.expanded())
}

/// The depth of global configuration among a session's places: EXEC is the first.
pub(super) const CONFIG_DEPTH: usize = 2;

/// Runs a command of the `depth`th place, which the session goes back to unless it is refused.
fn configure(
    turn: &mut Turn<'_>,
    session: &mut Session,
    found: &Match<Mode, Handler>,
    depth: usize,
) -> Reply {
    let inner: Vec<Place> = session.places()[depth..].to_vec();
    let nested = session.places().len() - CONFIG_DEPTH;
    session.leave_to(depth);
    let reply = match session.place().clone() {
        Place::Range(names) if !moves(found) => call_for_each(turn, session, found, names),
        _ => call(turn, session, found),
    };
    if session.watches {
        session.kept = inert::seen(found.command, &found.args);
    }
    if is_refusal(&reply) {
        inner.into_iter().for_each(|place| session.enter(place));
    } else {
        session.has_changed |= archive::is_change(&found.args);
        archive::configured(turn, session, &found.args, nested);
    }
    reply
}

/// Whether a command is about the session, not about where it stands.
fn moves(found: &Match<Mode, Handler>) -> bool {
    let first = found.args.expanded().split(' ').next().unwrap_or_default();
    ["do", "end", "exit"].contains(&first)
}

/// Runs a command of interface mode for each interface of a range, until one refuses it.
fn call_for_each(
    turn: &mut Turn<'_>,
    session: &mut Session,
    found: &Match<Mode, Handler>,
    names: Vec<InterfaceName>,
) -> Reply {
    let mut last = Reply::Done;
    for name in &names {
        session.stand(Place::Interface(*name));
        last = call(turn, session, found);
        if is_refusal(&last) {
            break;
        }
    }
    session.stand(Place::Range(names));
    last
}

fn is_refusal(reply: &Reply) -> bool {
    match reply {
        Reply::Invalid { .. } | Reply::Incomplete | Reply::Refused(_) => true,
        Reply::Done
        | Reply::Text(_)
        | Reply::Enter(_)
        | Reply::Ask { .. }
        | Reply::Pending
        | Reply::Logout => false,
    }
}

fn call(turn: &mut Turn<'_>, session: &mut Session, found: &Match<Mode, Handler>) -> Reply {
    (found.command.run)(turn, session, &found.args)
}

/// What the parser says of a line that is no command.
fn refuse(parsed: Parsed<Mode, Handler>, line: &str) -> Reply {
    match parsed {
        Parsed::Empty | Parsed::Command(_) => Reply::Done,
        Parsed::Ambiguous => Reply::Refused(error::ambiguous(line)),
        Parsed::Incomplete => Reply::Incomplete,
        Parsed::Invalid { column } => Reply::Invalid { column },
    }
}

fn refuse_pipe(problem: PipeError) -> Reply {
    match problem {
        PipeError::Incomplete => Reply::Incomplete,
        PipeError::Invalid { column } => Reply::Invalid { column },
        PipeError::Pattern => Reply::Refused("% Failed to compile regular expression.\n".into()),
    }
}

/// Runs a command whose text goes through a pipe, at once or when it ends.
fn through(filter: Pipe, session: &mut Session, run: impl FnOnce(&mut Session) -> Reply) -> Reply {
    match run(session) {
        Reply::Text(text) => Reply::Text(filter.apply(&text)),
        Reply::Pending => {
            session.pipe = Some(filter);
            Reply::Pending
        }
        reply => reply,
    }
}

fn settle(
    turn: &mut Turn<'_>,
    session: &mut Session,
    reply: Reply,
    shown: &str,
    line: &str,
) -> Executed {
    let said = |text: String| Executed { text, refused: false, next: Next::Prompt };
    let refused = |text: String| Executed { text, refused: true, next: Next::Prompt };
    match reply {
        Reply::Done => said(String::new()),
        Reply::Text(text) => said(text),
        Reply::Refused(text) => refused(text),
        Reply::Invalid { column } => refused(error::invalid(shown, line, column)),
        Reply::Incomplete => refused(error::incomplete()),
        Reply::Enter(place) => {
            session.enter(place);
            said(String::new())
        }
        Reply::Ask { question, echo, then } => {
            session.answer = Some(then);
            Executed {
                text: String::new(),
                refused: false,
                next: Next::Question { question, echo },
            }
        }
        Reply::Pending => Executed { text: String::new(), refused: false, next: Next::Pending },
        Reply::Logout => {
            leave::close(turn, session);
            Executed { text: String::new(), refused: false, next: Next::Closed }
        }
    }
}
