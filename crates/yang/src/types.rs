//! The types of leaves: what their values may be, and the one form in which each is kept.
//!
//! | in a table | takes |
//! |---|---|
//! | `string` | one line of text |
//! | `string(1..246)` `string(/[0-9]+/)` `string(1..9 /[a-z]+/)` | so long, in that form |
//! | `text` | text of several lines |
//! | `boolean` `empty` `date-and-time` `mac` | as RFC 7950 and RFC 6991 have them |
//! | `uint16` `uint16(64..18000)` `uint8(0\|10..20)` `int8(-23..23)` | a whole number |
//! | `counter64` `gauge32` ... | the same |
//! | `decimal64-2` | a number with two decimals |
//! | `enum(up\|down)` | one of these words |
//! | `severity` | a level of syslog, by name or number |
//! | `identity:MODULE(NAME\|...)` `identity:MODULE:BASE(NAME\|...)` | an identity |
//! | `ipv4` `ipv6` `ip` `ipv4-prefix` `ipv6-prefix` | addresses |

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

use regex::Regex;

/// The type of a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text(Text),
    /// `true` or `false`.
    Boolean,
    /// Nothing: the leaf is there or not.
    Empty,
    /// A whole number of so many bits, in these ranges; none is all.
    Unsigned(u32, Vec<RangeInclusive<u64>>),
    /// A whole number of so many bits with a sign, in these ranges.
    Signed(u32, Vec<RangeInclusive<i64>>),
    /// A number with so many decimals.
    Decimal(u32),
    /// One of these words.
    Enumeration(Vec<String>),
    /// A level of syslog: kept as its name.
    Severity,
    /// An identity: the module that has it, and the words that are used.
    Identity {
        /// The module.
        module: String,
        /// What they are derived from.
        base: String,
        /// Its names.
        names: Vec<String>,
    },
    /// `192.0.2.1`
    Ipv4,
    /// `2001:db8::1`
    Ipv6,
    /// One of both.
    Ip,
    /// `192.0.2.0/24`
    Ipv4Prefix,
    /// `2001:db8::1/64`
    Ipv6Prefix,
    /// `52:54:00:12:34:56`
    Mac,
    /// `2026-11-21T10:00:00+00:00`
    DateTime,
}

/// What a text may be.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// How many characters.
    pub length: Option<RangeInclusive<usize>>,
    /// The form of the whole.
    pub pattern: Option<String>,
    /// Whether it may have several lines.
    pub has_lines: bool,
    /// The pattern, ready.
    regex: Option<Regex>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        let Text { length, pattern, has_lines, regex: _ } = self;
        (length, pattern, has_lines) == (&other.length, &other.pattern, &other.has_lines)
    }
}

impl Eq for Text {}

/// The levels of syslog, from 0.
pub const SEVERITIES: [&str; 8] = [
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "informational",
    "debugging",
];

/// What `identity:MODULE(...)` is derived from.
const BASE_DEFAULT: &str = "iana-interface-type";

impl Type {
    /// The type of this name in a table; `None` if there is none.
    pub(crate) fn named(name: &str) -> Option<Type> {
        let (name, inner) = match name.strip_suffix(')').and_then(|name| name.split_once('(')) {
            Some((name, inner)) => (name, Some(inner)),
            None => (name, None),
        };
        if let Some((bits, is_signed)) = bits(name) {
            return match is_signed {
                true => Some(Type::Signed(bits, ranges(inner)?)),
                false => Some(Type::Unsigned(bits, ranges(inner)?)),
            };
        }
        let words = |inner: &str| inner.split('|').map(str::to_owned).collect();
        Some(match (name, inner) {
            ("string", inner) => Type::Text(Text::read(inner.unwrap_or_default())?),
            ("enum", Some(inner)) => Type::Enumeration(words(inner)),
            (name, Some(inner)) => {
                let module = name.strip_prefix("identity:")?;
                let (module, base) = module.split_once(':').unwrap_or((module, BASE_DEFAULT));
                let (module, base) = (module.to_owned(), base.to_owned());
                Type::Identity { module, base, names: words(inner) }
            }
            ("text", None) => Type::Text(Text { has_lines: true, ..Text::default() }),
            ("boolean", None) => Type::Boolean,
            ("empty", None) => Type::Empty,
            ("decimal64-2", None) => Type::Decimal(2),
            ("severity", None) => Type::Severity,
            ("ipv4", None) => Type::Ipv4,
            ("ipv6", None) => Type::Ipv6,
            ("ip", None) => Type::Ip,
            ("ipv4-prefix", None) => Type::Ipv4Prefix,
            ("ipv6-prefix", None) => Type::Ipv6Prefix,
            ("mac", None) => Type::Mac,
            ("date-and-time", None) => Type::DateTime,
            (_, None) => return None,
        })
    }

    /// The one form of a value; `None` if it is none.
    ///
    /// An identity has its module in front: `iana-if-type:softwareLoopback`.
    pub fn canonical(&self, text: &str) -> Option<String> {
        let trimmed = text.trim();
        match self {
            Type::Text(kind) => kind.takes(text).then(|| text.to_owned()),
            Type::DateTime => is_line(text).then(|| text.to_owned()),
            Type::Boolean => matches!(trimmed, "true" | "false").then(|| trimmed.to_owned()),
            Type::Empty => trimmed.is_empty().then(String::new),
            Type::Unsigned(bits, ranges) => {
                let number: u64 = trimmed.parse().ok()?;
                let most = u64::MAX >> (64 - bits);
                let fits = ranges.is_empty() || ranges.iter().any(|range| range.contains(&number));
                (number <= most && fits).then(|| number.to_string())
            }
            Type::Signed(bits, ranges) => {
                let number: i64 = trimmed.parse().ok()?;
                let most = i64::MAX >> (64 - bits);
                let fits = ranges.is_empty() || ranges.iter().any(|range| range.contains(&number));
                ((-most - 1..=most).contains(&number) && fits).then(|| number.to_string())
            }
            Type::Decimal(places) => decimal(trimmed, *places as usize),
            Type::Enumeration(words) => words.iter().find(|word| *word == trimmed).cloned(),
            Type::Severity => {
                let level = SEVERITIES.iter().position(|name| *name == trimmed);
                let level = level.or_else(|| trimmed.parse().ok())?;
                SEVERITIES.get(level).map(|name| (*name).to_owned())
            }
            Type::Identity { module, names, .. } => {
                let bare = trimmed.rsplit(':').next().unwrap_or_default();
                names.iter().any(|name| name == bare).then(|| format!("{module}:{bare}"))
            }
            Type::Ipv4 => trimmed.parse::<Ipv4Addr>().ok().map(|ip| ip.to_string()),
            Type::Ipv6 => trimmed.parse::<Ipv6Addr>().ok().map(|ip| ip.to_string()),
            Type::Ip => trimmed.parse::<std::net::IpAddr>().ok().map(|ip| ip.to_string()),
            Type::Ipv4Prefix => prefix::<Ipv4Addr>(trimmed, 32),
            Type::Ipv6Prefix => prefix::<Ipv6Addr>(trimmed, 128),
            Type::Mac => mac(trimmed),
        }
    }

    /// Whether JSON has it as a number (RFC 7951 section 6.1: up to 32 bits).
    pub(crate) fn is_json_number(&self) -> bool {
        matches!(self, Type::Unsigned(bits, _) | Type::Signed(bits, _) if *bits <= 32)
    }
}

impl Text {
    /// `1..246`, `/PATTERN/`, or both.
    fn read(inner: &str) -> Option<Text> {
        let mut text = Text::default();
        let (length, pattern) = match inner.split_once('/') {
            Some((length, rest)) => (length.trim(), Some(rest.strip_suffix('/')?)),
            None => (inner.trim(), None),
        };
        if !length.is_empty() {
            let (least, most) = length.split_once("..")?;
            text.length = Some(least.parse().ok()?..=most.parse().ok()?);
        }
        if let Some(pattern) = pattern {
            text.regex = Some(Regex::new(&format!("^(?:{pattern})$")).ok()?);
            text.pattern = Some(pattern.to_owned());
        }
        Some(text)
    }

    fn takes(&self, text: &str) -> bool {
        // A line of a configuration holds it: it must not become several.
        (self.has_lines || is_line(text))
            && self.length.as_ref().is_none_or(|length| length.contains(&text.chars().count()))
            && self.regex.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}

fn is_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && c != '\t')
}

fn bits(name: &str) -> Option<(u32, bool)> {
    Some(match name {
        "uint8" => (8, false),
        "uint16" => (16, false),
        "uint32" | "counter32" | "gauge32" => (32, false),
        "uint64" | "counter64" | "gauge64" => (64, false),
        "int8" => (8, true),
        "int16" => (16, true),
        "int32" => (32, true),
        "int64" => (64, true),
        _ => return None,
    })
}

/// `1..5|7`
fn ranges<T: std::str::FromStr + Copy>(inner: Option<&str>) -> Option<Vec<RangeInclusive<T>>> {
    let Some(inner) = inner else { return Some(Vec::new()) };
    let one = |part: &str| {
        let (least, most) = part.split_once("..").unwrap_or((part, part));
        Some(least.parse().ok()?..=most.parse().ok()?)
    };
    inner.split('|').map(one).collect()
}

fn prefix<A: std::str::FromStr + ToString>(text: &str, most: u8) -> Option<String> {
    let (address, length) = text.split_once('/')?;
    let address = address.parse::<A>().ok()?;
    let length = length.parse::<u8>().ok().filter(|length| *length <= most)?;
    Some(format!("{}/{length}", address.to_string()))
}

fn mac(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_pair =
        |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    (parts.len() == 6 && parts.iter().all(is_pair)).then(|| text.to_lowercase())
}

fn decimal(text: &str, places: usize) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 16 || !is_number(whole) || !is_number(rest) {
        return None;
    }
    let rest = rest.trim_end_matches('0');
    if rest.len() > places {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(format!("{sign}{whole}.{}", if rest.is_empty() { "0" } else { rest }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what a type takes, and the one form of it. Method: a table.
    #[test]
    fn values_have_one_form() {
        let table = [
            ("string", " a ", Some(" a ")),
            ("string", "a\nb", None),
            ("text", "a\nb", Some("a\nb")),
            ("string(1..2)", "é!", Some("é!")),
            ("string(1..2)", "abc", None),
            ("string(/[0-9]+\\.[0-9]+/)", "1.100", Some("1.100")),
            ("string(/[0-9]+\\.[0-9]+/)", "x1.100", None),
            ("string(1..3 /[a-z]+/)", "abcd", None),
            ("boolean", "true", Some("true")),
            ("boolean", "yes", None),
            ("empty", "", Some("")),
            ("empty", "x", None),
            ("uint8", "255", Some("255")),
            ("uint8", "256", None),
            ("uint16", "007", Some("7")),
            ("uint16(64..18000)", "63", None),
            ("uint16(0|10..20)", "10", Some("10")),
            ("uint16(0|10..20)", "9", None),
            ("uint64", "18446744073709551615", Some("18446744073709551615")),
            ("int8", "-128", Some("-128")),
            ("int8", "128", None),
            ("int8(-23..23)", "-24", None),
            ("decimal64-2", "1.50", Some("1.5")),
            ("decimal64-2", "3", Some("3.0")),
            ("decimal64-2", "1.234", None),
            ("enum(up|down)", "up", Some("up")),
            ("enum(up|down)", "sideways", None),
            ("severity", "6", Some("informational")),
            ("severity", "errors", Some("errors")),
            ("severity", "8", None),
            (
                "identity:iana-if-type(softwareLoopback)",
                "x:softwareLoopback",
                Some("iana-if-type:softwareLoopback"),
            ),
            ("ipv4", "10.0.0.1", Some("10.0.0.1")),
            ("ipv4", "999.1.1.1", None),
            ("ipv6", "2001:DB8:0::1", Some("2001:db8::1")),
            ("ipv6-prefix", "2001:DB8::1/64", Some("2001:db8::1/64")),
            ("ipv6-prefix", "2001:DB8::1/129", None),
            ("ipv4-prefix", "10.0.0.0/8", Some("10.0.0.0/8")),
            ("mac", "52:54:00:AB:cd:ef", Some("52:54:00:ab:cd:ef")),
            ("mac", "5254.00ab.cdef", None),
        ];
        for (name, text, want) in table {
            let kind = Type::named(name).expect(name);
            assert_eq!(kind.canonical(text).as_deref(), want, "{name} {text}");
        }
    }

    /// Goal: what is no type is none. Method: a table.
    #[test]
    fn types_are_checked() {
        for name in ["enum", "uint8(1..x)", "string(x)", "string(/[/)", "boolean(1)", "integer"] {
            assert_eq!(Type::named(name), None, "{name}");
        }
    }
}
