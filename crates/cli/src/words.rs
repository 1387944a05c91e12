//! A line cut into words, and what one word can be as a value.
//!
//! Used by the parser. Blanks separate words; a pair of double quotes keeps blanks inside a word.

use crate::args::Value;
use crate::grammar::Kind;
use crate::interface::{InterfaceName, NameError};

/// One word: `start..end` in bytes of the line, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a parameter makes of the next words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// A value, made of so many words.
    Value(Value, usize),
    /// The beginning of a value, at the end of the line.
    Unfinished,
    /// No value; so many bytes of the word could still have become one.
    None(usize),
}

pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The words of `line`.
pub(crate) fn split(line: &str) -> Vec<Word> {
    let bytes = line.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if is_blank(bytes[at]) {
            at += 1;
            continue;
        }
        let end = word_end(bytes, at);
        words.push(Word { start: at, end });
        at = end;
    }
    words
}

/// A word ends at a blank; a quoted one after its second quote, or at the blank if it has none.
fn word_end(bytes: &[u8], start: usize) -> usize {
    let blank_after = |at: usize| {
        bytes[at..].iter().position(|&b| is_blank(b)).map_or(bytes.len(), |length| at + length)
    };
    if bytes[start] == b'"'
        && let Some(length) = bytes[start + 1..].iter().position(|&b| b == b'"')
    {
        return blank_after(start + 1 + length);
    }
    blank_after(start)
}

/// What a parameter of `kind` makes of the words of `line` from `words[0]` on.
pub(crate) fn fit(kind: Kind, line: &str, words: &[Word]) -> Fit {
    let Some(word) = words.first() else { return Fit::None(0) };
    let text = &line[word.start..word.end];
    let value = match kind {
        Kind::Word => Some(unquoted(text))
            .filter(|text| is_word(text))
            .map(|text| Value::Text(text.to_owned())),
        Kind::Quoted => Some(Value::Text(unquoted(text).to_owned())),
        Kind::Line => {
            let rest = line[word.start..].trim_end();
            return Fit::Value(Value::Text(rest.to_owned()), words.len());
        }
        Kind::Integer { min, max } => integer(text, min, max).map(Value::Number),
        Kind::Ipv4 => text.parse().ok().map(Value::Ipv4),
        Kind::Mask => text.parse().ok().filter(is_mask).map(Value::Ipv4),
        Kind::Ipv6 => text.parse().ok().map(Value::Ipv6),
        Kind::Ipv6Prefix => ipv6_prefix(text),
        Kind::Interface => return fit_interface(line, words),
    };
    value.map_or(Fit::None(0), |value| Fit::Value(value, 1))
}

/// Of several kinds that fit one word, the lowest wins.
pub(crate) fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Integer { .. } => 0,
        Kind::Ipv4 | Kind::Mask | Kind::Ipv6 | Kind::Ipv6Prefix => 1,
        Kind::Interface => 2,
        Kind::Word | Kind::Quoted => 3,
        Kind::Line => 4,
    }
}

fn fit_interface(line: &str, words: &[Word]) -> Fit {
    let word = words[0];
    let (text, next) = (&line[word.start..word.end], words.get(1));
    match (InterfaceName::read(text), next) {
        (Ok(name), _) => Fit::Value(Value::Interface(name), 1),
        (Err(NameError::NumberMissing), None) => Fit::Unfinished,
        (Err(NameError::NumberMissing), Some(next)) => {
            let name = InterfaceName::parse(&format!("{text} {}", &line[next.start..next.end]));
            name.map_or(Fit::None(next.start - word.start), |name| {
                Fit::Value(Value::Interface(name), 2)
            })
        }
        (Err(NameError::Unknown(fits)), _) => Fit::None(fits),
    }
}

fn integer(text: &str, min: u64, max: u64) -> Option<u64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|number| digits && (min..=max).contains(number))
}

/// `2001:DB8::1/64`
fn ipv6_prefix(text: &str) -> Option<Value> {
    let (address, length) = text.split_once('/')?;
    let length = integer(length, 0, 128).and_then(|length| u8::try_from(length).ok())?;
    Some(Value::Ipv6Prefix(address.parse().ok()?, length))
}

fn is_mask(address: &std::net::Ipv4Addr) -> bool {
    let bits = address.to_bits();
    bits.count_ones() == bits.leading_ones()
}

/// What prints as one word. A text with blanks in it would come back from a configuration as
/// several, so that none is taken for one.
fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains([' ', '\t', '"'])
}

fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text)
}

/// How many bytes of `typed` the keyword begins with, in any case of letters.
pub(crate) fn common_prefix(keyword: &str, typed: &str) -> usize {
    let pairs = keyword.bytes().zip(typed.bytes());
    pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: an IPv6 prefix is an address and a length. Method: a table.
    #[test]
    fn ipv6_prefixes_read() {
        let table = [
            ("2001:db8::1/64", Some("2001:db8::1/64")),
            ("::/0", Some("::/0")),
            ("2001:DB8::1/128", Some("2001:db8::1/128")),
            ("2001:db8::1/129", None),
            ("2001:db8::1/", None),
            ("2001:db8::1", None),
            ("2001:db8::g/64", None),
            ("10.0.0.1/24", None),
        ];
        for (text, want) in table {
            let got = match ipv6_prefix(text) {
                Some(Value::Ipv6Prefix(address, length)) => Some(format!("{address}/{length}")),
                _ => None,
            };
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }
}
