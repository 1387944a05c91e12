//! The candidate datastore, and commits that have to be confirmed (RFC 6241 sections 8.3 and 8.4).

use netconf::Confirm;
use simtime::{Duration, TimerId};
use yang::{Element, Error, ErrorKind, Operation, Tag};

use crate::config;
use crate::device::{State, Timer};
use crate::turn::Turn;
use crate::yang::{self as models, Editor};

/// What is being prepared.
#[derive(Debug, Default)]
pub(super) struct Candidate {
    /// None while it is the running configuration.
    data: Option<Vec<Element>>,
    /// A commit that is not confirmed yet.
    unconfirmed: Option<Unconfirmed>,
}

#[derive(Debug)]
struct Unconfirmed {
    /// The running-config before it.
    before: String,
    /// What names it for other sessions; without, it is this session's alone.
    persist: Option<String>,
    timer: TimerId,
}

/// The data of the candidate.
pub(super) fn data(state: &State) -> Vec<Element> {
    let own = state.netconf.candidate.data.clone();
    own.unwrap_or_else(|| models::running(state))
}

/// Changes the candidate.
pub(super) fn edit(
    state: &mut State,
    changes: &[Element],
    default: Operation,
) -> Result<(), Error> {
    let after = models::validate(&data(state), changes, default)?;
    state.netconf.candidate.data = Some(after);
    Ok(())
}

/// The candidate is this.
pub(super) fn replace(state: &mut State, data: Vec<Element>) {
    state.netconf.candidate.data = Some(data);
}

/// Whether something is being prepared.
pub(super) fn is_changed(state: &State) -> bool {
    state.netconf.candidate.data.as_ref().is_some_and(|data| *data != models::running(state))
}

/// The candidate is the running configuration again.
pub(super) fn discard(state: &mut State) {
    state.netconf.candidate.data = None;
}

/// The candidate takes the place of the running configuration.
pub(super) fn commit(
    turn: &mut Turn<'_>,
    editor: Editor<'_>,
    confirm: Option<Confirm>,
) -> Result<(), Error> {
    let known = turn.state.netconf.candidate.unconfirmed.as_ref();
    let persist = known.and_then(|known| known.persist.clone());
    let given = confirm.as_ref().and_then(|confirm| confirm.persist_id.clone());
    if known.is_some() && persist.is_some() && given != persist {
        let error = Error::new(Tag::InvalidValue, "another commit waits for its confirmation");
        return Err(error.of(ErrorKind::Protocol).element("persist-id"));
    }
    let before = match turn.state.netconf.candidate.unconfirmed.take() {
        Some(known) => {
            turn.state.timers.cancel(known.timer);
            known.before
        }
        None => config::running_text(turn.state),
    };
    let wanted = data(turn.state);
    models::put(turn, editor, &wanted)?;
    discard(turn.state);
    if let Some(Confirm { timeout_secs, persist, .. }) = confirm {
        let timeout = Duration::from_secs(timeout_secs.into());
        let timer = turn.after(timeout, Timer::ConfirmedCommit);
        turn.state.netconf.candidate.unconfirmed = Some(Unconfirmed { before, persist, timer });
    }
    Ok(())
}

/// `cancel-commit`
pub(super) fn cancel(turn: &mut Turn<'_>) -> Result<(), Error> {
    if turn.state.netconf.candidate.unconfirmed.is_none() {
        let error = Error::new(Tag::InvalidValue, "no commit waits for its confirmation");
        return Err(error.of(ErrorKind::Protocol));
    }
    roll_back(turn);
    Ok(())
}

/// Nobody has confirmed the last commit in time, or somebody has taken it back.
pub(super) fn roll_back(turn: &mut Turn<'_>) {
    let Some(known) = turn.state.netconf.candidate.unconfirmed.take() else { return };
    turn.state.timers.cancel(known.timer);
    config::replace(turn, &known.before);
}
