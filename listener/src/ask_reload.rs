//! `listener reload`: has a running listener read its files again, and tells how that ended.

use host::{ExpectedError, message};

use crate::args::Reload;
use crate::control::{Answer, Request, ask, unexpected};
use crate::open_state;

/// Runs the verb. Mistakes in the files end in exit code 3, as those of `listener check` do.
pub(crate) async fn run(args: Reload) -> Result<(), ExpectedError> {
    let state = open_state(args.state.state.as_deref())?;
    match ask(&state, &Request::Reload).await? {
        Answer::Reload { done, outcome, text, json } => {
            if args.format.is_json() {
                message::data(&json)?;
            } else if !text.is_empty() {
                message::styled(text.trim_end());
            }
            if done {
                message::note(&format!("reloaded: {outcome}"));
                return Ok(());
            }
            message::error(&format!("not reloaded: {outcome}; the listener goes on as it was"));
            Err(ExpectedError::InvalidFile(Vec::new()))
        }
        Answer::Refused { reason } => Err(ExpectedError::environment_message(reason)),
        Answer::Done => Err(unexpected()),
    }
}
