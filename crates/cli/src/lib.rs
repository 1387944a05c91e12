//! The IOS command-line engine: what a line means, what `?` says, what keys do.
//!
//! Used by `iosxe`, which declares the commands. It knows no device, no session and no socket;
//! a command is data ([`Command`]), and one declaration gives parser, `?`, TAB and documentation.

mod args;
mod grammar;
mod interface;
mod parse;
mod walk;
mod words;

pub use args::{Args, Form, Value};
pub use grammar::{Command, Kind, No, Token, any_of, kw, one_of, opt, param};
pub use interface::{InterfaceKind, InterfaceName};
pub use parse::{Grammar, Match, Parsed};
