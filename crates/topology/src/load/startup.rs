//! Startup-configs and templates: reading their files, and `<name>` in their text.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source};
use indexmap::IndexMap;

use super::Loader;
use super::node::ReadNode;
use crate::{Node, Scheme, Show, Topology};

/// The variable that holds where the listener is.
const WEBHOOK_SERVER: &str = "webhook-server";

impl Topology {
    /// The startup-config of a node with every `<name>` replaced from the variables of now. Lines
    /// stay where they are: no variable holds a newline.
    pub fn startup_text(&self, node: &Node) -> Option<String> {
        let startup = node.startup.as_ref()?;
        let mut text = String::with_capacity(startup.text.len());
        let mut end = 0;
        for (place, name) in references(&startup.text) {
            if let Some(value) = self.vars.get(name) {
                let before = &startup.text[end..place.start];
                let is_plain = name == WEBHOOK_SERVER && self.webhook_scheme == Scheme::Https;
                // The files need not say what the listener of a run speaks.
                match before.strip_suffix("http://").filter(|_| is_plain) {
                    Some(before) => text.extend([before, "https://"]),
                    None => text.push_str(before),
                }
                text.push_str(value);
                end = place.end;
            }
        }
        text.push_str(&startup.text[end..]);
        Some(text)
    }
}

impl Loader<'_> {
    pub(super) fn startup(&mut self, table: &mut Table) -> Option<Arc<Source>> {
        let path = table.text("startup-config", self.sink)?;
        match self.files.read(&path.value) {
            Ok(text) => Some(Source::new(beside(&self.source.name, &path.value), text)),
            Err(error) => {
                let message = format!("cannot read startup-config `{}`", path.value);
                self.error("TOP012", message, path.span, &error);
                None
            }
        }
    }

    /// `[nodes.R1.shows]`: commands, each with the file of its template.
    pub(super) fn shows(&mut self, table: &mut Table) -> IndexMap<String, Show> {
        let mut shows = IndexMap::new();
        let Some(entries) = table.table("shows", self.sink) else { return shows };
        for (command, path) in entries.into_texts(self.sink) {
            match self.files.read(&path.value) {
                Ok(text) => {
                    let template = Source::new(beside(&self.source.name, &path.value), text);
                    shows.insert(command.value.clone(), Show { command, template });
                }
                Err(error) => {
                    let message = format!("cannot read template `{}`", path.value);
                    self.error("TOP012", message, path.span, &error);
                }
            }
        }
        shows
    }

    pub(super) fn check_startups(
        &mut self,
        nodes: &IndexMap<String, ReadNode>,
        vars: &IndexMap<String, String>,
    ) {
        if !self.all_vars {
            return;
        }
        // Several nodes may share a file; its mistakes are told once.
        let startups = nodes.values().filter_map(|read| read.node.startup.as_ref());
        let startups: IndexMap<&str, _> =
            startups.map(|startup| (startup.name.as_str(), startup)).collect();
        for startup in startups.into_values() {
            for (place, name) in references(&startup.text) {
                if !vars.contains_key(name) {
                    let message = format!("unknown variable `{name}`");
                    self.sink.push(
                        Diagnostic::error("TOP016", message, startup, place)
                            .label(format!("not in `[vars]` of {}", self.source.name))
                            .did_you_mean(name, vars.keys().map(String::as_str)),
                    );
                }
            }
        }
    }
}

/// A variable's name: lower-case letters, digits and hyphens, a letter first. Other text between
/// angle brackets is not ours.
pub(super) fn is_var_name(name: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(is_letter)
}

/// Every `<name>` in a text, with its place; comments (`!`) are not looked at.
fn references(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    text.match_indices('<').filter_map(move |(start, _)| {
        let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &text[start + 1..];
        let name = &rest[..rest.find('>')?];
        let is_ours = is_var_name(name) && !text[line..start].trim_start().starts_with('!');
        is_ours.then(|| (start..start + name.len() + 2, name))
    })
}

/// The name of a file as the user would type it: beside the file that refers to it.
fn beside(source: &str, path: &str) -> String {
    match source.rsplit_once('/') {
        Some((directory, _)) if !path.starts_with('/') => format!("{directory}/{path}"),
        Some(_) | None => path.to_owned(),
    }
}
