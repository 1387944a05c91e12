//! `session = { fault, for, count, by }`: something happens to the sessions of a router.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use simtime::Duration;

use super::delivery::{Given, HITS_MAX};
use super::{Act, Reading, Stage, Target, Verb, number};
use crate::faults::{SESSION_FAULTS, SessionFault, Waiting};

pub(super) const VERB: Verb = Verb {
    word: "session",
    argument: "{ fault, for, count, by }",
    help: "for a time (`for`, 30s) something happens to the node's sessions, `count` times at \
           most: `slow` (each piece of output `by`, 500ms, late), `hang` (once: in mid-output, \
           until the time is over), `drop` (once: gone as soon as a command is typed), \
           `garbage` (bytes of a bad line in the output), `vty-full`, `auth-failing`",
    target: Target::Node,
    example: r#"session = { fault = "hang", for = "10s" }"#,
    read: |table, _: &Reading<'_>, sink| Some(Arc::new(read(table, sink)?)),
};

fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Given<SessionFault>> {
    let mut table = table.table(VERB.word, sink)?;
    let given = Given::read(&mut table, &SESSION_FAULTS, sink);
    let count = number(&mut table, "count", 1..=HITS_MAX, sink);
    table.finish(sink);
    Some(Given { count, ..given? })
}

impl Act for Given<SessionFault> {
    fn words(&self) -> String {
        Given::words(self)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let waiting = Waiting {
            fault: self.fault,
            until: stage.now + self.lasts,
            left: self.count.or(self.fault.times()),
            percent: self.percent,
            by: self.by.unwrap_or(self.fault.usual()),
            trace: stage.trace,
        };
        stage.lab.await_session(stage.now, stage.node, waiting);
    }

    fn lasts(&self) -> Duration {
        self.lasts
    }
}
