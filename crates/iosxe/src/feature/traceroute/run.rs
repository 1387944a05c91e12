//! One `traceroute` from its first probe to its last line.

use std::net::IpAddr;

use simtime::{Time, TimerId};

use super::Request;
use crate::device::{State, Timer};
use crate::feature::ping::shown;
use crate::io::{Output, PingId};
use crate::session::Caller;
use crate::turn::Turn;

/// A trace under way.
#[derive(Debug)]
pub(super) struct Run {
    caller: Caller,
    request: Request,
    ttl: u8,
    /// How many probes of this time to live are answered or lost.
    probes: u64,
    /// Who answered the last probe of this time to live.
    by: Option<IpAddr>,
    sent_at: Time,
    timer: TimerId,
}

/// Sends the first probe.
pub(super) fn start(turn: &mut Turn<'_>, caller: Caller, request: Request, ttl: u8) {
    let head = format!(
        "Type escape sequence to abort.\nTracing the route to {}\n\
         VRF info: (vrf in name/id, vrf out name/id)\n",
        shown(request.address)
    );
    turn.print(caller, head + &row(ttl));
    send(turn, request, |timer, sent_at| Run {
        caller,
        request,
        ttl,
        probes: 0,
        by: None,
        sent_at,
        timer,
    });
}

fn row(ttl: u8) -> String {
    format!("{ttl:>3}")
}

/// Somebody has answered a probe.
pub(crate) fn answered(turn: &mut Turn<'_>, probe: PingId, by: IpAddr) {
    let Some(mut run) = turn.state.traces.runs.remove(&probe) else { return };
    turn.state.timers.cancel(run.timer);
    let took = turn.now.since(run.sent_at).as_micros().div_ceil(1_000).max(1);
    let who = if run.by == Some(by) { String::new() } else { format!(" {}", shown(by)) };
    turn.print(run.caller, format!("{who} {took} msec"));
    run.by = Some(by);
    go_on(turn, run);
}

/// Nobody has answered in time.
pub(crate) fn timed_out(turn: &mut Turn<'_>, probe: PingId) {
    let Some(run) = turn.state.traces.runs.remove(&probe) else { return };
    turn.print(run.caller, "  *".to_owned());
    go_on(turn, run);
}

/// A break key ends the trace that `caller` waits for.
pub(crate) fn broken_off(state: &mut State, caller: Caller) -> Option<String> {
    let probe = *state.traces.runs.iter().find(|(_, run)| run.caller == caller)?.0;
    let run = state.traces.runs.remove(&probe)?;
    state.timers.cancel(run.timer);
    Some("\n".to_owned())
}

/// The next probe, the next time to live, or the end.
fn go_on(turn: &mut Turn<'_>, mut run: Run) {
    run.probes += 1;
    if run.probes < run.request.probes {
        return send(turn, run.request, |timer, sent_at| Run { timer, sent_at, ..run });
    }
    if run.by == Some(run.request.address) || run.ttl >= run.request.ttl_max {
        return turn.finish(run.caller, "\n");
    }
    let ttl = run.ttl + 1;
    turn.print(run.caller, format!("\n{}", row(ttl)));
    send(turn, run.request, |timer, sent_at| Run {
        ttl,
        probes: 0,
        by: None,
        timer,
        sent_at,
        ..run
    });
}

fn send(turn: &mut Turn<'_>, request: Request, run: impl FnOnce(TimerId, Time) -> Run) {
    let probe = turn.state.traces.next_id();
    let timer = turn.after(request.timeout, Timer::Trace(probe));
    let run = run(timer, turn.now);
    let ttl = run.ttl;
    turn.state.traces.runs.insert(probe, run);
    let Request { vrf, address, source, .. } = request;
    turn.out.push(Output::Probe { probe, vrf, source, address, ttl });
}
