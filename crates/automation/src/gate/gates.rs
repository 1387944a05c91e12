//! The memory of all gates: bounded, and handed out as records whenever it changes.
//!
//! Owned by the automation. Whoever asks it persists [`Gates::take_kept`] in the same batch as what
//! follows, so that a restart remembers neither more nor less than what was decided.

use std::collections::{BTreeMap, BTreeSet};

use simtime::{Duration, Time};
use webhook::Event;

use super::change::{OWN_CHANGES_MAX, OwnChange, caused};
use super::memory::{Change, Keeper, Kept, Memory, Opened};
use super::pass::{self, Answer};
use super::policy::Policy;
use super::window::{self, Meeting};

/// How many groups of all rules are remembered.
const GROUPS_MAX: usize = 10_000;
/// How many windows that something follows from are open at a time.
const PENDING_MAX: usize = 1_024;

/// Names one memory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) keeper: Keeper,
    pub(crate) rule: String,
    pub(crate) group: String,
}

/// A window that has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    pub(crate) key: Key,
    pub(crate) opened: Opened,
    /// When, by the event that opened it.
    pub(crate) at: Time,
}

/// One rule that matches one event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) rule: &'a str,
    pub(crate) policy: &'a Policy,
    pub(crate) event: &'a str,
    pub(crate) at: Time,
    /// Which conditions of its window the event meets.
    pub(crate) met: &'a [bool],
    pub(crate) window_group: &'a str,
    pub(crate) gate_group: &'a str,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    memory: Memory,
    /// From when on it is as good as none.
    expires: Time,
}

/// What the gates remember.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    entries: BTreeMap<Key, Entry>,
    changes: BTreeMap<String, (String, Change)>,
    due: BTreeSet<(Time, Key)>,
    /// Windows that were closed before their time: the rule, the event that had opened it, and why
    /// nothing follows from it.
    cancelled: Vec<(String, String, String)>,
    kept: Vec<Kept>,
}

impl Gates {
    /// Whether a rule that matches fires.
    pub(crate) fn ask(&mut self, asked: Asked<'_>) -> Answer {
        if let Some(window) = asked.policy.window {
            let meeting = Meeting { event: asked.event, at: asked.at, met: asked.met };
            let key = Key::new(Keeper::Window, asked.rule, asked.window_group);
            let answer = self.change(key, &asked, |memory| window::meet(window, memory, &meeting));
            let Answer::Fire(why) = answer else { return answer };
            return match self.pass(&asked) {
                Answer::Fire(more) if more.is_empty() => Answer::Fire(why),
                Answer::Fire(more) => Answer::Fire(format!("{why}; {more}")),
                held @ (Answer::Held(_) | Answer::Pending { .. }) => held,
            };
        }
        self.pass(&asked)
    }

    /// What follows from a window that has closed, if its rule is still there.
    pub(crate) fn settle(&mut self, closed: &Closed, asked: Asked<'_>) -> Answer {
        match closed.key.keeper {
            Keeper::Gate => {
                let Closed { key, opened, at } = closed;
                self.change(key.clone(), &asked, |memory| {
                    Answer::Fire(pass::close(asked.policy, memory, opened, *at))
                })
            }
            Keeper::Window | Keeper::Change | Keeper::Variable => match self.pass(&asked) {
                Answer::Fire(more) => {
                    let span = asked.policy.window.map(|window| window.span()).unwrap_or_default();
                    let why = format!("not all conditions were met within {span}");
                    let more = if more.is_empty() { more } else { format!("; {more}") };
                    Answer::Fire(why + &more)
                }
                held @ (Answer::Held(_) | Answer::Pending { .. }) => held,
            },
        }
    }

    fn pass(&mut self, asked: &Asked<'_>) -> Answer {
        let policy = asked.policy;
        if policy.throttle.is_none() && policy.dampen.is_none() && policy.cool_down.is_none() {
            return Answer::Fire(String::new());
        }
        let key = Key::new(Keeper::Gate, asked.rule, asked.gate_group);
        self.change(key, asked, |memory| pass::pass(policy, memory, asked.event, asked.at))
    }

    /// Changes the memory of one group, and keeps what became of it.
    fn change(
        &mut self,
        key: Key,
        asked: &Asked<'_>,
        change: impl FnOnce(&mut Memory) -> Answer,
    ) -> Answer {
        if !self.entries.contains_key(&key) && !self.has_room(asked) {
            return Answer::Held(format!("{GROUPS_MAX} groups are remembered already"));
        }
        let mut entry = self.entries.remove(&key).unwrap_or_default();
        let closes = |entry: &Entry| entry.memory.open.as_ref().and_then(|open| open.closes);
        let before = entry.memory.open.clone().filter(|open| open.closes.is_some());
        let kept = entry.memory.clone();
        let mut answer = change(&mut entry.memory);
        if matches!(answer, Answer::Pending { .. }) && self.due.len() >= PENDING_MAX {
            entry.memory = kept;
            answer = Answer::Held(format!("{PENDING_MAX} windows are open already"));
        }
        if let Some(Opened { event, closes: Some(at), .. }) = before {
            self.due.remove(&(at, key.clone()));
            if closes(&entry) != Some(at) {
                let why = format!("{} came in time", asked.event);
                self.cancelled.push((key.rule.clone(), event, why));
            }
        }
        if let Some(at) = closes(&entry) {
            self.due.insert((at, key.clone()));
        }
        let is_empty = entry.memory == Memory::default();
        entry.expires = asked.at.max(entry.memory.newest().unwrap_or(asked.at));
        entry.expires += asked.policy.horizon();
        self.keep(&key, asked.event, (!is_empty).then(|| entry.memory.clone()));
        if !is_empty {
            self.entries.insert(key, entry);
        }
        answer
    }

    fn has_room(&mut self, asked: &Asked<'_>) -> bool {
        if self.entries.len() < GROUPS_MAX {
            return true;
        }
        let is_over = |entry: &Entry| {
            let pending = entry.memory.open.as_ref().is_some_and(|open| open.closes.is_some());
            !pending && entry.expires < asked.at
        };
        let gone: Vec<Key> =
            self.entries.iter().filter(|(_, e)| is_over(e)).map(|(key, _)| key.clone()).collect();
        for key in &gone {
            self.entries.remove(key);
            self.keep(key, asked.event, None);
        }
        !gone.is_empty()
    }

    /// The next window that has closed by `at`, taken out.
    pub(crate) fn take_due(&mut self, at: Time) -> Option<Closed> {
        let (closes, key) = self.due.first().filter(|(closes, _)| *closes <= at)?.clone();
        self.due.pop_first();
        let mut entry = self.entries.remove(&key)?;
        let opened = entry.memory.open.take()?;
        if key.keeper == Keeper::Window {
            entry.memory.met.clear();
        }
        let is_empty = entry.memory == Memory::default();
        self.keep(&key, &opened.event, (!is_empty).then(|| entry.memory.clone()));
        if !is_empty {
            self.entries.insert(key.clone(), entry);
        }
        Some(Closed { key, opened, at: closes })
    }

    /// The windows that were closed before their time, since this was last asked: the rule, the
    /// event that had opened it, and why nothing follows.
    pub(crate) fn take_cancelled(&mut self) -> Vec<(String, String, String)> {
        std::mem::take(&mut self.cancelled)
    }

    /// Whether a window that this event has opened is open.
    pub(crate) fn waits_for(&self, event: &str) -> bool {
        self.due.iter().any(|(_, key)| {
            let open = self.entries.get(key).and_then(|entry| entry.memory.open.as_ref());
            open.is_some_and(|open| open.event == event)
        })
    }

    /// When the next window closes.
    pub(crate) fn next_due(&self) -> Option<Time> {
        self.due.first().map(|(at, _)| *at)
    }

    /// The job of ours that caused an event.
    pub(crate) fn caused_by(&self, event: &Event) -> Option<&str> {
        let mut changes = self.changes.iter();
        changes.find(|(_, (_, change))| caused(change, event)).map(|(job, _)| job.as_str())
    }

    /// A job of ours is about to change a device; one that is tried again goes on changing it.
    pub(crate) fn change_begins(&mut self, now: Time, change: &OwnChange<'_>) {
        let OwnChange { job, event, device, lines, trace } = change.clone();
        self.forget_changes(now);
        let since = self.changes.get(job).map_or(now, |(_, change)| change.since);
        let (device, lines) = (device.to_owned(), lines.to_vec());
        let change = Change { device, lines, trace, since, until: None };
        self.changes.insert(job.to_owned(), (event.to_owned(), change));
        self.keep_change(job);
    }

    /// It has ended; its effects can still come for a while.
    pub(crate) fn change_ends(&mut self, now: Time, job: &str, effects: Duration) {
        if let Some((_, change)) = self.changes.get_mut(job) {
            change.until = Some(now + effects);
            self.keep_change(job);
        }
    }

    fn keep_change(&mut self, job: &str) {
        let Some((event, change)) = self.changes.get(job).cloned() else { return };
        let memory = Memory { change: Some(change), ..Memory::default() };
        self.keep(&Key::new(Keeper::Change, "", job), &event, Some(memory));
    }

    fn forget_changes(&mut self, now: Time) {
        let is_over = |change: &Change| change.until.is_some_and(|until| until < now);
        let mut gone: Vec<String> = Vec::new();
        for (job, (_, change)) in &self.changes {
            if is_over(change) {
                gone.push(job.clone());
            }
        }
        if gone.is_empty() && self.changes.len() >= OWN_CHANGES_MAX {
            let oldest = self.changes.iter().min_by_key(|(_, (_, change))| change.since);
            gone.extend(oldest.map(|(job, _)| job.clone()));
        }
        for job in gone {
            if let Some((event, _)) = self.changes.remove(&job) {
                self.keep(&Key::new(Keeper::Change, "", &job), &event, None);
            }
        }
    }

    fn keep(&mut self, key: &Key, event: &str, memory: Option<Memory>) {
        let Key { keeper, rule, group } = key.clone();
        self.kept.push(Kept { keeper, rule, group, event: event.to_owned(), memory });
    }

    /// What has changed since this was last asked, to be made durable.
    pub(crate) fn take_kept(&mut self) -> Vec<Kept> {
        std::mem::take(&mut self.kept)
    }

    /// A restart: one memory as the journal has it. `policy` is that of its rule, if it is there.
    pub(crate) fn recover(&mut self, kept: &Kept, policy: Option<&Policy>) {
        let key = Key::new(kept.keeper, &kept.rule, &kept.group);
        if let Some(old) = self.entries.remove(&key)
            && let Some(at) = old.memory.open.and_then(|open| open.closes)
        {
            self.due.remove(&(at, key.clone()));
        }
        let Some(memory) = kept.memory.clone() else {
            self.changes.remove(&kept.group);
            return;
        };
        if let Some(change) = memory.change {
            self.changes.insert(kept.group.clone(), (kept.event.clone(), change));
            return;
        }
        if let Some(at) = memory.open.as_ref().and_then(|open| open.closes) {
            self.due.insert((at, key.clone()));
        }
        let newest = memory.newest().unwrap_or_default();
        let expires = newest + policy.map(Policy::horizon).unwrap_or_default();
        self.entries.insert(key, Entry { memory, expires });
    }
}

impl Key {
    pub(crate) fn new(keeper: Keeper, rule: &str, group: &str) -> Self {
        Key { keeper, rule: rule.to_owned(), group: group.to_owned() }
    }
}
