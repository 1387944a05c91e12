//! `state = "R1 GigabitEthernet1 oper-status up"`: what an interface of a router is.
//!
//! The long form is `{ node, interface, oper-status }`; the words are those of RFC 8343 and of IOS.
//! `oper-status` and `line-protocol` are one thing here: whether the line protocol is up.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Spanned};
use fact::{Fact, Kind as Happened};

use super::{Expectation, Kind, Tally, Weight, is_on, node};
use crate::Lab;
use crate::floor::Shown;
use crate::step::Reading;

pub(super) const KIND: Kind = Kind {
    word: "state",
    argument: "\"NODE INTERFACE oper-status|admin-status|line-protocol up|down\"",
    help: "the interface is so: in `[[expect]]` at some moment of the time, in `[[always]]` at \
           each; the long form is `{ node, interface, oper-status }`",
    example: r#"state = "R1 GigabitEthernet1 oper-status down""#,
    read,
};

/// What can be asked of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    OperStatus,
    AdminStatus,
    LineProtocol,
}

const LEAVES: [(&str, Leaf); 3] = [
    ("oper-status", Leaf::OperStatus),
    ("admin-status", Leaf::AdminStatus),
    ("line-protocol", Leaf::LineProtocol),
];
const WORDS: [(&str, bool); 2] = [("up", true), ("down", false)];

#[derive(Clone, Debug)]
struct State {
    node: String,
    interface: String,
    leaf: Leaf,
    up: bool,
    shown: Shown,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let source = Arc::clone(table.source());
    let span = table.span();
    let node = node(table, "node", lab, sink);
    table.require("interface", sink);
    let interface: Option<Spanned<String>> = table.text("interface", sink);
    let leaves = LEAVES
        .map(|(word, leaf)| table.choice(word, &WORDS, sink).map(|choice| (leaf, choice.value)));
    let asked: Vec<(Leaf, bool)> = leaves.into_iter().flatten().collect();
    let &[(leaf, up)] = asked.as_slice() else {
        let message = "a state is one of `oper-status`, `admin-status` and `line-protocol`";
        sink.push(
            Diagnostic::error("SIM003", message, &source, span)
                .label("`state = \"R1 GigabitEthernet1 oper-status up\"`"),
        );
        return None;
    };
    let (node, interface) = (node?, interface?);
    let id = lab.node(&node);
    let interface = Reading { lab, node: id }.interface(&interface, &source, sink)?;
    let views = id.map(|id| lab.details(id).interfaces).unwrap_or_default();
    let view = views.iter().find(|view| view.name == interface)?;
    let shown = Shown::of(view.status, view.protocol);
    Some(Arc::new(State { node, interface, leaf, up, shown }))
}

impl State {
    fn is_up(&self) -> bool {
        match self.leaf {
            Leaf::OperStatus | Leaf::LineProtocol => self.shown.protocol_up,
            Leaf::AdminStatus => self.shown.admin_up,
        }
    }

    fn sentence(&self, up: bool) -> String {
        let leaf = LEAVES.iter().find(|(_, leaf)| *leaf == self.leaf).map_or("", |(word, _)| word);
        let word = if up { "up" } else { "down" };
        format!("{} {} {leaf} {word}", self.node, self.interface)
    }
}

impl Expectation for State {
    fn describe(&self) -> String {
        self.sentence(self.up)
    }

    fn weigh(&self, _fact: &Fact) -> Weight {
        Weight::Other
    }

    fn tally(&self) -> Option<Box<dyn Tally>> {
        Some(Box::new(self.clone()))
    }
}

impl Tally for State {
    fn observe(&mut self, fact: &Fact) -> bool {
        let Happened::Interface { name, status, protocol } = &fact.kind else { return false };
        if !is_on(fact, &self.node) || *name != self.interface {
            return false;
        }
        self.shown = Shown::of(status, protocol);
        true
    }

    fn holds(&self) -> bool {
        self.is_up() == self.up
    }

    fn text(&self) -> String {
        format!("it was: {}", self.sentence(self.is_up()))
    }

    fn is_state(&self) -> bool {
        true
    }
}
