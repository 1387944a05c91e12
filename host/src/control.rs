//! The control sockets: JSON lines over a unix socket that only its owner can open (mode 0600).
//!
//! Served by a running program, spoken to by its own verbs (`simulator inject`, `listener
//! approve`). What the lines say is each program's business.

use std::future::Future;
use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tracing::{debug, warn};

use crate::{ExpectedError, StateDir};

/// The longest line, in bytes. A line is one request or one answer.
pub const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The longest path of a unix socket, in bytes (`sun_path` of unix(7), less its NUL).
const PATH_BYTES_MAX: usize = 107;

/// Clients of one socket at a time; others wait.
const CLIENTS_MAX: usize = 16;

/// How long no client is let in after one could not be, in milliseconds: what is short then (file
/// descriptors, memory) comes back, and must not be waited for in a tight loop.
const ACCEPT_PAUSE_MS: u64 = 100;

/// What went wrong with a control socket.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Another process serves it.
    #[error("another program already serves the control socket `{}`", path.display())]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// Its path does not fit.
    #[error("the path of the socket `{}` is longer than {PATH_BYTES_MAX} bytes", path.display())]
    TooLong {
        /// The socket.
        path: PathBuf,
    },
    /// It could not be made.
    #[error("cannot serve the control socket `{}`", path.display())]
    Bind {
        /// The socket.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Nobody serves it.
    #[error("nothing runs behind the control socket `{}`", path.display())]
    NotRunning {
        /// The socket.
        path: PathBuf,
    },
    /// It could not be reached.
    #[error("cannot reach the control socket `{}`", path.display())]
    Connect {
        /// The socket.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The conversation broke.
    #[error("the control connection broke")]
    Broken(#[source] io::Error),
    /// A line is longer than [`LINE_BYTES_MAX`].
    #[error("a line on the control connection is longer than {LINE_BYTES_MAX} bytes")]
    LineTooLong,
    /// A line is not what was to come.
    #[error("a line on the control connection is not understood")]
    Garbled(#[source] serde_json::Error),
    /// The other end went before it answered.
    #[error("the program behind the control socket went away")]
    Gone,
}

/// A control socket that this process serves. Its file goes when this value does.
#[derive(Debug)]
pub struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl ControlSocket {
    /// Makes the socket; one that a dead process left behind is replaced.
    pub async fn bind(path: impl Into<PathBuf>) -> Result<Self, ControlError> {
        let path = path.into();
        if path.as_os_str().len() > PATH_BYTES_MAX {
            return Err(ControlError::TooLong { path });
        }
        if UnixStream::connect(&path).await.is_ok() {
            return Err(ControlError::InUse { path });
        }
        let failed = |source| ControlError::Bind { path: path.clone(), source };
        remove_socket(&path).map_err(failed)?;
        let listener = UnixListener::bind(&path).map_err(failed)?;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).map_err(failed)?;
        Ok(ControlSocket { listener, path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the socket of a program in its state directory, which one process alone can have.
    pub async fn of(state: &StateDir, program: &str) -> Result<Self, ExpectedError> {
        let socket = ControlSocket::bind(state.control_socket(program)).await;
        socket.map_err(|error| {
            let in_use = matches!(error, ControlError::InUse { .. });
            let error = ExpectedError::environment(error);
            match in_use {
                true => error.with_hint("`--state DIRECTORY` gives this one a state of its own"),
                false => error,
            }
        })
    }

    /// Talks to each client until the future is dropped. A client that talks nonsense loses its
    /// connection, and nobody else's.
    pub async fn serve<F>(self, converse: impl Fn(Connection) -> F)
    where
        F: Future<Output = Result<(), ControlError>> + Send + 'static,
    {
        let room = Arc::new(Semaphore::new(CLIENTS_MAX));
        let mut clients = JoinSet::new();
        loop {
            let place = Arc::clone(&room).acquire_owned().await.expect("nobody closes it");
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    warn!(%error, "cannot let a client of the control socket in");
                    tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
                    continue;
                }
            };
            let talk = converse(Connection::over(stream));
            clients.spawn(async move {
                if let Err(error) = talk.await {
                    debug!(error = crate::exit::chain(&error), "control connection dropped");
                }
                drop(place);
            });
            while clients.try_join_next().is_some() {}
        }
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // A file that is already gone is what is wanted.
        let _ = remove_socket(&self.path);
    }
}

/// Removes a socket, and nothing that is no socket.
fn remove_socket(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if found.file_type().is_socket() => std::fs::remove_file(path),
        Ok(_) => Err(io::Error::new(io::ErrorKind::AlreadyExists, "a file of that name is there")),
    }
}

/// One conversation, from either end.
#[derive(Debug)]
pub struct Connection {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
}

impl Connection {
    /// Reaches the program that serves `path`.
    pub async fn open(path: &Path) -> Result<Self, ControlError> {
        if path.as_os_str().len() > PATH_BYTES_MAX {
            return Err(ControlError::TooLong { path: path.to_owned() });
        }
        match UnixStream::connect(path).await {
            Ok(stream) => Ok(Connection::over(stream)),
            Err(source) if is_nobody(&source) => {
                Err(ControlError::NotRunning { path: path.to_owned() })
            }
            Err(source) => Err(ControlError::Connect { path: path.to_owned(), source }),
        }
    }

    fn over(stream: UnixStream) -> Self {
        let (reader, writer) = stream.into_split();
        Connection { reader: BufReader::new(reader), writer }
    }

    /// The user at the other end, as the system tells it: a name, else `uid N`.
    pub fn peer(&self) -> Option<String> {
        let uid = self.reader.get_ref().as_ref().peer_cred().ok()?.uid();
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        Some(user_name(&users, uid).unwrap_or_else(|| format!("uid {uid}")))
    }

    /// The next line; `None` when the other end is done.
    pub async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ControlError> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.reader).take(LINE_BYTES_MAX as u64);
        let read = bounded.read_until(b'\n', &mut line).await.map_err(ControlError::Broken)?;
        match line.last() {
            None => Ok(None),
            Some(b'\n') => serde_json::from_slice(&line).map(Some).map_err(ControlError::Garbled),
            Some(_) if read == LINE_BYTES_MAX => Err(ControlError::LineTooLong),
            Some(_) => Err(ControlError::Gone),
        }
    }

    /// Sends one line.
    pub async fn send<T: Serialize>(&mut self, message: &T) -> Result<(), ControlError> {
        let mut line = serde_json::to_vec(message).map_err(ControlError::Garbled)?;
        line.push(b'\n');
        if line.len() > LINE_BYTES_MAX {
            return Err(ControlError::LineTooLong);
        }
        self.writer.write_all(&line).await.map_err(ControlError::Broken)
    }

    /// Sends a request and waits for its answer.
    pub async fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        question: &Q,
    ) -> Result<A, ControlError> {
        self.send(question).await?;
        self.next().await?.ok_or(ControlError::Gone)
    }
}

/// The name of a user in the text of passwd(5).
fn user_name(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(uid) && !name.is_empty()).then(|| name.to_owned())
    })
}

fn is_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StateDir;

    /// Goal: a question is answered over a private socket, and the file goes at the end.
    #[tokio::test]
    async fn a_question_is_answered() {
        let dir = StateDir::temporary().unwrap();
        let path = dir.control_socket("simulator");
        let socket = ControlSocket::bind(&path).await.unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let server = tokio::spawn(socket.serve(|mut client| async move {
            while let Some(number) = client.next::<u64>().await? {
                client.send(&(number + 1)).await?;
            }
            Ok(())
        }));
        let mut client = Connection::open(&path).await.unwrap();
        assert_eq!(client.ask::<_, u64>(&1).await.unwrap(), 2);
        assert_eq!(client.ask::<_, u64>(&41).await.unwrap(), 42);
        let mut nonsense = Connection::open(&path).await.unwrap();
        assert!(nonsense.ask::<_, u64>(&"x").await.is_err());
        assert_eq!(client.ask::<_, u64>(&1).await.unwrap(), 2);
        server.abort();
        assert!(server.await.unwrap_err().is_cancelled());
        assert!(!path.exists());
    }

    /// Goal: the other end is known by name, else by number. Method: a table, and a real peer.
    #[tokio::test]
    async fn a_peer_is_named() {
        let users = "root:x:0:0:root:/root:/bin/sh\n# note\nada:x:1000:1000::/home/ada:\n";
        let table = [(0, Some("root")), (1000, Some("ada")), (7, None)];
        for (uid, want) in table {
            assert_eq!(user_name(users, uid).as_deref(), want, "{uid}");
        }
        let (near, _far) = UnixStream::pair().unwrap();
        assert!(Connection::over(near).peer().is_some());
    }

    /// Goal: a live socket is not taken over, a dead one is, a plain file is left alone.
    #[tokio::test]
    async fn only_a_stale_socket_is_replaced() {
        let dir = StateDir::temporary().unwrap();
        let path = dir.control_socket("x");
        assert!(matches!(Connection::open(&path).await, Err(ControlError::NotRunning { .. })));
        let live = ControlSocket::bind(&path).await.unwrap();
        assert!(matches!(ControlSocket::bind(&path).await, Err(ControlError::InUse { .. })));
        drop(live);
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert!(matches!(Connection::open(&path).await, Err(ControlError::NotRunning { .. })));
        drop(ControlSocket::bind(&path).await.unwrap());
        std::fs::write(&path, "mine").unwrap();
        assert!(matches!(ControlSocket::bind(&path).await, Err(ControlError::Bind { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    }

    /// Goal: a line without an end is cut at the bound, not collected. Method: send too much.
    #[tokio::test]
    async fn an_endless_line_is_refused() {
        let (near, far) = UnixStream::pair().unwrap();
        let flood = tokio::spawn(async move {
            let (_reader, mut writer) = far.into_split();
            let chunk = vec![b'1'; 64 * 1024];
            while writer.write_all(&chunk).await.is_ok() {}
        });
        let mut connection = Connection::over(near);
        assert!(matches!(connection.next::<u64>().await, Err(ControlError::LineTooLong)));
        drop(connection);
        flood.await.unwrap();
    }
}
