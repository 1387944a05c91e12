//! Deliveries: in, onto disk, answered, decided.

use std::net::IpAddr;

use fact::{Kind, TraceId};
use simtime::Time;
use webhook::Event;

use super::{Automation, fact};
use crate::decide::Decider;
use crate::id;
use crate::io::{Delivery, DeliveryId, Outbox, Output};
use crate::job::Job;
use crate::journal::{Acceptance, Then};
use crate::receive::{self, Authenticated, Checked, Known, Refusal};
use crate::record::{Accepted, ActionVerdict, Decided, JobPlan, Record, RuleVerdict};

/// How many events may be accepted and not decided.
const UNDECIDED_EVENTS_MAX: usize = 1_024;
/// How much their bodies may have in all, in bytes.
const UNDECIDED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How many rules with steps may be under way.
pub(super) const SEQUENCES_MAX: usize = 10_000;

/// What is accepted and not durably decided.
#[derive(Debug, Default)]
pub(super) struct Intake {
    events: usize,
    bytes: usize,
}

impl Intake {
    pub(super) fn is_full(&self, bytes: usize) -> bool {
        self.events >= UNDECIDED_EVENTS_MAX || self.bytes + bytes > UNDECIDED_BYTES_MAX
    }

    pub(super) fn events(&self) -> usize {
        self.events
    }

    pub(super) fn accepted(&mut self, bytes: usize) {
        self.events += 1;
        self.bytes += bytes;
    }

    pub(super) fn decided(&mut self, bytes: usize) {
        self.events -= 1;
        self.bytes -= bytes;
    }
}

impl Automation {
    pub(super) fn delivered(&mut self, now: Time, delivery: &Delivery<'_>, out: &mut Outbox) {
        if let Err(refusal) = self.take_in(now, delivery, out) {
            let entrance = self.config.entrance(delivery.method, delivery.path);
            let source = entrance.map_or(delivery.path, |entrance| &entrance.path);
            let kind = Kind::Rejected {
                source: source.to_owned(),
                status: refusal.status,
                reason: refusal.detail.clone(),
                peer: Some(delivery.peer.to_string()),
            };
            fact(now, None, None, kind, out);
            out.0.push(Output::Reply(refusal.reply(delivery.delivery)));
        }
    }

    fn take_in(
        &mut self,
        now: Time,
        delivery: &Delivery<'_>,
        out: &mut Outbox,
    ) -> Result<(), Refusal> {
        let authenticated = receive::authenticate(&self.config, &mut self.rates, now, delivery)?;
        match self.seen.look_up(&authenticated.fingerprint) {
            Known::New => {}
            Known::Same(event) => {
                self.repeated(now, delivery.delivery, event, out);
                return Ok(());
            }
            Known::Other => {
                let detail = "the `webhook-id` was used for another body";
                return Err(Refusal::new(409, detail));
            }
        }
        let checked = receive::check(&self.config, now, delivery, &authenticated.verification)?;
        // A signed id that could be forgotten too early would let its delivery in again.
        if let Err(wait) = self.seen.has_room(&authenticated.fingerprint) {
            let detail = "too many signed deliveries of this sender are fresh";
            return Err(Refusal::new(503, detail).retry_after(wait));
        }
        if self.journal.is_stopped() {
            return Err(Refusal::busy("the journal cannot be written"));
        }
        if self.intake.is_full(delivery.body.len()) {
            return Err(Refusal::busy("too many events wait for their decision"));
        }
        if checked.event.device.as_ref().is_some_and(|device| self.jobs.full(device)) {
            return Err(Refusal::busy("too many jobs wait for this device"));
        }
        if self.jobs.all_full() || self.sequences.len() >= SEQUENCES_MAX {
            return Err(Refusal::busy("too many jobs wait"));
        }
        self.accept(delivery, authenticated, checked, out);
        Ok(())
    }

    /// A repeat starts nothing; it is answered once the first one is durable.
    fn repeated(&mut self, now: Time, delivery: DeliveryId, event: String, out: &mut Outbox) {
        fact(now, None, None, Kind::Duplicate { event: event.clone() }, out);
        match self.journal.accepting(&event) {
            Some(acceptance) => acceptance.deliveries.push(delivery),
            None => out.0.push(Output::Reply(receive::duplicate(delivery, &event))),
        }
    }

    fn accept(
        &mut self,
        delivery: &Delivery<'_>,
        authenticated: Authenticated,
        checked: Checked,
        out: &mut Outbox,
    ) {
        let Checked { event, trace, sent } = checked;
        let event = Event { id: id::draw("evt", &mut self.ids), ..event };
        let Authenticated { verification, webhook_id, fingerprint } = authenticated;
        let bytes = delivery.body.len();
        taken(&event, delivery.peer, trace, out);
        self.seen.remember(&fingerprint, &event.id);
        self.intake.accepted(bytes);
        let record = Record::Accepted(Accepted {
            event: event.clone(),
            verification,
            webhook_id,
            body_sha256: fingerprint.body_sha256.clone(),
        });
        let deliveries = vec![delivery.delivery];
        let accept = receive::accept(delivery).map(str::to_owned);
        if let Some(sent) = sent {
            self.requests.insert(event.id.clone(), sent);
        }
        let acceptance = Acceptance { event, fingerprint, deliveries, accept, bytes };
        self.journal.persist(vec![record], Then::Decide(Box::new(acceptance)), out);
    }

    /// The event is on disk: now, and not before, its senders may hear so.
    pub(super) fn durable(&mut self, now: Time, acceptance: Acceptance, out: &mut Outbox) {
        let Acceptance { event, deliveries, accept, bytes, .. } = acceptance;
        let kind = Kind::Journalled { event: event.id.clone() };
        fact(now, event.device.as_deref(), trace(&event), kind, out);
        let mut deliveries = deliveries.into_iter();
        if let Some(first) = deliveries.next() {
            self.answer(now, &event, first, accept, out);
        }
        for delivery in deliveries {
            out.0.push(Output::Reply(receive::duplicate(delivery, &event.id)));
        }
        self.decide(now, &event, bytes, out);
    }

    pub(super) fn not_durable(
        &mut self,
        now: Time,
        acceptance: &Acceptance,
        reason: &str,
        out: &mut Outbox,
    ) {
        self.seen.forget(&acceptance.fingerprint);
        self.requests.remove(&acceptance.event.id);
        self.intake.decided(acceptance.bytes);
        let source = acceptance.event.source.clone();
        let reason = format!("the journal cannot be written: {reason}");
        let kind = Kind::Rejected { source, status: 503, reason, peer: None };
        fact(now, acceptance.event.device.as_deref(), trace(&acceptance.event), kind, out);
        for delivery in &acceptance.deliveries {
            let refusal = Refusal::busy("the event could not be stored");
            out.0.push(Output::Reply(refusal.reply(*delivery)));
        }
    }

    /// Asks the rules about a durable event; their verdict is durable before any job starts.
    pub(super) fn decide(&mut self, now: Time, event: &Event, bytes: usize, out: &mut Outbox) {
        self.close_windows(now, event.received_at, out);
        let decision = self.decider().decide(event);
        let trace = trace(event);
        for verdict in &decision.rules {
            said(now, event, verdict, out);
        }
        self.note_windows(now, event, &decision);
        let mut records = self.kept();
        records.extend(self.cancelled(now, out));
        let job = |plan: &JobPlan| Job::new(plan.clone(), &event.id, trace, now);
        let mut jobs: Vec<Job> = decision.jobs.iter().map(job).collect();
        records.push(Record::Decided(Decided {
            event: event.id.clone(),
            at: now,
            rules: decision.rules,
            jobs: decision.jobs,
            caused_by: decision.caused_by,
        }));
        for rule in &decision.begun {
            let (steps, first) = self.begin_steps(now, event, rule, out);
            records.extend(steps);
            jobs.extend(first);
        }
        self.requests.remove(&event.id);
        let event = Box::new(event.clone());
        self.journal.persist(records, Then::Queue { event, jobs, bytes }, out);
    }

    /// What a decision is made with.
    pub(super) fn decider(&mut self) -> Decider<'_> {
        let Automation { config, ids, waiting, gates, .. } = self;
        Decider { config, ids, waiting, gates }
    }

    /// What the gates remember otherwise than before.
    pub(super) fn kept(&mut self) -> Vec<Record> {
        let kept = self.gates.take_kept().into_iter().chain(self.variables.take_kept());
        kept.map(Record::Kept).collect()
    }
}

/// Says what a rule says about an event.
pub(super) fn said(now: Time, event: &Event, verdict: &RuleVerdict, out: &mut Outbox) {
    let kind = Kind::RuleDecided {
        event: event.id.clone(),
        rule: verdict.rule.clone(),
        matched: verdict.matched,
        fired: verdict.fired(),
        reason: reason(verdict),
    };
    fact(now, event.device.as_deref(), trace(event), kind, out);
}

/// Says that an event was taken in.
pub(super) fn taken(event: &Event, peer: IpAddr, trace: Option<TraceId>, out: &mut Outbox) {
    let (now, device) = (event.received_at, event.device.as_deref());
    let kind = Kind::Received {
        event: event.id.clone(),
        source: event.source.clone(),
        name: event.name.clone(),
        peer: Some(peer.to_string()),
        bytes: usize::try_from(event.bytes).unwrap_or(usize::MAX),
        normalized_from: event.normalized_from.map(|from| from.as_str().to_owned()),
    };
    fact(now, device, trace, kind, out);
    let kind = Kind::Verified {
        event: event.id.clone(),
        name: event.name.clone(),
        device_from: event.device_from.to_string(),
    };
    fact(now, device, trace, kind, out);
}

/// A rule's reason, why it is held back, and what of it is not run.
fn reason(verdict: &RuleVerdict) -> String {
    let skipped = verdict.actions.iter().filter_map(|action| match action {
        ActionVerdict::Skipped(why) => Some(why.as_str()),
        ActionVerdict::Job(_) => None,
    });
    let held = verdict.held.as_ref().map(|why| format!("held back: {why}"));
    let reason = std::iter::once(verdict.reason.as_str()).chain(held.as_deref());
    let whole: Vec<&str> = reason.chain(skipped).collect();
    whole.join("; ")
}

pub(super) fn trace(event: &Event) -> Option<TraceId> {
    event.trace_id.as_ref().and_then(|trace| trace.parse().ok())
}
