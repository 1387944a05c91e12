//! What a line that matched a command holds: its keywords, its values, and whether it said `no`.
//!
//! Made by the parser, read by the handlers of commands. It never looks at a device.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::InterfaceName;

/// One value of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A word or the rest of the line.
    Text(String),
    /// A number.
    Number(u64),
    /// An address or a mask.
    Ipv4(Ipv4Addr),
    /// An address of IPv6.
    Ipv6(Ipv6Addr),
    /// The same, with the length of its prefix.
    Ipv6Prefix(Ipv6Addr, u8),
    /// An interface.
    Interface(InterfaceName),
}

/// With which word in front a command was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// With none.
    #[default]
    Plain,
    /// With `no`.
    No,
    /// With `default`.
    Default,
}

/// The words of one line, sorted out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args {
    line: String,
    expanded: String,
    form: Form,
    items: Vec<Item>,
}

/// One word of the line, or several that are one value: `start..end` in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) name: &'static str,
    pub(crate) value: Option<Value>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Args {
    pub(crate) fn new(line: &str, form: Form, items: Vec<Item>) -> Self {
        let mut expanded = String::new();
        for item in &items {
            if !expanded.is_empty() {
                expanded.push(' ');
            }
            item.expand(line, &mut expanded);
        }
        Args { line: line.to_owned(), expanded, form, items }
    }

    /// Whether the line has this keyword, given by its whole word.
    pub fn has(&self, keyword: &str) -> bool {
        self.items.iter().any(|item| item.value.is_none() && item.name == keyword)
    }

    /// A parameter of kind `Word` or `Line`, without the quotes that held a word together.
    pub fn text(&self, name: &str) -> Option<&str> {
        let Value::Text(text) = self.value(name)? else { return None };
        Some(text)
    }

    /// A parameter of kind `Integer`.
    pub fn number(&self, name: &str) -> Option<u64> {
        let Value::Number(number) = self.value(name)? else { return None };
        Some(*number)
    }

    /// A parameter of kind `Ipv4` or `Mask`.
    pub fn ipv4(&self, name: &str) -> Option<Ipv4Addr> {
        let Value::Ipv4(address) = self.value(name)? else { return None };
        Some(*address)
    }

    /// A parameter of kind `Interface`.
    pub fn interface(&self, name: &str) -> Option<&InterfaceName> {
        let Value::Interface(interface) = self.value(name)? else { return None };
        Some(interface)
    }

    /// A parameter of kind `Ipv6`.
    pub fn ipv6(&self, name: &str) -> Option<Ipv6Addr> {
        let Value::Ipv6(address) = self.value(name)? else { return None };
        Some(*address)
    }

    /// A parameter of kind `Ipv6Prefix`: the address as it was typed, and the length.
    pub fn ipv6_prefix(&self, name: &str) -> Option<(Ipv6Addr, u8)> {
        let Value::Ipv6Prefix(address, length) = self.value(name)? else { return None };
        Some((*address, *length))
    }

    /// Whether the line began with `no`.
    pub fn is_no(&self) -> bool {
        self.form == Form::No
    }

    /// Whether the line began with `default`.
    pub fn is_default(&self) -> bool {
        self.form == Form::Default
    }

    /// The line as it was typed.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The line with whole keywords and canonical values: what a CLI event detector matches.
    pub fn expanded(&self) -> &str {
        &self.expanded
    }

    /// [`Args::expanded`], with `mask` in place of the values of the parameters that `is_hidden`
    /// names.
    pub fn expanded_hiding(&self, is_hidden: impl Fn(&str) -> bool, mask: &str) -> String {
        let mut out = String::new();
        for item in &self.items {
            if !out.is_empty() {
                out.push(' ');
            }
            match item.value.is_some() && is_hidden(item.name) {
                true => out.push_str(mask),
                false => item.expand(&self.line, &mut out),
            }
        }
        out
    }

    /// Whether the line ends with a word, a number or an address that was typed, not with a keyword
    /// or an interface.
    pub fn ends_with_value(&self) -> bool {
        match self.items.last().and_then(|item| item.value.as_ref()) {
            Some(Value::Interface(_)) | None => false,
            Some(
                Value::Text(_)
                | Value::Number(_)
                | Value::Ipv4(_)
                | Value::Ipv6(_)
                | Value::Ipv6Prefix(..),
            ) => true,
        }
    }

    /// Where a parameter's value begins in [`Args::line`], in bytes; the line's end without one.
    pub fn column(&self, name: &str) -> usize {
        self.parameter(name).map_or(self.line.len(), |item| item.start)
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.parameter(name)?.value.as_ref()
    }

    fn parameter(&self, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.value.is_some() && item.name == name)
    }
}

/// An IPv6 address as IOS prints it: as RFC 5952 has it, in capitals.
fn upper(address: &Ipv6Addr) -> String {
    address.to_string().to_ascii_uppercase()
}

impl Item {
    fn expand(&self, line: &str, out: &mut String) {
        let _ = match &self.value {
            None => write!(out, "{}", self.name),
            Some(Value::Number(number)) => write!(out, "{number}"),
            Some(Value::Ipv4(address)) => write!(out, "{address}"),
            Some(Value::Ipv6(address)) => write!(out, "{}", upper(address)),
            Some(Value::Ipv6Prefix(address, length)) => {
                write!(out, "{}/{length}", upper(address))
            }
            Some(Value::Interface(interface)) => write!(out, "{interface}"),
            Some(Value::Text(_)) => write!(out, "{}", &line[self.start..self.end]),
        };
    }
}
