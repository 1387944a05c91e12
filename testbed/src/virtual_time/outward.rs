//! What actions reach beside devices: stand-ins of the APIs, and files in memory.
//!
//! A run touches neither the network nor the disk, and draws jokes and cards from its own seed.

use std::collections::BTreeMap;

use automation::backup::{difference, file_name};
use automation::record::HttpCall;
use automation::{HttpFailure, HttpResponse, Input, Offline, SessionId, Write, Written};
use simtime::{Duration, Rng, Time};

use super::wire::Wire;
use super::{Bench, COMMIT};

/// From a request to an API to its answer: half a world away and back.
const API: Duration = Duration::from_millis(120);
/// How much the files of one run hold in all, in bytes.
const FILES_BYTES_MAX: usize = 64 << 20;

/// The stand-ins and the files of a run.
#[derive(Debug)]
pub(super) struct Outward {
    offline: Offline,
    files: BTreeMap<String, Vec<u8>>,
    bytes: usize,
}

impl Outward {
    pub(super) fn new(rng: Rng) -> Self {
        Outward { offline: Offline::new(rng), files: BTreeMap::new(), bytes: 0 }
    }

    fn write(&mut self, write: Write) -> Result<Written, String> {
        match write {
            Write::Save { file, bytes, append } => {
                let mut whole = match append {
                    true => self.files.get(&file).cloned().unwrap_or_default(),
                    false => Vec::new(),
                };
                let written = bytes.len() as u64;
                whole.extend(bytes);
                self.put(&file, whole)?;
                Ok(Written { file, bytes: written, changed: true, diff: None })
            }
            Write::Backup { directory, device, text, .. } => {
                let file = format!("{directory}/{}", file_name(&device));
                let last = self.files.get(&file);
                let last = last.map(|last| String::from_utf8_lossy(last).into_owned());
                let diff = difference(last.as_deref(), &text, &device);
                let (changed, bytes) = (diff.is_some(), text.len() as u64);
                if changed {
                    self.put(&file, text.into_bytes())?;
                }
                Ok(Written { file, bytes, changed, diff: Some(diff.unwrap_or_default()) })
            }
        }
    }

    fn put(&mut self, file: &str, whole: Vec<u8>) -> Result<(), String> {
        let before = self.files.get(file).map_or(0, Vec::len);
        let bytes = self.bytes - before + whole.len();
        if bytes > FILES_BYTES_MAX {
            return Err(format!("the files of a virtual run hold {FILES_BYTES_MAX} bytes at most"));
        }
        self.bytes = bytes;
        self.files.insert(file.to_owned(), whole);
        Ok(())
    }
}

impl Bench {
    /// The seed from which stand-ins draw.
    pub fn standing_in(mut self, rng: Rng) -> Self {
        self.outward = Outward::new(rng);
        self
    }

    /// The files that were written, by name.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.outward.files
    }

    /// The automation asks an API.
    pub(super) fn call(&mut self, now: Time, session: SessionId, call: &HttpCall) {
        let answer = self.outward.offline.answer(self.automation.upstreams(), call);
        self.wire.set(now + API.min(call.timeout), Wire::Api { session, answer });
    }

    /// Its answer has come.
    pub(super) fn api_answered(
        &mut self,
        now: Time,
        session: SessionId,
        answer: Result<HttpResponse, HttpFailure>,
    ) {
        match answer {
            Ok(response) => {
                self.tell_automation(now, Input::HttpAnswered { session, response: &response });
            }
            Err(failure) => {
                self.tell_automation(now, Input::HttpFailed { session, failure, sent: false });
            }
        }
    }

    /// The automation writes a file.
    pub(super) fn write(&mut self, now: Time, session: SessionId, write: Write) {
        let written = self.outward.write(write);
        self.wire.set(now + COMMIT, Wire::Written { session, written });
    }
}
