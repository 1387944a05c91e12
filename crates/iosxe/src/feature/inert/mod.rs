//! Configuration lines that are kept in their place and change nothing else: `data/inert.txt`.
//!
//! Each line of that table becomes a command of the parser and prints where the table says. A line
//! that a feature gives an effect moves out of the table. Nothing here accepts what is not listed.

mod commands;
mod kept;
mod table;

pub(crate) use commands::{SECTIONS, commands};
pub(crate) use kept::Kept;
