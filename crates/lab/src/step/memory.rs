//! `memory = { to, over, hold }`: something takes the router's memory.

use std::sync::Arc;

use iosxe::{Input, Ramp, Stimulus};
use simtime::Duration;

use super::{Act, Stage, Target, Verb, keys};

pub(super) const VERB: Verb = Verb {
    word: "memory",
    argument: "{ to, over, hold }",
    help: "takes the used part of the processor's memory `to` a percentage `over` a time (0s), \
           and back again after `hold`, if that is given",
    target: Target::Node,
    example: r#"memory = { to = 95, over = "10m" }"#,
    read: |table, _, sink| {
        let mut table = table.table(VERB.word, sink)?;
        let ramp = keys::read(&mut table, 0..=100, sink);
        table.finish(sink);
        Some(Arc::new(Taken { ramp: ramp? }))
    },
};

#[derive(Debug)]
struct Taken {
    ramp: Ramp,
}

impl Act for Taken {
    fn words(&self) -> String {
        keys::words(&self.ramp)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let stimulus = Stimulus::Memory { ramp: self.ramp };
        stage.tell(Input::Stimulus { stimulus, trace: stage.trace });
    }

    fn lasts(&self) -> Duration {
        self.ramp.lasts()
    }
}
