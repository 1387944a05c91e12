//! `action L puts [nonewline] "S"`: prints on the terminal that waits for the run; a run that
//! nobody waits for logs the text instead.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Message, Request, Text};

/// `puts` logs at `informational`.
const PUTS_SEVERITY: u8 = 6;

#[derive(Debug)]
struct Puts {
    text: Text,
    has_newline: bool,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let mut ahead = reader.clone();
    let has_option = ahead.accept("nonewline") && !ahead.is_at_end();
    if has_option {
        *reader = ahead;
    }
    let text = reader.text()?;
    reader.end()?;
    Ok(Arc::new(Puts { text, has_newline: !has_option }))
}

impl Action for Puts {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let mut text = frame.expand(&self.text)?;
        if !frame.has_terminal {
            return Ok(Next::Say(Request::Log(Message::log(PUTS_SEVERITY, &frame.applet, &text))));
        }
        if self.has_newline {
            text.push('\n');
        }
        Ok(Next::Say(Request::Puts { text }))
    }
}

impl fmt::Display for Puts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "puts {}{}", if self.has_newline { "" } else { "nonewline " }, self.text)
    }
}
