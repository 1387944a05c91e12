//! `[[links]]`: two ends, each on a virtual node of this file.

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};
use indexmap::IndexMap;
use simtime::Duration;

use super::Loader;
use super::node::ReadNode;
use crate::{Carrier, Endpoint, Link, NodeKind};

const CARRIERS: [(&str, Carrier); 2] = [("copper", Carrier::Copper), ("virtual", Carrier::Virtual)];
/// The longest delay of a link, in seconds: the Moon and back.
const DELAY_S_MAX: u64 = 3;

impl Loader<'_> {
    pub(super) fn links(
        &mut self,
        root: &mut Table,
        nodes: &IndexMap<String, ReadNode>,
    ) -> Vec<Link> {
        let links = root.tables("links", self.sink).into_iter();
        links.filter_map(|table| self.link(table, nodes)).collect()
    }

    fn link(&mut self, mut table: Table, nodes: &IndexMap<String, ReadNode>) -> Option<Link> {
        table.require("endpoints", self.sink);
        let place = table.span();
        let ends = table.texts("endpoints", self.sink);
        let carrier = table.choice("carrier", &CARRIERS, self.sink);
        let carrier = carrier.map(|carrier| carrier.value).unwrap_or_default();
        let delay = self.delay(&mut table);
        table.finish(self.sink);
        let ends = ends?;
        let count = ends.len();
        let ends: Vec<Endpoint> = ends.iter().filter_map(|end| self.endpoint(end, nodes)).collect();
        match <[Endpoint; 2]>::try_from(ends) {
            Ok(endpoints) => Some(Link { endpoints, carrier, delay }),
            Err(_) if count == 2 => None,
            Err(_) => {
                let message = format!("a link has two endpoints, this one has {count}");
                let label = "expected `endpoints = [\"NODE:INTERFACE\", \"NODE:INTERFACE\"]`";
                self.error("TOP009", message, place, label);
                None
            }
        }
    }

    fn delay(&mut self, table: &mut Table) -> Duration {
        let Some(delay) = table.parsed::<Duration>("delay", self.sink) else {
            return Duration::ZERO;
        };
        if delay.value > Duration::from_secs(DELAY_S_MAX) {
            let label = format!("expected at most {DELAY_S_MAX}s");
            self.error("TOP009", "the delay of a link is too long".to_owned(), delay.span, &label);
        }
        delay.value
    }

    fn endpoint(
        &mut self,
        end: &Spanned<String>,
        nodes: &IndexMap<String, ReadNode>,
    ) -> Option<Endpoint> {
        let parts = end.value.split_once(':');
        let Some((node, interface)) = parts.filter(|(_, interface)| !interface.is_empty()) else {
            let message = format!("`{}` is no endpoint", end.value);
            self.error("TOP009", message, end.span.clone(), "expected `NODE:INTERFACE`");
            return None;
        };
        match nodes.get(node).map(|read| read.node.kind) {
            Some(NodeKind::Virtual) => Some(Endpoint {
                node: node.to_owned(),
                interface: interface.to_owned(),
                span: end.part(self.source, node.len() + 1..end.value.len()),
            }),
            Some(NodeKind::Real) => {
                let message = format!("`{node}` is real: the lab has no cable to it");
                let span = end.part(self.source, 0..node.len());
                self.error("TOP011", message, span, "a link joins virtual nodes");
                None
            }
            None if !self.all_nodes => None,
            None => {
                let message = format!("unknown node `{node}`");
                let known: Vec<&str> = nodes.keys().map(String::as_str).collect();
                let span = end.part(self.source, 0..node.len());
                self.sink.push(
                    Diagnostic::error("TOP010", message, self.source, span)
                        .label("no such `[nodes.*]` table")
                        .did_you_mean(node, known),
                );
                None
            }
        }
    }
}
