//! `cpu = { to, over, hold, process }`: a process makes the processor busy.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::{CPU_PROCESS_DEFAULT, Input, Ramp, Stimulus};
use simtime::Duration;

use super::{Act, Stage, Target, Verb, keys};

pub(super) const VERB: Verb = Verb {
    word: "cpu",
    argument: "{ to, over, hold, process }",
    help: "takes the load of the processor `to` a percentage `over` a time (0s), and back again \
           after `hold`, if that is given; `process` (`IP Input`) makes it",
    target: Target::Node,
    example: r#"cpu = { to = 95, over = "60s", hold = "30s" }"#,
    read: |table, _, sink| Some(Arc::new(Load::read(table, sink)?)),
};

/// The longest name of a process, in characters: what `show processes cpu` has room for.
const NAME_CHARS_MAX: usize = 16;

#[derive(Debug)]
struct Load {
    ramp: Ramp,
    process: Option<String>,
}

impl Load {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Load> {
        let mut table = table.table(VERB.word, sink)?;
        let ramp = keys::read(&mut table, 0..=100, sink);
        let process = table.text("process", sink);
        let source = Arc::clone(table.source());
        table.finish(sink);
        let is_name = |name: &str| {
            (1..=NAME_CHARS_MAX).contains(&name.len())
                && name.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
        };
        if let Some(name) = process.as_ref().filter(|name| !is_name(&name.value)) {
            let message = format!("`{}` is no name of a process", name.value);
            let label = format!("expected 1 to {NAME_CHARS_MAX} characters of ASCII");
            let help = format!("`{CPU_PROCESS_DEFAULT}` is meant if there is no `process`");
            sink.push(
                Diagnostic::error("SIM006", message, &source, name.span.clone())
                    .label(label)
                    .help(help),
            );
            return None;
        }
        Some(Load { ramp: ramp?, process: process.map(|name| name.value) })
    }
}

impl Act for Load {
    fn words(&self) -> String {
        let process = self.process.iter().map(|name| format!(" process={name}"));
        keys::words(&self.ramp) + &process.collect::<String>()
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let stimulus = Stimulus::Cpu { ramp: self.ramp, process: self.process.as_deref() };
        stage.tell(Input::Stimulus { stimulus, trace: stage.trace });
    }

    fn lasts(&self) -> Duration {
        self.ramp.lasts()
    }
}
