//! Entry and exit: a value that is looked at again and again raises an event when it passes the
//! entry test, and not again until it has passed the exit test (eem.md, section 2.3).
//!
//! Without an exit test it raises one at each look that finds it beyond.

use std::collections::VecDeque;

use simtime::{Duration, Time};

use super::option::{OPERATORS, Options, Spec, Value, must, opt};
use crate::Seconds;

/// `value`, `increment` since the last look, or `rate` a second.
const TYPES: &[&str] = &["increment", "rate", "value"];

/// The options that `event interface` and `event snmp` have in common.
pub(super) const SHARED: [Spec; 11] = [
    must("entry-op", "Entry comparison operator", Value::Choice(OPERATORS)),
    must("entry-val", "Entry comparison value", Value::Quantity),
    opt("entry-type", "Type of the entry value", Value::Choice(TYPES)),
    opt("exit-comb", "Exit combination operator", Value::Choice(&["and", "or"])),
    opt("exit-op", "Exit comparison operator", Value::Choice(OPERATORS)),
    opt("exit-val", "Exit comparison value", Value::Quantity),
    opt("exit-type", "Type of the exit value", Value::Choice(TYPES)),
    opt("exit-time", "Time until monitoring is armed again", Value::Time),
    opt("exit-event", "Raise an event on exit too", Value::Choice(&["false", "true"])),
    opt("average-factor", "Factor of the averaging of rates", Value::Number(1..=64)),
    must("poll-interval", "Poll interval in seconds", Value::Time),
];

/// One comparison with a fixed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Test {
    operator: &'static str,
    value: i64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Value,
    Increment,
    Rate,
}

/// What is watched of one value.
#[derive(Clone, Debug)]
pub(super) struct Threshold {
    entry: Test,
    exit: Option<Test>,
    exit_time: Option<Duration>,
    /// Whether exit value and time are both needed.
    needs_both: bool,
    /// Whether leaving raises an event too.
    raises_exit: bool,
    average_factor: usize,
    /// The readings that rates and increments need, newest last.
    readings: VecDeque<(Time, i64)>,
    /// Since when it waits for its exit.
    entered: Option<Time>,
}

/// The value passed a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crossing {
    /// Whether it was the exit test.
    pub(super) is_exit: bool,
    /// What was compared.
    pub(super) value: i64,
    /// What the reading has grown by since the last look.
    pub(super) delta: i64,
}

impl Threshold {
    /// As the options say. `exit_increment_works`: on IOS the snmp detector never arms again after
    /// an `exit-type increment` (eem.md, section 2.3), and neither does it here.
    pub(super) fn new(options: &Options, exit_increment_works: bool) -> Self {
        let mut exit = test(options, "exit-op", "exit-val", "exit-type");
        let is_broken = exit.is_some_and(|exit| exit.kind == Kind::Increment);
        let mut exit_time = options.seconds("exit-time").map(Seconds::duration);
        if is_broken && !exit_increment_works {
            exit = exit.map(|exit| Test { operator: "", ..exit });
            exit_time = None;
        }
        let fallback = Test { operator: "ge", value: i64::MAX, kind: Kind::Value };
        Threshold {
            entry: test(options, "entry-op", "entry-val", "entry-type").unwrap_or(fallback),
            exit,
            exit_time,
            needs_both: options.word("exit-comb") == Some("and"),
            raises_exit: options.word("exit-event") == Some("true"),
            average_factor: usize::try_from(options.number("average-factor").unwrap_or(1))
                .unwrap_or(1)
                .max(1),
            readings: VecDeque::new(),
            entered: None,
        }
    }

    /// Looks at a reading.
    pub(super) fn look(&mut self, now: Time, reading: i64) -> Option<Crossing> {
        let last = self.readings.back().map(|(_, last)| *last);
        self.readings.push_back((now, reading));
        if self.readings.len() > self.average_factor + 1 {
            self.readings.pop_front();
        }
        let delta = last.map_or(0, |last| reading.saturating_sub(last));
        let crossing = |is_exit, value| Crossing { is_exit, value, delta };
        let Some(since) = self.entered else {
            let value = self.value(self.entry.kind, reading)?;
            if !holds(self.entry, value) {
                return None;
            }
            let has_exit = self.exit.is_some() || self.exit_time.is_some();
            self.entered = has_exit.then_some(now);
            return Some(crossing(false, value));
        };
        let value = self.exit.and_then(|exit| self.value(exit.kind, reading));
        let passes = self.exit.map(|exit| value.is_some_and(|value| holds(exit, value)));
        let elapsed = self.exit_time.map(|span| now.since(since) >= span);
        let leaves = match (passes, elapsed) {
            (Some(passes), Some(elapsed)) if self.needs_both => passes && elapsed,
            (passes, elapsed) => passes == Some(true) || elapsed == Some(true),
        };
        if !leaves {
            return None;
        }
        self.entered = None;
        self.raises_exit.then(|| crossing(true, value.unwrap_or(reading)))
    }

    fn value(&self, kind: Kind, reading: i64) -> Option<i64> {
        let count = self.readings.len();
        match kind {
            Kind::Value => Some(reading),
            Kind::Increment => {
                let (_, before) = self.readings.get(count.checked_sub(2)?)?;
                Some(reading.saturating_sub(*before))
            }
            // A rate is over as many looks as the factor says.
            Kind::Rate => {
                let (now, _) = self.readings.back()?;
                let (then, before) = self.readings.front()?;
                let millis = i64::try_from(now.since(*then).as_millis()).ok()?;
                reading.saturating_sub(*before).saturating_mul(1_000).checked_div(millis)
            }
        }
    }
}

fn test(options: &Options, op: &str, value: &str, kind: &str) -> Option<Test> {
    let wanted = options.word(op)?;
    let operator = OPERATORS.iter().find(|operator| **operator == wanted)?;
    let kind = match options.word(kind) {
        Some("increment") => Kind::Increment,
        Some("rate") => Kind::Rate,
        Some(_) | None => Kind::Value,
    };
    Some(Test { operator, value: options.number(value)?, kind })
}

fn holds(test: Test, value: i64) -> bool {
    match test.operator {
        "eq" => value == test.value,
        "ge" => value >= test.value,
        "gt" => value > test.value,
        "le" => value <= test.value,
        "lt" => value < test.value,
        "ne" => value != test.value,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Limits;
    use crate::reader::Reader;

    static SPECS: [Spec; 11] = SHARED;

    /// Goal: when events are raised, and when not. Method: options, readings ten seconds apart, and
    /// the looks that raise an event: `!` entry, `.` none, `x` exit.
    #[test]
    fn thresholds_are_crossed() {
        let check = |options: &str, readings: &[i64], want: &str| {
            let line = format!("{options} poll-interval 10");
            let read = Options::read(&mut Reader::new(&line), &SPECS, &mut Limits::default());
            let mut threshold = Threshold::new(&read.expect(&line), false);
            let mut now = Time::VIRTUAL_START;
            let got: String = readings
                .iter()
                .map(|reading| {
                    now += Duration::from_secs(10);
                    match threshold.look(now, *reading) {
                        None => '.',
                        Some(crossing) if crossing.is_exit => 'x',
                        Some(_) => '!',
                    }
                })
                .collect();
            assert_eq!(got, want, "{options}");
        };
        let load = [10, 95, 96, 50, 30, 95];
        check("entry-op gt entry-val 90", &load, ".!!..!");
        check("entry-op gt entry-val 90 exit-op lt exit-val 40", &load, ".!...!");
        check("entry-op gt entry-val 90 exit-op lt exit-val 40 exit-event true", &load, ".!..x!");
        check("entry-op gt entry-val 90 exit-time 20", &[95, 95, 95, 95], "!..!");
        let both = "entry-op gt entry-val 90 exit-comb and exit-op lt exit-val 99 exit-time 30";
        check(both, &[95, 95, 95, 95, 95], "!...!");
        check("entry-op ge entry-val 2 entry-type increment", &[7, 8, 10, 10, 13], "..!.!");
        check("entry-op ge entry-val 2 entry-type rate", &[0, 10, 30, 31], "..!.");
        let slow = "entry-op ge entry-val 2 entry-type rate average-factor 2";
        check(slow, &[0, 10, 50, 50], "..!!");
        // The documented fault of IOS.
        let broken = "entry-op gt entry-val 90 exit-op lt exit-val 1 exit-type increment";
        check(broken, &[95, 95, 10, 95], "!...");
    }
}
