//! Syslog out: datagrams over UDP, connections over TCP and TLS, from the address that the router
//! has on this machine.
//!
//! Called by the live loop; it never waits. As with any syslog over UDP, a datagram that cannot be
//! sent is lost (RFC 5426, section 4.1). A message for a connection waits in a bounded queue.

mod connection;
mod tls;

pub(crate) use tls::Trust;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use lab::{Collector, Egress, NodeId, SyslogTransport};
use tracing::debug;

use crate::live::mailbox::Mailbox;
use connection::{Connection, Target};

/// Sends for all routers of a lab.
#[derive(Debug)]
pub(crate) struct Sender {
    egress: Egress,
    sources: BTreeMap<NodeId, IpAddr>,
    sockets: BTreeMap<(NodeId, bool), UdpSocket>,
    connections: BTreeMap<(NodeId, Collector), Connection>,
    trust: Trust,
    mailbox: Mailbox,
}

impl Sender {
    /// One that sends where the lab's rule allows it, from each router's own address.
    pub(crate) fn new(
        egress: Egress,
        sources: BTreeMap<NodeId, IpAddr>,
        trust: Trust,
        mailbox: Mailbox,
    ) -> Self {
        let (sockets, connections) = (BTreeMap::new(), BTreeMap::new());
        Sender { egress, sources, sockets, connections, trust, mailbox }
    }

    /// Sends one message, if the collector may have it. The routers have no name service, so a
    /// collector that is no address is not found.
    pub(crate) fn send(
        &mut self,
        node: NodeId,
        collector: &Collector,
        message: Vec<u8>,
        queue_max: u32,
    ) {
        let Collector { host, port, transport } = collector;
        let Ok(ip) = host.parse::<IpAddr>() else { return };
        if self.egress.host(&ip.to_string()).is_none() {
            return debug!(%ip, port, "syslog message not allowed");
        }
        let to = SocketAddr::new(ip, *port);
        match transport {
            SyslogTransport::Udp => self.datagram(node, to, &message),
            SyslogTransport::Tcp | SyslogTransport::Tls => {
                self.connection(node, collector, to).send(message, queue_max);
            }
        }
    }

    /// Nothing more comes for this collector: what waits is sent, then the connection ends.
    pub(crate) fn end(&mut self, node: NodeId, collector: &Collector) {
        self.connections.remove(&(node, collector.clone()));
    }

    fn connection(&mut self, node: NodeId, collector: &Collector, to: SocketAddr) -> &Connection {
        let tls = (collector.transport == SyslogTransport::Tls).then(|| self.trust.clone());
        let from = self.source(node, to.ip());
        self.connections.entry((node, collector.clone())).or_insert_with(|| {
            let collector = collector.clone();
            let target = Target { node, collector, from, to, tls, mailbox: self.mailbox.clone() };
            Connection::open(target)
        })
    }

    fn datagram(&mut self, node: NodeId, to: SocketAddr, datagram: &[u8]) {
        if let Some(socket) = self.socket(node, to.ip()) {
            // Lost, as the network might lose it.
            if let Err(error) = socket.send_to(datagram, to) {
                debug!(%to, %error, "syslog datagram lost");
            }
        }
    }

    fn socket(&mut self, node: NodeId, to: IpAddr) -> Option<&UdpSocket> {
        use std::collections::btree_map::Entry;
        let from = self.source(node, to).unwrap_or_else(|| unspecified(to));
        match self.sockets.entry((node, to.is_ipv4())) {
            Entry::Occupied(socket) => Some(socket.into_mut()),
            Entry::Vacant(place) => Some(place.insert(bind(from)?)),
        }
    }

    /// The router's own address, if it can be used towards `to`.
    fn source(&self, node: NodeId, to: IpAddr) -> Option<IpAddr> {
        let own = self.sources.get(&node).copied();
        let own = own.filter(|own| own.is_ipv4() == to.is_ipv4());
        // A loopback address reaches nothing beyond this machine.
        own.filter(|own| own.is_loopback() == to.is_loopback())
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

    use lab::CollectorEvent;
    use tokio::io::{AsyncBufReadExt as _, BufReader};
    use tokio::net::TcpListener;
    use tokio::sync::mpsc;

    use crate::live::mailbox::{self, Message};

    const NODE: NodeId = NodeId(1);

    fn sender() -> (Sender, mpsc::Receiver<Message>) {
        let (mailbox, inbox) = mailbox::pair();
        let sources = BTreeMap::from([(NODE, "127.0.0.7".parse().unwrap())]);
        (
            Sender::new(
                Egress::new([]),
                sources,
                Trust::new(&topology::SyslogTls::default()),
                mailbox,
            ),
            inbox,
        )
    }

    fn collector(host: &str, port: u16, transport: SyslogTransport) -> Collector {
        Collector { host: host.to_owned(), port, transport }
    }

    async fn soon<T>(what: impl Future<Output = T>) -> T {
        tokio::time::timeout(Duration::from_secs(10), what).await.expect("within ten seconds")
    }

    /// Goal: a datagram comes from the router's own address, and none leaves for elsewhere.
    #[tokio::test]
    async fn datagrams_go_to_loopback_from_the_routers_address() {
        let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let (mut sender, _inbox) = sender();
        for (host, text) in
            [("192.0.2.1", "never"), ("collector.example", "never"), ("127.0.0.1", "<189>1: hello")]
        {
            let to = collector(host, port, SyslogTransport::Udp);
            sender.send(NODE, &to, text.into(), 100);
        }
        let mut buffer = [0; 64];
        let (length, from) = soon(socket.recv_from(&mut buffer)).await.unwrap();
        assert_eq!(&buffer[..length], b"<189>1: hello");
        assert_eq!(from.ip().to_string(), "127.0.0.7");
        assert_eq!(sender.sockets.len(), 1);
    }

    /// Goal: over TCP each message is a line, in order, from the router's address; what is sent
    /// before anybody listens waits, and what finds no room is counted; a connection that breaks is
    /// made again; the end sends what waits. Method: a listener that comes late and hangs up once.
    #[tokio::test]
    async fn connections_wait_and_come_back() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let (mut sender, mut inbox) = sender();
        let to = collector("127.0.0.1", port, SyslogTransport::Tcp);
        for n in 0..5 {
            sender.send(NODE, &to, format!("<189>{n}: a\nb").into_bytes(), 3);
        }
        let mut event = async || match soon(inbox.recv()).await {
            Some(Message::Collector { event, .. }) => event,
            other => panic!("{other:?}"),
        };
        assert_eq!(event().await, CollectorEvent::Failed);
        assert_eq!(event().await, CollectorEvent::Lost(2));
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let (stream, from) = soon(listener.accept()).await.unwrap();
        assert_eq!(from.ip().to_string(), "127.0.0.7");
        assert_eq!(event().await, CollectorEvent::Connected);
        let mut lines = BufReader::new(stream).lines();
        for n in 0..3 {
            let line = soon(lines.next_line()).await.unwrap();
            assert_eq!(line, Some(format!("<189>{n}: a b")));
        }
        drop(lines);
        assert_eq!(event().await, CollectorEvent::Failed);
        sender.send(NODE, &to, b"<189>9: last".to_vec(), 3);
        let (stream, _) = soon(listener.accept()).await.unwrap();
        sender.end(NODE, &to);
        let mut lines = BufReader::new(stream).lines();
        assert_eq!(soon(lines.next_line()).await.unwrap().as_deref(), Some("<189>9: last"));
        assert_eq!(soon(lines.next_line()).await.unwrap(), None);
    }
}
