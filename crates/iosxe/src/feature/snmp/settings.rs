//! What `snmp-server ...` says: who may ask, who is told, and of what.
//!
//! Nobody asks over a network here and no trap leaves; the event manager's traps and objects read
//! what stands here.

use std::collections::BTreeMap;

use cli::InterfaceName;

/// How many communities, hosts, views, groups and users a router keeps, of each.
pub(super) const ROWS_MAX: usize = 256;

/// The port that traps go to (RFC 3411).
pub(super) const TRAP_PORT: u16 = 162;

/// What of SNMP a router is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snmp {
    pub(super) communities: Vec<Community>,
    pub(super) location: Option<String>,
    pub(super) contact: Option<String>,
    pub(super) chassis: Option<String>,
    pub(super) engine: Option<String>,
    pub(super) hosts: Vec<Host>,
    /// The rows of the table of traps that are enabled, each with its options.
    pub(super) traps: BTreeMap<usize, Vec<&'static str>>,
    pub(super) views: Vec<View>,
    pub(super) groups: Vec<Group>,
    pub(super) users: Vec<User>,
    pub(super) trap_source: Option<InterfaceName>,
    pub(super) inform_source: Option<InterfaceName>,
    pub(super) ifindex_persist: bool,
}

/// `snmp-server community`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Community {
    pub(super) name: String,
    pub(super) view: Option<String>,
    pub(super) writes: bool,
    pub(super) ipv6_list: Option<String>,
    pub(super) list: Option<String>,
}

/// `snmp-server host`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) address: String,
    pub(super) vrf: Option<String>,
    pub(super) informs: bool,
    pub(super) model: Model,
    /// The community, or the user.
    pub(super) name: String,
    pub(super) port: u16,
    /// Which kinds are sent; all that are enabled if none is named.
    pub(super) kinds: Vec<String>,
}

/// Version, and how much of version 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Model {
    V1,
    V2c,
    V3(Security),
}

/// The security level of version 3 (RFC 3411, section 3.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Security {
    NoAuth,
    Auth,
    Priv,
}

/// `snmp-server view`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    pub(super) name: String,
    pub(super) tree: String,
    pub(super) included: bool,
}

/// `snmp-server group`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) model: Model,
    pub(super) context: Option<String>,
    pub(super) prefix_match: bool,
    pub(super) read: Option<String>,
    pub(super) write: Option<String>,
    pub(super) notify: Option<String>,
    pub(super) list: Option<String>,
}

/// `snmp-server user`. Its passwords are made into keys and are not kept: nobody proves one here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) group: String,
    /// 1, 2 (for 2c) or 3.
    pub(super) version: u8,
    pub(super) auth: Option<&'static str>,
    pub(super) privacy: Option<&'static str>,
    pub(super) list: Option<String>,
}

impl Snmp {
    /// The users of version 3 stand in no configuration: they outlive a reload by themselves
    /// (Cisco's command reference of `snmp-server user`).
    pub(crate) fn after_reload(&self) -> Snmp {
        let mut users = self.users.clone();
        users.retain(|user| user.version == 3);
        Snmp { users, ..Snmp::default() }
    }

    /// Whether any line has made an agent.
    pub(super) fn is_on(&self) -> bool {
        let Snmp { communities, hosts, traps, views, groups, users, .. } = self;
        let rows = [communities.len(), hosts.len(), views.len(), groups.len(), users.len()];
        let texts = [&self.location, &self.contact, &self.chassis, &self.engine];
        let sources = [&self.trap_source, &self.inform_source];
        rows.into_iter().any(|rows| rows > 0)
            || texts.into_iter().any(Option::is_some)
            || sources.into_iter().any(Option::is_some)
            || !traps.is_empty()
            || self.ifindex_persist
    }

    /// `snmp-server location`
    pub(super) fn location(&self) -> &str {
        self.location.as_deref().unwrap_or_default()
    }

    /// `snmp-server contact`
    pub(super) fn contact(&self) -> &str {
        self.contact.as_deref().unwrap_or_default()
    }
}

impl Model {
    /// As a line of configuration has it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Model::V1 => "1",
            Model::V2c => "2c",
            Model::V3(Security::NoAuth) => "3 noauth",
            Model::V3(Security::Auth) => "3 auth",
            Model::V3(Security::Priv) => "3 priv",
        }
    }

    /// As tables have it.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Model::V1 => "v1",
            Model::V2c => "v2c",
            Model::V3(Security::NoAuth) => "v3 noauth",
            Model::V3(Security::Auth) => "v3 auth",
            Model::V3(Security::Priv) => "v3 priv",
        }
    }
}
