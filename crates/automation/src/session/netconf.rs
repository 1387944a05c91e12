//! One operation over NETCONF on one device, from the open channel to `close-session`.
//!
//! Started once the channel stands; told of bytes and deadlines, it answers as the driver of the
//! command line does. A change by way of the candidate is one step for its job: locked, edited,
//! validated, committed and unlocked, or discarded whole.

mod request;

use std::collections::VecDeque;

use netconf::{Client, Heard, Heeded, Hello, ReplyError};
use simtime::{Duration, Time};

use super::driver::{Answered, Failure, Told};
use super::screen::OUTPUT_BYTES_MAX;
use crate::record::{Datastore, Edit, ErrorOption, NetconfCall, TestOption};

/// How long a device may take to say hello, in seconds.
pub(super) const HELLO_SECS_MAX: u64 = 20;
/// How long one reply may take, in seconds: a commit of a busy box is slow.
pub(super) const REPLY_SECS_MAX: u64 = 60;
/// What a device says that somebody else holds what is asked for, for now: RFC 6241 appendix A.
const BUSY: [&str; 3] = ["in-use", "lock-denied", "resource-denied"];

/// How many errors of one reply a failure names.
const ERRORS_SHOWN_MAX: usize = 4;

const CANDIDATE: &str = "urn:ietf:params:netconf:capability:candidate:1.0";
const WRITABLE: &str = "urn:ietf:params:netconf:capability:writable-running:1.0";
const ROLLBACK: &str = "urn:ietf:params:netconf:capability:rollback-on-error:1.0";
const VALIDATE: [&str; 2] = [
    "urn:ietf:params:netconf:capability:validate:1.0",
    "urn:ietf:params:netconf:capability:validate:1.1",
];

/// Drives one session.
#[derive(Debug)]
pub(crate) struct Netconf {
    client: Client,
    call: NetconfCall,
    stage: Stage,
    deadline: Time,
    /// When the operation itself was sent.
    sent_at: Time,
    unanswered: bool,
}

#[derive(Debug)]
enum Stage {
    /// The hello of the client is sent.
    Greeting,
    /// A request is sent; these follow it.
    Waiting { step: Step, then: VecDeque<Step>, held: Option<Box<Heeded>> },
    /// Nothing more is said.
    Over,
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Lock(Datastore),
    /// What the job asks for, of this datastore if it is a change.
    Call(Datastore),
    Validate,
    Commit,
    Discard,
    Unlock(Datastore),
}

impl Netconf {
    /// Begins: the channel is open, nothing has been read.
    pub(crate) fn start(call: NetconfCall, now: Time, told: &mut Vec<Told>) -> Self {
        told.push(Told::Send(Client::greeting()));
        Netconf {
            client: Client::default(),
            call,
            stage: Stage::Greeting,
            deadline: now + Duration::from_secs(HELLO_SECS_MAX),
            sent_at: now,
            unanswered: false,
        }
    }

    /// When [`Netconf::deadline`] wants to be called.
    pub(crate) fn next_deadline(&self) -> Option<Time> {
        match self.stage {
            Stage::Greeting | Stage::Waiting { .. } => Some(self.deadline),
            Stage::Over => None,
        }
    }

    /// Whether the operation was sent and its answer did not come, also after the end.
    pub(crate) fn is_unanswered(&self) -> bool {
        self.unanswered
    }

    /// Bytes came.
    pub(crate) fn bytes(&mut self, now: Time, bytes: &[u8], told: &mut Vec<Told>) {
        for heard in self.client.receive(bytes) {
            match (heard, std::mem::replace(&mut self.stage, Stage::Over)) {
                (Heard::Broken(why), Stage::Greeting | Stage::Waiting { .. }) => {
                    return told.push(Told::Ended(Err(Failure::NoNetconf(why))));
                }
                (Heard::Hello(hello), Stage::Greeting) => self.greeted(now, &hello, told),
                (Heard::Reply(reply), Stage::Waiting { step, then, held }) => {
                    self.replied(now, (step, then, held), reply, told);
                }
                // The client tells a hello once, and a reply to a request alone.
                (Heard::Hello(_) | Heard::Reply(_) | Heard::Broken(_), stage) => {
                    self.stage = stage;
                }
            }
        }
        let is_waiting = !matches!(self.stage, Stage::Over);
        if is_waiting && self.client.pending_bytes() > OUTPUT_BYTES_MAX {
            self.end(Failure::Endless(self.call.summary()), told);
        }
    }

    /// A deadline came.
    pub(crate) fn deadline(&mut self, now: Time, told: &mut Vec<Told>) {
        if now < self.deadline {
            return;
        }
        let failure = match &self.stage {
            Stage::Over => return,
            Stage::Greeting => Failure::NoHello,
            Stage::Waiting { step, .. } => Failure::NoAnswer(self.name(*step)),
        };
        self.end(failure, told);
    }

    fn greeted(&mut self, now: Time, hello: &Hello, told: &mut Vec<Told>) {
        told.push(Told::Capabilities(hello.capabilities.clone()));
        let mut steps = VecDeque::new();
        match &mut self.call {
            NetconfCall::EditConfig(edit) => {
                if edit.error_option.is_none() && hello.has(ROLLBACK) {
                    edit.error_option = Some(ErrorOption::RollbackOnError);
                }
                steps.extend(steps_of(edit, hello));
            }
            NetconfCall::Get(_) | NetconfCall::GetConfig { .. } | NetconfCall::Rpc { .. } => {
                steps.push_back(Step::Call(Datastore::Running));
            }
        }
        self.next(now, steps, None, told);
    }

    /// Sends the next request; says goodbye when there is none.
    fn next(
        &mut self,
        now: Time,
        mut steps: VecDeque<Step>,
        held: Option<Box<Heeded>>,
        told: &mut Vec<Told>,
    ) {
        let Some(step) = steps.pop_front() else {
            told.push(Told::Send(self.client.request("<close-session/>")));
            self.stage = Stage::Over;
            return told.push(Told::Ended(Ok(())));
        };
        if let Step::Call(_) = step {
            self.sent_at = now;
            self.unanswered = true;
        }
        let text = request::of(step, &self.call);
        told.push(Told::Send(self.client.request(&text)));
        self.deadline = now + Duration::from_secs(REPLY_SECS_MAX);
        self.stage = Stage::Waiting { step, then: steps, held };
    }

    fn replied(
        &mut self,
        now: Time,
        (step, mut then, held): (Step, VecDeque<Step>, Option<Box<Heeded>>),
        reply: Box<Heeded>,
        told: &mut Vec<Told>,
    ) {
        let error = reply.reply.errors.first();
        let is_busy = error.is_some_and(|error| BUSY.contains(&error.tag.as_str()));
        let is_clean_up = matches!(step, Step::Discard | Step::Unlock(_));
        if let Some(error) = error.filter(|_| is_busy && !is_clean_up) {
            // Nothing was done: the end of the session discards and unlocks.
            self.unanswered = false;
            let (step, words) = (self.name(step), words(error));
            return self.end(Failure::Busy { step, words }, told);
        }
        let is_refused = error.is_some();
        let goes_on = then.contains(&Step::Commit);
        match step {
            Step::Call(_) | Step::Validate | Step::Commit if is_refused => {
                self.answer(&reply, told);
                then.retain(|step| matches!(step, Step::Unlock(_)));
                if step != Step::Call(Datastore::Running) {
                    then.push_front(Step::Discard);
                }
                self.next(now, then, None, told);
            }
            Step::Lock(_) if is_refused => {
                self.answer(&reply, told);
                // The end of the session unlocks.
                self.next(now, VecDeque::new(), None, told);
            }
            Step::Call(_) if goes_on => self.next(now, then, Some(reply), told),
            Step::Call(_) => {
                self.answer(&reply, told);
                self.next(now, then, None, told);
            }
            Step::Commit => {
                self.answer(&held.unwrap_or(reply), told);
                self.next(now, then, None, told);
            }
            // What is left behind ends with the session.
            Step::Lock(_) | Step::Validate | Step::Discard | Step::Unlock(_) => {
                self.next(now, then, held, told);
            }
        }
    }

    /// The answer to what the job asks for.
    fn answer(&mut self, heeded: &Heeded, told: &mut Vec<Told>) {
        self.unanswered = false;
        told.push(Told::Answered(Answered {
            index: 0,
            command: self.call.summary(),
            output: heeded.reply.body.clone(),
            json: heeded.json.clone(),
            complaint: complaint(&heeded.reply.errors),
            sent_at: self.sent_at,
        }));
    }

    fn end(&mut self, failure: Failure, told: &mut Vec<Told>) {
        self.stage = Stage::Over;
        told.push(Told::Ended(Err(failure)));
    }

    fn name(&self, step: Step) -> String {
        match step {
            Step::Call(_) => self.call.summary(),
            Step::Lock(what) => format!("lock {}", what.as_str()),
            Step::Unlock(what) => format!("unlock {}", what.as_str()),
            Step::Validate => "validate candidate".to_owned(),
            Step::Commit => "commit".to_owned(),
            Step::Discard => "discard-changes".to_owned(),
        }
    }
}

/// The requests of a change, in order.
fn steps_of(edit: &Edit, hello: &Hello) -> Vec<Step> {
    let is_writable = hello.has(WRITABLE) || !hello.has(CANDIDATE);
    let target = match edit.target {
        None | Some(Datastore::Running) if is_writable => Datastore::Running,
        None | Some(Datastore::Running | Datastore::Candidate) => Datastore::Candidate,
        Some(Datastore::Startup) => Datastore::Startup,
    };
    let mut locked = Vec::new();
    if edit.lock {
        locked.push(Datastore::Running);
    }
    if target == Datastore::Candidate {
        locked.push(Datastore::Candidate);
    }
    let mut steps: Vec<Step> = locked.iter().copied().map(Step::Lock).collect();
    steps.push(Step::Call(target));
    let is_test = edit.test_option == Some(TestOption::TestOnly);
    if target == Datastore::Candidate {
        let validates = VALIDATE.iter().any(|uri| hello.has(uri));
        steps.extend(Some(Step::Validate).filter(|_| validates && !is_test));
        steps.push(if is_test { Step::Discard } else { Step::Commit });
    }
    steps.extend(locked.into_iter().rev().map(Step::Unlock));
    steps
}

/// Why a device refused, in one line: each error's tag, where, and its message.
fn complaint(errors: &[ReplyError]) -> Option<String> {
    let all: Vec<String> = errors.iter().take(ERRORS_SHOWN_MAX).map(words).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

fn words(error: &ReplyError) -> String {
    let path = error.path.as_ref().map(|path| format!(" at {path}")).unwrap_or_default();
    let message = Some(error.message.as_str()).filter(|message| !message.is_empty());
    let message = message.map(|message| format!(": {message}")).unwrap_or_default();
    format!("{}{path}{message}", error.tag)
}

#[cfg(test)]
mod tests;
