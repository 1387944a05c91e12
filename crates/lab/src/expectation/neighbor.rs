//! `neighbor = { node, device, known }`: a router hears of a neighbour, or forgets it.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};

use super::{Expectation, Kind, Weight, is_on, node};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "neighbor",
    argument: "{ node, device, known }",
    short: None,
    help: "CDP or LLDP of the node hears of a neighbour of this hostname, or with \
           `known = false` forgets it, its hold time being over",
    example: r#"neighbor = { node = "R1", device = "R2", known = false }"#,
    read,
};

#[derive(Debug)]
struct Neighbor {
    node: String,
    device: String,
    known: bool,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let node = node(table, "node", lab, sink);
    table.require("device", sink);
    let device = table.text("device", sink);
    let known = table.flag("known", sink).is_none_or(|known| known.value);
    Some(Arc::new(Neighbor { node: node?, device: device?.value, known }))
}

impl Expectation for Neighbor {
    fn describe(&self) -> String {
        let verb = if self.known { "hears of" } else { "forgets" };
        format!("{} {verb} its neighbour {}", self.node, self.device)
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        let Happened::Neighbor { device, interface, up, protocol } = &fact.kind else {
            return Weight::Other;
        };
        if !is_on(fact, &self.node) {
            return Weight::Other;
        }
        if *device == self.device && *up == self.known {
            return Weight::Match;
        }
        let verb = if *up { "heard of" } else { "forgot" };
        let text = format!("{} {verb} {device} on {interface} ({protocol})", self.node);
        Weight::Near { distance: u32::from(*device != self.device), text }
    }
}
