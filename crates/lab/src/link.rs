//! The cables between routers, and the names of what they are plugged into.
//!
//! Used by [`crate::Lab`]. A cable here is whole for the whole run.

use std::collections::BTreeMap;

use diagnostic::Diagnostic;
use topology::{Endpoint, Topology};

use crate::{Lab, NodeId};

/// One interface of one node, by its long name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    pub(crate) node: NodeId,
    pub(crate) interface: String,
}

/// What a shutdown of one end does to the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// A port that is shut down sends no light: the other end's wire is dead.
    #[default]
    Copper,
    /// A vNIC: the other end's carrier stays.
    Virtual,
}

/// All cables, from each end to the other.
#[derive(Debug, Default)]
pub(crate) struct Links(BTreeMap<End, End>);

impl Links {
    /// Checks each endpoint against its router, and plugs in what is right.
    pub(crate) fn plug(topology: &Topology, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Self {
        let mut links = Links::default();
        for link in &topology.links {
            let [a, b] = &link.endpoints;
            let ends = (end(a, topology, lab, sink), end(b, topology, lab, sink));
            let (Some(near), Some(far)) = ends else { continue };
            let taken =
                [(&near, a), (&far, b)].into_iter().find(|(end, _)| links.0.contains_key(end));
            let doubled = (near == far).then_some((&far, b));
            if let Some((end, place)) = taken.or(doubled) {
                let message = format!("`{}:{}` is in a link already", place.node, end.interface);
                let span = place.span.clone();
                sink.push(
                    Diagnostic::error("LAB002", message, &topology.source, span)
                        .label("an interface has one cable"),
                );
                continue;
            }
            links.0.insert(near.clone(), far.clone());
            links.0.insert(far, near);
        }
        links
    }

    /// The cables of one node, in the order of its interfaces' names: what is at their other ends.
    pub(crate) fn peers_of(&self, node: NodeId) -> Vec<End> {
        let of_node = self.0.iter().filter(|(near, _)| near.node == node);
        of_node.map(|(_, far)| far.clone()).collect()
    }

    /// Every link once.
    pub(crate) fn all(&self) -> impl Iterator<Item = ([&End; 2], Carrier)> {
        let once = self.0.iter().filter(|(near, far)| near <= far);
        once.map(|(near, far)| ([near, far], Carrier::Virtual))
    }

    /// What is at the other end of the cable.
    pub(crate) fn peer(&self, end: &End) -> Option<&End> {
        self.0.get(end)
    }
}

fn end(
    endpoint: &Endpoint,
    topology: &Topology,
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) -> Option<End> {
    let node = lab.node(&endpoint.node)?;
    let interface = lab.interface(node, &endpoint.interface);
    if interface.is_none() && !lab.unsure.about_interfaces(&endpoint.node) {
        let names = lab.interfaces_of(&endpoint.node);
        let message =
            format!("unknown interface `{}` on node `{}`", endpoint.interface, endpoint.node);
        let span = endpoint.span.clone();
        let mut diagnostic = Diagnostic::error("LAB001", message, &topology.source, span)
            .label(format!("`{}` has {}", endpoint.node, summary(&names)));
        if let Some(near) = nearest_interface(&endpoint.interface, &names) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        sink.push(diagnostic);
    }
    interface.map(|interface| End { node, interface })
}

/// The interface that this text means: its letters begin the type's name, its number is the same.
pub(crate) fn find_interface(text: &str, names: Vec<String>) -> Option<String> {
    let (word, number) = split(text.trim());
    let word = word.to_lowercase();
    let mut fits = names.into_iter().filter(|name| {
        let (kind, its) = split(name);
        !word.is_empty() && its == number && kind.to_lowercase().starts_with(&word)
    });
    let found = fits.next()?;
    fits.next().is_none().then_some(found)
}

/// The interface that was probably meant.
pub(crate) fn nearest_interface(text: &str, names: &[String]) -> Option<String> {
    let (word, number) = split(text.trim());
    let lower = word.to_lowercase();
    let kinds = names.iter().map(|name| split(name).0);
    let kind = kinds.into_iter().find(|kind| kind.to_lowercase().starts_with(&lower));
    let whole = format!("{}{number}", kind.unwrap_or(word));
    diagnostic::nearest(&whole, names.iter().map(String::as_str)).map(str::to_owned)
}

/// The interfaces of a router in one line: `GigabitEthernet1 to GigabitEthernet4, Loopback0`.
pub(crate) fn summary(names: &[String]) -> String {
    let same_kind = |a: &String, b: &String| split(a).0 == split(b).0;
    let runs = names.chunk_by(same_kind).map(|run| match run {
        [first, .., last] if run.len() > 2 => format!("{first} to {last}"),
        _ => run.join(", "),
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// `Gi 0/0/1` into `Gi` and `0/0/1`.
fn split(text: &str) -> (&str, &str) {
    let letters = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (word, number) = text.split_at(letters);
    (word.trim_end(), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every form that IOS takes means one interface, or none. Method: a table.
    #[test]
    fn interfaces_are_found_in_any_form() {
        let names = ["GigabitEthernet1", "GigabitEthernet2", "Loopback1", "Tunnel1"];
        let names: Vec<String> = names.map(str::to_owned).to_vec();
        let table = [
            ("GigabitEthernet1", Some("GigabitEthernet1")),
            ("gi2", Some("GigabitEthernet2")),
            ("Gi 2", Some("GigabitEthernet2")),
            ("lo1", Some("Loopback1")),
            ("Gi9", None),
            ("1", None),
            ("", None),
            ("Gi", None),
            ("GigabitEthernet1x", None),
        ];
        for (text, want) in table {
            assert_eq!(find_interface(text, names.clone()).as_deref(), want, "{text}");
        }
        assert_eq!(nearest_interface("Gi9", &names).as_deref(), Some("GigabitEthernet1"));
    }
}
