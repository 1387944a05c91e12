//! Which deliveries came before: indexes of ids and bodies, each bounded.
//!
//! A signed id counts for its signer on every source, and is not forgotten while its signature can
//! be fresh, so that a captured delivery starts nothing, wherever it is sent. An id without a
//! signature over it counts within one source and one sender; when there are too many, the oldest
//! is forgotten. So are bodies, where a source asks for that.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use simtime::{Duration, Time};
use webhook::standard;

use crate::config::Config;
use crate::record::{Accepted, Holder, Method, Verification};

/// How many ids or bodies are kept when there is no need to.
const KEPT_MAX: usize = 65_536;
/// How many signed ids are remembered in all; one more is refused.
const SIGNED_IDS_MAX: usize = 524_288;
/// How many of them may be one signer's, so that none can take the place of all.
const SIGNED_IDS_OF_ONE_MAX: usize = 131_072;
/// How long a signed id is remembered at least, in seconds.
const SIGNED_ID_S: u64 = standard::FRESH_S_MAX;

/// What tells one delivery from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) source: String,
    pub(crate) holder: Option<Holder>,
    pub(crate) webhook_id: Option<String>,
    pub(crate) body_sha256: String,
    /// When it came.
    pub(crate) at: Time,
    /// Whether a signature covers its id.
    pub(crate) signed: bool,
    /// How long its source takes the same body for a repeat.
    pub(crate) dedup: Option<Duration>,
}

/// What is known of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It never came.
    New,
    /// The same bytes came, as this event.
    Same(String),
    /// Other bytes came under its id.
    Other,
}

/// How much is remembered, apart from the code so that tests can fill it.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    kept: usize,
    signed: usize,
    signed_of_one: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { kept: KEPT_MAX, signed: SIGNED_IDS_MAX, signed_of_one: SIGNED_IDS_OF_ONE_MAX }
    }
}

/// The accepted deliveries.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    bounds: Bounds,
    signed: Index,
    /// How many signed ids each signer has.
    of_signer: BTreeMap<Holder, usize>,
    unsigned: Index,
    bodies: Index,
}

/// SHA-256 of what is looked up: of one size, whatever a sender chose.
type Key = [u8; 32];

/// Entries, and the order in which they came.
#[derive(Debug, Default)]
struct Index {
    entries: BTreeMap<Key, Entry>,
    order: BTreeMap<u64, Key>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    event: String,
    body: Key,
    at: Time,
    holder: Option<Holder>,
    place: u64,
}

impl Seen {
    pub(crate) fn look_up(&self, fingerprint: &Fingerprint) -> Known {
        let index = if fingerprint.signed { &self.signed } else { &self.unsigned };
        let by_id = fingerprint.id_key().and_then(|key| index.entries.get(&key));
        if let Some(entry) = by_id {
            return match entry.body == fingerprint.body() {
                true => Known::Same(entry.event.clone()),
                false => Known::Other,
            };
        }
        let Some(span) = fingerprint.dedup else { return Known::New };
        let by_body = self.bodies.entries.get(&fingerprint.body_key());
        match by_body.filter(|entry| fingerprint.at.since(entry.at) <= span) {
            Some(entry) => Known::Same(entry.event.clone()),
            None => Known::New,
        }
    }

    /// Whether a new delivery can be remembered for as long as it must be; if not, how long it is
    /// until the oldest one may be forgotten.
    pub(crate) fn has_room(&self, fingerprint: &Fingerprint) -> Result<(), Duration> {
        let signer = fingerprint.holder.as_ref().filter(|_| fingerprint.signed);
        let Some(signer) = signer else { return Ok(()) };
        let own = self.of_signer.get(signer).copied().unwrap_or_default();
        let all = self.signed.entries.len();
        let full = own >= self.bounds.signed_of_one || all >= self.bounds.signed;
        match self.signed.oldest().filter(|_| full) {
            Some(oldest) if !outlived(oldest, fingerprint.at) => {
                let end = oldest.at + Duration::from_secs(SIGNED_ID_S);
                Err(end.since(fingerprint.at))
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(crate) fn remember(&mut self, fingerprint: &Fingerprint, event: &str) {
        if fingerprint.dedup.is_some() {
            self.bodies.insert(fingerprint.body_key(), fingerprint, event);
            self.bodies.cut(self.bounds.kept);
        }
        let Some(key) = fingerprint.id_key() else { return };
        if !fingerprint.signed {
            self.unsigned.insert(key, fingerprint, event);
            self.unsigned.cut(self.bounds.kept);
            return;
        }
        let replaced = self.signed.insert(key, fingerprint, event);
        self.count(replaced.and_then(|entry| entry.holder), -1);
        self.count(fingerprint.holder.clone(), 1);
        while self.signed.entries.len() > self.bounds.kept
            && self.signed.oldest().is_some_and(|oldest| outlived(oldest, fingerprint.at))
        {
            let oldest = self.signed.pop_oldest();
            self.count(oldest.and_then(|entry| entry.holder), -1);
        }
    }

    /// Takes back a delivery whose event did not become durable.
    pub(crate) fn forget(&mut self, fingerprint: &Fingerprint) {
        if fingerprint.dedup.is_some() {
            self.bodies.remove(&fingerprint.body_key());
        }
        let Some(key) = fingerprint.id_key() else { return };
        if fingerprint.signed {
            let removed = self.signed.remove(&key);
            self.count(removed.and_then(|entry| entry.holder), -1);
        } else {
            self.unsigned.remove(&key);
        }
    }

    fn count(&mut self, signer: Option<Holder>, change: isize) {
        let Some(signer) = signer else { return };
        let count = self.of_signer.entry(signer).or_default();
        *count = count.saturating_add_signed(change);
    }
}

/// Whether no signature of that time can be fresh any more.
fn outlived(entry: &Entry, now: Time) -> bool {
    now.since(entry.at) > Duration::from_secs(SIGNED_ID_S)
}

impl Index {
    fn insert(&mut self, key: Key, fingerprint: &Fingerprint, event: &str) -> Option<Entry> {
        let place = self.next;
        self.next += 1;
        let entry = Entry {
            event: event.to_owned(),
            body: fingerprint.body(),
            at: fingerprint.at,
            holder: fingerprint.holder.clone(),
            place,
        };
        let replaced = self.remove(&key);
        self.entries.insert(key, entry);
        self.order.insert(place, key);
        replaced
    }

    fn remove(&mut self, key: &Key) -> Option<Entry> {
        let entry = self.entries.remove(key)?;
        self.order.remove(&entry.place);
        Some(entry)
    }

    fn oldest(&self) -> Option<&Entry> {
        self.order.first_key_value().and_then(|(_, key)| self.entries.get(key))
    }

    fn pop_oldest(&mut self) -> Option<Entry> {
        let key = self.order.first_key_value().map(|(_, key)| *key)?;
        self.remove(&key)
    }

    fn cut(&mut self, most: usize) {
        while self.entries.len() > most {
            self.pop_oldest();
        }
    }
}

impl Fingerprint {
    /// The fingerprint under which an event was accepted; whether its source asks about bodies is
    /// what the configuration says now.
    pub(crate) fn of(accepted: &Accepted, config: &Config) -> Self {
        let event = &accepted.event;
        let entrance = config.entrance_of(event);
        Fingerprint {
            source: source(restconf::Method::named(&event.method), &event.source),
            holder: accepted.verification.credential.clone(),
            webhook_id: accepted.webhook_id.clone(),
            body_sha256: accepted.body_sha256.clone(),
            at: event.received_at,
            signed: is_signed(&accepted.verification),
            dedup: entrance.and_then(|entrance| entrance.dedup),
        }
    }

    /// A signed id is its signer's everywhere, another one is its sender's on one source.
    fn id_key(&self) -> Option<Key> {
        let id = self.webhook_id.as_deref()?;
        let source = if self.signed { "" } else { self.source.as_str() };
        Some(self.key(&[source, id]))
    }

    fn body_key(&self) -> Key {
        self.key(&[&self.source, &self.body_sha256])
    }

    fn body(&self) -> Key {
        Sha256::digest(&self.body_sha256).into()
    }

    /// Each part with its length before it, so that no two lists of parts read the same.
    fn key(&self, parts: &[&str]) -> Key {
        let (kind, name) = match &self.holder {
            None => ("", ""),
            Some(Holder::Node(name)) => ("node", name.as_str()),
            Some(Holder::Entry(name)) => ("entry", name.as_str()),
        };
        let mut hash = Sha256::new();
        for part in [kind, name].iter().chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// What tells one source from another.
pub(super) fn source(method: restconf::Method, path: &str) -> String {
    let method = if method == restconf::Method::Head { restconf::Method::Get } else { method };
    format!("{} {path}", method.as_str())
}

/// Whether a signature covers the id of a delivery.
pub(super) fn is_signed(verification: &Verification) -> bool {
    verification.methods.contains(&Method::StandardWebhooks)
}

#[cfg(test)]
#[path = "seen_tests.rs"]
mod tests;
