//! `event track N [state {up|down|any}]`: a tracked object changes to that state.

use std::fmt;
use std::sync::Arc;

use simtime::Time;

use super::option::{Options, Spec, Value, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::Stimulus;
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;

pub(super) const SPECS: &[Spec] = &[opt("state", "State", Value::Choice(&["any", "down", "up"]))];
/// The largest number of an object.
const NUMBER_MAX: u64 = 32_767;

#[derive(Debug)]
struct Track {
    number: u32,
    options: Options,
}

#[derive(Debug)]
struct Watching {
    number: u32,
    /// `None`: any state.
    up: Option<bool>,
}

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    let number = u32::try_from(reader.number(1, NUMBER_MAX)?).unwrap_or_default();
    Ok(Arc::new(Track { number, options: Options::read(reader, SPECS, limits)? }))
}

impl Detector for Track {
    fn arm(&self, _: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
        let up = match self.options.word("state") {
            Some("up") => Some(true),
            Some("down") => Some(false),
            Some(_) | None => None,
        };
        Ok(Box::new(Watching { number: self.number, up }))
    }

    fn summary(&self, _: &str) -> String {
        format!("track {} state {}", self.number, self.options.word("state").unwrap_or("any"))
    }

    fn track(&self) -> Option<u32> {
        Some(self.number)
    }
}

impl Armed for Watching {
    fn offer(&mut self, _: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let Stimulus::Track { number, up } = *stimulus else { return None };
        if number != self.number || self.up.is_some_and(|wanted| wanted != up) {
            return None;
        }
        let state = if up { "up" } else { "down" };
        let named = [("_track_number", number.to_string()), ("_track_state", state.to_owned())];
        Some(named.map(|(name, value)| (name.to_owned(), value)).into())
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}{}", self.number, self.options)
    }
}
