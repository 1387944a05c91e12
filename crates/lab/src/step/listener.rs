//! `listener = { fault, for, by }`: something happens to the listener.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use simtime::Duration;

use super::delivery::Given;
use super::{Act, Reading, Stage, Target, Verb};
use crate::faults::{LISTENER_FAULTS, ListenerFault};

pub(super) const VERB: Verb = Verb {
    word: "listener",
    argument: "{ fault, for, by }",
    help: "for a time (`for`, 30s) the listener is `unreachable`, answers `status-500` or \
           `status-429` (`Retry-After` of `by`, 2s), is `slow` (`by`, 2s), or is `killed` and \
           then started again from its journal",
    target: Target::Listener,
    example: r#"listener = { fault = "killed", for = "5s" }"#,
    read: |table, _: &Reading<'_>, sink| Some(Arc::new(read(table, sink)?)),
};

/// How late it is, or asks others to be, if the step does not say it.
const BY: Duration = Duration::from_secs(2);

fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Given<ListenerFault>> {
    let mut table = table.table(VERB.word, sink)?;
    let given = Given::read(&mut table, &LISTENER_FAULTS, sink);
    table.finish(sink);
    given
}

impl Act for Given<ListenerFault> {
    fn words(&self) -> String {
        Given::words(self)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let times = (self.lasts, self.by.unwrap_or(BY));
        stage.lab.trouble(stage.now, self.fault, times, stage.out);
    }

    fn lasts(&self) -> Duration {
        self.lasts
    }
}
