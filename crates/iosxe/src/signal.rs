//! A quantity that changes with time: a load, a share, a temperature, as straight lines between
//! points. Asked for its value, its mean and the instant at which it crosses a level.
//!
//! Used by the features that have thresholds. It never ticks: whoever waits for a crossing sets one
//! timer at the instant that [`Signal::sustained`] computes.

use simtime::{Duration, Time};

use crate::io::Ramp;

/// How many points a signal remembers, past ones included.
const POINTS_MAX: usize = 32;

/// A quantity over time, in thousandths of its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signal {
    /// What it is while nothing happens.
    base: i64,
    /// In order of time; of two at one instant the later one holds from there on.
    points: Vec<(Time, i64)>,
}

/// On which side of a level a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// At the level or above it.
    Above,
    /// Below it.
    Below,
}

impl Side {
    fn holds(self, value: i64, level: i64) -> bool {
        (value >= level) == (self == Side::Above)
    }

    fn other(self) -> Side {
        match self {
            Side::Above => Side::Below,
            Side::Below => Side::Above,
        }
    }
}

impl Signal {
    /// One that stays at `base` until something happens.
    pub(crate) const fn new(base: i64) -> Self {
        Signal { base, points: Vec::new() }
    }

    /// From `now` on it follows `ramp`, whatever it was to do.
    pub(crate) fn follow(&mut self, now: Time, ramp: Ramp) {
        let from = self.value(now);
        let to = ramp.to_milli;
        self.points.retain(|(at, _)| *at <= now);
        let mut at = now;
        self.points.push((at, from));
        at += ramp.over;
        self.points.push((at, to));
        if let Some(hold) = ramp.hold {
            at += hold;
            self.points.push((at, to));
            at += ramp.over;
            self.points.push((at, from));
        }
        let excess = self.points.len().saturating_sub(POINTS_MAX);
        self.points.drain(..excess);
    }

    /// What it is at `at`.
    pub(crate) fn value(&self, at: Time) -> i64 {
        self.segment(self.points.partition_point(|point| point.0 <= at), at)
    }

    /// The most that it was until `at`, as far as it remembers.
    pub(crate) fn highest(&self, at: Time) -> i64 {
        let past = self.points.iter().filter(|point| point.0 <= at).map(|point| point.1);
        past.max().unwrap_or(self.base).max(self.value(at))
    }

    /// Its mean over a span that ends at `to`.
    pub(crate) fn mean(&self, from: Time, to: Time) -> i64 {
        let span = to.since(from).as_micros();
        if span == 0 {
            return self.value(to);
        }
        i64::try_from(self.area(from, to) / i128::from(span)).unwrap_or(i64::MAX)
    }

    /// The area below it over a span: units times microseconds.
    pub(crate) fn area(&self, from: Time, to: Time) -> i128 {
        let stops = self.points.iter().map(|point| point.0);
        let stops = stops.filter(|at| (from..to).contains(at)).chain([to]);
        let (mut begin, mut twice) = (from, 0i128);
        for stop in stops {
            let before = self.segment(self.points.partition_point(|p| p.0 < stop), stop);
            let sum = i128::from(self.value(begin)) + i128::from(before);
            twice += sum * i128::from(stop.since(begin).as_micros());
            begin = stop;
        }
        twice / 2
    }

    /// The first instant, `from` or later, at which it has been on this side of `level` for as
    /// long as `interval`.
    pub(crate) fn sustained(
        &self,
        side: Side,
        level: i64,
        interval: Duration,
        from: Time,
    ) -> Option<Time> {
        let mut at = from;
        for _ in 0..=self.points.len() {
            let begin = self.reaches(side, level, at)?;
            match self.reaches(side.other(), level, begin) {
                Some(end) if end.since(begin) <= interval => at = end,
                Some(_) | None => return Some(begin + interval),
            }
        }
        None
    }

    /// The first instant, `from` or later, at which it is on this side of `level`.
    fn reaches(&self, side: Side, level: i64, from: Time) -> Option<Time> {
        if side.holds(self.value(from), level) {
            return Some(from);
        }
        let lines = self.points.windows(2).filter(|line| line[1].0 >= from);
        let mut crossings = lines.filter_map(|line| crossing(line[0], line[1], side, level));
        crossings.find(|&at| at >= from && side.holds(self.value(at), level))
    }

    /// The value at `at`, which lies between the points before and at `next`.
    fn segment(&self, next: usize, at: Time) -> i64 {
        let last = next.checked_sub(1).and_then(|index| self.points.get(index));
        match (last, self.points.get(next)) {
            (None, None) => self.base,
            (Some(&(_, value)), None) | (None, Some(&(_, value))) => value,
            (Some(&(t0, v0)), Some(&(t1, v1))) => {
                let (part, whole) = (at.since(t0).as_micros(), t1.since(t0).as_micros());
                let way = i128::from(v1 - v0) * i128::from(part);
                v0 + i64::try_from(way.div_euclid(i128::from(whole.max(1)))).unwrap_or(0)
            }
        }
    }
}

/// Where the line from one point to the next comes to a side of `level` that it did not begin on.
fn crossing(from: (Time, i64), to: (Time, i64), side: Side, level: i64) -> Option<Time> {
    if !side.holds(to.1, level) {
        return None;
    }
    if side.holds(from.1, level) {
        return Some(from.0);
    }
    let whole = i128::from(to.0.since(from.0).as_micros());
    let way = i128::from((level - from.1).abs()) * whole;
    let rise = i128::from((to.1 - from.1).abs());
    // Values are rounded down: the level itself is above, the first microsecond after it below.
    let part = match side {
        Side::Above => (way + rise - 1) / rise,
        Side::Below => way / rise + 1,
    };
    Some(from.0 + Duration::from_micros(u64::try_from(part.min(whole)).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Time = Time::VIRTUAL_START;

    fn ramp(to: i64, over_s: u64, hold_s: Option<u64>) -> Ramp {
        let hold = hold_s.map(Duration::from_secs);
        Ramp { to_milli: to * 1_000, over: Duration::from_secs(over_s), hold }
    }

    fn after_ms(millis: u64) -> Time {
        START + Duration::from_millis(millis)
    }

    /// Goal: values, means and crossings are those of the drawn line. Method: one ramp from 0 to
    /// 100 in 100 s, held for 10 s, with known points.
    #[test]
    fn a_ramp_is_a_line() {
        let mut signal = Signal::new(0);
        signal.follow(START, ramp(100, 100, Some(10)));
        let values = [(0, 0), (1_500, 1_500), (100_000, 100_000), (105_000, 100_000)];
        for (millis, want) in values {
            assert_eq!(signal.value(after_ms(millis)), want, "{millis}");
        }
        assert_eq!(signal.value(after_ms(160_000)), 50_000);
        assert_eq!(signal.value(after_ms(999_000)), 0);
        assert_eq!(signal.mean(START, after_ms(100_000)), 50_000);
        assert_eq!(signal.mean(after_ms(100_000), after_ms(110_000)), 100_000);
        let five = Duration::from_secs(5);
        let up = signal.sustained(Side::Above, 80_000, five, START);
        assert_eq!(up, Some(after_ms(85_000)));
        // From 80 up and down again it takes 50 s.
        let too_long = Duration::from_secs(60);
        assert_eq!(signal.sustained(Side::Above, 80_000, too_long, START), None);
        let down = signal.sustained(Side::Below, 20_000, five, after_ms(85_000));
        assert_eq!(down, Some(after_ms(195_000) + Duration::from_micros(1)));
    }

    /// Goal: a step without a ramp is there at once. Method: up, and down again.
    #[test]
    fn a_jump_is_a_jump() {
        let mut signal = Signal::new(1_000);
        signal.follow(after_ms(10), ramp(95, 0, None));
        assert_eq!(signal.value(after_ms(9)), 1_000);
        assert_eq!(signal.value(after_ms(10)), 95_000);
        let at = signal.sustained(Side::Above, 90_000, Duration::ZERO, START);
        assert_eq!(at, Some(after_ms(10)));
        signal.follow(after_ms(20), ramp(5, 0, None));
        assert_eq!(signal.mean(START, after_ms(20)), 48_000);
        let at = signal.sustained(Side::Below, 90_000, Duration::ZERO, after_ms(10));
        assert_eq!(at, Some(after_ms(20)));
    }

    proptest! {
        /// Goal: a computed crossing is the first one. Method: any ramps; the value at the instant
        /// is on the side, that of a microsecond before it and of every sample before is not.
        #[test]
        fn crossings_are_the_first(
            ramps in prop::collection::vec((0i64..100, 0u64..20, prop::option::of(0u64..9)), 1..12),
            level in 1i64..99_999,
            above: bool,
        ) {
            let mut signal = Signal::new(1_000);
            for (index, &(to, over, hold)) in ramps.iter().enumerate() {
                signal.follow(after_ms(7_000 * index as u64), ramp(to, over, hold));
            }
            let side = if above { Side::Above } else { Side::Below };
            let found = signal.reaches(side, level, START);
            for millis in 0..200_000u64 {
                let at = after_ms(millis);
                let held = side.holds(signal.value(at), level);
                prop_assert!(!held || found.is_some_and(|found| found <= at), "{millis}");
                if held { break; }
            }
            if let Some(found) = found {
                prop_assert!(side.holds(signal.value(found), level));
                let before = Time::from_micros(found.as_micros() - 1);
                prop_assert!(found == START || !side.holds(signal.value(before), level));
            }
        }
    }
}
