//! One run of one applet: action by action, until it asks its host for something.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use simtime::{Duration, Time};

use crate::action::{Next, Role};
use crate::detector::Variables;
pub(crate) use crate::failure::Failure;
use crate::frame::Shared;
pub(crate) use crate::frame::{Frame, Handle, OnError};
use crate::program::Program;
use crate::request::{StepBegins, StepEnds};
use crate::{Answer, Message, Request, Router, RunId, Seconds, Status};

/// What the director does itself for a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// A counter has a new value: `event counter` looks at it. Takes no answer.
    Counter { name: String, value: i64 },
    /// `publish-event`. Takes no answer.
    Publish { subsystem: u32, kind: u32, data: Vec<String> },
    /// Run this applet. Answered by [`Answer::Done`] or [`Answer::Failed`].
    Policy(String),
}

/// What a run wants next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Of its host.
    Host(Request),
    /// Of the director.
    Inside(Inside),
}

/// So many actions take no time; then [`TICK`] passes. A real router needs a fraction of a
/// millisecond for each; here an endless loop must come to its `maxrun`.
const ACTIONS_PER_TICK: u32 = 100;
const TICK: Duration = Duration::from_millis(10);
/// A run that has neither waited nor asked for this long is a loop that nothing ends, if its
/// `maxrun` is 0 or huge: from then on each tick is twice as long as the one before it, so that an
/// hour of simulated time does not take an hour of work.
const LOOP_AFTER: Duration = Duration::from_secs(20);
/// The longest tick.
const TICK_MAX: Duration = Duration::from_secs(3_600);

/// What a run needs of its director at each step.
pub(crate) struct Surroundings<'a> {
    pub(crate) now: Time,
    pub(crate) router: &'a dyn Router,
    pub(crate) shared: &'a mut Shared,
}

/// A published event that waits for its run.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) id: RunId,
    pub(crate) program: Arc<Program>,
    /// Which of its events.
    pub(crate) event: usize,
    /// The tags of the events that started it.
    pub(crate) tags: Vec<String>,
    pub(crate) published: Time,
    pub(crate) variables: Variables,
    /// Whether somebody waits for the run at a terminal.
    pub(crate) has_terminal: bool,
}

/// One run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) program: Arc<Program>,
    /// The type of the event that started it.
    pub(crate) kind: &'static str,
    pub(crate) published: Time,
    pub(crate) started: Time,
    variables: BTreeMap<String, String>,
    has_terminal: bool,
    heard: String,
    at: usize,
    /// The statement that was begun last: a `wait` is under way until it is over.
    under_way: usize,
    arrival: Arrival,
    state: State,
    expires: Option<Time>,
    /// Actions since time last passed.
    actions: u32,
    /// How long the ticks have lasted since it last waited or asked, and the next one.
    busy: (Duration, Duration),
    on_error: OnError,
    handles: BTreeMap<String, Handle>,
    /// What is left of the list of each `foreach`, by its place.
    loops: BTreeMap<usize, VecDeque<String>>,
    outgoing: VecDeque<Wanted>,
    /// The variables before the statement that is under way, when it is told.
    before: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ready,
    Asked,
    Asleep(Time),
    Over,
}

/// How a run came to a statement: an arm of a block is entered only from its condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// From the statement before it.
    Fell,
    /// From a condition that failed.
    Jumped,
    /// From the `end` of the loop that it opens, or by `continue`.
    Looped,
}

impl Run {
    /// A run that begins at `now`.
    pub(crate) fn start(queued: Queued, now: Time, is_tracing: bool) -> Self {
        let Queued { id: _, program, event, tags, published, variables, has_terminal } = queued;
        let started_by = &program.events[event].event;
        let limit = started_by.maxrun();
        // `maxrun 0` is no limit at all: decided, since it could otherwise never do anything.
        let expires = (limit != Seconds::from_secs(0)).then(|| now + limit.duration());
        let event = started_by.kind;
        let triggered = Request::Triggered { applet: program.name.clone(), event, tags };
        let mut outgoing = VecDeque::from([Wanted::Host(triggered)]);
        if is_tracing {
            let variables: BTreeMap<_, _> = variables.iter().cloned().collect();
            let changed = variables.into_iter().collect();
            outgoing.push_back(Wanted::ended(StepEnds {
                label: String::new(),
                holds: None,
                changed,
            }));
        }
        Run {
            program,
            kind: event,
            published,
            started: now,
            variables: variables.into_iter().collect(),
            has_terminal,
            heard: String::new(),
            at: 0,
            under_way: 0,
            arrival: Arrival::Fell,
            state: State::Ready,
            expires,
            actions: 0,
            busy: (Duration::ZERO, TICK),
            on_error: OnError::Exit,
            handles: BTreeMap::new(),
            loops: BTreeMap::new(),
            outgoing,
            before: None,
        }
    }

    /// The next thing that the run wants; `None` while it waits.
    pub(crate) fn next(&mut self, surroundings: &mut Surroundings<'_>) -> Option<Wanted> {
        loop {
            if let Some(wanted) = self.outgoing.pop_front() {
                return Some(wanted);
            }
            let now = surroundings.now;
            match self.state {
                State::Over => return None,
                _ if self.expires.is_some_and(|at| now >= at) => self.end(&Failure::Expired),
                State::Asked => return None,
                State::Asleep(until) if now < until => return None,
                State::Asleep(_) => {
                    self.state = State::Ready;
                    self.actions = 0;
                }
                State::Ready if self.actions >= ACTIONS_PER_TICK => {
                    let (so_far, tick) = self.busy;
                    let is_loop = so_far >= LOOP_AFTER;
                    let next = if is_loop { tick.saturating_mul(2).min(TICK_MAX) } else { tick };
                    self.busy = (so_far + tick, next);
                    self.state = State::Asleep(now + tick);
                }
                State::Ready => self.step(surroundings),
            }
        }
    }

    /// Takes an answer to the last request that wanted one.
    pub(crate) fn answer(&mut self, surroundings: &mut Surroundings<'_>, answer: Answer) {
        if self.state != State::Asked {
            return;
        }
        let program = self.program.clone();
        let Some(step) = program.steps.get(self.at) else { return };
        let next = step.action.answered(&mut self.frame(surroundings), answer);
        self.follow(surroundings.now, next);
    }

    /// The run ends here, whatever it waits for: an operator has cleared it.
    pub(crate) fn kill(&mut self) {
        if self.state != State::Over {
            self.outgoing.clear();
            self.finish(Status::Abort);
        }
    }

    /// When the run goes on by itself, or is killed.
    pub(crate) fn next_deadline(&self) -> Option<Time> {
        let wakes = match self.state {
            State::Asleep(until) => Some(until),
            State::Ready => Some(self.published),
            State::Asked | State::Over => None,
        };
        let says = (!self.outgoing.is_empty()).then_some(self.published);
        wakes.into_iter().chain(self.expires).chain(says).min()
    }

    fn frame<'a>(&'a mut self, surroundings: &'a mut Surroundings<'_>) -> Frame<'a> {
        Frame {
            applet: self.program.name.clone(),
            has_terminal: self.has_terminal,
            heard: &mut self.heard,
            router: surroundings.router,
            shared: surroundings.shared,
            on_error: &mut self.on_error,
            handles: &mut self.handles,
            arrival: self.arrival,
            at: self.at,
            variables: &mut self.variables,
            loops: &mut self.loops,
        }
    }

    fn step(&mut self, surroundings: &mut Surroundings<'_>) {
        let program = self.program.clone();
        let Some(step) = program.steps.get(self.at) else {
            return self.finish(Status::Success);
        };
        self.actions += 1;
        self.under_way = self.at;
        match step.role {
            Role::ElseIf | Role::Else if self.arrival == Arrival::Fell => {
                return self.go(step.end, Arrival::Fell);
            }
            Role::End if step.end <= self.at => return self.go(step.end, Arrival::Looped),
            Role::Continue => return self.go(step.end, Arrival::Looped),
            Role::Break => return self.go(step.end, Arrival::Fell),
            Role::Plain | Role::If | Role::ElseIf | Role::Else | Role::Loop | Role::End => {}
        }
        if surroundings.shared.is_tracing {
            let (label, action) = (step.label.as_str().to_owned(), step.action.to_string());
            let begins = Request::StepBegins(StepBegins { label, action });
            self.outgoing.push_back(Wanted::Host(begins));
            self.before = Some(self.variables.clone());
        }
        let next = step.action.step(&mut self.frame(surroundings));
        self.follow(surroundings.now, next);
    }

    /// Everything that an action can lead to.
    fn follow(&mut self, now: Time, next: Result<Next, Failure>) {
        self.tell(&next);
        match next {
            Ok(Next::Advance | Next::Branch(true)) => self.go(self.at + 1, Arrival::Fell),
            Ok(Next::Branch(false)) => {
                let otherwise = self.program.steps[self.at].otherwise;
                self.go(otherwise, Arrival::Jumped);
            }
            Ok(Next::Say(request)) => {
                self.outgoing.push_back(Wanted::Host(request));
                self.go(self.at + 1, Arrival::Fell);
            }
            Ok(Next::Inside(inside)) => {
                match inside {
                    Inside::Policy(_) => self.state = State::Asked,
                    Inside::Counter { .. } | Inside::Publish { .. } => {
                        self.go(self.at + 1, Arrival::Fell);
                    }
                }
                self.outgoing.push_back(Wanted::Inside(inside));
            }
            Ok(Next::Ask(request)) => {
                self.outgoing.push_back(Wanted::Host(request));
                self.busy = (Duration::ZERO, TICK);
                self.state = State::Asked;
            }
            Ok(Next::Listen) => self.state = State::Asked,
            Ok(Next::Sleep(span)) => {
                self.go(self.at + 1, Arrival::Fell);
                self.busy = (Duration::ZERO, TICK);
                self.state = State::Asleep(now + span);
            }
            Ok(Next::Exit) => self.finish(Status::Success),
            Err(failure) => self.fail(&failure),
        }
    }

    /// Tells what a statement has done, once it is over and if anybody wants to know.
    fn tell(&mut self, next: &Result<Next, Failure>) {
        let is_over = match next {
            Ok(Next::Ask(_) | Next::Listen | Next::Inside(Inside::Policy(_))) => false,
            Ok(
                Next::Advance
                | Next::Branch(_)
                | Next::Say(_)
                | Next::Inside(Inside::Counter { .. } | Inside::Publish { .. })
                | Next::Sleep(_)
                | Next::Exit,
            )
            | Err(_) => true,
        };
        let Some(before) = self.before.take_if(|_| is_over) else { return };
        // A jump goes to its `otherwise` when its condition holds.
        let is_jump = self.program.steps[self.at].action.goto().is_some();
        let holds = if let Ok(Next::Branch(on)) = next { Some(*on != is_jump) } else { None };
        let is_new = |(name, value): &(&String, &String)| before.get(*name) != Some(*value);
        let changed = self.variables.iter().filter(is_new);
        let changed: Vec<_> = changed.map(|(name, value)| (name.clone(), value.clone())).collect();
        if holds.is_some() || !changed.is_empty() {
            let label = self.program.steps[self.at].label.as_str().to_owned();
            self.outgoing.push_back(Wanted::ended(StepEnds { label, holds, changed }));
        }
    }

    fn go(&mut self, at: usize, arrival: Arrival) {
        self.at = at;
        self.arrival = arrival;
        self.state = State::Ready;
    }

    /// An action has failed: what `handle-error` says becomes of the run. A condition that fails
    /// does not hold.
    fn fail(&mut self, failure: &Failure) {
        match self.on_error {
            OnError::Exit => return self.end(failure),
            OnError::Warn => self.outgoing.extend(failure.message().map(Wanted::log)),
            OnError::Ignore => {}
        }
        self.variables.insert("_error".to_owned(), failure.code().to_owned());
        let step = &self.program.steps[self.at];
        match step.role {
            Role::If | Role::ElseIf | Role::Loop => self.go(step.otherwise, Arrival::Jumped),
            Role::Plain | Role::Else | Role::End | Role::Break | Role::Continue => {
                self.go(self.at + 1, Arrival::Fell);
            }
        }
    }

    /// The run ends, with two lines that say why.
    fn end(&mut self, failure: &Failure) {
        let label = self.program.steps.get(self.under_way).map_or("", |step| step.label.as_str());
        let last = Message::statement_failed(&self.program.name, label);
        let messages = failure.message().into_iter().chain([last]);
        self.outgoing.extend(messages.map(Wanted::log));
        self.finish(Status::Abort);
    }

    fn finish(&mut self, status: Status) {
        self.state = State::Over;
        let applet = self.program.name.clone();
        let exit_status = self.variables.get("_exit_status").and_then(|text| text.parse().ok());
        let exit_status = exit_status.unwrap_or(0);
        let finished = Request::Finished { applet, status, exit_status };
        self.outgoing.push_back(Wanted::Host(finished));
    }
}

impl Wanted {
    fn log(message: Message) -> Self {
        Wanted::Host(Request::Log(message))
    }

    fn ended(effect: StepEnds) -> Self {
        Wanted::Host(Request::StepEnds(effect))
    }
}
