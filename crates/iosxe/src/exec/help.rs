//! `?` and TAB, wherever a session stands.

use cli::Grammar;

use super::grammar;
use crate::command::{Handler, Mode};
use crate::device::State;
use crate::feature::eem;
use crate::feature::session::heading;
use crate::session::Session;

/// The word of configuration modes after which a line is one of EXEC.
const DO: &str = "do ";

/// What the router prints when `?` is typed after `before`.
pub(crate) fn help(state: &State, session: &Session, before: &str) -> String {
    let (mode, line) = in_mode(session, before);
    let help = whole_grammar(state, mode).help(mode, state.access(session.privilege), line);
    let heading = if line.trim().is_empty() { heading(mode) } else { "" };
    format!("{heading}{}", help.render())
}

/// The line after TAB, when only one word begins with what was typed.
pub(crate) fn complete(state: &State, session: &Session, before: &str) -> Option<String> {
    let (mode, line) = in_mode(session, before);
    let grammar = whole_grammar(state, mode);
    let access = state.access(session.privilege);
    let own = grammar.complete(mode, access, line);
    let whole = own.or_else(|| match mode {
        Mode::Interface
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
        | Mode::Kept(_) => grammar.complete(Mode::Config, access, line),
        Mode::Exec | Mode::Config => None,
    })?;
    Some(format!("{}{whole}", &before[..before.len() - line.len()]))
}

/// What knows the lines of a mode in full: those of applets are read by the `eem` crate, and
/// declared once more for `?`.
fn whole_grammar(state: &State, mode: Mode) -> &'static Grammar<Mode, Handler> {
    match mode {
        Mode::Applet | Mode::Trigger => eem::forms::help(state.dialect),
        Mode::Exec
        | Mode::Config
        | Mode::Interface
        | Mode::Line
        | Mode::Archive
        | Mode::ArchiveLog
        | Mode::TlsProfile
        | Mode::Track
        | Mode::Sla
        | Mode::SlaJob
        | Mode::SshKeys
        | Mode::SshUser
        | Mode::StandardAccessList
        | Mode::ExtendedAccessList
        | Mode::AccessListV6
        | Mode::Router(_)
        | Mode::Vrf
        | Mode::VrfFamily
        | Mode::RouteMap
        | Mode::Kept(_) => grammar(state),
    }
}

/// The mode whose commands a line can hold, and the part of the line that it is about.
fn in_mode<'a>(session: &Session, before: &'a str) -> (Mode, &'a str) {
    let typed = before.trim_start();
    let after_do = typed.get(..DO.len()).filter(|head| head.eq_ignore_ascii_case(DO));
    match (session.mode(), after_do) {
        (Mode::Exec, _) | (_, None) => (session.mode(), before),
        (_, Some(_)) => (Mode::Exec, &typed[DO.len()..]),
    }
}
