//! How many sessions a connection has, and whether it is to be cut.
//!
//! Held by the connection's owner, its handler and its terminals.

use std::sync::Arc;

use tokio::sync::watch;

/// The sessions of one connection. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Presence(Arc<watch::Sender<Present>>);

/// What there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Present {
    /// Sessions that the router has not ended.
    pub(super) open: usize,
    /// Whether there ever was one.
    pub(super) began: bool,
    /// Whether the connection breaks.
    pub(super) is_cut: bool,
}

/// One session: it is there as long as this value.
#[derive(Debug)]
pub(super) struct Seat(Presence);

impl Presence {
    pub(super) fn new() -> Self {
        Presence(Arc::new(watch::Sender::new(Present::default())))
    }

    /// One more session.
    pub(super) fn sit(&self) -> Seat {
        self.0.send_modify(|present| {
            present.open += 1;
            present.began = true;
        });
        Seat(self.clone())
    }

    /// What there is from now on.
    pub(super) fn watch(&self) -> watch::Receiver<Present> {
        self.0.subscribe()
    }
}

impl Seat {
    /// The whole connection breaks.
    pub(super) fn cut(&self) {
        self.0.0.send_modify(|present| present.is_cut = true);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.0.send_modify(|present| present.open -= 1);
    }
}
