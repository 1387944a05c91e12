//! What stands before a listener to which things happen: a port, and a pipe per connection.
//!
//! Started by the keeper. While all is well it passes on every byte as it is. A port that refuses
//! is really shut, so that clients meet what their own kernel says of it.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use lab::ListenerState;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::answer;

/// Connections at a time; more wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 1_024;
/// Connections that wait in the kernel's queue.
const BACKLOG_MAX: u32 = 1_024;
/// What is read at once, in bytes.
const CHUNK_BYTES_MAX: usize = 4 * 1024;
/// Chunks of one connection that a slow listener has not heard yet; its client is held back.
const LATE_CHUNKS_MAX: usize = 1_024;
/// How long between two tries to have the port again, in milliseconds.
const PORT_RETRY_MS: u64 = 50;

/// How the gate stands, and to whom it leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) state: ListenerState,
    pub(super) to: SocketAddr,
}

impl Turn {
    fn refuses(&self) -> bool {
        match self.state {
            ListenerState::Unreachable | ListenerState::Killed => true,
            ListenerState::Well | ListenerState::Answering { .. } | ListenerState::Slow(_) => false,
        }
    }
}

/// Stands on the port until the turn has no sender any more.
pub(super) async fn serve(mut socket: TcpListener, mut turn: watch::Receiver<Turn>) {
    let Ok(address) = socket.local_addr() else { return };
    let mut connections = JoinSet::new();
    loop {
        if turn.borrow_and_update().refuses() {
            drop(socket);
            let held = hold(address).await;
            if turn.wait_for(|turn| !turn.refuses()).await.is_err() {
                return;
            }
            socket = listen(held, address).await;
            continue;
        }
        let has_room = connections.len() < CONNECTIONS_MAX;
        tokio::select! {
            changed = turn.changed() => if changed.is_err() { return },
            Some(_) = connections.join_next() => {}
            accepted = socket.accept(), if has_room => match accepted {
                Ok((client, _)) => {
                    let (now, turn) = (*turn.borrow(), turn.clone());
                    match now.state {
                        ListenerState::Answering { status, retry_after } => {
                            connections.spawn(answer::give(client, status, retry_after))
                        }
                        ListenerState::Well
                        | ListenerState::Slow(_)
                        | ListenerState::Unreachable
                        | ListenerState::Killed => {
                            connections.spawn(Pipe::new(client, now).carry(turn))
                        }
                    };
                }
                Err(_) => sleep(Duration::from_millis(PORT_RETRY_MS)).await,
            },
        }
    }
}

/// Has the port and does not listen on it: who connects is refused, and nobody else gets it.
async fn hold(address: SocketAddr) -> TcpSocket {
    loop {
        let held = socket_of(address).and_then(|socket| {
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            Ok(socket)
        });
        match held {
            Ok(socket) => return socket,
            Err(_) => sleep(Duration::from_millis(PORT_RETRY_MS)).await,
        }
    }
}

async fn listen(mut held: TcpSocket, address: SocketAddr) -> TcpListener {
    loop {
        match held.listen(BACKLOG_MAX) {
            Ok(socket) => return socket,
            Err(_) => held = hold(address).await,
        }
    }
}

fn socket_of(address: SocketAddr) -> io::Result<TcpSocket> {
    if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }
}

/// One connection of a client, and that to the listener once there is something to say.
struct Pipe {
    client: TcpStream,
    /// How the gate stood when this connection looked last.
    seen: Turn,
    listener: Option<TcpStream>,
    /// What the client said, and when the listener hears of it.
    late: VecDeque<(Instant, Vec<u8>)>,
    /// Whether a request is on its way that has no answer yet: it was taken in, and ends as such.
    asking: bool,
    said_all: bool,
}

/// Whether a pipe goes on.
enum Next {
    Goes,
    Ends,
    /// With a reset, as when a process dies.
    Breaks,
}

impl Pipe {
    fn new(client: TcpStream, seen: Turn) -> Self {
        let (listener, late) = (None, VecDeque::new());
        Pipe { client, seen, listener, late, asking: false, said_all: false }
    }

    async fn carry(mut self, mut turn: watch::Receiver<Turn>) {
        loop {
            match self.once(&mut turn).await {
                Ok(Next::Goes) => {}
                Ok(Next::Ends) => return,
                Ok(Next::Breaks) | Err(_) => {
                    let _ = self.client.set_zero_linger(); // it is gone as it is
                    return;
                }
            }
        }
    }

    async fn once(&mut self, turn: &mut watch::Receiver<Turn>) -> io::Result<Next> {
        let (mut said, mut heard) = ([0; CHUNK_BYTES_MAX], [0; CHUNK_BYTES_MAX]);
        let listens = !self.said_all && self.late.len() < LATE_CHUNKS_MAX;
        let due = self.late.front().map(|(at, _)| *at);
        tokio::select! {
            // What has changed is seen before the next word of the client.
            biased;
            changed = turn.changed() => {
                self.seen = *turn.borrow_and_update();
                Ok(if changed.is_err() { Next::Ends } else { self.turned() })
            }
            () = at(due) => self.pass_on().await,
            read = self.client.read(&mut said), if listens => self.said(&said[..read?]).await,
            read = read(&mut self.listener, &mut heard) => match read? {
                0 => Ok(Next::Ends),
                length => {
                    self.asking = false;
                    self.client.write_all(&heard[..length]).await?;
                    Ok(Next::Goes)
                }
            },
        }
    }

    /// Who only keeps a connection for later has none any more; who waits for an answer gets it,
    /// unless there is nobody left to give it.
    fn turned(&self) -> Next {
        match self.seen.state {
            ListenerState::Killed => Next::Breaks,
            ListenerState::Unreachable | ListenerState::Answering { .. } if !self.asking => {
                Next::Ends
            }
            ListenerState::Unreachable
            | ListenerState::Answering { .. }
            | ListenerState::Well
            | ListenerState::Slow(_) => Next::Goes,
        }
    }

    async fn said(&mut self, chunk: &[u8]) -> io::Result<Next> {
        if chunk.is_empty() {
            self.said_all = true;
            return self.say_end().await;
        }
        let wait = match self.seen.state {
            ListenerState::Killed => return Ok(Next::Breaks),
            ListenerState::Unreachable if !self.asking => return Ok(Next::Breaks),
            ListenerState::Slow(by) => Duration::from_micros(by.as_micros()),
            ListenerState::Answering { .. } | ListenerState::Unreachable | ListenerState::Well => {
                Duration::ZERO
            }
        };
        self.asking = true;
        let before = self.late.back().map(|(at, _)| *at);
        let due = (Instant::now() + wait).max(before.unwrap_or_else(Instant::now));
        self.late.push_back((due, chunk.to_vec()));
        Ok(Next::Goes)
    }

    async fn pass_on(&mut self) -> io::Result<Next> {
        let Some((_, chunk)) = self.late.pop_front() else { return Ok(Next::Goes) };
        if self.listener.is_none() {
            let stream = TcpStream::connect(self.seen.to).await?;
            stream.set_nodelay(true)?;
            self.client.set_nodelay(true)?;
            self.listener = Some(stream);
        }
        if let Some(listener) = &mut self.listener {
            listener.write_all(&chunk).await?;
        }
        self.say_end().await
    }

    /// The client's end is passed on after all that it said.
    async fn say_end(&mut self) -> io::Result<Next> {
        if !self.said_all || !self.late.is_empty() {
            return Ok(Next::Goes);
        }
        match &mut self.listener {
            Some(listener) => {
                listener.shutdown().await?;
                Ok(Next::Goes)
            }
            None => Ok(Next::Ends),
        }
    }
}

/// Waits for what the listener says, if it is connected.
async fn read(listener: &mut Option<TcpStream>, into: &mut [u8]) -> io::Result<usize> {
    match listener {
        Some(listener) => listener.read(into).await,
        None => std::future::pending().await,
    }
}

/// Waits until an instant; forever when there is none.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
