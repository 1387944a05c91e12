//! `action L handle-error type {exit|ignore|warn}`: what becomes of the run when an action fails
//! from here on. Ignored, `$_error` holds a code.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use crate::interpreter::OnError;

#[derive(Debug)]
struct HandleError(OnError);

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.expect("type")?;
    let kind = match *reader.choose(&["exit", "ignore", "warn"], |word| word)?.0 {
        "exit" => OnError::Exit,
        "ignore" => OnError::Ignore,
        _ => OnError::Warn,
    };
    reader.end()?;
    Ok(Arc::new(HandleError(kind)))
}

impl Action for HandleError {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        *frame.on_error = self.0;
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        vec!["_error"]
    }
}

impl fmt::Display for HandleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.0 {
            OnError::Exit => "exit",
            OnError::Ignore => "ignore",
            OnError::Warn => "warn",
        };
        write!(f, "handle-error type {kind}")
    }
}
