//! The way of a router's bytes to one client: a queue that never blocks the lab.
//!
//! Filled by the live loop, emptied by one task per session at the client's pace. A client that
//! reads too slowly is cut off: the lab never waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use russh::ChannelId;
use russh::server::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::presence::Seat;

/// What may wait for one client, in bytes: more than any `show` of a lab's router prints, and than
/// the largest file of its flash.
const WAITING_BYTES_MAX: usize = 20 * 1024 * 1024;

/// The lab's end.
#[derive(Debug)]
pub(crate) struct Terminal {
    queue: UnboundedSender<Part>,
    waiting: Arc<AtomicUsize>,
    /// Goes with this value: the connection then has a bounded time to take what still waits, if
    /// it has no other session.
    seat: Seat,
}

/// The client's end.
#[derive(Debug)]
pub(super) struct Feed {
    queue: UnboundedReceiver<Part>,
    waiting: Arc<AtomicUsize>,
}

#[derive(Debug)]
enum Part {
    Bytes(Vec<u8>),
    End { status: u32 },
    Broken,
}

/// More waits for a client than it may: the session has to end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooSlow;

/// Both ends of a fresh queue; the seat is given up when the lab lets go of its end. The queue
/// itself has no bound, but its bytes have.
pub(super) fn pair(seat: Seat) -> (Terminal, Feed) {
    let (queue, receiver) = unbounded_channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let feed = Feed { queue: receiver, waiting: Arc::clone(&waiting) };
    (Terminal { queue, waiting, seat }, feed)
}

impl Terminal {
    /// Queues bytes. A client that is gone takes them too: its end is told elsewhere.
    pub(crate) fn write(&self, bytes: Vec<u8>) -> Result<(), TooSlow> {
        let waiting = self.waiting.fetch_add(bytes.len(), Ordering::Relaxed);
        if waiting.saturating_add(bytes.len()) > WAITING_BYTES_MAX {
            return Err(TooSlow);
        }
        // A receiver that is gone is a client that is gone.
        let _ = self.queue.send(Part::Bytes(bytes));
        Ok(())
    }

    /// Ends the session once all that waits is sent.
    pub(crate) fn end(self, status: u32) {
        let _ = self.queue.send(Part::End { status });
    }

    /// Breaks the connection, in the middle of whatever it carries.
    pub(crate) fn cut(self) {
        // Whoever serves the connection may have seen its end already.
        let _ = self.queue.send(Part::Broken);
        self.seat.cut();
    }
}

impl Feed {
    /// Sends what comes, then ends the channel as RFC 4254, section 6.10, has it: the exit status,
    /// end of file, close. A lab that just drops its end means the end too.
    pub(super) async fn run(mut self, client: Handle, channel: ChannelId) {
        let mut status = 0;
        while let Some(part) = self.queue.recv().await {
            match part {
                Part::Bytes(bytes) => {
                    let length = bytes.len();
                    if client.data(channel, bytes).await.is_err() {
                        return;
                    }
                    self.waiting.fetch_sub(length, Ordering::Relaxed);
                }
                Part::End { status: given } => {
                    status = given;
                    break;
                }
                Part::Broken => return,
            }
        }
        // Each fails only when the client is gone, which is the end that is wanted.
        let _ = client.exit_status_request(channel, status).await;
        let _ = client.eof(channel).await;
        let _ = client.close(channel).await;
    }
}

#[cfg(test)]
mod tests {
    use super::super::presence::Presence;
    use super::*;

    /// Goal: a client that does not read is noticed at the bound, and its connection learns of the
    /// end though nothing of what waits was read. Method: write past the bound, let go.
    #[test]
    fn a_slow_client_is_noticed() {
        let presence = Presence::new();
        let present = presence.watch();
        let (terminal, mut feed) = pair(presence.sit());
        assert_eq!(terminal.write(vec![0; WAITING_BYTES_MAX]), Ok(()));
        assert_eq!(terminal.write(vec![0]), Err(TooSlow));
        assert!(matches!(feed.queue.try_recv(), Ok(Part::Bytes(_))));
        assert!(feed.queue.try_recv().is_err());
        assert_eq!(present.borrow().open, 1);
        drop(terminal);
        assert_eq!(present.borrow().open, 0);
        pair(presence.sit()).0.cut();
        assert!(present.borrow().is_cut);
    }
}
