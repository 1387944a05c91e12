//! Batches of records on their way to disk, and what happens once they are there.
//!
//! Used by the automation for everything that must survive a crash before something else may
//! happen. It writes nothing itself.

use std::collections::BTreeMap;

use webhook::Event;

use crate::io::{AskId, DeliveryId, Outbox, Output, PersistId};
use crate::job::Job;
use crate::receive::Fingerprint;
use crate::record::{Consent, Record};

/// What follows once a batch is durable.
#[derive(Debug)]
pub(crate) enum Then {
    /// The event was accepted: answer its senders, then decide it.
    Decide(Box<Acceptance>),
    /// The event was decided: its jobs wait for their turn.
    Queue {
        /// The jobs.
        jobs: Vec<Job>,
        /// The bytes that the event took while it was undecided.
        bytes: usize,
    },
    /// A job that waited was answered: run it or not, and tell who asked.
    Consent(Box<Ask>),
    /// The attempt of this job was recorded: open its session.
    Open(String),
    /// Nothing waits for it.
    Nothing,
}

/// An event that is not durable yet, and who waits for that.
#[derive(Debug)]
pub(crate) struct Acceptance {
    pub(crate) event: Event,
    pub(crate) fingerprint: Fingerprint,
    /// The first delivery of it, then those that repeated it meanwhile; empty after a restart.
    pub(crate) deliveries: Vec<DeliveryId>,
    /// Bytes of its body.
    pub(crate) bytes: usize,
}

/// An answer to a job that waits, on its way to disk.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) ask: AskId,
    pub(crate) job: String,
    pub(crate) consent: Consent,
    pub(crate) by: String,
}

/// One batch.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) records: Vec<Record>,
    pub(crate) then: Then,
}

/// The batches whose fate is not known.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    waiting: BTreeMap<PersistId, Batch>,
    accepting: BTreeMap<String, PersistId>,
    next: u64,
}

impl Journal {
    /// Asks for records to be made durable.
    pub(crate) fn persist(&mut self, records: Vec<Record>, then: Then, out: &mut Outbox) {
        let persist = PersistId(self.next);
        self.next += 1;
        if let Then::Decide(acceptance) = &then {
            self.accepting.insert(acceptance.event.id.clone(), persist);
        }
        out.0.push(Output::Persist { persist, records: records.clone() });
        self.waiting.insert(persist, Batch { records, then });
    }

    /// Asks again for a batch that failed.
    pub(crate) fn again(&mut self, persist: PersistId, out: &mut Outbox) {
        if let Some(batch) = self.waiting.get(&persist) {
            out.0.push(Output::Persist { persist, records: batch.records.clone() });
        }
    }

    /// The batch, which is durable or given up.
    pub(crate) fn take(&mut self, persist: PersistId) -> Option<Batch> {
        let batch = self.waiting.remove(&persist)?;
        if let Then::Decide(acceptance) = &batch.then {
            self.accepting.remove(&acceptance.event.id);
        }
        Some(batch)
    }

    /// Whether a batch that failed must be asked for again: all but new events and answers, whose
    /// senders keep them.
    pub(crate) fn must_not_be_lost(&self, persist: PersistId) -> bool {
        let batch = self.waiting.get(&persist);
        batch.is_some_and(|batch| !matches!(batch.then, Then::Decide(_) | Then::Consent(_)))
    }

    /// The event of that id, if it is not durable yet.
    pub(crate) fn accepting(&mut self, event: &str) -> Option<&mut Acceptance> {
        let persist = self.accepting.get(event)?;
        match &mut self.waiting.get_mut(persist)?.then {
            Then::Decide(acceptance) => Some(acceptance),
            Then::Queue { .. } | Then::Consent(_) | Then::Open(_) | Then::Nothing => None,
        }
    }
}
