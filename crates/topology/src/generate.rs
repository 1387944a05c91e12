//! Labs of any size, made and not written: a topology and the startup-configs that it names.
//!
//! Called by `ednm gen topology`, which writes them, and by whoever is given a generated lab by
//! name (`generated:ring:1000:7`) in place of a file. The same plan gives the same bytes.

mod config;
mod shape;
mod text;

use std::str::FromStr;

pub use shape::{NODES_MAX, Shape};
pub use text::{Generated, Plan, generate};

/// How the name of a generated lab begins.
pub const PREFIX: &str = "generated:";

/// `generated:SHAPE:NODES:SEED`
impl FromStr for Plan {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let parts = name.strip_prefix(PREFIX).unwrap_or_default().split(':').collect::<Vec<_>>();
        let &[shape, nodes, seed] = parts.as_slice() else {
            return Err(format!("expected `{PREFIX}SHAPE:NODES:SEED`"));
        };
        let number = |what: &str, text: &str| format!("`{text}` is no number of {what}");
        Ok(Plan {
            shape: shape.parse()?,
            nodes: nodes.parse().map_err(|_| number("nodes", nodes))?,
            seed: seed.parse().map_err(|_| number("a seed", seed))?,
            ports: None,
        })
    }
}
