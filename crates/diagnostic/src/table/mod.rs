//! A reader of TOML tables that reports all mistakes of a file at once.
//!
//! A loader asks for each key that it knows; what it asked for is what [`Table::finish`] holds
//! unknown keys against, so no list of keys is kept twice. Getters give `None` both when a key is
//! absent and when it is wrong (then a diagnostic says so). It never stops at the first mistake,
//! except at those of TOML's own syntax, behind which nothing can be trusted.

mod json;
mod reader;
mod schema;
mod shape;
mod value;
mod words;

pub use json::parse_json;
pub use reader::{Table, parse, parse_recovered};
pub use shape::Shape;
pub use value::Value;

/// The text is no TOML.
pub const SYNTAX: &str = "TOML001";
/// The text is no JSON.
pub const JSON_SYNTAX: &str = "JSON001";
/// A value has the wrong type.
pub const WRONG_TYPE: &str = "TOML002";
/// A required key is absent.
pub const MISSING_KEY: &str = "TOML003";
/// A key that nobody reads.
pub const UNKNOWN_KEY: &str = "TOML004";
/// A value of the right type that means nothing here.
pub const BAD_VALUE: &str = "TOML005";
