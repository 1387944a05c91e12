//! A body that its sender says slowly, a few bytes at a time.
//!
//! Made by the sender of webhooks when a scenario wants it so. The first bytes come late, the last
//! when its time is over; it must say the same bytes, and tell the same length, as one at once.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// In how many pieces a body is said at most.
const PIECES_MAX: u32 = 64;

/// The rest of a body, and when the next of it is said.
#[derive(Debug)]
pub(super) struct Trickle {
    rest: Bytes,
    piece_bytes: usize,
    gap: Duration,
    next: Pin<Box<Sleep>>,
}

impl Trickle {
    /// Says `body` from now on, for as long as `pace`.
    pub(super) fn new(body: Vec<u8>, pace: simtime::Duration) -> Self {
        let piece_bytes = body.len().div_ceil(PIECES_MAX as usize).max(1);
        let pieces = u32::try_from(body.len().div_ceil(piece_bytes)).unwrap_or(PIECES_MAX).max(1);
        let gap = Duration::from_micros(pace.as_micros()) / pieces;
        let next = Box::pin(sleep_until(Instant::now() + gap));
        Trickle { rest: body.into(), piece_bytes, gap, next }
    }
}

impl Body for Trickle {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.next.as_mut().poll(context));
        let due = self.next.deadline() + self.gap;
        self.next.as_mut().reset(due);
        let length = self.piece_bytes.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
