//! Changes that are taken back unless somebody confirms them: `configure terminal revert`,
//! `configure confirm`, `configure revert`.
//!
//! The configuration as it was goes into the archive first, which must have a path ("Configuration
//! Rollback Confirmed Change"). The messages are those of the ARCHIVE_DIFF facility; their words
//! are from experience.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};
use simtime::{Duration, Time};

use super::replace;
use crate::command::{Command, Handler, Mode, Reply};
use crate::device::Timer;
use crate::feature::flash;
use crate::feature::logging::Message;
use crate::session::Session;
use crate::turn::Turn;

/// The longest time to wait for a confirmation.
pub(super) const MINUTES_MAX: u64 = 120;

const NONE: &str = "%No Rollback Confirmed Change pending\n";

/// A change that waits for its confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    file: String,
    minutes: u64,
    /// Whether the time counts from the last line that somebody typed.
    idle: bool,
    by: String,
    since: Time,
    /// When it is taken back.
    due: Time,
    warned: bool,
}

const CONFIGURE: Token = kw("configure", "Enter configuration mode");
const SHOW: Token = kw("show", "Show running system information");
const MINUTES: Token = param(
    "minutes",
    Kind::Integer { min: 1, max: MINUTES_MAX },
    "Minutes to wait for confirmation",
);

/// `timer N`, `idle N`, `timer idle N`
pub(crate) const WHEN: Token = one_of(&[
    &[
        kw("timer", "Time to wait for confirmation"),
        opt(&[kw("idle", "Idle time to wait for confirmation")]),
        MINUTES,
    ],
    &[kw("idle", "Idle time to wait for confirmation"), MINUTES],
]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    exec(&[CONFIGURE, kw("confirm", "Confirm replacement of running-config")], confirm),
    exec(
        &[
            CONFIGURE,
            kw("revert", "Parameters for reverting the configuration"),
            one_of(&[&[kw("now", "Cancel the timer and rollback right away")], &[WHEN]]),
        ],
        revert,
    ),
    exec(
        &[
            SHOW,
            kw("archive", "Archive of the running configuration information"),
            kw("config", "Archive config commands"),
            kw("rollback", "Rollback information"),
            kw("timer", "Rollback confirmed change timer"),
        ],
        show,
    ),
];

const fn exec(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

/// What a line says of the time.
pub(crate) fn time_of(args: &Args) -> Option<(u64, bool)> {
    args.number("minutes").map(|minutes| (minutes, args.has("idle")))
}

/// Keeps the configuration as it is, and waits for a confirmation of what comes; what is printed.
pub(crate) fn begin(
    turn: &mut Turn<'_>,
    session: &Session,
    minutes: u64,
    idle: bool,
) -> Result<String, Reply> {
    if turn.state.archive.kept.path.is_none() {
        let text = "%Turn config archive on before using Rollback Confirmed Change\n";
        return Err(Reply::Refused(text.into()));
    }
    if turn.state.archive.pending.is_some() {
        return Err(Reply::Refused("%Rollback Confirmed Change is already pending\n".into()));
    }
    let file = replace::copy(turn).map_err(Reply::Refused)?;
    log(turn, "ROLLBK_CNFMD_CHG_BACKUP", format!("Backing up current running config to {file}"));
    let by = session.by();
    let privilege = session.privilege;
    let (since, due) = (turn.now, turn.now);
    let said =
        format!("Rollback Confirmed Change: Backing up current running config to {file}\n\n");
    let kind =
        if idle { "ROLLBK_CNFMD_CHG_START_IDLETIMER" } else { "ROLLBK_CNFMD_CHG_START_ABSTIMER" };
    let text = format!(
        "User: {by}(Priv: {privilege}, View: 0): Scheduled to rollback to config {file} in \
         {minutes} minutes"
    );
    log(turn, kind, text);
    let pending = Pending { file, minutes, idle, by, since, due, warned: false };
    turn.state.archive.pending = Some(pending);
    set_timer(turn);
    Ok(said)
}

/// Somebody typed a line: an idle time begins again.
pub(crate) fn typed(turn: &mut Turn<'_>) {
    if turn.state.archive.pending.as_ref().is_some_and(|pending| pending.idle) {
        set_timer(turn);
    }
}

/// Nothing waits any more.
pub(super) fn forget(turn: &mut Turn<'_>) -> Option<Pending> {
    turn.state.timers.retain(|(_, timer)| *timer != Timer::Rollback);
    turn.state.archive.pending.take()
}

/// The time is over, or all but its last minute.
pub(crate) fn due(turn: &mut Turn<'_>) {
    let Some(pending) = &mut turn.state.archive.pending else { return };
    if pending.due <= turn.now {
        let text = roll_back(turn);
        return drop(text);
    }
    pending.warned = true;
    let (file, due) = (pending.file.clone(), pending.due);
    turn.state.timers.set(due, (None, Timer::Rollback));
    let text = format!(
        "System will rollback to config {file} in one minute. Enter \"configure confirm\" if you \
         wish to keep what you've configured"
    );
    log(turn, "ROLLBK_CNFMD_CHG_WARNING_ABSTIMER", text);
}

/// Counts the time from now on; a minute before its end somebody is warned.
fn set_timer(turn: &mut Turn<'_>) {
    turn.state.timers.retain(|(_, timer)| *timer != Timer::Rollback);
    let Some(pending) = &mut turn.state.archive.pending else { return };
    pending.warned = false;
    pending.due = turn.now + Duration::from_secs(pending.minutes * 60);
    let warning = Duration::from_secs((pending.minutes - 1) * 60);
    turn.after(warning, Timer::Rollback);
}

fn roll_back(turn: &mut Turn<'_>) -> Result<String, String> {
    let Some(Pending { file, .. }) = forget(turn) else { return Err(NONE.into()) };
    log(turn, "ROLLBK_CNFMD_CHG_ROLLBACK_START", format!("Start rolling to: {file}"));
    let wanted =
        flash::read(turn.state, &file).map_err(|why| format!("%Error opening {file} ({why})\n"))?;
    let said = format!("Rollback Confirmed Change: Rolling to:{file}\n\n");
    replace::roll(turn, &wanted, false).map(|text| said + &text)
}

fn confirm(turn: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    if forget(turn).is_none() {
        return Reply::Refused(NONE.into());
    }
    log(
        turn,
        "ROLLBK_CNFMD_CHG_CONFIRM",
        format!("User: {}: Confirm the configuration change", session.by()),
    );
    Reply::Done
}

fn revert(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(pending) = &mut turn.state.archive.pending else {
        return Reply::Refused(NONE.into());
    };
    if let Some((minutes, idle)) = time_of(args) {
        (pending.minutes, pending.idle, pending.since) = (minutes, idle, turn.now);
        let file = pending.file.clone();
        set_timer(turn);
        let by = session.by();
        let text =
            format!("User: {by}: Reset the timer: rollback to config {file} in {minutes} minutes");
        log(turn, "ROLLBK_CNFMD_CHG_RESET_ABSTIMER", text);
        return Reply::Done;
    }
    match roll_back(turn) {
        Ok(text) => Reply::Text(text),
        Err(text) => Reply::Refused(text),
    }
}

fn show(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let Some(Pending { minutes, idle, by, since, .. }) = &turn.state.archive.pending else {
        return Reply::Refused(NONE.into());
    };
    let at = turn.state.clock.describe(*since);
    let kind = if *idle { "idle" } else { "absolute" };
    Reply::Text(format!(
        "Time configured(or reconfigured): {at}\nTimer type: {kind} timer\n\
         Timer value: {minutes} min\nUser: {by}\n"
    ))
}

fn log(turn: &mut Turn<'_>, mnemonic: &'static str, text: String) {
    turn.log(Message::new("ARCHIVE_DIFF", 5, mnemonic, text));
}
