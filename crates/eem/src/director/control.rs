//! The scheduler as an operator sees and steers it: what waits, what runs, what is held back.

use std::collections::BTreeMap;

use simtime::Time;

use super::{Director, Statistics};
use crate::applet::Class;
use crate::interpreter::{Queued, Run};
use crate::program::Program;
use crate::request::RunId;

/// What a command of the scheduler is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Every policy.
    All,
    /// One job.
    Job(RunId),
    /// The applets, of one class or of all.
    Applets(Option<Class>),
}

/// Where a waiting job stands among the others of its queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Before all others.
    High,
    /// As configured.
    #[default]
    Normal,
    /// After those.
    Low,
    /// When nothing else waits.
    Last,
}

/// What `event manager scheduler modify` sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modification {
    /// Another class.
    Class(Class),
    /// Another priority.
    Priority(Priority),
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStatus {
    /// It waits for its time or for a thread.
    Pending,
    /// An operator holds it back.
    Held,
    /// It runs.
    Running,
}

/// One job of the scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job<'a> {
    /// Its number.
    pub run: RunId,
    /// How far it is.
    pub status: JobStatus,
    /// Its priority.
    pub priority: Priority,
    /// Its class.
    pub class: Class,
    /// When its event was published.
    pub published: Time,
    /// The event type: `syslog`, `none`.
    pub event: &'static str,
    /// The applet.
    pub applet: &'a str,
}

/// What an operator has changed of single jobs, and whether anything starts at all.
#[derive(Debug, Default)]
pub(super) struct Control {
    is_suspended: bool,
    adjusted: BTreeMap<RunId, Adjusted>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Adjusted {
    is_held: bool,
    priority: Priority,
    class: Option<Class>,
}

impl Control {
    fn of(&self, run: RunId) -> Adjusted {
        self.adjusted.get(&run).copied().unwrap_or_default()
    }

    /// Whether the job may start, as far as the operator is concerned.
    pub(super) fn admits(&self, run: RunId) -> bool {
        !self.is_suspended && !self.of(run).is_held
    }

    pub(super) fn priority(&self, run: RunId) -> Priority {
        self.of(run).priority
    }

    /// The class of a job: its applet's, unless it was given another.
    pub(super) fn class(&self, run: RunId, program: &Program) -> Class {
        self.of(run).class.unwrap_or(program.options.class)
    }

    /// The job is over.
    pub(super) fn forget(&mut self, run: RunId) {
        self.adjusted.remove(&run);
    }
}

impl Director {
    /// `event manager scheduler suspend` and its `no` form: nothing new starts meanwhile.
    pub fn suspend(&mut self, is_suspended: bool) {
        self.control.is_suspended = is_suspended;
    }

    /// Whether the scheduler is suspended.
    pub fn is_suspended(&self) -> bool {
        self.control.is_suspended
    }

    /// `event manager scheduler hold`: how many waiting jobs it concerns.
    pub fn hold(&mut self, selector: Selector) -> usize {
        self.adjust(selector, |adjusted| adjusted.is_held = true)
    }

    /// `event manager scheduler release`: how many waiting jobs it concerns.
    pub fn release(&mut self, selector: Selector) -> usize {
        self.adjust(selector, |adjusted| adjusted.is_held = false)
    }

    /// `event manager scheduler modify`: how many waiting jobs it concerns.
    pub fn modify(&mut self, selector: Selector, modification: Modification) -> usize {
        self.adjust(selector, |adjusted| match modification {
            Modification::Class(class) => adjusted.class = Some(class),
            Modification::Priority(priority) => adjusted.priority = priority,
        })
    }

    /// `event manager scheduler clear`: the jobs that never ran and never will. Those that run end
    /// at once, and say so with [`crate::Request::Finished`].
    pub fn clear(&mut self, selector: Selector) -> Vec<RunId> {
        let selected = self.selected(selector, self.pending());
        self.queue.retain(|queued| !selected.contains(&queued.id));
        selected.iter().for_each(|run| self.control.forget(*run));
        for run in self.selected(selector, self.active()) {
            self.running.get_mut(&run).into_iter().for_each(Run::kill);
        }
        selected
    }

    /// `clear event manager detector counters`, `clear event manager server counters`: counts anew.
    pub fn clear_statistics(&mut self) {
        self.registered
            .iter_mut()
            .for_each(|registered| registered.statistics = Statistics::default());
    }

    /// `clear event manager history events`
    pub fn clear_history(&mut self) {
        self.history.clear();
    }

    /// The jobs that wait, in the order in which they were published.
    pub fn pending(&self) -> impl Iterator<Item = Job<'_>> {
        self.queue.iter().map(|queued: &Queued| {
            let held = self.control.of(queued.id).is_held;
            let status = if held { JobStatus::Held } else { JobStatus::Pending };
            self.job(
                queued.id,
                status,
                queued.published,
                queued.program.events[queued.event].event.kind,
                &queued.program,
            )
        })
    }

    /// The jobs that run, in the order of their numbers.
    pub fn active(&self) -> impl Iterator<Item = Job<'_>> {
        self.running.iter().map(|(id, run)| {
            self.job(*id, JobStatus::Running, run.published, run.kind, &run.program)
        })
    }

    /// How many jobs of a class may run at a time.
    pub fn threads(&self, class: Class) -> u32 {
        self.threads.get(&class).copied().unwrap_or(super::THREADS_DEFAULT)
    }

    /// The classes that were given a number of threads, and how many.
    pub fn configured_threads(&self) -> impl Iterator<Item = (Class, u32)> + '_ {
        self.threads.iter().map(|(class, number)| (*class, *number))
    }

    fn job<'a>(
        &self,
        run: RunId,
        status: JobStatus,
        published: Time,
        event: &'static str,
        program: &'a Program,
    ) -> Job<'a> {
        let (priority, class) = (self.control.priority(run), self.control.class(run, program));
        Job { run, status, priority, class, published, event, applet: &program.name }
    }

    fn selected<'a>(&self, selector: Selector, jobs: impl Iterator<Item = Job<'a>>) -> Vec<RunId> {
        jobs.filter(|job| selector.takes(job)).map(|job| job.run).collect()
    }

    fn adjust(&mut self, selector: Selector, change: impl Fn(&mut Adjusted)) -> usize {
        let selected = self.selected(selector, self.pending());
        let adjusted = &mut self.control.adjusted;
        selected.iter().for_each(|run| change(adjusted.entry(*run).or_default()));
        selected.len()
    }
}

impl Selector {
    /// Whether it is about this job.
    pub fn takes(self, job: &Job<'_>) -> bool {
        match self {
            Selector::All | Selector::Applets(None) => true,
            Selector::Job(run) => job.run == run,
            Selector::Applets(Some(class)) => job.class == class,
        }
    }
}
