//! From a lab to a live lab: ports bound, keys ready, host keys published, then the tasks.
//!
//! Called once per live lab. Nothing runs before everything is there, so a failure leaves nothing.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;

use diagnostic::Diagnostic;
use host::known_hosts::{KnownHosts, KnownHostsError, PublicKey};
use host::tls::{self, Authority, CertificateError};
use host::{ExpectedError, LiveClock, StateDir};
use lab::{Lab, ListenerState, NodeId};
use russh::keys::PrivateKey;
use tokio::net::TcpListener;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;
use topology::{Address, Node, Service, Topology};

use super::handle::{LiveLab, Remote};
use super::mailbox;
use super::owner::{Owner, Sessions};
use super::record::Recording;
use super::trace::TraceFile;
use crate::report::ready::ReadyNode;
use crate::transport::mail::Postman;
use crate::transport::restconf;
use crate::transport::shared::{Shared, reachable};
use crate::transport::ssh::Door;
use crate::transport::ssh::keys::{self, HostKeys, KeyError, KeyKinds};
use crate::transport::{ssh, syslog, webhook};

/// Facts that a slow reader may be behind.
const FACTS_MAX: usize = 16 * 1_024;

/// How a live lab is run.
#[derive(Debug)]
pub struct LiveOptions {
    /// The clock that the lab was made with.
    pub clock: LiveClock,
    /// Which host keys its routers have.
    pub keys: KeyKinds,
    /// Where every fact is written.
    pub trace: Option<TraceFile>,
    /// Where every outside input is written, for a replay.
    pub record: Option<Recording>,
    /// Who is told what the listener is from now on, and sees to it.
    pub listener: Option<mpsc::Sender<ListenerState>>,
}

/// Why a lab could not go live.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// Everybody could log in: one diagnostic for each credential that everybody knows.
    #[error("nodes that others can reach have the credentials of the shipped files")]
    Exposed(Vec<Diagnostic>),
    /// Ports of nodes are taken, or may not be had: one diagnostic of the topology each.
    #[error("cannot listen on every address of the topology")]
    Bind(Vec<Diagnostic>),
    /// The host keys.
    #[error(transparent)]
    Keys(KeyError),
    /// The file of trusted host keys.
    #[error(transparent)]
    KnownHosts(KnownHostsError),
    /// The certificate of the authority that signs those of the routers.
    #[error(transparent)]
    Certificates(CertificateError),
}

impl From<LiveError> for ExpectedError {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::Exposed(mistakes) => ExpectedError::InvalidFile(mistakes),
            LiveError::Bind(refused) => ExpectedError::Unavailable(refused),
            LiveError::Keys(_) | LiveError::KnownHosts(_) | LiveError::Certificates(_) => {
                ExpectedError::environment(error).with_hint("look at the state directory")
            }
        }
    }
}

/// A port that is open.
struct Port {
    node: NodeId,
    name: Arc<str>,
    service: Service,
    listener: TcpListener,
    /// How clients on this machine reach it.
    reached: SocketAddr,
    /// The name that the topology gives, which a client may use as well.
    host: String,
}

/// Starts a lab that was made from this topology.
pub async fn spawn(
    lab: Lab,
    topology: &Topology,
    state: &StateDir,
    options: LiveOptions,
) -> Result<LiveLab, LiveError> {
    let exposed = lab.exposed(topology);
    if !exposed.is_empty() {
        return Err(LiveError::Exposed(exposed));
    }
    let ports = bind(&lab, topology).await?;
    let over_ssh = ports.iter().filter(|port| port.service != Service::Restconf);
    let mut names: Vec<Arc<str>> = over_ssh.map(|port| Arc::clone(&port.name)).collect();
    names.dedup();
    let keys = keys::load_or_make(state.path().join("host-keys"), names, options.keys).await;
    let keys = keys.map_err(LiveError::Keys)?;
    publish(KnownHosts::at(state.known_hosts()), &ports, &keys).await?;
    let authority = match ports.iter().any(|port| port.service == Service::Restconf) {
        true => {
            let authority = tls::authority(state, options.clock.now()).await;
            Some(Arc::new(authority.map_err(LiveError::Certificates)?))
        }
        false => None,
    };
    let nodes = topology.virtual_nodes().map(|node| ready(node, &ports)).collect();
    let LiveOptions { clock, trace, record, listener, .. } = options;
    let trust = syslog::Trust::new(&topology.syslog);
    let webhook_ca = topology.webhook_ca.clone();
    let wires = Wires { ports, keys, authority, trace, record, listener, trust, webhook_ca };
    Ok(start(lab, clock, wires, nodes))
}

async fn bind(lab: &Lab, topology: &Topology) -> Result<Vec<Port>, LiveError> {
    let (mut ports, mut refused) = (Vec::new(), Vec::new());
    for node in topology.virtual_nodes() {
        let Some(id) = lab.node(&node.name) else { continue };
        for (service, address, span) in node.servers() {
            let listener = listen(address).await;
            match listener.and_then(|listener| Ok((listener.local_addr()?, listener))) {
                Ok((bound, listener)) => {
                    let (name, host) = (Arc::clone(lab.name(id)), address.host.clone());
                    let reached = reachable(bound);
                    ports.push(Port { node: id, name, service, listener, reached, host });
                }
                Err(error) => {
                    refused.push(not_bound(topology, node, (service, address, span), &error));
                }
            }
        }
    }
    if refused.is_empty() { Ok(ports) } else { Err(LiveError::Bind(refused)) }
}

/// Why a node's address cannot be had, at its place in the topology.
fn not_bound(
    topology: &Topology,
    node: &Node,
    (service, address, span): (Service, &Address, &Range<usize>),
    error: &io::Error,
) -> Diagnostic {
    let help = match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "does another simulator run? With `{} = \"127.0.0.1:0\"` the system chooses a port",
            service.key()
        ),
        io::ErrorKind::PermissionDenied => {
            "ports below 1024 need a privilege; choose a higher one".to_owned()
        }
        _ => "the address must be one of this machine".to_owned(),
    };
    let message = format!("cannot listen for {service} to node `{}` on {address}", node.name);
    Diagnostic::error("TOP020", message, &topology.source, span.clone())
        .label(error.to_string())
        .help(help)
}

async fn listen(address: &Address) -> io::Result<TcpListener> {
    TcpListener::bind((address.host.as_str(), address.port)).await
}

/// Tells the clients of this state directory which keys to trust.
async fn publish(hosts: KnownHosts, ports: &[Port], keys: &HostKeys) -> Result<(), LiveError> {
    let mut trusted = Vec::new();
    for port in ports.iter().filter(|port| port.service != Service::Restconf) {
        let port_number = port.reached.port();
        let mut names = vec![(port.reached.ip().to_string(), port_number)];
        if port.host != names[0].0 {
            names.push((port.host.clone(), port_number));
        }
        let public = keys.get(&port.name).into_iter().flatten().filter_map(public).collect();
        trusted.push((names, public));
    }
    let work = tokio::task::spawn_blocking(move || {
        let mut each = trusted.iter();
        each.try_for_each(|(names, keys): &(_, Vec<PublicKey>)| hosts.replace(names, keys))
    });
    let done = work.await.expect("writing a file neither panics nor is cancelled");
    done.map_err(LiveError::KnownHosts)
}

fn public(key: &PrivateKey) -> Option<PublicKey> {
    PublicKey::parse(&key.public_key().to_openssh().ok()?)
}

fn ready(node: &Node, ports: &[Port]) -> ReadyNode {
    let at = |service: Service| {
        let port = ports.iter().find(|port| port.service == service && *port.name == *node.name);
        port.map(|port| port.reached.to_string())
    };
    ReadyNode {
        name: node.name.clone(),
        ssh: at(Service::Ssh),
        netconf: at(Service::Netconf),
        restconf: at(Service::Restconf).map(|at| format!("https://{at}")),
        user: node.username.expose().unwrap_or_default().to_owned(),
    }
}

/// What a live lab is connected by.
struct Wires {
    ports: Vec<Port>,
    keys: HostKeys,
    authority: Option<Arc<Authority>>,
    trace: Option<TraceFile>,
    record: Option<Recording>,
    listener: Option<mpsc::Sender<ListenerState>>,
    trust: syslog::Trust,
    webhook_ca: Option<String>,
}

fn start(lab: Lab, clock: LiveClock, wires: Wires, nodes: Vec<ReadyNode>) -> LiveLab {
    let Wires { ports, keys, authority, trace, record, listener, trust, webhook_ca } = wires;
    let (mailbox, inbox) = mailbox::pair();
    let (facts, _) = broadcast::channel(FACTS_MAX);
    let trace = trace.map(|trace| trace.follow(facts.subscribe(), clock.now()));
    let (stop, stopped) = watch::channel(false);
    let sources: BTreeMap<NodeId, IpAddr> =
        ports.iter().rev().map(|port| (port.node, port.reached.ip())).collect();
    let egress = lab.egress().clone();
    let remote = Remote { mailbox: mailbox.clone(), facts: facts.downgrade() };
    let owner = Owner {
        lab,
        clock,
        facts,
        http: webhook::Sender::new(egress.clone(), webhook_ca.as_deref()),
        postman: Postman::new(egress.clone()),
        syslog: syslog::Sender::new(egress, sources, trust, mailbox.clone()),
        mailbox: mailbox.clone(),
        sessions: Sessions::default(),
        posts: JoinSet::new(),
        record,
        listener,
    };
    let mut tasks = JoinSet::new();
    tasks.spawn(owner.run(inbox, stopped.clone()));
    let shared = Shared::new(mailbox, stopped);
    for port in ports {
        let own = || keys.get(&port.name).cloned().unwrap_or_default();
        match (port.service, &authority) {
            (Service::Ssh, _) => {
                let own = own();
                tasks.spawn(ssh::serve(port.over_ssh(Door::Terminals), own, shared.clone()));
            }
            (Service::Netconf, _) => {
                let own = own();
                tasks.spawn(ssh::serve(port.over_ssh(Door::Programs), own, shared.clone()));
            }
            (Service::Restconf, Some(authority)) => {
                let (authority, shared) = (Arc::clone(authority), shared.clone());
                tasks.spawn(restconf::serve(port.over_https(), authority, clock, shared));
            }
            (Service::Restconf, None) => unreachable!("where such a port is, an authority is"),
        }
    }
    LiveLab { remote, nodes, clock, stop, tasks, trace }
}

impl Port {
    fn over_ssh(self, door: Door) -> ssh::Served {
        let Port { node, name, listener, .. } = self;
        ssh::Served { node, name, door, listener }
    }

    fn over_https(self) -> restconf::Served {
        let Port { node, name, listener, reached, host, .. } = self;
        restconf::Served { node, name, listener, host, reached: reached.ip() }
    }
}
