//! `simulator reset`: switches routers of a running lab off and on again.

use host::{ExpectedError, message};

use super::inject::{ask, unexpected};
use crate::args::Reset;
use crate::transport::control::{Answer, Request};

/// Asks the running lab to start one router anew, or all of them.
pub(super) async fn reset(args: Reset) -> Result<(), ExpectedError> {
    match ask(&args.state, &Request::Reset { node: args.node.clone() }).await? {
        Answer::Reset { routers } => {
            let what = args.node.unwrap_or_else(|| match routers {
                1 => "1 router".to_owned(),
                number => format!("{number} routers"),
            });
            message::note(&format!("{what}: started anew from the startup-config of the topology"));
            Ok(())
        }
        Answer::Refused { reason } => Err(ExpectedError::usage(reason)),
        Answer::Done | Answer::Nodes { .. } => Err(unexpected()),
    }
}
