//! `action L {add|subtract|multiply|divide} A B`: sets `$_result`, and `$_remainder` of a division.
//! `action L {increment|decrement} VAR [N]`: changes a variable that holds a whole number.
//!
//! Numbers have 32 bits, as the counters of EEM do; what does not fit in them is an invalid operand
//! (decided).

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use crate::Text;

#[derive(Debug)]
struct Operation {
    verb: &'static str,
    left: Text,
    right: Text,
    apply: Apply,
}

/// The result and, of a division, the remainder.
type Apply = fn(i64, i64) -> Option<(i64, Option<i64>)>;

#[derive(Debug)]
struct Step {
    verb: &'static str,
    sign: i64,
    name: String,
    by: Option<Text>,
}

pub(super) fn parse_add(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    operation("add", |a, b| Some((a + b, None)), reader)
}

pub(super) fn parse_subtract(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    operation("subtract", |a, b| Some((a - b, None)), reader)
}

pub(super) fn parse_multiply(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    operation("multiply", |a, b| Some((a * b, None)), reader)
}

pub(super) fn parse_divide(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    operation("divide", |a, b| Some((a.checked_div(b)?, a.checked_rem(b))), reader)
}

pub(super) fn parse_increment(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    step("increment", 1, reader)
}

pub(super) fn parse_decrement(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    step("decrement", -1, reader)
}

fn operation(
    verb: &'static str,
    apply: Apply,
    reader: &mut Reader<'_>,
) -> Result<Arc<dyn Action>, Problem> {
    let (left, right) = (reader.number_text()?, reader.number_text()?);
    reader.end()?;
    Ok(Arc::new(Operation { verb, left, right, apply }))
}

fn step(
    verb: &'static str,
    sign: i64,
    reader: &mut Reader<'_>,
) -> Result<Arc<dyn Action>, Problem> {
    let name = reader.variable()?;
    let by = if reader.is_at_end() { None } else { Some(reader.number_text()?) };
    reader.end()?;
    Ok(Arc::new(Step { verb, sign, name, by }))
}

/// A number that a variable or a text holds.
pub(super) fn number(text: &str) -> Result<i64, Failure> {
    let number = text.trim().parse::<i32>();
    number.map(i64::from).map_err(|_| Failure::BadOperand(text.to_owned()))
}

fn fits(number: i64) -> Result<String, Failure> {
    number_32(number).map(|number| number.to_string())
}

fn number_32(number: i64) -> Result<i32, Failure> {
    i32::try_from(number).map_err(|_| Failure::BadOperand(number.to_string()))
}

impl Action for Operation {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let left = number(&frame.expand(&self.left)?)?;
        let right = number(&frame.expand(&self.right)?)?;
        let (result, remainder) = (self.apply)(left, right).ok_or(Failure::DivideByZero)?;
        frame.set("_result", fits(result)?);
        if let Some(remainder) = remainder {
            frame.set("_remainder", remainder.to_string());
        }
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        match self.verb {
            "divide" => vec!["_result", "_remainder"],
            _ => vec!["_result"],
        }
    }
}

impl Action for Step {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let by = self.by.as_ref().map(|by| frame.expand(by)).transpose()?;
        let by = by.map_or(Ok(1), |by| number(&by))?;
        let before = number(&frame.value_of(&self.name)?)?;
        frame.set(&self.name, fits(before + self.sign * by)?);
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        vec![&self.name]
    }

    fn reads(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.verb, self.left.bare(), self.right.bare())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.name)?;
        self.by.iter().try_for_each(|by| write!(f, " {}", by.bare()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is a number and what is not. Method: a table.
    #[test]
    fn numbers_have_32_bits() {
        let table = [
            ("7", Some(7)),
            ("-100", Some(-100)),
            (" 12\r\n", Some(12)),
            ("2147483647", Some(2_147_483_647)),
            ("2147483648", None),
            ("1.5", None),
            ("", None),
        ];
        for (text, want) in table {
            assert_eq!(number(text).ok(), want, "{text:?}");
        }
    }
}
