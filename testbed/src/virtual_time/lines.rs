//! Lines of syslog from a router to the listener, where its `[[syslog]]` is their collector.
//!
//! Called by the queue for what the lab sends. To any other collector they are lost: nothing else
//! listens in a virtual run, and the message itself is a fact.

use std::net::{IpAddr, SocketAddr};

use automation::{Input, Line, Place, Transport};
use lab::{Collector, NodeId, SyslogTransport};
use simtime::Time;

use super::ferry::PEER;
use super::wire::Wire;
use super::{Bench, ONE_WAY};

impl Bench {
    pub(super) fn send_line(
        &mut self,
        now: Time,
        node: NodeId,
        collector: &Collector,
        bytes: Vec<u8>,
    ) {
        let transport = match collector.transport {
            SyslogTransport::Udp => Transport::Udp,
            SyslogTransport::Tcp => Transport::Tcp,
            // The listener has no such port.
            SyslogTransport::Tls => return,
        };
        let Ok(host) = collector.host.parse::<IpAddr>() else { return };
        let sent_to = Place { transport, listen: SocketAddr::new(host, collector.port) };
        if let Some(place) = self.automation.collector(sent_to) {
            let peer = self.address_of(node);
            self.wire.set(now + ONE_WAY, Wire::Line { place, peer, bytes });
        }
    }

    pub(super) fn hear(&mut self, now: Time, place: Place, peer: IpAddr, bytes: &[u8]) {
        if self.hears() {
            self.tell_automation(now, Input::Line(Line { place, peer, bytes }));
        }
    }

    /// Where a router sends from, as its live twin does: the address at which it is reached.
    fn address_of(&self, node: NodeId) -> IpAddr {
        let node = self.topology.nodes.get(self.lab.name(node).as_ref());
        node.and_then(|node| node.ssh.as_ref()?.ip()).unwrap_or(PEER)
    }
}
