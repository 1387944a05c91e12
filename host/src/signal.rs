//! Waits for the request to stop: Ctrl-C, or SIGTERM as `kill`, systemd and CI send it.
//!
//! Called by the programs that run until they are told to end.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for the request to stop, from the moment it is made.
#[derive(Debug)]
pub struct Termination {
    interrupt: Signal,
    terminate: Signal,
}

impl Termination {
    /// Starts to listen; the signals no longer kill the process.
    pub fn listen() -> io::Result<Self> {
        let interrupt = signal(SignalKind::interrupt())?;
        let terminate = signal(SignalKind::terminate())?;
        Ok(Termination { interrupt, terminate })
    }

    /// Waits for the first of them.
    pub async fn requested(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
