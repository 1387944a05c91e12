//! What happens when a session leaves a mode: the applet is registered, the change is logged.

use crate::command::Place;
use crate::config::Change;
use crate::feature::logging::Message;
use crate::feature::{discovery, eem, netconf};
use crate::session::{Origin, Session};
use crate::turn::Turn;

use super::run::CONFIG_DEPTH;

/// Tells the features which of the places `before` the session has left, the innermost first.
pub(super) fn left(turn: &mut Turn<'_>, session: &mut Session, before: &[Place]) {
    let kept = before.iter().zip(session.places()).take_while(|(a, b)| a == b).count();
    for place in before[kept..].iter().rev() {
        match place {
            Place::Config => configured(turn, session),
            Place::Applet(name) => eem::leave_applet(turn, name),
            Place::Exec
            | Place::Tcl(_)
            | Place::Interface(_)
            | Place::Range(_)
            | Place::Line { .. }
            | Place::Trigger(_)
            | Place::Archive
            | Place::ArchiveLog
            | Place::TlsProfile(_)
            | Place::Track(_)
            | Place::Sla(_)
            | Place::SlaJob(..)
            | Place::AccessList(..)
            | Place::Router(_)
            | Place::Vrf(_)
            | Place::VrfFamily(..)
            | Place::SshKeys
            | Place::SshUser(_)
            | Place::RouteMap(..)
            | Place::Kept(_) => {}
        }
    }
}

/// Ends the session: it leaves whatever it is in.
pub(crate) fn close(turn: &mut Turn<'_>, session: &mut Session) {
    let before = session.places().to_vec();
    session.leave_to(1);
    left(turn, session, &before);
}

/// The session leaves what it is in for global configuration mode.
pub(crate) fn to_config(turn: &mut Turn<'_>, session: &mut Session) {
    let before = session.places().to_vec();
    session.leave_to(CONFIG_DEPTH);
    left(turn, session, &before);
}

/// Ends the session as if it had never been in configuration mode: what it typed has been taken
/// back, or is nobody's business.
pub(crate) fn unseen(turn: &mut Turn<'_>, session: &mut Session) {
    to_config(turn, session);
    turn.state.lock.release(session);
    session.leave_to(1);
}

/// IOS logs this for every visit of configuration mode, whether a line was changed or not.
fn configured(turn: &mut Turn<'_>, session: &mut Session) {
    session.visit = None;
    turn.state.lock.release(session);
    let by = session.user().map(str::to_owned);
    turn.state.running.unsaved = session.origin != Origin::Memory;
    turn.state.running.changed = Some(Change { at: turn.now, by });
    match session.origin {
        Origin::Program(door) => netconf::configured(turn, door, session.user()),
        Origin::Vty { .. } | Origin::Console | Origin::Memory | Origin::Applet { .. } => {
            let text = format!("Configured from {}", session.source());
            turn.log(Message::new("SYS", 5, "CONFIG_I", text));
        }
    }
    netconf::config_changed(turn, session);
    // A hostname, a description or an address may be another.
    discovery::review(turn);
    if std::mem::take(&mut session.has_changed) && turn.state.booted {
        eem::offer(turn, &::eem::Stimulus::Config);
    }
}
