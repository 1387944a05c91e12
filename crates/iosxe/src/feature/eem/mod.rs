//! EEM: the policy director of this router, and what its applets are given.
//!
//! `emit` reports log messages, the device calls [`poll`] when the director's timer is due, and
//! commands that go on report to [`command_finished`]. The language itself is the `eem` crate's:
//! nothing here may decide what an applet does next.

pub(crate) mod config;
pub(crate) mod exec;
mod run;
pub(crate) mod show;

pub(crate) use run::{command_finished, command_printed, poll};

use std::collections::BTreeMap;

use eem::{Director, RunId};
use fact::TraceId;
use simtime::{Time, TimerId};

use crate::device::Timer;
use crate::feature::logging::Message;
use crate::io::{AppletView, Dialect};
use crate::turn::Turn;
use run::Run;

/// EEM of one router.
#[derive(Debug)]
pub(crate) struct Eem {
    director: Director,
    /// What is known here of the runs that wait or go on.
    runs: BTreeMap<RunId, Run>,
    /// When the director wants to be polled, and the timer set for it.
    wake: Option<(Time, TimerId)>,
}

impl Eem {
    /// EEM without applets.
    pub(crate) fn new(dialect: Dialect) -> Self {
        let director = Director::new(match dialect {
            Dialect::IosXe => eem::Dialect::Ios,
            Dialect::Course => eem::Dialect::Course,
        });
        Eem { director, runs: BTreeMap::new(), wake: None }
    }

    /// How many applets are registered.
    pub(crate) fn applet_count(&self) -> usize {
        self.director.registered().count()
    }

    /// The registered applets.
    pub(crate) fn applets(&self) -> Vec<AppletView> {
        let view = |registered: &eem::Registered| AppletView {
            name: registered.name().to_owned(),
            event: registered.event(),
            runs: registered.runs(),
        };
        self.director.registered().map(view).collect()
    }
}

/// Offers a log message, as the console shows it, to the applets.
pub(crate) fn on_syslog(turn: &mut Turn<'_>, line: &str) {
    let published = turn.state.eem.director.syslog(turn.now, line);
    for id in published.runs {
        turn.state.eem.runs.insert(id, Run::new(turn.trace, None));
    }
    if let Some(notice) = published.notice {
        log(turn, notice);
    }
    schedule(turn);
}

/// A session has left applet mode: the applet is registered.
pub(crate) fn leave_applet(turn: &mut Turn<'_>, name: &str) {
    for message in turn.state.eem.director.leave_applet(turn.now, name) {
        log(turn, message);
    }
}

/// Logs as EEM does: with the debug timestamps (eem.md, section 7).
fn log(turn: &mut Turn<'_>, message: eem::Message) {
    let eem::Message { facility, severity, mnemonic, text } = message;
    turn.log(Message::new(facility, severity, mnemonic, text).debug_stamped());
}

/// Sets the timer for what the director wants next.
fn schedule(turn: &mut Turn<'_>) {
    let wanted = turn.state.eem.director.next_deadline().map(|at| at.max(turn.now));
    if turn.state.eem.wake.map(|(at, _)| at) == wanted {
        return;
    }
    if let Some((_, timer)) = turn.state.eem.wake.take() {
        turn.state.timers.cancel(timer);
    }
    turn.state.eem.wake = wanted.map(|at| (at, turn.state.timers.set(at, (None, Timer::Eem))));
}

/// Carries out `body` as a consequence of the fault that caused a run.
fn because_of(turn: &mut Turn<'_>, trace: Option<TraceId>, body: impl FnOnce(&mut Turn<'_>)) {
    let before = std::mem::replace(&mut turn.trace, trace);
    body(turn);
    turn.trace = before;
}
