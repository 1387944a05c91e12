//! Logins as the router watches them: messages, counts, and the quiet mode after too many failures.
//!
//! Told by terminals of every login. It lets nobody in: whether a name and a password fit is the
//! users' matter, and whether a line is free that of the lines.

pub(crate) mod config;
pub(crate) mod show;

use std::collections::VecDeque;
use std::net::IpAddr;

use simtime::{Duration, Time};

use crate::device::Timer;
use crate::feature::line::VTY_FIRST_NUMBER;
use crate::feature::logging::Message;
use crate::turn::Turn;

/// How many rows `show login failures` has; the oldest goes first.
const ROWS_MAX: usize = 50;

/// The port that a client of SSH comes to.
const LOCAL_PORT: u16 = 22;

/// The logins of one router.
#[derive(Clone, Debug, Default)]
pub(crate) struct Logins {
    /// `login on-failure log [every N]`
    on_failure: Option<Every>,
    /// `login on-success log [every N]`
    on_success: Option<Every>,
    /// `login block-for S attempts N within T`
    block: Option<Block>,
    /// When logins failed, within the window that is watched; at most as many as end it.
    recent: VecDeque<Time>,
    /// Until when nobody gets in.
    quiet_until: Option<Time>,
    failures: u64,
    successes: u64,
    rows: VecDeque<Row>,
}

/// One message for so many logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Every(u32);

/// What makes the router refuse everybody for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    quiet: Duration,
    attempts: u32,
    within: Duration,
}

/// One row of `show login failures`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    user: String,
    peer: IpAddr,
    count: u64,
    last: Time,
}

impl Logins {
    /// Whether nobody gets in at the moment.
    pub(crate) fn is_quiet(&self, now: Time) -> bool {
        self.quiet_until.is_some_and(|until| now < until)
    }

    fn note(&mut self, user: &str, peer: IpAddr, now: Time) {
        self.failures += 1;
        let is_same = |row: &&mut Row| row.user == user && row.peer == peer;
        if let Some(row) = self.rows.iter_mut().find(is_same) {
            row.count += 1;
            row.last = now;
            return;
        }
        if self.rows.len() == ROWS_MAX {
            self.rows.pop_front();
        }
        self.rows.push_back(Row { user: user.to_owned(), peer, count: 1, last: now });
    }

    /// Counts a failure into the window; the time that is left of it, if it is one too many.
    fn watch(&mut self, now: Time) -> Option<(Block, Duration)> {
        let block = self.block?;
        while self.recent.front().is_some_and(|first| now.since(*first) >= block.within) {
            self.recent.pop_front();
        }
        self.recent.push_back(now);
        if self.recent.len() < block.attempts as usize {
            return None;
        }
        let left = self.recent.front().map(|first| (*first + block.within).since(now));
        self.recent.clear();
        self.quiet_until = Some(now + block.quiet);
        Some((block, left.unwrap_or(block.within)))
    }
}

/// A login failed (syslog.md, messages 31 and 32).
pub(crate) fn failed(turn: &mut Turn<'_>, user: &str, peer: IpAddr) {
    let (user, now) = (&printable(user), turn.now);
    turn.state.logins.note(user, peer, now);
    let at = turn.state.clock.describe(now);
    let who = format!("[user: {user}] [Source: {peer}] [localport: {LOCAL_PORT}]");
    let why = "[Reason: Login Authentication Failed]";
    let logins = &turn.state.logins;
    if logins.on_failure.is_some_and(|every| every.falls_on(logins.failures)) {
        let text = format!("Login failed {who} {why} at {at}");
        turn.log(Message::new("SEC_LOGIN", 4, "LOGIN_FAILED", text));
    }
    if let Some((block, left)) = turn.state.logins.watch(now) {
        let left = left.as_secs();
        let text = format!(
            "Still timeleft for watching failures is {left} secs, {who} {why} [ACL: sl_def_acl] \
             at {at}"
        );
        turn.log(Message::new("SEC_LOGIN", 1, "QUIET_MODE_ON", text));
        turn.after(block.quiet, Timer::QuietMode);
    }
}

/// A name that a client made up: no message and no table breaks at it.
fn printable(user: &str) -> String {
    user.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// Somebody has logged in (syslog.md, message 30).
pub(crate) fn succeeded(turn: &mut Turn<'_>, user: &str, peer: IpAddr) {
    let logins = &mut turn.state.logins;
    logins.successes += 1;
    if logins.on_success.is_some_and(|every| every.falls_on(logins.successes)) {
        let at = turn.state.clock.describe(turn.now);
        let text = format!(
            "Login Success [user: {user}] [Source: {peer}] [localport: {LOCAL_PORT}] at {at}"
        );
        turn.log(Message::new("SEC_LOGIN", 5, "LOGIN_SUCCESS", text));
    }
}

/// A session has ended (syslog.md, message 21). Said by a router that says who logs in, too.
pub(crate) fn left(turn: &mut Turn<'_>, user: &str, vty: u32, peer: IpAddr) {
    if turn.state.logins.on_success.is_some() {
        let tty = VTY_FIRST_NUMBER + vty;
        let text = format!("User {user} has exited tty session {tty}({peer})");
        turn.log(Message::new("SYS", 6, "LOGOUT", text));
    }
}

/// The time of the quiet mode is over, unless its configuration is gone (syslog.md, message 33).
pub(crate) fn quiet_over(turn: &mut Turn<'_>) {
    if turn.state.logins.quiet_until.is_none_or(|until| turn.now < until) {
        return;
    }
    turn.state.logins.quiet_until = None;
    let at = turn.state.clock.describe(turn.now);
    let text = format!("Quiet Mode is OFF, because block period timed out at {at}");
    turn.log(Message::new("SEC_LOGIN", 5, "QUIET_MODE_OFF", text));
}

impl Every {
    fn falls_on(self, count: u64) -> bool {
        count.is_multiple_of(u64::from(self.0.max(1)))
    }
}
