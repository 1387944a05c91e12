//! Who may come in as a program, and what is logged of programs (DMI, the data model interfaces).

use std::net::IpAddr;

use crate::device::State;
use crate::feature::aaa;
use crate::feature::logging::Message;
use crate::feature::ssh::KeyHash;
use crate::io::Proof;
use crate::session::{Door, PRIVILEGED_LEVEL};
use crate::turn::Turn;

/// The first of the numbers that IOS XE gives its own sessions for programs.
const PROGRAM_VTY: u32 = 63;

/// Why a program is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No such user, or another password or key.
    Unknown,
    /// A user below privilege 15: the default rules of IOS XE let nobody else in (decided; NACM can
    /// let others read).
    Privilege,
}

/// Whether a program may come in so.
pub(crate) fn admits(state: &State, user: &str, proof: Proof<'_>) -> Result<(), Refused> {
    let level = match proof {
        Proof::Password(password) => aaa::login(state, 0, user, password),
        Proof::Key(key) => KeyHash::of(key)
            .filter(|hash| state.ssh.has_key(user, hash))
            .and_then(|_| aaa::exec(state, 0, user)),
    };
    match level {
        None => Err(Refused::Unknown),
        Some(level) if level.unwrap_or(1) < PRIVILEGED_LEVEL => Err(Refused::Privilege),
        Some(_) => Ok(()),
    }
}

/// A program was let in.
pub(crate) fn authenticated(turn: &mut Turn<'_>, user: &str, peer: IpAddr, door: &str) {
    let text = format!(
        "R0/0: dmiauthd: User '{user}' authenticated successfully from {peer}:0 and was \
         authorized for {door}. External groups: PRIV15"
    );
    turn.log(Message::new("DMI", 5, "AUTH_PASSED", text));
}

/// A program was not let in.
pub(crate) fn refused(turn: &mut Turn<'_>, user: &str, peer: IpAddr, door: &str) {
    let text = format!(
        "R0/0: dmiauthd: User '{}' authentication failed from {peer}:0 for {door}.",
        user.escape_debug()
    );
    turn.log(Message::new("DMI", 5, "AUTHENTICATION_FAILED", text));
}

/// A program has changed the configuration (syslog.md, message 12).
pub(crate) fn configured(turn: &mut Turn<'_>, door: Door, user: Option<&str>) {
    let user = user.unwrap_or_default();
    let text = format!(
        "Configured programmatically by process iosp_vty_100001_dmi_nesd from console as \
         {} on vty{PROGRAM_VTY}",
        door.name()
    );
    turn.log(Message::new("SYS", 5, "CONFIG_P", text));
    turn.state.netconf.transactions += 1;
    let text = format!(
        "R0/0: dmiauthd: Configured from NETCONF/RESTCONF by {user}, transaction-id {}",
        turn.state.netconf.transactions
    );
    turn.log(Message::new("DMI", 5, "CONFIG_I", text));
}
