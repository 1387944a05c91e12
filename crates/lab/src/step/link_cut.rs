//! `link-cut = "R1:GigabitEthernet1"`: somebody cuts a cable; both ends see their wire go dead.
//!
//! A link is named by one of its ends, or by both: `R1:Gi1 <-> R2:Gi1`.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};

use super::{Act, Reading, Stage, Target, Verb};
use crate::link::{LinkError, LinkId};
use crate::scenario::unknown_node;
use crate::{Lab, NodeId};

pub(super) const VERB: Verb = Verb {
    word: "link-cut",
    argument: "NODE:INTERFACE",
    help: "cuts the cable that is plugged in there: both ends lose their carrier",
    target: Target::Link,
    example: r#"link-cut = "R1:GigabitEthernet1""#,
    read: |table, reading, sink| Some(Arc::new(Cable::read("link-cut", table, reading, sink)?)),
};

/// A cable that is cut, or mended.
#[derive(Clone, Debug)]
pub(crate) struct Cable {
    link: LinkId,
    node: NodeId,
    name: String,
    cut: bool,
}

impl Cable {
    pub(super) fn read(
        word: &'static str,
        table: &mut Table,
        reading: &Reading<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Cable> {
        let source = Arc::clone(table.source());
        let text = table.text(word, sink)?;
        let link = link(&text, reading.lab, &source, sink)?;
        Some(Cable::new(link, word == VERB.word, reading.lab))
    }

    pub(super) fn new(link: LinkId, cut: bool, lab: &Lab) -> Cable {
        let node = lab.links.get(link).ends[0].node;
        Cable { link, node, name: lab.link_name(link), cut }
    }
}

impl Act for Cable {
    fn words(&self) -> String {
        self.name.clone()
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        stage.lab.set_cut(stage.now, self.link, self.cut, stage.trace);
    }

    fn node(&self) -> Option<NodeId> {
        Some(self.node)
    }
}

/// The link that a text names.
pub(super) fn link(
    text: &Spanned<String>,
    lab: &Lab,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<LinkId> {
    let wrong = |message: String, label: &str| {
        let span = text.part(source, 0..text.value.len());
        Diagnostic::error("SIM018", message, source, span).label(label)
    };
    let error = match lab.link(&text.value) {
        Ok(link) => return Some(link),
        Err(error) => error,
    };
    sink.push(match error {
        LinkError::Form => wrong(
            format!("`{}` names no link", text.value),
            "expected `NODE:INTERFACE`, or `NODE:INTERFACE <-> NODE:INTERFACE`",
        ),
        LinkError::Node(_) if lab.unsure.about_nodes() => return None,
        LinkError::Interface(node, _) if lab.unsure.about_interfaces(&node) => return None,
        LinkError::Node(name) => unknown_node(&name, lab, source, text.span.clone()),
        LinkError::Interface(node, interface) => {
            let at = text.value.find(&interface).unwrap_or(0);
            let part = Spanned::new(interface.clone(), text.part(source, at..text.value.len()));
            let reading = Reading { lab, node: lab.node(&node) };
            reading.interface(&part, source, sink);
            return None;
        }
        LinkError::NoLink(end) => {
            wrong(format!("no cable is plugged in at `{end}`"), "the topology has no such link")
        }
        LinkError::Apart => wrong(
            format!("`{}` are ends of two links", text.value),
            "one end is enough to name a link",
        ),
    });
    None
}
