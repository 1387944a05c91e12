//! The control socket: how a second process reaches a running lab.
//!
//! Served by `simulator up` and `ednm up`; spoken to by `simulator inject`, `inspect`
//! and `reset`.

use std::sync::Arc;

use host::control::{Connection, ControlError, ControlSocket};
use host::{ExpectedError, StateDir};
use serde::{Deserialize, Serialize};

use crate::live::{Remote, Stopped};
use crate::report::inspect::Row;
use crate::report::ready::ReadyNode;

/// The name of the socket's program.
pub(crate) const PROGRAM: &str = "simulator";

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "kebab-case")]
pub enum Request {
    /// Do something to a node, in the words of a scenario's step.
    Inject {
        /// The node.
        node: String,
        /// `shutdown`, `GigabitEthernet1`
        step: Vec<String>,
    },
    /// What do the routers look like, or one of them from near?
    Inspect {
        /// The one.
        #[serde(default)]
        node: Option<String>,
    },
    /// Switch a router off and on again, or every one.
    Reset {
        /// The one.
        #[serde(default)]
        node: Option<String>,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// It is done.
    Done,
    /// It makes no sense, and this is why.
    Refused {
        /// For the person who asked.
        reason: String,
    },
    /// So many routers were switched off and on again.
    Reset {
        /// How many.
        routers: usize,
    },
    /// The routers.
    Nodes {
        /// In the order of the topology.
        nodes: Vec<Row>,
    },
}

/// Binds the socket of a state directory, which one lab alone can have.
pub async fn bind(state: &StateDir) -> Result<ControlSocket, ExpectedError> {
    ControlSocket::of(state, PROGRAM).await
}

/// Serves the socket for a lab until the future is dropped.
pub async fn serve(socket: ControlSocket, lab: Remote, ports: Vec<ReadyNode>) {
    let ports: Arc<[ReadyNode]> = ports.into();
    socket.serve(|client| converse(client, lab.clone(), Arc::clone(&ports))).await;
}

async fn converse(
    mut client: Connection,
    lab: Remote,
    ports: Arc<[ReadyNode]>,
) -> Result<(), ControlError> {
    while let Some(request) = client.next::<Request>().await? {
        let answer = answer(request, &lab, &ports).await;
        let answer =
            answer.unwrap_or_else(|stopped| Answer::Refused { reason: stopped.to_string() });
        client.send(&answer).await?;
    }
    Ok(())
}

async fn answer(request: Request, lab: &Remote, ports: &[ReadyNode]) -> Result<Answer, Stopped> {
    Ok(match request {
        Request::Inspect { node } => {
            let mut nodes = match lab.inspect(node.as_deref()).await? {
                Ok(nodes) => nodes,
                Err(reason) => return Ok(Answer::Refused { reason }),
            };
            for row in &mut nodes {
                if let Row::Virtual(router) = row {
                    let port = ports.iter().find(|port| port.name == router.name);
                    router.ssh = port.and_then(|port| port.ssh.clone());
                    router.netconf = port.and_then(|port| port.netconf.clone());
                    router.restconf = port.and_then(|port| port.restconf.clone());
                }
            }
            Answer::Nodes { nodes }
        }
        Request::Reset { node } => match lab.reset(node.as_deref()).await? {
            Ok(routers) => Answer::Reset { routers },
            Err(reason) => Answer::Refused { reason },
        },
        Request::Inject { node, step } => match lab.step(&node, &step).await? {
            Err(reason) => Answer::Refused { reason },
            Ok(step) => {
                lab.inject(step).await?;
                Answer::Done
            }
        },
    })
}
