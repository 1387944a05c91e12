//! `action L context {save|retrieve} key K variable "PATTERN"`: keeps variables of a run for a later
//! one. The pattern is a glob over their names.
//!
//! Decided, after the Tcl commands of the same purpose: what was retrieved is gone, and a second
//! `save` under a key replaces the first.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::glob;
use crate::Text;

#[derive(Debug)]
struct Context {
    saves: bool,
    key: Text,
    variable: Text,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let saves = *reader.choose(&["retrieve", "save"], |word| word)?.0 == "save";
    reader.expect("key")?;
    let key = reader.text()?;
    reader.expect("variable")?;
    let variable = reader.text()?;
    reader.end()?;
    Ok(Arc::new(Context { saves, key, variable }))
}

impl Action for Context {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let key = frame.expand(&self.key)?;
        let pattern = frame.expand(&self.variable)?;
        // A context is written with `$x` as often as with `x`.
        let pattern = pattern.trim_start_matches('$');
        if self.saves {
            let kept = frame.named(|name| glob::matches(pattern, name));
            if kept.is_empty() {
                return Err(Failure::NoContext(key));
            }
            frame.shared.keep(key, kept);
            return Ok(Next::Advance);
        }
        let Some(kept) = frame.shared.contexts.shift_remove(&key) else {
            return Err(Failure::NoContext(key));
        };
        for (name, value) in kept {
            if glob::matches(pattern, &name) {
                frame.set(&name, value);
            }
        }
        Ok(Next::Advance)
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.saves { "save" } else { "retrieve" };
        write!(f, "context {verb} key {} variable {}", self.key.bare(), self.variable)
    }
}
