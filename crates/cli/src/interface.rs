//! Interface names: every form that IOS takes, the two that it prints, and their order.
//!
//! Used by the parser and by every feature that names an interface. It does not know which
//! interfaces a router has.

use std::fmt;

use crate::words::common_prefix;

/// A type of interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceKind(u8);

/// What is known of a type.
struct KindRow {
    long: &'static str,
    short: &'static str,
    physical: bool,
    help: &'static str,
}

/// A type with a number of its own: a logical interface, made by naming it.
const fn logical(long: &'static str, short: &'static str, help: &'static str) -> KindRow {
    KindRow { long, short, physical: false, help }
}

/// A port of the chassis.
const fn port(long: &'static str, short: &'static str, help: &'static str) -> KindRow {
    KindRow { long, short, physical: true, help }
}

/// The types in the order in which `show ip interface brief` lists them: ports first, then the
/// logical ones by name. Spelling and short forms are those of IOS XE 17 (the short forms beyond
/// Gi, Te, Lo, Vl, Tu and Po are from experience, not re-read).
const KINDS: &[KindRow] = &[
    port("FastEthernet", "Fa", "FastEthernet IEEE 802.3"),
    port("GigabitEthernet", "Gi", "GigabitEthernet IEEE 802.3z"),
    port("TwoGigabitEthernet", "Tw", "2.5 GigabitEthernet"),
    port("FiveGigabitEthernet", "Fi", "FiveGigabitEthernet"),
    port("TenGigabitEthernet", "Te", "Ten Gigabit Ethernet"),
    port("TwentyFiveGigE", "Twe", "Twenty Five Gigabit Ethernet"),
    port("FortyGigabitEthernet", "Fo", "Forty Gigabit Ethernet"),
    port("HundredGigE", "Hu", "Hundred Gigabit Ethernet"),
    port("AppGigabitEthernet", "Ap", "App-hosting GigabitEthernet"),
    port("Ethernet", "Et", "IEEE 802.3"),
    port("Serial", "Se", "Serial"),
    port("Cellular", "Ce", "Cellular WAN interface"),
    logical("BDI", "BD", "Bridge-Domain interface"),
    logical("Dialer", "Di", "Dialer interface"),
    logical("Loopback", "Lo", "Loopback interface"),
    logical("Multilink", "Mu", "Multilink-group interface"),
    logical("nve", "nv", "Network virtualization endpoint interface"),
    logical("Null", "Nu", "Null interface"),
    logical("Port-channel", "Po", "Ethernet Channel of interfaces"),
    logical("Tunnel", "Tu", "Tunnel interface"),
    logical("Virtual-Access", "Vi", "Virtual Access interface"),
    logical("Virtual-Template", "Vt", "Virtual Template interface"),
    logical("VirtualPortGroup", "VP", "Virtual Port Group interface"),
    logical("Vlan", "Vl", "Catalyst Vlans"),
];

/// The most numbers that slashes separate: subslot, slot, module, port.
const NUMBERS_MAX: usize = 4;

/// The name of one interface.
///
/// ```
/// use cli::InterfaceName;
/// let name = InterfaceName::parse("gi 0/0/1.10").expect("a form that IOS takes");
/// assert_eq!(name.long(), "GigabitEthernet0/0/1.10");
/// assert_eq!(name.short(), "Gi0/0/1.10");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceName {
    kind: InterfaceKind,
    numbers: [u32; NUMBERS_MAX],
    count: u8,
    subinterface: Option<u32>,
}

/// What a text that is no interface name is instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameError {
    /// A type, with no number yet.
    NumberMissing,
    /// No name: so many bytes of it could still have become one.
    Unknown(usize),
}

impl InterfaceKind {
    /// All types, in IOS order.
    pub fn all() -> impl Iterator<Item = InterfaceKind> {
        (0..KINDS.len() as u8).map(InterfaceKind)
    }

    /// The whole word: `GigabitEthernet`.
    pub fn long(self) -> &'static str {
        self.row().long
    }

    /// The form of tables: `Gi`.
    pub fn short(self) -> &'static str {
        self.row().short
    }

    /// Whether it is a port of the chassis; the others come into being when they are named.
    pub fn is_physical(self) -> bool {
        self.row().physical
    }

    /// What `?` says about it.
    pub fn help(self) -> &'static str {
        self.row().help
    }

    /// The types whose names begin with `word`.
    pub(crate) fn beginning_with(word: &str) -> impl Iterator<Item = InterfaceKind> {
        Self::all().filter(move |kind| is_prefix(word, kind.long()))
    }

    /// The type that this word means: a short form, a whole word, or an unambiguous prefix.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        let is = |text: &str| text.eq_ignore_ascii_case(word);
        let exact = Self::all().find(|kind| is(kind.long()) || is(kind.short()));
        let mut fits = Self::beginning_with(word);
        match (exact, fits.next(), fits.next()) {
            (Some(kind), _, _) | (None, Some(kind), None) => Some(kind),
            (None, _, _) => None,
        }
    }

    fn row(self) -> &'static KindRow {
        &KINDS[usize::from(self.0)]
    }
}

impl InterfaceName {
    /// Reads a name in any form that IOS takes: `gi1`, `Gi 1`, `gigabitethernet0/0/1.10`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text).ok()
    }

    pub(crate) fn read(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let letters = text.find(|c: char| c.is_ascii_digit() || c == ' ').unwrap_or(text.len());
        let word = &text[..letters];
        let Some(kind) = InterfaceKind::from_word(word) else {
            return Err(NameError::Unknown(matched(word)));
        };
        let digits = text[letters..].trim_start();
        if digits.is_empty() {
            return Err(NameError::NumberMissing);
        }
        let unknown = NameError::Unknown(text.len() - digits.len());
        read_number(kind, digits).ok_or(unknown)
    }

    /// Its type.
    pub fn kind(&self) -> InterfaceKind {
        self.kind
    }

    /// The numbers between the slashes: one for logical interfaces.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers[..usize::from(self.count)]
    }

    /// The number after the dot.
    pub fn subinterface(&self) -> Option<u32> {
        self.subinterface
    }

    /// The port of a subinterface; nothing if this is none.
    pub fn port(&self) -> Option<Self> {
        self.subinterface.map(|_| InterfaceName { subinterface: None, ..*self })
    }

    /// As running-config and most tables print it: `GigabitEthernet1`.
    pub fn long(&self) -> String {
        self.to_string()
    }

    /// As narrow tables print it: `Gi1`.
    pub fn short(&self) -> String {
        format!("{}{}", self.kind.short(), self.number())
    }

    /// The name without its type: `0/0/1.10`.
    pub fn number(&self) -> String {
        let parts: Vec<String> = self.numbers().iter().map(u32::to_string).collect();
        let sub = self.subinterface.map(|sub| format!(".{sub}")).unwrap_or_default();
        parts.join("/") + &sub
    }
}

impl fmt::Display for InterfaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind.long(), self.number())
    }
}

/// Whether `typed` could begin the number of an interface.
pub(crate) fn may_number(typed: &str) -> bool {
    typed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/' || byte == b'.')
}

fn read_number(kind: InterfaceKind, text: &str) -> Option<InterfaceName> {
    let (main, sub) = match text.split_once('.') {
        Some((main, sub)) => (main, Some(decimal(sub)?)),
        None => (text, None),
    };
    let mut numbers = [0; NUMBERS_MAX];
    let mut count = 0;
    for part in main.split('/') {
        *numbers.get_mut(count)? = decimal(part)?;
        count += 1;
    }
    if !kind.is_physical() && count > 1 {
        return None;
    }
    Some(InterfaceName { kind, numbers, count: count as u8, subinterface: sub })
}

fn decimal(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn is_prefix(word: &str, of: &str) -> bool {
    !word.is_empty() && of.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

/// How many bytes of `word` some type's name begins with.
fn matched(word: &str) -> usize {
    InterfaceKind::all().map(|kind| common_prefix(kind.long(), word)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every form that people and clients type gives the one canonical name. Method: a table.
    #[test]
    fn names_read_in_every_form() {
        let table = [
            ("gi1", Some("GigabitEthernet1")),
            ("Gi 1", Some("GigabitEthernet1")),
            ("gigabitethernet1", Some("GigabitEthernet1")),
            ("g0/0/1.10", Some("GigabitEthernet0/0/1.10")),
            ("te0/0/0", Some("TenGigabitEthernet0/0/0")),
            ("tw1/0/1", Some("TwoGigabitEthernet1/0/1")),
            ("twe1/0/1", Some("TwentyFiveGigE1/0/1")),
            ("loopback4731", Some("Loopback4731")),
            ("lo0", Some("Loopback0")),
            ("po1.5", Some("Port-channel1.5")),
            ("vl10", Some("Vlan10")),
            ("tun 7", Some("Tunnel7")),
            ("t1", None),
            ("lo0/1", None),
            ("gi", None),
            ("gi1/", None),
            ("gi1.", None),
            ("gi0/0/0/0/0", None),
            ("gi99999999999", None),
            ("gix1", None),
            ("1", None),
            ("", None),
            ("gi+1", None),
        ];
        for (text, want) in table {
            let got = InterfaceName::parse(text).map(|name| name.long());
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }

    /// Goal: tables list ports by number, then logical interfaces. Method: sort a shuffled list.
    #[test]
    fn names_sort_as_ios_lists_them() {
        let mut names: Vec<InterfaceName> =
            ["lo0", "gi10", "tu1", "gi2", "gi2.5", "te0/0/0", "lo10"]
                .iter()
                .filter_map(|text| InterfaceName::parse(text))
                .collect();
        names.sort();
        let short: Vec<String> = names.iter().map(InterfaceName::short).collect();
        assert_eq!(short.join(" "), "Gi2 Gi2.5 Gi10 Te0/0/0 Lo0 Lo10 Tu1");
    }
}
