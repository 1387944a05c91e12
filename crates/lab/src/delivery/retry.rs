//! Whether and when a delivery is tried again: the one policy of the lab's sender.

use iosxe::{HttpFailure, HttpOutcome};
use simtime::{Duration, Rng};

/// Tries of one delivery in all, the first included: over two minutes, so that a listener may be
/// restarted meanwhile. Standard Webhooks goes on for days; a lab does not live as long.
pub(super) const ATTEMPTS_MAX: u32 = 10;
/// The wait before the second try, before jitter; each further one doubles.
const BACKOFF_FIRST: Duration = Duration::from_millis(500);
/// The longest wait of its own, before jitter.
const BACKOFF_MAX: Duration = Duration::from_secs(30);
/// The longest wait that a receiver may ask for; a longer one is cut.
const RETRY_AFTER_S_MAX: u64 = 300;

/// How long to wait before the next try; `None` when this outcome is the last.
///
/// A 2xx is success; 3xx are failures that are not followed; of the others, those are tried again
/// that another day may mend: no answer, 408, 425, 429 and 5xx.
pub(super) fn wait(attempt: u32, outcome: &HttpOutcome, jitter: &mut Rng) -> Option<Duration> {
    if attempt >= ATTEMPTS_MAX || !may_mend(outcome) {
        return None;
    }
    let backoff = BACKOFF_FIRST.saturating_mul(1 << (attempt - 1)).min(BACKOFF_MAX);
    // Half as long again at most, so that routers that failed together do not return together.
    let backoff = backoff + jitter.up_to(Duration::from_micros(backoff.as_micros() / 2));
    Some(backoff.max(retry_after(outcome)))
}

fn may_mend(outcome: &HttpOutcome) -> bool {
    match outcome {
        HttpOutcome::Answered { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
        HttpOutcome::Failed(failure) => match failure {
            HttpFailure::Resolve
            | HttpFailure::Refused
            | HttpFailure::Timeout
            | HttpFailure::Handshake
            | HttpFailure::Untrusted(_)
            | HttpFailure::Broken => true,
            HttpFailure::NotAllowed => false,
        },
    }
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3). A date in it is taken as no header: the
/// receiver's clock need not be the lab's.
fn retry_after(outcome: &HttpOutcome) -> Duration {
    let HttpOutcome::Answered { headers, .. } = outcome else { return Duration::ZERO };
    let mut asked = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    let seconds = asked.next().and_then(|(_, value)| value.trim().parse::<u64>().ok());
    Duration::from_secs(seconds.unwrap_or(0).min(RETRY_AFTER_S_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&str>) -> HttpOutcome {
        let headers = retry_after.map(|value| ("Retry-After".to_owned(), value.to_owned()));
        HttpOutcome::Answered { status, headers: headers.into_iter().collect(), body: Vec::new() }
    }

    /// Goal: each outcome is tried again or not, within its bounds. Method: a table of outcomes,
    /// each with the least and the longest wait in milliseconds.
    #[test]
    fn outcomes_decide_the_wait() {
        let failed = HttpOutcome::Failed;
        let table = [
            (1, answer(202, None), None),
            (1, answer(301, None), None),
            (1, answer(401, None), None),
            (1, answer(500, None), Some((500, 750))),
            (2, answer(503, None), Some((1_000, 1_500))),
            (4, answer(429, None), Some((4_000, 6_000))),
            (7, answer(500, None), Some((30_000, 45_000))),
            (10, answer(500, None), None),
            (1, answer(429, Some("7")), Some((7_000, 7_000))),
            (1, answer(429, Some("99999999")), Some((300_000, 300_000))),
            (1, answer(503, Some("Wed, 21 Oct 2026 07:28:00 GMT")), Some((500, 750))),
            (1, failed(HttpFailure::Refused), Some((500, 750))),
            (1, failed(HttpFailure::NotAllowed), None),
        ];
        let mut rng = Rng::from_seed(1);
        for (attempt, outcome, want) in table {
            let got = wait(attempt, &outcome, &mut rng).map(Duration::as_millis);
            let fits = match (got, want) {
                (Some(got), Some((least, most))) => (least..=most).contains(&got),
                (got, want) => got.is_none() && want.is_none(),
            };
            assert!(fits, "{attempt} {outcome:?}: {got:?}");
        }
    }
}
