//! `configure = { lines, user }`: somebody changes the configuration.

use std::sync::Arc;

use super::typing::Typing;
use super::{Target, Verb};

pub(super) const VERB: Verb = Verb {
    word: "configure",
    argument: "{ lines, user, password, from }",
    help: "types the lines in configuration mode: as `user` over a VTY line (`password`, unless \
           it is the topology's user; `from` an address), else at the console",
    target: Target::Node,
    example: r#"configure = { user = "admin", lines = ["interface Gi1", "description uplink"] }"#,
    read: |table, reading, sink| {
        Some(Arc::new(Typing::read("configure", &["lines"], table, reading, sink)?))
    },
};
