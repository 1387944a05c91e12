//! The line of a configuration that a node is: words, and slots for the values of leaves.
//!
//! | form | stands for |
//! |---|---|
//! | `hostname {}` | the node's own value |
//! | `description {...}` | the same, to the end of the line |
//! | `ip address {address} {mask}` | leaves below the node |
//! | `ipv6 address {ip}/{length}` | two in one word |
//! | `ip route {../prefix} {fwd}` | a key of the entry above it |
//! | `interface Loopback{name} >` | a block: what stands below the node stands in it |
//! | `[tag {tag}]` | may be left out |
//! | `{?permanent}` | the word, while the leaf of that name is there |
//! | `shutdown` | a leaf without a value: the line is there or not |
//! | `!shutdown` | a boolean that is false while the line is there, and true without it |
//! | `@type` | nothing of a line: the router computes it, or that a container with presence is there |
//!
//! A slot may say how a value stands in the line: `{length:mask}` as a mask, `{text:quoted}` in
//! quotation marks, `{ip:upper}` in capitals.

use std::net::Ipv4Addr;

/// The line of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// A line.
    Line {
        /// Its words.
        parts: Vec<Part>,
        /// Whether it opens a block.
        is_block: bool,
        /// Whether the leaf is false while the line is there.
        is_negative: bool,
    },
    /// No line: the router computes it, by this name.
    Computed(String),
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A word.
    Word(String),
    /// Letters, and a value behind them without a blank.
    Slot { front: String, slot: Slot },
    /// Two values with a slash between them.
    Pair(Slot, Slot),
    /// The value to the end of the line.
    Rest(Slot),
    /// A word that is there while an empty leaf is.
    Flag(String),
    /// What may be left out.
    Optional(Vec<Part>),
}

/// Where a value belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// How many elements above the node.
    pub(crate) up: usize,
    /// The names from there; none is the node itself.
    pub(crate) path: Vec<String>,
    form: Form,
}

/// How a value stands in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    /// A length as a mask.
    Mask,
    Quoted,
    Upper,
}

/// The values of a line.
pub(crate) type Values = Vec<(Slot, String)>;

impl Template {
    pub(crate) fn read(text: &str) -> Result<Template, String> {
        if let Some(name) = text.strip_prefix('@') {
            return Ok(Template::Computed(name.to_owned()));
        }
        let (text, is_negative) = match text.strip_prefix('!') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (text, is_block) = match text.strip_suffix(" >") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let mut parts = Vec::new();
        let mut group: Option<Vec<Part>> = None;
        for mut word in text.split_whitespace() {
            if let Some(inner) = word.strip_prefix('[') {
                group = Some(Vec::new());
                word = inner;
            }
            let (word, closes) = match word.strip_suffix(']') {
                Some(word) => (word, true),
                None => (word, false),
            };
            group.as_mut().unwrap_or(&mut parts).push(Part::read(word)?);
            if closes {
                let inner = group.take().ok_or("a bracket is closed that was not opened")?;
                parts.push(Part::Optional(inner));
            }
        }
        match group {
            Some(_) => Err("a bracket is never closed".to_owned()),
            None => Ok(Template::Line { parts, is_block, is_negative }),
        }
    }

    /// Whether it opens a block.
    pub(crate) fn is_block(&self) -> bool {
        matches!(self, Template::Line { is_block: true, .. })
    }

    /// The values of a line, if it is one of these.
    pub(crate) fn matches(&self, line: &str) -> Option<Values> {
        let Template::Line { parts, .. } = self else { return None };
        let mut values = Vec::new();
        take(parts, line.trim(), &mut values).filter(|rest| rest.is_empty())?;
        Some(values)
    }

    /// The line of values; `None` when one is missing.
    pub(crate) fn line(&self, value: &dyn Fn(&Slot) -> Option<String>) -> Option<String> {
        let Template::Line { parts, .. } = self else { return None };
        Some(written(parts, value)?.join(" "))
    }
}

impl Part {
    fn read(word: &str) -> Result<Part, String> {
        let Some((front, inner)) = word.split_once('{') else {
            return Ok(Part::Word(word.to_owned()));
        };
        let inner = inner.strip_suffix('}').ok_or("a brace is never closed")?;
        if let Some((first, second)) = inner.split_once("}/{") {
            return Ok(Part::Pair(Slot::read(first)?, Slot::read(second)?));
        }
        if let Some(flag) = inner.strip_prefix('?') {
            return Ok(Part::Flag(flag.to_owned()));
        }
        match inner.strip_suffix("...") {
            Some(inner) => Ok(Part::Rest(Slot::read(inner)?)),
            None => Ok(Part::Slot { front: front.to_owned(), slot: Slot::read(inner)? }),
        }
    }
}

impl Slot {
    fn read(text: &str) -> Result<Slot, String> {
        let (text, form) = match text.split_once(':') {
            None => (text, Form::Plain),
            Some((text, "mask")) => (text, Form::Mask),
            Some((text, "quoted")) => (text, Form::Quoted),
            Some((text, "upper")) => (text, Form::Upper),
            Some((_, form)) => return Err(format!("unknown form {form}")),
        };
        let up = text.matches("../").count();
        let path = text.trim_start_matches("../").split('/').filter(|name| !name.is_empty());
        Ok(Slot { up, path: path.map(str::to_owned).collect(), form })
    }

    /// The leaf of a flag.
    fn of_flag(name: &str) -> Slot {
        Slot { up: 0, path: vec![name.to_owned()], form: Form::Plain }
    }

    /// The value that stands in a line.
    fn value(&self, text: &str) -> Option<String> {
        match self.form {
            Form::Plain => Some(text.to_owned()),
            Form::Upper => Some(text.to_lowercase()),
            Form::Mask => {
                let bits = text.parse::<Ipv4Addr>().ok()?.to_bits();
                (bits.count_ones() == bits.leading_ones()).then(|| bits.count_ones().to_string())
            }
            Form::Quoted => {
                let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                Some(inner.unwrap_or(text).to_owned())
            }
        }
    }

    /// As it stands in a line.
    fn written(&self, value: &str) -> Option<String> {
        match self.form {
            Form::Plain => Some(value.to_owned()),
            Form::Upper => Some(value.to_uppercase()),
            Form::Mask => {
                let length: u32 = value.parse().ok().filter(|length| *length <= 32)?;
                let bits = u32::MAX.checked_shl(32 - length).unwrap_or(0);
                Some(Ipv4Addr::from_bits(bits).to_string())
            }
            Form::Quoted => Some(format!("\"{value}\"")),
        }
    }
}

/// Takes the parts from the front of a line; what is left.
fn take<'a>(parts: &[Part], line: &'a str, values: &mut Values) -> Option<&'a str> {
    let Some((part, more)) = parts.split_first() else { return Some(line) };
    let (word, rest) = first_word(line);
    match part {
        Part::Word(wanted) => {
            if word != wanted {
                return None;
            }
            take(more, rest, values)
        }
        Part::Slot { front, slot } => {
            let value = word.strip_prefix(front.as_str()).filter(|value| !value.is_empty())?;
            values.push((slot.clone(), slot.value(value)?));
            take(more, rest, values)
        }
        Part::Pair(first, second) => {
            let (left, right) = word.split_once('/')?;
            values.push((first.clone(), first.value(left)?));
            values.push((second.clone(), second.value(right)?));
            take(more, rest, values)
        }
        Part::Rest(slot) => {
            let value = Some(line).filter(|line| !line.is_empty())?;
            values.push((slot.clone(), slot.value(value)?));
            Some("")
        }
        Part::Flag(name) => {
            if word != name {
                return None;
            }
            values.push((Slot::of_flag(name), String::new()));
            take(more, rest, values)
        }
        Part::Optional(inner) => {
            let before = values.len();
            let with = take(inner, line, values).and_then(|rest| take(more, rest, values));
            with.filter(|rest| rest.is_empty()).or_else(|| {
                values.truncate(before);
                take(more, line, values)
            })
        }
    }
}

/// The first word, one in quotation marks whole, and what follows it.
fn first_word(line: &str) -> (&str, &str) {
    let end = match line.strip_prefix('"') {
        Some(inner) => {
            let mut before = ' ';
            let closing = inner.char_indices().find(|(_, c)| {
                let closes = *c == '"' && before != '\\';
                before = *c;
                closes
            });
            closing.map_or(line.len(), |(at, _)| at + 2)
        }
        None => line.find(' ').unwrap_or(line.len()),
    };
    (&line[..end], line[end..].trim_start())
}

fn written(parts: &[Part], value: &dyn Fn(&Slot) -> Option<String>) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for part in parts {
        match part {
            Part::Word(word) => words.push(word.clone()),
            Part::Slot { front, slot } => {
                words.push(format!("{front}{}", slot.written(&value(slot)?)?));
            }
            Part::Pair(first, second) => {
                let (left, right) = (value(first)?, value(second)?);
                words.push(format!("{}/{}", first.written(&left)?, second.written(&right)?));
            }
            Part::Rest(slot) => words.push(slot.written(&value(slot)?)?),
            Part::Flag(name) => {
                value(&Slot::of_flag(name))?;
                words.push(name.clone());
            }
            Part::Optional(inner) => words.extend(written(inner, value).unwrap_or_default()),
        }
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a line gives its values, and the values give the line. Method: a table.
    #[test]
    fn lines_and_values() {
        let table = [
            ("hostname {}", "hostname R1", Some("=R1")),
            ("hostname {}", "hostname", None),
            ("hostname {}", "hostname R1 x", None),
            ("description {...}", "description a b  c", Some("=a b  c")),
            ("interface Loopback{name} >", "interface Loopback7", Some("name=7")),
            ("interface Loopback{name} >", "interface Loopback", None),
            (
                "ip address {ip} {length:mask}",
                "ip address 10.0.0.1 255.255.255.0",
                Some("ip=10.0.0.1 length=24"),
            ),
            ("ip address {ip} {length:mask}", "ip address 10.0.0.1 255.0.255.0", None),
            (
                "ip route {../p} {../m} {fwd} [{metric}] [tag {tag}] [{?permanent}]",
                "ip route 10.0.0.0 255.0.0.0 10.1.1.1 permanent",
                Some("../p=10.0.0.0 ../m=255.0.0.0 fwd=10.1.1.1 metric=permanent"),
            ),
            (
                "ip route {../p} {fwd} [tag {tag}] [{?permanent}]",
                "ip route 10.0.0.0 10.1.1.1 tag 5 permanent",
                Some("../p=10.0.0.0 fwd=10.1.1.1 tag=5 permanent="),
            ),
            ("action {name} puts {text:quoted}", "action 1 puts \"a b\"", Some("name=1 text=a b")),
        ];
        for (template, line, want) in table {
            let read = Template::read(template).expect(template);
            let values = read.matches(line);
            let shown = values.as_ref().map(|values| {
                let one = |(slot, value): &(Slot, String)| {
                    format!("{}{}={value}", "../".repeat(slot.up), slot.path.join("/"))
                };
                values.iter().map(one).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(shown.as_deref(), want, "{template}: {line}");
            if let Some(values) = values {
                let of = |slot: &Slot| {
                    let same = |(known, _): &&(Slot, String)| {
                        (known.up, &known.path) == (slot.up, &slot.path)
                    };
                    values.iter().find(same).map(|(_, value)| value.clone())
                };
                assert_eq!(read.line(&of).as_deref(), Some(line), "{template}");
            }
        }
    }
}
