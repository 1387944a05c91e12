//! When a step is due, and how often: `at`, `after` and `delay`, `every`, `times` and `jitter`.
//!
//! Read by `steps`; obeyed by the lab.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::Duration;

use crate::step::{number, time};

/// How often one step can be repeated.
const TIMES_MAX: u64 = 1_000_000;

/// When a step is due.
#[derive(Clone, Debug)]
pub(crate) enum When {
    /// So long after the start of the run.
    At(Duration),
    /// So long after the step or the expectation of this name came.
    After {
        /// Its name, and where that stands.
        name: Spanned<String>,
        /// In which file.
        source: Arc<Source>,
        /// How long after it.
        delay: Duration,
    },
}

/// How often a step is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    /// From one occurrence to the next.
    pub(crate) every: Duration,
    /// How many there are.
    pub(crate) times: u32,
    /// By how much each can come later than it should.
    pub(crate) jitter: Duration,
}

impl Repeat {
    /// From the first to the last occurrence, at most.
    pub(crate) fn lasts(self) -> Duration {
        self.every.saturating_mul(u64::from(self.times.saturating_sub(1))) + self.jitter
    }
}

/// Reads when a step is due.
pub(super) fn read(
    table: &mut Table,
    sink: &mut Vec<Diagnostic>,
) -> (Option<When>, Option<Repeat>) {
    let place = table.span();
    let source = Arc::clone(table.source());
    let at = table.key_span("at");
    let (at, time_at) = (at, time(table, "at", sink));
    let after = table.text("after", sink);
    let delay_key = table.key_span("delay");
    let delay = time(table, "delay", sink);
    let repeat = repeat(table, sink);
    let wrong = |span, message: &str, label: &str| {
        Diagnostic::error("SIM005", message, &source, span).label(label)
    };
    match (&at, &after, &delay_key) {
        (Some(_), Some(after), _) => {
            let label = "either `at` or `after`";
            sink.push(wrong(after.span.clone(), "a step has two times", label));
        }
        (None, None, _) => {
            let label = "`at = \"2s\"`, or `after = \"NAME\"`";
            sink.push(wrong(place, "a step has no time", label));
        }
        (_, None, Some(delay)) => {
            sink.push(wrong(delay.clone(), "`delay` goes with `after`", "after what?"));
        }
        (Some(_), None, None) | (None, Some(_), _) => {}
    }
    let when = match (time_at, after) {
        (Some(at), None) => Some(When::At(at.value)),
        (None, Some(name)) if at.is_none() => {
            let delay = delay.map(|delay| delay.value).unwrap_or_default();
            Some(When::After { name, source, delay })
        }
        _ => None,
    };
    (when, repeat)
}

fn repeat(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Repeat> {
    let source = Arc::clone(table.source());
    let keys = ["every", "times", "jitter"].map(|key| table.key_span(key));
    let every = time(table, "every", sink);
    let times = number(table, "times", 1..=TIMES_MAX, sink);
    let jitter = time(table, "jitter", sink);
    let [every_key, times_key, _] = keys.clone();
    match (every_key, times_key) {
        (Some(span), None) | (None, Some(span)) => {
            let message = "`every` and `times` go together";
            sink.push(
                Diagnostic::error("SIM005", message, &source, span)
                    .label("`every = \"10m\"`, `times = 6`: six in an hour"),
            );
            None
        }
        (None, None) => {
            let jitter = jitter.map(|jitter| jitter.value).unwrap_or_default();
            Some(Repeat { every: Duration::ZERO, times: 1, jitter })
        }
        (Some(span), Some(_)) => {
            let (every, times) = (every?, times?);
            let jitter = jitter.map(|jitter| jitter.value).unwrap_or_default();
            if every.value == Duration::ZERO || jitter > every.value {
                let message = "`every` must be longer than nothing, and than `jitter`";
                sink.push(Diagnostic::error("SIM005", message, &source, span));
                return None;
            }
            let times = u32::try_from(times).unwrap_or(u32::MAX);
            Some(Repeat { every: every.value, times, jitter })
        }
    }
}
