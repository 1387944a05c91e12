//! `clock-set = "2026-01-01T00:05:00Z"`: somebody sets the clock of a node, and of nothing else.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};
use iosxe::ClockChange;
use simtime::{Duration, Time};

use super::{Act, Stage, Target, Verb};

pub(super) const VERB: Verb = Verb {
    word: "clock-set",
    argument: "INSTANT or { by }",
    help: "sets the node's clock, to an instant in UTC or by `\"+5m\"`, `\"-30s\"`",
    target: Target::Node,
    example: r#"clock-set = { by = "+5m" }"#,
    read: |table, _, sink| Some(Arc::new(ClockSet::read(table, sink)?)),
};

#[derive(Debug)]
struct ClockSet {
    words: String,
    to: ClockChange,
}

impl ClockSet {
    fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<ClockSet> {
        let source = Arc::clone(table.source());
        let mut inner = table.text_or_table(VERB.word, "to", sink)?;
        let instant = inner.text("to", sink);
        let by = inner.text("by", sink);
        let place = inner.span();
        inner.finish(sink);
        let wrong = |text: &Spanned<String>, label: &str| {
            let message = format!("`{}` is no setting of a clock", text.value);
            Diagnostic::error("SIM008", message, &source, text.span.clone()).label(label)
        };
        match (instant, by) {
            (Some(text), None) => match text.value.parse::<Time>() {
                Ok(at) => Some(ClockSet { to: ClockChange::To(at), words: text.value }),
                Err(reason) => {
                    sink.push(wrong(&text, &reason.to_string()));
                    None
                }
            },
            (None, Some(text)) => match read_shift(&text.value) {
                Some(by) => {
                    let words = format!("by={}", text.value);
                    Some(ClockSet { to: ClockChange::ByMicros(by), words })
                }
                None => {
                    sink.push(wrong(&text, "expected a sign and a time: `+5m`, `-30s`"));
                    None
                }
            },
            (None, None) | (Some(_), Some(_)) => {
                let message = "a clock is set to an instant, or by a time";
                sink.push(
                    Diagnostic::error("SIM008", message, &source, place)
                        .label("expected one of `to`, `by`"),
                );
                None
            }
        }
    }
}

fn read_shift(text: &str) -> Option<i64> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let span: Duration = rest.parse().ok()?;
    i64::try_from(span.as_micros()).ok().map(|micros| sign * micros)
}

impl Act for ClockSet {
    fn words(&self) -> String {
        self.words.clone()
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let trace = stage.trace;
        stage.tell(iosxe::Input::ClockSet { to: self.to, trace });
    }
}
