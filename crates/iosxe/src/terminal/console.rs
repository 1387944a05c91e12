//! The console of a scenario: each step is a visit of somebody who types its lines one after the
//! other, and leaves when all are typed.
//!
//! A command that goes on, or that applets hold, keeps the lines behind it waiting, as it would
//! those that a person has typed ahead. What is printed there nobody reads.

use std::collections::VecDeque;

use eem::RunId;
use fact::TraceId;

use crate::exec::{self, Next};
use crate::session::{Seat, Session};
use crate::turn::Turn;

/// So many visits may wait at once. One more waits for nothing: its lines run on.
const VISITS_MAX: usize = 64;

/// A visit that waits.
#[derive(Debug)]
pub(super) struct Visit {
    session: Session,
    /// The lines that are not typed yet.
    ahead: VecDeque<String>,
    /// The line that applets hold, if it is that for which it waits.
    held: Option<String>,
    /// The fault that the step is part of.
    trace: Option<TraceId>,
}

/// Somebody comes, and types these lines.
pub(crate) fn visit(turn: &mut Turn<'_>, session: Session, lines: &[String]) {
    let terminals = &mut turn.state.terminals;
    let mut session = session;
    if terminals.visits.len() < VISITS_MAX {
        terminals.last_visit += 1;
        session = session.seated(Seat(terminals.last_visit));
    }
    let ahead = lines.iter().cloned().collect();
    go_on(turn, Visit { session, ahead, held: None, trace: turn.trace });
}

/// A command that went on is over.
pub(super) fn finish(turn: &mut Turn<'_>, seat: Seat, ticket: u64) {
    if let Some(visit) = waiting(turn, seat, ticket) {
        go_on(turn, visit);
    }
}

/// Applets have let a line go.
pub(super) fn let_go(turn: &mut Turn<'_>, seat: Seat, ticket: u64, passes: bool) {
    let Some(mut visit) = waiting(turn, seat, ticket) else { return };
    let Some(line) = visit.held.take() else { return go_on(turn, visit) };
    let before = std::mem::replace(&mut turn.trace, visit.trace);
    let next = if passes {
        exec::resume(turn, &mut visit.session, &line).next
    } else {
        exec::refuse(turn, &visit.session, &line);
        Next::Prompt
    };
    turn.trace = before;
    match next {
        Next::Pending => put_back(turn, seat, visit),
        Next::Prompt | Next::Question { .. } | Next::Closed | Next::Held => go_on(turn, visit),
    }
}

/// A run reads a line: the next of the step, or none if nobody is there any more.
pub(super) fn gets(turn: &mut Turn<'_>, seat: Seat, ticket: u64, run: RunId) {
    let visit = turn.state.terminals.visits.get_mut(&seat);
    let visit = visit.filter(|visit| visit.session.ticket == ticket);
    let line = visit.and_then(|visit| visit.ahead.pop_front());
    turn.answer_gets(run, line);
}

fn waiting(turn: &mut Turn<'_>, seat: Seat, ticket: u64) -> Option<Visit> {
    let visit = turn.state.terminals.visits.remove(&seat)?;
    if visit.session.ticket == ticket {
        return Some(visit);
    }
    put_back(turn, seat, visit);
    None
}

fn put_back(turn: &mut Turn<'_>, seat: Seat, visit: Visit) {
    turn.state.terminals.visits.insert(seat, visit);
}

/// Types the lines that are left, until one has to be waited for.
fn go_on(turn: &mut Turn<'_>, mut visit: Visit) {
    let before = std::mem::replace(&mut turn.trace, visit.trace);
    while let Some(line) = visit.ahead.pop_front() {
        let next = exec::submit(turn, &mut visit.session, &line).next;
        let waits = match next {
            Next::Prompt | Next::Question { .. } | Next::Closed => false,
            Next::Pending => true,
            Next::Held => {
                visit.held = Some(line);
                true
            }
        };
        if waits && let Some(seat) = visit.session.seat() {
            put_back(turn, seat, visit);
            turn.trace = before;
            return;
        }
    }
    exec::close(turn, &mut visit.session);
    turn.trace = before;
}
