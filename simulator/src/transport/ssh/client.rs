//! One SSH connection, as russh calls it: logins, the channel, the bytes.
//!
//! Called by russh in the connection's own task. It decides nothing that a router decides: users,
//! lines and commands are asked of the lab; it only refuses what no router offers.

use std::borrow::Cow;
use std::net::IpAddr;

use lab::{LoginVerdict, NodeId, SessionId, SessionKind};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Response, Session};
use russh::{Channel, ChannelId, ChannelOpenFailure, MethodKind, MethodSet, Pty};
use secrecy::SecretString;
use tokio::sync::oneshot;
use tracing::debug;

use super::terminal;
use crate::live::mailbox::{Mailbox, Message, Stopped};

/// The longest command of an `exec` request, in bytes: no IOS line is longer.
const COMMAND_BYTES_MAX: usize = 4 * 1024;

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
    pub(super) session: SessionId,
    pub(super) peer: IpAddr,
}

/// What the connection's owner waits for.
#[derive(Debug)]
pub(super) struct Marks {
    /// Sent once the client is logged in.
    pub(super) logged_in: oneshot::Sender<()>,
    /// Dropped once the router has nothing more to say; sent when the connection breaks.
    pub(super) finished: oneshot::Sender<()>,
}

/// The handler of one connection.
#[derive(Debug)]
pub(super) struct Client {
    ends: Ends,
    mailbox: Mailbox,
    logged_in: Option<oneshot::Sender<()>>,
    finished: Option<oneshot::Sender<()>>,
    channel: Option<ChannelId>,
    kind: Option<SessionKind>,
}

impl Client {
    pub(super) fn new(ends: Ends, mailbox: Mailbox, marks: Marks) -> Self {
        Client {
            ends,
            mailbox,
            logged_in: Some(marks.logged_in),
            finished: Some(marks.finished),
            channel: None,
            kind: None,
        }
    }

    async fn log_in(&mut self, user: &str, password: String) -> Result<Auth, ClientError> {
        let (answer, verdict) = oneshot::channel();
        let Ends { node, session, peer } = self.ends;
        let password = SecretString::from(password);
        let name = user.to_owned();
        let login = Message::Login { node, session, user: name, password, peer, answer };
        self.mailbox.send(login).await?;
        let verdict = verdict.await.map_err(|_| Stopped)?;
        debug!(session = session.0, user, ?verdict, "login");
        match verdict {
            LoginVerdict::Accepted => Ok(Auth::Accept),
            LoginVerdict::Rejected => Ok(wrong_password()),
            LoginVerdict::NoLine => Err(ClientError::NoLine),
            LoginVerdict::Quiet => Err(ClientError::Quiet),
            LoginVerdict::Denied => Err(ClientError::Denied),
            LoginVerdict::Down => Err(ClientError::Down),
        }
    }

    /// Starts the one shell or command of the connection; a second is refused.
    async fn open(
        &mut self,
        channel: ChannelId,
        kind: SessionKind,
        session: &mut Session,
    ) -> Result<(), ClientError> {
        let Some(finished) = self.finished.take().filter(|_| self.channel == Some(channel)) else {
            debug!(session = self.ends.session.0, "refused: a second shell or command");
            return Ok(session.channel_failure(channel)?);
        };
        debug!(session = self.ends.session.0, shell = kind == SessionKind::Shell, "opened");
        let (terminal, feed) = terminal::pair(finished);
        self.kind = Some(kind.clone());
        // The reply is in the connection's queue before the router's first byte can be.
        session.channel_success(channel)?;
        tokio::spawn(feed.run(session.handle(), channel));
        let Ends { node, session, .. } = self.ends;
        Ok(self.mailbox.send(Message::Open { node, session, kind, terminal }).await?)
    }
}

/// A refusal that leaves both password methods open. Left to itself, russh names the method that
/// was just tried no more; paramiko then takes the password for a method that the router lacks,
/// falls back on keyboard-interactive with a second service request, to which russh never answers,
/// and sits out its timeout.
fn wrong_password() -> Auth {
    let open = [MethodKind::KeyboardInteractive, MethodKind::Password];
    let open = MethodSet::from(open.as_slice());
    Auth::Reject { proceed_with_methods: Some(open), partial_success: false }
}

impl Handler for Client {
    type Error = ClientError;

    async fn authentication_banner(&mut self) -> Result<Option<String>, ClientError> {
        let node = self.ends.node;
        let banner = self.mailbox.ask(|answer| Message::Banner { node, answer }).await?;
        // RFC 4252 section 5.4: lines end as on any wire.
        Ok(banner.map(|text| text.replace('\n', "\r\n")))
    }

    async fn auth_publickey_offered(
        &mut self,
        _user: &str,
        _offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, ClientError> {
        // `show ip ssh` lists the method, and no user of ours has a key. One key tells a client so:
        // without the method in the answer it spends no try on its others.
        Ok(Auth::reject())
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
        // A login takes one VTY line, and a line is one session: a second channel is refused, after
        // the first has ended too. The bytes come by `data`, so the channel itself is not kept.
        if self.channel.is_some() {
            debug!(session = self.ends.session.0, "refused: a second channel");
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
        } else {
            self.channel = Some(channel.id());
            reply.accept().await;
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
        // IOS takes its width and length from its own lines' configuration.
        Ok(session.channel_success(channel)?)
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), ClientError> {
        self.open(channel, SessionKind::Shell, session).await
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
        self.open(channel, SessionKind::Exec(command), session).await
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), ClientError> {
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
        if self.channel != Some(channel) || self.kind.is_none() {
            return Ok(());
        }
        let Ends { node, session, .. } = self.ends;
        Ok(self.mailbox.send(Message::Bytes { node, session, bytes: data.to_vec() }).await?)
    }

    async fn channel_eof(
        &mut self,
        channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), ClientError> {
        // A shell whose input has ended (`ssh R1 < commands.txt`) ends once what came is done. A
        // command needs no input, so OpenSSH ends it at once: that means nothing.
        if self.channel == Some(channel) && self.kind == Some(SessionKind::Shell) {
            let Ends { node, session, .. } = self.ends;
            self.mailbox.send(Message::Closed { node, session }).await?;
        }
        Ok(())
    }

    async fn channel_close(
        &mut self,
        channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), ClientError> {
        if self.channel == Some(channel) {
            let Ends { node, session, .. } = self.ends;
            self.mailbox.send(Message::Closed { node, session }).await?;
        }
        Ok(())
    }
}
