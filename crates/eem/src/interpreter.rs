//! One run of one applet: action by action, until it asks its host for something.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use indexmap::IndexMap;
use simtime::Time;

use crate::action::{Next, Role};
use crate::detector::Variables;
use crate::program::Program;
use crate::{
    Answer, Message, Pattern, PatternError, Request, Router, RunId, Seconds, Status, Text,
    UnknownVariable,
};

/// Why an action failed. Each gives its own message, then `FMPD_ERROR` with the label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// `$name` is no variable.
    UnknownVariable(UnknownVariable),
    /// A regular expression made of variables is none.
    BadPattern(PatternError),
    /// A number made of variables is none.
    BadOperand(String),
    /// No VTY line was free.
    NoLine,
    /// `maxrun` expired: decided that only `FMPD_ERROR` is logged.
    Expired,
}

/// What an action sees of its run.
pub(crate) struct Frame<'a> {
    pub(crate) applet: Arc<str>,
    /// Whether somebody waits for the run at a terminal.
    pub(crate) has_terminal: bool,
    /// What the CLI session has printed since the last line was typed.
    pub(crate) heard: &'a mut String,
    pub(crate) router: &'a dyn Router,
    variables: &'a mut BTreeMap<String, String>,
    environment: &'a IndexMap<String, String>,
}

/// What a run needs of its director at each step.
pub(crate) struct Surroundings<'a> {
    pub(crate) now: Time,
    pub(crate) router: &'a dyn Router,
    pub(crate) environment: &'a IndexMap<String, String>,
}

/// A published event that waits for its run.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) id: RunId,
    pub(crate) program: Arc<Program>,
    pub(crate) published: Time,
    pub(crate) variables: Variables,
    /// Whether somebody waits for the run at a terminal.
    pub(crate) has_terminal: bool,
}

/// One run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) program: Arc<Program>,
    pub(crate) published: Time,
    pub(crate) started: Time,
    variables: BTreeMap<String, String>,
    has_terminal: bool,
    heard: String,
    at: usize,
    arrival: Arrival,
    state: State,
    expires: Option<Time>,
    outgoing: VecDeque<Request>,
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
enum Arrival {
    Fell,
    Jumped,
}

impl Frame<'_> {
    /// The text with its variables replaced: those of the run, then the environment as it is now.
    pub(crate) fn expand(&self, text: &Text) -> Result<String, Failure> {
        let lookup = |name: &str| {
            let own = self.variables.get(name);
            own.or_else(|| self.environment.get(name)).map(String::as_str)
        };
        text.expand(lookup).map_err(Failure::UnknownVariable)
    }

    pub(crate) fn pattern(&self, text: &Text) -> Result<Pattern, Failure> {
        Pattern::new(&self.expand(text)?).map_err(Failure::BadPattern)
    }

    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.variables.insert(name.to_owned(), value);
    }
}

impl Run {
    /// A run that begins at `now`.
    pub(crate) fn start(queued: Queued, now: Time) -> Self {
        let Queued { id: _, program, published, variables, has_terminal } = queued;
        let limit = program.event.maxrun();
        // `maxrun 0` is no limit at all: decided, since it could otherwise never do anything.
        let expires = (limit != Seconds::from_secs(0)).then(|| now + limit.duration());
        let event = program.event.entry.name;
        let triggered = Request::Triggered { applet: program.name.clone(), event };
        Run {
            program,
            published,
            started: now,
            variables: variables.into_iter().collect(),
            has_terminal,
            heard: String::new(),
            at: 0,
            arrival: Arrival::Fell,
            state: State::Ready,
            expires,
            outgoing: VecDeque::from([triggered]),
        }
    }

    /// The next thing that the run wants; `None` while it waits.
    pub(crate) fn next(&mut self, surroundings: &Surroundings<'_>) -> Option<Request> {
        loop {
            if let Some(request) = self.outgoing.pop_front() {
                return Some(request);
            }
            let now = surroundings.now;
            match self.state {
                State::Over => return None,
                _ if self.expires.is_some_and(|at| now >= at) => self.fail(&Failure::Expired),
                State::Asked => return None,
                State::Asleep(until) if now < until => return None,
                State::Asleep(_) | State::Ready => self.step(surroundings),
            }
        }
    }

    /// Takes an answer to the last request that wanted one.
    pub(crate) fn answer(&mut self, surroundings: &Surroundings<'_>, answer: Answer) {
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

    fn frame<'a>(&'a mut self, surroundings: &Surroundings<'a>) -> Frame<'a> {
        Frame {
            applet: self.program.name.clone(),
            has_terminal: self.has_terminal,
            heard: &mut self.heard,
            router: surroundings.router,
            variables: &mut self.variables,
            environment: surroundings.environment,
        }
    }

    fn step(&mut self, surroundings: &Surroundings<'_>) {
        let program = self.program.clone();
        let Some(step) = program.steps.get(self.at) else {
            return self.finish(Status::Success);
        };
        let is_passed_arm = match step.role {
            Role::ElseIf | Role::Else => self.arrival == Arrival::Fell,
            Role::Plain | Role::If | Role::End => false,
        };
        if is_passed_arm {
            return self.go(step.end, Arrival::Fell);
        }
        let next = step.action.step(&mut self.frame(surroundings));
        self.follow(surroundings.now, next);
    }

    /// Everything that an action can lead to.
    fn follow(&mut self, now: Time, next: Result<Next, Failure>) {
        match next {
            Ok(Next::Advance | Next::Branch(true)) => self.go(self.at + 1, Arrival::Fell),
            Ok(Next::Branch(false)) => {
                let otherwise = self.program.steps[self.at].otherwise;
                self.go(otherwise, Arrival::Jumped);
            }
            Ok(Next::Say(request)) => {
                self.outgoing.push_back(request);
                self.go(self.at + 1, Arrival::Fell);
            }
            Ok(Next::Ask(request)) => {
                self.outgoing.push_back(request);
                self.state = State::Asked;
            }
            Ok(Next::Listen) => self.state = State::Asked,
            Ok(Next::Sleep(span)) => {
                self.go(self.at + 1, Arrival::Fell);
                self.state = State::Asleep(now + span);
            }
            Ok(Next::Exit) => self.finish(Status::Success),
            Err(failure) => self.fail(&failure),
        }
    }

    fn go(&mut self, at: usize, arrival: Arrival) {
        self.at = at;
        self.arrival = arrival;
        self.state = State::Ready;
    }

    fn fail(&mut self, failure: &Failure) {
        let label = self.program.steps.get(self.at).map_or("", |step| step.label.as_str());
        let last = Message::statement_failed(&self.program.name, label);
        let messages = failure.message().into_iter().chain([last]);
        self.outgoing.extend(messages.map(Request::Log));
        self.finish(Status::Abort);
    }

    fn finish(&mut self, status: Status) {
        self.state = State::Over;
        let applet = self.program.name.clone();
        let exit_status = self.variables.get("_exit_status").and_then(|text| text.parse().ok());
        let exit_status = exit_status.unwrap_or(0);
        self.outgoing.push_back(Request::Finished { applet, status, exit_status });
    }
}

impl Failure {
    /// The first of the two lines.
    pub(crate) fn message(&self) -> Option<Message> {
        match self {
            Failure::UnknownVariable(UnknownVariable(name)) => {
                Some(Message::unknown_variable(name))
            }
            Failure::BadPattern(error) => Some(Message::bad_pattern(&error.to_string())),
            Failure::BadOperand(text) => Some(Message::bad_operand(text)),
            Failure::NoLine => Some(Message::no_line()),
            Failure::Expired => None,
        }
    }
}
