//! Sessions to devices: asked for, driven, left.

use fact::Kind;
use secrecy::SecretString;
use simtime::{Duration, Time, TimerId};

use super::turns::Broken;
use super::{Automation, Timer, fact};
use crate::inventory::Credential;
use crate::io::{Outbox, Output, SessionFailure, SessionId};
use crate::job::Trouble;
use crate::record::Action;
use crate::session::{Conversation, Failure, Plan, Told};

/// How long a device may take to close a session after `exit`, in milliseconds.
const LEAVE_MS_MAX: u64 = 2_000;

/// One session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) job: String,
    pub(super) device: String,
    /// The enable secret of the moment when it was asked for, like its address and password.
    enable: Option<Result<SecretString, String>>,
    /// What the device is shown, of the same moment; `None` for a node that is not there.
    pub(super) credential: Option<Credential>,
    /// Whether a request gave that.
    pub(super) given: bool,
    /// When it was asked for.
    pub(super) asked_at: Time,
    stage: Stage,
    timer: Option<TimerId>,
}

#[derive(Debug)]
enum Stage {
    /// Asked for.
    Opening,
    /// Driven.
    Open(Conversation),
    /// `exit` is sent; its job has ended.
    Leaving,
}

impl Automation {
    pub(super) fn session_asked(&mut self, now: Time, session: SessionId, job: &str, device: &str) {
        let (job, device) = (job.to_owned(), device.to_owned());
        let node = self.config.inventory.device(&device);
        let login = self.logins.get(&job);
        let of_login = login.and_then(|login| login.enable.clone()).map(Ok);
        let enable = of_login.or_else(|| node.and_then(|node| node.enable.clone()));
        let given = login.and_then(|login| Credential::given(login));
        let (credential, given) = match given {
            Some(credential) => (Some(credential), true),
            None => (node.map(|node| node.credential.clone()), false),
        };
        let (asked_at, stage, timer) = (now, Stage::Opening, None);
        let entry = Session { job, device, enable, credential, given, asked_at, stage, timer };
        self.sessions.insert(session, entry);
    }

    pub(super) fn session_opened(&mut self, now: Time, id: SessionId, out: &mut Outbox) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if !session.given {
            self.breakers.held(&session.device);
        }
        let Some(job) = self.jobs.get_mut(&session.job) else { return };
        let kind = Kind::Connected { job: session.job.clone(), attempt: job.attempt };
        fact(now, Some(&session.device), job.trace, kind, out);
        let enable = match session.enable.take().transpose() {
            Ok(enable) => enable,
            Err(reason) => {
                let error = format!("the enable secret is not known: {reason}");
                let broken = Broken::unsent(error, Trouble::Failed, false);
                return self.give_up(now, id, broken, out);
            }
        };
        self.jobs.starts(&session.job);
        let Some(job) = self.jobs.get(&session.job) else { return };
        let mut told = Vec::new();
        let conversation = match &job.plan.action {
            Action::Show(_) | Action::Configure(_) | Action::Backup(_) => {
                let plan = Plan { commands: job.open_commands(), work: job.work(), enable };
                Conversation::shell(plan, now, &mut told)
            }
            Action::Netconf(call) => Conversation::netconf(call.clone(), now, &mut told),
            // They have no session: their answers come whole.
            Action::Restconf(_) | Action::Http(_) | Action::Save(_) | Action::Log(_) => return,
        };
        session.stage = Stage::Open(conversation);
        self.carry_out(now, id, told, out);
    }

    pub(super) fn session_failed(
        &mut self,
        now: Time,
        id: SessionId,
        failure: &SessionFailure,
        sent: bool,
        out: &mut Outbox,
    ) {
        let Some(session) = self.sessions.remove(&id) else { return };
        let again = match failure {
            SessionFailure::Unreachable(_)
            | SessionFailure::Timeout
            | SessionFailure::HungUp
            | SessionFailure::NoShell(_)
            | SessionFailure::NoNetconf(_) => true,
            SessionFailure::Misconfigured(_)
            | SessionFailure::HostKey { .. }
            | SessionFailure::Certificate(_)
            | SessionFailure::TooLarge(_)
            | SessionFailure::Refused => false,
        };
        let error = failure.to_string();
        let refused = match failure {
            SessionFailure::Refused => true,
            SessionFailure::HungUp if session.given => false,
            SessionFailure::HungUp => self.breakers.hung_up(&session.device),
            _ => false,
        };
        if refused {
            self.credential_refused(now, &session, &error, out);
        }
        let trouble = match failure {
            SessionFailure::Refused | SessionFailure::HungUp => Trouble::Credentials,
            SessionFailure::Unreachable(_)
            | SessionFailure::Timeout
            | SessionFailure::NoShell(_)
            | SessionFailure::NoNetconf(_) => Trouble::Unreachable,
            SessionFailure::Misconfigured(_)
            | SessionFailure::HostKey { .. }
            | SessionFailure::Certificate(_)
            | SessionFailure::TooLarge(_) => Trouble::Failed,
        };
        let again = again && !refused;
        let broken = Broken { error, trouble, again, sent, wait: None };
        self.attempt_broke(now, &session.job, broken, out);
    }

    pub(super) fn session_bytes(
        &mut self,
        now: Time,
        id: SessionId,
        bytes: &[u8],
        out: &mut Outbox,
    ) {
        let session = self.sessions.get_mut(&id);
        if let Some(Session { stage: Stage::Open(driver), .. }) = session {
            let mut told = Vec::new();
            driver.bytes(now, bytes, &mut told);
            self.carry_out(now, id, told, out);
        }
    }

    pub(super) fn driver_deadline(&mut self, now: Time, id: SessionId, out: &mut Outbox) {
        let session = self.sessions.get_mut(&id);
        if let Some(Session { stage: Stage::Open(driver), timer, .. }) = session {
            *timer = None;
            let mut told = Vec::new();
            driver.deadline(now, &mut told);
            self.carry_out(now, id, told, out);
        }
    }

    pub(super) fn session_closed(&mut self, now: Time, id: SessionId, out: &mut Outbox) {
        let Some(session) = self.sessions.remove(&id) else { return };
        if let Some(timer) = session.timer {
            self.timers.cancel(timer);
        }
        let (sent, last_words) = match session.stage {
            Stage::Opening => (false, None),
            Stage::Open(driver) => (driver.is_unanswered(), driver.last_words()),
            Stage::Leaving => {
                self.jobs.free(&session.device);
                return self.next_turns(now, out);
            }
        };
        let error = match last_words {
            Some(words) => format!("the device closed the session: {words}"),
            None => "the device closed the session".to_owned(),
        };
        let trouble = Trouble::Unreachable;
        let broken = Broken { error, trouble, again: true, sent, wait: None };
        self.attempt_broke(now, &session.job, broken, out);
    }

    /// A device that does not close its side is hung up on.
    pub(super) fn left(&mut self, now: Time, id: SessionId, out: &mut Outbox) {
        let Some(session) = self.sessions.remove(&id) else { return };
        out.0.push(Output::CloseSession(id));
        self.jobs.free(&session.device);
        self.next_turns(now, out);
    }

    /// Hangs up on the session of a job, if it has one.
    pub(super) fn abandon(&mut self, job: &str, out: &mut Outbox) {
        self.abandon_errand(job, out);
        let found = self.sessions.iter().find(|(_, session)| session.job == job);
        if let Some(id) = found.map(|(id, _)| *id) {
            self.hang_up(id, out);
        }
    }

    fn carry_out(&mut self, now: Time, id: SessionId, told: Vec<Told>, out: &mut Outbox) {
        let Some(job) = self.sessions.get(&id).map(|session| session.job.clone()) else { return };
        for one in told {
            match one {
                Told::Send(bytes) => out.0.push(Output::SessionBytes { session: id, bytes }),
                Told::Prompt(_) => {}
                Told::Stands => self.stands(&job),
                Told::Capabilities(capabilities) => {
                    if let Some(job) = self.jobs.get_mut(&job) {
                        job.capabilities = capabilities;
                    }
                }
                Told::Answered(answer) => self.answered(now, &job, answer, out),
                Told::Ended(Ok(())) => {
                    if !self.write_backup(now, &job, out) {
                        self.job_ended(now, &job, None, out);
                    }
                    return self.leave(now, id);
                }
                Told::Ended(Err(failure)) => {
                    return self.driver_failed(now, id, &failure, out);
                }
            }
        }
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Stage::Open(driver) = &session.stage else { return };
        if let Some(timer) = session.timer.take() {
            self.timers.cancel(timer);
        }
        let deadline = driver.next_deadline();
        session.timer = deadline.map(|at| self.timers.set(at, Timer::Driver(id)));
    }

    fn driver_failed(&mut self, now: Time, id: SessionId, failure: &Failure, out: &mut Outbox) {
        let session = self.sessions.get(&id);
        let sent = session.is_some_and(|session| match &session.stage {
            Stage::Open(driver) => driver.is_unanswered(),
            Stage::Opening | Stage::Leaving => false,
        });
        let again = match failure {
            Failure::NoPrompt
            | Failure::NoAnswer(_)
            | Failure::PromptChanged { .. }
            | Failure::NoConfiguration(_)
            | Failure::EnableUnanswered
            | Failure::NoHello
            | Failure::Busy { .. } => true,
            Failure::Endless(_)
            | Failure::Asked { .. }
            | Failure::NotPrivileged
            | Failure::LeftConfiguration(_)
            | Failure::EnableRefused
            | Failure::NoEnable(_)
            | Failure::NoNetconf(_) => false,
        };
        let error = failure.to_string();
        let Some(session) = self.hang_up(id, out) else { return };
        if *failure == Failure::EnableRefused {
            self.credential_refused(now, &session, &error, out);
        }
        let trouble = match failure {
            Failure::EnableRefused | Failure::NoEnable(_) | Failure::NotPrivileged => {
                Trouble::Credentials
            }
            Failure::NoAnswer(_) | Failure::EnableUnanswered => Trouble::Timeout,
            Failure::NoPrompt | Failure::NoHello => Trouble::Unreachable,
            Failure::PromptChanged { .. }
            | Failure::NoConfiguration(_)
            | Failure::Busy { .. }
            | Failure::Endless(_)
            | Failure::Asked { .. }
            | Failure::LeftConfiguration(_)
            | Failure::NoNetconf(_) => Trouble::Failed,
        };
        let broken = Broken { error, trouble, again, sent, wait: None };
        self.attempt_broke(now, &session.job, broken, out);
    }

    fn give_up(&mut self, now: Time, id: SessionId, broken: Broken, out: &mut Outbox) {
        if let Some(session) = self.hang_up(id, out) {
            self.attempt_broke(now, &session.job, broken, out);
        }
    }

    fn hang_up(&mut self, id: SessionId, out: &mut Outbox) -> Option<Session> {
        let session = self.sessions.remove(&id)?;
        if let Some(timer) = session.timer {
            self.timers.cancel(timer);
        }
        out.0.push(Output::CloseSession(id));
        Some(session)
    }

    fn leave(&mut self, now: Time, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if let Some(timer) = session.timer.take() {
            self.timers.cancel(timer);
        }
        session.stage = Stage::Leaving;
        let at = now + Duration::from_millis(LEAVE_MS_MAX);
        session.timer = Some(self.timers.set(at, Timer::Leave(id)));
    }
}
