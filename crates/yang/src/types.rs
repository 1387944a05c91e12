//! The types of leaves: what their values may be, and the one form in which each is kept.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The type of a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// Nothing: the leaf is there or not.
    Empty,
    /// A whole number of so many bits.
    Unsigned(u32),
    /// A whole number of so many bits, with a sign.
    Signed(u32),
    /// A number with so many decimals.
    Decimal(u32),
    /// One of these words.
    Enumeration(Vec<String>),
    /// An identity: the module that has it, and the words that are used.
    Identity {
        /// The module.
        module: String,
        /// Its names.
        names: Vec<String>,
    },
    /// `192.0.2.1`
    Ipv4,
    /// `2001:db8::1`
    Ipv6,
    /// One of both.
    Ip,
    /// `52:54:00:12:34:56`
    Mac,
    /// `2026-11-21T10:00:00+00:00`
    DateTime,
}

impl Type {
    /// The type of this name in a table; `None` if there is none.
    pub(crate) fn named(name: &str) -> Option<Type> {
        Some(match name {
            "string" => Type::Text,
            "boolean" => Type::Boolean,
            "empty" => Type::Empty,
            "uint8" => Type::Unsigned(8),
            "uint16" => Type::Unsigned(16),
            "uint32" | "counter32" | "gauge32" => Type::Unsigned(32),
            "uint64" | "counter64" | "gauge64" => Type::Unsigned(64),
            "int8" => Type::Signed(8),
            "int16" => Type::Signed(16),
            "int32" => Type::Signed(32),
            "int64" => Type::Signed(64),
            "decimal64-2" => Type::Decimal(2),
            "ipv4" => Type::Ipv4,
            "ipv6" => Type::Ipv6,
            "ip" => Type::Ip,
            "mac" => Type::Mac,
            "date-and-time" => Type::DateTime,
            _ => {
                let (kind, words) = name.strip_suffix(')')?.split_once('(')?;
                let words = words.split('|').map(str::to_owned).collect();
                match kind.split_once(':') {
                    None if kind == "enum" => Type::Enumeration(words),
                    Some(("identity", module)) => {
                        Type::Identity { module: module.to_owned(), names: words }
                    }
                    _ => return None,
                }
            }
        })
    }

    /// The one form of a value; `None` if it is none.
    ///
    /// An identity has its module in front: `iana-if-type:softwareLoopback`.
    pub fn canonical(&self, text: &str) -> Option<String> {
        let trimmed = text.trim();
        match self {
            Type::Text | Type::DateTime => Some(text.to_owned()),
            Type::Boolean => matches!(trimmed, "true" | "false").then(|| trimmed.to_owned()),
            Type::Empty => trimmed.is_empty().then(String::new),
            Type::Unsigned(bits) => {
                let number: u64 = trimmed.parse().ok()?;
                let most = u64::MAX >> (64 - bits);
                (number <= most).then(|| number.to_string())
            }
            Type::Signed(bits) => {
                let number: i64 = trimmed.parse().ok()?;
                let most = i64::MAX >> (64 - bits);
                (-most - 1..=most).contains(&number).then(|| number.to_string())
            }
            Type::Decimal(places) => decimal(trimmed, *places as usize),
            Type::Enumeration(words) => words.iter().find(|word| *word == trimmed).cloned(),
            Type::Identity { module, names } => {
                let bare = trimmed.rsplit(':').next().unwrap_or_default();
                names.iter().any(|name| name == bare).then(|| format!("{module}:{bare}"))
            }
            Type::Ipv4 => trimmed.parse::<Ipv4Addr>().ok().map(|ip| ip.to_string()),
            Type::Ipv6 => trimmed.parse::<Ipv6Addr>().ok().map(|ip| ip.to_string()),
            Type::Ip => trimmed.parse::<std::net::IpAddr>().ok().map(|ip| ip.to_string()),
            Type::Mac => {
                let parts: Vec<&str> = trimmed.split(':').collect();
                let is_pair = |part: &&str| {
                    part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
                };
                (parts.len() == 6 && parts.iter().all(is_pair)).then(|| trimmed.to_lowercase())
            }
        }
    }

    /// Whether JSON has it as a number (RFC 7951 section 6.1: up to 32 bits).
    pub(crate) fn is_json_number(&self) -> bool {
        matches!(self, Type::Unsigned(bits) | Type::Signed(bits) if *bits <= 32)
    }
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
            ("boolean", "true", Some("true")),
            ("boolean", "yes", None),
            ("empty", "", Some("")),
            ("empty", "x", None),
            ("uint8", "255", Some("255")),
            ("uint8", "256", None),
            ("uint16", "007", Some("7")),
            ("uint64", "18446744073709551615", Some("18446744073709551615")),
            ("int8", "-128", Some("-128")),
            ("int8", "128", None),
            ("decimal64-2", "1.50", Some("1.5")),
            ("decimal64-2", "3", Some("3.0")),
            ("decimal64-2", "1.234", None),
            ("enum(up|down)", "up", Some("up")),
            ("enum(up|down)", "sideways", None),
            (
                "identity:iana-if-type(softwareLoopback)",
                "x:softwareLoopback",
                Some("iana-if-type:softwareLoopback"),
            ),
            ("ipv4", "10.0.0.1", Some("10.0.0.1")),
            ("ipv4", "999.1.1.1", None),
            ("ipv6", "2001:DB8:0::1", Some("2001:db8::1")),
            ("mac", "52:54:00:AB:cd:ef", Some("52:54:00:ab:cd:ef")),
            ("mac", "5254.00ab.cdef", None),
        ];
        for (name, text, want) in table {
            let kind = Type::named(name).expect(name);
            assert_eq!(kind.canonical(text).as_deref(), want, "{name} {text}");
        }
        assert_eq!(Type::named("enum"), None);
    }
}
