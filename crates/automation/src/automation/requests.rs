//! Requests over RESTCONF: each is a try of its own, and its answer comes whole.

use fact::Kind;
use restconf::Response;
use simtime::Time;

use super::Automation;
use super::fact;
use super::turns::Broken;
use crate::io::{Outbox, SessionFailure, SessionId};
use crate::job::Trouble;
use crate::session::restconf as answers;

impl Automation {
    /// A device has answered.
    pub(super) fn request_answered(
        &mut self,
        now: Time,
        id: SessionId,
        response: &Response,
        out: &mut Outbox,
    ) {
        if response.status == answers::UNAUTHORIZED {
            return self.session_failed(now, id, &SessionFailure::Refused, false, out);
        }
        let Some(session) = self.sessions.remove(&id) else { return };
        if !session.given {
            self.breakers.held(&session.device);
        }
        let Some(job) = self.jobs.get(&session.job) else { return };
        let kind = Kind::Connected { job: session.job.clone(), attempt: job.attempt };
        fact(now, Some(&session.device), job.trace, kind, out);
        self.jobs.starts(&session.job);
        let Some(job) = self.jobs.get_mut(&session.job) else { return };
        job.status = Some(response.status);
        let command = job.plan.action.commands().first().cloned().unwrap_or_default();
        match answers::read(command, session.asked_at, response) {
            Ok(answer) => {
                self.answered(now, &session.job, answer, out);
                self.job_ended(now, &session.job, None, out);
                self.jobs.free(&session.device);
                self.next_turns(now, out);
            }
            Err(failure) => {
                let broken = Broken::unsent(failure.to_string(), Trouble::Failed, true);
                self.attempt_broke(now, &session.job, broken, out);
            }
        }
    }
}
