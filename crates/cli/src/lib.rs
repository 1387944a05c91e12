//! The IOS command-line engine: what a line means, what `?` says, what keys do.
//!
//! Used by `iosxe`, which declares the commands. It knows no device, no session and no socket;
//! a command is data ([`Command`]), and one declaration gives parser, `?`, TAB and documentation.

mod grammar;
mod parse;

mod args;
mod help;
mod interface;
mod levels;
mod start;
mod walk;
mod words;

mod pattern;
pub mod pipe;

mod editor;
mod history;
mod keys;
mod pager;

pub use args::Args;
pub use editor::{Edit, Editor, Entry, LINE_BYTES_MAX};
pub use grammar::{Command, Kind, No, Token, any_of, kw, one_of, opt, param};
pub use help::Help;
pub use history::{HISTORY_LINES_MAX, Histories, History};
pub use interface::{InterfaceKind, InterfaceName};
pub use keys::{Key, Keys};
pub use levels::{Access, Level, Levels};
pub use pager::{MORE, Pager};
pub use parse::{Grammar, Match, Parsed};
pub use pattern::Pattern;
