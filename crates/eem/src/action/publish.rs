//! `action L publish-event sub-system S type T [arg1 A] .. [arg4 A]`: raises `event application`.
//! `action L policy NAME`: runs an applet that is registered with `event none`.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::arithmetic::number;
use crate::interpreter::Inside;
use crate::{Answer, Text};

#[derive(Debug)]
struct Publish {
    subsystem: Text,
    kind: Text,
    data: Vec<Text>,
}

#[derive(Debug)]
struct Policy(Text);

const ARGUMENTS: [&str; 4] = ["arg1", "arg2", "arg3", "arg4"];

pub(super) fn parse_publish(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.expect("sub-system")?;
    let subsystem = reader.number_text()?;
    reader.expect("type")?;
    let kind = reader.number_text()?;
    let mut data = Vec::new();
    for name in ARGUMENTS {
        if reader.is_at_end() {
            break;
        }
        reader.expect(name)?;
        data.push(reader.text()?);
    }
    reader.end()?;
    Ok(Arc::new(Publish { subsystem, kind, data }))
}

pub(super) fn parse_policy(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let name = reader.text()?;
    reader.end()?;
    Ok(Arc::new(Policy(name)))
}

impl Action for Publish {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let id = |text: &Text| {
            let text = frame.expand(text)?;
            u32::try_from(number(&text)?).map_err(|_| Failure::BadOperand(text))
        };
        let (subsystem, kind) = (id(&self.subsystem)?, id(&self.kind)?);
        let data = self.data.iter().map(|text| frame.expand(text));
        let data = data.collect::<Result<Vec<_>, _>>()?;
        Ok(Next::Inside(Inside::Publish { subsystem, kind, data }))
    }
}

impl Action for Policy {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        frame.expand(&self.0).map(|name| Next::Inside(Inside::Policy(name)))
    }

    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        match answer {
            Answer::Failed(_) => Err(Failure::NoPolicy(frame.expand(&self.0)?)),
            Answer::Done | Answer::Text(_) | Answer::Cli(_) => Ok(Next::Advance),
        }
    }
}

impl fmt::Display for Publish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (subsystem, kind) = (self.subsystem.bare(), self.kind.bare());
        write!(f, "publish-event sub-system {subsystem} type {kind}")?;
        let named = ARGUMENTS.iter().zip(&self.data);
        named.into_iter().try_for_each(|(name, text)| write!(f, " {name} {text}"))
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "policy {}", self.0.bare())
    }
}
