//! Actions that only ask the router for something: `reload`, `force-switchover`, `cns-event msg`,
//! `export-to-telemetry`, `snmp-object-value`, `help`.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use crate::{Request, Text};

/// An action that hands a text to the router. `form` is what stands in front of it.
#[derive(Debug)]
struct Hand {
    form: String,
    text: Option<Text>,
    request: fn(String) -> Option<Request>,
}

/// The types of `snmp-object-value`.
const TYPES: [&str; 9] =
    ["counter", "counter64", "gauge", "int", "ipv4", "octet", "oid", "string", "uint"];

pub(super) fn parse_reload(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.end()?;
    hand("reload", None, |_| Some(Request::Reload))
}

pub(super) fn parse_switchover(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.end()?;
    hand("force-switchover", None, |_| Some(Request::ForceSwitchover))
}

pub(super) fn parse_cns(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.expect("msg")?;
    let text = reader.text()?;
    reader.end()?;
    hand("cns-event msg", Some(text), |text| Some(Request::CnsEvent(text)))
}

pub(super) fn parse_telemetry(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let text = reader.text()?;
    reader.end()?;
    hand("export-to-telemetry", Some(text), |text| Some(Request::Telemetry(text)))
}

/// `snmp-object-value TYPE V [next-oid O]`
pub(super) fn parse_object(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let kind = *reader.choose(&TYPES, |word| word)?.0;
    let value = reader.text()?;
    let next = if reader.accept("next-oid") {
        let oid = reader.word()?;
        let quote = if oid.is_quoted { "\"" } else { "" };
        format!(" next-oid {quote}{}{quote}", oid.raw)
    } else {
        String::new()
    };
    reader.end()?;
    hand(&format!("snmp-object-value {kind}{next}"), Some(value), |value| {
        Some(Request::SnmpObjectValue(value))
    })
}

/// `help` reads or sets the parser's help buffer, which is not modelled: the line is kept.
pub(super) fn parse_help(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let rest = reader.rest();
    hand(format!("help {rest}").trim_end(), None, |_| None)
}

fn hand(
    form: &str,
    text: Option<Text>,
    request: fn(String) -> Option<Request>,
) -> Result<Arc<dyn Action>, Problem> {
    Ok(Arc::new(Hand { form: form.to_owned(), text, request }))
}

impl Action for Hand {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let text = self.text.as_ref().map(|text| frame.expand(text)).transpose()?;
        let request = (self.request)(text.unwrap_or_default());
        Ok(request.map_or(Next::Advance, Next::Say))
    }
}

impl fmt::Display for Hand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value stands in front of `next-oid`.
        match (self.form.split_once(" next-oid"), &self.text) {
            (Some((front, next)), Some(text)) => write!(f, "{front} {text} next-oid{next}"),
            (_, Some(text)) => write!(f, "{} {text}", self.form),
            (_, None) => f.write_str(&self.form),
        }
    }
}
