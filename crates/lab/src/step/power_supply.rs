//! `power-supply = { slot, state }`: a supply fails, is drawn, or is well again.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::{Input, Stimulus, SupplyState};

use super::{Act, Stage, Target, Verb, keys};

pub(super) const VERB: Verb = Verb {
    word: "power-supply",
    argument: "{ slot, state }",
    help: "makes the power supply of `slot` (`P0` or `P1`) `failed`, `removed` or `ok`",
    target: Target::Node,
    example: r#"power-supply = { slot = "P1", state = "failed" }"#,
    read: |table, _, sink| Some(Arc::new(Supply::read(table, sink)?)),
};

/// Messages call them `P0` and `P1`; a bare digit is a number in the words of `inject`.
const SLOTS: &[(&str, usize)] = &[("P0", 0), ("P1", 1), ("0", 0), ("1", 1)];

const STATES: &[(&str, SupplyState)] =
    &[("ok", SupplyState::Ok), ("failed", SupplyState::Failed), ("removed", SupplyState::Removed)];

#[derive(Debug)]
struct Supply {
    slot: usize,
    state: (&'static str, SupplyState),
}

impl Supply {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Supply> {
        let mut table = table.table(VERB.word, sink)?;
        let slot = keys::one_of(&mut table, "slot", SLOTS, sink);
        let state = keys::one_of(&mut table, "state", STATES, sink);
        table.finish(sink);
        Some(Supply { slot: slot?.1, state: state? })
    }
}

impl Act for Supply {
    fn words(&self) -> String {
        format!("slot=P{} state={}", self.slot, self.state.0)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let stimulus = Stimulus::PowerSupply { slot: self.slot, state: self.state.1 };
        stage.tell(Input::Stimulus { stimulus, trace: stage.trace });
    }
}
