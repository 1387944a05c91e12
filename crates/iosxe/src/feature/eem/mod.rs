//! EEM: the policy director of this router, and what its applets are given.
//!
//! `emit` reports log messages, the device calls [`poll`] when the director's timer is due, and
//! commands that go on report to [`command_finished`]. The language itself is the `eem` crate's:
//! nothing here may decide what an applet does next.

pub(crate) mod config;
pub(crate) mod debug;
pub(crate) mod exec;
pub(crate) mod forms;
mod mail;
mod run;
pub(crate) mod scheduler;
mod screen;
mod serve;
mod session;
pub(crate) mod settings;
pub(crate) mod show;
mod view;

pub(crate) use mail::ended as mail_ended;
pub(crate) use run::{answer_gets, command_finished, command_printed, poll};
pub(crate) use screen::{Verdict, abandon, screen, wait_over};

use std::collections::{BTreeMap, VecDeque};

use eem::show::Trap;
use eem::{Director, Published, RunId, Stimulus};
use fact::TraceId;
use simtime::{Duration, Time, TimerId};

use crate::device::Timer;
use crate::feature::logging::Message;
use crate::feature::route;
use crate::io::{AppletView, Dialect};
use crate::session::Caller;
use crate::turn::Turn;
use run::Run;
use screen::Held;
use settings::Settings;
use view::View;

/// EEM of one router.
#[derive(Debug)]
pub(crate) struct Eem {
    director: Director,
    /// What is configured besides the applets.
    pub(crate) settings: Settings,
    /// The last traps, oldest first.
    traps: VecDeque<Trap>,
    /// What is known here of the runs that wait or go on.
    runs: BTreeMap<RunId, Run>,
    /// The lines that wait for runs of cli applets, by who typed them.
    held: BTreeMap<Caller, Held>,
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
        Eem {
            director,
            settings: Settings::default(),
            traps: VecDeque::new(),
            runs: BTreeMap::new(),
            held: BTreeMap::new(),
            wake: None,
        }
    }

    /// Whether its runs tell their statements.
    pub(crate) fn is_tracing(&self) -> bool {
        self.director.is_tracing()
    }

    /// From now on its runs tell their statements, or do not.
    pub(crate) fn set_tracing(&mut self, is_tracing: bool) {
        self.director.set_tracing(is_tracing);
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

    /// The applets that wait for a tracked object.
    pub(crate) fn followers(&self, number: u32) -> impl Iterator<Item = &str> {
        let all = self.director.registered();
        all.filter(move |registered| registered.tracks(number)).map(eem::Registered::name)
    }

    /// Whether an applet waits for routes.
    pub(crate) fn watches_routes(&self) -> bool {
        self.director.registered().any(eem::Registered::watches_routes)
    }

    /// Whether an applet has the option `trap`.
    fn has_trap(&self, applet: &str) -> bool {
        let mut all = self.director.registered();
        all.any(|registered| registered.name() == applet && registered.has_trap())
    }

    /// Whether the commands of an applet need no authorization.
    fn bypasses_authorization(&self, applet: &str) -> bool {
        let mut all = self.director.registered();
        all.any(|one| one.name() == applet && one.bypasses_authorization())
    }

    /// Drops the traps that the history does not keep.
    fn shorten_traps(&mut self) {
        let excess = self.traps.len().saturating_sub(self.settings.traps_kept());
        self.traps.drain(..excess);
    }
}

/// Offers something that happened to the applets.
pub(crate) fn offer(turn: &mut Turn<'_>, stimulus: &Stimulus<'_>) {
    if matches!(stimulus, Stimulus::Route(_)) && is_booting(turn) {
        return;
    }
    let now = turn.now;
    let published = with_director(turn, |director, view| director.offer(now, view, stimulus));
    if published != Published::default() {
        take(turn, published);
        schedule(turn);
    }
}

/// Whether `detector routing bootup-delay` still holds the events of routes back.
fn is_booting(turn: &Turn<'_>) -> bool {
    let delay = Duration::from_secs(turn.state.eem.settings.routing_delay_secs());
    turn.now < turn.state.system.started() + delay
}

/// The event manager has sent a trap: by an action of the applet, or because of its option `trap`.
fn trapped(turn: &mut Turn<'_>, applet: &str, by_policy: bool) {
    let trap = Trap { at: turn.now, by_policy, applet: applet.to_owned() };
    turn.state.eem.traps.push_back(trap);
    turn.state.eem.shorten_traps();
}

/// The router's own clock was set: cron entries are in its time.
pub(crate) fn clock_was_set(turn: &mut Turn<'_>) {
    let now = turn.now;
    with_director(turn, |director, view| director.clock_was_set(now, view));
    schedule(turn);
}

/// Remembers the cause of the runs that an event has started, and says what there is to say.
fn take(turn: &mut Turn<'_>, published: Published) {
    for id in published.runs {
        turn.state.eem.runs.insert(id, Run::new(turn.trace, None));
    }
    if let Some(notice) = published.notice {
        log(turn, notice);
    }
}

/// A session has left applet mode: the applet is registered.
pub(crate) fn leave_applet(turn: &mut Turn<'_>, name: &str) {
    let now = turn.now;
    let messages = with_director(turn, |director, view| director.leave_applet(now, view, name));
    messages.into_iter().for_each(|message| log(turn, message));
    route::tell_changes(turn);
    schedule(turn);
}

/// Hands the director the router to read. It is out of its place meanwhile: nothing that the
/// director does can reach the router but by what it returns.
fn with_director<T>(turn: &mut Turn<'_>, body: impl FnOnce(&mut Director, &View<'_>) -> T) -> T {
    let mut director = std::mem::take(&mut turn.state.eem.director);
    let result = body(&mut director, &View { state: turn.state, now: turn.now });
    turn.state.eem.director = director;
    result
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
