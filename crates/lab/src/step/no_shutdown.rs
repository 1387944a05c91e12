//! `no-shutdown = "GigabitEthernet1"`: somebody at the console brings an interface up.

use std::sync::Arc;

use super::shutdown::Typed;
use super::{Target, Verb};

pub(super) const VERB: Verb = Verb {
    word: "no-shutdown",
    argument: "INTERFACE",
    help: "types `interface INTERFACE`, `no shutdown` at the node's console",
    target: Target::Node,
    example: r#"no-shutdown = "GigabitEthernet1""#,
    read: |table, reading, sink| Some(Arc::new(Typed::read("no-shutdown", table, reading, sink)?)),
};
