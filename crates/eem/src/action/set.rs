//! `action L set VAR VALUE`: sets a variable of this run. A `$` in front of the name is ignored:
//! published applets have it (eem.md, section 3.2).

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::Text;
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

#[derive(Debug)]
struct Set {
    name: String,
    value: Text,
}

pub(crate) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let name = reader.variable()?;
    let value = reader.text()?;
    reader.end()?;
    Ok(Arc::new(Set { name, value }))
}

impl Action for Set {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let value = frame.expand(&self.value)?;
        frame.set(&self.name, value);
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "set {} {}", self.name, self.value)
    }
}
