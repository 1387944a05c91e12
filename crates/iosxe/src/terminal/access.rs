//! Who may sit at a terminal: logins, VTY lines, banners, idle sessions.

use std::net::IpAddr;

use fact::Kind;

use super::screen::Screen;
use super::shell::with;
use super::{Admitted, Stage, Terminal};
use crate::device::Timer;
use crate::exec;
use crate::feature::banner;
use crate::feature::line::Occupant;
use crate::io::{LoginVerdict, Output, SessionId, SessionKind};
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// A client asks to log in. A line is taken from here on, so that the pool counts logins.
pub(crate) fn login(turn: &mut Turn<'_>, id: SessionId, user: &str, password: &str, peer: IpAddr) {
    let verdict = admit(turn, id, user, password, peer);
    let accepted = verdict == LoginVerdict::Accepted;
    let (line, reason) = match verdict {
        LoginVerdict::Accepted => {
            let vty = turn.state.terminals.admitted.get(&id).map(|admitted| admitted.vty);
            (vty.map(|vty| format!("vty {vty}")), None)
        }
        LoginVerdict::Rejected => (None, Some("authentication failed".to_owned())),
        LoginVerdict::NoLine => (None, Some("no line".to_owned())),
    };
    let (user, peer) = (user.to_owned(), peer.to_string());
    turn.fact(Kind::Login { user, peer, accepted, line, reason });
    turn.out.push(Output::LoginVerdict { session: id, verdict });
}

fn admit(
    turn: &mut Turn<'_>,
    id: SessionId,
    user: &str,
    password: &str,
    peer: IpAddr,
) -> LoginVerdict {
    let Some(level) = turn.state.users.check(user, password) else {
        return LoginVerdict::Rejected;
    };
    close(turn, id);
    let occupant = Occupant::new(user, peer.to_string(), turn.now);
    let Some(vty) = turn.state.lines.take_ssh(occupant) else {
        return LoginVerdict::NoLine;
    };
    let privilege = level.unwrap_or_else(|| turn.state.lines.privilege(vty));
    let admitted = Admitted { user: user.to_owned(), privilege, peer, vty };
    turn.state.terminals.admitted.insert(id, admitted);
    LoginVerdict::Accepted
}

/// A client that has logged in wants a shell, or one command. Anybody else is sent away.
pub(crate) fn open(turn: &mut Turn<'_>, id: SessionId, kind: SessionKind) {
    let Some(Admitted { user, privilege, peer, vty }) = turn.state.terminals.admitted.remove(&id)
    else {
        turn.out.push(Output::SessionClose { session: id, status: 1 });
        return;
    };
    let origin = Origin::Vty { session: id, vty, peer };
    let defaults = turn.state.lines.terminal_defaults(vty);
    let session = Session::new(origin, &user, privilege, defaults);
    let once = match &kind {
        SessionKind::Shell => None,
        SessionKind::Exec(_) => Some(false),
    };
    turn.state.terminals.open.insert(id, Terminal::new(session, once));
    watch_idle(turn, id, vty);
    with(turn, id, |terminal, turn, screen| match kind {
        SessionKind::Shell => terminal.greet(turn, screen),
        SessionKind::Exec(line) => terminal.run(turn, &line, screen),
    });
}

/// The client is gone.
pub(crate) fn close(turn: &mut Turn<'_>, id: SessionId) {
    if let Some(admitted) = turn.state.terminals.admitted.remove(&id) {
        turn.state.lines.release(admitted.vty);
    }
    if let Some(terminal) = turn.state.terminals.open.remove(&id) {
        release(turn, id, terminal.session);
    }
}

/// The session leaves what it is in; its line is free again, and its timer gone.
pub(super) fn release(turn: &mut Turn<'_>, id: SessionId, mut session: Session) {
    exec::close(turn, &mut session);
    turn.state.terminals.set_monitor(id, false);
    turn.state.timers.retain(|(_, timer)| *timer != Timer::Idle(id));
    if let Origin::Vty { vty, .. } = session.origin {
        turn.state.lines.release(vty);
    }
}

/// Notes that the client is there.
pub(super) fn touch(turn: &mut Turn<'_>, terminal: &Terminal) {
    if let Origin::Vty { vty, .. } = terminal.session.origin {
        turn.state.lines.touch(vty, turn.now);
    }
}

/// The moment has come at which a session may have been idle for too long: it is closed without a
/// word, or looked at again when it would be. A command that goes on keeps its session.
pub(crate) fn idle(turn: &mut Turn<'_>, id: SessionId) {
    let Some(terminal) = turn.state.terminals.open.get(&id) else { return };
    let Origin::Vty { vty, .. } = terminal.session.origin else { return };
    if matches!(terminal.stage, Stage::Pending) {
        turn.state.lines.touch(vty, turn.now);
    }
    match turn.state.lines.idle_deadline(vty) {
        Some(deadline) if deadline <= turn.now => {
            with(turn, id, |terminal, _, _| terminal.stage = Stage::Closed);
        }
        Some(_) => watch_idle(turn, id, vty),
        None => {}
    }
}

/// `exec-timeout`: one timer a session, set anew when it fires and not with every key. A change of
/// the line's `exec-timeout` thus counts from the next look on, or for the next session.
fn watch_idle(turn: &mut Turn<'_>, id: SessionId, vty: u32) {
    if let Some(deadline) = turn.state.lines.idle_deadline(vty) {
        turn.state.timers.set(deadline, (None, Timer::Idle(id)));
    }
}

impl Terminal {
    fn new(session: Session, once: Option<bool>) -> Self {
        Terminal {
            session,
            keys: cli::Keys::default(),
            editor: cli::Editor::default(),
            stage: Stage::Command,
            ahead: std::collections::VecDeque::new(),
            at_line_start: true,
            once,
        }
    }

    /// The banners, then the first prompt on a line of its own.
    fn greet(&mut self, turn: &mut Turn<'_>, screen: &mut Screen) {
        let Origin::Vty { vty, .. } = self.session.origin else { return };
        screen.print("\n");
        screen.print(&banner::greeting(turn.state, vty));
        self.ready(turn.state, screen);
    }
}
