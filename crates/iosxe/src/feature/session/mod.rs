//! The commands by which a session moves and sets itself up: `enable`, `configure terminal`,
//! `exit`, `terminal length`, `show history`.
//!
//! They change the [`Session`](crate::session::Session) that runs them. Text about the rest of the
//! router belongs to other features.

pub(crate) mod alias;
mod help;
pub(crate) mod level;
pub(crate) mod lock;
pub(crate) mod place;
mod send;
pub(crate) mod show;
mod terminal;

pub(crate) use help::heading;
pub(crate) use send::COMMANDS as SEND;
pub(crate) use terminal::COMMANDS as TERMINAL;
