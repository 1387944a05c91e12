//! `action L gets VAR`: reads a line from the terminal that waits for the run. A run that nobody
//! waits for has none, and fails.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use crate::{Answer, Request};

#[derive(Debug)]
struct Gets(String);

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let name = reader.variable()?;
    reader.end()?;
    Ok(Arc::new(Gets(name)))
}

impl Action for Gets {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        if frame.has_terminal { Ok(Next::Ask(Request::Gets)) } else { Err(Failure::NoTerminal) }
    }

    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        match answer {
            Answer::Text(line) => {
                frame.set(&self.0, line.unwrap_or_default());
                Ok(Next::Advance)
            }
            Answer::Failed(_) => Err(Failure::NoTerminal),
            Answer::Done | Answer::Cli(_) => Ok(Next::Listen),
        }
    }

    fn sets(&self) -> Vec<&str> {
        vec![&self.0]
    }
}

impl fmt::Display for Gets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gets {}", self.0)
    }
}
