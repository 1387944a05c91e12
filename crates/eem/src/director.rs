//! The policy director: what is configured, what is registered, what waits, what runs.
//!
//! Its host edits applets line by line, reports events, and then takes [`Director::next`] until
//! there is nothing more to do at this instant, answering what wants an answer.

mod configure;
mod control;
mod statistics;
mod syslog;

pub use control::{Job, JobStatus, Modification, Priority, Selector};
pub use statistics::Statistics;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use simtime::{Duration, Time};

use crate::applet::{Applet, Class};
use crate::detector::{Armed, Look};
use crate::frame::Shared;
use crate::history::{History, Record, Status};
use crate::interpreter::{Inside, Queued, Run, Surroundings, Wanted};
use crate::message::Message;
use crate::registered::{Found, Registered};
use crate::request::{Answer, Output, Request, RunId};
use crate::screening::{Hold, Screening, Typed};
use crate::storm::{EVENTS_QUEUED_MAX, Guard, Raiser, Verdict};
use crate::trigger::Trigger;
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
    applets: Vec<Configured>,
    registered: Vec<Registered>,
    syslog: syslog::Index,
    queue: VecDeque<Queued>,
    running: BTreeMap<RunId, Run>,
    history: History,
    control: control::Control,
    guard: Guard,
    /// When one of the registered applets has something to look at by itself.
    armed: Option<Time>,
    last_run: u64,
    last_event: u64,
}

#[derive(Debug)]
struct Configured {
    applet: Arc<Applet>,
    is_edited: bool,
}

/// What came of a stimulus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The runs that it starts, so that their cause can be remembered.
    pub runs: Vec<RunId>,
    /// What is to be logged at once.
    pub notice: Option<Message>,
}

/// For how long whoever types `event manager run` waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Not at all.
    No,
    /// Until the run is over.
    ToTheEnd,
    /// Until then, or for this long.
    AtMost(Duration),
}

/// Why `event manager run` starts nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunRefused {
    /// No applet of that name is registered.
    Unknown,
    /// Its event is not `none`.
    NotEventNone,
    /// Too many runs wait already.
    QueueFull,
    /// An applet asks, and events are dropped for now: what is to be logged at once.
    Held(Option<Message>),
}

impl Director {
    /// A director without applets.
    pub fn new(dialect: Dialect) -> Self {
        Director { dialect, ..Director::default() }
    }

    /// Whether each run tells its statements, one by one. It changes nothing else.
    pub fn set_tracing(&mut self, is_tracing: bool) {
        self.shared.is_tracing = is_tracing;
    }

    /// Whether each run does.
    pub fn is_tracing(&self) -> bool {
        self.shared.is_tracing
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
    pub fn offer(&mut self, now: Time, router: &dyn Router, stimulus: &Stimulus<'_>) -> Published {
        let look = &mut |armed: &mut dyn Armed| Some((armed.offer(now, stimulus)?, Hold::Pass));
        let Stimulus::Syslog(line) = stimulus else {
            return self.publish(now, router, Raiser::Router, look).0;
        };
        let concerned = self.syslog.of(&self.registered, line).into_iter();
        let fits = Cell::new(false);
        let concerned = &mut concerned.map(|one| {
            fits.set(one.fits);
            one.at
        });
        let look = &mut |armed: &mut dyn Armed| match fits.get() {
            true => Some((armed.offer_fitting(now, line)?, Hold::Pass)),
            false => Some((armed.offer(now, stimulus)?, Hold::Pass)),
        };
        self.publish_of(now, router, Raiser::Router, concerned, look).0
    }

    /// Looks at the timers and polls that are due at `now`.
    pub fn due(&mut self, now: Time, router: &dyn Router) -> Published {
        if self.armed.is_none_or(|at| now < at) {
            return Published::default();
        }
        let look = &mut |armed: &mut dyn Armed| {
            armed.deadline().filter(|at| *at <= now)?;
            Some((armed.due(now, router)?, Hold::Pass))
        };
        let published = self.publish(now, router, Raiser::Router, look).0;
        self.look_ahead();
        published
    }

    /// Remembers when one of the registered applets has something to look at by itself. Only timers
    /// and polls have, and what happens does not move those.
    fn look_ahead(&mut self) {
        self.armed = self.registered.iter().filter_map(Registered::deadline).min();
    }

    /// Whether any applet looks at what people type.
    pub fn watches_commands(&self) -> bool {
        self.registered.iter().any(Registered::watches_commands)
    }

    /// Offers a line that somebody types, before it is carried out.
    pub fn command(&mut self, now: Time, router: &dyn Router, typed: &Typed<'_>) -> Screening {
        let look = &mut |armed: &mut dyn Armed| armed.command(now, typed);
        let (published, holds) = self.publish(now, router, Raiser::Person, look);
        Screening::of(published, &holds)
    }

    /// The router's own clock was set.
    pub fn clock_was_set(&mut self, now: Time, router: &dyn Router) {
        self.registered.iter_mut().for_each(|registered| registered.clock_was_set(now, router));
        self.look_ahead();
    }

    /// Publishes the events that `look` finds; for each run what it wants of what raised it.
    fn publish(
        &mut self,
        now: Time,
        router: &dyn Router,
        raiser: Raiser,
        look: &mut Look<'_>,
    ) -> (Published, Vec<Hold>) {
        self.publish_of(now, router, raiser, &mut (0..self.registered.len()), look)
    }

    /// The same, where only these of the registered applets are asked.
    fn publish_of(
        &mut self,
        now: Time,
        router: &dyn Router,
        raiser: Raiser,
        concerned: &mut dyn Iterator<Item = usize>,
        look: &mut Look<'_>,
    ) -> (Published, Vec<Hold>) {
        let mut published = Published::default();
        let mut holds = Vec::new();
        let mut event_number = None;
        for at in concerned {
            let registered = &mut self.registered[at];
            for Found { event, tags, variables, hold, is_limited } in
                registered.look(now, router, look)
            {
                let verdict = match is_limited {
                    true => Verdict::Held,
                    false => self.guard.judge(now, self.queue.len(), raiser),
                };
                registered.statistics.suppressed += u64::from(verdict != Verdict::Admitted);
                if verdict == Verdict::HoldBegins {
                    published.notice = Some(Message::storm(registered.name()));
                }
                if verdict != Verdict::Admitted {
                    continue;
                }
                registered.published(event, now);
                self.last_run += 1;
                let id = RunId(self.last_run);
                let program = registered.program.clone();
                let delay = program.trigger.as_ref().map_or(Duration::ZERO, Trigger::delay);
                let has_terminal = matches!(hold, Hold::Wait(_));
                let queued = Queued {
                    id,
                    program,
                    event,
                    tags,
                    published: now + delay + PUBLISH_LATENCY,
                    variables,
                    has_terminal,
                };
                let number = *event_number.get_or_insert_with(|| {
                    self.last_event += 1;
                    self.last_event
                });
                self.queue.push_back(with_shared_variables(queued, number));
                published.runs.push(id);
                holds.push(hold);
            }
        }
        (published, holds)
    }

    /// `event manager run NAME [ARGUMENTS]`. With a terminal, `puts` prints there.
    ///
    /// With the run comes for how long whoever typed it waits.
    pub fn run(
        &mut self,
        now: Time,
        name: &str,
        arguments: &[String],
    ) -> Result<(RunId, Wait), RunRefused> {
        self.run_of(now, name, arguments, Raiser::Person)
    }

    /// The same, when it is an applet that asks: it may be asking for itself, so that the limit on
    /// events holds for it.
    pub fn run_by_applet(
        &mut self,
        now: Time,
        name: &str,
        arguments: &[String],
    ) -> Result<(RunId, Wait), RunRefused> {
        self.run_of(now, name, arguments, Raiser::Router)
    }

    fn run_of(
        &mut self,
        now: Time,
        name: &str,
        arguments: &[String],
        raiser: Raiser,
    ) -> Result<(RunId, Wait), RunRefused> {
        let mut all = self.registered.iter_mut();
        let found = all.find(|registered| *registered.program.name == *name);
        let registered = found.ok_or(RunRefused::Unknown)?;
        let found = registered.run(arguments);
        let (event, variables) = found.ok_or(RunRefused::NotEventNone)?;
        match raiser {
            Raiser::Person if self.queue.len() >= EVENTS_QUEUED_MAX => {
                return Err(RunRefused::QueueFull);
            }
            Raiser::Person => {}
            Raiser::Router => {
                let notice = match self.guard.judge(now, self.queue.len(), raiser) {
                    Verdict::Admitted => None,
                    Verdict::HoldBegins => Some(Some(Message::storm(registered.name()))),
                    Verdict::Held => Some(None),
                };
                if let Some(notice) = notice {
                    registered.statistics.suppressed += 1;
                    return Err(RunRefused::Held(notice));
                }
            }
        }
        registered.published(event, now);
        self.last_event += 1;
        self.last_run += 1;
        let id = RunId(self.last_run);
        let program = registered.program.clone();
        let wait = program.events[event].event.detector.wait();
        let published = now + PUBLISH_LATENCY;
        let has_terminal = wait != Wait::No;
        let tags = program.events[event].tag.iter().cloned().collect();
        let queued = Queued { id, program, event, tags, published, variables, has_terminal };
        self.queue.push_back(with_shared_variables(queued, self.last_event));
        Ok((id, wait))
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
                self.offer(now, router, &Stimulus::Counter { name: &name, value })
            }
            Inside::Publish { subsystem, kind, data } => {
                self.offer(now, router, &Stimulus::Application { subsystem, kind, data: &data })
            }
            Inside::Policy(name) => match self.run_by_applet(now, &name, &[]) {
                Ok((run, _)) => {
                    self.answer(now, router, id, Answer::Done);
                    Published { runs: vec![run], notice: None }
                }
                // The event is dropped as any other would be; the action has done its part.
                Err(RunRefused::Held(notice)) => {
                    self.answer(now, router, id, Answer::Done);
                    Published { runs: Vec::new(), notice }
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
        let event = run.kind;
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
        let running = Running::of(self);
        let startable = self.queue.iter().filter(|queued| running.has_room_for(queued));
        let starts = startable.map(|queued| queued.published);
        starts.chain(self.running.values().filter_map(Run::next_deadline)).chain(self.armed).min()
    }

    /// Starts the first queued run whose time has come and whose class has an idle thread.
    fn start_one(&mut self, now: Time) -> bool {
        let running = Running::of(self);
        let is_due = |queued: &Queued| queued.published <= now && running.has_room_for(queued);
        let due = (0..self.queue.len()).filter(|at| is_due(&self.queue[*at]));
        let first = due.min_by_key(|at| (self.control.priority(self.queue[*at].id), *at));
        let Some(at) = first else { return false };
        let Some(queued) = self.queue.remove(at) else { return false };
        self.running.insert(queued.id, Run::start(queued, now, self.shared.is_tracing));
        true
    }
}

/// What runs at this instant, counted once for all that wait.
struct Running<'a> {
    director: &'a Director,
    names: BTreeSet<&'a str>,
    by_class: BTreeMap<Class, u32>,
}

impl<'a> Running<'a> {
    fn of(director: &'a Director) -> Self {
        let (mut names, mut by_class) = (BTreeSet::new(), BTreeMap::new());
        for (id, run) in director.running.iter().filter(|_| !director.queue.is_empty()) {
            names.insert(&*run.program.name);
            *by_class.entry(director.control.class(*id, &run.program)).or_default() += 1;
        }
        Running { director, names, by_class }
    }

    /// An applet never overlaps itself, and a class runs as many applets as it has threads.
    fn has_room_for(&self, queued: &Queued) -> bool {
        let control = &self.director.control;
        let class = control.class(queued.id, &queued.program);
        let of_class = self.by_class.get(&class).copied().unwrap_or(0);
        control.admits(queued.id)
            && !self.names.contains(&*queued.program.name)
            && of_class < self.director.threads(class)
    }
}

/// Adds the variables of all events.
fn with_shared_variables(mut queued: Queued, event: u64) -> Queued {
    let seconds = queued.published.as_secs();
    let millis = queued.published.since(Time::from_micros(seconds * 1_000_000)).as_millis();
    let of = &queued.program.events[queued.event].event;
    let shared = [
        ("_event_id", event.to_string()),
        ("_job_id", queued.id.0.to_string()),
        ("_event_type", of.number.to_string()),
        ("_event_type_string", of.kind.to_owned()),
        ("_event_pub_time", format!("{seconds}.{millis:03}")),
        ("_event_pub_sec", seconds.to_string()),
        ("_event_pub_msec", millis.to_string()),
        ("_event_severity", "severity-normal".to_owned()),
    ];
    queued.variables.extend(shared.map(|(name, value)| (name.to_owned(), value)));
    queued
}
