//! What follows `?`: RFC 8040 section 4.8.

use percent_encoding::percent_decode_str;
use yang::{Content as Holds, Element, Kind};

use crate::message::Method;

/// What of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// The default.
    #[default]
    All,
    /// What can be configured.
    Config,
    /// What cannot.
    NonConfig,
}

/// The parameters of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// `content`
    pub content: Content,
    /// `depth`; none is unbounded.
    pub depth: Option<u16>,
    /// `fields`
    fields: Vec<Field>,
    /// Whether leaves at their default are shown (`with-defaults=report-all`).
    pub reports_all: bool,
    /// Whether they are left out (`with-defaults=trim`).
    pub trims: bool,
}

/// One node of `fields`, and those below it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    below: Vec<Field>,
}

/// The deepest nesting of `fields`.
const FIELDS_DEPTH_MAX: usize = 16;

impl Query {
    /// Reads the parameters of a method.
    ///
    /// # Errors
    /// The name of a parameter that is unknown, has a wrong value, comes twice, or does not belong
    /// to the method.
    pub fn read(method: Method, text: &str) -> Result<Query, String> {
        let mut query = Query::default();
        let mut seen: Vec<String> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
            let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
            let reads = matches!(method, Method::Get | Method::Head);
            if seen.contains(&name) || !reads || !query.set(&name, &value) {
                return Err(name);
            }
            seen.push(name);
        }
        Ok(query)
    }

    fn set(&mut self, name: &str, value: &str) -> bool {
        match (name, value) {
            ("content", "all") => self.content = Content::All,
            ("content", "config") => self.content = Content::Config,
            ("content", "nonconfig") => self.content = Content::NonConfig,
            ("depth", "unbounded") => self.depth = None,
            ("depth", value) => match value.parse() {
                Ok(depth) if depth > 0 => self.depth = Some(depth),
                _ => return false,
            },
            ("fields", value) => match fields(value, 0) {
                Some((fields, "")) if !fields.is_empty() => self.fields = fields,
                _ => return false,
            },
            ("with-defaults", "report-all") => self.reports_all = true,
            ("with-defaults", "trim") => self.trims = true,
            ("with-defaults", "explicit") => {}
            _ => return false,
        }
        true
    }

    /// The part of an element that is wanted; nothing if that is none.
    pub(crate) fn of(&self, element: &Element) -> Option<Element> {
        let mut wanted = match self.fields.is_empty() {
            true => element.clone(),
            false => picked(element, &self.fields),
        };
        wanted = match self.content {
            Content::All => wanted,
            Content::Config | Content::NonConfig => self.kept(&wanted)?,
        };
        if self.trims {
            wanted = trimmed(&wanted);
        }
        Some(match self.depth {
            Some(depth) => cut(&wanted, depth),
            None => wanted,
        })
    }

    fn kept(&self, element: &Element) -> Option<Element> {
        let wants_config = self.content == Content::Config;
        match &element.content {
            Holds::Value(_) => (element.node.is_config == wants_config).then(|| element.clone()),
            Holds::Elements(below) => {
                if wants_config && !element.node.is_config {
                    return None;
                }
                let is_key = |below: &Element| element.node.keys().contains(&below.node.name);
                let kept = |below: &Element| match is_key(below) {
                    true => Some(below.clone()),
                    false => self.kept(below),
                };
                let all: Vec<Element> = below.iter().filter_map(kept).collect();
                let is_void = !wants_config && element.node.is_config && all.iter().all(is_key);
                (!is_void).then(|| Element::branch(element.node, all))
            }
        }
    }
}

/// `a;b/c;d(e;f)`, and what follows it.
fn fields(text: &str, depth: usize) -> Option<(Vec<Field>, &str)> {
    if depth > FIELDS_DEPTH_MAX {
        return None;
    }
    let mut all = Vec::new();
    let mut rest = text;
    loop {
        let (field, after) = field(rest, depth)?;
        all.push(field);
        match after.strip_prefix(';') {
            Some(more) => rest = more,
            None => return Some((all, after)),
        }
    }
}

fn field(text: &str, depth: usize) -> Option<(Field, &str)> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let name = text[..end].rsplit(':').next().filter(|name| !name.is_empty())?.to_owned();
    let rest = &text[end..];
    if let Some(inner) = rest.strip_prefix('/') {
        if depth >= FIELDS_DEPTH_MAX {
            return None;
        }
        let (below, rest) = field(inner, depth + 1)?;
        return Some((Field { name, below: vec![below] }, rest));
    }
    if let Some(inner) = rest.strip_prefix('(') {
        let (below, rest) = fields(inner, depth + 1)?;
        return Some((Field { name, below }, rest.strip_prefix(')')?));
    }
    Some((Field { name, below: Vec::new() }, rest))
}

fn picked(element: &Element, fields: &[Field]) -> Element {
    let Holds::Elements(below) = &element.content else { return element.clone() };
    let pick = |below: &Element| {
        let mut named = fields.iter().filter(|field| field.name == below.node.name).peekable();
        named.peek()?;
        let named: Vec<&Field> = named.collect();
        if named.iter().any(|field| field.below.is_empty()) {
            return Some(below.clone());
        }
        let all: Vec<Field> = named.iter().flat_map(|field| field.below.clone()).collect();
        Some(picked(below, &all))
    };
    Element::branch(element.node, below.iter().filter_map(pick).collect())
}

/// What is no deeper than `depth`; 1 is the element alone, with its leaves.
fn cut(element: &Element, depth: u16) -> Element {
    let Holds::Elements(below) = &element.content else { return element.clone() };
    let all = below.iter().filter_map(|below| match (&below.content, depth) {
        (Holds::Value(_), _) => Some(below.clone()),
        (Holds::Elements(_), 0 | 1) => None,
        (Holds::Elements(_), depth) => Some(cut(below, depth - 1)),
    });
    Element::branch(element.node, all.collect())
}

fn trimmed(element: &Element) -> Element {
    let Holds::Elements(below) = &element.content else { return element.clone() };
    let is_default = |below: &&Element| {
        matches!(below.node.kind, Kind::Leaf(_))
            && below.node.default.as_deref() == Some(below.value())
    };
    let all = below.iter().filter(|below| !is_default(below)).map(trimmed);
    Element::branch(element.node, all.collect())
}
