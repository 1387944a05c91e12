//! Reads an entry from the words of a line that fits the grammar: whole keywords, canonical values.
//!
//! Called by the commands that make entries. The grammar says which words may follow which; what it
//! cannot say (an IPv6 prefix, an order of two ports) is refused here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::names::{self, Icmp, Name, value_of};
use super::rule::{
    Action, Address, End, FLAGS, Family, Log, Options, Ports, Protocol, Reflect, Rule,
};

/// Why words are no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// There are too few of them, as after `no permit`.
    Incomplete,
    /// This word of the entry is no value of its kind.
    Word(String),
}

/// What is left of the words.
#[derive(Debug)]
struct Words<'a>(std::iter::Peekable<std::str::SplitWhitespace<'a>>);

/// Reads `permit ...` or `deny ...`.
pub(super) fn rule(family: Family, text: &str) -> Result<Rule, Problem> {
    let mut words = Words(text.split_whitespace().peekable());
    let action = if words.take_if("permit") {
        Action::Permit
    } else if words.take_if("deny") {
        Action::Deny
    } else {
        return Err(words.problem());
    };
    let mut rule = match family {
        Family::Standard => Rule {
            action,
            protocol: Protocol::Any,
            source: End { address: words.standard()?, ports: None },
            destination: End::ANY,
            icmp: None,
            igmp: None,
            options: Options::default(),
        },
        Family::Extended | Family::V6 => {
            let protocol = words.protocol(family)?;
            let table = protocol.ports();
            let (source, destination) = (words.end(family, table)?, words.end(family, table)?);
            let options = Options::default();
            Rule { action, protocol, source, destination, icmp: None, igmp: None, options }
        }
    };
    words.kind(family, &mut rule);
    rule.options = words.options()?;
    match words.0.next() {
        None => Ok(rule),
        Some(word) => Err(Problem::Word(word.to_owned())),
    }
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Result<&'a str, Problem> {
        self.0.next().ok_or(Problem::Incomplete)
    }

    fn take_if(&mut self, word: &str) -> bool {
        self.0.next_if(|next| *next == word).is_some()
    }

    /// What is wrong with the next word.
    fn problem(&mut self) -> Problem {
        self.0.next().map_or(Problem::Incomplete, |word| Problem::Word(word.to_owned()))
    }

    /// A value, if the next word is one.
    fn value_if<V>(&mut self, value: impl Fn(&str) -> Option<V>) -> Option<V> {
        let found = value(self.0.peek()?)?;
        self.0.next();
        Some(found)
    }

    fn value<V>(&mut self, value: impl Fn(&str) -> Option<V>) -> Result<V, Problem> {
        self.value_if(value).ok_or_else(|| self.problem())
    }

    fn named(&mut self, table: &[Name<u8>]) -> Result<u8, Problem> {
        self.value(|word| value_of(table, word).or_else(|| word.parse().ok()))
    }

    fn protocol(&mut self, family: Family) -> Result<Protocol, Problem> {
        if self.take_if("object-group") {
            return Ok(Protocol::Group(self.next()?.to_owned()));
        }
        let v6 = family == Family::V6;
        let table = if v6 { names::PROTOCOLS_V6 } else { names::PROTOCOLS };
        self.value(|word| {
            let number = match word {
                "ip" | "ipv6" => return Some(Protocol::Any),
                "tcp" => names::TCP,
                "udp" => names::UDP,
                "sctp" => names::SCTP,
                "icmp" if v6 => names::ICMP_V6,
                "icmp" => names::ICMP,
                "igmp" => names::IGMP,
                word => value_of(table, word).or_else(|| word.parse().ok())?,
            };
            // IPv4 has no protocol of this number: IOS takes it for all of them.
            Some(if number == 0 && !v6 { Protocol::Any } else { Protocol::Number(number) })
        })
    }

    fn end(&mut self, family: Family, table: &[Name<u16>]) -> Result<End, Problem> {
        let address = match family {
            Family::V6 => self.address_v6()?,
            Family::Standard | Family::Extended => self.address()?,
        };
        Ok(End { address, ports: self.ports(table)? })
    }

    fn address(&mut self) -> Result<Address, Problem> {
        if self.take_if("any") {
            return Ok(Address::Any);
        }
        if self.take_if("object-group") {
            return Ok(Address::Group(self.next()?.to_owned()));
        }
        if self.take_if("host") {
            return self.value(|word| word.parse().ok()).map(host);
        }
        let address = self.value(|word| word.parse().ok())?;
        Ok(masked(address, self.value(|word| word.parse().ok())?))
    }

    /// A standard list may leave the wildcard out.
    fn standard(&mut self) -> Result<Address, Problem> {
        if self.0.peek().is_some_and(|word| word.parse::<Ipv4Addr>().is_ok()) {
            let address = self.value(|word| word.parse().ok())?;
            let wildcard = self.value_if(|word| word.parse().ok());
            return Ok(masked(address, wildcard.unwrap_or(Ipv4Addr::UNSPECIFIED)));
        }
        self.address()
    }

    fn address_v6(&mut self) -> Result<Address, Problem> {
        if self.take_if("any") {
            return Ok(Address::Any);
        }
        if self.take_if("object-group") {
            return Ok(Address::Group(self.next()?.to_owned()));
        }
        if self.take_if("host") {
            let host = self.value(|word| word.parse::<Ipv6Addr>().ok())?;
            return Ok(Address::Host(IpAddr::V6(host)));
        }
        self.value(prefix_v6)
    }

    fn ports(&mut self, table: &[Name<u16>]) -> Result<Option<Ports>, Problem> {
        let port = |word: &str| value_of(table, word).or_else(|| word.parse().ok());
        let ports = match self.0.peek() {
            Some(&"eq") => {
                self.0.next();
                Ports::Equal(self.several(port)?)
            }
            Some(&"neq") => {
                self.0.next();
                Ports::NotEqual(self.several(port)?)
            }
            Some(&"gt") => {
                self.0.next();
                Ports::Above(self.value(port)?)
            }
            Some(&"lt") => {
                self.0.next();
                Ports::Below(self.value(port)?)
            }
            Some(&"range") => {
                self.0.next();
                let (one, other) = (self.value(port)?, self.value(port)?);
                Ports::Range(one.min(other), one.max(other))
            }
            Some(_) | None => return Ok(None),
        };
        Ok(Some(ports))
    }

    fn several(&mut self, port: impl Fn(&str) -> Option<u16>) -> Result<Vec<u16>, Problem> {
        let mut ports = vec![self.value(&port)?];
        ports.extend(std::iter::from_fn(|| self.value_if(&port)));
        Ok(ports)
    }

    /// The type of an ICMP or IGMP message, if one is given.
    fn kind(&mut self, family: Family, rule: &mut Rule) {
        match rule.protocol {
            Protocol::Number(names::ICMP_V6) if family == Family::V6 => {
                rule.icmp = self.icmp(names::ICMP_V6_TYPES);
            }
            Protocol::Number(names::ICMP) => rule.icmp = self.icmp(names::ICMP_TYPES),
            Protocol::Number(names::IGMP) => {
                let value = |word: &str| value_of(names::IGMP_TYPES, word);
                rule.igmp = self.value_if(|word| value(word).or_else(|| word.parse().ok()));
            }
            Protocol::Number(_) | Protocol::Any | Protocol::Group(_) => {}
        }
    }

    fn icmp(&mut self, table: &[Name<Icmp>]) -> Option<Icmp> {
        if let Some(icmp) = self.value_if(|word| value_of(table, word)) {
            return Some(icmp);
        }
        let kind = self.value_if(|word| word.parse().ok())?;
        Some((kind, self.value_if(|word| word.parse().ok())))
    }

    fn options(&mut self) -> Result<Options, Problem> {
        let mut options = Options::default();
        while let Some(word) = self.0.peek().copied() {
            if let Some(flag) = FLAGS.iter().find(|flag| **flag == word) {
                options.flags.push(flag);
                self.0.next();
                continue;
            }
            let input = word == "log-input";
            match word {
                "log" | "log-input" => {
                    self.0.next();
                    options.log = Some(Log { input, tag: self.tag() });
                }
                "fragments" => {
                    self.0.next();
                    options.fragments = true;
                }
                "precedence" => {
                    self.0.next();
                    options.precedence = Some(self.named(names::PRECEDENCES)?);
                }
                "dscp" => {
                    self.0.next();
                    options.dscp = Some(self.named(names::DSCPS)?);
                }
                "tos" => {
                    self.0.next();
                    options.service = Some(self.named(names::SERVICES)?);
                }
                "ttl" => {
                    self.0.next();
                    options.ttl = self.ports(&[])?;
                }
                "time-range" => {
                    self.0.next();
                    options.time_range = Some(self.next()?.to_owned());
                }
                "reflect" => {
                    self.0.next();
                    let list = self.next()?.to_owned();
                    options.reflect = Some(Reflect { list, timeout_secs: self.timeout()? });
                }
                _ => break,
            }
        }
        let place = |flag: &&str| FLAGS.iter().position(|known| known == flag);
        options.flags.sort_by_key(|flag| place(flag));
        Ok(options)
    }

    /// The word behind `log`, unless it is another option.
    fn tag(&mut self) -> Option<String> {
        const OPTIONS: [&str; 7] =
            ["fragments", "precedence", "dscp", "tos", "ttl", "time-range", "reflect"];
        let is_option = |word: &str| OPTIONS.contains(&word) || FLAGS.contains(&word);
        self.value_if(|word| (!is_option(word)).then(|| word.to_owned()))
    }

    fn timeout(&mut self) -> Result<Option<u32>, Problem> {
        if !self.take_if("timeout") {
            return Ok(None);
        }
        self.value(|word| word.parse().ok()).map(Some)
    }
}

fn host(address: Ipv4Addr) -> Address {
    Address::Host(IpAddr::V4(address))
}

/// An address with its wildcard, in the form in which IOS keeps it.
fn masked(address: Ipv4Addr, wildcard: Ipv4Addr) -> Address {
    match wildcard.to_bits() {
        0 => host(address),
        u32::MAX => Address::Any,
        bits => {
            Address::Masked { address: Ipv4Addr::from_bits(address.to_bits() & !bits), wildcard }
        }
    }
}

/// `2001:DB8::/32`, in the form in which IOS keeps it.
fn prefix_v6(word: &str) -> Option<Address> {
    let (address, length) = word.split_once('/')?;
    let address: Ipv6Addr = address.parse().ok()?;
    let length: u8 = length.parse().ok().filter(|length| *length <= 128)?;
    let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
    let network = Ipv6Addr::from_bits(address.to_bits() & mask);
    Some(match length {
        0 => Address::Any,
        128 => Address::Host(IpAddr::V6(network)),
        length => Address::Prefix { address: network, length },
    })
}
