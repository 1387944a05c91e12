//! Lines of syslog: in, onto disk, decided. Nobody waits for an answer, or sends one again.

use fact::Kind;
use simtime::Time;
use webhook::Event;

use super::intake::{self, SEQUENCES_MAX};
use super::{Automation, fact};
use crate::config::Place;
use crate::id;
use crate::io::{Line, Outbox};
use crate::journal::{Acceptance, Then};
use crate::receive::{self, Fingerprint, Refusal};
use crate::record::{Accepted, Record, Verification};

impl Automation {
    /// Whether a further line can be taken in. A connection can be held back until it can.
    pub fn has_room(&self) -> bool {
        let is_full = self.intake.is_full(syslog::LINE_BYTES_MAX) || self.jobs.all_full();
        !is_full && !self.journal.is_stopped() && self.sequences.len() < SEQUENCES_MAX
    }

    /// Where lines are taken that are sent there, if they are.
    pub fn collector(&self, sent_to: Place) -> Option<Place> {
        self.config.collector_for(sent_to)
    }

    pub(super) fn heard(&mut self, now: Time, line: &Line<'_>, out: &mut Outbox) {
        let taken = match self.has_room() {
            true => receive::line(&self.config, &mut self.rates, now, line),
            false => Err(Refusal::busy("too much waits, or the journal cannot be written")),
        };
        let taken = taken.and_then(|event| match &event.device {
            Some(device) if self.jobs.full(device) => {
                Err(Refusal::busy("too many jobs wait for this device"))
            }
            Some(_) | None => Ok(event),
        });
        match taken {
            Ok(event) => self.take_line(line, event, out),
            Err(refusal) => {
                let kind = Kind::Rejected {
                    source: line.place.transport.source().to_owned(),
                    status: refusal.status,
                    reason: refusal.detail,
                    peer: Some(line.peer.to_string()),
                };
                fact(now, None, None, kind, out);
            }
        }
    }

    fn take_line(&mut self, line: &Line<'_>, event: Event, out: &mut Outbox) {
        let event = Event { id: id::draw("evt", &mut self.ids), ..event };
        let bytes = line.bytes.len();
        intake::taken(&event, line.peer, None, out);
        self.intake.accepted(bytes);
        let accepted = Accepted {
            event: event.clone(),
            verification: Verification::default(),
            webhook_id: None,
            body_sha256: receive::digest(line),
        };
        let fingerprint = Fingerprint::of(&accepted, &self.config);
        let record = Record::Accepted(accepted);
        let (deliveries, accept) = (Vec::new(), None);
        let acceptance = Acceptance { event, fingerprint, deliveries, accept, bytes };
        self.journal.persist(vec![record], Then::Decide(Box::new(acceptance)), out);
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
