//! One SSH connection, as russh calls it: logins, the channel, the bytes.
//!
//! Called by russh in the connection's own task. It decides nothing that a router decides: users,
//! lines and commands are asked of the lab; it only refuses what no router offers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use lab::{LoginVerdict, NodeId, SessionId, SessionKind, SshServer};
use russh::server::{
    Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Response, Session, VerifiedPublicKey,
};
use russh::{Channel, ChannelId, ChannelOpenFailure, Pty};
use secrecy::SecretString;
use tokio::sync::oneshot;
use tracing::debug;

use super::greeting::{self, Awaited, Greeting};
use super::presence::Presence;
use super::tap::Proposal;
use super::{Door, config, terminal};
use crate::live::mailbox::{ClientMessage, Message, ProgramProof, ShownKey, Stopped};
use crate::transport::shared::Shared;

/// The longest command of an `exec` request, in bytes: no IOS line is longer.
const COMMAND_BYTES_MAX: usize = 4 * 1024;

/// Sessions of one connection at a time, as OpenSSH's `MaxSessions` has it; lines are fewer.
const CHANNELS_MAX: usize = 10;

/// How a command begins that copies a file: the end of its input matters.
const COPY: &str = "scp ";

/// The subsystem of RFC 6242, section 3; `ssh -p 830 HOST netconf` asks for it as a command.
const NETCONF: &str = "netconf";

/// Asked by keyboard-interactive, without echo. Clients that drive `ssh` look for these very words.
const PROMPT: &[(Cow<'static, str>, bool)] = &[(Cow::Borrowed("Password: "), false)];

/// Why a connection ended that its client did not end.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    /// The protocol.
    #[error("the SSH connection broke")]
    Ssh(#[from] russh::Error),
    /// The router has no line left.
    #[error("all VTY lines are taken")]
    NoLine,
    /// Too many logins failed.
    #[error("the router is in quiet mode")]
    Quiet,
    /// The access list of the line keeps the client out.
    #[error("an access list keeps the client out")]
    Denied,
    /// The router is down.
    #[error("the router is down")]
    Down,
    /// The lab has stopped.
    #[error("the lab has stopped")]
    Stopped(#[from] Stopped),
}

/// Who is at the other end of a connection, and of which router.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) node: NodeId,
    pub(super) door: Door,
    pub(super) session: SessionId,
    pub(super) peer: IpAddr,
}

/// What a connection's owner shares with its handler.
#[derive(Debug)]
pub(super) struct Marks {
    /// Sent once the client is logged in.
    pub(super) logged_in: oneshot::Sender<()>,
    /// Sent when it has tried one password too many.
    pub(super) expelled: oneshot::Sender<()>,
    /// How many sessions it has.
    pub(super) presence: Presence,
    /// What it proposes in the key exchange.
    pub(super) proposal: Proposal,
}

/// The handler of one connection.
#[derive(Debug)]
pub(super) struct Client {
    ends: Ends,
    shared: Shared,
    server: Arc<SshServer>,
    logged_in: Option<oneshot::Sender<()>>,
    expelled: Option<oneshot::Sender<()>>,
    presence: Presence,
    proposal: Proposal,
    /// Wrong passwords so far.
    failures: u32,
    /// A session that the router let in and no channel uses: at first that of the login.
    spare: Option<SessionId>,
    channels: BTreeMap<ChannelId, Open>,
}

/// One channel.
#[derive(Debug)]
struct Open {
    session: SessionId,
    use_of: Option<UseOf>,
    /// Of a session of NETCONF.
    greeting: Option<Greeting>,
}

/// What a channel is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UseOf {
    Shell,
    Command,
    Copy,
    Program,
}

impl Client {
    pub(super) fn new(ends: Ends, server: Arc<SshServer>, shared: Shared, marks: Marks) -> Self {
        Client {
            ends,
            shared,
            server,
            logged_in: Some(marks.logged_in),
            expelled: Some(marks.expelled),
            presence: marks.presence,
            proposal: marks.proposal,
            failures: 0,
            spare: Some(ends.session),
            channels: BTreeMap::new(),
        }
    }

    async fn log_in(&mut self, user: &str, password: String) -> Result<Auth, ClientError> {
        // One more try than `ip ssh authentication-retries` allows ends the connection; the try
        // before is still answered, so that a client knows why.
        if self.failures >= self.server.retries.max(1) {
            if let Some(expelled) = self.expelled.take() {
                let _ = expelled.send(());
            }
            return Ok(self.refusal());
        }
        let Ends { node, door, session, peer } = self.ends;
        let password = SecretString::from(password);
        let user_name = user.to_owned();
        let ask = |answer| match door {
            Door::Terminals => {
                Message::Login { node, session, user: user_name, password, peer, answer }
            }
            Door::Programs => {
                let proof = ProgramProof::Password(password);
                let message = ClientMessage::Program { user: user_name, proof, peer, answer };
                Message::Client { node, session, message }
            }
        };
        let verdict = self.shared.mailbox.ask(ask).await?;
        self.failures += u32::from(verdict == LoginVerdict::Rejected);
        self.judged(user, verdict)
    }

    fn judged(&self, user: &str, verdict: LoginVerdict) -> Result<Auth, ClientError> {
        debug!(session = self.ends.session.0, user, ?verdict, "login");
        match verdict {
            LoginVerdict::Accepted => Ok(Auth::Accept),
            LoginVerdict::Rejected => Ok(self.refusal()),
            LoginVerdict::NoLine => Err(ClientError::NoLine),
            LoginVerdict::Quiet => Err(ClientError::Quiet),
            LoginVerdict::Denied => Err(ClientError::Denied),
            LoginVerdict::Down => Err(ClientError::Down),
        }
    }

    /// A refusal that leaves all methods open. Left to itself, russh names the method that was just
    /// tried no more; paramiko then takes the password for a method that the router lacks.
    fn refusal(&self) -> Auth {
        let open = config::methods(&self.server);
        Auth::Reject { proceed_with_methods: Some(open), partial_success: false }
    }

    /// The session of a new channel: that of the login, or one more with a line of its own.
    async fn join(&mut self) -> Result<Option<SessionId>, ClientError> {
        if let Some(spare) = self.spare.take() {
            return Ok(Some(spare));
        }
        let Ends { node, door, session: connection, .. } = self.ends;
        // The port of NETCONF knows a client by the sessions that it has.
        let client = match door {
            Door::Terminals => connection,
            Door::Programs => self.channels.values().next().map_or(connection, |open| open.session),
        };
        let session = self.shared.next_session();
        let ask = |answer| {
            let message = ClientMessage::Join { connection, client, answer };
            Message::Client { node, session, message }
        };
        let verdict = self.shared.mailbox.ask(ask).await?;
        Ok((verdict == LoginVerdict::Accepted).then_some(session))
    }

    /// Starts the one shell or command of a channel; a second is refused.
    async fn open(
        &mut self,
        channel: ChannelId,
        kind: SessionKind,
        session: &mut Session,
    ) -> Result<(), ClientError> {
        let free = self.channels.get_mut(&channel).filter(|open| open.use_of.is_none());
        let Some(open) = free else {
            debug!(session = self.ends.session.0, "refused: a second shell or command");
            return Ok(session.channel_failure(channel)?);
        };
        debug!(session = open.session.0, shell = kind == SessionKind::Shell, "opened");
        open.use_of = Some(match &kind {
            SessionKind::Shell => UseOf::Shell,
            SessionKind::Exec(command) if command.starts_with(COPY) => UseOf::Copy,
            SessionKind::Exec(_) => UseOf::Command,
            SessionKind::Netconf => UseOf::Program,
        });
        if kind == SessionKind::Netconf {
            let (greeting, awaited) = greeting::pair();
            open.greeting = Some(greeting);
            tokio::spawn(hurry(self.shared.clone(), self.ends.node, open.session, awaited));
        }
        let (terminal, feed) = terminal::pair(self.presence.sit());
        let (node, id) = (self.ends.node, open.session);
        // The reply is in the connection's queue before the router's first byte can be.
        session.channel_success(channel)?;
        tokio::spawn(feed.run(session.handle(), channel));
        Ok(self.shared.mailbox.send(Message::Open { node, session: id, kind, terminal }).await?)
    }

    /// Whether the router takes programs at all: through this port it was asked already.
    async fn takes_programs(&self) -> Result<bool, ClientError> {
        let (node, door) = (self.ends.node, Door::Programs);
        let knock = |answer| Message::Knock { node, door, answer };
        Ok(self.ends.door == door || self.shared.mailbox.ask(knock).await?.is_some())
    }

    /// The input of a channel is over, or the channel is.
    async fn closed(&self, session: SessionId) -> Result<(), ClientError> {
        let node = self.ends.node;
        Ok(self.shared.mailbox.send(Message::Closed { node, session }).await?)
    }
}

/// Ends a session of NETCONF whose client does not say hello in time.
async fn hurry(shared: Shared, node: NodeId, session: SessionId, awaited: Awaited) {
    if awaited.overdue().await {
        debug!(session = session.0, "no hello in time");
        // A lab that has stopped has no session left.
        let _ = shared.mailbox.send(Message::Closed { node, session }).await;
    }
}

impl Handler for Client {
    type Error = ClientError;

    async fn authentication_banner(&mut self) -> Result<Option<String>, ClientError> {
        // The port of NETCONF has neither a banner nor the log of `ip ssh`.
        let Ends { node, door: Door::Terminals, session, peer } = self.ends else {
            return Ok(None);
        };
        // The keys are agreed on when a client asks to log in.
        let crypto = self.proposal.agreed(&self.server);
        let message = ClientMessage::Came { peer, crypto };
        self.shared.mailbox.send(Message::Client { node, session, message }).await?;
        let banner = self.shared.mailbox.ask(|answer| Message::Banner { node, answer }).await?;
        // RFC 4252 section 5.4: lines end as on any wire.
        Ok(banner.map(|text| text.replace('\n', "\r\n")))
    }

    async fn auth_none(&mut self, _user: &str) -> Result<Auth, ClientError> {
        Ok(self.refusal())
    }

    async fn auth_publickey_offered(
        &mut self,
        user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, ClientError> {
        let (Ends { node, session, .. }, user) = (self.ends, user.to_owned());
        let algorithm = offer.algorithm.as_str().to_owned();
        let Ok(blob) = offer.public_key.to_bytes() else { return Ok(self.refusal()) };
        let key = ShownKey { algorithm, blob };
        let ask = |answer| {
            let message = ClientMessage::KnowsKey { user, key, answer };
            Message::Client { node, session, message }
        };
        let known = self.shared.mailbox.ask(ask).await?;
        Ok(if known { Auth::Accept } else { self.refusal() })
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, ClientError> {
        let Ends { node, door, session, peer } = self.ends;
        let Ok(key) = key.public_key.to_bytes() else { return Ok(self.refusal()) };
        let user_name = user.to_owned();
        let ask = |answer| {
            let message = match door {
                Door::Terminals => ClientMessage::Key { user: user_name, key, peer, answer },
                Door::Programs => {
                    let proof = ProgramProof::Key(key);
                    ClientMessage::Program { user: user_name, proof, peer, answer }
                }
            };
            Message::Client { node, session, message }
        };
        let verdict = self.shared.mailbox.ask(ask).await?;
        self.judged(user, verdict)
    }

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, ClientError> {
        self.log_in(user, password.to_owned()).await
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, ClientError> {
        let Some(mut answers) = response else {
            let (name, instructions) = (Cow::Borrowed(""), Cow::Borrowed(""));
            return Ok(Auth::Partial { name, instructions, prompts: Cow::Borrowed(PROMPT) });
        };
        let password = answers.next().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        self.log_in(user, password.unwrap_or_default()).await
    }

    async fn auth_succeeded(&mut self, _session: &mut Session) -> Result<(), ClientError> {
        if let Some(logged_in) = self.logged_in.take() {
            // Its owner is gone only when the connection is.
            let _ = logged_in.send(());
        }
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), ClientError> {
        // The bytes come by `data`, so the channel itself is not kept.
        let room = self.channels.len() < CHANNELS_MAX;
        match if room { self.join().await? } else { None } {
            Some(session) => {
                self.channels.insert(channel.id(), Open { session, use_of: None, greeting: None });
                reply.accept().await;
            }
            None => {
                debug!(session = self.ends.session.0, "refused: no line for one more channel");
                reply.reject(ChannelOpenFailure::ResourceShortage).await;
            }
        }
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _term: &str,
        _columns: u32,
        _rows: u32,
        _pixels_wide: u32,
        _pixels_high: u32,
        _modes: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), ClientError> {
        // IOS takes its width and length from its own lines' configuration. A program has none.
        match self.ends.door {
            Door::Terminals => Ok(session.channel_success(channel)?),
            Door::Programs => Ok(session.channel_failure(channel)?),
        }
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), ClientError> {
        match self.ends.door {
            Door::Terminals => self.open(channel, SessionKind::Shell, session).await,
            Door::Programs => Ok(session.channel_failure(channel)?),
        }
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), ClientError> {
        if command.len() > COMMAND_BYTES_MAX {
            return Ok(session.channel_failure(channel)?);
        }
        let command = String::from_utf8_lossy(command).into_owned();
        let kind = match self.ends.door {
            Door::Terminals => SessionKind::Exec(command),
            Door::Programs if command.trim() == NETCONF => SessionKind::Netconf,
            Door::Programs => return Ok(session.channel_failure(channel)?),
        };
        self.open(channel, kind, session).await
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), ClientError> {
        if name == NETCONF && self.takes_programs().await? {
            return self.open(channel, SessionKind::Netconf, session).await;
        }
        debug!(session = self.ends.session.0, name, "refused: no such subsystem");
        Ok(session.channel_failure(channel)?)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        _value: &str,
        session: &mut Session,
    ) -> Result<(), ClientError> {
        Ok(session.channel_failure(channel)?)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _single_connection: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        session: &mut Session,
    ) -> Result<(), ClientError> {
        Ok(session.channel_failure(channel)?)
    }

    async fn data(
        &mut self,
        channel: ChannelId,
        data: &[u8],
        _session: &mut Session,
    ) -> Result<(), ClientError> {
        let used = self.channels.get_mut(&channel).filter(|open| open.use_of.is_some());
        let Some(open) = used else { return Ok(()) };
        if let Some(greeting) = &mut open.greeting {
            greeting.see(data);
        }
        let (node, session) = (self.ends.node, open.session);
        Ok(self.shared.mailbox.send(Message::Bytes { node, session, bytes: data.to_vec() }).await?)
    }

    async fn channel_eof(
        &mut self,
        channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), ClientError> {
        // A shell whose input has ended (`ssh R1 < commands.txt`) ends once what came is done, and
        // so do a copy and a session of NETCONF. A command needs no input, so OpenSSH ends it at
        // once: that means nothing.
        match self.channels.get(&channel) {
            Some(Open {
                session,
                use_of: Some(UseOf::Shell | UseOf::Copy | UseOf::Program),
                ..
            }) => self.closed(*session).await,
            Some(Open { use_of: Some(UseOf::Command) | None, .. }) | None => Ok(()),
        }
    }

    async fn channel_close(
        &mut self,
        channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), ClientError> {
        match self.channels.remove(&channel) {
            // What was refused here the router has not heard of: the next channel may be better.
            Some(Open { session, use_of: None, .. }) if self.ends.door == Door::Programs => {
                self.spare = Some(session);
                Ok(())
            }
            Some(open) => self.closed(open.session).await,
            None => Ok(()),
        }
    }
}
