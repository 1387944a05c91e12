//! `action L cli command "C" [pattern "RE"]`: types a line, and waits for the router's prompt, or
//! for the pattern.
//!
//! A command that asks something and has no `pattern` waits until `maxrun` ends the run, as on IOS.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Answer, CliOutput, Request, Text};

#[derive(Debug)]
struct Cli {
    command: Text,
    pattern: Option<Text>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.expect("command")?;
    let command = reader.text()?;
    let mut pattern = None;
    if !reader.is_at_end() {
        reader.expect("pattern")?;
        let word = reader.word()?;
        pattern = Some(word.text());
        word.check_pattern()?;
    }
    reader.end()?;
    Ok(Arc::new(Cli { command, pattern }))
}

impl Action for Cli {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let line = frame.expand(&self.command)?;
        frame.heard.clear();
        Ok(Next::Ask(Request::Cli { applet: frame.applet.clone(), line }))
    }

    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        let (text, is_prompt) = match answer {
            Answer::Cli(CliOutput::Prompt(text)) => (text, true),
            Answer::Cli(CliOutput::Open(text)) => (text, false),
            Answer::Cli(CliOutput::NoLine) => return Err(Failure::NoLine),
            Answer::Text(_) | Answer::Done | Answer::Failed(_) => return Ok(Next::Listen),
        };
        frame.hear(&text);
        let is_enough = match &self.pattern {
            None => is_prompt,
            Some(pattern) => frame.pattern(pattern)?.is_match(frame.heard),
        };
        if !is_enough {
            return Ok(Next::Listen);
        }
        let heard = std::mem::take(frame.heard);
        frame.set("_cli_result", heard);
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        vec!["_cli_result"]
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cli command {}", self.command)?;
        self.pattern.iter().try_for_each(|pattern| write!(f, " pattern {pattern}"))
    }
}
