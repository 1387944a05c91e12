//! Reads `data/inert.txt`, once, into entries that all routers share.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::config::order;
use crate::feature::routing::Kind;

/// The table, as it stands in the repository.
const SOURCE: &str = include_str!("../../../data/inert.txt");

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(SOURCE));

/// What is read of the table.
#[derive(Debug, Default)]
struct Table {
    entries: Vec<Entry>,
    /// The words that the prompts of the modes have: `config-router`.
    modes: Vec<&'static str>,
    /// The entries by their first two words, as far as they are fixed.
    by_words: BTreeMap<(String, String), Vec<u16>>,
}

/// One kind of line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where it stands.
    pub(super) place: Place,
    /// Whether the line begins with `no`.
    pub(super) negative: bool,
    /// Its words, without `no`.
    pub(super) pieces: Vec<Piece>,
    /// Where the line leads.
    pub(super) leads: Leads,
    /// Where such a line is seen.
    pub(super) seen: &'static str,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In global configuration, at this number of [`order`].
    Global(u16),
    /// Under an interface.
    Interface,
    /// Under a line.
    Line,
    /// In a block of a routing protocol.
    Router(Kind),
    /// Under a VRF.
    Vrf,
    /// Under a family of addresses of a VRF.
    VrfFamily,
    /// In a mode that another line of the table opens.
    Mode(u8),
}

/// What one word of a line can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// This word.
    Fixed(&'static str),
    /// `VALUE`: one word. At the end of a line, a new one replaces it.
    Value,
    /// `NUMBER`: one number. At the end of a line, a new one replaces it.
    Number,
    /// `TEXT`: the rest of the line; a new one replaces it.
    Text,
    /// `LINE`: the rest of the line; each is a line of its own.
    Line,
    /// `[LINE]`: the same, or nothing.
    Optional,
}

/// Where a line leads the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// Nowhere.
    Nowhere,
    /// Into this mode.
    Into(u8),
    /// Out of the mode where it stands.
    Out,
}

/// All entries, in the order in which running-config prints those of one place.
pub(super) fn entries() -> &'static [Entry] {
    &TABLE.entries
}

/// The entries that a line of these words may be about, with their numbers, in the order of the
/// table.
pub(super) fn candidates(words: &str) -> Vec<(&'static Entry, u16)> {
    let mut typed = words.split_whitespace().map(str::to_ascii_lowercase);
    let (first, second) = (typed.next().unwrap_or_default(), typed.next().unwrap_or_default());
    let none = String::new;
    let keys =
        [(first.clone(), second.clone()), (first, none()), (none(), second), (none(), none())];
    let mut found: Vec<u16> =
        keys.iter().filter_map(|key| TABLE.by_words.get(key)).flatten().copied().collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|index| (&TABLE.entries[usize::from(index)], index)).collect()
}

/// How many modes the table opens.
pub(super) fn mode_count() -> u8 {
    u8::try_from(TABLE.modes.len()).expect("the table opens few modes")
}

/// What the prompt of a mode says.
pub(crate) fn mode_word(mode: u8) -> &'static str {
    TABLE.modes[usize::from(mode)]
}

impl Table {
    fn read(source: &'static str) -> Self {
        let mut table = Table::default();
        let lines = source.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let entry = table.entry(line).unwrap_or_else(|| panic!("inert.txt: {line}"));
            let index = u16::try_from(table.entries.len()).expect("the table is short");
            let fixed = |at: usize| match entry.pieces.get(at) {
                Some(Piece::Fixed(word)) => word.to_ascii_lowercase(),
                Some(_) | None => String::new(),
            };
            table.by_words.entry((fixed(0), fixed(1))).or_default().push(index);
            table.entries.push(entry);
        }
        table
    }

    fn entry(&mut self, line: &'static str) -> Option<Entry> {
        let mut columns = line.split(" | ");
        let (place, words, seen) = (columns.next()?, columns.next()?, columns.next()?);
        let place = self.place(place)?;
        let (words, leads) = match words.rsplit_once(" >") {
            Some((words, mode)) => (words, Leads::Into(self.mode(mode.trim()))),
            None => match words.strip_suffix(" <") {
                Some(words) => (words, Leads::Out),
                None => (words, Leads::Nowhere),
            },
        };
        let (negative, words) = match words.strip_prefix("no ") {
            Some(positive) => (true, positive),
            None => (false, words),
        };
        let pieces = words.split(' ').map(Piece::read).collect();
        Some(Entry { place, negative, pieces, leads, seen })
    }

    /// The number of a mode; a new one if it is the first line about it.
    fn mode(&mut self, word: &'static str) -> u8 {
        let index = self.modes.iter().position(|mode| *mode == word).unwrap_or_else(|| {
            self.modes.push(word);
            self.modes.len() - 1
        });
        u8::try_from(index).expect("the table opens few modes")
    }

    /// A mode must be opened above the first line that stands in it.
    fn place(&self, word: &str) -> Option<Place> {
        match word {
            "in interface" => return Some(Place::Interface),
            "in line" => return Some(Place::Line),
            "in vrf" => return Some(Place::Vrf),
            "in vrf family" => return Some(Place::VrfFamily),
            _ => {}
        }
        if let Some(kind) = word.strip_prefix("in ").and_then(Kind::named) {
            return Some(Place::Router(kind));
        }
        if let Some(mode) = word.strip_prefix("in ") {
            let known = self.modes.iter().position(|known| *known == mode);
            return known.and_then(|index| u8::try_from(index).ok()).map(Place::Mode);
        }
        let order = match word {
            "service" => order::SERVICE,
            "boot" => order::BOOT,
            "logging" => order::LOGGING_LOCAL,
            "logging remote" => order::LOGGING_REMOTE,
            "aaa" => order::AAA,
            "names" => order::NAMES,
            "platform" => order::PLATFORM,
            "keys" => order::KEYS,
            "vlan" => order::VLAN,
            "discovery" => order::DISCOVERY,
            "quality" => order::QUALITY,
            "crypto" => order::CRYPTO,
            "controller" => order::CONTROLLER,
            "router" => order::ROUTER,
            "ip" => order::IP,
            "ip services" => order::IP_SERVICES,
            "access lists" => order::ACCESS_LISTS,
            "route maps" => order::ROUTE_MAPS,
            "snmp" => order::SNMP,
            "servers" => order::SERVERS,
            "control-plane" => order::CONTROL_PLANE,
            "voice" => order::VOICE,
            "scheduler" => order::SCHEDULER,
            "ntp" => order::NTP,
            "programmatic" => order::PROGRAMMATIC,
            _ => return None,
        };
        Some(Place::Global(order))
    }
}

impl Piece {
    fn read(word: &'static str) -> Self {
        match word {
            "VALUE" => Piece::Value,
            "NUMBER" => Piece::Number,
            "TEXT" => Piece::Text,
            "LINE" => Piece::Line,
            "[LINE]" => Piece::Optional,
            fixed => Piece::Fixed(fixed),
        }
    }
}

impl Entry {
    /// Whether a line of these words is about this entry.
    pub(super) fn fits(&self, words: &str) -> bool {
        let mut words = words.split_whitespace();
        for piece in &self.pieces {
            let fits = match (piece, words.next()) {
                (Piece::Optional, _) => return true,
                (Piece::Line | Piece::Text, word) => return word.is_some(),
                (Piece::Fixed(fixed), word) => {
                    word.is_some_and(|word| word.eq_ignore_ascii_case(fixed))
                }
                (Piece::Value, word) => word.is_some(),
                (Piece::Number, word) => {
                    word.is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()))
                }
            };
            if !fits {
                return false;
            }
        }
        words.next().is_none()
    }

    /// How many of its words are fixed: of several entries that fit, the one with most is meant.
    pub(super) fn fixed(&self) -> usize {
        self.pieces.iter().filter(|piece| matches!(piece, Piece::Fixed(_))).count()
    }

    /// The line that is kept of these words, the fixed ones as the table spells them.
    pub(super) fn line(&self, words: &str) -> String {
        format!("{}{}", self.no(), self.spelled(words))
    }

    fn spelled(&self, words: &str) -> String {
        let mut pieces = self.pieces.iter();
        let word = |word| {
            if let Some(Piece::Fixed(fixed)) = pieces.next() { *fixed } else { word }
        };
        words.split(' ').map(word).collect::<Vec<&str>>().join(" ")
    }

    /// The beginning of the lines that a line of these words takes away.
    pub(super) fn replaced(&self, words: &str) -> String {
        let kept = match (self.leads, self.pieces.last()) {
            (Leads::Into(_), _) => usize::MAX,
            (_, Some(Piece::Value | Piece::Number | Piece::Text)) => self.pieces.len() - 1,
            (_, Some(Piece::Fixed(_) | Piece::Line | Piece::Optional) | None) => usize::MAX,
        };
        let words = self.spelled(words);
        let words: Vec<&str> = words.split(' ').take(kept).collect();
        format!("{}{}", self.no(), words.join(" "))
    }

    fn no(&self) -> &'static str {
        if self.negative { "no " } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Goal: the table reads, no line of it stands twice, and a value that is replaced has
    /// something in front of it. Method: read it.
    #[test]
    fn the_table_reads() {
        let mut seen = BTreeSet::new();
        for Entry { place, negative, pieces, leads, .. } in entries() {
            let place = match place {
                // In one mode each line stands once, whatever the heading that it is printed under.
                Place::Global(_) => "global".to_owned(),
                Place::Interface
                | Place::Line
                | Place::Router(_)
                | Place::Vrf
                | Place::VrfFamily
                | Place::Mode(_) => {
                    format!("{place:?}")
                }
            };
            assert!(seen.insert((place, negative, format!("{pieces:?}"))), "{pieces:?} twice");
            assert!(matches!(pieces.first(), Some(Piece::Fixed(_) | Piece::Number)), "{pieces:?}");
            assert!(!matches!(leads, Leads::Into(_)) || !negative, "{pieces:?} leads nowhere");
        }
    }

    /// Goal: a line finds its entry, and says which lines it replaces. Method: a table.
    #[test]
    fn lines_fit_entries() {
        let check = |entry: &'static str, words: &str, want: Option<&str>| {
            let mut table = Table::default();
            let entry = table.entry(entry).expect("the line of the test reads");
            let got = entry.fits(words).then(|| entry.replaced(words));
            assert_eq!(got.as_deref(), want, "{words}");
        };
        check("ip | ip mtu VALUE | x", "ip mtu 1400", Some("ip mtu"));
        check("ip | ip mtu VALUE | x", "ip mtu", None);
        check("ip | ip a LINE | x", "ip a b c", Some("ip a b c"));
        check("ip | ip a [LINE] | x", "ip a", Some("ip a"));
        check("ip | ip a [LINE] > config-a | x", "ip a 1", Some("ip a 1"));
        check("ip | NUMBER permit LINE | x", "10 permit ip any any", Some("10 permit ip any any"));
        check(
            "ip | n VALUE remote-as VALUE | x",
            "n 10.0.0.1 remote-as 5",
            Some("n 10.0.0.1 remote-as"),
        );
        check("ip | no ip http server | x", "ip http server", Some("no ip http server"));
        check("ip | ip http server | x", "ip http serve", None);
    }
}
