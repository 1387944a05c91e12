//! Tables: a module in the notation of RFC 8340, one node a line, two blanks deeper than the one
//! that it stands under.
//!
//! ```text
//! module ietf-interfaces if 2014-05-08 urn:ietf:params:xml:ns:yang:ietf-interfaces
//! rw interfaces
//!   rw interface* [name]            | interface {name} >
//!     rw name string
//!     rw description? string        | description {...}
//!     rw enabled? boolean = true    | !shutdown
//! ro interfaces-state
//!   ro interface* [name]
//!     ro name string
//! ```
//!
//! `grouping NAME` at the margin begins lines that `uses NAME` stands for, wherever that is, in the
//! same table; `uses NAME WORDS` puts the words where a `$` stands in them.
//!
//! `rw` is configuration, `ro` state; `?` may be left out, `*` may be there several times, `!` says
//! something by being there; `<CHOICE>` or `<CHOICE:CASE>` is one case of a choice; `= VALUE`
//! stands for absence; what follows `|` is a [`Template`](crate::template). A name with a prefix is
//! of that module; one without is of the module of the node above it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use crate::schema::{Kind, Module, Node, Schema};
use crate::template::Template;
use crate::types::Type;

/// A line of a table that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Schema {
    /// Reads the tables of all modules. A module stands behind those that it adds to.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(tables: &[&str]) -> Result<Schema, TableError> {
        let mut schema = Schema::default();
        for table in tables {
            schema.add(table)?;
        }
        Ok(schema)
    }

    fn add(&mut self, table: &str) -> Result<(), TableError> {
        // The nodes that are not finished yet, each with its depth.
        let mut open: Vec<(usize, Node)> = Vec::new();
        let mut module = 0;
        for (at, line) in expanded(table)? {
            let wrong = |message: String| TableError { line: at, message };
            let bare = line.trim();
            if bare.is_empty() || bare.starts_with('#') {
                continue;
            }
            if let Some(head) = bare.strip_prefix("module ").or(bare.strip_prefix("import ")) {
                let is_import = bare.starts_with("import ");
                let words: Vec<&str> = head.split_whitespace().collect();
                let ([name, prefix, revision, namespace], features) = match words[..] {
                    [a, b, c, d] => ([a, b, c, d], ""),
                    [a, b, c, d, features] => ([a, b, c, d], features),
                    _ => {
                        let form = "a module is: NAME PREFIX REVISION NAMESPACE [FEATURE,...]";
                        return Err(wrong(form.to_owned()));
                    }
                };
                let features = features.split(',').filter(|name| !name.is_empty());
                module = self.modules.len();
                self.modules.push(Module {
                    name: name.to_owned(),
                    namespace: namespace.to_owned(),
                    prefix: prefix.to_owned(),
                    revision: revision.to_owned(),
                    is_import,
                    features: features.map(str::to_owned).collect(),
                });
                continue;
            }
            let depth = (line.len() - line.trim_start().len()) / 2;
            self.close(&mut open, depth);
            let above = open.last().map(|(_, node)| node.module);
            let node = self.node(bare, above.unwrap_or(module)).map_err(wrong)?;
            if depth != open.len() {
                return Err(wrong("it stands too deep".to_owned()));
            }
            open.push((depth, node));
        }
        self.close(&mut open, 0);
        Ok(())
    }

    /// Finishes the nodes that are as deep, or deeper.
    fn close(&mut self, open: &mut Vec<(usize, Node)>, depth: usize) {
        while let Some((_, node)) = open.pop_if(|(at, _)| *at >= depth) {
            let (beside, above) = match open.last_mut() {
                Some((_, above)) => (&mut above.children, Some(&mut above.fills)),
                None => (&mut self.top, None),
            };
            let is_plain = node.kind == Kind::Container && node.fills;
            if let Some(above) = above {
                *above |= is_plain || node.line.as_ref().is_some_and(Template::is_silent);
            }
            let rank = beside.len();
            beside.push(Node { rank, ..node });
        }
    }

    fn node(&self, line: &str, module: usize) -> Result<Node, String> {
        let (front, template) = match line.split_once(" | ") {
            Some((front, template)) => (front.trim_end(), Some(template.trim())),
            None => (line, None),
        };
        let (front, default) = match front.split_once(" = ") {
            Some((front, default)) => (front.trim_end(), Some(default.trim().to_owned())),
            None => (front, None),
        };
        let mut words = front.split_whitespace();
        let is_config = match words.next() {
            Some("rw") => true,
            Some("ro") => false,
            _ => return Err("a node begins with rw or ro".to_owned()),
        };
        let name = words.next().ok_or("a node has a name")?;
        let (name, mark) = match name.strip_suffix(['?', '*', '!']) {
            Some(bare) => (bare, name.chars().last()),
            None => (name, None),
        };
        let (module, name) = match name.split_once(':') {
            Some((prefix, name)) => {
                let known = self.modules.iter().position(|module| module.prefix == prefix);
                (known.ok_or_else(|| format!("no module has the prefix {prefix}"))?, name)
            }
            None => (module, name),
        };
        let mut rest: Vec<&str> = words.collect();
        let case = rest.pop_if(|word| word.starts_with('<') && word.ends_with('>'));
        let case = case.map(|word| {
            let (choice, case) =
                word[1..word.len() - 1].split_once(':').unwrap_or((&word[1..word.len() - 1], name));
            (choice.to_owned(), case.to_owned())
        });
        let rest = rest.join(" ");
        let kind = match (mark, rest.as_str()) {
            (Some('*'), keys) if keys.starts_with('[') => {
                let inner = keys.strip_prefix('[').and_then(|keys| keys.strip_suffix(']'));
                let keys = inner.ok_or("keys stand in brackets")?;
                Kind::List(keys.split_whitespace().map(str::to_owned).collect())
            }
            (Some('!'), "") => Kind::Presence,
            (None, "") => Kind::Container,
            (mark, name) => {
                let kind = Type::named(name).ok_or_else(|| format!("unknown type {name}"))?;
                if mark == Some('*') { Kind::LeafList(kind) } else { Kind::Leaf(kind) }
            }
        };
        let line = template.map(Template::read).transpose()?;
        if let (Some(value), Kind::Leaf(kind)) = (&default, &kind)
            && kind.canonical(value).as_ref() != Some(value)
        {
            return Err(format!("the default {value} is no value"));
        }
        let is_mandatory = mark.is_none() && matches!(kind, Kind::Leaf(_));
        Ok(Node {
            name: name.to_owned(),
            module,
            kind,
            is_config,
            is_mandatory,
            case,
            default,
            line,
            rank: 0,
            fills: false,
            level: OnceLock::new(),
            children: Vec::new(),
        })
    }
}

/// The lines of a table with their numbers, groupings put where they are used.
fn expanded(table: &str) -> Result<Vec<(usize, String)>, TableError> {
    let mut groupings: BTreeMap<&str, Vec<(usize, String)>> = BTreeMap::new();
    let mut lines = Vec::new();
    let mut inside = None;
    for (line, at) in table.lines().zip(1..) {
        if let Some(name) = line.strip_prefix("grouping ") {
            inside = Some(name.trim());
            continue;
        }
        if !line.starts_with(' ') && !line.trim().is_empty() {
            inside = None;
        }
        let indent = line.len() - line.trim_start().len();
        let new = match line.trim().strip_prefix("uses ") {
            None => vec![(at, line.to_owned())],
            Some(head) => {
                let head = head.trim();
                let (name, words) = head.split_once(' ').unwrap_or((head, ""));
                let unknown = || TableError { line: at, message: format!("no grouping {name}") };
                let known = groupings.get(name).ok_or_else(unknown)?;
                // Two blanks less: they stand below the word `grouping`.
                let moved = |(at, line): &(usize, String)| {
                    let inner = line.strip_prefix("  ").unwrap_or(line).replace('$', words.trim());
                    (*at, format!("{:indent$}{inner}", ""))
                };
                known.iter().map(moved).collect()
            }
        };
        match inside {
            Some(name) => groupings.entry(name).or_default().extend(new),
            None => lines.extend(new),
        }
    }
    Ok(lines)
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for TableError {}
