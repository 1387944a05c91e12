//! The control socket: how a person reaches a running listener, to approve or deny a job, or
//! to have the files read again.
//!
//! Served by `listener serve` and `ednm up`, spoken to by `listener approve` and `listener reload`.
//! It is a unix socket of its owner's alone (mode 0600), never a TCP port: nobody approves over the
//! network.

use automation::record::Consent;
use host::control::{Connection, ControlError, ControlSocket};
use host::{ExpectedError, StateDir};
use serde::{Deserialize, Serialize};

use crate::live::Remote;
use crate::reload::Requests;

/// The name of the socket's program.
const PROGRAM: &str = "listener";

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "kebab-case")]
pub enum Request {
    /// Answer a job that waits for an approval.
    Approve {
        /// The job.
        job: String,
        /// What is said about it.
        consent: Consent,
    },
    /// Read the files again.
    Reload,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// It is done.
    Done,
    /// The files were read again; with an error the listener goes on as it was.
    Reload {
        /// Whether the listener now does what they say.
        done: bool,
        /// The files, or why nothing was read.
        outcome: String,
        /// Errors and warnings, for people.
        text: String,
        /// The same, as `--format json` prints them.
        json: String,
    },
    /// It is not, and this is why.
    Refused {
        /// For the person who asked.
        reason: String,
    },
}

/// Binds the socket of a state directory, which one listener alone can have.
pub async fn bind(state: &StateDir) -> Result<ControlSocket, ExpectedError> {
    ControlSocket::of(state, PROGRAM).await
}

/// Serves the socket for a listener until the future is dropped.
pub async fn serve(socket: ControlSocket, listener: Remote, reloads: Requests) {
    socket.serve(|client| converse(client, listener.clone(), reloads.clone())).await;
}

/// Asks the listener of a state directory one thing.
pub(crate) async fn ask(state: &StateDir, request: &Request) -> Result<Answer, ExpectedError> {
    let path = state.control_socket(PROGRAM);
    let exchange = async { Connection::open(&path).await?.ask(request).await };
    exchange.await.map_err(|error| {
        let nobody = matches!(error, ControlError::NotRunning { .. });
        let error = ExpectedError::environment(error);
        let hint = "start a listener with `listener serve`, or name its state with \
                    `--state DIRECTORY`";
        if nobody { error.with_hint(hint) } else { error }
    })
}

/// The other end is another version of this program.
pub(crate) fn unexpected() -> ExpectedError {
    let error = ExpectedError::environment_message("the running listener gave another answer");
    error.with_hint("is it of the same version as this one?")
}

async fn converse(
    mut client: Connection,
    listener: Remote,
    reloads: Requests,
) -> Result<(), ControlError> {
    let by = client.peer().unwrap_or_else(|| "an unknown user".to_owned());
    while let Some(request) = client.next::<Request>().await? {
        client.send(&answer(request, &listener, &reloads, &by).await).await?;
    }
    Ok(())
}

async fn answer(request: Request, listener: &Remote, reloads: &Requests, by: &str) -> Answer {
    let answered = match request {
        Request::Approve { job, consent } => listener.approve(job, consent, by.to_owned()).await,
        Request::Reload => return reload(reloads).await,
    };
    match answered {
        Ok(Ok(())) => Answer::Done,
        Ok(Err(reason)) => Answer::Refused { reason },
        Err(stopped) => Answer::Refused { reason: stopped.to_string() },
    }
}

async fn reload(reloads: &Requests) -> Answer {
    let report = match reloads.reload().await {
        Ok(report) => report,
        Err(reason) => return Answer::Refused { reason },
    };
    Answer::Reload {
        done: report.is_done(),
        text: diagnostic::render(&report.diagnostics, false),
        json: diagnostic::render_json(&report.diagnostics),
        outcome: report.outcome.unwrap_or_else(|reason| reason),
    }
}
