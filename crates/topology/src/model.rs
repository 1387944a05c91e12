//! The types that a topology file gives.
//!
//! Made by `load`, read by everything else; they hold no secret outside a [`Secret`].

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Source, Spanned};
use indexmap::IndexMap;
use simtime::Duration;

use crate::{Address, HostKey, HttpsTrust, Scheme, Secret};

/// How many secrets of one kind a node or an entry may have; a rotation needs two.
pub const SECRETS_MAX: usize = 4;

/// The port of NETCONF over SSH: RFC 6242 section 3.
const NETCONF_PORT: u16 = 830;
/// The port of HTTPS.
const HTTPS_PORT: u16 = 443;

/// A whole topology or inventory file.
#[derive(Clone, Debug)]
pub struct Topology {
    /// The file.
    pub source: Arc<Source>,
    /// The lab's name; `lab` when the file says none.
    pub name: String,
    /// The seed of its runs, unless a scenario or a flag says another; 0 when the file says none.
    pub seed: u64,
    /// What stands for `<name>` in startup-configs.
    pub vars: IndexMap<String, String>,
    /// URL prefixes to which virtual routers may send, beside loopback.
    pub allow: Vec<String>,
    /// Whom its routers believe over https: certificates in PEM, of authorities or of servers. None
    /// believes nobody.
    pub webhook_ca: Option<String>,
    /// What the listener at `<webhook-server>` speaks. It is no matter of the file: a program that
    /// runs both sides sets it.
    pub webhook_scheme: Scheme,
    /// What its routers need to send syslog over TLS.
    pub syslog: SyslogTls,
    /// The nodes, in the order of the file.
    pub nodes: IndexMap<String, Node>,
    /// The links, in the order of the file.
    pub links: Vec<Link>,
    /// Whether these are all nodes of the file. If not, some could not be read, and a name that no
    /// node has is no mistake of whoever wrote it.
    pub whole: bool,
}

/// What routers need to send syslog over TLS (RFC 5425), in PEM. Nothing of it is read here.
#[derive(Clone, Debug, Default)]
pub struct SyslogTls {
    /// Whom they believe: certificates that sign those of collectors, or are theirs. None believes
    /// nobody.
    pub ca: Option<String>,
    /// Who they say they are: one certificate, and those between it and its root. None says
    /// nothing.
    pub certificate: Option<String>,
    /// Its key.
    pub key: Option<Secret>,
}

/// One router, virtual or real.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name in the file.
    pub name: String,
    /// Whether the simulator runs it.
    pub kind: NodeKind,
    /// The hardware that a virtual node claims to be, by a name that the lab knows or does not.
    pub platform: Option<Spanned<String>>,
    /// The webhook forms that a virtual node understands.
    pub dialect: Dialect,
    /// Where its SSH server is, or shall be; `None` is off.
    pub ssh: Option<Address>,
    /// Where the SSH address stands in the file; the node's name if it has none.
    pub ssh_span: Range<usize>,
    /// Where NETCONF over SSH is, or shall be.
    pub netconf: Option<Address>,
    /// Where the NETCONF address stands in the file; the node's name if it has none.
    pub netconf_span: Range<usize>,
    /// Where RESTCONF is, or shall be.
    pub restconf: Option<Address>,
    /// Where the RESTCONF address stands in the file; the node's name if it has none.
    pub restconf_span: Range<usize>,
    /// The user that logs in.
    pub username: Secret,
    /// Its password.
    pub password: Secret,
    /// The enable secret, if one is needed.
    pub enable: Option<Secret>,
    /// The show commands that templates answer, in the order of the file.
    pub shows: Vec<Show>,
    /// The startup-config as it is written in its file, with `<name>`s.
    pub startup: Option<Arc<Source>>,
    /// What lies in the flash of a virtual node: `flash:ca.pem`, and the text of its file.
    pub files: IndexMap<String, Arc<str>>,
    /// The bearer tokens of its webhooks: a receiver takes each, the router shows the first. So it
    /// is with the other three.
    pub token: Vec<Spanned<Secret>>,
    /// The URL prefix under which token and signature may be sent; `None` is
    /// `http://<webhook-server>/`, or https where the listener speaks that.
    pub token_for: Option<String>,
    /// The Standard Webhooks secrets of its webhooks.
    pub secret: Vec<Spanned<Secret>>,
    /// The `user:password` pairs of its webhooks (RFC 7617).
    pub basic: Vec<Spanned<Secret>>,
    /// The secrets of its webhooks in GitHub's form.
    pub hmac_secret: Vec<Spanned<Secret>>,
    /// Other names by which a payload may call it.
    pub aliases: Vec<String>,
    /// What steps of scenarios can call it, together with others: `edge`.
    pub labels: Vec<String>,
    /// The private key that logs in, in the form of OpenSSH; the password is asked for where the
    /// node does not take it.
    pub ssh_key: Option<Secret>,
    /// How its SSH host key is checked.
    pub host_key: HostKey,
    /// How the certificate of its RESTCONF server is checked.
    pub https_trust: HttpsTrust,
    /// Where its name stands in the file.
    pub span: Range<usize>,
    /// Whether all that the file says of it could be read. If not, what seems to be missing may
    /// only have been misread.
    pub whole: bool,
}

/// What a server of a node speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// SSH: a terminal.
    Ssh,
    /// NETCONF over SSH.
    Netconf,
    /// RESTCONF over HTTPS.
    Restconf,
}

impl Service {
    /// Its key in the file: `ssh`.
    pub fn key(self) -> &'static str {
        match self {
            Service::Ssh => "ssh",
            Service::Netconf => "netconf",
            Service::Restconf => "restconf",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Service::Ssh => "SSH",
            Service::Netconf => "NETCONF",
            Service::Restconf => "RESTCONF",
        })
    }
}

/// Whether the simulator runs a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The simulator runs it.
    Virtual,
    /// It exists elsewhere: never started, only logged in to.
    Real,
}

/// A show command of a virtual node that a template answers. The lab checks that both are right.
#[derive(Clone, Debug)]
pub struct Show {
    /// Its words: `show inventory brief`.
    pub command: Spanned<String>,
    /// The template.
    pub template: Arc<Source>,
}

/// Which webhook forms a virtual node understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Those of IOS XE; the course's forms fail as they fail there.
    #[default]
    IosXe,
    /// The course's forms too.
    Course,
}

/// A cable between two interfaces of virtual nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its two ends.
    pub endpoints: [Endpoint; 2],
    /// What a shutdown of one end does to the other.
    pub carrier: Carrier,
    /// From one end to the other.
    pub delay: Duration,
}

/// What a shutdown of one end of a link does to the other end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carrier {
    /// A port that is shut down sends no light: the other end's wire goes dead.
    #[default]
    Copper,
    /// A vNIC: the other end does not notice. A cut takes its carrier all the same.
    Virtual,
}

/// One end of a link. That the interface exists is the lab's check, against the router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The node's name.
    pub node: String,
    /// The interface, in any form that IOS takes.
    pub interface: String,
    /// Where the interface stands in the file.
    pub span: Range<usize>,
}

impl Node {
    /// Everything about the node that nobody may read, as far as its value can be had.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let login = std::iter::once(&self.password).chain(&self.enable).chain(&self.ssh_key);
        let lists = [&self.token, &self.secret, &self.basic, &self.hmac_secret];
        let senders = lists.into_iter().flatten().map(|secret| &secret.value);
        let values = login.chain(senders).filter_map(|secret| secret.expose().ok());
        let basic = self.basic.iter().filter_map(|secret| secret.value.expose().ok());
        let passwords = basic.filter_map(|pair| pair.split_once(':')).map(|(_, password)| password);
        values.chain(passwords)
    }

    /// Its servers: what each speaks, where, and where that stands in the file.
    pub fn servers(&self) -> impl Iterator<Item = (Service, &Address, &Range<usize>)> {
        let all = [
            (Service::Ssh, &self.ssh, &self.ssh_span),
            (Service::Netconf, &self.netconf, &self.netconf_span),
            (Service::Restconf, &self.restconf, &self.restconf_span),
        ];
        all.into_iter().filter_map(|(service, at, span)| Some((service, at.as_ref()?, span)))
    }

    /// The first of its servers that others than this machine can reach: what it is, where, and
    /// where that stands. A name is one that does: nobody can say here where it leads.
    pub fn exposed(&self) -> Option<(Service, &Address, &Range<usize>)> {
        self.servers().find(|(_, address, _)| !address.is_loopback())
    }

    /// Where its NETCONF server is: without a word on port 830 of a real node's SSH address (RFC
    /// 6242 section 3), and for a virtual one on its SSH port, which has the subsystem, too.
    pub fn netconf_server(&self) -> Option<Address> {
        self.netconf.clone().or_else(|| match self.kind {
            NodeKind::Real => self.ssh.clone().map(|ssh| Address { port: NETCONF_PORT, ..ssh }),
            NodeKind::Virtual => self.ssh.clone(),
        })
    }

    /// Where its RESTCONF server is: without a word on port 443 of a real node's SSH address.
    pub fn restconf_server(&self) -> Option<Address> {
        self.restconf.clone().or_else(|| match self.kind {
            NodeKind::Real => self.ssh.clone().map(|ssh| Address { port: HTTPS_PORT, ..ssh }),
            NodeKind::Virtual => None,
        })
    }
}

impl Topology {
    /// The secrets of every node.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.nodes.values().flat_map(Node::secrets)
    }

    /// The user names of every node, which are no secrets, even where they are passwords, too.
    pub fn usernames(&self) -> impl Iterator<Item = &str> {
        self.nodes.values().filter_map(|node| node.username.expose().ok())
    }

    /// Sets or replaces a variable, as `up` does with the address that the listener really has.
    pub fn set_var(&mut self, name: &str, value: impl Into<String>) {
        self.vars.insert(name.to_owned(), value.into());
    }

    /// Says where the listener is and what it speaks. `http://<webhook-server>` of startup-configs
    /// is `https://...` where it speaks that.
    pub fn set_webhook_server(&mut self, scheme: Scheme, address: &str) {
        self.webhook_scheme = scheme;
        self.set_var("webhook-server", address);
    }

    /// Believes these certificates over https, too.
    pub fn trust_webhooks(&mut self, pem: &str) {
        let known = self.webhook_ca.get_or_insert_default();
        if !known.is_empty() && !known.ends_with('\n') {
            known.push('\n');
        }
        known.push_str(pem);
    }

    /// Whether nothing of any node was misread.
    pub fn is_sure(&self) -> bool {
        self.whole && self.nodes.values().all(|node| node.whole)
    }

    /// The virtual nodes, in the order of the file.
    pub fn virtual_nodes(&self) -> impl Iterator<Item = &Node> {
        let nodes = self.nodes.values();
        nodes.filter(|node| node.kind == NodeKind::Virtual)
    }
}
