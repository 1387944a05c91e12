//! Who may sit at a terminal: logins, VTY lines, banners, idle sessions.

use std::net::IpAddr;

use fact::Kind;

use super::screen::Screen;
use super::shell::with;
use super::{Admitted, Stage, Terminal};
use crate::device::Timer;
use crate::exec;
use crate::feature::aaa;
use crate::feature::archive;
use crate::feature::banner;
use crate::feature::eem;
use crate::feature::line::{self, VTY_FIRST_NUMBER};
use crate::feature::logging::Message;
use crate::feature::login;
use crate::feature::netconf;
use crate::feature::ssh::{self, KeyHash, scp};
use crate::io::{ClientEvent, LoginVerdict, Output, Proof, SessionId, SessionKind};
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// The exit status of a session that is cut: what it asked for did not end well.
const STATUS_CUT: u32 = 1;

/// A client asks to log in with a password.
pub(crate) fn login(turn: &mut Turn<'_>, id: SessionId, user: &str, password: &str, peer: IpAddr) {
    log_in(turn, id, user, Proof::Password(password), peer);
}

/// A client does something over SSH. A router that is down hears of no coming and going.
pub(crate) fn client(turn: &mut Turn<'_>, id: SessionId, event: ClientEvent<'_>) {
    match event {
        ClientEvent::KeyShown { user, key, peer } => {
            log_in(turn, id, user, Proof::Key(key), peer);
        }
        ClientEvent::ProgramAsked { user, proof, peer } => {
            netconf::login(turn, id, user, proof, peer);
        }
        ClientEvent::Joined { client } => {
            if !netconf::join(turn, id, client) {
                join(turn, id, client);
            }
        }
        ClientEvent::Came { .. } | ClientEvent::Left if turn.state.reload.is_down() => {}
        ClientEvent::Came { peer, cipher, mac } => {
            // A client without a line is told when it wants to log in.
            let _ = ssh::came(turn, id, peer, Some((cipher, mac)));
        }
        ClientEvent::Left => leave(turn, id),
    }
}

fn log_in(turn: &mut Turn<'_>, id: SessionId, user: &str, proof: Proof<'_>, peer: IpAddr) {
    let is_password = matches!(proof, Proof::Password(_));
    let verdict = admit(turn, id, user, proof, peer);
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
    if matches!(verdict, LoginVerdict::Accepted | LoginVerdict::Rejected) {
        ssh::tried(turn, id, user, accepted);
        if is_password {
            aaa::lockout::tried(turn, user, accepted);
        }
    }
    // Without its transport's word nobody would tell of the end of a client that is not let in.
    if !accepted && turn.state.ssh.client(id).is_some_and(|client| !client.is_told()) {
        ssh::left_wholly(turn, id);
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
    proof: Proof<'_>,
    peer: IpAddr,
) -> LoginVerdict {
    if turn.state.reload.is_down() {
        return LoginVerdict::Down;
    }
    if turn.state.logins.is_quiet(turn.now) {
        return LoginVerdict::Quiet;
    }
    close(turn, id);
    if let Err(verdict) = ssh::came(turn, id, peer, None) {
        return verdict;
    }
    let vty = turn.state.ssh.client(id).map_or(0, ssh::Client::vty);
    let Some(level) = level(turn, vty, user, proof) else {
        return LoginVerdict::Rejected;
    };
    let Some(vty) = ssh::logged_in(turn, id, user, level) else {
        return LoginVerdict::NoLine;
    };
    sit(turn, id, (user, level), peer, vty);
    LoginVerdict::Accepted
}

/// The privilege level of a user who can prove to be one; `None` for all others.
fn level(turn: &Turn<'_>, vty: u32, user: &str, proof: Proof<'_>) -> Option<Option<u8>> {
    match proof {
        Proof::Password(password) => aaa::login(turn.state, vty, user, password),
        Proof::Key(key) => {
            let hash = KeyHash::of(key)?;
            turn.state.ssh.has_key(user, &hash).then(|| aaa::exec(turn.state, vty, user)).flatten()
        }
    }
}

/// Somebody has a line, and no shell yet.
fn sit(
    turn: &mut Turn<'_>,
    id: SessionId,
    (user, level): (&str, Option<u8>),
    peer: IpAddr,
    vty: u32,
) {
    let privilege = level.unwrap_or_else(|| turn.state.lines.privilege(vty));
    let admitted = Admitted { user: user.to_owned(), privilege, peer, vty };
    turn.state.terminals.admitted.insert(id, admitted);
}

/// A client that has logged in wants one more session, on a line of its own.
fn join(turn: &mut Turn<'_>, session: SessionId, client: SessionId) {
    let is_down = turn.state.reload.is_down();
    let joined = if is_down { None } else { ssh::joined(turn, session, client) };
    let verdict = match joined {
        None if is_down => LoginVerdict::Down,
        None => LoginVerdict::NoLine,
        Some((client, vty)) => {
            let (user, level) = client.user.unwrap_or_default();
            sit(turn, session, (&user, level), client.peer, vty);
            let (from, line) = (client.peer.to_string(), Some(format!("vty {vty}")));
            turn.fact(Kind::Login { user, peer: from, accepted: true, line, reason: None });
            LoginVerdict::Accepted
        }
    };
    turn.out.push(Output::LoginVerdict { session, verdict });
}

/// A connection is over: the sessions that it still has, too.
fn leave(turn: &mut Turn<'_>, client: SessionId) {
    for session in turn.state.ssh.sessions_of(client) {
        close(turn, session);
    }
    ssh::left_wholly(turn, client);
}

/// A client that has logged in wants a shell, or one command. Anybody else is sent away.
pub(crate) fn open(turn: &mut Turn<'_>, id: SessionId, kind: SessionKind) {
    if kind == SessionKind::Netconf {
        return open_netconf(turn, id);
    }
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
        SessionKind::Exec(_) | SessionKind::Netconf => Some(false),
    };
    turn.state.terminals.open.insert(id, Terminal::new(session, once));
    watch_idle(turn, id, vty);
    if let Some(span) = turn.state.lines.absolute_timeout(vty) {
        turn.after(span, Timer::Overstayed(id));
    }
    with(turn, id, |terminal, turn, screen| match kind {
        SessionKind::Shell => terminal.greet(turn, screen),
        SessionKind::Exec(line) if scp::is_copy(&line) => terminal.copy(turn, &line, screen),
        SessionKind::Exec(line) => terminal.run(turn, &line, screen),
        SessionKind::Netconf => {}
    });
}

/// A client wants NETCONF; the line that it has, if it came by the port for shells, is free again.
fn open_netconf(turn: &mut Turn<'_>, id: SessionId) {
    let Some(admitted) = turn.state.terminals.admitted.get(&id).cloned() else {
        return netconf::open(turn, id);
    };
    close(turn, id);
    let Admitted { user, privilege, peer, .. } = admitted;
    netconf::open_for(turn, id, &user, privilege, peer);
}

/// The client is gone, whatever it came for.
pub(crate) fn gone(turn: &mut Turn<'_>, id: SessionId) {
    close(turn, id);
    netconf::close(turn, id);
    turn.state.restconf.left(id);
}

/// The end of a session at a line.
pub(crate) fn close(turn: &mut Turn<'_>, id: SessionId) {
    if let Some(admitted) = turn.state.terminals.admitted.remove(&id) {
        turn.state.lines.release(admitted.vty);
        ssh::left_session(turn, id);
        ended(turn, &admitted.user, admitted.vty);
    }
    if let Some(terminal) = turn.state.terminals.open.remove(&id) {
        // The end of its input is how a copy ends.
        if let Stage::Copying(copy) = &terminal.stage {
            let status = u32::from(copy.end());
            turn.out.push(Output::SessionClose { session: id, status });
        }
        release(turn, id, terminal.session);
    }
}

/// The session leaves what it is in; its line is free again, and its timer gone.
pub(super) fn release(turn: &mut Turn<'_>, id: SessionId, mut session: Session) {
    eem::abandon(turn, session.caller());
    exec::close(turn, &mut session);
    turn.state.terminals.monitor_no_more(id);
    let own = [Timer::Idle(id), Timer::Overstayed(id)];
    turn.state.timers.retain(|(_, timer)| !own.contains(timer));
    if let Origin::Vty { vty, peer, .. } = session.origin {
        turn.state.lines.release(vty);
        ssh::left_session(turn, id);
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
    netconf::end_all(turn);
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

/// The session's time is over, whatever it does (`absolute-timeout`).
pub(crate) fn overstayed(turn: &mut Turn<'_>, id: SessionId) {
    with(turn, id, |terminal, _, screen| {
        screen.print("\n*\n* Line timeout expired\n*\n");
        terminal.stage = Stage::Closed;
    });
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
