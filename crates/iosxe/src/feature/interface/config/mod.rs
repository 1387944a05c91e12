//! `interface` and what stands under it, and how running-config prints it.

mod commands;
mod print;
mod range;

pub(crate) use commands::COMMANDS;
pub(crate) use print::{SECTIONS, print_one};
pub(crate) use range::RANGE;
