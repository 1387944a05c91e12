//! `event timer {watchdog|countdown|absolute} time S [name N]` and `event timer cron cron-entry "E"
//! [name N]`.
//!
//! A cron entry is in the router's local time, and has five fields or is `@reboot`, `@hourly`,
//! `@daily`, `@weekly`, `@monthly` or `@yearly`. `@reboot` is once, when the router boots (decided:
//! an applet that is configured later is not started).

use std::ops::RangeInclusive;
use std::str::FromStr as _;
use std::sync::Arc;

use croner::Cron;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use simtime::{Duration, Time};

use super::declared;
use super::option::{Options, Spec, Value, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Fault, Router, Seconds};

pub(super) const SPECS: &[Spec] = &[
    opt("watchdog", "Timer that expires again and again", Value::Flag),
    opt("countdown", "Timer that expires once", Value::Flag),
    opt("absolute", "Timer that expires at an instant, in seconds since 1970", Value::Flag),
    opt("cron", "Timer that expires as cron's do", Value::Flag),
    opt("name", "Timer name", Value::Word),
    opt("time", "Time in seconds, or seconds since 1970", Value::Time),
    opt("cron-entry", "Cron specification", Value::Quoted),
];

/// What `time` may be: from a second to the end of 32 bits less ten years, as `?` on IOS XE says.
const TIMES: RangeInclusive<Seconds> =
    Seconds::from_millis(1_000)..=Seconds::from_millis(2_085_978_494_999);
/// From the boot to the runs of `@reboot`.
const REBOOT_DELAY: Duration = Duration::from_secs(1);

/// A timer that runs.
#[derive(Debug)]
struct Timer {
    kind: Kind,
    time: String,
    next: Option<Time>,
}

#[derive(Debug)]
enum Kind {
    Watchdog(Duration),
    Once(&'static str),
    Cron(Box<Cron>),
    Reboot,
}

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    let start = reader.clone();
    let options = Options::read(reader, SPECS, limits)?;
    let kinds = ["watchdog", "countdown", "absolute", "cron"];
    let given = kinds.iter().filter(|kind| options.has(kind)).count();
    let is_cron = options.has("cron");
    if given > 1 || (is_cron && options.has("time")) || (!is_cron && options.has("cron-entry")) {
        let mut again = start;
        return Err(again.word()?.problem(Fault::Invalid));
    }
    let needed = if is_cron { "cron-entry" } else { "time" };
    if given == 0 || !options.has(needed) {
        return Err(reader.incomplete());
    }
    let entry = options.text("cron-entry").and_then(|entry| entry.literal());
    let is_no_entry = entry.is_some_and(|entry| schedule(&entry).is_none());
    let is_no_time = options.seconds("time").is_some_and(|time| !TIMES.contains(&time));
    if is_no_entry || is_no_time {
        let mut again = start;
        while !again.accept(needed) {
            again.word()?;
        }
        return Err(again.word()?.problem(Fault::Invalid));
    }
    Ok(declared::from(options, arm))
}

/// What `event timer` is called in the tables and in `$_event_type_string`, and its number.
pub(super) fn kind(line: &str) -> (u32, &'static str) {
    match line.split_whitespace().next() {
        Some("watchdog") => (6, "timer watchdog"),
        Some("countdown") => (7, "timer countdown"),
        Some("absolute") => (8, "timer absolute"),
        Some(_) | None => (9, "timer cron"),
    }
}

/// A cron entry; nothing inside for `@reboot`. `None` for what is no entry.
pub(crate) fn schedule(entry: &str) -> Option<Option<Box<Cron>>> {
    match entry.trim() {
        "@reboot" => Some(None),
        entry if entry.starts_with('@') || entry.split_whitespace().count() == 5 => {
            Cron::from_str(entry).ok().map(|cron| Some(Box::new(cron)))
        }
        _ => None,
    }
}

fn arm(options: &Options, arming: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
    let seconds = options.seconds("time");
    let span = seconds.map_or(Duration::ZERO, Seconds::duration);
    let time = seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
    if options.has("watchdog") {
        let next = Some(arming.now + span);
        return Ok(Box::new(Timer { kind: Kind::Watchdog(span), time, next }));
    }
    if options.has("countdown") {
        let next = Some(arming.now + span);
        return Ok(Box::new(Timer { kind: Kind::Once("countdown"), time, next }));
    }
    if options.has("absolute") {
        let at = Time::from_micros(0) + span;
        let next = (at > arming.now).then_some(at);
        return Ok(Box::new(Timer { kind: Kind::Once("absolute"), time, next }));
    }
    let entry = options.expanded("cron-entry", arming)?.unwrap_or_default();
    let cron = schedule(&entry).ok_or_else(|| Failure::BadOperand(entry.clone()))?;
    let (kind, next) = match cron {
        Some(cron) => {
            let next = following(&cron, arming.now, arming.router, false);
            (Kind::Cron(cron), next)
        }
        None => (Kind::Reboot, arming.router.is_booting().then_some(arming.now + REBOOT_DELAY)),
    };
    Ok(Box::new(Timer { kind, time: entry, next }))
}

/// The next instant of a cron entry after `now`, or from `now` on, by the clock on the wall of the
/// router's place.
pub(crate) fn following(
    cron: &Cron,
    now: Time,
    router: &dyn Router,
    is_inclusive: bool,
) -> Option<Time> {
    let ahead = router.local_offset_secs(now);
    let now_secs = i64::try_from(now.as_secs()).ok()?;
    let local = Timestamp::from_second(now_secs.checked_add(ahead)?).ok()?;
    let next = cron.find_next_occurrence(&local.to_zoned(TimeZone::UTC), is_inclusive).ok()?;
    let secs = u64::try_from(next.timestamp().as_second().checked_sub(ahead)?).ok()?;
    Some(Time::from_micros(0) + Duration::from_secs(secs))
}

impl Armed for Timer {
    fn deadline(&self) -> Option<Time> {
        self.next
    }

    fn due(&mut self, now: Time, router: &dyn Router) -> Option<Variables> {
        let due = self.next?;
        let name = match &self.kind {
            Kind::Watchdog(span) => {
                self.next = Some(due.max(now) + *span);
                "watchdog"
            }
            Kind::Once(name) => {
                self.next = None;
                *name
            }
            Kind::Cron(cron) => {
                self.next = following(cron, now, router, false);
                "cron"
            }
            Kind::Reboot => {
                self.next = None;
                "cron"
            }
        };
        let remain = self.next.map_or(Duration::ZERO, |next| next.since(now));
        let named = [
            ("_timer_type", name.to_owned()),
            ("_timer_time", self.time.clone()),
            ("_timer_remain", format!("{}.{:03}", remain.as_secs(), remain.as_millis() % 1_000)),
        ];
        Some(named.map(|(name, value)| (name.to_owned(), value)).into())
    }

    fn clock_was_set(&mut self, now: Time, router: &dyn Router) {
        if let Kind::Cron(cron) = &self.kind {
            self.next = following(cron, now, router, false);
        }
    }
}
