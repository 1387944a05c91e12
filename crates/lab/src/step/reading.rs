//! What a verb reads its argument with: the lab, the node, and checks that several verbs share.
//!
//! Made by the scenario loader and by [`super::words`], for one node at a time.

use std::ops::RangeInclusive;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::Duration;

use crate::interface_name::{nearest_interface, summary};
use crate::{Lab, NodeId};

/// The longest time of anything in a scenario, in hours: a mistyped unit must not keep a build
/// waiting for years.
pub(crate) const TIME_H_MAX: u64 = 24 * 366;

/// What a verb reads with.
pub(crate) struct Reading<'a> {
    /// The lab.
    pub(crate) lab: &'a Lab,
    /// The node that the step is read for; `None` while it is not known, or there is none.
    pub(crate) node: Option<NodeId>,
}

impl Reading<'_> {
    /// The long name of an interface of the node.
    pub(crate) fn interface(
        &self,
        text: &Spanned<String>,
        source: &Arc<Source>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let node = self.node?;
        let found = self.lab.interface(node, &text.value);
        let name = self.lab.name(node);
        if found.is_none() && !self.lab.unsure.about_interfaces(name) {
            let names = self.lab.interfaces_of(name);
            let message = format!("unknown interface `{}` on node `{name}`", text.value);
            let span = text.part(source, 0..text.value.len());
            let mut diagnostic = Diagnostic::error("SIM012", message, source, span)
                .label(format!("`{name}` has {}", summary(&names)));
            if let Some(near) = nearest_interface(&text.value, &names) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            sink.push(diagnostic);
        }
        found
    }
}

/// Takes a number within bounds.
pub(crate) fn number(
    table: &mut Table,
    key: &'static str,
    bounds: RangeInclusive<u64>,
    sink: &mut Vec<Diagnostic>,
) -> Option<u64> {
    let number = table.number(key, sink)?;
    if bounds.contains(&number.value) {
        return Some(number.value);
    }
    let (low, high) = (bounds.start(), bounds.end());
    sink.push(
        Diagnostic::error(
            "SIM006",
            format!("`{key}` is out of bounds"),
            table.source(),
            number.span,
        )
        .label(format!("expected {low} to {high}")),
    );
    None
}

/// Takes a time.
pub(crate) fn time(
    table: &mut Table,
    key: &'static str,
    sink: &mut Vec<Diagnostic>,
) -> Option<Spanned<Duration>> {
    let time: Spanned<Duration> = table.parsed(key, sink)?;
    if time.value > Duration::from_secs(TIME_H_MAX * 3_600) {
        let message = format!("`{key}` is longer than a year");
        sink.push(Diagnostic::error("SIM001", message, table.source(), time.span.clone()));
        return None;
    }
    Some(time)
}
