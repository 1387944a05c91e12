//! `[journal]`: how long finished events are kept, and in how much space.
//!
//! Called by `Config::load`. It removes nothing: a store does, when the program tells it.

use std::fmt;
use std::str::FromStr;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};
use simtime::Duration;

use crate::store::REPLAY_SECS;

/// A bound that would remove what is still needed.
const TOO_LITTLE: &str = "LST030";

/// How long an event is kept if the file does not say, in days.
const KEEP_DAYS_DEFAULT: u64 = 30;
/// How large the journal may grow if the file does not say, in bytes: 1 GiB.
const SIZE_BYTES_DEFAULT: u64 = 1 << 30;
/// The smallest size that can be asked for, in bytes: 1 MiB.
const SIZE_BYTES_MIN: u64 = 1 << 20;

/// Which finished events a journal lets go of. Unfinished ones always stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Those that were received longer ago than this.
    pub keep: Duration,
    /// The oldest ones beyond this many bytes.
    pub size_bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        let keep = Duration::from_secs(KEEP_DAYS_DEFAULT * 86_400);
        Retention { keep, size_bytes: SIZE_BYTES_DEFAULT }
    }
}

/// A number of bytes: `512MiB`, `1GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size(pub(super) u64);

/// Why a text is no [`Size`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ParseSizeError;

impl fmt::Display for ParseSizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a size such as `64MiB` or `1GiB`")
    }
}

impl FromStr for Size {
    type Err = ParseSizeError;

    fn from_str(text: &str) -> Result<Self, ParseSizeError> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or(ParseSizeError)?;
        let number: u64 = text[..digits].parse().map_err(|_| ParseSizeError)?;
        let unit: u64 = match &text[digits..] {
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            "TiB" => 1 << 40,
            _ => return Err(ParseSizeError),
        };
        number.checked_mul(unit).map(Size).ok_or(ParseSizeError)
    }
}

pub(super) fn load(table: Option<Table>, sink: &mut Vec<Diagnostic>) -> Retention {
    let mut retention = Retention::default();
    let Some(mut table) = table else { return retention };
    let keep: Option<Spanned<Duration>> = table.parsed("keep", sink);
    let size: Option<Spanned<Size>> = table.parsed("size", sink);
    let mut too_little = |span, message: &str, label: &str| {
        let diagnostic = Diagnostic::error(TOO_LITTLE, message, table.source(), span);
        sink.push(diagnostic.label(label));
    };
    if let Some(keep) = keep {
        if keep.value < Duration::from_secs(REPLAY_SECS) {
            let label = "at least `15m`: until then a repeat must be known as one";
            too_little(keep.span, "events are kept for too short a time", label);
        }
        retention.keep = keep.value;
    }
    if let Some(size) = size {
        if size.value.0 < SIZE_BYTES_MIN {
            too_little(size.span, "the journal has too little room", "at least `1MiB`");
        }
        retention.size_bytes = size.value.0;
    }
    table.finish(sink);
    retention
}

#[cfg(test)]
mod tests {
    use crate::testkit;

    /// Goal: what is said is taken, what is not said has its default, what cannot be is reported
    /// with its place. Method: a table of files.
    #[test]
    fn retention_is_read() {
        let check = |text: &str| {
            let sources = "[[sources]]\npath = \"/events\"\nunauthenticated = \"loopback\"\n";
            let (config, sink) = testkit::load(&format!("{text}\n{sources}"));
            let retention = config.map(|config| config.retention);
            let codes: Vec<_> = sink.iter().map(|d| d.code.to_owned()).collect();
            (retention.map(|r| (r.keep.as_secs(), r.size_bytes)), codes.join(" "))
        };
        let none = || String::new();
        assert_eq!(check(""), (Some((2_592_000, 1 << 30)), none()));
        assert_eq!(check("[journal]\nkeep = \"15m\""), (Some((900, 1 << 30)), none()));
        assert_eq!(check("[journal]\nsize = \"64MiB\""), (Some((2_592_000, 64 << 20)), none()));
        for (text, codes) in [
            ("[journal]\nkeep = \"14m59s\"", "LST030"),
            ("[journal]\nsize = \"1023KiB\"", "LST030"),
            ("[journal]\nkeep = \"a month\"", "TOML005"),
            ("[journal]\nsize = \"1GB\"", "TOML005"),
            ("[journal]\nsize = \"99999999TiB\"", "TOML005"),
            ("[journal]\nkeep = 30\nlimit = 1", "TOML002 TOML004"),
        ] {
            assert_eq!(check(text), (None, codes.to_owned()), "{text}");
        }
    }
}
