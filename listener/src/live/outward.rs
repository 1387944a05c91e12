//! What actions reach beside devices: APIs, or what stands in for them, and files.
//!
//! Owned by the hand, made anew at a reload. Nothing here waits: each request and each file has a
//! task of its own, whose end is an event like those of sessions.

use std::path::Path;
use std::sync::Arc;

use automation::record::HttpCall;
use automation::{Config, HttpFailure, HttpResponse, Offline, Upstreams, Write, Written};
use simtime::{Rng, Time};

use crate::artifact::{Backed, Backup, FileError, Files};

pub(super) struct Outward {
    upstreams: Arc<Upstreams>,
    /// With `--offline`.
    offline: Option<Offline>,
    /// Or why there is no directory.
    files: Result<Arc<Files>, String>,
}

impl Outward {
    pub(super) fn new(config: &Config, rng: Rng) -> Result<Self, FileError> {
        let files = Files::open(Path::new(config.files_directory()))?;
        Ok(Outward {
            upstreams: Arc::clone(config.upstreams()),
            offline: config.is_offline().then(|| Offline::new(rng)),
            files: Ok(Arc::new(files)),
        })
    }

    /// Another configuration. Decks that were opened stay; a directory that cannot be used is told
    /// to whoever writes there.
    pub(super) fn reload(&mut self, config: &Config) {
        self.upstreams = Arc::clone(config.upstreams());
        let opened = Files::open(Path::new(config.files_directory()));
        self.files = opened.map(Arc::new).map_err(|error| error.told());
    }

    /// The answer of a stand-in; `None` where the network is to be asked.
    pub(super) fn stand_in(
        &mut self,
        call: &HttpCall,
    ) -> Option<Result<HttpResponse, HttpFailure>> {
        self.offline.as_mut().map(|offline| offline.answer(&self.upstreams, call))
    }

    pub(super) fn upstreams(&self) -> Arc<Upstreams> {
        Arc::clone(&self.upstreams)
    }

    pub(super) fn files(&self) -> Result<Arc<Files>, String> {
        self.files.clone()
    }
}

/// Writes, and says what was written or why it was not.
pub(super) async fn write(files: Arc<Files>, write: Write, now: Time) -> Result<Written, String> {
    match write {
        Write::Save { file, bytes, append } => {
            let saved = tokio::task::spawn_blocking(move || {
                let size = files.save(&file, &bytes, append);
                size.map(|_| Written { file, bytes: bytes.len() as u64, changed: true, diff: None })
            });
            let saved = saved.await.map_err(|lost| lost.to_string())?;
            saved.map_err(|error| error.told())
        }
        Write::Backup { directory, device, text, git } => {
            let backed = files.backup(Backup { directory, device, text, git }, now).await;
            let Backed { file, changed, diff, bytes } = backed.map_err(|error| error.told())?;
            Ok(Written { file, bytes, changed, diff: Some(diff) })
        }
    }
}
