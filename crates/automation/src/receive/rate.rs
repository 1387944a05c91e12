//! How often one sender may deliver: a token bucket for each source and sender.
//!
//! Asked for every delivery whose credential holds, before its body is looked at. A sender that
//! floods empties its own bucket and nobody else's.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::str::FromStr;

use simtime::{Duration, Time};

use crate::record::Holder;

/// How much a source takes from one sender when it does not say.
pub(crate) const RATE_DEFAULT: Rate = Rate { count: 500, per: Duration::from_secs(1), burst: None };
/// The most that a source can take.
const RATE_COUNT_MAX: u64 = 1_000_000;
/// How much of its rate a sender may deliver at once, in microseconds.
const BURST_US: u64 = 2_000_000;
/// How many addresses without a credential are told apart. Those with one are as many as the
/// configuration has.
const PEERS_MAX: usize = 4_096;

/// So many deliveries in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    count: u64,
    per: Duration,
    burst: Option<Burst>,
}

/// How many deliveries may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Burst(u64);

/// Why a number is no burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to {RATE_COUNT_MAX}")]
pub(crate) struct BurstError;

/// Who is one sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RateBy {
    /// The holder of the credential, else the address.
    #[default]
    Sender,
    /// The address, whoever proves what.
    Address,
}

/// Why a text is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a rate such as `500/s` or `30/m`, of 1 to {RATE_COUNT_MAX}")]
pub(crate) struct ParseRateError;

/// Who delivers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sender<'a> {
    /// Whose credential holds.
    Holder(&'a Holder),
    /// Who shows none.
    Peer(IpAddr),
}

/// Every bucket.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    holders: BTreeMap<(String, Holder), Bucket>,
    peers: BTreeMap<(String, IpAddr), Bucket>,
}

/// What one sender may still deliver. A microsecond adds `rate.count`, a delivery takes
/// [`Rate::cost`]: whole numbers, so that nothing is lost between two deliveries.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    rate: Rate,
    level: u64,
    at: Time,
}

impl Rate {
    fn cost(self) -> u64 {
        self.per.as_micros()
    }

    /// At least one delivery, however slow the rate.
    fn capacity(self) -> u64 {
        match self.burst {
            Some(Burst(burst)) => burst * self.cost(),
            None => (self.count * BURST_US).max(self.cost()),
        }
    }

    pub(crate) fn with_burst(self, burst: Burst) -> Self {
        Rate { burst: Some(burst), ..self }
    }
}

impl Burst {
    pub(crate) fn new(burst: u64) -> Result<Self, BurstError> {
        if (1..=RATE_COUNT_MAX).contains(&burst) { Ok(Burst(burst)) } else { Err(BurstError) }
    }
}

impl RateBy {
    /// Its words in listener.toml.
    pub(crate) const WORDS: [(&'static str, RateBy); 2] =
        [("sender", RateBy::Sender), ("address", RateBy::Address)];
}

impl Rates {
    /// Takes one delivery, or says how long to wait for the next one that will be taken.
    pub(crate) fn take(
        &mut self,
        now: Time,
        source: &str,
        sender: Sender<'_>,
        rate: Rate,
    ) -> Result<(), Duration> {
        let full = || Bucket { rate, level: rate.capacity(), at: now };
        let bucket = match sender {
            Sender::Holder(holder) => {
                let key = (source.to_owned(), holder.clone());
                self.holders.entry(key).or_insert_with(full)
            }
            Sender::Peer(address) => {
                let key = (source.to_owned(), address);
                if !self.peers.contains_key(&key) && self.peers.len() >= PEERS_MAX {
                    self.make_room(now)?;
                }
                self.peers.entry(key).or_insert_with(full)
            }
        };
        if bucket.rate != rate {
            *bucket = full();
        }
        bucket.take(now)
    }

    /// A full bucket is as good as none.
    fn make_room(&mut self, now: Time) -> Result<(), Duration> {
        let idle = self.peers.iter().find(|(_, bucket)| bucket.filled(now) == bucket.capacity());
        let idle = idle.map(|(key, _)| key.clone());
        let idle = idle.ok_or(Duration::from_micros(BURST_US))?;
        self.peers.remove(&idle);
        Ok(())
    }
}

impl Bucket {
    fn take(&mut self, now: Time) -> Result<(), Duration> {
        self.level = self.filled(now);
        self.at = self.at.max(now);
        let cost = self.rate.cost();
        match self.level.checked_sub(cost) {
            Some(rest) => {
                self.level = rest;
                Ok(())
            }
            None => {
                let missing = (cost - self.level).div_ceil(self.rate.count);
                Err(Duration::from_micros(missing))
            }
        }
    }

    fn filled(&self, now: Time) -> u64 {
        let added = now.since(self.at).as_micros().saturating_mul(self.rate.count);
        self.level.saturating_add(added).min(self.capacity())
    }

    fn capacity(&self) -> u64 {
        self.rate.capacity()
    }
}

impl FromStr for Rate {
    type Err = ParseRateError;

    fn from_str(text: &str) -> Result<Self, ParseRateError> {
        let (count, unit) = text.split_once('/').ok_or(ParseRateError)?;
        let per = match unit {
            "s" => Duration::from_secs(1),
            "m" => Duration::from_secs(60),
            _ => return Err(ParseRateError),
        };
        let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count: Option<u64> = count.parse().ok().filter(|_| digits);
        let count = count.filter(|count| (1..=RATE_COUNT_MAX).contains(count));
        count.map(|count| Rate { count, per, burst: None }).ok_or(ParseRateError)
    }
}

/// `500/s`, `30/m`
impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = if self.per == Duration::from_secs(1) { "s" } else { "m" };
        write!(f, "{}/{unit}", self.count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Time = Time::VIRTUAL_START;

    fn peer(last: u32) -> Sender<'static> {
        Sender::Peer(IpAddr::from((0x7f00_0000 + last).to_be_bytes()))
    }

    /// Goal: the words of a rate. Method: a table.
    #[test]
    fn rates_are_read() {
        for text in ["1/s", "500/s", "30/m", "1000000/s"] {
            assert_eq!(text.parse::<Rate>().map(|rate| rate.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "0/s", "5", "5/h", "/s", "-1/s", "+1/s", "1.5/s", "1000001/s", "5 /s"] {
            assert_eq!(text.parse::<Rate>(), Err(ParseRateError), "{text}");
        }
    }

    /// Goal: a burst, of two seconds unless it is said, then the rate; the wait is true to the
    /// microsecond. Method: a table of rates, each emptied and waited for.
    #[test]
    fn the_wait_is_true() {
        let table = [
            ("5/s", None, 10, 200_000),
            ("3/s", None, 6, 333_334),
            ("30/m", None, 1, 2_000_000),
            ("60/m", Some(60), 60, 1_000_000),
            ("5/m", Some(5), 5, 12_000_000),
            ("500/s", Some(1), 1, 2_000),
        ];
        for (rate, said, burst, wait) in table {
            let rate: Rate = rate.parse().expect("a rate");
            let said = said.map(|burst| Burst::new(burst).expect("a burst"));
            let rate = said.map_or(rate, |burst| rate.with_burst(burst));
            let mut rates = Rates::default();
            for _ in 0..burst {
                assert_eq!(rates.take(NOW, "/e", peer(1), rate), Ok(()), "{rate}");
            }
            let wait = Duration::from_micros(wait);
            assert_eq!(rates.take(NOW, "/e", peer(1), rate), Err(wait), "{rate}");
            let near = NOW + (wait - Duration::from_micros(1));
            assert!(rates.take(near, "/e", peer(1), rate).is_err(), "{rate}");
            assert_eq!(rates.take(NOW + wait, "/e", peer(1), rate), Ok(()), "{rate}");
        }
    }

    /// Goal: one sender's flood is its own, on one source. Method: a flood, then others.
    #[test]
    fn a_flood_is_the_flooder_s_own() {
        let rate: Rate = "1/s".parse().expect("a rate");
        let (r1, r2) = (Holder::Node("R1".into()), Holder::Node("R2".into()));
        let mut rates = Rates::default();
        let taken =
            |rates: &mut Rates, source, sender| rates.take(NOW, source, sender, rate).is_ok();
        let flood = (0..100).filter(|_| taken(&mut rates, "/e", Sender::Holder(&r1))).count();
        assert_eq!(flood, 2);
        assert!(taken(&mut rates, "/e", Sender::Holder(&r2)));
        assert!(taken(&mut rates, "/other", Sender::Holder(&r1)));
        assert!(taken(&mut rates, "/e", peer(1)));
    }

    /// Goal: strangers' buckets are bounded, and a stranger that comes later finds one again.
    #[test]
    fn buckets_are_bounded() {
        let rate: Rate = "1/s".parse().expect("a rate");
        let mut rates = Rates::default();
        let taken = (0..10_000).filter(|&n| rates.take(NOW, "/e", peer(n), rate).is_ok()).count();
        assert_eq!((taken, rates.peers.len()), (PEERS_MAX, PEERS_MAX));
        let later = NOW + Duration::from_secs(2);
        assert_eq!(rates.take(later, "/e", peer(20_000), rate), Ok(()));
        assert_eq!(rates.peers.len(), PEERS_MAX);
        let holder = Holder::Node("R1".into());
        assert_eq!(rates.take(NOW, "/e", Sender::Holder(&holder), rate), Ok(()));
    }

    proptest! {
        /// Goal: no more than burst and rate ever pass, and a clock that goes back gives nothing.
        /// Method: any steps in time.
        #[test]
        fn never_more_than_the_rate(count in 1u64..50, steps in prop::collection::vec(
            (0u64..500_000, any::<bool>()), 1..200)) {
            let rate = Rate { count, per: Duration::from_secs(1), burst: None };
            let mut rates = Rates::default();
            let (mut micros, mut latest, mut passed) = (0u64, 0u64, 0u64);
            for (step, back) in steps {
                micros = if back { micros.saturating_sub(step) } else { micros + step };
                latest = latest.max(micros);
                let now = NOW + Duration::from_micros(micros);
                passed += u64::from(rates.take(now, "/e", peer(1), rate).is_ok());
            }
            let most = 2 * count + latest * count / 1_000_000;
            prop_assert!(passed <= most, "{} of {}", passed, most);
        }
    }
}
