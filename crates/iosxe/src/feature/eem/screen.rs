//! Lines that people type, offered to the cli applets, and lines that wait for runs of them.
//!
//! Called before a line is carried out, and again when a run is over or the time for it is. What
//! then becomes of the line is its terminal's business: here is only the verdict.

use std::collections::BTreeMap;

use eem::{Key, RunId, Typed};
use simtime::TimerId;

use super::run::detach;
use super::with_director;
use super::{Eem, schedule, take};
use crate::device::Timer;
use crate::exec;
use crate::feature::line::VTY_FIRST_NUMBER;
use crate::session::{Caller, Origin, Session};
use crate::turn::Turn;

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is carried out.
    Pass,
    /// It is not.
    Skip,
    /// It waits: `Turn::let_go` says what becomes of it.
    Wait,
}

/// A line that waits.
#[derive(Debug)]
pub(super) struct Held {
    /// For these runs, each until its timer fires.
    waits: BTreeMap<RunId, TimerId>,
    /// Whether nothing has spoken against it yet.
    passes: bool,
}

/// Offers a line to the applets at the press of a key.
pub(crate) fn screen(turn: &mut Turn<'_>, session: &mut Session, key: Key, line: &str) -> Verdict {
    let is_blank = key == Key::Enter && line.trim().is_empty();
    if !is_somebody(session) || is_blank || !turn.state.eem.director.watches_commands() {
        return Verdict::Pass;
    }
    let looked = exec::look(turn.state, session, key, line);
    let host = match &session.origin {
        Origin::Vty { peer, .. } => peer.to_string(),
        Origin::Console | Origin::Memory | Origin::Program(_) | Origin::Applet { .. } => {
            "console".to_owned()
        }
    };
    let typed = Typed {
        key,
        line,
        command: looked.command.as_deref().map_err(|error| *error),
        mode: looked.mode,
        user: session.user().unwrap_or_default(),
        host: &host,
        privilege: session.privilege,
        tty: session.origin.vty().map_or(0, |vty| VTY_FIRST_NUMBER + vty),
    };
    let now = turn.now;
    let screening = with_director(turn, |director, view| director.command(now, view, &typed));
    take(turn, screening.published);
    session.ticket += 1;
    let verdict = hold(turn, session.caller(), &screening.waits, !screening.is_skipped);
    schedule(turn);
    verdict
}

/// Commands of applets' own sessions raise no event (eem.md, section 2.3), nor does a
/// startup-config.
fn is_somebody(session: &Session) -> bool {
    match session.origin {
        Origin::Vty { .. } | Origin::Console => true,
        Origin::Memory | Origin::Program(_) | Origin::Applet { .. } => false,
    }
}

/// Has the line of `caller` wait for these runs.
fn hold(
    turn: &mut Turn<'_>,
    caller: Caller,
    runs: &[(RunId, simtime::Duration)],
    passes: bool,
) -> Verdict {
    let mut waits = BTreeMap::new();
    for (id, limit) in runs {
        if let Some(run) = turn.state.eem.runs.get_mut(id) {
            run.waiter = Some(caller);
            waits.insert(*id, turn.after(*limit, Timer::Held(*id)));
        }
    }
    if waits.is_empty() {
        return if passes { Verdict::Pass } else { Verdict::Skip };
    }
    turn.state.eem.held.insert(caller, Held { waits, passes });
    Verdict::Wait
}

/// A run that `caller` waits for is over: whether it is a line of his that was held for it.
pub(super) fn run_over(turn: &mut Turn<'_>, caller: Caller, id: RunId, exit_status: i64) -> bool {
    settle(turn, caller, id, exit_status != 0)
}

/// The time for a run is up (`default`): the line no longer waits for it, and is carried out;
/// whoever has started it by hand gets his prompt back. The run goes on by itself.
pub(crate) fn wait_over(turn: &mut Turn<'_>, id: RunId) {
    if let Some(caller) = detach(turn, id)
        && !settle(turn, caller, id, true)
    {
        turn.finish(caller, "");
    }
}

/// One run less to wait for.
fn settle(turn: &mut Turn<'_>, caller: Caller, id: RunId, passes: bool) -> bool {
    let Some(held) = turn.state.eem.held.get_mut(&caller) else { return false };
    let Some(timer) = held.waits.remove(&id) else { return false };
    held.passes &= passes;
    let (is_over, passes) = (held.waits.is_empty(), held.passes);
    turn.state.timers.cancel(timer);
    if is_over {
        turn.state.eem.held.remove(&caller);
        turn.let_go(caller, passes);
    }
    true
}

/// Whoever waited has gone away or given up. What he waited for goes on without a terminal.
pub(crate) fn abandon(turn: &mut Turn<'_>, caller: Caller) {
    if let Some(held) = turn.state.eem.held.remove(&caller) {
        for timer in held.waits.into_values() {
            turn.state.timers.cancel(timer);
        }
    }
    for id in waited_for(&turn.state.eem, caller) {
        detach(turn, id);
    }
}

fn waited_for(eem: &Eem, caller: Caller) -> Vec<RunId> {
    let of_caller = eem.runs.iter().filter(|(_, run)| run.waiter == Some(caller));
    of_caller.map(|(id, _)| *id).collect()
}
