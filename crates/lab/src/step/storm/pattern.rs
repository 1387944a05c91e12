//! When the events of a storm come: instants by whole numbers, never by floats, so that every
//! machine draws the same.
//!
//! Called by the storm for one event at a time.

use simtime::{Duration, Rng};

/// How a storm's events lie in its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// One in each of as many equal parts as there are events, anywhere in its part.
    Uniform,
    /// A Poisson process: each gap is exponential, whatever came before. About `events`.
    Poisson,
    /// In bursts, which lie evenly.
    Burst,
}

/// How many bursts there are, if there are as many events.
const BURSTS: u64 = 10;

/// From one event of a burst to the next, if the burst fits into its time so.
const BURST_GAP: Duration = Duration::from_millis(10);

/// The natural logarithm of 2, of which the unit is 2^-32.
const LN_2: u128 = 2_977_044_472;

impl Pattern {
    /// When event `number` (from 0) comes, after the begin of the storm; `since` is when the one
    /// before it came. `None` when there is none.
    pub(super) fn due(
        self,
        number: u64,
        events: u64,
        over: Duration,
        since: Duration,
        rng: &mut Rng,
    ) -> Option<Duration> {
        let part = |number: u64, of: u64| {
            let micros = u128::from(over.as_micros()) * u128::from(number) / u128::from(of);
            Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
        };
        match self {
            Pattern::Poisson => {
                let gap = exponential(part(1, events), rng);
                Some(since + gap).filter(|due| *due <= over)
            }
            _ if number >= events => None,
            Pattern::Uniform => {
                let (begin, end) = (part(number, events), part(number + 1, events));
                Some(begin + Duration::from_micros(rng.below((end - begin).as_micros())))
            }
            Pattern::Burst => {
                let bursts = BURSTS.min(events);
                let size = events.div_ceil(bursts);
                let fits = over.as_micros() / bursts / size / 2;
                let gap = Duration::from_micros(BURST_GAP.as_micros().min(fits));
                Some(part(number / size, bursts) + gap.saturating_mul(number % size))
            }
        }
    }
}

/// A duration of which the mean is `mean`, exponentially distributed.
fn exponential(mean: Duration, rng: &mut Rng) -> Duration {
    let micros = (u128::from(mean.as_micros()) * minus_ln(rng.next_u64())) >> 32;
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
}

/// `-ln(draw / 2^64)`, of which the unit is 2^-32: the binary logarithm bit by bit, by squaring.
fn minus_ln(draw: u64) -> u128 {
    let draw = draw.max(1);
    let whole = u128::from(63 - draw.leading_zeros());
    // 1 to 2, of which the unit is 2^-63.
    let mut rest = u128::from(draw << draw.leading_zeros());
    let mut log = whole << 32;
    for bit in (0..32).rev() {
        rest = (rest * rest) >> 63;
        if rest >= 1 << 64 {
            rest >>= 1;
            log |= 1 << bit;
        }
    }
    (((64_u128 << 32) - log) * LN_2) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the logarithm is right. Method: powers of two, 1/e, and the ends of the range, against
    /// numbers worked out beforehand.
    #[test]
    fn logarithms_are_right() {
        let one = 1_u128 << 32;
        let table = [
            (1 << 63, LN_2),
            (1 << 62, 2 * LN_2),
            (6_786_177_901_268_885_274, one), // 2^64 / e
            (u64::MAX, 0),
            (1, 64 * LN_2),
            (0, 64 * LN_2),
        ];
        for (draw, want) in table {
            let got = minus_ln(draw);
            assert!(got.abs_diff(want) <= 2, "{draw}: {got}, not {want}");
        }
    }

    /// Goal: events lie as their pattern says. Method: a minute of each, counted and measured.
    #[test]
    fn events_lie_in_their_time() {
        let over = Duration::from_secs(60);
        for (pattern, events, counts) in [
            (Pattern::Uniform, 600, 600..=600),
            (Pattern::Burst, 95, 95..=95),
            (Pattern::Burst, 3, 3..=3),
            (Pattern::Poisson, 600, 500..=700),
        ] {
            let mut rng = Rng::from_seed(1);
            let (mut since, mut number) = (Duration::ZERO, 0);
            while let Some(due) = pattern.due(number, events, over, since, &mut rng) {
                assert!(due >= since && due <= over, "{pattern:?} {number}: {due}");
                (since, number) = (due, number + 1);
            }
            assert!(counts.contains(&number), "{pattern:?}: {number}");
            assert!(since >= Duration::from_secs(35), "{pattern:?} ends at {since}");
        }
    }
}
