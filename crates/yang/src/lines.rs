//! Between data and the lines of a configuration, by the templates of the tables.

mod check;
mod commands;
mod reading;
mod writing;

pub use check::check;
pub use commands::{Command, commands};
pub use reading::{Compute, read_lines};
pub use writing::write_lines;

pub(crate) use reading::Level;

use crate::schema::Node;
use crate::template::{Sign, Slot, Template};
use crate::types::Type;

/// A line of a configuration, and the lines of its block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Without its indentation.
    pub text: String,
    /// The block.
    pub below: Vec<Line>,
    /// Which element of data it stands for, as a path; none of a line that was only read.
    pub of: Option<String>,
}

impl Node {
    /// Whether a line stands for it, or for something below it.
    pub fn has_line(&self) -> bool {
        self.line.is_some() || self.children.iter().any(Node::has_line)
    }

    /// Whether it is a boolean that has a line in both cases: `negotiation auto`.
    pub fn always_has_line(&self) -> bool {
        self.line.as_ref().is_some_and(|template| template.sign() == Some(Sign::Both))
    }

    /// The line that it is, as a person would describe it.
    pub fn twin(&self) -> Option<String> {
        self.line.as_ref()?.shown(&self.name)
    }

    /// Whether its line opens a block.
    fn opens_block(&self) -> bool {
        self.line.as_ref().is_some_and(Template::is_block)
    }

    /// Whether it is a leaf that no line has, and the router computes.
    pub(crate) fn is_computed(&self) -> bool {
        matches!(self.line, Some(Template::Computed(_))) && self.leaf_type().is_some()
    }

    fn is_boolean(&self) -> bool {
        self.leaf_type() == Some(&Type::Boolean)
    }
}

impl Slot {
    fn is_same(&self, other: &Slot) -> bool {
        (self.up, &self.path) == (other.up, &other.path)
    }

    /// The type of the leaf that it means, seen from its node.
    fn leaf<'a>(&self, node: &'a Node) -> Option<&'a Type> {
        self.target(node)?.leaf_type()
    }

    /// The node that it means, seen from where it starts.
    fn target<'a>(&self, start: &'a Node) -> Option<&'a Node> {
        let below =
            |here: &'a Node, name: &String| here.children.iter().find(|child| child.name == *name);
        self.path.iter().try_fold(start, below)
    }
}
