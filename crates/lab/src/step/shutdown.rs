//! `shutdown = "GigabitEthernet1"`: somebody at the console takes an interface down.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;

use super::{Act, Reading, Stage, Target, Verb};

pub(super) const VERB: Verb = Verb {
    word: "shutdown",
    argument: "INTERFACE",
    help: "types `interface INTERFACE`, `shutdown` at the node's console",
    target: Target::Node,
    example: r#"shutdown = "GigabitEthernet1""#,
    read: |table, reading, sink| Some(Arc::new(Typed::read("shutdown", table, reading, sink)?)),
};

/// One line typed below an interface.
#[derive(Debug)]
pub(crate) struct Typed {
    interface: String,
    line: &'static str,
}

impl Typed {
    pub(super) fn read(
        word: &'static str,
        table: &mut Table,
        reading: &Reading<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Typed> {
        let source = Arc::clone(table.source());
        let text = table.text(word, sink)?;
        let interface = reading.interface(&text, &source, sink)?;
        Some(Typed::new(word, interface))
    }

    /// The line that goes with a verb.
    pub(super) fn new(word: &'static str, interface: String) -> Typed {
        let line = if word == VERB.word { "shutdown" } else { "no shutdown" };
        Typed { interface, line }
    }
}

impl Act for Typed {
    fn words(&self) -> String {
        self.interface.clone()
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let lines = [format!("interface {}", self.interface), self.line.to_owned()];
        stage.type_at_console(&lines);
    }
}
