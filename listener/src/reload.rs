//! Reads the files again while a listener runs: on SIGHUP, on request, and when one has changed.
//!
//! Run beside the live loop by `listener serve` and `ednm up`. The files are read and checked off
//! the loop; with any error the listener goes on as it was, and the mistakes are on stderr. What
//! flags say (`--require-auth`, `--bind`) is no matter of a file and stays; so does the value of an
//! `env:` secret, which a process cannot see change.

mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use automation::Config;
use diagnostic::{Diagnostic, has_errors};
use host::signal::HangUp;
use host::{ExpectedError, Line, LiveClock, message};
use simtime::Time;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};
use topology::Topology;

use crate::live::Remote;
use crate::log::Log;
use crate::tls::{self, Source};

pub use watch::Watch;

/// How often the files are looked at, in milliseconds.
const LOOK_MS: u64 = 1_000;
/// Requests that wait for their turn; more are told so.
const REQUESTS_MAX: usize = 16;

/// What the files say, read and checked.
#[derive(Debug)]
pub struct Fresh {
    /// The rules, with what the flags say about them.
    pub config: Config,
    /// The inventory, with the addresses at which its nodes are reached.
    pub inventory: Topology,
    /// What is doubtful, and no error.
    pub warnings: Vec<Diagnostic>,
    /// `./listener.toml and the embedded topology.toml`
    pub read: String,
    /// The files on disk that all of this came from, those of secrets among them.
    pub files: Vec<PathBuf>,
    /// The names of the copies inside the program that were read in place of a file on disk.
    pub embedded: Vec<String>,
    /// The certificate of a port that speaks HTTPS.
    pub tls: Option<tls::Read>,
}

impl Fresh {
    /// With the certificate of a port that speaks HTTPS.
    pub fn shown_by(mut self, tls: Option<&Source>, now: Time) -> Result<Self, ExpectedError> {
        if let Some(source) = tls {
            self.tls = Some(source.read(now, &self.config.api().hosts)?);
            self.files.extend(source.files());
        }
        Ok(self)
    }
}

/// Reads the files of a program once more.
pub type Read = Box<dyn Fn() -> Result<Fresh, ExpectedError> + Send + Sync>;

/// How a reload ended, for whoever asked.
#[derive(Clone, Debug)]
pub struct Report {
    /// Errors if it failed, else the warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// `./listener.toml and ./topology.toml`, or why nothing was read at all.
    pub outcome: Result<String, String>,
    /// The fingerprint of the certificate that the port shows from now on.
    pub certificate: Option<String>,
}

/// Asks for a reload. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Requests(mpsc::Sender<oneshot::Sender<Report>>);

/// Reloads one listener, one reload at a time.
pub struct Reloading {
    read: Arc<Read>,
    watch: Watch,
    /// What was read from inside the program, as no such file was there.
    embedded: Vec<String>,
    /// From when on the certificate of the port has to be made anew.
    renewal: Option<Time>,
    listener: Remote,
    clock: LiveClock,
    log: Log,
    requested: mpsc::Receiver<oneshot::Sender<Report>>,
}

impl Requests {
    /// Has the files read again, and waits for how that ended; the error says why it was not tried.
    pub async fn reload(&self) -> Result<Report, String> {
        let (answer, answered) = oneshot::channel();
        let refused = |error: mpsc::error::TrySendError<_>| match error {
            mpsc::error::TrySendError::Full(_) => "too many reloads wait already".to_owned(),
            mpsc::error::TrySendError::Closed(_) => "the listener is stopping".to_owned(),
        };
        self.0.try_send(answer).map_err(refused)?;
        answered.await.map_err(|_| "the listener is stopping".to_owned())
    }
}

impl Report {
    /// Whether the listener now does what the files say.
    pub fn is_done(&self) -> bool {
        self.outcome.is_ok() && !has_errors(&self.diagnostics)
    }
}

impl Reloading {
    /// Reloads `listener`, which was started with what `read` gave from the files of `watch`
    /// and those `embedded`.
    pub fn new(
        read: Read,
        watch: Watch,
        embedded: Vec<String>,
        listener: Remote,
        clock: LiveClock,
        log: Log,
    ) -> (Self, Requests) {
        let (requests, requested) = mpsc::channel(REQUESTS_MAX);
        let read = Arc::new(read);
        let renewal = None;
        let reloading =
            Reloading { read, watch, embedded, renewal, listener, clock, log, requested };
        (reloading, Requests(requests))
    }

    /// Reloads then, too, if the certificate of the port ends soon after.
    #[must_use]
    pub fn renewing(self, renewal: Option<Time>) -> Self {
        Reloading { renewal, ..self }
    }

    /// Until the future is dropped, or the listener has stopped.
    pub async fn run(mut self, mut hang_up: HangUp) {
        let mut looks = interval(Duration::from_millis(LOOK_MS));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let asked = tokio::select! {
                () = hang_up.next() => None,
                Some(asked) = self.requested.recv() => Some(asked),
                _ = looks.tick() => match self.look().await {
                    true => None,
                    false => continue,
                },
            };
            let Some(report) = self.reload().await else { return };
            if let Some(asked) = asked {
                // Whoever asked may have gone.
                let _ = asked.send(report);
            }
        }
    }

    /// Whether a file has changed, and has come to rest; or the certificate is about to end.
    async fn look(&mut self) -> bool {
        if self.renewal.is_some_and(|renewal| renewal <= self.clock.now()) {
            // Once: where it cannot be made, the log says so, and a person is needed.
            self.renewal = None;
            return true;
        }
        let mut watch = std::mem::take(&mut self.watch);
        let looked = tokio::task::spawn_blocking(move || (watch.has_changed(), watch)).await;
        let (changed, watch) = looked.expect("looking at files neither panics nor is cancelled");
        self.watch = watch;
        changed
    }

    /// Reads, and replaces all or nothing. `None` once the listener has stopped.
    async fn reload(&mut self) -> Option<Report> {
        let (read, mut watch) = (Arc::clone(&self.read), std::mem::take(&mut self.watch));
        let reading = tokio::task::spawn_blocking(move || {
            // Before the files are read: what changes meanwhile is seen at the next look.
            watch.settle();
            (read(), watch)
        });
        let (fresh, watch) = reading.await.expect("reading files neither panics nor is cancelled");
        self.watch = watch;
        let report = match fresh.and_then(|fresh| self.still_there(fresh)) {
            Ok(Fresh { config, inventory, warnings, read, files, embedded, tls }) => {
                let (served, renewal) = tls.map(|tls| (tls.served, tls.renewal)).unzip();
                let certificate = served.as_ref().map(|one| one.shown.fingerprint.to_string());
                self.listener.reload(config, inventory, served).await.ok()?;
                self.watch.follow(files);
                self.embedded = embedded;
                self.renewal = renewal.flatten();
                Report { diagnostics: warnings, outcome: Ok(read), certificate }
            }
            Err(ExpectedError::InvalidFile(diagnostics)) => {
                let errors = diagnostics.iter().filter(|one| has_errors(std::slice::from_ref(one)));
                let reason = match errors.count() {
                    1 => "1 error".to_owned(),
                    count => format!("{count} errors"),
                };
                Report { diagnostics, outcome: Err(reason), certificate: None }
            }
            Err(other) => {
                let outcome = Err(other.to_string());
                Report { diagnostics: Vec::new(), outcome, certificate: None }
            }
        };
        self.say(&report);
        Some(report)
    }

    /// A file that has vanished is a mistake: nobody asked for the rules and credentials of the
    /// copy inside the program in its place.
    fn still_there(&self, fresh: Fresh) -> Result<Fresh, ExpectedError> {
        match fresh.embedded.iter().find(|name| !self.embedded.contains(name)) {
            Some(gone) => Err(ExpectedError::environment_message(format!("`{gone}` is gone"))),
            None => Ok(fresh),
        }
    }

    fn say(&self, report: &Report) {
        message::diagnostics(&report.diagnostics);
        let line = match &report.outcome {
            Ok(read) => {
                let line = Line::new("RELOADED").field("files", read.replace('`', ""));
                line.maybe("certificate", report.certificate.as_ref())
            }
            Err(reason) => {
                let line = Line::new("RELOAD_FAILED").field("reason", reason);
                line.field("hint", "the listener goes on as it was")
            }
        };
        self.log.line(line.at(self.clock.now()));
    }
}
