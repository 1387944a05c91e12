//! One router's connection to one collector: a queue, and a task that empties it.
//!
//! Opened with the first message, closed when the router sends no more. Over TCP each message ends
//! with a newline (RFC 6587, section 3.4.2), as IOS sends them and rsyslog expects; over TLS its
//! length stands in front (RFC 5425, section 4.3). A connection that fails is tried again, ever
//! more rarely.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lab::{Collector, CollectorEvent, NodeId};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::debug;

use super::tls::Trust;
use crate::live::mailbox::{Mailbox, Message};

/// How many messages wait at most, whatever `logging queue-limit trap` says.
const QUEUE_MESSAGES_MAX: usize = 10_000;

/// How long a connection may take to be made, and a message to be taken.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// From the first failure to the next try; doubled each time.
const BACKOFF_MIN: Duration = Duration::from_millis(500);
const BACKOFF_MAX: Duration = Duration::from_secs(30);

/// Where a connection leads, and who is told of it.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) node: NodeId,
    pub(super) collector: Collector,
    pub(super) from: Option<IpAddr>,
    pub(super) to: SocketAddr,
    /// For TLS: whom to believe.
    pub(super) tls: Option<Trust>,
    pub(super) mailbox: Mailbox,
}

/// The way in. Dropped, it lets the task send what waits and end.
#[derive(Debug)]
pub(super) struct Connection {
    queue: mpsc::Sender<Vec<u8>>,
    lost: Arc<AtomicU64>,
}

/// What a message travels on.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<W: AsyncRead + AsyncWrite + Send + Unpin> Wire for W {}

/// What a task does next.
enum Next {
    /// Try again.
    Reconnect,
    /// Nobody sends any more.
    End,
}

impl Connection {
    /// Starts the task.
    pub(super) fn open(target: Target) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_MESSAGES_MAX);
        let lost = Arc::new(AtomicU64::new(0));
        let run = Run { target, waiting, lost: Arc::clone(&lost), in_hand: None };
        tokio::spawn(run.run());
        Connection { queue, lost }
    }

    /// Queues a message, or counts it as lost if as many as may wait do.
    pub(super) fn send(&self, message: Vec<u8>, queue_max: u32) {
        let waiting = self.queue.max_capacity() - self.queue.capacity();
        if waiting >= queue_max as usize || self.queue.try_send(message).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The task.
struct Run {
    target: Target,
    waiting: mpsc::Receiver<Vec<u8>>,
    lost: Arc<AtomicU64>,
    /// The frame that a connection broke under: it goes first on the next.
    in_hand: Option<Vec<u8>>,
}

impl Run {
    async fn run(mut self) {
        let (mut backoff, mut is_told) = (BACKOFF_MIN, false);
        loop {
            match timeout(WAIT_MAX, self.target.connect()).await {
                Ok(Ok(wire)) => {
                    (backoff, is_told) = (BACKOFF_MIN, false);
                    self.tell(CollectorEvent::Connected).await;
                    self.tell_losses().await;
                    match self.carry(wire).await {
                        Next::End => return,
                        Next::Reconnect => {}
                    }
                }
                Ok(Err(error)) => self.target.say(&error.to_string()),
                Err(_) => self.target.say("no answer"),
            }
            if !std::mem::replace(&mut is_told, true) {
                self.tell(CollectorEvent::Failed).await;
            }
            tokio::time::sleep(backoff).await;
            self.tell_losses().await;
            // With nobody left to send there is no reason to try for ever.
            if self.waiting.is_closed() && backoff == BACKOFF_MAX {
                return;
            }
            backoff = (backoff * 2).min(BACKOFF_MAX);
        }
    }

    /// Sends what comes until the connection breaks or nothing comes any more.
    async fn carry(&mut self, mut wire: Box<dyn Wire>) -> Next {
        let mut answer = [0; 256];
        loop {
            if let Some(frame) = &self.in_hand {
                if let Err(error) = write(&mut wire, frame).await {
                    self.target.say(&error.to_string());
                    return Next::Reconnect;
                }
                self.in_hand = None;
            }
            tokio::select! {
                message = self.waiting.recv() => match message {
                    Some(message) => self.in_hand = Some(self.target.frame(&message)),
                    None => {
                        // The other end may be gone by now.
                        drop(timeout(WAIT_MAX, wire.shutdown()).await);
                        return Next::End;
                    }
                },
                // A collector says nothing: what can be read is its end.
                read = wire.read(&mut answer) => match read {
                    Ok(0) | Err(_) => {
                        self.target.say("closed by the collector");
                        return Next::Reconnect;
                    }
                    Ok(_) => {}
                },
            }
        }
    }

    async fn tell(&self, event: CollectorEvent) {
        let Target { node, collector, mailbox, .. } = &self.target;
        let collector = collector.clone();
        // A lab that has stopped wants to know nothing.
        let _ = mailbox.send(Message::Collector { node: *node, collector, event }).await;
    }

    async fn tell_losses(&self) {
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            self.tell(CollectorEvent::Lost(lost)).await;
        }
    }
}

async fn write(wire: &mut Box<dyn Wire>, frame: &[u8]) -> io::Result<()> {
    let written = async {
        wire.write_all(frame).await?;
        wire.flush().await
    };
    timeout(WAIT_MAX, written).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

impl Target {
    async fn connect(&self) -> io::Result<Box<dyn Wire>> {
        let socket = if self.to.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        if let Some(from) = self.from {
            socket.bind(SocketAddr::new(from, 0))?;
        }
        let stream: TcpStream = socket.connect(self.to).await?;
        match &self.tls {
            None => Ok(Box::new(stream)),
            Some(trust) => Ok(Box::new(trust.greet(self.to.ip(), stream).await?)),
        }
    }

    /// The message as it travels. A newline within one would end it early.
    fn frame(&self, message: &[u8]) -> Vec<u8> {
        if self.tls.is_some() {
            let mut frame = format!("{} ", message.len()).into_bytes();
            frame.extend_from_slice(message);
            return frame;
        }
        let one_line = message.iter().map(|&byte| if byte == b'\n' { b' ' } else { byte });
        one_line.chain(*b"\n").collect()
    }

    fn say(&self, error: &str) {
        debug!(collector = %self.collector, error, "syslog connection");
    }
}
