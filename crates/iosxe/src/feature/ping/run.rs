//! One `ping` from its first echo request to its last line.

use std::fmt::Write as _;
use std::net::IpAddr;

use simtime::{Duration, Time, TimerId};

use super::Request;
use crate::device::{State, Timer};
use crate::feature::interface::Family;
use crate::io::{Output, PingId};
use crate::session::Caller;
use crate::turn::Turn;

/// Marks on one line: IOS breaks it after so many.
const MARKS_PER_LINE: u64 = 70;

/// A ping under way.
#[derive(Debug)]
pub(super) struct Run {
    caller: Caller,
    request: Request,
    /// How many are answered or lost.
    marks: u64,
    round_trips: RoundTrips,
    sent_at: Time,
    timer: TimerId,
}

/// What is remembered of the answers.
#[derive(Clone, Copy, Debug, Default)]
struct RoundTrips {
    count: u64,
    shortest: Duration,
    longest: Duration,
    sum: Duration,
}

impl RoundTrips {
    fn add(&mut self, took: Duration) {
        self.shortest = if self.count == 0 { took } else { self.shortest.min(took) };
        self.longest = self.longest.max(took);
        self.sum = self.sum + took;
        self.count += 1;
    }
}

/// Sends the first echo request.
pub(super) fn start(turn: &mut Turn<'_>, caller: Caller, request: Request) {
    let (marks, round_trips) = (0, RoundTrips::default());
    let run = |timer, sent_at| Run { caller, request, marks, round_trips, sent_at, timer };
    turn.print(caller, header(request));
    send(turn, request, run);
}

/// The answer to an echo request has come.
pub(crate) fn answered(turn: &mut Turn<'_>, ping: PingId) {
    let Some(mut run) = turn.state.pings.runs.remove(&ping) else { return };
    turn.state.timers.cancel(run.timer);
    run.round_trips.add(turn.now.since(run.sent_at));
    go_on(turn, run, '!');
}

/// No answer has come in time.
pub(crate) fn timed_out(turn: &mut Turn<'_>, ping: PingId) {
    let Some(run) = turn.state.pings.runs.remove(&ping) else { return };
    go_on(turn, run, '.');
}

/// A break key ends the ping that `caller` waits for: what IOS still says of it. The echo request
/// under way counts neither as sent nor as lost.
pub(crate) fn broken_off(state: &mut State, caller: Caller) -> Option<String> {
    let ping = *state.pings.runs.iter().find(|(_, run)| run.caller == caller)?.0;
    let mut run = state.pings.runs.remove(&ping)?;
    state.timers.cancel(run.timer);
    run.request.count = run.marks.max(1);
    Some(summary(&run))
}

/// One mark more, then the next echo request or the end.
fn go_on(turn: &mut Turn<'_>, mut run: Run, mark: char) {
    run.marks += 1;
    let newline = if run.marks.is_multiple_of(MARKS_PER_LINE) { "\n" } else { "" };
    turn.print(run.caller, format!("{mark}{newline}"));
    if run.marks < run.request.count {
        let request = run.request;
        send(turn, request, |timer, sent_at| Run { timer, sent_at, ..run });
    } else {
        turn.finish(run.caller, summary(&run));
    }
}

fn send(turn: &mut Turn<'_>, request: Request, run: impl FnOnce(TimerId, Time) -> Run) {
    let ping = turn.state.pings.next_id();
    let timer = turn.after(request.timeout, Timer::Ping(ping));
    turn.state.pings.runs.insert(ping, run(timer, turn.now));
    let Request { vrf, port, address, source, bytes, .. } = request;
    let port = port.map(|name| name.long());
    turn.out.push(Output::Ping { ping, vrf, port, source, address, bytes });
}

fn header(request: Request) -> String {
    let Request { address, source, count, bytes, timeout, .. } = request;
    let address = shown(address);
    let secs = timeout.as_secs();
    let mut text = String::from("Type escape sequence to abort.\n");
    let _ = writeln!(
        text,
        "Sending {count}, {bytes}-byte ICMP Echos to {address}, timeout is {secs} seconds:"
    );
    if let Some(source) = source {
        let _ = writeln!(text, "Packet sent with a source address of {} ", shown(source));
    }
    text
}

/// An address as IOS prints it.
pub(crate) fn shown(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.shown(),
        IpAddr::V6(address) => address.shown(),
    }
}

fn summary(run: &Run) -> String {
    let count = run.request.count;
    let RoundTrips { count: good, shortest, longest, sum } = run.round_trips;
    let newline = if run.marks.is_multiple_of(MARKS_PER_LINE) { "" } else { "\n" };
    let mut text =
        format!("{newline}Success rate is {} percent ({good}/{count})", good * 100 / count);
    if let Some(average) = sum.as_micros().checked_div(good) {
        let average = Duration::from_micros(average);
        let (min, avg, max) = (millis(shortest), millis(average), millis(longest));
        let _ = write!(text, ", round-trip min/avg/max = {min}/{avg}/{max} ms");
    }
    text.push('\n');
    text
}

/// Whole milliseconds, at least one, as IOS prints them.
fn millis(span: Duration) -> u64 {
    span.as_micros().div_ceil(1_000).max(1)
}
