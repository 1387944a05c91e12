//! Configuration lines that are kept in their place and change nothing else: `data/inert.txt`.
//!
//! Each line of that table becomes a command of the parser and prints where the table says. A line
//! that a feature gives an effect moves out of the table. Nothing here accepts what is not listed.

mod commands;
mod kept;
pub(crate) mod show;
mod table;

pub(crate) use commands::{SECTIONS, commands, seen};
pub(crate) use kept::Kept;
pub(crate) use table::mode_word;

/// Where a session stands that has entered a mode of the table: which line opened it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Which mode.
    pub(crate) mode: u8,
    /// The entry of the line.
    entry: u16,
    /// The line.
    line: String,
}

impl Block {
    /// What the prompt says: `config-router`.
    pub(crate) fn word(&self) -> &'static str {
        table::mode_word(self.mode)
    }
}
