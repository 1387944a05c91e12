//! Diagnostics with code, span and help, and the reader of TOML files that makes most of them.
//!
//! Used by every loader (topology, scenario, listener.toml) and rendered by the programs. It never
//! reads a file: a program passes the text in as a [`Source`], and prints what [`render()`] gives.

pub mod logfmt;
mod model;
mod nearest;
mod render;
mod source;
pub mod table;
pub mod text;

pub use model::{Diagnostic, Severity, Spanned, has_errors, mask};
pub use nearest::nearest;
pub use render::{render, render_json, summary};
pub use source::Source;
