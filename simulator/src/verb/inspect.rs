//! `simulator inspect`: shows the nodes of a running lab.

use host::{ExpectedError, message};

use super::inject::{ask, unexpected};
use crate::args::Inspect;
use crate::report::inspect::table;
use crate::transport::control::{Answer, Request};

/// Prints the nodes on standard output.
pub(super) async fn inspect(args: Inspect) -> Result<(), ExpectedError> {
    let nodes = match ask(&args.state, &Request::Inspect).await? {
        Answer::Nodes { nodes } => nodes,
        Answer::Refused { reason } => return Err(ExpectedError::environment_message(reason)),
        Answer::Done => return Err(unexpected()),
    };
    if args.format.is_json() {
        let text = serde_json::to_string(&nodes).expect("its keys are all strings");
        return message::data(&text);
    }
    message::data(&table(&nodes))
}
