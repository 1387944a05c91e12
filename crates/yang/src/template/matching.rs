//! From a line to its values.

use std::net::Ipv4Addr;

use super::{Form, Part, Said, Sign, Slot, Template, Values};

/// Whether a value can stand in a slot.
pub(crate) type Fits<'a> = dyn Fn(&Slot, &str) -> bool + 'a;

impl Template {
    /// What a line says, if it is one of these.
    pub(crate) fn matches(&self, line: &str, fits: &Fits<'_>) -> Option<Said> {
        let Template::Line { parts, sign, .. } = self else { return None };
        let line = line.trim();
        let (line, is_on) = match (sign, line.strip_prefix("no ")) {
            (Sign::Both, Some(positive)) => (positive, false),
            (Sign::Both | Sign::Positive, _) => (line, true),
            (Sign::Negative, _) => (line, false),
        };
        let mut values = Vec::new();
        let taken = take(&mut parts.iter().collect::<Vec<_>>(), line, &mut values, fits);
        taken.then_some(Said { values, is_on })
    }
}

/// Whether the parts are the whole line.
fn take<'t>(parts: &mut Vec<&'t Part>, line: &str, values: &mut Values, fits: &Fits<'_>) -> bool {
    let Some((part, more)) = parts.split_first() else { return line.is_empty() };
    let (word, rest) = first_word(line);
    let mut more: Vec<&'t Part> = more.to_vec();
    let before = values.len();
    match part {
        Part::Word(wanted) => word == wanted && take(&mut more, rest, values, fits),
        Part::Slot { front, slot } => {
            let value = word.strip_prefix(front.as_str()).filter(|value| !value.is_empty());
            value.is_some_and(|value| slot.put(value, values, fits))
                && take(&mut more, rest, values, fits)
        }
        Part::Pair(first, second) => {
            let Some((left, right)) = word.split_once('/') else { return false };
            first.put(left, values, fits)
                && second.put(right, values, fits)
                && take(&mut more, rest, values, fits)
        }
        Part::Rest { front, slot, back } => {
            let inner = line.strip_prefix(front.as_str());
            let inner = inner.and_then(|inner| inner.strip_suffix(back.as_str()));
            let inner = inner.filter(|inner| !inner.is_empty());
            inner.is_some_and(|inner| slot.put(inner, values, fits))
        }
        Part::Words(slot) => {
            !line.is_empty() && line.split_whitespace().all(|word| slot.put(word, values, fits))
        }
        Part::Flag { word: wanted, slot } => {
            if word != wanted {
                return false;
            }
            values.push((slot.clone(), String::new()));
            take(&mut more, rest, values, fits)
        }
        Part::Optional(inner) => {
            let mut with: Vec<&Part> = inner.iter().chain(more.iter().copied()).collect();
            if take(&mut with, line, values, fits) {
                return true;
            }
            values.truncate(before);
            take(&mut more, line, values, fits)
        }
        Part::OneOf(cases) => cases.iter().any(|case| {
            values.truncate(before);
            let mut with: Vec<&Part> = case.iter().chain(more.iter().copied()).collect();
            take(&mut with, line, values, fits)
        }),
    }
}

impl Slot {
    /// Puts the value that stands in a line, if it is one.
    fn put(&self, text: &str, values: &mut Values, fits: &Fits<'_>) -> bool {
        let Some(value) = self.value(text).filter(|value| fits(self, value)) else { return false };
        values.push((self.clone(), value));
        true
    }

    fn value(&self, text: &str) -> Option<String> {
        match self.form {
            Form::Plain => Some(text.to_owned()),
            Form::Upper => Some(text.to_lowercase()),
            Form::Seconds => Some(text.split('.').next().unwrap_or_default().to_owned()),
            Form::Mask => {
                let bits = text.parse::<Ipv4Addr>().ok()?.to_bits();
                (bits.count_ones() == bits.leading_ones()).then(|| bits.count_ones().to_string())
            }
            Form::Quoted => {
                let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                Some(inner.map_or_else(|| text.to_owned(), |inner| inner.replace("\\\"", "\"")))
            }
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
