//! `ip prefix-list`, `ipv6 prefix-list`: the lists, the commands, and how they print.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};

pub(crate) use super::prefix_show::COMMANDS as SHOW;
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::feature::acl::{Action, Version};
use crate::session::Session;
use crate::turn::Turn;

/// From one entry to the next, where no number is given.
const STEP: u32 = 5;

/// The largest number of an entry.
const SEQUENCE_MAX: u32 = 4_294_967_294;

/// How many lists of one protocol a router may have.
const LISTS_MAX: usize = 1_000;

/// How many entries one list may have.
const ENTRIES_MAX: usize = 4_000;

/// The prefix lists of one protocol.
#[derive(Clone, Debug, Default)]
pub(super) struct PrefixLists {
    pub(super) all: BTreeMap<String, PrefixList>,
    /// `no ip prefix-list sequence-number`: numbers are not printed.
    pub(super) hides_numbers: bool,
    /// The list that was changed last.
    pub(super) changed: Option<String>,
}

/// One list.
#[derive(Clone, Debug, Default)]
pub(super) struct PrefixList {
    pub(super) description: Option<String>,
    pub(super) entries: BTreeMap<u32, PrefixEntry>,
}

/// One entry: `permit 10.0.0.0/8 ge 16 le 24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PrefixEntry {
    pub(super) action: Action,
    pub(super) network: IpAddr,
    pub(super) length: u8,
    pub(super) ge: Option<u8>,
    pub(super) le: Option<u8>,
}

impl fmt::Display for PrefixEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PrefixEntry { action, length, ge, le, .. } = self;
        write!(f, "{} {}/{length}", action.as_str(), self.network_text())?;
        if let Some(ge) = ge {
            write!(f, " ge {ge}")?;
        }
        match le {
            Some(le) => write!(f, " le {le}"),
            None => Ok(()),
        }
    }
}

impl PrefixEntry {
    /// The address as IOS prints it: IPv6 in capitals.
    pub(super) fn network_text(&self) -> String {
        self.network.to_string().to_ascii_uppercase()
    }
}

const IP: Token = kw("ip", "Global IP configuration subcommands");
const IPV6: Token = kw("ipv6", "Global IPv6 configuration commands");
const LIST: Token = kw("prefix-list", "Build a prefix list");
const NAME: Token = param("name", Kind::Word, "Name of a prefix list");
const PERMIT: Token = kw("permit", "Specify packets to forward");
const DENY: Token = kw("deny", "Specify packets to reject");
const SEQUENCE: [Token; 2] = [
    kw("seq", "sequence number of an entry"),
    param("seq", Kind::Integer { min: 1, max: SEQUENCE_MAX as u64 }, "Sequence number"),
];
const DESCRIPTION: &[Token] = &[
    kw("description", "Prefix-list specific description"),
    param("description", Kind::Line, "Up to 80 characters describing this prefix-list"),
];
const PREFIX: Token = param("prefix", Kind::Word, "IP prefix <network>/<length>, e.g., 35.0.0.0/8");
const PREFIX_V6: Token = param("prefix", Kind::Ipv6Prefix, "IPv6 prefix");
const RANGE: Token = any_of(&[
    &[
        kw("ge", "Minimum prefix length to be matched"),
        param("ge", Kind::Integer { min: 1, max: 32 }, "Minimum prefix length"),
    ],
    &[
        kw("le", "Maximum prefix length to be matched"),
        param("le", Kind::Integer { min: 1, max: 32 }, "Maximum prefix length"),
    ],
]);
const RANGE_V6: Token = any_of(&[
    &[
        kw("ge", "Minimum prefix length to be matched"),
        param("ge", Kind::Integer { min: 1, max: 128 }, "Minimum prefix length"),
    ],
    &[
        kw("le", "Maximum prefix length to be matched"),
        param("le", Kind::Integer { min: 1, max: 128 }, "Maximum prefix length"),
    ],
]);
const ACTION: Token = one_of(&[&[PERMIT, PREFIX, RANGE], &[DENY, PREFIX, RANGE]]);
const ACTION_V6: Token = one_of(&[&[PERMIT, PREFIX_V6, RANGE_V6], &[DENY, PREFIX_V6, RANGE_V6]]);

/// The commands of this file. `sequence-number` stands where a name does, and is told from one by
/// its handler: the parser would take the name `seq` for it.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[
            IP,
            LIST,
            NAME,
            opt(&[one_of(&[
                DESCRIPTION,
                &[PERMIT, PREFIX, RANGE],
                &[DENY, PREFIX, RANGE],
                &[SEQUENCE[0], SEQUENCE[1], ACTION],
            ])]),
        ],
        v4,
    ),
    command(
        &[
            IPV6,
            LIST,
            NAME,
            opt(&[one_of(&[
                DESCRIPTION,
                &[PERMIT, PREFIX_V6, RANGE_V6],
                &[DENY, PREFIX_V6, RANGE_V6],
                &[SEQUENCE[0], SEQUENCE[1], ACTION_V6],
            ])]),
        ],
        v6,
    ),
];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::ROUTE_MAPS, print }];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

fn print(state: &State, text: &mut ConfigText) {
    for (word, lists) in [("ip", &state.policies.prefixes), ("ipv6", &state.policies.prefixes_v6)] {
        if lists.hides_numbers {
            text.line(format_args!("no {word} prefix-list sequence-number"));
        }
        for (name, list) in &lists.all {
            text.separator();
            if let Some(description) = &list.description {
                text.line(format_args!("{word} prefix-list {name} description {description}"));
            }
            for (sequence, entry) in &list.entries {
                let seq = match lists.hides_numbers {
                    true => String::new(),
                    false => format!("seq {sequence} "),
                };
                text.line(format_args!("{word} prefix-list {name} {seq}{entry}"));
            }
            text.separator();
        }
    }
}

fn v4(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    change(&mut turn.state.policies.prefixes, Version::V4, args)
}

fn v6(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    change(&mut turn.state.policies.prefixes_v6, Version::V6, args)
}

fn change(lists: &mut PrefixLists, version: Version, args: &Args) -> Reply {
    let Some(name) = args.text("name") else { return Reply::Incomplete };
    if !is_word(name) {
        return Reply::Invalid { column: args.column("name") };
    }
    let removes = args.is_no() || args.is_default();
    let has_entry = args.has("permit") || args.has("deny");
    if !has_entry && !args.has("description") && name.eq_ignore_ascii_case("sequence-number") {
        lists.hides_numbers = args.is_no();
        return Reply::Done;
    }
    let entry = match has_entry.then(|| entry(version, args)).transpose() {
        Ok(entry) => entry,
        Err(reply) => return reply,
    };
    if removes {
        return remove(lists, name, args, entry);
    }
    if !lists.all.contains_key(name) && lists.all.len() >= LISTS_MAX {
        return Reply::Refused("% Maximum number of prefix lists reached\n".into());
    }
    let number = args.number("seq").and_then(|seq| u32::try_from(seq).ok());
    let reply = match (entry, args.text("description")) {
        (Some(entry), _) => lists.all.entry(name.to_owned()).or_default().add(number, entry),
        (None, Some(description)) => {
            let list = lists.all.entry(name.to_owned()).or_default();
            list.description = Some(description.to_owned());
            Reply::Done
        }
        (None, None) => return Reply::Incomplete,
    };
    lists.changed = Some(name.to_owned());
    lists.all.retain(|_, list| !list.is_nothing());
    reply
}

fn remove(lists: &mut PrefixLists, name: &str, args: &Args, entry: Option<PrefixEntry>) -> Reply {
    let missing = || Reply::Refused("%Can't find specified prefix-list\n".into());
    let Some(list) = lists.all.get_mut(name) else { return missing() };
    let number = args.number("seq").and_then(|seq| u32::try_from(seq).ok());
    if args.has("description") {
        list.description = None;
    } else if let Some(number) = number {
        let there = list.entries.get(&number).copied();
        if there.is_none_or(|there| entry.is_some_and(|entry| entry != there)) {
            return missing();
        }
        list.entries.remove(&number);
    } else if let Some(entry) = entry {
        let count = list.entries.len();
        list.entries.retain(|_, there| *there != entry);
        if list.entries.len() == count {
            return missing();
        }
    } else {
        lists.all.remove(name);
    }
    lists.changed = Some(name.to_owned());
    lists.all.retain(|_, list| !list.is_nothing());
    Reply::Done
}

impl PrefixList {
    fn is_nothing(&self) -> bool {
        self.description.is_none() && self.entries.is_empty()
    }

    fn add(&mut self, number: Option<u32>, entry: PrefixEntry) -> Reply {
        let failed = |why: &str, number: u32, entry: &PrefixEntry| {
            Reply::Refused(format!("%Insertion failed - {why}:\n   seq {number} {entry}\n"))
        };
        if let Some((number, there)) = number.and_then(|n| Some((n, self.entries.get(&n)?))) {
            let same = *there == entry;
            return if same { Reply::Done } else { failed("seq # exists", number, there) };
        }
        if let Some((at, _)) = self.entries.iter().find(|(_, there)| **there == entry) {
            return match number {
                Some(_) => failed("prefix-list entry exists", *at, &entry),
                None => Reply::Done,
            };
        }
        let last = self.entries.last_key_value().map_or(0, |(last, _)| *last);
        let next = number.or(last.checked_add(STEP)).filter(|next| *next <= SEQUENCE_MAX);
        let Some(next) = next.filter(|_| self.entries.len() < ENTRIES_MAX) else {
            return Reply::Refused("% Maximum number of prefix list entries reached\n".into());
        };
        self.entries.insert(next, entry);
        Reply::Done
    }
}

/// The entry of a line, in canonical form.
fn entry(version: Version, args: &Args) -> Result<PrefixEntry, Reply> {
    let invalid = || Reply::Invalid { column: args.column("prefix") };
    let action = if args.has("permit") { Action::Permit } else { Action::Deny };
    let (network, length) = match version {
        Version::V4 => {
            prefix_v4(args.text("prefix").ok_or(Reply::Incomplete)?).ok_or_else(invalid)?
        }
        Version::V6 => {
            let (address, length) = args.ipv6_prefix("prefix").ok_or(Reply::Incomplete)?;
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            (IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask)), length)
        }
    };
    let bound = |name| args.number(name).and_then(|number| u8::try_from(number).ok());
    let (ge, le) = (bound("ge"), bound("le"));
    let entry = PrefixEntry { action, network, length, ge, le };
    let rises = ge.is_none_or(|ge| length < ge)
        && le.is_none_or(|le| length < le && ge.is_none_or(|ge| ge <= le));
    if rises {
        return Ok(entry);
    }
    Err(Reply::Refused(format!(
        "% Invalid prefix range for {}/{length}, make sure: len < ge-value <= le-value\n",
        entry.network_text()
    )))
}

/// `10.1.2.3/8`, with the bits of its host cleared.
pub(super) fn prefix_v4(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let address: Ipv4Addr = address.parse().ok()?;
    let length: u8 = length.parse().ok().filter(|length| *length <= 32)?;
    let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
    Some((IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask)), length))
}
