//! Who is connected over SSH, from the end of the key exchange on, and what is logged of it.
//!
//! A client takes a VTY when it comes, before it logs in, as on IOS: what it cannot get it is not
//! admitted to. Its first session sits on that line; each further session of the same connection
//! takes one of its own. The order of the messages is that of syslog.md, section 2.2.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::feature::line::{self, Occupant};
use crate::feature::logging::Message;
use crate::io::{LoginVerdict, SessionId};
use crate::turn::Turn;

/// What is logged and shown of a client whose transport says nothing: a session in virtual time.
const CIPHER_DEFAULT: &str = "aes256-ctr";
const MAC_DEFAULT: &str = "hmac-sha2-256";

/// The clients of a router, by the session that each began with.
#[derive(Debug, Default)]
pub(super) struct Clients(pub(super) BTreeMap<SessionId, Client>);

/// One connection.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) peer: IpAddr,
    /// Whom it has logged in as, with which privilege level.
    pub(crate) user: Option<(String, Option<u8>)>,
    /// The line that it came in on.
    pub(super) vty: u32,
    pub(super) cipher: String,
    pub(super) mac: String,
    /// Whether the transport has told of the connection, and will tell of its end. If not, it ends
    /// with its session.
    is_told: bool,
    /// Its sessions that have a line.
    sessions: BTreeSet<SessionId>,
    /// Whether its end was logged.
    is_closed: bool,
}

impl Clients {
    /// How many have not logged in.
    pub(super) fn strangers(&self) -> usize {
        self.0.values().filter(|client| client.user.is_none()).count()
    }

    fn of_session(&mut self, session: SessionId) -> Option<(SessionId, &mut Client)> {
        let mut all = self.0.iter_mut();
        all.find(|(_, client)| client.sessions.contains(&session)).map(|(id, one)| (*id, one))
    }
}

impl Client {
    /// Whether it has come over a transport that tells of its end.
    pub(crate) fn is_told(&self) -> bool {
        self.is_told
    }

    /// The line that it came in on.
    pub(crate) fn vty(&self) -> u32 {
        self.vty
    }

    /// Its sessions that have a line.
    pub(super) fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.sessions.iter().copied()
    }

    fn crypto(&self) -> String {
        format!("using crypto cipher '{}', hmac '{}'", self.cipher, self.mac)
    }

    fn place(&self) -> String {
        format!("{} (tty = {})", self.peer, self.vty)
    }
}

/// A client has agreed on keys with the router: it has a line, or why it has none.
pub(crate) fn came(
    turn: &mut Turn<'_>,
    id: SessionId,
    peer: IpAddr,
    crypto: Option<(&str, &str)>,
) -> Result<(), LoginVerdict> {
    if turn.state.ssh.clients.0.contains_key(&id) {
        return Ok(());
    }
    if !line::access::lets_in(turn, peer) {
        return Err(LoginVerdict::Denied);
    }
    let occupant = Occupant::new("", peer.to_string(), turn.now);
    let Some(vty) = turn.state.lines.take_ssh(occupant) else {
        return Err(LoginVerdict::NoLine);
    };
    let (cipher, mac) = crypto.unwrap_or((CIPHER_DEFAULT, MAC_DEFAULT));
    let client = Client {
        peer,
        user: None,
        vty,
        cipher: cipher.to_owned(),
        mac: mac.to_owned(),
        is_told: crypto.is_some(),
        sessions: BTreeSet::new(),
        is_closed: false,
    };
    let (place, crypto) = (client.place(), client.crypto());
    tell(turn, "SSH2_SESSION", format!("SSH2 Session request from {place} {crypto} Succeeded"));
    turn.state.ssh.clients.0.insert(id, client);
    Ok(())
}

/// A client has shown who it is: the line that its first session has.
pub(crate) fn logged_in(
    turn: &mut Turn<'_>,
    id: SessionId,
    user: &str,
    level: Option<u8>,
) -> Option<u32> {
    let client = turn.state.ssh.clients.0.get_mut(&id)?;
    client.user = Some((user.to_owned(), level));
    client.sessions.insert(id);
    let vty = client.vty;
    turn.state.lines.seat(vty, user, turn.now);
    Some(vty)
}

/// Says how a try to log in ended.
pub(crate) fn tried(turn: &mut Turn<'_>, id: SessionId, user: &str, succeeded: bool) {
    let Some(client) = turn.state.ssh.clients.0.get(&id) else { return };
    let (place, crypto) = (client.place(), client.crypto());
    let end = if succeeded { "Succeeded" } else { "Failed" };
    let text = format!("User '{user}' authentication for SSH2 Session from {place} {crypto} {end}");
    tell(turn, "SSH2_USERAUTH", text);
}

/// A client wants one more session: a line for it, and who it is.
pub(crate) fn joined(
    turn: &mut Turn<'_>,
    session: SessionId,
    id: SessionId,
) -> Option<(Client, u32)> {
    let client = turn.state.ssh.clients.0.get(&id)?;
    let (user, _) = client.user.clone()?;
    let occupant = Occupant::new(&user, client.peer.to_string(), turn.now);
    let vty = turn.state.lines.take_ssh(occupant)?;
    let client = turn.state.ssh.clients.0.get_mut(&id)?;
    client.sessions.insert(session);
    client.is_closed = false;
    Some((client.clone(), vty))
}

/// A session that had a line is over. The end of the connection is logged with that of its last
/// session, ahead of the logout.
pub(crate) fn left_session(turn: &mut Turn<'_>, session: SessionId) {
    let Some((id, client)) = turn.state.ssh.clients.of_session(session) else { return };
    client.sessions.remove(&session);
    let (is_last, is_told) = (client.sessions.is_empty(), client.is_told);
    if is_last {
        say_closed(turn, id);
    }
    if is_last && !is_told {
        turn.state.ssh.clients.0.remove(&id);
    }
}

/// The connection itself is over.
pub(crate) fn left_wholly(turn: &mut Turn<'_>, id: SessionId) {
    say_closed(turn, id);
    let Some(client) = turn.state.ssh.clients.0.remove(&id) else { return };
    if client.user.is_none() {
        turn.state.lines.release(client.vty);
    }
}

fn say_closed(turn: &mut Turn<'_>, id: SessionId) {
    let Some(client) = turn.state.ssh.clients.0.get_mut(&id) else { return };
    if std::mem::replace(&mut client.is_closed, true) {
        return;
    }
    let (place, crypto) = (client.place(), client.crypto());
    let user = client.user.as_ref().map_or("", |(user, _)| user.as_str());
    let text = format!("SSH2 Session from {place} for user '{user}' {crypto} closed");
    tell(turn, "SSH2_CLOSE", text);
}

/// `ip ssh logging events`
fn tell(turn: &mut Turn<'_>, mnemonic: &'static str, text: String) {
    if turn.state.ssh.settings.tells {
        turn.log(Message::new("SSH", 5, mnemonic, text));
    }
}
