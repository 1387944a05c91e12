//! One session from login to goodbye, as a task that ferries bytes.
//!
//! Started by the live loop, which gives it the bytes to send and takes its events. Both ways are
//! bounded: a device that sends faster than the automation reads is held back by its own window.

use std::sync::Arc;
use std::time::Duration;

use automation::{Door, HttpFailure, HttpResponse, SessionFailure, SessionId, Written};
use restconf::Response;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, client};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::debug;

use super::ssh::{connect_tcp, handshake_failure};
use super::{KnownHosts, Login, Shell, Target};

/// How long a goodbye may take, in milliseconds; the session is over by then in any case.
const GOODBYE_MS_MAX: u64 = 500;

/// What a session tells the live loop.
#[derive(Debug)]
pub enum SessionEvent {
    /// Logged in, a shell or NETCONF is open.
    Opened,
    /// It could not be opened. The last event.
    Failed(SessionFailure),
    /// Bytes that the device sent.
    Bytes(Vec<u8>),
    /// The session ended. The last event.
    Closed,
    /// The answer to a request, which is all that it tells.
    Answered(Response),
    /// There is none, likewise.
    NotAnswered {
        /// Why.
        failure: SessionFailure,
        /// Whether the device may have taken the request.
        sent: bool,
    },
    /// The answer of an API, likewise.
    HttpAnswered(HttpResponse),
    /// There is none, likewise.
    HttpNotAnswered {
        /// Why.
        failure: HttpFailure,
        /// Whether the API may have taken the request.
        sent: bool,
    },
    /// What became of a file, likewise.
    Written(Result<Written, String>),
}

/// Logs in and ferries bytes until either side ends it: the device by closing, the live loop by
/// dropping the sender of `bytes`.
pub async fn open(
    session: SessionId,
    target: Target,
    known: Arc<KnownHosts>,
    bound: Duration,
    bytes: mpsc::Receiver<Vec<u8>>,
    events: mpsc::Sender<(SessionId, SessionEvent)>,
) {
    let opened = timeout(bound, shell(&target, &known)).await;
    let shell = match opened.unwrap_or(Err(SessionFailure::Timeout)) {
        Ok(shell) => shell,
        Err(failure) => {
            debug!(session = session.0, %failure, "no session");
            let _ = events.send((session, SessionEvent::Failed(failure))).await;
            return;
        }
    };
    debug!(session = session.0, %target, "session opened");
    let Shell { login, read, write, early } = shell;
    let mut alive = events.send((session, SessionEvent::Opened)).await.is_ok();
    if alive && !early.is_empty() {
        alive = events.send((session, SessionEvent::Bytes(early))).await.is_ok();
    }
    if alive {
        tokio::select! {
            () = from_device(session, target.door, read, &events) => {}
            () = to_device(bytes, &write) => {}
        }
        let _ = events.send((session, SessionEvent::Closed)).await;
    }
    debug!(session = session.0, "session closed");
    let _ = timeout(Duration::from_millis(GOODBYE_MS_MAX), login.leave()).await;
}

async fn shell(target: &Target, known: &Arc<KnownHosts>) -> Result<Shell, SessionFailure> {
    let stream = connect_tcp(target).await?;
    let handshake = Login::handshake(stream, target, known).await;
    let mut login = handshake.map_err(|error| handshake_failure(target, error))?;
    login.log_in(target).await?;
    login.open_shell(target).await
}

async fn from_device(
    session: SessionId,
    door: Door,
    mut read: ChannelReadHalf,
    events: &mpsc::Sender<(SessionId, SessionEvent)>,
) {
    while let Some(message) = read.wait().await {
        let bytes = match message {
            // What a subsystem says beside its data is for people.
            ChannelMsg::ExtendedData { .. } if door == Door::Netconf => continue,
            ChannelMsg::Data { data } | ChannelMsg::ExtendedData { data, .. } => data.to_vec(),
            ChannelMsg::Eof | ChannelMsg::Close => return,
            _ => continue,
        };
        if events.send((session, SessionEvent::Bytes(bytes))).await.is_err() {
            return;
        }
    }
}

async fn to_device(mut bytes: mpsc::Receiver<Vec<u8>>, write: &ChannelWriteHalf<client::Msg>) {
    while let Some(chunk) = bytes.recv().await {
        if write.data_bytes(chunk).await.is_err() {
            return;
        }
    }
}
