//! `action L comment free text`: does nothing. The text is the rest of the line, quotes and all.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

#[derive(Debug)]
struct Comment {
    text: String,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    Ok(Arc::new(Comment { text: reader.rest().to_owned() }))
}

impl Action for Comment {
    fn step(&self, _: &mut Frame<'_>) -> Result<Next, Failure> {
        Ok(Next::Advance)
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "comment {}", self.text)
    }
}
