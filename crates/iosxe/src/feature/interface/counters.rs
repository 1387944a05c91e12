//! What an interface has counted, computed from the time that has passed.
//!
//! Told by stimuli and by `state`, read by `show` and by whoever watches a counter. It must not
//! tick: a counter that grows is a line, and a rate is a [`Signal`] whose area is bytes.

use cli::InterfaceName;
use simtime::{Duration, Time};

use crate::io::{Counter, Direction, Ramp};
use crate::signal::Signal;
use crate::turn::Turn;

/// How many growths of one interface are kept apart; the oldest are then taken for complete.
const GROWTHS_MAX: usize = 64;

/// The size of a packet, in bytes: a mean of ordinary traffic.
const PACKET_BYTES: u64 = 500;

/// The span of the rates that `show interfaces` prints, in seconds.
const RATE_SPAN_S: u64 = 300;

/// What an interface has counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters {
    /// What is complete, by [`Counter`].
    complete: [u64; Counter::ALL.len()],
    growing: Vec<Growth>,
    flows: [Flow; 2],
    /// When somebody cleared them.
    cleared: Option<Time>,
}

/// A counter on its way to some more.
#[derive(Clone, Copy, Debug)]
struct Growth {
    counter: Counter,
    from: Time,
    over: Duration,
    more: u64,
}

/// The traffic of one direction.
#[derive(Clone, Debug)]
struct Flow {
    /// Bits per second, in thousandths.
    rate: Signal,
    /// What passed before `since`.
    bytes: u64,
    since: Time,
}

impl Default for Flow {
    fn default() -> Self {
        Flow { rate: Signal::new(0), bytes: 0, since: Time::default() }
    }
}

impl Growth {
    /// What it has come to.
    fn at(&self, now: Time) -> u64 {
        let passed = now.since(self.from).as_micros();
        match self.over.as_micros() {
            over if passed >= over => self.more,
            over => {
                let part = u128::from(self.more) * u128::from(passed) / u128::from(over);
                u64::try_from(part).unwrap_or(self.more)
            }
        }
    }

    fn is_complete(&self, now: Time) -> bool {
        now.since(self.from) >= self.over
    }
}

impl Flow {
    fn follow(&mut self, now: Time, ramp: Ramp) {
        self.bytes = self.bytes_at(now);
        self.since = now;
        self.rate.follow(now, ramp);
    }

    fn bytes_at(&self, now: Time) -> u64 {
        // Thousandths of a bit, and microseconds.
        let area = self.rate.area(self.since, now) / (8 * 1_000 * 1_000_000);
        self.bytes.saturating_add(u64::try_from(area).unwrap_or(0))
    }

    fn bits_per_second(&self, started: Time, now: Time) -> u64 {
        let span = Duration::from_secs(RATE_SPAN_S).as_micros();
        let from = Time::from_micros(now.as_micros().saturating_sub(span)).max(started);
        u64::try_from(self.rate.mean(from, now) / 1_000).unwrap_or(0)
    }
}

impl Counters {
    /// One counter.
    pub(super) fn count(&self, counter: Counter, now: Time) -> u64 {
        let growing = self.growing.iter().filter(|growth| growth.counter == counter);
        let growing: u64 = growing.map(|growth| growth.at(now)).sum();
        self.complete[counter as usize].saturating_add(growing)
    }

    /// All input errors, as IOS sums them up.
    pub(super) fn input_errors(&self, now: Time) -> u64 {
        let parts = Counter::ALL.iter().filter(|counter| counter.is_input_error());
        parts.fold(0, |sum, counter| sum.saturating_add(self.count(*counter, now)))
    }

    /// The bytes of a direction.
    pub(super) fn bytes(&self, direction: Direction, now: Time) -> u64 {
        self.flows[direction as usize].bytes_at(now)
    }

    /// The packets of a direction.
    pub(super) fn packets(&self, direction: Direction, now: Time) -> u64 {
        self.bytes(direction, now) / PACKET_BYTES
    }

    /// The rate of a direction over the last five minutes, or since the boot: bits and packets per
    /// second.
    pub(super) fn rates(&self, direction: Direction, started: Time, now: Time) -> (u64, u64) {
        let bits = self.flows[direction as usize].bits_per_second(started, now);
        (bits, bits / 8 / PACKET_BYTES)
    }

    /// Begins to count anew: what is on its way goes on.
    pub(super) fn clear(&mut self, now: Time) {
        self.complete = Default::default();
        for growth in &mut self.growing {
            growth.more -= growth.at(now);
            let passed = now.since(growth.from).as_micros().min(growth.over.as_micros());
            growth.over = Duration::from_micros(growth.over.as_micros() - passed);
            growth.from = now;
        }
        for flow in &mut self.flows {
            flow.bytes = 0;
            flow.since = now;
        }
        self.cleared = Some(now);
    }

    /// How long ago somebody cleared them.
    pub(super) fn cleared(&self) -> Option<Time> {
        self.cleared
    }

    fn grow(&mut self, growth: Growth) {
        let now = growth.from;
        let full = self.growing.len() >= GROWTHS_MAX;
        let mut index = 0;
        self.growing.retain(|known| {
            index += 1;
            let is_over = known.is_complete(now) || (full && index == 1);
            if is_over {
                let complete = &mut self.complete[known.counter as usize];
                *complete = complete.saturating_add(known.more);
            }
            !is_over
        });
        self.growing.push(growth);
    }

    /// No traffic passes any more: the line protocol is down.
    pub(super) fn silence(&mut self, now: Time) {
        for flow in &mut self.flows {
            if flow.rate != Signal::new(0) {
                flow.follow(now, Ramp { to_milli: 0, over: Duration::ZERO, hold: None });
            }
        }
    }
}

/// A counter of an interface grows by `more` over a time.
pub(crate) fn count(
    turn: &mut Turn<'_>,
    interface: &str,
    counter: Counter,
    (more, over): (u64, Duration),
) {
    let from = turn.now;
    if let Some(counters) = counters_of(turn, interface) {
        counters.grow(Growth { counter, from, over, more });
    }
}

/// The traffic of an interface follows `ramp`, as long as its line protocol is up.
pub(crate) fn rate(turn: &mut Turn<'_>, interface: &str, direction: Direction, ramp: Ramp) {
    let now = turn.now;
    let name = InterfaceName::parse(interface);
    let interfaces = &turn.state.interfaces;
    let up = name.and_then(|name| interfaces.get(&name)).is_some_and(|i| i.link.protocol_up());
    if let Some(counters) = counters_of(turn, interface).filter(|_| up) {
        counters.flows[direction as usize].follow(now, ramp);
    }
}

fn counters_of<'a>(turn: &'a mut Turn<'_>, interface: &str) -> Option<&'a mut Counters> {
    let name = InterfaceName::parse(interface)?;
    let interface = turn.state.interfaces.get_mut(&name)?;
    Some(&mut **interface.counters.get_or_insert_default())
}
