//! Waits for the request to stop: Ctrl-C, or SIGTERM as `kill`, systemd and CI send it; and for
//! SIGHUP, the request to read the files again.
//!
//! Called by the programs that run until they are told to end. The first request is the program's
//! to follow, in its own time; the second ends the process at once.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a shell shows of a process that a signal has ended: 128 and its number.
const CODE_OF_SIGNAL: i32 = 128;

/// Listens for the request to stop, from the moment it is made.
#[derive(Debug)]
pub struct Termination(Option<Signals>);

#[derive(Debug)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Termination {
    /// Starts to listen; the signals no longer kill the process.
    pub fn listen() -> io::Result<Self> {
        let interrupt = signal(SignalKind::interrupt())?;
        let terminate = signal(SignalKind::terminate())?;
        Ok(Termination(Some(Signals { interrupt, terminate })))
    }

    /// Waits for the first of them. From then on another one ends the process, with 130 for SIGINT
    /// and 143 for SIGTERM: whoever waits no longer for a good end shall not have to.
    pub async fn requested(&mut self) {
        let Some(signals) = &mut self.0 else { return };
        signals.next().await;
        if let Some(mut signals) = self.0.take() {
            tokio::spawn(async move {
                let number = signals.next().await.as_raw_value();
                crate::message::warning("stopped at once");
                std::process::exit(CODE_OF_SIGNAL + number);
            });
        }
    }
}

impl Signals {
    async fn next(&mut self) -> SignalKind {
        tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
        }
    }
}

/// Listens for SIGHUP, from the moment it is made.
#[derive(Debug)]
pub struct HangUp(Signal);

impl HangUp {
    /// Starts to listen; the signal no longer kills the process.
    pub fn listen() -> io::Result<Self> {
        signal(SignalKind::hangup()).map(HangUp)
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        // The stream of a signal has no end.
        let _ = self.0.recv().await;
    }
}
