//! Seconds with three decimals, as `maxrun`, `ratelimit` and `period` take and print them.

use std::fmt;
use std::str::FromStr;

use simtime::Duration;

/// A span as applets write it.
///
/// IOS XE's YANG model ends `maxrun` at 31536000.999; older configurations hold values up to
/// 4294967295 and load, so that is the bound here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(u64);

/// The text is not `SSSSSSSSSS[.MMM]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseSecondsError;

/// The largest number of whole seconds.
const SECONDS_MAX: u64 = 4_294_967_295;

impl Seconds {
    /// The span in simulated time.
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }

    /// Without decimals that are zero: `60`, `0.500`.
    pub(crate) fn compact(self) -> impl fmt::Display {
        fmt::from_fn(move |f| {
            if self.0.is_multiple_of(1_000) {
                write!(f, "{}", self.0 / 1_000)
            } else {
                write!(f, "{self}")
            }
        })
    }

    /// That many milliseconds.
    pub(crate) const fn from_millis(millis: u64) -> Self {
        Seconds(millis)
    }

    /// That many whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Seconds(seconds * 1_000)
    }
}

impl FromStr for Seconds {
    type Err = ParseSecondsError;

    fn from_str(text: &str) -> Result<Self, ParseSecondsError> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) || decimals.len() > 3 {
            return Err(ParseSecondsError);
        }
        let whole: u64 = whole.parse().map_err(|_| ParseSecondsError)?;
        let millis: u64 = format!("{decimals:0<3}").parse().map_err(|_| ParseSecondsError)?;
        if whole > SECONDS_MAX {
            Err(ParseSecondsError)
        } else {
            Ok(Seconds(whole * 1_000 + millis))
        }
    }
}

/// The normal form of the running-config: `90.000`.
impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: three decimals read and print. Method: a table.
    #[test]
    fn seconds_read_and_print() {
        let table = [
            ("90", Some("90.000")),
            ("0.5", Some("0.500")),
            ("4294967295.999", Some("4294967295.999")),
            ("4294967296", None),
            ("1.2345", None),
            ("1.", None),
            (".5", None),
            ("-1", None),
            ("", None),
        ];
        for (text, want) in table {
            let got = text.parse::<Seconds>().ok().map(|seconds| seconds.to_string());
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }
}
