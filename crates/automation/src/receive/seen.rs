//! Which deliveries came before: an index of ids, bounded, oldest forgotten first.
//!
//! An id counts within one source and one sender only. A signed delivery cannot outlive this index
//! by much: its signature is refused after 300 s.

use std::collections::{BTreeMap, VecDeque};

use crate::record::{Accepted, Holder};

/// How many ids are remembered.
const IDS_MAX: usize = 65_536;

/// What tells one delivery from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) source: String,
    pub(crate) holder: Option<Holder>,
    pub(crate) webhook_id: Option<String>,
    pub(crate) body_sha256: String,
}

/// What is known of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It never came, or without an id.
    New,
    /// The same bytes came, as this event.
    Same(String),
    /// Other bytes came under it.
    Other,
}

type Key = (String, Option<Holder>, String);

/// The ids of accepted deliveries.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    events: BTreeMap<Key, (String, String)>,
    order: VecDeque<Key>,
}

impl Seen {
    pub(crate) fn look_up(&self, fingerprint: &Fingerprint) -> Known {
        let entry = fingerprint.key().and_then(|key| self.events.get(&key));
        match entry {
            None => Known::New,
            Some((event, body)) if *body == fingerprint.body_sha256 => Known::Same(event.clone()),
            Some(_) => Known::Other,
        }
    }

    pub(crate) fn remember(&mut self, fingerprint: &Fingerprint, event: &str) {
        let Some(key) = fingerprint.key() else { return };
        let entry = (event.to_owned(), fingerprint.body_sha256.clone());
        if self.events.insert(key.clone(), entry).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > IDS_MAX {
            let oldest = self.order.pop_front();
            oldest.map(|key| self.events.remove(&key));
        }
    }

    /// Takes back an id whose event did not become durable.
    pub(crate) fn forget(&mut self, fingerprint: &Fingerprint) {
        let Some(key) = fingerprint.key() else { return };
        self.events.remove(&key);
        self.order.retain(|known| *known != key);
    }
}

impl Fingerprint {
    /// The fingerprint under which an event was accepted.
    pub(crate) fn of(accepted: &Accepted) -> Self {
        Fingerprint {
            source: accepted.event.source.clone(),
            holder: accepted.verification.credential.clone(),
            webhook_id: accepted.webhook_id.clone(),
            body_sha256: accepted.body_sha256.clone(),
        }
    }

    fn key(&self) -> Option<Key> {
        let id = self.webhook_id.clone()?;
        Some((self.source.clone(), self.holder.clone(), id))
    }
}
