//! `while A OP B`, `foreach VAR "LIST" ["DELIMITERS"]`, `break`, `continue`. Where each leads is
//! `program.rs`.

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::condition::{Comparison, comparison};
use crate::Text;
use crate::interpreter::Arrival;

#[derive(Debug)]
struct While(Comparison);

#[derive(Debug)]
struct Foreach {
    name: String,
    list: Text,
    delimiters: Option<Text>,
}

/// `break` or `continue`: a jump that was worked out when the applet was registered.
#[derive(Debug)]
struct Jump(&'static str);

pub(super) fn parse_while(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let comparison = comparison(reader)?;
    reader.end()?;
    Ok(Arc::new(While(comparison)))
}

pub(super) fn parse_foreach(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let (name, list) = (reader.variable()?, reader.text()?);
    let delimiters = reader.next()?.map(|word| word.text());
    reader.end()?;
    Ok(Arc::new(Foreach { name, list, delimiters }))
}

pub(super) fn parse_break(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.end().map(|()| Arc::new(Jump("break")) as Arc<dyn Action>)
}

pub(super) fn parse_continue(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    reader.end().map(|()| Arc::new(Jump("continue")) as Arc<dyn Action>)
}

impl Action for While {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        self.0.holds(frame).map(Next::Branch)
    }
}

impl Action for Foreach {
    /// The list is expanded and split when the loop is entered, not at each turn.
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        if frame.arrival != Arrival::Looped {
            let list = frame.expand(&self.list)?;
            let delimiters = self.delimiters.as_ref().map(|text| frame.expand(text)).transpose()?;
            *frame.items() = split(&list, delimiters.as_deref()).into();
        }
        match frame.items().pop_front() {
            Some(item) => {
                frame.set(&self.name, item);
                Ok(Next::Branch(true))
            }
            None => Ok(Next::Branch(false)),
        }
    }

    fn sets(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

/// As Tcl's `split`: at each character of `delimiters`, empty items kept. Without them at white
/// space, of which any amount is one.
fn split(list: &str, delimiters: Option<&str>) -> Vec<String> {
    match delimiters {
        None | Some("") => list.split_whitespace().map(str::to_owned).collect(),
        Some(_) if list.is_empty() => Vec::new(),
        Some(set) => list.split(|c| set.contains(c)).map(str::to_owned).collect(),
    }
}

impl Action for Jump {
    fn step(&self, _: &mut Frame<'_>) -> Result<Next, Failure> {
        Ok(Next::Branch(false))
    }
}

impl fmt::Display for While {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "while {}", self.0)
    }
}

impl fmt::Display for Foreach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "foreach {} {}", self.name, self.list)?;
        self.delimiters.iter().try_for_each(|set| write!(f, " {set}"))
    }
}

impl fmt::Display for Jump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: lists split as published applets rely on. Method: a table.
    #[test]
    fn lists_split() {
        let table: [(&str, Option<&str>, &[&str]); 6] = [
            (" a  b\r\nc ", None, &["a", "b", "c"]),
            ("a\r\nb\r\nR1#", Some("\n"), &["a\r", "b\r", "R1#"]),
            ("a\r\nb", Some("\r\n"), &["a", "", "b"]),
            ("a,b;c", Some(",;"), &["a", "b", "c"]),
            ("", Some(","), &[]),
            ("a", Some(","), &["a"]),
        ];
        for (list, delimiters, want) in table {
            assert_eq!(split(list, delimiters), want, "{list:?} {delimiters:?}");
        }
    }
}
