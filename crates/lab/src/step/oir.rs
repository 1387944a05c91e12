//! `oir = { slot, state }`: somebody draws the module with the ports, or puts it back.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::{Input, Stimulus};

use super::{Act, Stage, Target, Verb, keys};

pub(super) const VERB: Verb = Verb {
    word: "oir",
    argument: "{ slot, state }",
    help: "makes the module in `slot` (`0/0`, which holds all ports) `removed` or `inserted`: its \
           ports go dark at both ends meanwhile",
    target: Target::Node,
    example: r#"oir = { slot = "0/0", state = "removed" }"#,
    read: |table, _, sink| Some(Arc::new(Module::read(table, sink)?)),
};

const SLOTS: &[(&str, ())] = &[("0/0", ())];

const STATES: &[(&str, bool)] = &[("removed", false), ("inserted", true)];

#[derive(Debug)]
struct Module {
    slot: &'static str,
    state: (&'static str, bool),
}

impl Module {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Module> {
        let mut table = table.table(VERB.word, sink)?;
        let slot = keys::one_of(&mut table, "slot", SLOTS, sink);
        let state = keys::one_of(&mut table, "state", STATES, sink);
        table.finish(sink);
        Some(Module { slot: slot?.0, state: state? })
    }
}

impl Act for Module {
    fn words(&self) -> String {
        format!("slot={} state={}", self.slot, self.state.0)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let stimulus = Stimulus::Module { is_in: self.state.1 };
        stage.tell(Input::Stimulus { stimulus, trace: stage.trace });
    }
}
