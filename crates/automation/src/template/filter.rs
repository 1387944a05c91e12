//! The typed filters: the only way in which a value of an event enters a command.
//!
//! Each takes a value apart by its own type and gives one word, or refuses. The result is marked
//! as [`Typed`]; the engine prints nothing else, so joining or changing it afterwards loses that.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use minijinja::value::{Object, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

/// The longest word that a filter lets through, in bytes.
pub(crate) const WORD_BYTES_MAX: usize = 64;

type Filter = fn(&Value) -> Option<String>;

/// Every filter: its name, what it takes in words, and what it does.
const FILTERS: [(&str, &str, Filter); 4] = [
    ("interface", "the name of an interface, such as `GigabitEthernet1`", interface),
    ("address", "an IPv4 or IPv6 address", address),
    ("word", "letters, digits, `_`, `-` and `.`, 64 at most", word),
    ("number", "a whole number from 0 up", number),
];

/// A value that a typed filter let through.
#[derive(Debug)]
pub(crate) struct Typed(pub(crate) String);

impl Object for Typed {
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The names of the filters.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|(name, ..)| *name)
}

/// Makes the filters known to an environment.
pub(crate) fn register(environment: &mut Environment<'static>) {
    for (name, takes, filter) in FILTERS {
        environment.add_filter(name, move |value: Value| match filter(&value) {
            Some(text) => Ok(Value::from_object(Typed(text))),
            None => Err(refusal(name, takes, &value)),
        });
    }
}

fn refusal(name: &str, takes: &str, value: &Value) -> Error {
    let shown = match value.kind() {
        ValueKind::Undefined => "nothing: the event has no such value".to_owned(),
        ValueKind::String => format!("{:?}", shorten(value.as_str().unwrap_or_default())),
        ValueKind::None => "null".to_owned(),
        ValueKind::Bool | ValueKind::Number => value.to_string(),
        ValueKind::Seq => "a list".to_owned(),
        ValueKind::Map => "an object".to_owned(),
        kind => kind.to_string(),
    };
    let detail = format!("`{name}` takes {takes}; this is {shown}");
    Error::new(ErrorKind::InvalidOperation, detail)
}

/// What a stranger wrote, cut to what a message can bear.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(WORD_BYTES_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// `Type` and `slot/port.subinterface:channel` in one word, in any abbreviation. Which types exist
/// is the device's knowledge: an unknown one gets its `% Invalid input`.
fn interface(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| text.len() <= WORD_BYTES_MAX)?;
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (kind, place) = text.split_at(digits);
    let lettered = kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    let numbered = place.split(['/', '.', ':']).all(|number| {
        (1..=10).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
    });
    (lettered && numbered).then(|| text.to_owned())
}

fn address(value: &Value) -> Option<String> {
    let address: IpAddr = value.as_str()?.parse().ok()?;
    Some(address.to_string())
}

fn word(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| text.len() <= WORD_BYTES_MAX)?;
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let whole = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    (starts && whole).then(|| text.to_owned())
}

fn number(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        return text.parse::<u64>().ok().filter(|_| digits).map(|number| number.to_string());
    }
    let whole = value.kind() == ValueKind::Number && value.is_integer();
    let number = u64::try_from(value.clone()).ok().filter(|_| whole)?;
    Some(number.to_string())
}
