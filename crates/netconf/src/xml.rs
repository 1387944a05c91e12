//! XML that somebody else wrote, read with bounds: no DTD, no entities of its own, no abyss.

use std::fmt;
use std::ops::Range;

use roxmltree::NodeType;
pub use roxmltree::{Document, Node};

/// How deep elements may stand in each other.
pub const DEPTH_MAX: usize = 128;
/// How many nodes one document may have.
const NODES_MAX: u32 = 4_000_000;

/// Why a text is no XML that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// In one phrase.
    pub message: String,
    /// The byte of the text, when it is known.
    pub at: Option<usize>,
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for XmlError {}

/// Reads a document.
///
/// # Errors
/// It is not well-formed, has a DTD, or is deeper than [`DEPTH_MAX`].
pub fn parse(text: &str) -> Result<Document<'_>, XmlError> {
    if let Some(at) = too_deep(text) {
        let message = format!("elements stand more than {DEPTH_MAX} deep");
        return Err(XmlError { message, at: Some(at) });
    }
    let options = roxmltree::ParsingOptions { nodes_limit: NODES_MAX, ..Default::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let pos = error.pos();
        let line = text.split_inclusive('\n').take(pos.row.saturating_sub(1) as usize);
        let start: usize = line.map(str::len).sum();
        let column = pos.col.saturating_sub(1) as usize;
        let within = text[start..].char_indices().nth(column).map(|(at, _)| at);
        let message = error.to_string();
        // The place is shown otherwise: ` at 1:5`.
        let message = message.split(" at ").next().unwrap_or(&message).to_owned();
        XmlError { message, at: Some(start + within.unwrap_or_default()) }
    })
}

/// Where elements stand too deep, found without recursion and without a parser: what is counted is
/// at least the depth of what a parser would see.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[open..];
        let skipped = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
            .into_iter()
            .find(|(begin, _)| rest.starts_with(begin));
        if let Some((_, end)) = skipped {
            at = open + rest.find(end).map_or(rest.len(), |found| found + end.len());
            continue;
        }
        let close = tag_end(bytes, open);
        match (bytes.get(open + 1), bytes.get(close.wrapping_sub(1))) {
            (Some(b'/'), _) => depth = depth.saturating_sub(1),
            (_, Some(b'/')) => {}
            _ => depth += 1,
        }
        if depth > DEPTH_MAX {
            return Some(open);
        }
        at = (close + 1).min(text.len());
    }
    None
}

/// The `>` of a tag, those in its quotes aside; the end of the text if there is none.
fn tag_end(bytes: &[u8], open: usize) -> usize {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            (None | Some(_), _) => {}
        }
    }
    bytes.len()
}

/// The bytes in which a value may stand: texts, and the values of attributes that are no namespace.
pub fn value_ranges(document: &Document<'_>) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for node in document.descendants() {
        if node.is_element() {
            ranges.extend(node.attributes().map(|attribute| attribute.range_value()));
        } else if node.node_type() == NodeType::Text {
            ranges.push(node.range());
        }
    }
    ranges
}
