//! `if A OP B`, `elseif A OP B`, `else`, `end`. Which belongs to which is `program.rs`.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Label, Text};

/// `if` or `elseif`.
#[derive(Debug)]
struct Condition {
    keyword: &'static str,
    comparison: Comparison,
    /// `if A OP B goto LABEL`: no block, a jump.
    goto: Option<Label>,
}

/// `A OP B`: one comparison, as `while` has it too.
#[derive(Debug)]
pub(super) struct Comparison {
    left: Operand,
    operator: &'static Operator,
    right: Operand,
}

/// `else` or `end`: only its place in the order matters.
#[derive(Debug)]
struct Marker(&'static str);

/// One side of a comparison, printed as it was typed.
#[derive(Debug)]
struct Operand {
    text: Text,
    is_quoted: bool,
}

#[derive(Debug)]
struct Operator {
    name: &'static str,
    holds: fn(Ordering) -> bool,
}

const OPERATORS: &[Operator] = &[
    Operator { name: "eq", holds: Ordering::is_eq },
    Operator { name: "ge", holds: Ordering::is_ge },
    Operator { name: "gt", holds: Ordering::is_gt },
    Operator { name: "le", holds: Ordering::is_le },
    Operator { name: "lt", holds: Ordering::is_lt },
    Operator { name: "ne", holds: Ordering::is_ne },
];

pub(super) fn parse_if(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    parse_condition("if", reader)
}

pub(super) fn parse_elseif(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    parse_condition("elseif", reader)
}

pub(super) fn parse_else(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.end().map(|()| Arc::new(Marker("else")) as Arc<dyn Action>)
}

pub(super) fn parse_end(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.end().map(|()| Arc::new(Marker("end")) as Arc<dyn Action>)
}

fn parse_condition(
    keyword: &'static str,
    reader: &mut Reader<'_>,
) -> Result<Arc<dyn Action>, Problem> {
    let comparison = comparison(reader)?;
    let mut goto = None;
    if keyword == "if" && !reader.is_at_end() {
        reader.expect("goto")?;
        goto = Some(Label::of(&reader.word()?)?);
    }
    reader.end()?;
    Ok(Arc::new(Condition { keyword, comparison, goto }))
}

pub(super) fn comparison(reader: &mut Reader<'_>) -> Result<Comparison, Problem> {
    let left = operand(reader)?;
    let (operator, _) = reader.choose(OPERATORS, |operator| operator.name)?;
    let right = operand(reader)?;
    Ok(Comparison { left, operator, right })
}

fn operand(reader: &mut Reader<'_>) -> Result<Operand, Problem> {
    let word = reader.word()?;
    Ok(Operand { text: word.text(), is_quoted: word.is_quoted || word.raw.contains('"') })
}

/// Two whole numbers compare as numbers, anything else as text (eem.md, section 3.5).
fn compare(left: &str, right: &str) -> Ordering {
    match (left.trim().parse::<i64>(), right.trim().parse::<i64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(right),
    }
}

impl Comparison {
    pub(super) fn holds(&self, frame: &Frame<'_>) -> Result<bool, Failure> {
        let left = frame.expand(&self.left.text)?;
        let right = frame.expand(&self.right.text)?;
        Ok((self.operator.holds)(compare(&left, &right)))
    }
}

impl Action for Condition {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let holds = self.comparison.holds(frame)?;
        // Of a jump, what `otherwise` leads to is the label.
        Ok(Next::Branch(holds != self.goto.is_some()))
    }

    fn goto(&self) -> Option<&Label> {
        self.goto.as_ref()
    }
}

impl Action for Marker {
    fn step(&self, _: &mut Frame<'_>) -> Result<Next, Failure> {
        Ok(Next::Advance)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.keyword, self.comparison)?;
        self.goto.iter().try_for_each(|label| write!(f, " goto {label}"))
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.left, self.operator.name, self.right)
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_quoted { self.text.fmt(f) } else { f.write_str(self.text.source()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: numbers compare as numbers, the rest as text. Method: a table.
    #[test]
    fn operands_compare() {
        for (left, right, want) in [
            ("9", "10", Ordering::Less),
            ("-1", "-100", Ordering::Greater),
            ("16.3.10", "16.3.9", Ordering::Less),
            ("up", "up", Ordering::Equal),
            ("", "a", Ordering::Less),
        ] {
            assert_eq!(compare(left, right), want, "{left} {right}");
        }
    }
}
