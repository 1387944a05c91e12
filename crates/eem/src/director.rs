//! The policy director: what is configured, what is registered, what waits, what runs.
//!
//! Its host edits applets line by line, reports events, and then takes [`Director::next`] until
//! there is nothing more to do at this instant, answering what wants an answer.

mod configure;
mod control;
mod statistics;

pub use control::{Job, JobStatus, Modification, Priority, Selector};
pub use statistics::Statistics;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use indexmap::IndexMap;
use simtime::{Duration, Time};

use crate::applet::{Applet, Class};
use crate::detector::{Armed, Variables};
use crate::frame::Shared;
use crate::history::{History, Record, Status};
use crate::interpreter::{Inside, Queued, Run, Surroundings, Wanted};
use crate::message::Message;
use crate::program::Program;
use crate::request::{Answer, Output, Request, RunId};
use crate::screening::{Hold, Screening, Typed};
use crate::storm::{EVENTS_QUEUED_MAX, Guard, Verdict};
use crate::{Dialect, Router, Stimulus};

/// From an event to the first action: measured on IOL (eem.md, section 2.3). It also bounds an
/// applet that raises itself: each round takes simulated time.
const PUBLISH_LATENCY: Duration = Duration::from_millis(3);
/// Applet threads of a class unless configured: Cisco's samples of `show event manager scheduler
/// thread` show 32 for class default (from memory; the letters are decided alike).
const THREADS_DEFAULT: u32 = 32;

/// The policy director of one router.
#[derive(Debug, Default)]
pub struct Director {
    dialect: Dialect,
    shared: Shared,
    threads: BTreeMap<Class, u32>,
    applets: IndexMap<Arc<str>, Configured>,
    registered: Vec<Registered>,
    queue: VecDeque<Queued>,
    running: BTreeMap<RunId, Run>,
    history: History,
    control: control::Control,
    guard: Guard,
    last_run: u64,
    last_event: u64,
}

#[derive(Debug)]
struct Configured {
    applet: Applet,
    is_edited: bool,
}

/// An applet that waits for its event.
#[derive(Debug)]
pub struct Registered {
    pub(crate) program: Arc<Program>,
    pub(crate) at: Time,
    armed: Box<dyn Armed>,
    last_published: Option<Time>,
    statistics: Statistics,
}

/// What came of a stimulus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The runs that it starts, so that their cause can be remembered.
    pub runs: Vec<RunId>,
    /// What is to be logged at once.
    pub notice: Option<Message>,
}

/// Why `event manager run` starts nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunRefused {
    /// No applet of that name is registered.
    Unknown,
    /// Its event is not `none`.
    NotEventNone,
    /// Too many runs wait already.
    QueueFull,
}

impl Director {
    /// A director without applets.
    pub fn new(dialect: Dialect) -> Self {
        Director { dialect, ..Director::default() }
    }

    /// The registered applets, in the order of registration.
    pub fn registered(&self) -> impl Iterator<Item = &Registered> {
        self.registered.iter()
    }

    /// The last events that started a run, oldest first.
    pub fn history(&self) -> impl Iterator<Item = &Record> {
        self.history.iter()
    }

    /// Offers something that happened to every registered applet.
    pub fn offer(&mut self, now: Time, stimulus: &Stimulus<'_>) -> Published {
        self.publish(now, |registered| registered.armed.offer(now, stimulus))
    }

    /// Looks at the timers and polls that are due at `now`.
    pub fn due(&mut self, now: Time, router: &dyn Router) -> Published {
        self.publish(now, |registered| {
            let is_due = registered.armed.deadline().is_some_and(|at| at <= now);
            is_due.then(|| registered.armed.due(now, router)).flatten()
        })
    }

    /// Whether any applet looks at what people type.
    pub fn watches_commands(&self) -> bool {
        self.registered.iter().any(|registered| registered.armed.watches_commands())
    }

    /// Offers a line that somebody types, before it is carried out.
    pub fn command(&mut self, now: Time, typed: &Typed<'_>) -> Screening {
        let raised = |registered: &mut Registered| registered.armed.command(now, typed);
        let (published, holds) = self.publish_held(now, raised);
        Screening::of(published, &holds)
    }

    /// Publishes the events that `raised` finds.
    fn publish(
        &mut self,
        now: Time,
        mut raised: impl FnMut(&mut Registered) -> Option<Variables>,
    ) -> Published {
        self.publish_held(now, |registered| Some((raised(registered)?, Hold::Pass))).0
    }

    /// Publishes the events that `raised` finds; for each run what it wants of what raised it.
    fn publish_held(
        &mut self,
        now: Time,
        mut raised: impl FnMut(&mut Registered) -> Option<(Variables, Hold)>,
    ) -> (Published, Vec<Hold>) {
        let mut published = Published::default();
        let mut holds = Vec::new();
        self.last_event += 1;
        for registered in &mut self.registered {
            let Some((variables, hold)) = raised(registered) else { continue };
            let verdict = match registered.is_limited(now) {
                true => Verdict::Held,
                false => self.guard.judge(now, self.queue.len()),
            };
            registered.statistics.suppressed += u64::from(verdict != Verdict::Admitted);
            if verdict == Verdict::HoldBegins {
                published.notice = Some(Message::storm(registered.name()));
            }
            if verdict != Verdict::Admitted {
                continue;
            }
            registered.last_published = Some(now);
            registered.statistics.triggered += 1;
            self.last_run += 1;
            let id = RunId(self.last_run);
            let program = registered.program.clone();
            let has_terminal = matches!(hold, Hold::Wait(_));
            let event = self.last_event;
            self.queue.push_back(queued(id, event, program, now, variables, has_terminal));
            published.runs.push(id);
            holds.push(hold);
        }
        (published, holds)
    }

    /// `event manager run NAME [ARGUMENTS]`. With a terminal, `puts` prints there.
    ///
    /// The flag says whether whoever typed it waits for the run's end.
    pub fn run(
        &mut self,
        now: Time,
        name: &str,
        arguments: &[String],
    ) -> Result<(RunId, bool), RunRefused> {
        let mut all = self.registered.iter_mut();
        let found = all.find(|registered| *registered.program.name == *name);
        let registered = found.ok_or(RunRefused::Unknown)?;
        let variables = registered.armed.run(arguments).ok_or(RunRefused::NotEventNone)?;
        if self.queue.len() >= EVENTS_QUEUED_MAX {
            return Err(RunRefused::QueueFull);
        }
        registered.statistics.triggered += 1;
        self.last_event += 1;
        self.last_run += 1;
        let id = RunId(self.last_run);
        let program = registered.program.clone();
        let is_waited_for = program.event.detector.is_waited_for();
        self.queue.push_back(queued(id, self.last_event, program, now, variables, is_waited_for));
        Ok((id, is_waited_for))
    }

    /// The next thing that a run wants at `now`. `None` until an answer or the next deadline.
    pub fn next(&mut self, now: Time, router: &dyn Router) -> Option<Output> {
        while self.start_one(now) {}
        let shared = &mut self.shared;
        let mut surroundings = Surroundings { now, router, shared };
        let mut all = self.running.iter_mut();
        let (id, wanted) = all.find_map(|(id, run)| Some((*id, run.next(&mut surroundings)?)))?;
        let request = match wanted {
            Wanted::Host(request) => request,
            Wanted::Inside(inside) => Request::Raised(self.inside(now, router, id, inside)),
        };
        if let Request::Finished { applet, status, exit_status: _ } = &request {
            let (applet, status) = (applet.clone(), *status);
            self.record(now, id, applet, status);
        }
        Some((id, request))
    }

    /// Does what a run wants of the director itself.
    fn inside(&mut self, now: Time, router: &dyn Router, id: RunId, inside: Inside) -> Published {
        match inside {
            Inside::Counter { name, value } => {
                self.offer(now, &Stimulus::Counter { name: &name, value })
            }
            Inside::Publish { subsystem, kind, data } => {
                self.offer(now, &Stimulus::Application { subsystem, kind, data: &data })
            }
            Inside::Policy(name) => match self.run(now, &name, &[]) {
                Ok((run, _)) => {
                    self.answer(now, router, id, Answer::Done);
                    Published { runs: vec![run], notice: None }
                }
                Err(refused) => {
                    self.answer(now, router, id, Answer::Failed(format!("{refused:?}")));
                    Published::default()
                }
            },
        }
    }

    /// A run is over.
    fn record(&mut self, now: Time, id: RunId, applet: Arc<str>, status: Status) {
        let Some(run) = self.running.remove(&id) else { return };
        let (published, took) = (run.published, now.since(run.started));
        self.control.forget(id);
        let mut all = self.registered.iter_mut();
        if let Some(registered) = all.find(|registered| registered.program.name == applet) {
            registered.statistics.ran(took);
        }
        let event = run.program.event.entry.name;
        self.history.push(Record { run: id, status, published, took, event, applet });
    }

    /// Answers a request. An answer that nobody waits for changes nothing.
    pub fn answer(&mut self, now: Time, router: &dyn Router, run: RunId, answer: Answer) {
        let mut surroundings = Surroundings { now, router, shared: &mut self.shared };
        if let Some(run) = self.running.get_mut(&run) {
            run.answer(&mut surroundings, answer);
        }
    }

    /// When there is something to do without another event or answer.
    pub fn next_deadline(&self) -> Option<Time> {
        let startable = self.queue.iter().filter(|queued| self.has_room(queued));
        let starts = startable.map(|queued| queued.published);
        let armed = self.registered.iter().filter_map(|registered| registered.armed.deadline());
        starts.chain(self.running.values().filter_map(Run::next_deadline)).chain(armed).min()
    }

    /// Starts the first queued run whose time has come and whose class has an idle thread.
    fn start_one(&mut self, now: Time) -> bool {
        let is_due = |queued: &Queued| queued.published <= now && self.has_room(queued);
        let due = (0..self.queue.len()).filter(|at| is_due(&self.queue[*at]));
        let first = due.min_by_key(|at| (self.control.priority(self.queue[*at].id), *at));
        let Some(at) = first else { return false };
        let Some(queued) = self.queue.remove(at) else { return false };
        self.running.insert(queued.id, Run::start(queued, now));
        true
    }

    /// An applet never overlaps itself, and a class runs as many applets as it has threads.
    fn has_room(&self, queued: &Queued) -> bool {
        let class_of = |id, program| self.control.class(id, program);
        let class = class_of(queued.id, &queued.program);
        let of_class =
            self.running.iter().filter(|(id, run)| class_of(**id, &run.program) == class);
        let is_running = self.running.values().any(|run| run.program.name == queued.program.name);
        let admitted = self.control.admits(queued.id) && !is_running;
        admitted && of_class.count() < self.threads(class) as usize
    }
}

impl Registered {
    /// The applet's name.
    pub fn name(&self) -> &str {
        &self.program.name
    }

    /// What it waits for: `syslog`, `none`.
    pub fn event(&self) -> &'static str {
        self.program.event.entry.name
    }

    /// How many runs its event has started since it was registered.
    pub fn runs(&self) -> u64 {
        self.statistics.triggered
    }

    /// Whether each run sends a trap.
    pub fn has_trap(&self) -> bool {
        self.program.options.trap
    }

    /// What it has done since then.
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Whether `ratelimit` drops an event at `now`.
    fn is_limited(&self, now: Time) -> bool {
        let limit = self.program.event.limits.ratelimit;
        let until = self.last_published.zip(limit).map(|(last, span)| last + span.duration());
        until.is_some_and(|until| now < until)
    }
}

/// An event of `program` that is published after the latency, with the variables of all events.
fn queued(
    id: RunId,
    event: u64,
    program: Arc<Program>,
    now: Time,
    mut variables: Variables,
    has_terminal: bool,
) -> Queued {
    let published = now + PUBLISH_LATENCY;
    let seconds = published.as_secs();
    let millis = published.since(Time::from_micros(seconds * 1_000_000)).as_millis();
    let entry = program.event.entry;
    let shared = [
        ("_event_id", event.to_string()),
        ("_job_id", id.0.to_string()),
        ("_event_type", entry.number.to_string()),
        ("_event_type_string", entry.name.to_owned()),
        ("_event_pub_time", format!("{seconds}.{millis:03}")),
        ("_event_pub_sec", seconds.to_string()),
        ("_event_pub_msec", millis.to_string()),
        ("_event_severity", "severity-normal".to_owned()),
    ];
    variables.extend(shared.map(|(name, value)| (name.to_owned(), value)));
    Queued { id, program, published, variables, has_terminal }
}
