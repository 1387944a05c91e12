//! `state = "R1 GigabitEthernet1 oper-status up"`: what an interface of a router is.
//!
//! The long form is `{ node, interface, oper-status }`; the words are those of RFC 8343 and of IOS.
//! `oper-status` and `line-protocol` are one thing here: whether the line protocol is up.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use fact::{Fact, Kind as Happened};

use super::{Expectation, Kind, Tally, Weight, is_on, known_node};
use crate::Lab;
use crate::floor::Shown;
use crate::step::Reading;

pub(super) const KIND: Kind = Kind {
    word: "state",
    argument: "\"NODE INTERFACE oper-status|admin-status|line-protocol up|down\"",
    short: Some("line"),
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
    let asked = match table.text("line", sink) {
        Some(line) => Asked::in_words(&line, &source, sink),
        None => Asked::by_key(table, sink),
    };
    let Asked { node, interface, leaf, up } = asked?;
    let node = known_node(node, &source, lab, sink);
    let id = lab.node(&node);
    let interface = Reading { lab, node: id }.interface(&interface, &source, sink)?;
    let views = id.map(|id| lab.details(id).interfaces).unwrap_or_default();
    let view = views.iter().find(|view| view.name == interface)?;
    let shown = Shown::of(view.status, view.protocol);
    Some(Arc::new(State { node, interface, leaf, up, shown }))
}

/// What is asked for, before anybody looks whether there is such a thing.
struct Asked {
    node: Spanned<String>,
    interface: Spanned<String>,
    leaf: Leaf,
    up: bool,
}

impl Asked {
    fn by_key(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Asked> {
        let (source, span) = (Arc::clone(table.source()), table.span());
        ["node", "interface"].into_iter().for_each(|key| table.require(key, sink));
        let (node, interface) = (table.text("node", sink), table.text("interface", sink));
        let leaves = LEAVES.map(|(word, leaf)| Some((leaf, table.choice(word, &WORDS, sink)?)));
        let asked: Vec<_> = leaves.into_iter().flatten().collect();
        let [(leaf, up)] = asked.as_slice() else {
            sink.push(no_state(&source, span));
            return None;
        };
        Some(Asked { node: node?, interface: interface?, leaf: *leaf, up: up.value })
    }

    /// `R1 GigabitEthernet1 oper-status up`
    fn in_words(
        line: &Spanned<String>,
        source: &Arc<Source>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Asked> {
        let text = line.value.as_str();
        let words: Vec<&str> = text.split_whitespace().collect();
        let place = |word: &str| {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            line.part(source, start..start + word.len())
        };
        let one = |word: &str| Spanned::new(word.to_owned(), place(word));
        if let [node, interface, leaf, up] = words.as_slice() {
            let found = LEAVES.iter().find(|(known, _)| known == leaf);
            let value = WORDS.iter().find(|(known, _)| known == up);
            if let (Some((_, leaf)), Some((_, up))) = (found, value) {
                let (node, interface) = (one(node), one(interface));
                return Some(Asked { node, interface, leaf: *leaf, up: *up });
            }
            let wrong = if found.is_none() { leaf } else { up };
            let known = LEAVES.map(|(word, _)| word).into_iter().chain(WORDS.map(|(w, _)| w));
            sink.push(no_state(source, place(wrong)).did_you_mean(wrong, known));
        } else {
            sink.push(no_state(source, line.span.clone()));
        }
        None
    }
}

fn no_state(source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    let message = "a state is one of `oper-status`, `admin-status` and `line-protocol`";
    Diagnostic::error("SIM003", message, source, span)
        .label("`state = \"R1 GigabitEthernet1 oper-status up\"`")
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
