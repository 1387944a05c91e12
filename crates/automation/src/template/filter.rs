//! The typed filters: the only way in which a value of an event enters a command.
//!
//! Each takes a value apart by its own type and gives one word, or refuses. The result is marked
//! as [`Typed`]; the engine prints nothing else, so joining or changing it afterwards loses that.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use minijinja::value::{Object, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use super::{guard, markup, path};

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
/// The filters that let a sender write the whole of something, which nothing else stands beside.
const WHOLE: [(&str, &str, Filter); 3] = [
    ("show", "a command that only reads, or a list of such", show),
    ("xml", "one element of XML", xml),
    ("data_path", "a path of RESTCONF below `data/`, without a query", data_path),
];
/// How many commands one value can hold.
const COMMANDS_MAX: usize = 32;
/// How large the program of a regular expression can be, in bytes.
const REGEX_BYTES_MAX: usize = 1024 * 1024;

/// A value that a typed filter let through.
#[derive(Debug)]
pub(crate) struct Typed(pub(crate) String);

impl Object for Typed {
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one of [`WHOLE`] let through: printed nowhere but where it is all that is asked for.
#[derive(Debug)]
pub(crate) struct Whole(pub(crate) String);

impl Object for Whole {
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
    for (name, takes, filter) in WHOLE {
        environment.add_filter(name, move |value: Value| match filter(&value) {
            Some(text) => Ok(Value::from_object(Whole(text))),
            None => Err(refusal(name, takes, &value)),
        });
    }
}

/// Makes the functions known that look at texts which devices and APIs gave.
pub(crate) fn register_readers(environment: &mut Environment<'static>) {
    environment.add_filter("find", |text: &Value, pattern: &str, group: Option<usize>| {
        let (text, regex) = (text.as_str().unwrap_or_default(), regex(pattern)?);
        let Some(found) = regex.captures(text) else { return Ok(Value::from(())) };
        let group = group.unwrap_or(usize::from(regex.captures_len() > 1));
        let text = found.get(group).map(|found| found.as_str());
        Ok::<Value, Error>(text.map_or(Value::from(()), Value::from))
    });
    environment.add_filter("reshape", reshape);
    environment.add_filter("find_all", |text: &Value, pattern: &str, group: Option<usize>| {
        let (text, regex) = (text.as_str().unwrap_or_default(), regex(pattern)?);
        let group = group.unwrap_or(usize::from(regex.captures_len() > 1));
        let found = regex.captures_iter(text).filter_map(|found| found.get(group));
        let found: Vec<Value> = found.map(|found| Value::from(found.as_str())).collect();
        Ok::<Value, Error>(Value::from(found))
    });
}

/// An object, or each of a list, under other names: `reshape(success='ok')` has `success` with the
/// value of `ok`.
fn reshape(value: &Value, names: minijinja::value::Kwargs) -> Result<Value, Error> {
    let keys: Vec<String> = names.args().map(str::to_owned).collect();
    let mut wanted = Vec::new();
    for key in keys {
        let from: String = names.get(&key)?;
        wanted.push((key, from));
    }
    let of = |object: &Value| -> Result<Value, Error> {
        let members = wanted.iter().map(|(key, from)| {
            let value = object.get_attr(from)?;
            Ok((key.clone(), if value.is_undefined() { Value::from(()) } else { value }))
        });
        // A list of pairs would be a list to minijinja.
        members.collect::<Result<BTreeMap<String, Value>, Error>>().map(Value::from)
    };
    match value.kind() {
        ValueKind::Seq => {
            value.try_iter()?.map(|item| of(&item)).collect::<Result<Vec<_>, _>>().map(Value::from)
        }
        _ => of(value),
    }
}

fn regex(pattern: &str) -> Result<regex::Regex, Error> {
    let built = regex::RegexBuilder::new(pattern).size_limit(REGEX_BYTES_MAX).build();
    built.map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

/// One command or several, each of which the guard lets through; a line for each.
fn show(value: &Value) -> Option<String> {
    let texts: Vec<String> = match value.kind() {
        ValueKind::String => vec![value.as_str()?.to_owned()],
        ValueKind::Seq => {
            let items = value.try_iter().ok()?;
            items.map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let texts: Vec<&str> = texts.iter().map(|text| text.trim()).collect();
    let reads = |text: &&str| guard::reads_only(text).is_ok();
    let fits = (1..=COMMANDS_MAX).contains(&texts.len());
    (fits && texts.iter().all(reads)).then(|| texts.join("\n"))
}

fn xml(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    markup::is_element(text).then(|| text.to_owned())
}

fn data_path(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim_start_matches('/');
    let text = text.strip_prefix("restconf/").unwrap_or(text);
    let text = text.strip_prefix("data/").unwrap_or(text);
    path::is_below_data(text).then(|| format!("data/{text}"))
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
