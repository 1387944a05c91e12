//! Who may sit at a terminal: logins, VTY lines, banners, idle sessions.

use std::net::IpAddr;

use fact::Kind;

use super::screen::Screen;
use super::shell::with;
use super::{Admitted, Stage, Terminal};
use crate::device::Timer;
use crate::exec;
use crate::feature::archive;
use crate::feature::banner;
use crate::feature::eem;
use crate::feature::line;
use crate::feature::line::{Occupant, VTY_FIRST_NUMBER};
use crate::feature::logging::Message;
use crate::feature::login;
use crate::io::{LoginVerdict, Output, SessionId, SessionKind};
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// The exit status of a session that is cut: what it asked for did not end well.
const STATUS_CUT: u32 = 1;

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
        LoginVerdict::Quiet => (None, Some("quiet mode".to_owned())),
        LoginVerdict::Denied => (None, Some("access class".to_owned())),
        LoginVerdict::Down => (None, Some("down".to_owned())),
    };
    let (name, from) = (user.to_owned(), peer.to_string());
    turn.fact(Kind::Login { user: name, peer: from, accepted, line, reason });
    match verdict {
        LoginVerdict::Accepted => login::succeeded(turn, user, peer),
        LoginVerdict::Rejected => login::failed(turn, user, peer),
        LoginVerdict::NoLine | LoginVerdict::Quiet | LoginVerdict::Denied | LoginVerdict::Down => {}
    }
    turn.out.push(Output::LoginVerdict { session: id, verdict });
}

/// Somebody from outside tries a password that is none. Nobody waits for the answer.
pub(crate) fn guess(turn: &mut Turn<'_>, user: &str, peer: IpAddr) {
    let reason = match () {
        () if turn.state.reload.is_down() => "down",
        () if turn.state.logins.is_quiet(turn.now) => "quiet mode",
        () if turn.state.lines.free_for_ssh().is_none() => "no line",
        () if !line::access::lets_in(turn, peer) => "access class",
        () => "authentication failed",
    };
    let (name, from, refusal) = (user.to_owned(), peer.to_string(), Some(reason.to_owned()));
    let kind = Kind::Login { user: name, peer: from, accepted: false, line: None, reason: refusal };
    turn.fact(kind);
    if reason == "authentication failed" {
        login::failed(turn, user, peer);
    }
}

fn admit(
    turn: &mut Turn<'_>,
    id: SessionId,
    user: &str,
    password: &str,
    peer: IpAddr,
) -> LoginVerdict {
    if turn.state.reload.is_down() {
        return LoginVerdict::Down;
    }
    if turn.state.logins.is_quiet(turn.now) {
        return LoginVerdict::Quiet;
    }
    if !line::access::lets_in(turn, peer) {
        return LoginVerdict::Denied;
    }
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
        ended(turn, &admitted.user, admitted.vty);
    }
    if let Some(terminal) = turn.state.terminals.open.remove(&id) {
        release(turn, id, terminal.session);
    }
}

/// The session leaves what it is in; its line is free again, and its timer gone.
pub(super) fn release(turn: &mut Turn<'_>, id: SessionId, mut session: Session) {
    eem::abandon(turn, session.caller());
    exec::close(turn, &mut session);
    turn.state.terminals.monitor_no_more(id);
    turn.state.timers.retain(|(_, timer)| *timer != Timer::Idle(id));
    if let Origin::Vty { vty, peer, .. } = session.origin {
        turn.state.lines.release(vty);
        let user = session.user().unwrap_or_default().to_owned();
        ended(turn, &user, vty);
        login::left(turn, &user, vty, peer);
    }
}

/// The fact that a line is free again.
fn ended(turn: &mut Turn<'_>, user: &str, vty: u32) {
    turn.fact(Kind::SessionEnded { user: user.to_owned(), line: format!("vty {vty}") });
}

/// The router goes down: every client is cut off, and nobody takes leave.
pub(crate) fn cut_all(turn: &mut Turn<'_>) {
    for id in turn.state.terminals.sessions() {
        if let Some(Admitted { user, vty, .. }) = turn.state.terminals.admitted.remove(&id) {
            ended(turn, &user, vty);
        }
        if let Some(terminal) = turn.state.terminals.open.remove(&id)
            && let Some(vty) = terminal.session.origin.vty()
        {
            ended(turn, terminal.session.user().unwrap_or_default(), vty);
        }
        turn.out.push(Output::SessionClose { session: id, status: STATUS_CUT });
    }
}

/// Somebody clears the line of a client, who is cut off.
pub(crate) fn cut(turn: &mut Turn<'_>, vty: u32) {
    let on_line = |terminal: &Terminal| terminal.session.origin.vty() == Some(vty);
    let open = &turn.state.terminals.open;
    let found = open.iter().find(|(_, terminal)| on_line(terminal)).map(|(id, _)| *id);
    if let Some(id) = found {
        turn.out.push(Output::SessionClose { session: id, status: STATUS_CUT });
        close(turn, id);
    }
}

/// Notes that the client is there.
pub(super) fn touch(turn: &mut Turn<'_>, terminal: &Terminal) {
    if let Origin::Vty { vty, .. } = terminal.session.origin {
        turn.state.lines.touch(vty, turn.now);
    }
    archive::confirm::typed(turn);
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
            expired(turn, id, vty);
            with(turn, id, |terminal, _, _| terminal.stage = Stage::Closed);
        }
        Some(_) => watch_idle(turn, id, vty),
        None => {}
    }
}

/// Says that a session was idle for too long (syslog.md, message 22).
fn expired(turn: &mut Turn<'_>, id: SessionId, vty: u32) {
    let Some(terminal) = turn.state.terminals.open.get(&id) else { return };
    let Origin::Vty { peer, .. } = terminal.session.origin else { return };
    let user = terminal.session.user().unwrap_or_default();
    let tty = VTY_FIRST_NUMBER + vty;
    let text = format!("(exec timer expired, tty {tty} ({peer})), user {user}");
    turn.log(Message::new("SYS", 6, "TTY_EXPIRE_TIMER", text));
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
            held: None,
            ahead: std::collections::VecDeque::new(),
            notices: std::collections::VecDeque::new(),
            notices_lost: 0,
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
