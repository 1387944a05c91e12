//! Batches of records on their way to disk, and what happens once they are there.
//!
//! Used by the automation for everything that must survive a crash before something else may
//! happen. What is on disk is always a beginning of what was asked for: after a failure nothing
//! further is asked for until what failed is asked for again, in the same order. Else a crash could
//! leave the end of a try without its beginning. It writes nothing itself.

use std::collections::{BTreeMap, BTreeSet};

use webhook::Event;

use crate::io::{AskId, DeliveryId, Outbox, Output, PersistId};
use crate::job::Job;
use crate::receive::Fingerprint;
use crate::record::{Consent, Record};

/// Batches that are on their way to the disk at a time; further ones wait here.
pub const BATCHES_IN_FLIGHT_MAX: usize = 512;

/// What follows once a batch is durable.
#[derive(Debug)]
pub(crate) enum Then {
    /// The event was accepted: answer its senders, then decide it.
    Decide(Box<Acceptance>),
    /// The event was decided: its jobs wait for their turn.
    Queue {
        /// The event.
        event: Box<Event>,
        /// The jobs.
        jobs: Vec<Job>,
        /// The bytes that the event took while it was undecided.
        bytes: usize,
    },
    /// A window has closed: what follows waits for its turn.
    Admit(Vec<Job>),
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
    /// The first delivery of it, then those that repeated it meanwhile; a line of syslog has none.
    pub(crate) deliveries: Vec<DeliveryId>,
    /// What the first one wants to read.
    pub(crate) accept: Option<String>,
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

/// The batches that are not known to be durable.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    waiting: BTreeMap<PersistId, Batch>,
    /// Those of them that were asked for and not answered.
    in_flight: BTreeSet<PersistId>,
    /// Those of them that are to be asked for, again or for the first time.
    unasked: BTreeSet<PersistId>,
    accepting: BTreeMap<String, PersistId>,
    flow: Flow,
    next: u64,
}

/// Whether batches are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Flow {
    #[default]
    Open,
    /// One failed: what is in flight is still to be answered.
    Draining,
    /// All is answered; what failed waits for [`Journal::resume`].
    Stopped,
}

impl Journal {
    /// Asks for records to be made durable, after all that was asked for before.
    pub(crate) fn persist(&mut self, records: Vec<Record>, then: Then, out: &mut Outbox) {
        let persist = PersistId(self.next);
        self.next += 1;
        if let Then::Decide(acceptance) = &then {
            self.accepting.insert(acceptance.event.id.clone(), persist);
        }
        self.waiting.insert(persist, Batch { records, then });
        self.unasked.insert(persist);
        self.ask(out);
    }

    /// The batch is durable. `None` for one that nobody asked for.
    pub(crate) fn durable(&mut self, persist: PersistId, out: &mut Outbox) -> Option<Batch> {
        if !self.in_flight.remove(&persist) {
            return None;
        }
        let batch = self.take(persist);
        self.ask(out);
        batch
    }

    /// The batch is not on disk. New events and answers are given back, since their senders keep
    /// them; all else waits here until it is asked for again.
    pub(crate) fn failed(&mut self, persist: PersistId) -> Vec<Then> {
        if !self.in_flight.remove(&persist) {
            return Vec::new();
        }
        self.flow = Flow::Draining;
        self.unasked.insert(persist);
        let is_kept = |id: &PersistId| {
            let batch = self.waiting.get(id);
            batch.is_some_and(|batch| match &batch.then {
                // A line of syslog has nobody who would send it again.
                Then::Decide(acceptance) => !acceptance.deliveries.is_empty(),
                Then::Consent(_) => true,
                Then::Queue { .. } | Then::Admit(_) | Then::Open(_) | Then::Nothing => false,
            })
        };
        let refused: Vec<PersistId> = self.unasked.iter().copied().filter(is_kept).collect();
        refused.into_iter().filter_map(|id| self.give_up(id)).collect()
    }

    /// Whether a failure has been answered in full just now, so that [`Journal::resume`] is due
    /// after a pause. Nothing is left to ask for again when only such failed as senders keep.
    pub(crate) fn must_pause(&mut self, out: &mut Outbox) -> bool {
        if self.flow != Flow::Draining || !self.in_flight.is_empty() {
            return false;
        }
        if self.waiting.is_empty() {
            self.resume(out);
            return false;
        }
        self.flow = Flow::Stopped;
        true
    }

    /// Asks again for all that failed, in order.
    pub(crate) fn resume(&mut self, out: &mut Outbox) {
        self.flow = Flow::Open;
        self.ask(out);
    }

    /// Whether the disk refused something that is still to be written: no new event is taken.
    pub(crate) fn is_stopped(&self) -> bool {
        self.flow != Flow::Open
    }

    /// The event of that id, if it is not durable yet.
    pub(crate) fn accepting(&mut self, event: &str) -> Option<&mut Acceptance> {
        let persist = self.accepting.get(event)?;
        match &mut self.waiting.get_mut(persist)?.then {
            Then::Decide(acceptance) => Some(acceptance),
            Then::Queue { .. }
            | Then::Admit(_)
            | Then::Consent(_)
            | Then::Open(_)
            | Then::Nothing => None,
        }
    }

    fn ask(&mut self, out: &mut Outbox) {
        while self.flow == Flow::Open && self.in_flight.len() < BATCHES_IN_FLIGHT_MAX {
            let Some(persist) = self.unasked.pop_first() else { return };
            let Some(batch) = self.waiting.get(&persist) else { continue };
            out.0.push(Output::Persist { persist, records: batch.records.clone() });
            self.in_flight.insert(persist);
        }
    }

    fn take(&mut self, persist: PersistId) -> Option<Batch> {
        let batch = self.waiting.remove(&persist)?;
        if let Then::Decide(acceptance) = &batch.then {
            self.accepting.remove(&acceptance.event.id);
        }
        Some(batch)
    }

    fn give_up(&mut self, persist: PersistId) -> Option<Then> {
        self.unasked.remove(&persist);
        self.take(persist).map(|batch| batch.then)
    }
}
