//! Windows of rules: what follows from an event when the window that it has opened closes.
//!
//! A window closes by the instants of events: before a later event is decided, or when its time has
//! come and nothing else has. So a process that was killed meanwhile decides the same.

use std::collections::BTreeMap;

use simtime::{Time, TimerId};
use webhook::Event;

use super::intake::{said, trace};
use super::{Automation, Timer};
use crate::decide::Decision;
use crate::io::Outbox;
use crate::job::Job;
use crate::journal::Then;
use crate::record::{Record, Resolved};

/// The events that have opened a window which is open; as many as the gates keep windows.
#[derive(Debug, Default)]
pub(super) struct Windows {
    events: BTreeMap<String, Event>,
    /// When the next one closes.
    timer: Option<(Time, TimerId)>,
}

impl Automation {
    /// Remembers an event that has opened a window, and when that closes.
    pub(super) fn note_windows(&mut self, now: Time, event: &Event, decision: &Decision) {
        if decision.rules.iter().any(|rule| rule.pending) {
            self.windows.events.insert(event.id.clone(), event.clone());
        }
        self.watch_windows(now);
    }

    /// A restart: the events whose windows are open.
    pub(super) fn recover_windows(&mut self, pending: BTreeMap<String, Event>) {
        self.windows.events = pending;
        let gates = &self.gates;
        self.windows.events.retain(|id, _| gates.waits_for(id));
    }

    /// Sets the timer of the window that closes next.
    pub(super) fn watch_windows(&mut self, now: Time) {
        let next = self.gates.next_due();
        if self.windows.timer.map(|(at, _)| at) == next {
            return;
        }
        if let Some((_, timer)) = self.windows.timer.take() {
            self.timers.cancel(timer);
        }
        let timer = next.map(|at| (at, self.timers.set(at.max(now), Timer::Window)));
        self.windows.timer = timer;
    }

    pub(super) fn windows_due(&mut self, now: Time, out: &mut Outbox) {
        self.windows.timer = None;
        self.close_windows(now, now, out);
        self.watch_windows(now);
    }

    /// Closes, one after the other, the windows whose time has come by `until`.
    pub(super) fn close_windows(&mut self, now: Time, until: Time, out: &mut Outbox) {
        while let Some(closed) = self.gates.take_due(until) {
            let id = &closed.opened.event;
            let Some(event) = self.windows.events.get(id).cloned() else { continue };
            let decision = self.decider().resolve(&closed, &event);
            self.forget_window(&event.id);
            let mut records = self.kept();
            let mut follow: Vec<Job> = Vec::new();
            if let Some(Decision { rules, jobs, begun, .. }) = decision {
                let job = |plan| Job::new(plan, &event.id, trace(&event), now);
                follow = jobs.iter().cloned().map(job).collect();
                let mut jobs = Some(jobs);
                for rule in rules {
                    said(now, &event, &rule, out);
                    let jobs = jobs.take().unwrap_or_default();
                    let event = event.id.clone();
                    records.push(Record::Resolved(Resolved { event, at: now, rule, jobs }));
                }
                for rule in &begun {
                    let (steps, first) = self.begin_steps(now, &event, rule, out);
                    records.extend(steps);
                    follow.extend(first);
                }
            }
            self.journal.persist(records, Then::Admit(follow), out);
        }
    }

    /// What becomes of the windows that an event has closed before their time.
    pub(super) fn cancelled(&mut self, now: Time, out: &mut Outbox) -> Vec<Record> {
        let mut records = Vec::new();
        for (rule, id, why) in self.gates.take_cancelled() {
            let Some(event) = self.windows.events.get(&id).cloned() else { continue };
            let rule = self.decider().cancelled(&rule, &event, why);
            said(now, &event, &rule, out);
            self.forget_window(&id);
            records.push(Record::Resolved(Resolved { event: id, at: now, rule, jobs: Vec::new() }));
        }
        records
    }

    fn forget_window(&mut self, event: &str) {
        if !self.gates.waits_for(event) {
            self.windows.events.remove(event);
        }
    }
}
