//! What is done on no device: requests to APIs, and files of the listener's own.

use fact::Kind;
use serde_json::Value;
use simtime::{Duration, Time};

use super::turns::Broken;
use super::{Automation, fact};
use crate::action::log::stamped;
use crate::io::{HttpFailure, HttpResponse, Outbox, Output, SessionId, Write, Written};
use crate::job::Trouble;
use crate::record::{Action, HttpCall};
use crate::session::Answered;

/// Answers of an API, or of what stands before it, that may be another one a little later.
const AGAIN: [u16; 4] = [429, 502, 503, 504];
/// How long an API may ask to be left alone before that is a refusal, in seconds.
const RETRY_AFTER_SECS_MAX: u64 = 10;

/// One that is under way.
#[derive(Debug)]
pub(super) struct Errand {
    job: String,
    /// The turn that it gives back; none when a session to a device has that.
    lane: Option<String>,
    asked_at: Time,
}

impl Automation {
    pub(super) fn open_errand(
        &mut self,
        now: Time,
        session: SessionId,
        id: &str,
        out: &mut Outbox,
    ) {
        let Some(job) = self.jobs.get_mut(id) else { return };
        if let Action::Log(call) = &mut job.plan.action {
            call.line = stamped(&call.line, now);
        }
        let lane = Some(job.lane.clone());
        let output = match &job.plan.action {
            Action::Http(call) => Output::Http { session, call: call.clone() },
            Action::Save(call) => {
                let (file, bytes) = (call.file.clone(), call.text.clone().into_bytes());
                Output::Write { session, write: Write::Save { file, bytes, append: call.append } }
            }
            Action::Log(call) => {
                let (file, bytes) = (call.file.clone(), format!("{}\n", call.line).into_bytes());
                Output::Write { session, write: Write::Save { file, bytes, append: true } }
            }
            // These are on a device.
            Action::Show(_)
            | Action::Configure(_)
            | Action::Netconf(_)
            | Action::Restconf(_)
            | Action::Backup(_) => return,
        };
        self.jobs.starts(id);
        self.errands.insert(session, Errand { job: id.to_owned(), lane, asked_at: now });
        out.0.push(output);
    }

    /// Keeps the configuration that a job has read. False when it is not for that.
    pub(super) fn write_backup(&mut self, now: Time, id: &str, out: &mut Outbox) -> bool {
        let Some(job) = self.jobs.get(id) else { return false };
        let (Action::Backup(call), None) = (&job.plan.action, &job.complaint) else { return false };
        let Some(heard) = job.heard.last() else { return false };
        let device = job.plan.device.clone().unwrap_or_default();
        let text = crate::backup::lasting(&self.config.redactor.text(&heard.output));
        let (directory, git) = (call.directory.clone(), call.git);
        let session = SessionId(self.next_session);
        self.next_session += 1;
        self.errands.insert(session, Errand { job: id.to_owned(), lane: None, asked_at: now });
        let write = Write::Backup { directory, device, text, git };
        out.0.push(Output::Write { session, write });
        true
    }

    /// An API has answered.
    pub(super) fn http_answered(
        &mut self,
        now: Time,
        id: SessionId,
        response: &HttpResponse,
        out: &mut Outbox,
    ) {
        let Some(errand) = self.errands.remove(&id) else { return };
        let Some(job) = self.jobs.get_mut(&errand.job) else { return };
        let Action::Http(call) = &job.plan.action else { return };
        let (call, status) = (call.clone(), response.status);
        job.status = Some(status);
        let kind = api_called(&errand.job, &job.event, &call, Ok(response), now, errand.asked_at);
        fact(now, None, job.trace, kind, out);
        if AGAIN.contains(&status) && !call.expects(status) {
            let wait = response.retry_after;
            let again = call.repeatable && wait.is_none_or(|wait| wait <= RETRY_AFTER_SECS_MAX);
            let broken = Broken {
                error: format!("the API answered {status}"),
                trouble: Trouble::Upstream,
                again,
                sent: false,
                wait: wait.map(Duration::from_secs),
            };
            return self.attempt_broke(now, &errand.job, broken, out);
        }
        let output = String::from_utf8_lossy(&response.body).into_owned();
        let answer = Answered {
            index: 0,
            command: call.summary(),
            json: serde_json::from_str::<Value>(&output).ok(),
            output,
            complaint: (!call.expects(status)).then(|| format!("HTTP {status}")),
            sent_at: errand.asked_at,
        };
        self.answered(now, &errand.job, answer, out);
        self.errand_ended(now, errand, None, out);
    }

    /// An API has not.
    pub(super) fn http_failed(
        &mut self,
        now: Time,
        id: SessionId,
        failure: &HttpFailure,
        sent: bool,
        out: &mut Outbox,
    ) {
        let Some(errand) = self.errands.remove(&id) else { return };
        let Some(job) = self.jobs.get(&errand.job) else { return };
        let Action::Http(call) = &job.plan.action else { return };
        let error = failure.to_string();
        let kind = api_called(&errand.job, &job.event, call, Err(&error), now, errand.asked_at);
        fact(now, None, job.trace, kind, out);
        let again = match failure {
            HttpFailure::Unreachable(_) | HttpFailure::Timeout => true,
            HttpFailure::Misconfigured(_)
            | HttpFailure::RefusedAddress(_)
            | HttpFailure::TooLarge(_) => false,
        };
        let broken = Broken { error, trouble: Trouble::Upstream, again, sent, wait: None };
        self.attempt_broke(now, &errand.job, broken, out);
    }

    /// A file is written, or cannot be.
    pub(super) fn written(
        &mut self,
        now: Time,
        id: SessionId,
        written: Result<Written, String>,
        out: &mut Outbox,
    ) {
        let Some(errand) = self.errands.remove(&id) else { return };
        let Some(job) = self.jobs.get_mut(&errand.job) else { return };
        let written = match written {
            Ok(written) => written,
            Err(error) => return self.errand_ended(now, errand, Some(error), out),
        };
        let commands = job.plan.action.commands();
        let index = commands.len().saturating_sub(1);
        let command = commands.last().cloned().unwrap_or_default();
        let Written { file, bytes, changed, diff } = &written;
        let (kind_file, kind_bytes) = (file.clone(), *bytes);
        let event = job.event.clone();
        let (kind_job, device) = (errand.job.clone(), job.plan.device.clone());
        let kind = Kind::FileWritten { job: kind_job, event, file: kind_file, bytes: kind_bytes };
        if *changed {
            fact(now, device.as_deref(), job.trace, kind, out);
        }
        let output = match diff {
            Some(diff) => diff.clone(),
            None if *changed => format!("{bytes} bytes"),
            None => "unchanged".to_owned(),
        };
        let (json, complaint, sent_at) = (None, None, errand.asked_at);
        let answer = Answered { index, command, output, json, complaint, sent_at };
        job.written = Some(written);
        self.answered(now, &errand.job, answer, out);
        self.errand_ended(now, errand, None, out);
    }

    /// Takes back what is under way for a job.
    pub(super) fn abandon_errand(&mut self, job: &str, out: &mut Outbox) {
        let found = self.errands.iter().find(|(_, errand)| errand.job == job);
        if let Some(id) = found.map(|(id, _)| *id) {
            self.errands.remove(&id);
            out.0.push(Output::CloseSession(id));
        }
    }

    fn errand_ended(&mut self, now: Time, errand: Errand, error: Option<String>, out: &mut Outbox) {
        self.job_ended(now, &errand.job, error, out);
        if let Some(lane) = errand.lane {
            self.jobs.free(&lane);
        }
        self.next_turns(now, out);
    }
}

fn api_called(
    job: &str,
    event: &str,
    call: &HttpCall,
    answer: Result<&HttpResponse, &str>,
    now: Time,
    asked_at: Time,
) -> Kind {
    Kind::ApiCalled {
        job: job.to_owned(),
        event: event.to_owned(),
        api: call.api.clone(),
        method: call.method.clone(),
        path: call.path.clone(),
        status: answer.ok().map(|response| response.status),
        bytes: answer.map_or(0, |response| response.body.len()),
        error: answer.err().map(str::to_owned),
        took: now.since(asked_at),
    }
}
