//! Halving by half-lives, in whole numbers: the same on every machine.
//!
//! Called by the gate for penalties. No floats: a decision must not depend on a rounding mode.

use simtime::Duration;

/// 2^(-1/2), 2^(-1/4), 2^(-1/8), ... in units of 2^-32.
const ROOTS: [u64; 16] = [
    3_037_000_500,
    3_611_622_603,
    3_938_502_376,
    4_112_874_773,
    4_202_935_003,
    4_248_701_965,
    4_271_771_996,
    4_283_353_945,
    4_289_156_690,
    4_292_061_010,
    4_293_513_907,
    4_294_240_540,
    4_294_603_903,
    4_294_785_595,
    4_294_876_445,
    4_294_921_870,
];

/// `amount` x 2^(-`elapsed` / `half_life`), rounded down.
pub(super) fn decayed(amount: u64, elapsed: Duration, half_life: Duration) -> u64 {
    let half = half_life.as_micros().max(1);
    let halvings = elapsed.as_micros() / half;
    let Ok(halvings) = u32::try_from(halvings) else { return 0 };
    let amount = amount.checked_shr(halvings).unwrap_or_default();
    // The rest of a half-life in units of 2^-16; each of its bits is one root.
    let rest = (u128::from(elapsed.as_micros() % half) << 16) / u128::from(half);
    ROOTS.iter().enumerate().filter(|(place, _)| rest >> (15 - place) & 1 == 1).fold(
        amount,
        |amount, (_, root)| {
            let scaled = (u128::from(amount) * u128::from(*root)) >> 32;
            u64::try_from(scaled).unwrap_or(u64::MAX)
        },
    )
}

/// How long until `amount` has fallen below `goal`: the first whole second, at most `most`.
pub(super) fn until_below(amount: u64, goal: u64, half_life: Duration, most: Duration) -> Duration {
    let (mut low, mut high) = (0, most.as_micros().div_ceil(1_000_000));
    while low < high {
        let middle = low + (high - low) / 2;
        if decayed(amount, Duration::from_secs(middle), half_life) < goal {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Duration::from_secs(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: halving is exact at half-lives and close between them. Method: a table against the
    /// real function.
    #[test]
    fn penalties_halve() {
        let half = Duration::from_secs(15);
        for (secs, want) in [(0, 1_000_000), (15, 500_000), (30, 250_000), (450, 0), (9_999, 0)] {
            assert_eq!(decayed(1_000_000, Duration::from_secs(secs), half), want, "{secs}");
        }
        for millis in (0..60_000).step_by(137) {
            let got = decayed(2_000_000, Duration::from_millis(millis), half);
            let exact =
                2_000_000.0 * (-(f64::from(u32::try_from(millis).expect("small"))) / 15e3).exp2();
            let off = (f64::from(u32::try_from(got).expect("small")) - exact).abs();
            assert!(off < 60.0, "{millis} ms: {got} for {exact}");
        }
        let wait = until_below(2_000_000, 1_000_000, half, Duration::from_secs(60));
        assert_eq!(wait.as_secs(), 16, "below, and not at, after one half-life");
    }
}
