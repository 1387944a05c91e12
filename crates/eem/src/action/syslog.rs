//! `action L syslog [priority P] msg "M" [facility "F"]`: logs `%HA_EM-S-LOG: APPLET: M`. The
//! options come in any order.
//!
//! What `facility` does is not documented; decided: it takes the place of `HA_EM`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::message::SEVERITIES;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Fault, Message, Request, Text};

const DEFAULT_SEVERITY: u8 = 6;

#[derive(Debug)]
struct Syslog {
    /// Printed when it was given, even if it is the default.
    severity: Option<u8>,
    message: Text,
    facility: Option<Text>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let (mut severity, mut message, mut facility) = (None, None, None);
    while !reader.is_at_end() {
        let (option, word) = reader.choose(&["facility", "msg", "priority"], |name| name)?;
        let is_repeated = match *option {
            "facility" => facility.replace(reader.text()?).is_some(),
            "msg" => message.replace(unquoted(reader)?).is_some(),
            _ => severity.replace(priority(reader)?).is_some(),
        };
        if is_repeated {
            return Err(word.problem(Fault::Invalid));
        }
    }
    let message = message.ok_or_else(|| reader.incomplete())?;
    Ok(Arc::new(Syslog { severity, message, facility }))
}

/// A message without quotation marks goes on to the end of the line, unless its second word is an
/// option.
fn unquoted(reader: &mut Reader<'_>) -> Result<Text, Problem> {
    let whole = reader.clone();
    let word = reader.word()?;
    let mut ahead = reader.clone();
    let option = ahead.choose(&["facility", "priority"], |name| name);
    if word.is_quoted || reader.is_at_end() || (option.is_ok() && !ahead.is_at_end()) {
        return Ok(word.text());
    }
    *reader = whole;
    Ok(Text::from_bare(reader.rest()))
}

fn priority(reader: &mut Reader<'_>) -> Result<u8, Problem> {
    let (name, _) = reader.choose(&SEVERITIES, |name| name)?;
    let severity = (0u8..).zip(SEVERITIES).find(|(_, priority)| priority == name);
    Ok(severity.map_or(DEFAULT_SEVERITY, |(severity, _)| severity))
}

impl Action for Syslog {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let text = frame.expand(&self.message)?;
        let severity = self.severity.unwrap_or(DEFAULT_SEVERITY);
        let mut message = Message::log(severity, &frame.applet, &text);
        if let Some(facility) = &self.facility {
            message.facility = Cow::Owned(frame.expand(facility)?);
        }
        Ok(Next::Say(Request::Log(message)))
    }
}

impl fmt::Display for Syslog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("syslog")?;
        if let Some(severity) = self.severity {
            write!(f, " priority {}", SEVERITIES[usize::from(severity)])?;
        }
        write!(f, " msg {}", self.message)?;
        self.facility.iter().try_for_each(|facility| write!(f, " facility {facility}"))
    }
}
