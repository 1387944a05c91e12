//! The candidate datastore, and commits that have to be confirmed (RFC 6241 sections 8.3 and 8.4).
//!
//! The candidate is a router of its own, booted from the running-config, that nobody else sees:
//! what it would refuse is refused when it is edited, and all models of it agree.

use netconf::{Commit, Confirm};
use simtime::{Duration, TimerId};
use yang::{Element, Error, ErrorKind, Operation, Tag, Tops};

use crate::config;
use crate::device::{State, Timer};
use crate::feature::archive::replace::roll;
use crate::io::Outbox;
use crate::models::{self, Editor};
use crate::turn::Turn;

/// What is being prepared.
#[derive(Debug, Default)]
pub(super) struct Candidate {
    /// None while it is the running configuration.
    router: Option<Box<State>>,
    /// A commit that is not confirmed yet.
    unconfirmed: Option<Unconfirmed>,
}

#[derive(Debug)]
struct Unconfirmed {
    /// The running-config before it.
    before: String,
    /// What names it for other sessions; without, it is this session's alone.
    persist: Option<String>,
    /// Whose it is.
    session: u32,
    timer: TimerId,
}

/// The data of the candidate.
pub(super) fn data(state: &State, tops: &Tops) -> Vec<Element> {
    models::running(state.netconf.candidate.router.as_deref().unwrap_or(state), tops)
}

/// Changes the candidate.
pub(super) fn edit(
    turn: &mut Turn<'_>,
    editor: Editor<'_>,
    changes: &[Element],
    default: Operation,
) -> Result<(), Error> {
    with(turn, |inner| models::edit(inner, editor, changes, default))
}

/// The candidate is this.
pub(super) fn replace(
    turn: &mut Turn<'_>,
    editor: Editor<'_>,
    data: &[Element],
) -> Result<(), Error> {
    with(turn, |inner| models::put(inner, editor, data))
}

/// What the router would refuse of an edit, on a router that is thrown away.
pub(super) fn try_out(
    turn: &mut Turn<'_>,
    editor: Editor<'_>,
    (changes, default): (&[Element], Operation),
) -> Result<(), Error> {
    let (mut state, mut out) = (turn.state.twin(turn.now), Outbox::default());
    let mut inner = Turn { state: &mut state, now: turn.now, trace: None, out: &mut out };
    models::edit(&mut inner, editor, changes, default)
}

/// Works on the router that the candidate is. What it logs and asks for is nobody's.
fn with<T>(turn: &mut Turn<'_>, work: impl FnOnce(&mut Turn<'_>) -> T) -> T {
    let known = turn.state.netconf.candidate.router.take();
    let mut router = known.unwrap_or_else(|| Box::new(turn.state.twin(turn.now)));
    let mut out = Outbox::default();
    let mut inner = Turn { state: &mut router, now: turn.now, trace: None, out: &mut out };
    let done = work(&mut inner);
    turn.state.netconf.candidate.router = Some(router);
    done
}

/// Whether something is being prepared.
pub(super) fn is_changed(state: &State) -> bool {
    let router = state.netconf.candidate.router.as_deref();
    let data = |state: &State| models::running(state, &Tops::All);
    router.is_some_and(|router| data(router) != data(state))
}

/// The candidate is the running configuration again.
pub(super) fn discard(state: &mut State) {
    state.netconf.candidate.router = None;
}

/// The candidate takes the place of the running configuration.
pub(super) fn commit(
    turn: &mut Turn<'_>,
    (session, editor): (u32, Editor<'_>),
    Commit { confirm, persist_id }: Commit,
) -> Result<(), Error> {
    may_follow(turn, session, persist_id.as_deref())?;
    let now = config::running_text(turn.state);
    let wanted = data(turn.state, &Tops::All);
    models::put(turn, editor, &wanted)?;
    discard(turn.state);
    let before = match turn.state.netconf.candidate.unconfirmed.take() {
        Some(known) => {
            turn.state.timers.cancel(known.timer);
            known.before
        }
        None => now,
    };
    if let Some(Confirm { timeout_secs, persist }) = confirm {
        let timeout = Duration::from_secs(timeout_secs.into());
        let timer = turn.after(timeout, Timer::ConfirmedCommit);
        let waits = Unconfirmed { before, persist, session, timer };
        turn.state.netconf.candidate.unconfirmed = Some(waits);
    }
    Ok(())
}

/// Whether this session may confirm the commit that waits, or take it back.
fn may_follow(turn: &Turn<'_>, session: u32, given: Option<&str>) -> Result<(), Error> {
    let wrong = |message: &str| {
        let error = Error::new(Tag::InvalidValue, message).of(ErrorKind::Protocol);
        Err(error.element("persist-id"))
    };
    match (&turn.state.netconf.candidate.unconfirmed, given) {
        (None, Some(_)) => wrong("no commit waits for its confirmation"),
        (None, None) => Ok(()),
        (Some(known), given) if known.persist.is_some() || given.is_some() => {
            if known.persist.as_deref() == given {
                Ok(())
            } else {
                wrong("another commit waits for its confirmation")
            }
        }
        (Some(known), _) if known.session == session => Ok(()),
        (Some(_), _) => wrong("the commit of another session waits for its confirmation"),
    }
}

/// `cancel-commit`
pub(super) fn cancel(
    turn: &mut Turn<'_>,
    session: u32,
    persist_id: Option<&str>,
) -> Result<(), Error> {
    if turn.state.netconf.candidate.unconfirmed.is_none() {
        let error = Error::new(Tag::InvalidValue, "no commit waits for its confirmation");
        return Err(error.of(ErrorKind::Protocol));
    }
    may_follow(turn, session, persist_id)?;
    roll_back(turn);
    Ok(())
}

/// A session is gone: its commit that waits for a confirmation is taken back, unless it has a name.
pub(super) fn left(turn: &mut Turn<'_>, session: u32) {
    let known = turn.state.netconf.candidate.unconfirmed.as_ref();
    if known.is_some_and(|known| known.session == session && known.persist.is_none()) {
        roll_back(turn);
    }
}

/// Nobody has confirmed the last commit in time, or somebody has taken it back.
pub(super) fn roll_back(turn: &mut Turn<'_>) {
    let Some(known) = turn.state.netconf.candidate.unconfirmed.take() else { return };
    turn.state.timers.cancel(known.timer);
    // What the router does not take back it has said.
    let _ = roll(turn, &known.before, false);
}
