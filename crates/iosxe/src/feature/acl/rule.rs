//! One entry of an access list as a value: what it matches, and how it prints.
//!
//! Made by `read`, matched by `packet`. Two entries that mean the same are equal.

use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::names::{self, word_of};

/// What becomes of a packet that an entry matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// `permit`
    Permit,
    /// `deny`
    Deny,
}

/// Which lists have entries of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    /// `ip access-list standard`: the source alone.
    Standard,
    /// `ip access-list extended`
    Extended,
    /// `ipv6 access-list`
    V6,
}

/// What one `permit` or `deny` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) action: Action,
    pub(super) protocol: Protocol,
    pub(super) source: End,
    pub(super) destination: End,
    /// The type of an ICMP message.
    pub(super) icmp: Option<names::Icmp>,
    /// The type of an IGMP message.
    pub(super) igmp: Option<u8>,
    pub(super) options: Options,
}

/// Which protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// `ip`, `ipv6`
    Any,
    Number(u8),
    /// The services of an object group.
    Group(String),
}

/// An end of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) address: Address,
    pub(super) ports: Option<Ports>,
}

/// Which addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Any,
    Host(IpAddr),
    /// Bits that are set in the wildcard do not count, and are not set in the address.
    Masked {
        address: Ipv4Addr,
        wildcard: Ipv4Addr,
    },
    Prefix {
        address: Ipv6Addr,
        length: u8,
    },
    /// The addresses of an object group.
    Group(String),
}

/// Which numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ports {
    Equal(Vec<u16>),
    NotEqual(Vec<u16>),
    Above(u16),
    Below(u16),
    Range(u16, u16),
}

/// What else an entry asks for, and what it does besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// `established`, `ack`, ...: in this order.
    pub(super) flags: Vec<&'static str>,
    pub(super) precedence: Option<u8>,
    pub(super) dscp: Option<u8>,
    pub(super) service: Option<u8>,
    pub(super) ttl: Option<Ports>,
    pub(super) fragments: bool,
    pub(super) reflect: Option<Reflect>,
    pub(super) time_range: Option<String>,
    pub(super) log: Option<Log>,
}

/// `reflect NAME [timeout SECONDS]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reflect {
    pub(super) list: String,
    pub(super) timeout_secs: Option<u32>,
}

/// `log` and `log-input`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Log {
    pub(super) input: bool,
    /// The word that stands in the message.
    pub(super) tag: Option<String>,
}

/// The flags of TCP, and what an IPv6 entry asks of headers, in the order in which they print.
pub(super) const FLAGS: [&str; 9] =
    ["ack", "fin", "psh", "rst", "syn", "urg", "established", "routing", "undetermined-transport"];

impl Action {
    /// `permit`, `deny`
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Action::Permit => "permit",
            Action::Deny => "deny",
        }
    }
}

impl End {
    pub(super) const ANY: End = End { address: Address::Any, ports: None };
}

impl Rule {
    /// As running-config has it: the columns of `permit` and `deny` are those of IOS.
    pub(super) fn configured(&self, family: Family) -> String {
        match family {
            Family::Standard => {
                let (action, log) = (self.action.as_str(), self.options.printed(Form::Configured));
                format!("{action:<6} {}{log}", standard(&self.source.address, " "))
            }
            Family::Extended => {
                let action = self.action.as_str();
                format!("{action:<6} {}", self.body(family, Form::Configured))
            }
            Family::V6 => {
                format!("{} {}", self.action.as_str(), self.body(family, Form::Configured))
            }
        }
    }

    /// As `show access-lists` has it.
    pub(super) fn shown(&self, family: Family) -> String {
        let action = self.action.as_str();
        match family {
            Family::Standard => {
                let log = self.options.printed(Form::Shown);
                format!("{action} {}{log}", standard(&self.source.address, ", wildcard bits "))
            }
            Family::Extended | Family::V6 => format!("{action} {}", self.body(family, Form::Shown)),
        }
    }

    fn body(&self, family: Family, form: Form) -> String {
        let Rule { protocol, source, destination, icmp, igmp, options, .. } = self;
        let mut text = protocol.printed(family);
        for end in [source, destination] {
            let _ = write!(text, " {}", end.address);
            if let Some(ports) = &end.ports {
                let _ = write!(text, " {}", ports.printed(protocol.ports()));
            }
        }
        if let Some(icmp) = icmp {
            let table = if family == Family::V6 { names::ICMP_V6_TYPES } else { names::ICMP_TYPES };
            let _ = match (word_of(table, *icmp), icmp) {
                (Some(word), _) => write!(text, " {word}"),
                (None, (kind, Some(code))) => write!(text, " {kind} {code}"),
                (None, (kind, None)) => write!(text, " {kind}"),
            };
        }
        if let Some(igmp) = igmp {
            let _ = write!(text, " {}", named(names::IGMP_TYPES, *igmp));
        }
        text + &options.printed(form)
    }
}

/// Where an entry is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Configured,
    Shown,
}

/// A standard list writes no `host`.
fn standard(address: &Address, between: &str) -> String {
    match address {
        Address::Host(host) => host.to_string(),
        Address::Masked { address, wildcard } => format!("{address}{between}{wildcard}"),
        Address::Any | Address::Prefix { .. } | Address::Group(_) => address.to_string(),
    }
}

fn named(table: &[names::Name<u8>], value: u8) -> String {
    word_of(table, value).map_or_else(|| value.to_string(), str::to_owned)
}

impl Protocol {
    fn printed(&self, family: Family) -> String {
        let table = if family == Family::V6 { names::PROTOCOLS_V6 } else { names::PROTOCOLS };
        match self {
            Protocol::Any if family == Family::V6 => "ipv6".to_owned(),
            Protocol::Any => "ip".to_owned(),
            Protocol::Number(names::TCP) => "tcp".to_owned(),
            Protocol::Number(names::UDP) => "udp".to_owned(),
            Protocol::Number(names::SCTP) => "sctp".to_owned(),
            Protocol::Number(names::ICMP_V6) if family == Family::V6 => "icmp".to_owned(),
            Protocol::Number(names::ICMP) if family == Family::Extended => "icmp".to_owned(),
            Protocol::Number(names::IGMP) if family == Family::Extended => "igmp".to_owned(),
            Protocol::Number(number) => named(table, *number),
            Protocol::Group(group) => format!("object-group {group}"),
        }
    }

    /// The words that its ports have.
    pub(super) fn ports(&self) -> &'static [names::Name<u16>] {
        match self {
            Protocol::Number(names::TCP) => names::TCP_PORTS,
            Protocol::Number(names::UDP) => names::UDP_PORTS,
            Protocol::Number(_) | Protocol::Any | Protocol::Group(_) => &[],
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Any => f.write_str("any"),
            Address::Host(IpAddr::V4(host)) => write!(f, "host {host}"),
            Address::Host(IpAddr::V6(host)) => {
                write!(f, "host {}", host.to_string().to_ascii_uppercase())
            }
            Address::Masked { address, wildcard } => write!(f, "{address} {wildcard}"),
            Address::Prefix { address, length } => {
                write!(f, "{}/{length}", address.to_string().to_ascii_uppercase())
            }
            Address::Group(group) => write!(f, "object-group {group}"),
        }
    }
}

impl Ports {
    fn printed(&self, table: &[names::Name<u16>]) -> String {
        let port =
            |port: &u16| word_of(table, *port).map_or_else(|| port.to_string(), str::to_owned);
        let all = |ports: &[u16]| ports.iter().map(port).collect::<Vec<_>>().join(" ");
        match self {
            Ports::Equal(ports) => format!("eq {}", all(ports)),
            Ports::NotEqual(ports) => format!("neq {}", all(ports)),
            Ports::Above(above) => format!("gt {}", port(above)),
            Ports::Below(below) => format!("lt {}", port(below)),
            Ports::Range(first, last) => format!("range {} {}", port(first), port(last)),
        }
    }
}

impl Options {
    /// Each with a blank in front.
    fn printed(&self, form: Form) -> String {
        let mut text = String::new();
        let mut add = |words: String| {
            text.push(' ');
            text.push_str(&words);
        };
        self.flags.iter().for_each(|flag| add((*flag).to_owned()));
        if let Some(precedence) = self.precedence {
            add(format!("precedence {}", named(names::PRECEDENCES, precedence)));
        }
        if let Some(dscp) = self.dscp {
            add(format!("dscp {}", named(names::DSCPS, dscp)));
        }
        if let Some(service) = self.service {
            add(format!("tos {}", named(names::SERVICES, service)));
        }
        if let Some(ttl) = &self.ttl {
            add(format!("ttl {}", ttl.printed(&[])));
        }
        if self.fragments {
            add("fragments".to_owned());
        }
        if let Some(Reflect { list, timeout_secs }) = &self.reflect {
            add(format!("reflect {list}"));
            timeout_secs.iter().for_each(|secs| add(format!("timeout {secs}")));
        }
        if let Some(range) = &self.time_range {
            add(format!("time-range {range}"));
        }
        if let Some(Log { input, tag }) = &self.log {
            add(if *input { "log-input" } else { "log" }.to_owned());
            match (tag, form) {
                (Some(tag), Form::Configured) => add(tag.clone()),
                (Some(tag), Form::Shown) => add(format!("(tag = {tag})")),
                (None, Form::Configured | Form::Shown) => {}
            }
        }
        text
    }
}
