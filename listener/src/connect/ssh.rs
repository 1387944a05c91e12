//! The SSH client, one step at a time: TCP, handshake, login, shell or subsystem.
//!
//! Called by [`super::open`] for a session and by `device check`, which reports each step. Each
//! step's caller sets the bound on its time.

use std::io::ErrorKind;
use std::sync::{Arc, OnceLock};

use automation::{Door, SessionFailure};
use russh::client::{self, AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::{PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate};
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, MethodKind};
use secrecy::ExposeSecret as _;
use tokio::net::TcpStream;
use topology::HostKey;

use super::host_key::{Distrust, fingerprint};
use super::{KnownHosts, Target, algorithms};

/// How many rounds of questions a keyboard-interactive login may take.
const QUESTION_ROUNDS_MAX: usize = 4;
/// How many further kinds of host key are looked at for the pinned one: there are five in all.
const OTHER_KEYS_MAX: usize = 4;
/// How much a device may send before it has granted the shell, in bytes.
const EARLY_BYTES_MAX: usize = 64 * 1024;
/// Messages of one channel that wait inside the client before TCP is held back.
const CHANNEL_MESSAGES_MAX: usize = 32;
/// The flow-control window of a channel, in bytes (RFC 4254 section 5.2).
const WINDOW_BYTES: u32 = 256 * 1024;
/// The terminal that devices see: wide enough that no command is ever wrapped, as netmiko asks.
const TERMINAL: &str = "vt100";
/// NETCONF over SSH: RFC 6242 section 3.
const SUBSYSTEM: &str = "netconf";
const COLUMNS: u32 = 511;
const ROWS: u32 = 1000;

/// Why a handshake failed.
#[derive(Debug, thiserror::Error)]
pub enum HandshakeError {
    /// The protocol, or the network below it.
    #[error(transparent)]
    Ssh(#[from] russh::Error),
    /// The host-key rule says no.
    #[error("{reason}")]
    HostKey {
        /// The fingerprint that was offered.
        offered: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
}

/// A connection whose host key is trusted, before and after the login.
pub struct Login {
    handle: Handle<HostKeyCheck>,
    offered: Arc<OnceLock<PublicKey>>,
}

/// A shell on a device's terminal, or its subsystem `netconf`.
pub struct Shell {
    /// Keeps the connection.
    pub(crate) login: Login,
    pub(crate) read: ChannelReadHalf,
    pub(crate) write: ChannelWriteHalf<client::Msg>,
    /// What the device sent before it granted the shell.
    pub(crate) early: Vec<u8>,
}

struct HostKeyCheck {
    target: Target,
    known: Arc<KnownHosts>,
    offered: Arc<OnceLock<PublicKey>>,
}

impl client::Handler for HostKeyCheck {
    type Error = HandshakeError;

    async fn check_server_key(
        &mut self,
        offered: &PublicKeyOrCertificate,
    ) -> Result<bool, HandshakeError> {
        // Certificates are not offered by `algorithms`, so none is ever negotiated.
        let PublicKeyOrCertificate::PublicKey { key, .. } = offered else { return Ok(false) };
        let _ = self.offered.set(key.clone());
        match self.known.judge(&self.target, key).await {
            Ok(()) => Ok(true),
            Err(Distrust { offered, reason }) => Err(HandshakeError::HostKey { offered, reason }),
        }
    }
}

/// Connects to the target's address.
pub async fn connect_tcp(target: &Target) -> Result<TcpStream, SessionFailure> {
    let address = (target.address.host.as_str(), target.address.port);
    let stream = TcpStream::connect(address).await.map_err(|error| {
        SessionFailure::Unreachable(match error.kind() {
            ErrorKind::ConnectionRefused => format!("{target}: nothing listens there"),
            _ => format!("{target}: {error}"),
        })
    })?;
    // A keystroke is a small packet: Nagle's algorithm would hold each back for a round trip.
    stream.set_nodelay(true).map_err(|e| SessionFailure::Unreachable(e.to_string()))?;
    Ok(stream)
}

impl Login {
    /// The SSH handshake, host key included.
    ///
    /// A device may have keys of several kinds, and a pin names one of them: a kind that was shown
    /// in vain is left out of another handshake, on a connection of its own.
    pub async fn handshake(
        mut stream: TcpStream,
        target: &Target,
        known: &Arc<KnownHosts>,
    ) -> Result<Self, HandshakeError> {
        let mut refused: Vec<PublicKey> = Vec::new();
        let mut refusal = None;
        loop {
            let offered = Arc::new(OnceLock::new());
            let error = match Login::offer(stream, target, known, &refused, &offered).await {
                Ok(handle) => return Ok(Login { handle, offered }),
                Err(error) => error,
            };
            let is_pinned = matches!(target.host_key, HostKey::Pinned(_));
            let is_other_key = is_pinned && matches!(error, HandshakeError::HostKey { .. });
            // What was wrong with the first key is what the user must know.
            let refusal_so_far = refusal.take().unwrap_or(error);
            let Some(key) = offered.get().filter(|_| is_other_key) else {
                return Err(refusal_so_far);
            };
            refused.push(key.clone());
            match connect_tcp(target).await {
                Ok(another) if refused.len() <= OTHER_KEYS_MAX => stream = another,
                _ => return Err(refusal_so_far),
            }
            refusal = Some(refusal_so_far);
        }
    }

    /// One handshake that asks for no key of a `refused` kind.
    async fn offer(
        stream: TcpStream,
        target: &Target,
        known: &Arc<KnownHosts>,
        refused: &[PublicKey],
        offered: &Arc<OnceLock<PublicKey>>,
    ) -> Result<Handle<HostKeyCheck>, HandshakeError> {
        // A file that cannot be read is refused with its reason when the key is judged.
        let recorded = known.keys_of(target).await.unwrap_or_default();
        let config = client::Config {
            preferred: algorithms::preferred(target.older_algorithms, &recorded, refused),
            window_size: WINDOW_BYTES,
            channel_buffer_size: CHANNEL_MESSAGES_MAX,
            nodelay: true,
            ..client::Config::default()
        };
        let check = HostKeyCheck {
            target: target.clone(),
            known: Arc::clone(known),
            offered: Arc::clone(offered),
        };
        client::connect_stream(Arc::new(config), stream, check).await
    }

    /// The fingerprint of the device's host key.
    pub fn fingerprint(&self) -> String {
        self.offered.get().map(fingerprint).unwrap_or_default()
    }

    /// Logs in by key where the node has one and the device takes it, by password, or by
    /// keyboard-interactive where the device knows no `password`.
    ///
    /// Which of the two is asked first (RFC 4252 section 5.2, `none`), at the price of a round
    /// trip: a wrong password that is tried in both ways counts twice towards the lock-out.
    pub async fn log_in(&mut self, target: &Target) -> Result<(), SessionFailure> {
        let asked = self.handle.authenticate_none(&target.username).await;
        let methods = match asked.map_err(|e| broke(target, "login", &e))? {
            AuthResult::Success => return Ok(()),
            AuthResult::Failure { remaining_methods, .. } => remaining_methods,
        };
        let can = |method| methods.contains(&method);
        if can(MethodKind::PublicKey) && self.show_key(target).await? {
            return Ok(());
        }
        if can(MethodKind::Password) {
            self.give_password(target).await
        } else if can(MethodKind::KeyboardInteractive) {
            self.answer_questions(target).await
        } else {
            self.still_open(target)?;
            let methods: Vec<&str> = methods.iter().map(Into::into).collect();
            let methods = methods.join(", ");
            let text = format!("{target} takes no password to log in, only: {methods}");
            Err(SessionFailure::NoShell(text))
        }
    }

    /// Shows the node's key, if it has one; whether that was enough.
    async fn show_key(&mut self, target: &Target) -> Result<bool, SessionFailure> {
        let Some(key) = &target.ssh_key else { return Ok(false) };
        // The reason is not repeated: it could quote the key.
        let key = russh::keys::decode_secret_key(key.expose_secret(), None).map_err(|_| {
            let words = format!("the `ssh-key` of {target} is no private key without a passphrase");
            SessionFailure::Misconfigured(words)
        })?;
        let lost = |e: russh::Error| broke(target, "login", &e);
        let hash = match key.algorithm().is_rsa() {
            true => self.handle.best_supported_rsa_hash().await.map_err(lost)?.flatten(),
            false => None,
        };
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
        let shown = self.handle.authenticate_publickey(&target.username, key).await;
        Ok(shown.map_err(lost)?.success())
    }

    async fn give_password(&mut self, target: &Target) -> Result<(), SessionFailure> {
        let password = target.password.expose_secret();
        let tried = self.handle.authenticate_password(&target.username, password).await;
        match tried.map_err(|_| SessionFailure::HungUp)? {
            AuthResult::Success => Ok(()),
            AuthResult::Failure { partial_success: true, .. } => {
                self.answer_questions(target).await
            }
            // A refusal says what else could be tried; a connection that is lost says nothing.
            AuthResult::Failure { partial_success: false, remaining_methods } => {
                let lost = remaining_methods.is_empty() && self.handle.is_closed();
                Err(if lost { SessionFailure::HungUp } else { SessionFailure::Refused })
            }
        }
    }

    /// The client library reports a connection that is lost in the login as a refusal.
    fn still_open(&self, target: &Target) -> Result<(), SessionFailure> {
        match self.handle.is_closed() {
            true => Err(broke(target, "login", &russh::Error::Disconnect)),
            false => Ok(()),
        }
    }

    /// RFC 4256: one password for one hidden question; nothing else can be answered.
    async fn answer_questions(&mut self, target: &Target) -> Result<(), SessionFailure> {
        let lost = |e: russh::Error| broke(target, "login", &e);
        let user = target.username.as_str();
        let start = self.handle.authenticate_keyboard_interactive_start(user, None::<String>);
        let mut reply = start.await.map_err(lost)?;
        let mut password = Some(target.password.expose_secret().to_owned());
        for _ in 0..QUESTION_ROUNDS_MAX {
            let prompts = match reply {
                KeyboardInteractiveAuthResponse::Success => return Ok(()),
                KeyboardInteractiveAuthResponse::Failure { .. } => break,
                KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
            };
            let mut answers = Vec::with_capacity(prompts.len());
            for prompt in prompts {
                let answer = if prompt.echo { Some(user.to_owned()) } else { password.take() };
                answers.push(answer.ok_or(SessionFailure::Refused)?);
            }
            let next = self.handle.authenticate_keyboard_interactive_respond(answers);
            reply = next.await.map_err(|_| SessionFailure::HungUp)?;
        }
        Err(SessionFailure::Refused)
    }

    /// Opens a channel, asks for a terminal and a shell in one round trip, or for the subsystem,
    /// and waits for what was asked.
    pub async fn open_shell(self, target: &Target) -> Result<Shell, SessionFailure> {
        let wanted = wanted(target.door);
        let lost = |e: russh::Error| broke(target, wanted[wanted.len() - 1], &e);
        let channel = self.handle.channel_open_session().await.map_err(|e| match e {
            russh::Error::ChannelOpenFailure(why) => {
                nothing(target, format!("{target} opens no session: {why:?}"))
            }
            other => lost(other),
        })?;
        match target.door {
            Door::Shell => {
                channel
                    .request_pty(true, TERMINAL, COLUMNS, ROWS, 0, 0, &[])
                    .await
                    .map_err(lost)?;
                channel.request_shell(true).await.map_err(lost)?;
            }
            Door::Netconf => {
                channel.request_subsystem(true, SUBSYSTEM).await.map_err(lost)?;
            }
        }
        let (mut read, write) = channel.split();
        let early = granted(&mut read, target).await?;
        Ok(Shell { login: self, read, write, early })
    }

    /// Says goodbye; the device may have gone first.
    pub async fn leave(&self) {
        let _ = self.handle.disconnect(russh::Disconnect::ByApplication, "", "").await;
    }
}

/// What is asked for, in order.
fn wanted(door: Door) -> &'static [&'static str] {
    match door {
        Door::Shell => &["terminal", "shell"],
        Door::Netconf => &["subsystem `netconf`"],
    }
}

/// Logged in, and nothing behind it.
fn nothing(target: &Target, why: String) -> SessionFailure {
    match target.door {
        Door::Shell => SessionFailure::NoShell(why),
        Door::Netconf => SessionFailure::NoNetconf(why),
    }
}

/// Waits for an answer to each request; returns what the device sent meanwhile.
async fn granted(read: &mut ChannelReadHalf, target: &Target) -> Result<Vec<u8>, SessionFailure> {
    let wanted = wanted(target.door);
    let mut early = Vec::new();
    let mut answers = 0;
    while answers < wanted.len() {
        match read.wait().await {
            Some(ChannelMsg::Success) => answers += 1,
            Some(ChannelMsg::Data { data }) if early.len() + data.len() <= EARLY_BYTES_MAX => {
                early.extend_from_slice(&data);
            }
            Some(ChannelMsg::Failure) => {
                let what = wanted[answers];
                return Err(nothing(target, format!("{target} grants no {what}")));
            }
            Some(ChannelMsg::Data { .. } | ChannelMsg::Eof | ChannelMsg::Close) | None => {
                let what = wanted[wanted.len() - 1];
                let text = format!("{target} closed the session before a {what} was open");
                return Err(nothing(target, text));
            }
            Some(_) => {}
        }
    }
    Ok(early)
}

/// A failure in the middle of the protocol.
pub(super) fn broke(target: &Target, step: &str, error: &russh::Error) -> SessionFailure {
    SessionFailure::Unreachable(format!("{target}: the connection broke at the {step}: {error}"))
}

/// A failed handshake, in the automation's words.
pub fn handshake_failure(target: &Target, error: HandshakeError) -> SessionFailure {
    match error {
        HandshakeError::HostKey { offered, reason } => SessionFailure::HostKey { offered, reason },
        HandshakeError::Ssh(russh::Error::NoCommonAlgo { kind, theirs, .. }) => {
            let theirs = theirs.join(", ");
            let kind = format!("{kind:?}").to_lowercase();
            SessionFailure::Unreachable(format!(
                "{target}: no {kind} algorithm in common; the device has {theirs}"
            ))
        }
        HandshakeError::Ssh(error) => broke(target, "handshake", &error),
    }
}
