//! What happens when a session leaves a mode: the applet is registered, the change is logged.

use crate::command::Place;
use crate::config::Change;
use crate::feature::logging::Message;
use crate::feature::{discovery, eem};
use crate::session::{Origin, Session};
use crate::turn::Turn;

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

/// IOS logs this for every visit of configuration mode, whether a line was changed or not.
fn configured(turn: &mut Turn<'_>, session: &mut Session) {
    session.visit = None;
    turn.state.lock.release(session);
    let by = session.user().map(str::to_owned);
    turn.state.running.unsaved = session.origin != Origin::Memory;
    turn.state.running.changed = Some(Change { at: turn.now, by });
    let text = format!("Configured from {}", session.source());
    turn.log(Message::new("SYS", 5, "CONFIG_I", text));
    // A hostname, a description or an address may be another.
    discovery::review(turn);
    if std::mem::take(&mut session.has_changed) && turn.state.booted {
        eem::offer(turn, &::eem::Stimulus::Config);
    }
}
