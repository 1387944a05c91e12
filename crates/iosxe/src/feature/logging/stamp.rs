//! What stands before a message: sequence number, star, time (syslog.md, section 1.2).

use std::fmt::Write as _;

use simtime::{Duration, Time};

use crate::feature::clock::{Clock, Reading};

/// One `service timestamps` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// `no service timestamps`
    None,
    /// Time since the start: `00:00:21`, `1d16h`, `2y10w`.
    Uptime,
    /// Date and time of day.
    DateTime(DateTime),
}

/// The options of `datetime`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DateTime {
    pub(crate) msec: bool,
    pub(crate) localtime: bool,
    pub(crate) show_timezone: bool,
    pub(crate) year: bool,
}

/// What IOS XE starts with: `datetime msec`.
impl Default for Stamp {
    fn default() -> Self {
        Stamp::DateTime(DateTime { msec: true, ..DateTime::default() })
    }
}

impl Stamp {
    /// The stamp of `now`, without the colon that follows; `None` when messages carry none.
    pub(super) fn render(self, clock: &Clock, started: Time, now: Time) -> Option<String> {
        match self {
            Stamp::None => None,
            Stamp::Uptime => Some(uptime(now.since(started))),
            Stamp::DateTime(options) => {
                let reading = if options.localtime { clock.local(now) } else { clock.utc(now) };
                Some(format!("{}{}", clock.mark(), options.render(&reading)))
            }
        }
    }

    /// The words after `service timestamps log`.
    pub(super) fn words(self) -> String {
        let options = match self {
            Stamp::None => return String::new(),
            Stamp::Uptime => return "uptime".into(),
            Stamp::DateTime(options) => options,
        };
        let mut words = String::from("datetime");
        let DateTime { msec, localtime, show_timezone, year } = options;
        let named = [
            (msec, " msec"),
            (localtime, " localtime"),
            (show_timezone, " show-timezone"),
            (year, " year"),
        ];
        named.iter().filter(|(on, _)| *on).for_each(|(_, word)| words.push_str(word));
        words
    }
}

impl DateTime {
    /// `Jan  6 2022 20:52:12.861 UTC`: the day padded to two columns.
    fn render(self, reading: &Reading<'_>) -> String {
        let mut text = reading.civil.strftime("%b %e").to_string();
        if self.year {
            let _ = write!(text, " {:04}", reading.civil.year());
        }
        let _ = write!(text, " {}", reading.civil.strftime("%H:%M:%S"));
        if self.msec {
            let _ = write!(text, ".{:03}", reading.millis());
        }
        if self.show_timezone {
            let _ = write!(text, " {}", reading.zone);
        }
        text
    }
}

/// A span as IOS abbreviates it: the two largest units.
pub(crate) fn uptime(span: Duration) -> String {
    let secs = span.as_secs();
    let (hours, days) = (secs / 3_600, secs / 86_400);
    let (weeks, years) = (days / 7, days / 365);
    match () {
        () if hours < 24 => format!("{hours:02}:{:02}:{:02}", secs / 60 % 60, secs % 60),
        () if weeks == 0 => format!("{days}d{:02}h", hours % 24),
        () if years == 0 => format!("{weeks}w{}d", days % 7),
        () => format!("{years}y{:02}w", days % 365 / 7),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: spans print as on a router. Method: both sides of each change of unit.
    #[test]
    fn uptime_prints_two_units() {
        let table = [
            (21, "00:00:21"),
            (86_399, "23:59:59"),
            (86_400 + 16 * 3_600, "1d16h"),
            (7 * 86_400, "1w0d"),
            (364 * 86_400, "52w0d"),
            (800 * 86_400, "2y10w"),
        ];
        for (secs, want) in table {
            assert_eq!(uptime(Duration::from_secs(secs)), want);
        }
    }

    /// Goal: each option adds its part, in the order of the reference. Method: a table.
    #[test]
    fn stamps_follow_their_options() {
        let now = Time::VIRTUAL_START + Duration::from_micros(5 * 86_400_000_000 + 734_900);
        let check = |stamp: Stamp, want: &str| {
            assert_eq!(stamp.render(&Clock::default(), now, now).as_deref(), Some(want));
        };
        let plain = DateTime::default();
        check(Stamp::DateTime(plain), "*Jan  6 00:00:00");
        check(Stamp::default(), "*Jan  6 00:00:00.734");
        check(Stamp::DateTime(DateTime { year: true, ..plain }), "*Jan  6 2026 00:00:00");
        let all = DateTime { msec: true, localtime: true, show_timezone: true, year: true };
        check(Stamp::DateTime(all), "*Jan  6 2026 00:00:00.734 UTC");
        check(Stamp::Uptime, "00:00:00");
        assert_eq!(Stamp::None.render(&Clock::default(), now, now), None);
    }
}
