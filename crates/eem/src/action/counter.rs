//! `action L counter name N op {set|inc|dec|nop} [value V]`, options in any order: a counter of the
//! router, which `event counter` watches. Sets `$_counter_value_remain`.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::arithmetic::number;
use crate::interpreter::Inside;
use crate::{Fault, Text};

const OPS: [&str; 4] = ["dec", "inc", "nop", "set"];

#[derive(Debug)]
struct Counter {
    name: Text,
    op: &'static str,
    value: Option<Text>,
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let (mut name, mut op, mut value) = (None, None, None);
    while !reader.is_at_end() {
        let (option, word) = reader.choose(&["name", "op", "value"], |name| name)?;
        let is_repeated = match *option {
            "name" => name.replace(reader.text()?).is_some(),
            "op" => op.replace(*reader.choose(&OPS, |op| op)?.0).is_some(),
            _ => value.replace(reader.number_text()?).is_some(),
        };
        if is_repeated {
            return Err(word.problem(Fault::Invalid));
        }
    }
    let (Some(name), Some(op)) = (name, op) else { return Err(reader.incomplete()) };
    if op != "nop" && value.is_none() {
        return Err(reader.incomplete());
    }
    Ok(Arc::new(Counter { name, op, value }))
}

impl Action for Counter {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let name = frame.expand(&self.name)?;
        let value = self.value.as_ref().map(|value| frame.expand(value)).transpose()?;
        let value = value.map_or(Ok(0), |value| number(&value))?;
        let before = frame.shared.counters.get(&name).copied().unwrap_or(0);
        let after = match self.op {
            "set" => value,
            "inc" => before.saturating_add(value),
            "dec" => before.saturating_sub(value),
            _ => before,
        };
        let after = after.clamp(i32::MIN.into(), i32::MAX.into());
        frame.set("_counter_value_remain", after.to_string());
        if self.op == "nop" {
            return Ok(Next::Advance);
        }
        if !frame.set_counter(&name, after) {
            return Err(Failure::BadOperand(name));
        }
        Ok(Next::Inside(Inside::Counter { name, value: after }))
    }

    fn sets(&self) -> Vec<&str> {
        vec!["_counter_value_remain"]
    }
}

impl fmt::Display for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "counter name {} op {}", self.name, self.op)?;
        self.value.iter().try_for_each(|value| write!(f, " value {}", value.bare()))
    }
}
