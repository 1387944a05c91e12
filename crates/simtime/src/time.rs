//! Instants and durations as whole microseconds: comparable, serialisable, the same everywhere.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
///
/// ```
/// use simtime::{Duration, Time};
/// let later = Time::VIRTUAL_START + Duration::from_millis(1500);
/// assert_eq!(later.to_string(), "2026-01-01T00:00:01.500000Z");
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(u64);

/// A span of time in whole microseconds. Never negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Duration(u64);

/// Why a text is not a duration such as `250ms`, `2s`, `1m30s`, `24h`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseDurationError;

/// Why a text is not an instant such as `2026-01-01T00:05:00Z`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseTimeError;

impl fmt::Display for ParseTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an instant in UTC since 1970, such as `2026-01-01T00:05:00Z`")
    }
}

impl std::error::Error for ParseTimeError {}

/// RFC 3339, in UTC.
impl FromStr for Time {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        let civil = text.strip_suffix('Z').ok_or(ParseTimeError)?;
        let civil: jiff::civil::DateTime = civil.parse().map_err(|_| ParseTimeError)?;
        let stamp = jiff::tz::Offset::UTC.to_timestamp(civil).map_err(|_| ParseTimeError)?;
        u64::try_from(stamp.as_microsecond()).map(Time).map_err(|_| ParseTimeError)
    }
}

impl Time {
    /// Where every virtual run starts: 2026-01-01T00:00:00Z.
    pub const VIRTUAL_START: Time = Time(1_767_225_600_000_000);

    /// The instant that is `micros` microseconds after the Unix epoch.
    pub const fn from_micros(micros: u64) -> Self {
        Time(micros)
    }

    /// Microseconds since the Unix epoch.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, as signatures use them.
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000_000
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub const fn since(self, earlier: Time) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }

    /// This instant as a calendar date and time of day in UTC.
    pub fn to_utc(self) -> jiff::civil::DateTime {
        let micros = i64::try_from(self.0).unwrap_or(i64::MAX);
        let stamp = jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX);
        jiff::tz::Offset::UTC.to_datetime(stamp)
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Duration = Duration(0);

    /// `micros` microseconds.
    pub const fn from_micros(micros: u64) -> Self {
        Duration(micros)
    }

    /// `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Duration(millis.saturating_mul(1_000))
    }

    /// `secs` seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Duration(secs.saturating_mul(1_000_000))
    }

    /// Whole microseconds.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Whole milliseconds, rounded down.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Whole seconds, rounded down.
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000_000
    }

    /// `factor` times as long, at most the longest duration there is.
    pub const fn saturating_mul(self, factor: u64) -> Self {
        Duration(self.0.saturating_mul(factor))
    }
}

impl Add<Duration> for Time {
    type Output = Time;
    fn add(self, span: Duration) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Duration> for Time {
    fn add_assign(&mut self, span: Duration) {
        *self = *self + span;
    }
}

impl Add for Duration {
    type Output = Duration;
    fn add(self, other: Duration) -> Duration {
        Duration(self.0.saturating_add(other.0))
    }
}

impl Sub for Duration {
    type Output = Duration;
    fn sub(self, other: Duration) -> Duration {
        Duration(self.0.saturating_sub(other.0))
    }
}

/// RFC 3339 in UTC with six digits of the second.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.to_utc();
        write!(f, "{:04}-{:02}-{:02}T", t.year(), t.month(), t.day())?;
        write!(f, "{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())?;
        write!(f, ".{:06}Z", self.0 % 1_000_000)
    }
}

/// The shortest exact form with one unit: `2s`, `1500ms`, `250us`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            us if us % 1_000_000 == 0 => write!(f, "{}s", us / 1_000_000),
            us if us % 1_000 == 0 => write!(f, "{}ms", us / 1_000),
            us => write!(f, "{us}us"),
        }
    }
}

impl fmt::Display for ParseDurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a duration such as `250ms`, `2s`, `1m30s` or `24h`")
    }
}

impl std::error::Error for ParseDurationError {}

impl FromStr for Duration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, ParseDurationError> {
        let mut rest = text;
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(ParseDurationError)?;
            let number: u64 = rest[..digits].parse().map_err(|_| ParseDurationError)?;
            rest = &rest[digits..];
            let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            let unit = match &rest[..letters] {
                "us" => 1,
                "ms" => 1_000,
                "s" => 1_000_000,
                "m" => 60_000_000,
                "h" => 3_600_000_000,
                "d" => 86_400_000_000,
                _ => return Err(ParseDurationError),
            };
            rest = &rest[letters..];
            let part = number.checked_mul(unit).ok_or(ParseDurationError)?;
            total = total.checked_add(part).ok_or(ParseDurationError)?;
        }
        if text.is_empty() { Err(ParseDurationError) } else { Ok(Duration(total)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every documented form reads, and prints as one unit. Method: a table.
    #[test]
    fn durations_read_and_print() {
        let table = [
            ("250us", Some("250us")),
            ("250ms", Some("250ms")),
            ("2s", Some("2s")),
            ("1m30s", Some("90s")),
            ("24h", Some("86400s")),
            ("0s", Some("0s")),
            ("", None),
            ("2", None),
            ("s", None),
            ("-1s", None),
            ("1.5s", None),
            ("99999999999999999999s", None),
            ("9999999999999999h", None),
        ];
        for (text, want) in table {
            let got = text.parse::<Duration>().ok().map(|d| d.to_string());
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }

    /// Goal: an instant prints in RFC 3339. Method: the two fixed points of the contract.
    #[test]
    fn instants_print_in_utc() {
        assert_eq!(Time::VIRTUAL_START.to_string(), "2026-01-01T00:00:00.000000Z");
        assert_eq!(Time::from_micros(1).to_string(), "1970-01-01T00:00:00.000001Z");
    }
}
