//! `exec = { command, user }`: somebody types commands in EXEC.

use std::sync::Arc;

use super::typing::Typing;
use super::{Target, Verb};

pub(super) const VERB: Verb = Verb {
    word: "exec",
    argument: "{ command, commands, user, password, from }",
    help: "types the command, or all commands, in EXEC: as `user` over a VTY line, else at the \
           console; the answer to a question is a line, too",
    target: Target::Node,
    example: r#"exec = { user = "admin", commands = ["show clock", "clear counters", "y"] }"#,
    read: |table, reading, sink| {
        Some(Arc::new(Typing::read("exec", &["command", "commands"], table, reading, sink)?))
    },
};
