//! Data models as tables, and what can be done with their data without knowing what it means: XML
//! (RFC 7950) and JSON (RFC 7951), subtree filters, paths, edits (RFC 6241), and the configuration
//! lines that the data stands for.
//!
//! A [`Schema`] is made of tables, one for each module, in the notation of RFC 8340. Behind the
//! name of a node may stand the line of a router's configuration that it is; from that come both
//! directions, reading a running-config and changing it. Nothing here knows what a router is.

mod data;
mod defaults;
mod edit;
mod error;
mod filter;
mod json;
mod lines;
mod path;
mod print;
mod schema;
mod table;
mod template;
mod types;
mod xml;

pub use data::{Content, Element};
pub use defaults::{add_defaults, trim_defaults};
pub use edit::{Operation, apply};
pub use error::{Error, Kind as ErrorKind, Tag};
pub use filter::{Filter, Tops, select};
pub use json::{read_json, write_json};
pub use lines::{Command, Compute, Line, check, commands, read_lines, write_lines};
pub use path::{Path, Step};
pub use print::module_text;
pub use schema::{Kind, Module, Node, Schema};
pub use table::TableError;
pub use types::{SEVERITIES, Text, Type};
pub use xml::{DEPTH_MAX, escaped, read_xml, read_xml_below, write_xml, write_xml_tagged};
