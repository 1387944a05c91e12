//! XML of a rule with values in it: well-formed, in namespaces, and values only where text stands.
//!
//! Asked when a rule is loaded, with words of the same length in place of the values, and again
//! about what was filled in: the elements must be those that the rule wrote.

use std::ops::Range;

use netconf::{BASE, xml};

use super::Mistake;

/// How large the XML of one action may be, in bytes.
pub(crate) const MARKUP_BYTES_MAX: usize = 64 * 1024;

/// What the XML is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// `filter` or `config`: any number of elements, each of a module.
    Data,
    /// `rpc`: one element, of the base protocol unless it says otherwise.
    Rpc,
    /// Nothing: the body of a request.
    Body,
}

impl Inside {
    fn head(self) -> String {
        match self {
            Inside::Data => format!("<all xmlns:nc=\"{BASE}\">"),
            Inside::Rpc => format!("<all xmlns=\"{BASE}\" xmlns:nc=\"{BASE}\">"),
            Inside::Body => String::new(),
        }
    }

    fn whole(self, text: &str) -> String {
        let end = if self == Inside::Body { "" } else { "</all>" };
        format!("{}{text}{end}", self.head())
    }
}

/// What is wrong with XML whose values stand at these places.
pub(super) fn check(text: &str, values: &[Range<usize>], inside: Inside) -> Result<(), Mistake> {
    if text.len() > MARKUP_BYTES_MAX {
        let message = format!("the XML is larger than {MARKUP_BYTES_MAX} bytes");
        return Err(Mistake { message, range: None, help: None });
    }
    let head = inside.head().len();
    let whole = inside.whole(text);
    let document = xml::parse(&whole).map_err(|error| {
        let at = error.at.map(|at| at.saturating_sub(head).min(text.len().saturating_sub(1)));
        let message = format!("this is no well-formed XML: {}", error.message);
        Mistake { message, range: at.map(|at| at..at + 1), help: None }
    })?;
    let place = |range: Range<usize>| {
        range.start.saturating_sub(head)..range.end.saturating_sub(head).min(text.len())
    };
    let root = document.root_element();
    if inside != Inside::Body {
        for child in root.children() {
            top_level(child, inside).map_err(|(message, help)| {
                let start = place(child.range()).start;
                let name = child.tag_name().name().len();
                let range = Some(start..(start + name + 1).min(text.len()));
                Mistake { message, range, help: Some(help) }
            })?;
        }
    }
    for element in document.descendants().filter(|node| node.is_element()) {
        let bare = element
            .attributes()
            .find(|attribute| attribute.name() == "operation" && attribute.namespace().is_none());
        if let Some(attribute) = bare.filter(|_| inside == Inside::Data) {
            return Err(Mistake {
                message: "`operation` without its namespace does nothing".to_owned(),
                range: Some(place(attribute.range())),
                help: Some("write `nc:operation`".to_owned()),
            });
        }
    }
    let texts: Vec<Range<usize>> = xml::value_ranges(&document).into_iter().map(place).collect();
    let holds = |value: &Range<usize>| {
        texts.iter().any(|text| text.start <= value.start && value.end <= text.end)
    };
    match values.iter().find(|value| !holds(value)) {
        None => Ok(()),
        Some(value) => Err(Mistake {
            message: "a value stands in a text or an attribute, never in a name".to_owned(),
            range: Some(value.clone()),
            help: None,
        }),
    }
}

/// What may stand directly in `filter`, `config` and `rpc`.
fn top_level(node: xml::Node<'_, '_>, inside: Inside) -> Result<(), (String, String)> {
    if node.is_text() && !node.text().unwrap_or_default().trim().is_empty() {
        return Err(("text stands outside of all elements".into(), "put it into one".into()));
    }
    if !node.is_element() {
        return Ok(());
    }
    let name = node.tag_name().name();
    let namespace = node.tag_name().namespace().unwrap_or_default();
    match (inside, name) {
        (Inside::Rpc, "rpc") => {
            Err(("`rpc` is put around it".into(), "write the operation alone".into()))
        }
        (Inside::Rpc, "close-session") => {
            Err(("the listener closes its sessions itself".into(), "leave it out".into()))
        }
        (Inside::Data, "config" | "filter" | "data") if [BASE, ""].contains(&namespace) => {
            Err((format!("`{name}` is put around it"), "write what stands in it".into()))
        }
        (Inside::Data, name) if namespace.is_empty() => Err((
            format!("`{name}` says no namespace, and matches nothing"),
            format!("say whose it is: `<{name} xmlns=\"...\">`"),
        )),
        (Inside::Data | Inside::Rpc | Inside::Body, _) => Ok(()),
    }
}

/// Whether a text is one element, whole.
pub(super) fn is_element(text: &str) -> bool {
    text.len() <= MARKUP_BYTES_MAX && xml::parse(text).is_ok()
}

/// The one operation of an `rpc`: its namespace and its name.
pub(crate) fn operation(text: &str) -> Option<(String, String)> {
    let whole = Inside::Rpc.whole(text);
    let document = xml::parse(&whole).ok()?;
    let mut all = document.root_element().children().filter(|child| child.is_element());
    let name = all.next()?.tag_name();
    let only = all.next().is_none();
    only.then(|| (name.namespace().unwrap_or_default().to_owned(), name.name().to_owned()))
}

/// Whether two texts have the same elements, in the same places.
pub(super) fn same_elements(one: &str, other: &str, inside: Inside) -> bool {
    let (one, other) = (inside.whole(one), inside.whole(other));
    let (Ok(one), Ok(other)) = (xml::parse(&one), xml::parse(&other)) else { return false };
    let shape = |document: &xml::Document<'_>| {
        let nodes = document.descendants().filter(|node| node.is_element());
        let shape = nodes.map(|node| {
            let name = node.tag_name();
            let attributes = node.attributes().map(|a| a.name().to_owned()).collect::<Vec<_>>();
            (node.ancestors().count(), name.name().to_owned(), attributes)
        });
        shape.collect::<Vec<_>>()
    };
    shape(&one) == shape(&other)
}
