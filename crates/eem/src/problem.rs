//! What is wrong with a line of an applet, and where: for the router's caret and for `eem check`.

use std::fmt;
use std::ops::Range;

use crate::{BlockFault, PatternError};

/// One fault, with the bytes of the line that it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which line of the text that was read, from 0; 0 for a single line.
    pub line: usize,
    /// Bytes of that line. Its start is where IOS puts the caret.
    pub span: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A word that does not fit here.
    Invalid,
    /// The line ends too early.
    Incomplete,
    /// An abbreviation that fits two keywords.
    Ambiguous,
    /// A quotation mark that is never closed.
    UnterminatedQuote,
    /// A regular expression that the dialect does not have, or that has no translation.
    Pattern(PatternError),
    /// Statements that pair to no block, in the order of their labels.
    Block(BlockFault),
    /// `correlate` or `attribute` names a tag that no event has.
    UnknownTag(String),
    /// A variable whose name is nothing but `_`: none is ever set under it.
    NeverSet(String),
    /// An applet without an event: it is kept, but never registered.
    NoEvent,
}

impl Problem {
    pub(crate) fn new(span: Range<usize>, fault: Fault) -> Self {
        Problem { line: 0, span, fault }
    }

    /// The same problem in a longer line, in which this one begins at `offset`.
    pub(crate) fn moved(mut self, offset: usize) -> Self {
        self.span = self.span.start + offset..self.span.end + offset;
        self
    }

    pub(crate) fn on_line(mut self, line: usize) -> Self {
        self.line = line;
        self
    }
}

impl Fault {
    /// Its code, as `docs/diagnostics.md` lists it.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Invalid => "EEM001",
            Fault::Incomplete => "EEM002",
            Fault::Ambiguous => "EEM003",
            Fault::UnterminatedQuote => "EEM004",
            Fault::Pattern(_) => "EEM005",
            Fault::Block(_) => "EEM006",
            Fault::NoEvent => "EEM007",
            Fault::UnknownTag(_) => "EEM009",
            Fault::NeverSet(_) => "EEM010",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Invalid => f.write_str("this word does not fit here"),
            Fault::Incomplete => f.write_str("the line ends too early"),
            Fault::Ambiguous => f.write_str("this abbreviation fits more than one keyword"),
            Fault::UnterminatedQuote => f.write_str("this quotation mark is never closed"),
            Fault::Pattern(error) => error.fmt(f),
            Fault::Block(fault) => fault.fmt(f),
            Fault::UnknownTag(tag) => write!(f, "no event of the applet has the tag {tag}"),
            Fault::NeverSet(name) => {
                write!(f, "${name} is never set: the result of arithmetic is $_result")
            }
            Fault::NoEvent => f.write_str("the applet has no event and is never registered"),
        }
    }
}
