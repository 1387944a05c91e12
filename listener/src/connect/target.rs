//! What the SSH client needs to know of one node, taken from the inventory.
//!
//! Made by the live loop and by `device check`. A secret leaves it for the login alone.

use std::fmt;

use automation::{Door, GuestKey, Login};
use secrecy::SecretString;
use topology::{Address, HostKey, Node, NodeKind};

/// Where SSH is when nobody says otherwise.
const SSH_PORT: u16 = 22;
/// Where NETCONF over SSH is: RFC 6242.
const NETCONF_PORT: u16 = 830;

/// Where and as whom to log in, and which host key to accept.
#[derive(Clone, Debug)]
pub struct Target {
    /// The node's name in the inventory.
    pub node: String,
    /// Where its SSH server listens.
    pub address: Address,
    /// What is spoken there.
    pub door: Door,
    /// The user name.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// The private key, which is shown first.
    pub ssh_key: Option<SecretString>,
    /// The host-key rule.
    pub host_key: HostKey,
    /// Whether algorithms of old boxes are offered too, last: real nodes alone.
    pub older_algorithms: bool,
}

/// Why nobody can log in to a node. Shown to the user, and in the story of an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The inventory has no such node.
    #[error("the inventory has no node `{0}`")]
    UnknownNode(String),
    /// The node has no address.
    #[error("node `{node}` has no `{key}` address")]
    NoAddress {
        /// The node.
        node: String,
        /// `ssh` or `restconf`.
        key: &'static str,
    },
    /// A credential is a reference that leads nowhere.
    #[error("the {what} of node `{node}` cannot be read: {reason}")]
    Secret {
        /// `username`, `password`, ...
        what: &'static str,
        /// The node.
        node: String,
        /// Why not; names the reference, never the secret.
        reason: String,
    },
}

impl Target {
    /// Resolves a node's address and credentials.
    pub fn of(name: &str, node: &Node, door: Door) -> Result<Self, TargetError> {
        let no_address = || TargetError::NoAddress { node: name.to_owned(), key: "ssh" };
        let address = match door {
            Door::Shell => node.ssh.clone(),
            Door::Netconf => node.netconf_server(),
        };
        let secret = |what: &'static str, secret: &topology::Secret| {
            secret.expose().map(str::to_owned).map_err(|reason| TargetError::Secret {
                what,
                node: name.to_owned(),
                reason,
            })
        };
        Ok(Target {
            node: name.to_owned(),
            address: address.ok_or_else(no_address)?,
            door,
            username: secret("username", &node.username)?,
            password: SecretString::from(secret("password", &node.password)?),
            ssh_key: match &node.ssh_key {
                Some(key) => Some(SecretString::from(secret("ssh-key", key)?)),
                None => None,
            },
            host_key: node.host_key.clone(),
            older_algorithms: matches!(node.kind, NodeKind::Real),
        })
    }

    /// A host that a request names, and nobody's credentials yet.
    pub(crate) fn guest(host: &str, port: Option<u16>, door: Door, key: GuestKey) -> Self {
        let default = match door {
            Door::Shell => SSH_PORT,
            Door::Netconf => NETCONF_PORT,
        };
        Target {
            node: host.to_owned(),
            address: Address { host: host.to_owned(), port: port.unwrap_or(default) },
            door,
            username: String::new(),
            password: SecretString::default(),
            ssh_key: None,
            host_key: match key {
                GuestKey::Strict => HostKey::Strict,
                GuestKey::AcceptNew => HostKey::AcceptNew,
                GuestKey::Insecure => HostKey::Insecure,
            },
            older_algorithms: true,
        }
    }

    /// What a request says in place of the inventory: then no key of the inventory's is shown.
    pub(crate) fn log_in_as(&mut self, login: &Login) {
        if let Some(username) = &login.username {
            self.username.clone_from(username);
            self.ssh_key = None;
        }
        if let Some(password) = &login.password {
            self.password = password.clone();
            self.ssh_key = None;
        }
    }
}

/// `R1 (127.0.0.1:2201)`, as messages name it.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.node, self.address)
    }
}
