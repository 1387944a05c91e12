//! Conditions, and commands with an event's values in them: Jinja by minijinja, behind typed
//! filters.
//!
//! Used by `config`, which checks every text when it is loaded, and by `decide`, which evaluates.
//! No value of an event reaches a command but through a filter of [`filter`], and no command is
//! sent that [`guard`] did not see whole, no XML that [`markup`] and no path that [`path`] did not.

mod engine;
pub(crate) mod filter;
pub(crate) mod guard;
pub(crate) mod markup;
pub(crate) mod path;
mod scan;

pub(crate) use engine::{Engine, Form, Mistake, OF_LOGINS, OF_STEPS, Scope};

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
