//! `action L wait S`: 1 to 31536000 seconds, which count against `maxrun`. A variable may stand
//! for the number.

use std::fmt;
use std::sync::Arc;

use simtime::Duration;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Fault, Text};

const WAIT_MAX_SECS: u64 = 31_536_000;

#[derive(Debug)]
struct Wait {
    seconds: Text,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let word = reader.word()?;
    let seconds = word.text();
    if seconds.literal().is_some_and(|literal| in_range(&literal).is_none()) {
        return Err(word.problem(Fault::Invalid));
    }
    reader.end()?;
    Ok(Arc::new(Wait { seconds }))
}

fn in_range(text: &str) -> Option<Duration> {
    let seconds = text.parse().ok().filter(|seconds| (1..=WAIT_MAX_SECS).contains(seconds));
    seconds.map(Duration::from_secs)
}

impl Action for Wait {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let text = frame.expand(&self.seconds)?;
        in_range(&text).map(Next::Sleep).ok_or(Failure::BadOperand(text))
    }

    fn seconds(&self) -> Option<u64> {
        self.seconds.literal().and_then(|text| text.parse().ok())
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wait {}", self.seconds.source())
    }
}
