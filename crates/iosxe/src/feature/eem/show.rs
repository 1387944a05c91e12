//! `show event manager ...`: the layouts are the `eem` crate's, the clock is the router's.

mod manager;
mod policy;

use cli::{No, Token, kw};
use simtime::Time;

use crate::command::{Command, Handler, Mode};
use crate::turn::Turn;

pub(crate) use manager::COMMANDS as MANAGER_COMMANDS;
pub(crate) use policy::COMMANDS as POLICY_COMMANDS;

const SHOW: Token = kw("show", "Show running system information");
const EVENT: Token = kw("event", "Embedded event related commands");
const MANAGER: Token = kw("manager", "Event manager information");

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

/// `Wed Mar10 13:22:46 2021`: the day in two columns, no blank before it (eem.md, section 6.1).
fn stamp(turn: &Turn<'_>, at: Time) -> String {
    turn.state.clock.local(at).civil.strftime("%a %b%e %H:%M:%S %Y").to_string()
}
