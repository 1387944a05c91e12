//! `action L exit [N]`: ends the run. `N` is its exit result, which nothing here reads.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::Text;
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

#[derive(Debug)]
struct Exit {
    result: Option<Text>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let result = reader.next()?.map(|word| word.text());
    reader.end()?;
    Ok(Arc::new(Exit { result }))
}

impl Action for Exit {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        self.result.as_ref().map(|result| frame.expand(result)).transpose()?;
        Ok(Next::Exit)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("exit")?;
        self.result.iter().try_for_each(|result| write!(f, " {}", result.source()))
    }
}
