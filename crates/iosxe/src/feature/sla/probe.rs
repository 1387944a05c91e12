//! One request after the other, while the schedule lasts. Whether an address answers, and how
//! fast, is the lab's knowledge.

use simtime::{Duration, Time, TimerId};

use super::{Code, Job, Latest, Operation, Probe, Source};
use crate::device::{State, Timer};
use crate::feature::{ping, track};
use crate::io::{Output, PingId, VrfId};
use crate::turn::Turn;

/// From a schedule to its first request. A router boots before the lab carries anything.
const START_DELAY: Duration = Duration::from_secs(1);

/// Bytes of one echo request: 28 of data, as IOS sends by default.
const BYTES: u32 = 64;

/// The schedule of an operation begins after `delay`.
pub(super) fn begin(turn: &mut Turn<'_>, number: u32, delay: Duration) {
    let timer = set(turn, delay.max(START_DELAY), Timer::Sla(number));
    if let Some(operation) = turn.state.slas.all.get_mut(&number) {
        operation.next = Some(timer);
    }
}

/// What an operation finds out is no consequence of what made somebody configure it.
fn set(turn: &mut Turn<'_>, delay: Duration, timer: Timer) -> TimerId {
    turn.state.timers.set(turn.now + delay, (None, timer))
}

/// The operation sends nothing any more.
pub(super) fn stop(state: &mut State, number: u32) {
    let Some(operation) = state.slas.all.get_mut(&number) else { return };
    let timers = [operation.next.take(), operation.under_way.take().map(|probe| probe.timer)];
    for timer in timers.into_iter().flatten() {
        state.timers.cancel(timer);
    }
}

/// The next request is due.
pub(crate) fn due(turn: &mut Turn<'_>, number: u32) {
    let now = turn.now;
    let Some(operation) = turn.state.slas.all.get_mut(&number) else { return };
    operation.next = None;
    let Some(Job::Echo { to, source }) = operation.job else { return };
    let Some(schedule) = operation.schedule.as_mut().filter(|schedule| !schedule.is_over(now))
    else {
        return;
    };
    schedule.started.get_or_insert(now);
    let frequency = Duration::from_secs(operation.settings.frequency_secs);
    let timeout = Duration::from_millis(operation.settings.timeout_ms);
    begin(turn, number, frequency);
    let source = match source {
        Source::Any => Ok(None),
        Source::Address(address) if turn.state.interfaces.has_address(address) => Ok(Some(address)),
        Source::Address(_) => Err(()),
        Source::Interface(name) => {
            let up = turn.state.interfaces.line(&name).is_some_and(|line| line.protocol_up);
            turn.state.interfaces.address_of(&name).filter(|_| up).map(Some).ok_or(())
        }
    };
    let Ok(source) = source else { return end(turn, number, now, (Code::NoConnection, 0)) };
    let ping = ping::next_id(turn.state);
    let timer = set(turn, timeout, Timer::SlaTimeout(number));
    if let Some(operation) = turn.state.slas.all.get_mut(&number) {
        operation.under_way = Some(Probe { ping, sent: now, timer });
    }
    turn.out.push(Output::Ping {
        ping,
        vrf: VrfId::GLOBAL,
        port: None,
        source: source.map(Into::into),
        address: to.into(),
        bytes: BYTES,
    });
}

/// An echo request was answered. `false` if it is none of an operation.
pub(crate) fn answered(turn: &mut Turn<'_>, ping: PingId) -> bool {
    let is_it = |operation: &Operation| operation.under_way.is_some_and(|probe| probe.ping == ping);
    let mut all = turn.state.slas.all.iter_mut();
    let Some((&number, operation)) = all.find(|(_, operation)| is_it(operation)) else {
        return false;
    };
    let Some(probe) = operation.under_way.take() else { return false };
    turn.state.timers.cancel(probe.timer);
    let rtt_ms = turn.now.since(probe.sent).as_micros().div_ceil(1_000).max(1);
    let is_late = rtt_ms > operation.settings.threshold_ms;
    let code = if is_late { Code::OverThreshold } else { Code::Ok };
    end(turn, number, probe.sent, (code, rtt_ms));
    true
}

/// No answer has come in time.
pub(crate) fn timed_out(turn: &mut Turn<'_>, number: u32) {
    let Some(operation) = turn.state.slas.all.get_mut(&number) else { return };
    if let Some(probe) = operation.under_way.take() {
        end(turn, number, probe.sent, (Code::Timeout, 0));
    }
}

/// What came of the request that was sent at `started`.
fn end(turn: &mut Turn<'_>, number: u32, started: Time, (code, rtt_ms): (Code, u64)) {
    let Some(operation) = turn.state.slas.all.get_mut(&number) else { return };
    let results = &mut operation.results;
    match code.is_reached() {
        true => results.successes += 1,
        false => results.failures += 1,
    }
    let before = results.latest.map(|latest| latest.code);
    results.latest = Some(Latest { started, code, rtt_ms });
    if before != Some(code) {
        track::review(turn);
    }
}
