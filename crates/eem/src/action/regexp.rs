//! `action L regexp "RE" "STRING" [MATCH [SUB1 [SUB2 [SUB3]]]]`: sets `$_regexp_result`, and the
//! named variables when the pattern matches. They keep their values when it does not.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::Text;
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

/// One name for the whole match, three for groups.
const NAMES_MAX: usize = 4;

#[derive(Debug)]
struct Regexp {
    pattern: Text,
    subject: Text,
    names: Vec<String>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let word = reader.word()?;
    let pattern = word.text();
    word.check_pattern()?;
    let subject = reader.text()?;
    let mut names = Vec::new();
    while names.len() < NAMES_MAX && !reader.is_at_end() {
        names.push(reader.variable()?);
    }
    reader.end()?;
    Ok(Arc::new(Regexp { pattern, subject, names }))
}

impl Action for Regexp {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let subject = frame.expand(&self.subject)?;
        let captures = frame.pattern(&self.pattern)?.captures(&subject);
        frame.set("_regexp_result", if captures.is_some() { "1" } else { "0" }.to_owned());
        // A name without a group becomes empty, as Tcl's `regexp` has it.
        let values =
            captures.map(|found| found.into_iter().chain(std::iter::repeat_with(String::new)));
        for (name, value) in self.names.iter().zip(values.into_iter().flatten()) {
            frame.set(name, value);
        }
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).chain(["_regexp_result"]).collect()
    }
}

impl fmt::Display for Regexp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "regexp {} {}", self.pattern, self.subject)?;
        self.names.iter().try_for_each(|name| write!(f, " {name}"))
    }
}
