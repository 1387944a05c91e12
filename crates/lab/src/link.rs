//! The cables between routers.
//!
//! Used by [`crate::Lab`]. A port that is shut down, a router without power and a cable that is cut
//! are dark for the other end; what each router makes of that is its own business.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::Diagnostic;
use fact::TraceId;
use iosxe::Hello;
use simtime::{Duration, Time};
use topology::{Carrier, Endpoint, Topology};

use crate::interface_name::{nearest_interface, summary};
use crate::lab::Event;
use crate::{Lab, NodeId};

/// One interface of one node, by its long name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    pub(crate) node: NodeId,
    pub(crate) interface: String,
}

/// One cable.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// Its ends, in the order of the topology.
    pub(crate) ends: [End; 2],
    pub(crate) carrier: Carrier,
    pub(crate) delay: Duration,
    cut: bool,
    /// Whether each end sends light: its port is not shut down, and its router has power.
    sends: [bool; 2],
    /// What each end tells the other again and again (CDP, LLDP).
    hellos: [Option<Arc<Hello>>; 2],
}

/// Names one link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LinkId(usize);

/// All cables, and which one is plugged in where.
#[derive(Debug, Default)]
pub(crate) struct Links {
    all: Vec<Link>,
    at: BTreeMap<End, (LinkId, usize)>,
}

impl Link {
    /// Whether an end sees light.
    fn is_lit(&self, side: usize) -> bool {
        !self.cut && (self.carrier == Carrier::Virtual || self.sends[1 - side])
    }
}

impl Links {
    /// Checks each endpoint against its router, and plugs in what is right.
    pub(crate) fn plug(topology: &Topology, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Self {
        let mut links = Links::default();
        for link in &topology.links {
            let [a, b] = &link.endpoints;
            let ends = (end(a, topology, lab, sink), end(b, topology, lab, sink));
            let (Some(near), Some(far)) = ends else { continue };
            let taken =
                [(&near, a), (&far, b)].into_iter().find(|(end, _)| links.at.contains_key(end));
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
            let id = LinkId(links.all.len());
            links.at.insert(near.clone(), (id, 0));
            links.at.insert(far.clone(), (id, 1));
            let (carrier, delay) = (link.carrier, link.delay);
            let (ends, sends, hellos) = ([near, far], [true, true], [None, None]);
            links.all.push(Link { ends, carrier, delay, cut: false, sends, hellos });
        }
        links
    }

    /// Every link, in the order of the topology.
    pub(crate) fn all(&self) -> &[Link] {
        &self.all
    }

    /// One link.
    pub(crate) fn get(&self, id: LinkId) -> &Link {
        &self.all[id.0]
    }

    /// Which link is plugged in at an end.
    pub(crate) fn at(&self, end: &End) -> Option<LinkId> {
        self.at.get(end).map(|(id, _)| *id)
    }

    /// What is at the other end of the cable.
    pub(crate) fn peer(&self, end: &End) -> Option<&End> {
        let (id, side) = self.at.get(end)?;
        Some(&self.all[id.0].ends[1 - side])
    }

    /// Whether an end sees light. Where no link is plugged in, whatever is there sends some.
    pub(crate) fn is_lit(&self, end: &End) -> bool {
        self.at.get(end).is_none_or(|(id, side)| self.all[id.0].is_lit(*side))
    }

    /// The ends of one node, in the order of its interfaces' names.
    fn ends_of(&self, node: NodeId) -> Vec<End> {
        let first = End { node, interface: String::new() };
        let of_node = self.at.range(first..).take_while(|(end, _)| end.node == node);
        of_node.map(|(end, _)| end.clone()).collect()
    }

    /// Changes a link, and says which of its ends see another light than before.
    fn change(&mut self, id: LinkId, change: impl FnOnce(&mut Link)) -> Vec<(End, bool)> {
        let link = &mut self.all[id.0];
        let before = [0, 1].map(|side| link.is_lit(side));
        change(link);
        let changed = [0, 1].into_iter().filter(|&side| link.is_lit(side) != before[side]);
        changed.map(|side| (link.ends[side].clone(), link.is_lit(side))).collect()
    }
}

impl Lab {
    /// Somebody cuts a cable, or mends it: both ends see it at once.
    pub(crate) fn set_cut(&mut self, now: Time, id: LinkId, cut: bool, trace: Option<TraceId>) {
        for (end, up) in self.links.change(id, |link| link.cut = cut) {
            self.light(now, end, up, trace);
        }
    }

    /// A port begins or ends to send: the other end sees it after the delay of the link.
    pub(crate) fn sent(&mut self, now: Time, end: End, up: bool, trace: Option<TraceId>) {
        let Some(&(id, side)) = self.links.at.get(&end) else { return };
        let delay = self.links.get(id).delay;
        for (end, up) in self.links.change(id, |link| link.sends[side] = up) {
            self.light(now + delay, end, up, trace);
        }
    }

    /// A router loses its power, or has it again: all its ports go dark, or those come alive that
    /// are not shut down. Routers that are `switched` with it are not told.
    pub(crate) fn set_power(
        &mut self,
        now: Time,
        (node, on): (NodeId, bool),
        trace: Option<TraceId>,
        switched: &[NodeId],
    ) {
        for end in self.links.ends_of(node) {
            let up = on && self.router(node).device.sends(&end.interface);
            let Some(&(id, side)) = self.links.at.get(&end) else { continue };
            for (end, up) in self.links.change(id, |link| link.sends[side] = up) {
                if !switched.contains(&end.node) {
                    self.light(now, end, up, trace);
                }
            }
        }
    }

    fn light(&mut self, at: Time, end: End, up: bool, trace: Option<TraceId>) {
        let End { node, interface } = end;
        self.schedule.set(at, node, Event::Carrier { interface, up, trace });
    }

    /// A router may say something else to its neighbours than before: those that are told anew hear
    /// it after the delay of the link.
    pub(crate) fn speak(&mut self, now: Time, node: NodeId) {
        for end in self.links.ends_of(node) {
            let Some(&(id, side)) = self.links.at.get(&end) else { continue };
            let hello = self.router(node).device.hello(&end.interface);
            let said = &mut self.links.all[id.0].hellos[side];
            if hello.as_ref() != said.as_deref() {
                *said = hello.map(Arc::new);
                self.pass_hello(now, id, side);
            }
        }
    }

    /// A router that has forgotten everything hears its neighbours again.
    pub(crate) fn repeat_hellos(&mut self, now: Time, node: NodeId) {
        for end in self.links.ends_of(node) {
            if let Some(&(id, side)) = self.links.at.get(&end)
                && self.links.get(id).hellos[1 - side].is_some()
            {
                self.pass_hello(now, id, 1 - side);
            }
        }
    }

    /// Tells the other end what this one says.
    fn pass_hello(&mut self, now: Time, id: LinkId, side: usize) {
        let link = self.links.get(id);
        let (hello, at) = (link.hellos[side].clone(), now + link.delay);
        let End { node, interface } = link.ends[1 - side].clone();
        self.schedule.set(at, node, Event::Heard { interface, hello });
    }

    /// Notes which ports of a router send, without telling anybody.
    fn note_sending(&mut self, node: NodeId) {
        for end in self.links.ends_of(node) {
            let up = self.router(node).device.sends(&end.interface);
            if let Some(&(id, side)) = self.links.at.get(&end) {
                self.links.all[id.0].sends[side] = up;
            }
        }
    }

    /// The interfaces of a router that see no light, or where no cable ends.
    fn dark_of(&self, node: NodeId) -> Vec<String> {
        let ends = self.links.ends_of(node);
        let empty = self.router(node).device.cabled_ports();
        let empty = empty.filter(|port| !ends.iter().any(|end| end.interface == *port));
        let unlit = ends.iter().filter(|end| !self.links.is_lit(end));
        unlit.map(|end| end.interface.clone()).chain(empty).collect()
    }

    /// At the start: routers at the other end of a port that is shut down boot with a dead wire.
    pub(crate) fn darken(&mut self, now: Time) {
        for index in 0..self.routers.len() {
            self.note_sending(NodeId(index as u32));
        }
        for index in 0..self.routers.len() {
            self.boot_in_the_dark(now, NodeId(index as u32));
        }
        for index in 0..self.routers.len() {
            self.speak(now, NodeId(index as u32));
        }
    }

    /// Boots a router anew if it has wires that are dead: it has not seen anything else.
    pub(crate) fn boot_in_the_dark(&mut self, now: Time, node: NodeId) {
        let dark = self.dark_of(node);
        if !dark.is_empty() {
            let router = self.router_mut(node);
            let config = iosxe::DeviceConfig { dark, ..router.config.clone() };
            // What is wrong in its startup-config was told when it was read first.
            router.device = iosxe::Device::new(config, now).0;
        }
    }

    /// The link that a text names: `R1:Gi1`, or `R1:Gi1 <-> R2:Gi1`.
    pub(crate) fn link(&self, text: &str) -> Result<LinkId, LinkError> {
        let (near, far) = match text.split_once("<->") {
            Some((near, far)) => (near, Some(far)),
            None => (text, None),
        };
        let id = self.end_named(near)?;
        match far.map(|far| self.end_named(far)).transpose()? {
            Some(other) if other != id => Err(LinkError::Apart),
            Some(_) | None => Ok(id),
        }
    }

    fn end_named(&self, text: &str) -> Result<LinkId, LinkError> {
        let text = text.trim();
        let (node, interface) = text.split_once(':').ok_or(LinkError::Form)?;
        let id = self.node(node.trim()).ok_or_else(|| LinkError::Node(node.trim().to_owned()))?;
        let unknown = || LinkError::Interface(node.trim().to_owned(), interface.trim().to_owned());
        let interface = self.interface(id, interface).ok_or_else(unknown)?;
        let end = End { node: id, interface };
        self.links.at(&end).ok_or_else(|| LinkError::NoLink(text.to_owned()))
    }

    /// A link in words: `R1:GigabitEthernet1 <-> R2:GigabitEthernet1`.
    pub(crate) fn link_name(&self, id: LinkId) -> String {
        let ends = &self.links.get(id).ends;
        let [near, far] = [0, 1].map(|side| {
            let End { node, interface } = &ends[side];
            format!("{}:{interface}", self.name(*node))
        });
        format!("{near} <-> {far}")
    }
}

/// Why a text names no link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkError {
    /// It has no colon.
    Form,
    /// There is no such virtual node.
    Node(String),
    /// The node has no such interface.
    Interface(String, String),
    /// Nothing is plugged in there.
    NoLink(String),
    /// The two ends are of two links.
    Apart,
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
