//! What a router can do: one folder each, and one line here.
//!
//! A feature's folder holds its state (`mod.rs`), its commands (`config.rs`, `show.rs`, `exec.rs`)
//! and its part of the running-config. Adding one touches its folder and [`FEATURES`].

use crate::command::Command;
use crate::config::Section;

/// One feature: what it adds to the parser and to the running-config.
#[derive(Debug)]
pub struct Feature {
    /// Its name, for documentation.
    pub name: &'static str,
    /// Its commands, in the order of `docs/commands.md`.
    pub commands: &'static [&'static [Command]],
    /// Its parts of the running-config.
    pub sections: &'static [Section],
}
