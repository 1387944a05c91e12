//! Plays a scenario: each step at its time, as often as it says, and those that wait for something.
//!
//! Called by [`Lab::handle`] and when something of it is due. Of a repeated step one occurrence
//! at a time is on the schedule, so that a day of flaps takes no more room than an hour.

use std::collections::BTreeMap;
use std::sync::Arc;

use fact::{Kind, TraceId};
use simtime::{Duration, Time};

use crate::lab::Event;
use crate::scenario::When;
use crate::step::Stage;
use crate::{Lab, NodeId, Outbox, Scenario, ScheduledStep, Step};

/// What a lab keeps of the scenarios that it plays.
#[derive(Debug, Default)]
pub(crate) struct Playing {
    /// Steps that wait until something of this name comes.
    waiting: BTreeMap<String, Vec<Arc<ScheduledStep>>>,
    /// Occurrences that are left of the steps with a name, by that name.
    left: BTreeMap<Arc<str>, u64>,
}

/// One occurrence of one step for one node.
#[derive(Clone, Debug)]
pub(crate) struct Occurrence {
    scheduled: Arc<ScheduledStep>,
    /// Which of its nodes.
    index: usize,
    /// Which time, from 0.
    number: u32,
    /// When the first was due, without jitter.
    first: Time,
}

impl Lab {
    pub(crate) fn play(&mut self, now: Time, scenario: &Scenario) {
        for step in &scenario.steps {
            let step = Arc::new(step.clone());
            if let Some(name) = &step.name {
                self.playing.left.insert(Arc::clone(name), step.occurrences());
            }
            match &step.when {
                When::At(at) => self.begin(now + *at, &step),
                When::After { name, .. } => {
                    self.playing.waiting.entry(name.value.clone()).or_default().push(step);
                }
            }
        }
    }

    /// Something that steps may wait for has come.
    pub(crate) fn met(&mut self, now: Time, name: &str) {
        for step in self.playing.waiting.remove(name).unwrap_or_default() {
            let delay = match &step.when {
                When::After { delay, .. } => *delay,
                When::At(_) => Duration::ZERO,
            };
            self.begin(now + delay, &step);
        }
    }

    fn begin(&mut self, at: Time, step: &Arc<ScheduledStep>) {
        for index in 0..step.steps.len() {
            let scheduled = Arc::clone(step);
            self.set_occurrence(Occurrence { scheduled, index, number: 0, first: at });
        }
    }

    fn set_occurrence(&mut self, occurrence: Occurrence) {
        let repeat = occurrence.scheduled.repeat;
        let node = occurrence.scheduled.steps[occurrence.index].id();
        let due = occurrence.first + repeat.every.saturating_mul(u64::from(occurrence.number));
        let jitter = match repeat.jitter {
            Duration::ZERO => Duration::ZERO,
            jitter => self.chance(node).up_to(jitter),
        };
        self.schedule.set(due + jitter, node, Event::Occurrence(occurrence));
    }

    /// The generator of what a scenario leaves to chance at a node.
    pub(crate) fn chance(&mut self, node: NodeId) -> &mut simtime::Rng {
        match self.routers.get_mut(node.0 as usize) {
            Some(router) => &mut router.chance,
            None => &mut self.chance,
        }
    }

    /// An occurrence is due: it is carried out, and the next one put on the schedule.
    pub(crate) fn occur(&mut self, now: Time, occurrence: Occurrence, out: &mut Outbox) {
        let Occurrence { scheduled, index, number, .. } = &occurrence;
        let step = scheduled.steps[*index].clone();
        let (place, name) = (scheduled.place, scheduled.name.clone());
        let lasts = step.lasts();
        if number + 1 < scheduled.repeat.times {
            self.set_occurrence(Occurrence { number: number + 1, ..occurrence.clone() });
        }
        self.carry_out(now, &step, Some(place), out);
        let Some(name) = name else { return };
        let Some(left) = self.playing.left.get_mut(&name) else { return };
        *left = left.saturating_sub(1);
        if *left == 0 && self.playing.waiting.contains_key(&*name) {
            self.schedule.set(now + lasts, NodeId::NONE, Event::Met(name));
        }
    }

    /// A fault begins: it gets its id here, before anything follows from it.
    pub(crate) fn carry_out(
        &mut self,
        now: Time,
        step: &Step,
        place: Option<u32>,
        out: &mut Outbox,
    ) {
        let node = step.id();
        let trace = self.routers.get_mut(node.0 as usize);
        let trace = trace.map(|router| TraceId::draw(&mut router.traces));
        self.say(now, node, Kind::Fault { step: step.to_string(), place }, trace, out);
        step.carry_out(&mut Stage { lab: self, now, node, trace, out });
    }
}
