//! Reads `data/inert.txt`, once, into entries that all routers share.

use std::sync::LazyLock;

use crate::config::order;

/// The table, as it stands in the repository.
const SOURCE: &str = include_str!("../../../data/inert.txt");

/// All entries, in the order in which running-config prints those of one place.
pub(super) static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| entries(SOURCE));

/// One kind of line.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it stands.
    pub(super) place: Place,
    /// Whether the line begins with `no`.
    pub(super) negative: bool,
    /// Its fixed words, without `no`.
    pub(super) opening: &'static str,
    /// What follows them.
    pub(super) rest: Rest,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In global configuration, at this number of [`order`].
    Global(u16),
    /// Under an interface.
    Interface,
}

/// What follows the fixed words of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing.
    Nothing,
    /// One word; a new one replaces it.
    Value,
    /// Anything; each is a line of its own.
    Line,
}

fn entries(source: &'static str) -> Vec<Entry> {
    let lines = source.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| entry(line).unwrap_or_else(|| panic!("inert.txt: {line}"))).collect()
}

fn entry(line: &'static str) -> Option<Entry> {
    let mut columns = line.split(" | ");
    let (place, words, _seen) = (columns.next()?, columns.next()?, columns.next()?);
    let (negative, words) = match words.strip_prefix("no ") {
        Some(positive) => (true, positive),
        None => (false, words),
    };
    let (opening, rest) = match words.rsplit_once(' ') {
        Some((opening, "VALUE")) => (opening, Rest::Value),
        Some((opening, "LINE")) => (opening, Rest::Line),
        _ => (words, Rest::Nothing),
    };
    Some(Entry { place: read_place(place)?, negative, opening, rest })
}

fn read_place(word: &str) -> Option<Place> {
    let order = match word {
        "in interface" => return Some(Place::Interface),
        "service" => order::SERVICE,
        "boot" => order::BOOT,
        "aaa" => order::AAA,
        "names" => order::NAMES,
        "platform" => order::PLATFORM,
        "discovery" => order::DISCOVERY,
        "ip" => order::IP,
        "ip services" => order::IP_SERVICES,
        "snmp" => order::SNMP,
        "control-plane" => order::CONTROL_PLANE,
        "ntp" => order::NTP,
        "programmatic" => order::PROGRAMMATIC,
        _ => return None,
    };
    Some(Place::Global(order))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Goal: the table reads, and no line of it stands twice. Method: read it.
    #[test]
    fn the_table_reads() {
        let mut seen = BTreeSet::new();
        for Entry { place, negative, opening, .. } in ENTRIES.iter() {
            assert!(seen.insert((format!("{place:?}"), negative, opening)), "{opening} twice");
        }
    }
}
