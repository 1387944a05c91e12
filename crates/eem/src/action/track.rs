//! `action L track read N`: sets `$_track_state`. `action L track set N state {up|down}`: sets a
//! stub object.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::arithmetic::number;
use crate::{Answer, Request, Text};

#[derive(Debug)]
struct Track {
    number: Text,
    /// To set it; `None` only reads.
    state: Option<bool>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let sets = *reader.choose(&["read", "set"], |word| word)?.0 == "set";
    let number = reader.number_text()?;
    let state = if sets {
        reader.expect("state")?;
        Some(*reader.choose(&["down", "up"], |word| word)?.0 == "up")
    } else {
        None
    };
    reader.end()?;
    Ok(Arc::new(Track { number, state }))
}

impl Track {
    fn object(&self, frame: &Frame<'_>) -> Result<u32, Failure> {
        let text = frame.expand(&self.number)?;
        u32::try_from(number(&text)?).map_err(|_| Failure::BadOperand(text))
    }
}

fn word(up: bool) -> &'static str {
    if up { "up" } else { "down" }
}

impl Action for Track {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let number = self.object(frame)?;
        if let Some(up) = self.state {
            return Ok(Next::Ask(Request::TrackSet { number, up }));
        }
        let up = frame.router.track(number).ok_or(Failure::NoTrack(number))?;
        frame.set("_track_state", word(up).to_owned());
        Ok(Next::Advance)
    }

    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        match answer {
            Answer::Failed(_) => Err(Failure::NoTrack(self.object(frame)?)),
            Answer::Done | Answer::Text(_) | Answer::Cli(_) => {
                let state = self.state.map_or("", word);
                frame.set("_track_state", state.to_owned());
                Ok(Next::Advance)
            }
        }
    }

    fn sets(&self) -> Vec<&str> {
        vec!["_track_state"]
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number.bare();
        match self.state {
            None => write!(f, "track read {number}"),
            Some(up) => write!(f, "track set {number} state {}", word(up)),
        }
    }
}
