//! Syslog out: datagrams over UDP, from the address that the router has on this machine.
//!
//! Called by the live loop; it never waits. As with any syslog over UDP, a datagram that cannot be
//! sent is lost (RFC 5426, section 4.1).

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use lab::{Egress, NodeId};
use tracing::debug;

/// Sends for all routers of a lab.
#[derive(Debug)]
pub(crate) struct Sender {
    egress: Egress,
    sources: BTreeMap<NodeId, IpAddr>,
    sockets: BTreeMap<(NodeId, bool), UdpSocket>,
}

impl Sender {
    /// One that sends where the lab's rule allows it, from each router's own address.
    pub(crate) fn new(egress: Egress, sources: BTreeMap<NodeId, IpAddr>) -> Self {
        Sender { egress, sources, sockets: BTreeMap::new() }
    }

    /// Sends one datagram, if the collector may have it. The routers have no name service, so a
    /// collector that is no address is not found.
    pub(crate) fn send(&mut self, node: NodeId, host: &str, port: u16, datagram: &[u8]) {
        let Ok(ip) = host.parse::<IpAddr>() else { return };
        if self.egress.host(&ip.to_string()).is_none() {
            return debug!(%ip, port, "syslog datagram not allowed");
        }
        if let Some(socket) = self.socket(node, ip) {
            // Lost, as the network might lose it.
            if let Err(error) = socket.send_to(datagram, SocketAddr::new(ip, port)) {
                debug!(%ip, port, %error, "syslog datagram lost");
            }
        }
    }

    fn socket(&mut self, node: NodeId, to: IpAddr) -> Option<&UdpSocket> {
        use std::collections::btree_map::Entry;
        match self.sockets.entry((node, to.is_ipv4())) {
            Entry::Occupied(socket) => Some(socket.into_mut()),
            Entry::Vacant(place) => {
                let own = self.sources.get(&node).copied();
                let own = own.filter(|own| own.is_ipv4() == to.is_ipv4());
                // A loopback address reaches nothing beyond this machine.
                let own = own.filter(|own| own.is_loopback() == to.is_loopback());
                let from = own.unwrap_or_else(|| unspecified(to));
                Some(place.insert(bind(from)?))
            }
        }
    }
}

fn bind(from: IpAddr) -> Option<UdpSocket> {
    let socket = UdpSocket::bind(SocketAddr::new(from, 0)).ok()?;
    // A full buffer drops the datagram rather than hold the lab up.
    socket.set_nonblocking(true).ok()?;
    Some(socket)
}

fn unspecified(like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => IpAddr::from([0; 4]),
        IpAddr::V6(_) => IpAddr::from([0; 16]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Goal: a datagram comes from the router's own address, and none leaves for elsewhere.
    #[tokio::test]
    async fn datagrams_go_to_loopback_from_the_routers_address() {
        let collector = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = collector.local_addr().unwrap().port();
        let node = NodeId(1);
        let mut sender =
            Sender::new(Egress::new([]), BTreeMap::from([(node, "127.0.0.7".parse().unwrap())]));
        sender.send(node, "192.0.2.1", port, b"never");
        sender.send(node, "collector.example", port, b"never");
        sender.send(node, "127.0.0.1", port, b"<189>1: hello");
        let mut buffer = [0; 64];
        let wait = Duration::from_secs(5);
        let received = tokio::time::timeout(wait, collector.recv_from(&mut buffer)).await;
        let (length, from) = received.unwrap().unwrap();
        assert_eq!(&buffer[..length], b"<189>1: hello");
        assert_eq!(from.ip().to_string(), "127.0.0.7");
        assert_eq!(sender.sockets.len(), 1);
    }
}
