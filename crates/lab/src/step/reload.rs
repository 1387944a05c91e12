//! `reload = "reason"` and `crash = "cause"`: a router goes down and boots again.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::BOOT_DEFAULT;
use simtime::Duration;

use super::{Act, Stage, Target, Verb, time};

pub(super) const RELOAD: Verb = Verb {
    word: "reload",
    argument: "REASON or { reason, boot }",
    help: "reloads the node from its startup-config; it is back after `boot` (60 s)",
    target: Target::Node,
    example: r#"reload = { reason = "maintenance", boot = "45s" }"#,
    read: |table, _, sink| Some(Arc::new(Down::read("reload", "reason", table, sink)?)),
};

pub(super) const CRASH: Verb = Verb {
    word: "crash",
    argument: "CAUSE or { cause, boot }",
    help: "the node's software dies without a word; it is back after `boot` (60 s)",
    target: Target::Node,
    example: r#"crash = "Critical process fman_fp_image fault""#,
    read: |table, _, sink| Some(Arc::new(Down::read("crash", "cause", table, sink)?)),
};

/// Why, and for how long.
#[derive(Debug)]
struct Down {
    word: &'static str,
    key: &'static str,
    why: String,
    boot: Option<Duration>,
}

impl Down {
    fn read(
        word: &'static str,
        key: &'static str,
        table: &mut Table,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Down> {
        let mut inner = table.text_or_table(word, key, sink)?;
        let before = sink.len();
        let why = inner.text(key, sink).map(|why| why.value).unwrap_or_default();
        let boot = time(&mut inner, "boot", sink).map(|boot| boot.value);
        inner.finish(sink);
        // It goes into one line of a log.
        let why = why.replace(char::is_control, " ");
        (sink.len() == before).then_some(Down { word, key, why, boot })
    }
}

impl Act for Down {
    fn words(&self) -> String {
        match self.boot {
            None => self.why.clone(),
            Some(boot) => format!("{}={} boot={boot}", self.key, self.why),
        }
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let (trace, boot) = (stage.trace, self.boot);
        stage.tell(match self.word == RELOAD.word {
            true => iosxe::Input::Reload { reason: &self.why, boot, trace },
            false => iosxe::Input::Crash { cause: &self.why, boot, trace },
        });
    }

    fn lasts(&self) -> Duration {
        self.boot.unwrap_or(BOOT_DEFAULT)
    }
}
