//! `action L append VAR [VALUE]`: adds to the end of a variable, which is made if it is not there.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use crate::Text;

#[derive(Debug)]
struct Append {
    name: String,
    value: Option<Text>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let name = reader.variable()?;
    let value = reader.next()?.map(|word| word.text());
    reader.end()?;
    Ok(Arc::new(Append { name, value }))
}

impl Action for Append {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let more = self.value.as_ref().map(|value| frame.expand(value)).transpose()?;
        let before = frame.get(&self.name).unwrap_or_default().to_owned();
        frame.set(&self.name, before + &more.unwrap_or_default());
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl fmt::Display for Append {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "append {}", self.name)?;
        self.value.iter().try_for_each(|value| write!(f, " {value}"))
    }
}
