//! `simulator inject`: does something to a node of a running lab.

use host::ExpectedError;
use host::control::{Connection, ControlError};

use super::lab::open_state;
use crate::args::{Inject, StateFlag};
use crate::transport::control::{Answer, PROGRAM, Request};

/// Asks the running lab to carry out the step.
pub(super) async fn inject(args: Inject) -> Result<(), ExpectedError> {
    let request = Request::Inject { node: args.node, step: args.step };
    match ask(&args.state, &request).await? {
        Answer::Done => Ok(()),
        Answer::Refused { reason } => Err(ExpectedError::usage(reason)),
        Answer::Nodes { .. } | Answer::Reset { .. } => Err(unexpected()),
    }
}

/// Asks the lab of this state directory one thing.
pub(super) async fn ask(state: &StateFlag, request: &Request) -> Result<Answer, ExpectedError> {
    let state = open_state(state.state.as_deref())?;
    let path = state.control_socket(PROGRAM);
    let exchange = async { Connection::open(&path).await?.ask(request).await };
    exchange.await.map_err(|error| {
        let nobody = matches!(error, ControlError::NotRunning { .. });
        let error = ExpectedError::environment(error);
        let hint = "start a lab with `simulator up`, or name its state with `--state DIRECTORY`";
        if nobody { error.with_hint(hint) } else { error }
    })
}

/// The other end is another version of this program.
pub(super) fn unexpected() -> ExpectedError {
    let error = ExpectedError::environment_message("the running simulator gave another answer");
    error.with_hint("is it of the same version as this one?")
}
