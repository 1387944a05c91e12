//! `interface` and what stands under it, and how running-config prints it.

mod commands;
mod print;

pub(crate) use commands::COMMANDS;
pub(crate) use print::{SECTIONS, print_one};
