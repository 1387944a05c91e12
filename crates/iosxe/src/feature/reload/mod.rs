//! Going down and coming up: `reload`, a crash, the boot, and what is known of the last one.
//!
//! Told by commands and by the device. What outlives a reload is listed in one place
//! (`State::restarted`); nothing else of a router may.

pub(crate) mod exec;

use cli::InterfaceName;
use fact::{Kind, TraceId};
use simtime::{Duration, Time, TimerId};

use crate::device::Timer;
use crate::feature::interface;
use crate::feature::logging::{self, Message};
use crate::io::{BOOT_DEFAULT, Output};
use crate::terminal;
use crate::turn::Turn;

/// What `reload` gives as its reason when nobody says one.
const REASON_DEFAULT: &str = "Reload Command";

/// Why a router that a lab starts says that it came up.
const REASON_AT_START: &str = "reload";

/// The life of one router.
#[derive(Clone, Debug)]
pub(crate) struct Reload {
    phase: Phase,
    /// `reload in`, `reload at`
    scheduled: Option<Scheduled>,
    /// `System returned to ROM by ...`
    returned: Box<str>,
    /// `Last reload reason: ...`
    last_reason: Box<str>,
}

/// Where a router is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It has booted, or a lab is about to start it.
    Running,
    /// Off, since then.
    Down { since: Time },
    /// Its startup-config is being read: collectors hear what it says.
    Booting,
}

/// A reload that is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Scheduled {
    at: Time,
    reason: String,
    by: String,
    timer: TimerId,
}

/// Why a router goes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Somebody asked for it, and gave this reason.
    Reload(String),
    /// Its software died of this.
    Crash(String),
}

impl Default for Reload {
    fn default() -> Self {
        Reload {
            phase: Phase::Running,
            scheduled: None,
            returned: REASON_AT_START.into(),
            last_reason: REASON_AT_START.into(),
        }
    }
}

impl Reload {
    /// Whether the router is off.
    pub(crate) fn is_down(&self) -> bool {
        matches!(self.phase, Phase::Down { .. })
    }

    /// Whether messages of a boot leave the router.
    pub(crate) fn is_heard(&self) -> bool {
        self.phase == Phase::Booting
    }

    /// What `System returned to ROM by` says.
    pub(crate) fn returned(&self) -> &str {
        &self.returned
    }

    /// What `Last reload reason:` says.
    pub(crate) fn last_reason(&self) -> &str {
        &self.last_reason
    }

    /// The life of a router that goes down now.
    pub(crate) fn down(cause: &Cause, now: Time) -> Reload {
        let (returned, last_reason) = match cause {
            Cause::Reload(reason) => (REASON_AT_START.to_owned(), reason.clone()),
            Cause::Crash(cause) => (format!("crash ({cause})"), cause.clone()),
        };
        Reload {
            phase: Phase::Down { since: now },
            scheduled: None,
            returned: returned.into(),
            last_reason: last_reason.into(),
        }
    }
}

impl Cause {
    /// A reload, with a reason or none.
    pub(crate) fn reload(reason: &str) -> Cause {
        let reason = reason.trim();
        Cause::Reload(if reason.is_empty() { REASON_DEFAULT } else { reason }.to_owned())
    }

    /// As the fact has it.
    fn words(&self) -> String {
        match self {
            Cause::Reload(reason) => reason.clone(),
            Cause::Crash(cause) => format!("crash: {cause}"),
        }
    }
}

/// Somebody asks for a reload (syslog.md, message 16). The router goes down at the end of the
/// instant, so that whoever asked is heard out.
pub(crate) fn ask(turn: &mut Turn<'_>, by: &str, reason: &str, boot: Option<Duration>) {
    let cause = Cause::reload(reason);
    let Cause::Reload(reason) = &cause else { return };
    let text = format!("Reload requested by {by}. Reload Reason: {reason}.");
    turn.log(Message::new("SYS", 5, "RELOAD", text));
    turn.after(Duration::ZERO, Timer::GoDown { cause, boot });
}

/// The software dies without a word.
pub(crate) fn crash(turn: &mut Turn<'_>, cause: &str, boot: Option<Duration>) {
    go_down(turn, Cause::Crash(cause.trim().to_owned()), boot);
}

/// The router goes off: sessions are cut, ports go dark, and all that is not saved is gone.
pub(crate) fn go_down(turn: &mut Turn<'_>, cause: Cause, boot: Option<Duration>) {
    turn.fact(Kind::Reloading { reason: cause.words() });
    terminal::cut_all(turn);
    logging::stop_all(turn);
    interface::go_dark(turn);
    turn.state.restart(Reload::down(&cause, turn.now), turn.now);
    turn.after(boot.unwrap_or(BOOT_DEFAULT), Timer::Booted);
    turn.out.push(Output::Power { up: false, trace: turn.trace });
}

/// The boot is over: the startup-config is read, and the router says so (syslog.md, section 2.2).
pub(crate) fn come_up(turn: &mut Turn<'_>) {
    let Phase::Down { since } = turn.state.reload.phase else { return };
    turn.state.reload.phase = Phase::Booting;
    turn.state.system.start(turn.now);
    turn.out.push(Output::Power { up: true, trace: turn.trace });
    // What the router refuses of it has been said when the lab was built, or was never in it.
    turn.boot();
    turn.state.reload.phase = Phase::Running;
    let took = turn.now.since(since);
    let text = format!("Time taken to reboot after reload = {:4} seconds", took.as_secs());
    turn.log(Message::new("SYS", 6, "BOOTTIME", text));
    turn.fact(Kind::Booted { took });
}

/// Sets a reload for later, instead of one that was set before.
fn schedule(turn: &mut Turn<'_>, at: Time, reason: &str, by: &str) {
    cancel(turn);
    let reason = reason.trim().to_owned();
    let timer = turn.state.timers.set(at, (turn.trace, Timer::ReloadDue));
    let (when, now) = (turn.state.clock.describe(at), turn.state.clock.describe(turn.now));
    let mut text = format!("Reload requested for {when} at {now} by {by}.");
    if !reason.is_empty() {
        text += &format!(" Reload Reason: {reason}.");
    }
    turn.state.reload.scheduled = Some(Scheduled { at, reason, by: by.to_owned(), timer });
    turn.log(Message::new("SYS", 5, "SCHEDULED_RELOAD", text));
}

/// Whether there was a reload to take back.
fn cancel(turn: &mut Turn<'_>) -> bool {
    let Some(scheduled) = turn.state.reload.scheduled.take() else { return false };
    turn.state.timers.cancel(scheduled.timer);
    true
}

/// The time of a reload that was set has come.
pub(crate) fn due(turn: &mut Turn<'_>) {
    if let Some(Scheduled { reason, by, .. }) = turn.state.reload.scheduled.take() {
        ask(turn, &by, &reason, None);
    }
}

/// A wire that changes while the router is off is seen when it comes up.
pub(crate) fn carrier_while_down(
    turn: &mut Turn<'_>,
    interface: &str,
    up: bool,
    trace: Option<TraceId>,
) {
    turn.trace = trace;
    if let Some(name) = InterfaceName::parse(interface) {
        interface::carrier(turn, &name, up);
    }
}
