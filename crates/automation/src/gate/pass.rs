//! Whether a rule that matches may fire now: dampening, then cool-down, then the throttle.
//!
//! Called by the gates with the memory of one group. What is held back by one stage does not reach
//! the next, except that dampening counts every event: a flap is one, answered or not.

use simtime::{Duration, Time};

use super::decay::{decayed, until_below};
use super::memory::{Memory, Opened, Penalty};
use super::policy::{Dampen, Policy, Throttle};

/// What a gate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The rule fires, for this reason beside its condition; empty when nothing held it.
    Fire(String),
    /// It does not.
    Held(String),
    /// It does or does not when a window closes, which this event has opened.
    Pending { why: String, closes: Time },
}

/// Takes an event of one group.
pub(super) fn pass(policy: &Policy, memory: &mut Memory, event: &str, at: Time) -> Answer {
    let mut said = Vec::new();
    if let Some(dampen) = &policy.dampen {
        match flap(dampen, &mut memory.penalty, at) {
            Ok(why) => said.push(why),
            Err(why) => return Answer::Held(why),
        }
    }
    if let (Some(quiet), Some(fired)) = (policy.cool_down, memory.fired)
        && at < fired + quiet
    {
        let until = fired + quiet;
        return Answer::Held(format!("cools down until {until}: it fired at {fired}"));
    }
    match policy.throttle.map(|throttle| take(throttle, memory, event, at)) {
        Some(Answer::Fire(why)) => said.push(why),
        Some(held @ (Answer::Held(_) | Answer::Pending { .. })) => return held,
        None => {}
    }
    memory.fired = policy.cool_down.map(|_| at);
    Answer::Fire(said.join("; "))
}

/// A window of `once_after` has closed.
pub(super) fn close(policy: &Policy, memory: &mut Memory, opened: &Opened, at: Time) -> String {
    memory.fired = policy.cool_down.map(|_| at);
    format!("{} since {}, answered once", events(opened.count), opened.since)
}

fn take(throttle: Throttle, memory: &mut Memory, event: &str, at: Time) -> Answer {
    let span = match throttle {
        Throttle::OnceWithin(span) | Throttle::OnceAfter(span) => span,
        Throttle::Accumulate { span, .. } => span,
    };
    memory.open = memory.open.take().filter(|open| at < open.since + span);
    let opens = Opened { event: event.to_owned(), since: at, count: 1, closes: None };
    match (throttle, &mut memory.open) {
        (Throttle::OnceWithin(_), None) => {
            memory.open = Some(opens);
            Answer::Fire(format!("the first within {span}"))
        }
        (Throttle::OnceWithin(_), Some(open)) => {
            open.count = open.count.saturating_add(1);
            let (until, first) = (open.since + span, &open.event);
            Answer::Held(format!("once within {span}: {first} was answered, until {until}"))
        }
        (Throttle::OnceAfter(_), None) => {
            let closes = at + span;
            memory.open = Some(Opened { closes: Some(closes), ..opens });
            let why = format!("once after {span}: answered at {closes}");
            Answer::Pending { why, closes }
        }
        (Throttle::OnceAfter(_), Some(open)) => {
            open.count = open.count.saturating_add(1);
            let (first, until) = (&open.event, open.since + span);
            Answer::Held(format!("once after {span}: answered with {first} at {until}"))
        }
        (Throttle::Accumulate { events: needed, .. }, open) => {
            let count = open.as_ref().map_or(0, |open| open.count) + 1;
            if count >= needed {
                memory.open = None;
                return Answer::Fire(format!("{count} events within {span}"));
            }
            let since = open.as_ref().map_or(at, |open| open.since);
            match open {
                Some(open) => open.count = count,
                None => memory.open = Some(opens),
            }
            let until = since + span;
            Answer::Held(format!("{count} of {needed} events within {span}, until {until}"))
        }
    }
}

/// Counts a flap: RFC 2439, section 4.4, per group.
fn flap(dampen: &Dampen, penalty: &mut Option<Penalty>, at: Time) -> Result<String, String> {
    let Dampen { half_life, .. } = *dampen;
    let (suppress, reuse) = (dampen.suppress * 1_000, dampen.reuse * 1_000);
    let before = penalty.unwrap_or(Penalty { milli: 0, at, suppressed: false });
    let faded = decayed(before.milli, at.since(before.at), half_life);
    let milli = faded.saturating_add(dampen.penalty * 1_000).min(ceiling(dampen));
    let was_suppressed = before.suppressed && faded >= reuse;
    let suppressed = was_suppressed || milli > suppress;
    *penalty = Some(Penalty { milli, at: at.max(before.at), suppressed });
    let points = milli / 1_000;
    if !suppressed {
        return Ok(format!("penalty {points} of {}", dampen.suppress));
    }
    let wait = until_below(milli, reuse, half_life, dampen.max + Duration::from_secs(1));
    let until = at + wait;
    Err(format!("dampened: penalty {points}, quiet until {until} if nothing more comes"))
}

/// The most that a penalty can be, so that it falls to `reuse` within `max`: reuse x 2^(max/half).
fn ceiling(dampen: &Dampen) -> u64 {
    // 2^x = 2^ceil(x) x 2^-(ceil(x) - x), with the fraction by the same roots as the decay.
    let half = dampen.half_life.as_micros().max(1);
    let whole = u32::try_from(dampen.max.as_micros().div_ceil(half)).unwrap_or(u32::MAX).min(30);
    let over = (u64::from(whole) * half).saturating_sub(dampen.max.as_micros());
    let top = (dampen.reuse * 1_000).saturating_mul(1 << whole);
    decayed(top, Duration::from_micros(over), dampen.half_life)
}

impl Dampen {
    /// Whether enough events in one instant keep the rule quiet.
    pub(crate) fn can_suppress(&self) -> bool {
        ceiling(self) > self.suppress * 1_000
    }
}

fn events(count: u32) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}
