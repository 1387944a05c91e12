//! `[limits]`: how much is taken in and done at a time, and how long an effect of ours can take.
//!
//! Called by `Config::load`; the receiver, jobs and the loop breaker hold to it.

use std::ops::RangeInclusive;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::Duration;

use super::journal::Size;
use crate::job::{DEVICE_JOBS_MAX, DEVICE_SESSIONS_MAX, SESSIONS_MAX};

/// A limit that is beyond its own.
const OUT_OF_BOUNDS: &str = "LST031";

/// How long after our change its effects can come, if the file does not say, in seconds: a delivery
/// that was tried again included.
const EFFECTS_SECS_DEFAULT: u64 = 30;
/// The longest that can be asked for, in seconds: an hour.
const EFFECTS_SECS_MAX: u64 = 3_600;

/// How large a body may be, if the file does not say, in bytes: 1 MiB.
pub const BODY_BYTES_DEFAULT: usize = 1 << 20;
/// What can be asked for, in bytes: 64 MiB are there for all that are being sent.
const BODY_BYTES: RangeInclusive<u64> = 1 << 10..=16 << 20;

/// How much is taken in and done at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The largest body, in bytes.
    pub(crate) body_bytes: usize,
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
            body_bytes: BODY_BYTES_DEFAULT,
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
    let body = table.parsed::<Size>("body", sink);
    let body = body.map(|Spanned { value: Size(bytes), span }| Spanned::new(bytes, span));
    if let Some(bytes) = body.and_then(|body| body_bytes(body, "body", table.source(), sink)) {
        limits.body_bytes = bytes;
    }
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

/// How large a body may be, if that is within its bounds; `key` says so.
pub(super) fn body_bytes(
    bytes: Spanned<u64>,
    key: &str,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let Spanned { value, span } = bytes;
    if let Some(bytes) = usize::try_from(value).ok().filter(|_| BODY_BYTES.contains(&value)) {
        return Some(bytes);
    }
    let message = format!("`{key}` is out of bounds");
    sink.push(
        Diagnostic::error(OUT_OF_BOUNDS, message, source, span).label("expected 1 KiB to 16 MiB"),
    );
    None
}

#[cfg(test)]
mod tests {
    use crate::testkit::{self, LISTENER};

    /// Goal: the largest body is what the file says, within bounds. Method: a table of files.
    #[test]
    fn the_largest_body_is_read() {
        let check = |text: &str, want: Result<usize, &str>| {
            let (config, sink) = testkit::load(&format!("{LISTENER}\n[limits]\n{text}\n"));
            let codes: Vec<_> = sink.iter().map(|d| d.code).collect();
            let read = config.map(|config| config.body_bytes_max()).ok_or(codes.join(" "));
            assert_eq!(read, want.map_err(str::to_owned), "{text}");
        };
        check("", Ok(1 << 20));
        check("body = \"1KiB\"", Ok(1 << 10));
        check("body = \"16MiB\"", Ok(16 << 20));
        check("body = \"17MiB\"", Err("LST031"));
        check("body = \"0KiB\"", Err("LST031"));
        check("body = \"1MB\"", Err("TOML005"));
        check("body = 1048576", Err("TOML002"));
    }
}
