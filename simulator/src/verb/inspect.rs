//! `simulator inspect`: shows the nodes of a running lab, or one of them from near.

use host::{ExpectedError, message};

use super::inject::{ask, unexpected};
use crate::args::Inspect;
use crate::report::inspect::{details, table};
use crate::transport::control::{Answer, Request};

/// Prints the nodes on standard output.
pub(super) async fn inspect(args: Inspect) -> Result<(), ExpectedError> {
    let nodes = match ask(&args.state, &Request::Inspect { node: args.node.clone() }).await? {
        Answer::Nodes { nodes } => nodes,
        Answer::Refused { reason } => return Err(ExpectedError::usage(reason)),
        Answer::Done | Answer::Reset { .. } => return Err(unexpected()),
    };
    if args.format.is_json() {
        let text = serde_json::to_string(&nodes).expect("its keys are all strings");
        return message::data(&text);
    }
    let text = if args.node.is_some() { details(&nodes) } else { table(&nodes) };
    message::data(&text)
}
