//! What is wrong with the applets of a text, or doubtful: a checker that runs nothing.
//!
//! Used by `ednm eem check`. The applets are read by `eem`'s own parsers; a rule is one entry of
//! [`RULES`], with its page of `docs/eem-checks.md`. It never reads a file, and says `error` only
//! of what cannot work on any router.

mod allow;
mod check;
mod config;
mod context;
mod fix;
pub mod graph;
mod messages;
mod page;
mod parse;
mod rule;
mod words;

pub use check::check;
pub use config::applets_only;
pub use fix::fix;
pub use page::pages;
pub use rule::{RULES, Rule};
