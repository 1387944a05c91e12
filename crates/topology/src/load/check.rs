//! What must hold between nodes: no two at one address, no two under one name.

use std::collections::BTreeMap;

use diagnostic::Diagnostic;
use indexmap::IndexMap;

use super::Loader;
use super::node::ReadNode;

impl Loader<'_> {
    pub(super) fn check_addresses(&mut self, nodes: &IndexMap<String, ReadNode>) {
        let mut taken: BTreeMap<(String, u16), &str> = BTreeMap::new();
        for (name, read) in nodes {
            for address in read.addresses.iter().filter(|address| address.value.port != 0) {
                let ip = address.value.ip().map(|ip| ip.to_string());
                let host = ip.unwrap_or_else(|| address.value.host.to_lowercase());
                let Some(owner) = taken.insert((host, address.value.port), name) else {
                    continue;
                };
                let message = format!("`{}` is taken by node `{owner}`", address.value);
                let label = "each server needs an address of its own";
                self.error("TOP004", message, address.span.clone(), label);
            }
        }
    }

    /// Names differ in more than case: people and payloads do not keep case.
    pub(super) fn check_aliases(&mut self, nodes: &IndexMap<String, ReadNode>) {
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for (name, read) in nodes {
            if let Some(owner) = owners.insert(name.to_lowercase(), name) {
                let message = format!("`{name}` and `{owner}` differ only in case");
                let span = read.node.span.clone();
                self.error("TOP005", message, span, "a node needs a name of its own");
            }
        }
        for (name, read) in nodes {
            for alias in &read.aliases {
                let owner = owners.insert(alias.value.to_lowercase(), name);
                let Some(owner) = owner.filter(|owner| owner != name) else { continue };
                let message = format!("alias `{}` already means node `{owner}`", alias.value);
                self.sink.push(
                    Diagnostic::error("TOP005", message, self.source, alias.span.clone())
                        .label("a payload could not tell the two apart"),
                );
            }
        }
    }
}
