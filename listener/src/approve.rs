//! `listener approve`: answers a job that waits for an approval.

use automation::record::Consent;
use host::{ExpectedError, message};

use crate::args::Approve;
use crate::control::{Answer, Request, ask, unexpected};
use crate::open_state;

/// Runs the verb.
pub(crate) async fn run(args: Approve) -> Result<(), ExpectedError> {
    let Approve { job, deny, state } = args;
    let state = open_state(state.state.as_deref())?;
    let consent = if deny { Consent::Denied } else { Consent::Approved };
    match ask(&state, &Request::Approve { job: job.clone(), consent }).await? {
        Answer::Done => {
            message::note(&format!("{job}: {}", consent.as_str()));
            Ok(())
        }
        Answer::Reload { .. } => Err(unexpected()),
        Answer::Refused { reason } => {
            message::error(&reason);
            Err(ExpectedError::AnsweredNo)
        }
    }
}
