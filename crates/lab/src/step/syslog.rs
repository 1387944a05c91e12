//! `syslog = "%FACILITY-5-MNEMONIC: text"`: a node logs a message as if IOS XE had it to say.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::RawMessage;

use super::{Act, Stage, Target, Verb};

pub(super) const VERB: Verb = Verb {
    word: "syslog",
    argument: "MESSAGE",
    help: "the node logs `%FACILITY-SEVERITY-MNEMONIC: text`: buffer, collectors and EEM see it",
    target: Target::Node,
    example: r#"syslog = "%PLATFORM-3-ELEMENT_CRITICAL: R0/0: smand: RP/0: load average""#,
    read: |table, _, sink| Some(Arc::new(Said::read(table, sink)?)),
};

#[derive(Debug)]
struct Said {
    line: String,
    message: RawMessage,
}

impl Said {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Said> {
        let source = Arc::clone(table.source());
        let text = table.text(VERB.word, sink)?;
        let Some(message) = RawMessage::parse(&text.value) else {
            sink.push(
                Diagnostic::error("SIM009", "no message of a router", &source, text.span)
                    .label("expected `%FACILITY-SEVERITY-MNEMONIC: text`, severity 0 to 7"),
            );
            return None;
        };
        Some(Said { line: text.value, message })
    }
}

impl Act for Said {
    fn words(&self) -> String {
        self.line.clone()
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let trace = stage.trace;
        stage.tell(iosxe::Input::Log { message: &self.message, trace });
    }
}
