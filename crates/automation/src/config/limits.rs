//! `[limits]`: how much is done at a time, and how long an effect of ours can take.
//!
//! Called by `Config::load`; jobs and the loop breaker hold to it.

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};
use simtime::Duration;

use crate::job::{DEVICE_JOBS_MAX, DEVICE_SESSIONS_MAX, SESSIONS_MAX};

/// A limit that is beyond its own.
const OUT_OF_BOUNDS: &str = "LST031";

/// How long after our change its effects can come, if the file does not say, in seconds: a delivery
/// that was tried again included.
const EFFECTS_SECS_DEFAULT: u64 = 30;
/// The longest that can be asked for, in seconds: an hour.
const EFFECTS_SECS_MAX: u64 = 3_600;

/// How much is done at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Sessions in all.
    pub(crate) sessions: usize,
    /// Sessions on one device; what changes it is alone there.
    pub(crate) device_sessions: usize,
    /// Jobs that wait on one device.
    pub(crate) queue: usize,
    /// How long after a change of ours its effects can come.
    pub(crate) effects: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            sessions: SESSIONS_MAX,
            device_sessions: 1,
            queue: DEVICE_JOBS_MAX,
            effects: Duration::from_secs(EFFECTS_SECS_DEFAULT),
        }
    }
}

pub(super) fn load(table: Option<Table>, sink: &mut Vec<Diagnostic>) -> Limits {
    let mut limits = Limits::default();
    let Some(mut table) = table else { return limits };
    let mut number = |table: &mut Table, key, most: usize, slot: &mut usize| {
        let Some(Spanned { value, span }) = table.number(key, sink) else { return };
        match usize::try_from(value).ok().filter(|value| (1..=most).contains(value)) {
            Some(value) => *slot = value,
            None => {
                let message = format!("`{key}` is out of bounds");
                let diagnostic = Diagnostic::error(OUT_OF_BOUNDS, message, table.source(), span);
                sink.push(diagnostic.label(format!("expected 1 to {most}")));
            }
        }
    };
    number(&mut table, "sessions", SESSIONS_MAX, &mut limits.sessions);
    let of_device = &mut limits.device_sessions;
    number(&mut table, "sessions-per-device", DEVICE_SESSIONS_MAX, of_device);
    number(&mut table, "queue", DEVICE_JOBS_MAX, &mut limits.queue);
    let effects: Option<Spanned<Duration>> = table.parsed("effects", sink);
    if let Some(Spanned { value, span }) = effects {
        if value > Duration::from_secs(EFFECTS_SECS_MAX) {
            let message = "`effects` is out of bounds";
            let diagnostic = Diagnostic::error(OUT_OF_BOUNDS, message, table.source(), span);
            sink.push(diagnostic.label("at most `1h`"));
        }
        limits.effects = value;
    }
    table.finish(sink);
    limits
}
