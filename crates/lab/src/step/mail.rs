//! `mail = { fault, for, count }`: something happens to the mail servers of a router.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use simtime::Duration;

use super::delivery::{Given, HITS_MAX};
use super::{Act, Reading, Stage, Target, Verb, keys, number, time};
use crate::faults::{MAIL_FAULTS, MailFault, Waiting};

pub(super) const VERB: Verb = Verb {
    word: "mail",
    argument: "{ fault, for, count }",
    help: "for a time (`for`, 30s) the mail servers that the node's applets use are \
           `unreachable`, `silent` (until the router loses patience, 15s) or have every mail \
           `refused`, `count` times at most; without a fault each mail is taken, in virtual time \
           by nobody",
    target: Target::Node,
    example: r#"mail = { fault = "unreachable", for = "10s" }"#,
    read: |table, _: &Reading<'_>, sink| Some(Arc::new(read(table, sink)?)),
};

fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Given<MailFault>> {
    let mut table = table.table(VERB.word, sink)?;
    let fault = keys::one_of(&mut table, "fault", &MAIL_FAULTS, sink);
    let lasts = time(&mut table, "for", sink).map_or(super::delivery::FOR, |lasts| lasts.value);
    let count = number(&mut table, "count", 1..=HITS_MAX, sink);
    table.finish(sink);
    let (word, fault) = fault?;
    Some(Given { word, fault, lasts, percent: 100, by: None, count })
}

impl Act for Given<MailFault> {
    fn words(&self) -> String {
        Given::words(self)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let waiting = Waiting {
            fault: self.fault,
            until: stage.now + self.lasts,
            left: self.count,
            percent: self.percent,
            by: Duration::ZERO,
            trace: stage.trace,
        };
        stage.lab.await_mail(stage.now, stage.node, waiting);
    }

    fn lasts(&self) -> Duration {
        self.lasts
    }
}
