//! `show ip prefix-list`, `show ipv6 prefix-list`, in whole, in detail and in short.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::prefix::{PrefixEntry, PrefixList, PrefixLists, prefix_v4};
use super::route_map::Entry;
use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const LIST_V4: Token = kw("prefix-list", "List IP prefix lists");
const LIST_V6: Token = kw("prefix-list", "List IPv6 prefix lists");
const NAME: Token = param("name", Kind::Word, "Name of a prefix list");
const WHAT: Token = opt(&[one_of(&[
    &[kw("detail", "Detail of prefix lists"), opt(&[NAME])],
    &[kw("summary", "Summary of prefix lists"), opt(&[NAME])],
    &[
        NAME,
        opt(&[one_of(&[
            &[
                kw("seq", "sequence number of an entry"),
                param("seq", Kind::Integer { min: 1, max: 4_294_967_294 }, "Sequence number"),
            ],
            &[
                param("prefix", Kind::Word, "IP prefix <network>/<length>, e.g., 35.0.0.0/8"),
                opt(&[one_of(&[
                    &[kw("longer", "Lookup longer prefix")],
                    &[kw("first-match", "First matched prefix")],
                ])]),
            ],
        ])]),
    ],
])]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, kw("ip", "IP information"), LIST_V4, WHAT], v4),
    show(&[SHOW, kw("ipv6", "IPv6 information"), LIST_V6, WHAT], v6),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn v4(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    lists(turn, &turn.state.policies.prefixes, "ip", args)
}

fn v6(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    lists(turn, &turn.state.policies.prefixes_v6, "ipv6", args)
}

fn lists(turn: &Turn<'_>, lists: &PrefixLists, word: &str, args: &Args) -> Reply {
    let wanted = args.text("name");
    let shown = lists.all.iter().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name));
    let mut text = String::new();
    let counts = args.has("detail") || args.has("summary");
    if let Some(changed) = lists.changed.as_ref().filter(|_| counts && wanted.is_none()) {
        let _ = writeln!(text, "Prefix-list with the last deletion/insertion: {changed}");
    }
    if args.number("seq").is_some() || args.text("prefix").is_some() {
        let found = shown.flat_map(|(_, list)| entries_asked_for(list, args));
        return Reply::Text(found.map(|line| format!("   {line}\n")).collect());
    }
    let mut found = false;
    for (name, list) in shown {
        found = true;
        let count = list.entries.len();
        if counts {
            let _ = writeln!(text, "{word} prefix-list {name}:");
            counted(turn, word, name, list, &mut text);
        } else {
            let _ = writeln!(text, "{word} prefix-list {name}: {count} entries");
        }
        for (sequence, entry) in list.entries.iter().filter(|_| !args.has("summary")) {
            let hits = if counts { " (hit count: 0, refcount: 1)" } else { "" };
            let _ = writeln!(text, "   seq {sequence} {entry}{hits}");
        }
    }
    match wanted.filter(|_| !found) {
        Some(_) => Reply::Refused("%Can't find specified prefix-list\n".into()),
        None => Reply::Text(text),
    }
}

fn counted(turn: &Turn<'_>, word: &str, name: &str, list: &PrefixList, text: &mut String) {
    if let Some(description) = &list.description {
        let _ = writeln!(text, "   Description: {description}");
    }
    let ranges = |entry: &&PrefixEntry| entry.ge.is_some() || entry.le.is_some();
    let ranged = list.entries.values().filter(ranges).count();
    let first = list.entries.first_key_value().map_or(0, |(first, _)| *first);
    let last = list.entries.last_key_value().map_or(0, |(last, _)| *last);
    let users = turn.state.policies.route_maps.values().flat_map(|map| map.values());
    let references = users.filter(|entry: &&Entry| entry.asks_prefix_list(word, name)).count() + 1;
    let count = list.entries.len();
    let _ = writeln!(
        text,
        "   count: {count}, range entries: {ranged}, sequences: {first} - {last}, \
         refcount: {references}"
    );
}

/// The entries of one number, or about one prefix.
fn entries_asked_for(list: &PrefixList, args: &Args) -> Vec<String> {
    let number = args.number("seq");
    let prefix = args.text("prefix").and_then(|text| {
        prefix_v4(text).or_else(|| {
            let (address, length) = text.split_once('/')?;
            Some((address.parse().ok()?, length.parse().ok()?))
        })
    });
    let about = |sequence: u32, entry: &PrefixEntry| match (number, prefix) {
        (Some(number), _) => number == u64::from(sequence),
        (None, Some(prefix)) if args.has("longer") => entry.lies_in(prefix),
        (None, Some(prefix)) if args.has("first-match") => entry.matches(prefix),
        (None, Some((network, length))) => entry.network == network && entry.length == length,
        (None, None) => false,
    };
    let found = list.entries.iter().filter(|(sequence, entry)| about(**sequence, entry));
    let count = if args.has("first-match") { 1 } else { usize::MAX };
    found
        .take(count)
        .map(|(sequence, entry)| format!("seq {sequence} {entry} (hit count: 0, refcount: 1)"))
        .collect()
}

impl PrefixEntry {
    fn lies_in(&self, (network, length): (std::net::IpAddr, u8)) -> bool {
        self.length >= length && common_bits(self.network, network) >= u32::from(length)
    }

    fn matches(&self, (network, length): (std::net::IpAddr, u8)) -> bool {
        let fits = match (self.ge, self.le) {
            (None, None) => length == self.length,
            (Some(ge), None) => length >= ge,
            (ge, Some(le)) => (ge.unwrap_or(self.length)..=le).contains(&length),
        };
        fits && common_bits(self.network, network) >= u32::from(self.length)
    }
}

/// How many bits two addresses begin with alike.
fn common_bits(one: std::net::IpAddr, other: std::net::IpAddr) -> u32 {
    use std::net::IpAddr::{V4, V6};
    match (one, other) {
        (V4(one), V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (V6(one), V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (V4(_), V6(_)) | (V6(_), V4(_)) => 0,
    }
}
