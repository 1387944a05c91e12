//! `action L context {save|retrieve} key K variable "PATTERN"`: keeps variables of a run for a
//! later one. The pattern is a glob over their names.
//!
//! Decided, after the Tcl commands of the same purpose: the variables that were retrieved are gone,
//! those that the pattern left out stay, and a second `save` under a key replaces the first.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::glob;
use crate::Text;
use crate::frame::Kept;

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
        // Written with `$x` as often as with `x`: its name is meant, not its value.
        let name = self.variable.source().strip_prefix('$').filter(|name| is_name(name));
        let pattern = match name {
            Some(name) => name.to_owned(),
            None => frame.expand(&self.variable)?,
        };
        if self.saves {
            let kept = frame.named(|name| glob::matches(&pattern, name));
            if kept.is_empty() {
                return Err(Failure::NoContext(key));
            }
            frame.shared.keep(key, kept);
            return Ok(Next::Advance);
        }
        let kept = frame.shared.contexts.shift_remove(&key).unwrap_or_default();
        let (taken, left): (Kept, Kept) =
            kept.into_iter().partition(|(name, _)| glob::matches(&pattern, name));
        if !left.is_empty() {
            frame.shared.keep(key.clone(), left);
        }
        if taken.is_empty() {
            return Err(Failure::NoContext(key));
        }
        taken.into_iter().for_each(|(name, value)| frame.set(&name, value));
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        match self.saves {
            true => Vec::new(),
            false => vec![self.variable.source().trim_start_matches('$')],
        }
    }

    fn reads(&self) -> Vec<&str> {
        match self.saves {
            true => vec![self.variable.source().trim_start_matches('$')],
            false => Vec::new(),
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.saves { "save" } else { "retrieve" };
        write!(f, "context {verb} key {} variable {}", self.key.bare(), self.variable)
    }
}
