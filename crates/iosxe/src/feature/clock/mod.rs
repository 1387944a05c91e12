//! The router's own clock: the lab's clock, shifted by `clock set`, shown in a time zone.
//!
//! Read by every part that prints a time. Only what the router prints follows it: timers,
//! signatures and facts stay on the lab's clock.

pub(crate) mod config;
pub(crate) mod show;

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::DateTime;
use simtime::Time;

use crate::io::ClockChange;

/// The clock of one router.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    /// How far it is ahead of the lab's, in microseconds.
    ahead_us: i64,
    source: Source,
    follows: Follows,
    zone: Option<Zone>,
}

/// What its time comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// The battery-backed calendar: nobody has vouched for it.
    #[default]
    Calendar,
    /// `clock set`
    User,
    /// A server of NTP.
    Ntp,
}

/// Whom it follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Follows {
    /// Nobody: NTP does not run.
    #[default]
    Nobody,
    /// NTP runs and is not synchronised.
    NobodyYet,
    /// A server of NTP.
    Server,
}

/// `clock timezone`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    pub(crate) name: String,
    /// Ahead of UTC, in minutes; negative to the west.
    pub(crate) minutes: i32,
}

/// An instant as a router reads it, on the wall of its own place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading<'a> {
    /// Date and time of day.
    pub(crate) civil: DateTime,
    /// The zone's name.
    pub(crate) zone: &'a str,
}

impl Clock {
    /// What stands before a time: `*` while the router does not believe its clock, `.` when it does
    /// and NTP is not synchronised (syslog.md, section 1.2).
    pub(crate) fn mark(&self) -> &'static str {
        match (self.source, self.follows) {
            (Source::Calendar, _) => "*",
            (Source::User | Source::Ntp, Follows::NobodyYet) => ".",
            (Source::User | Source::Ntp, Follows::Nobody | Follows::Server) => "",
        }
    }

    /// What its time comes from.
    pub(crate) fn source(&self) -> Source {
        self.source
    }

    /// How far it is ahead of the lab's, in microseconds.
    pub(crate) fn ahead_us(&self) -> i64 {
        self.ahead_us
    }

    /// Whom it follows from now on. Whoever follows a server has its time from there.
    pub(crate) fn follow(&mut self, follows: Follows) {
        self.follows = follows;
        if follows == Follows::Server {
            self.source = Source::Ntp;
        }
    }

    /// Takes the time of a clock that is so far ahead of the lab's; whether that changes it.
    pub(crate) fn step_to(&mut self, ahead_us: i64) -> bool {
        let changes = self.ahead_us != ahead_us;
        self.ahead_us = ahead_us;
        changes
    }

    /// `at` in the configured time zone, as RFC 3339 has it, in milliseconds.
    pub(crate) fn rfc3339(&self, at: Time) -> String {
        let Reading { civil, .. } = self.local(at);
        let minutes = self.zone.as_ref().map_or(0, |zone| zone.minutes);
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let millis = civil.subsec_nanosecond() / 1_000_000;
        let zone =
            if minutes == 0 { "Z".to_owned() } else { format!("{sign}{hours:02}:{rest:02}") };
        format!("{}.{millis:03}{zone}", civil.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// `at` as HTTP has it (RFC 9110 section 5.6.7).
    pub(crate) fn http_date(&self, at: Time) -> String {
        self.utc(at).civil.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// `at` in the configured time zone.
    pub(crate) fn local(&self, at: Time) -> Reading<'_> {
        let zone = self.zone.as_ref();
        let minutes = zone.map_or(0, |zone| zone.minutes);
        let own = self.own(at).to_utc();
        let civil = own.checked_add(minutes.minutes()).unwrap_or(own);
        Reading { civil, zone: zone.map_or("UTC", |zone| &zone.name) }
    }

    /// How far the wall's reading is ahead of the lab's clock at `at`, zone included, in seconds.
    pub(crate) fn ahead_secs(&self, at: Time) -> i64 {
        let wall = self.local(at).civil.duration_since(at.to_utc());
        wall.as_secs()
    }

    /// `at` in UTC.
    pub(crate) fn utc(&self, at: Time) -> Reading<'static> {
        Reading { civil: self.own(at).to_utc(), zone: "UTC" }
    }

    /// `at` in the words of messages: `12:00:00 UTC Sat Nov 21 2026`.
    pub(crate) fn describe(&self, at: Time) -> String {
        self.local(at).to_string()
    }

    /// Sets it, so that it reads `wanted` (in the configured zone) at `now`.
    pub(crate) fn set(&mut self, now: Time, wanted: DateTime) {
        let reads = self.local(now).civil;
        let ahead = wanted.duration_since(reads).as_micros();
        self.ahead_us = self.ahead_us.saturating_add(i64::try_from(ahead).unwrap_or(0));
        self.source = Source::User;
    }

    /// What a reload leaves: the calendar goes on, and nobody has vouched for it.
    pub(crate) fn after_reload(&self) -> Clock {
        Clock { ahead_us: self.ahead_us, ..Clock::default() }
    }

    /// Sets it as the console of a scenario does.
    pub(super) fn change(&mut self, now: Time, to: ClockChange) {
        let by = match to {
            ClockChange::ByMicros(by) => by,
            ClockChange::To(at) => at
                .as_micros()
                .cast_signed()
                .saturating_sub(now.as_micros().saturating_add_signed(self.ahead_us).cast_signed()),
        };
        self.ahead_us = self.ahead_us.saturating_add(by);
        self.source = Source::User;
    }

    /// The lab's instant as it reads it, in UTC.
    pub(crate) fn own(&self, at: Time) -> Time {
        Time::from_micros(at.as_micros().saturating_add_signed(self.ahead_us))
    }
}

impl Reading<'_> {
    /// `Sat Nov 21 2026`, the day without padding.
    pub(crate) fn date(&self) -> String {
        self.civil.strftime("%a %b %-d %Y").to_string()
    }

    /// Milliseconds within the second.
    pub(crate) fn millis(&self) -> i32 {
        self.civil.subsec_nanosecond() / 1_000_000
    }
}

/// `12:00:00 UTC Sat Nov 21 2026`
impl fmt::Display for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.civil.strftime("%H:%M:%S"), self.zone, self.date())
    }
}
