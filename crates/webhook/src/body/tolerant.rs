//! Bodies that mean JSON and are none: as Python prints them, and as the applets of courses send
//! them: `{'event':'manual_test','device':'R1'}`.
//!
//! Called for a source that says so, once the strict parser has refused. It takes all of JSON, and
//! besides: texts in single quotes, with apostrophes and line breaks in them; `True`, `False` and
//! `None`; a comma behind the last value. Its bounds are those of the strict parser. It never
//! guesses what a value should have been: a text stays a text.

use serde_json::{Map, Number, Value};

use super::{BodyError, VALUES_MAX};

/// How deep values can be nested, as in the strict parser.
const DEPTH_MAX: usize = 128;

/// What was read, and whether a text of it was in single quotes.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) value: Value,
    pub(super) is_single_quoted: bool,
}

/// Where a text stands: what may come behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The key of an object.
    Key,
    /// A value in an object.
    Field,
    /// A value in a list.
    Item,
    /// The whole body.
    Whole,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Read, BodyError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        malformed(bytes, at, "invalid UTF-8")
    })?;
    let mut parser = Parser { text, at: 0, values: 0, is_single_quoted: false };
    let value = parser.whole().map_err(|reason| malformed(bytes, parser.at, &reason))?;
    Ok(Read { value, is_single_quoted: parser.is_single_quoted })
}

fn malformed(bytes: &[u8], at: usize, reason: &str) -> BodyError {
    let (line, column) = super::place(bytes, at);
    BodyError::Malformed { line, column, reason: reason.to_owned() }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values: usize,
    is_single_quoted: bool,
}

impl Parser<'_> {
    fn whole(&mut self) -> Result<Value, String> {
        let value = self.value(Place::Whole, 0)?;
        match self.next() {
            None => Ok(value),
            Some(_) => Err("trailing characters".to_owned()),
        }
    }

    fn value(&mut self, place: Place, depth: usize) -> Result<Value, String> {
        self.values += 1;
        if self.values > VALUES_MAX {
            return Err(format!("more than {VALUES_MAX} values"));
        }
        if depth > DEPTH_MAX {
            return Err("recursion limit exceeded".to_owned());
        }
        match self.next() {
            None => Err("EOF while parsing a value".to_owned()),
            Some(b'{') => self.object(depth).map(Value::Object),
            Some(b'[') => self.list(depth).map(Value::Array),
            Some(b'"' | b'\'') => self.string(place).map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(_) => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Map<String, Value>, String> {
        let mut object = Map::new();
        self.at += 1;
        loop {
            match self.next() {
                Some(b'}') => break,
                Some(b'"' | b'\'') => {}
                Some(_) => return Err("key must be a string".to_owned()),
                None => return Err("EOF while parsing an object".to_owned()),
            }
            let key = self.string(Place::Key)?;
            if self.next() != Some(b':') {
                return Err("expected `:`".to_owned());
            }
            self.at += 1;
            let value = self.value(Place::Field, depth + 1)?;
            object.insert(key, value);
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err("expected `,` or `}`".to_owned()),
            }
        }
        self.at += 1;
        Ok(object)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Value>, String> {
        let mut list = Vec::new();
        self.at += 1;
        while self.next() != Some(b']') {
            list.push(self.value(Place::Item, depth + 1)?);
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err("expected `,` or `]`".to_owned()),
            }
        }
        self.at += 1;
        Ok(list)
    }

    /// A text up to its quote. An apostrophe ends it only where a text can end.
    fn string(&mut self, place: Place) -> Result<String, String> {
        let single = self.rest().starts_with('\'');
        let quote = if single { '\'' } else { '"' };
        self.is_single_quoted |= single;
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(end) = self.rest().find([quote, '\\']) else {
                self.at = start;
                return Err("the text that begins here has no end".to_owned());
            };
            text.push_str(&self.rest()[..end]);
            self.at += end;
            if self.rest().starts_with('\\') {
                self.escape(&mut text)?;
                continue;
            }
            self.at += 1;
            if !single || self.ends(place) {
                return Ok(text);
            }
            text.push(quote);
        }
    }

    /// Whether what follows is what follows a text.
    fn ends(&self, place: Place) -> bool {
        let rest = self.rest().trim_start_matches(is_blank);
        let mut next = rest.chars();
        match (place, next.next()) {
            (Place::Key, Some(':')) | (Place::Field, Some('}')) => true,
            (Place::Item, Some(']')) | (_, None) => true,
            (Place::Field, Some(',')) => {
                let behind = next.as_str().trim_start_matches(is_blank);
                behind.starts_with(['\'', '"', '}'])
            }
            (Place::Item, Some(',')) => true,
            _ => false,
        }
    }

    /// JSON's escapes and Python's; of another one the backslash stays, as in Python.
    fn escape(&mut self, text: &mut String) -> Result<(), String> {
        let mut rest = self.rest().chars();
        rest.next();
        let Some(letter) = rest.next() else { return Err("EOF while parsing a string".into()) };
        self.at += 1 + letter.len_utf8();
        match letter {
            '"' | '\'' | '\\' | '/' => text.push(letter),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            '\n' => {}
            'x' => text.push(self.character(2)?),
            'u' => text.push(self.character(4)?),
            'U' => text.push(self.character(8)?),
            other => text.extend(['\\', other]),
        }
        Ok(())
    }

    /// A character by so many hexadecimal digits, or by two such halves (UTF-16).
    fn character(&mut self, digits: usize) -> Result<char, String> {
        let unit = self.digits(digits)?;
        let lone = || "lone surrogate".to_owned();
        if digits != 4 || !(0xd800..0xe000).contains(&unit) {
            return char::from_u32(unit).ok_or_else(lone);
        }
        if !self.rest().starts_with("\\u") {
            return Err(lone());
        }
        self.at += 2;
        let low = self.digits(4)?;
        if unit >= 0xdc00 || !(0xdc00..0xe000).contains(&low) {
            return Err(lone());
        }
        char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)).ok_or_else(lone)
    }

    fn digits(&mut self, count: usize) -> Result<u32, String> {
        let digits = self.rest().get(..count);
        let digits = digits.filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|text| u32::from_str_radix(text, 16).ok());
        let number = number.ok_or_else(|| "invalid escape".to_owned())?;
        self.at += count;
        Ok(number)
    }

    fn number(&mut self) -> Result<Number, String> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let number = serde_json::from_str(&rest[..length]);
        let number = number.map_err(|_| "invalid number".to_owned())?;
        self.at += length;
        Ok(number)
    }

    fn word(&mut self) -> Result<Value, String> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let value = match &rest[..length] {
            "true" | "True" => Value::Bool(true),
            "false" | "False" => Value::Bool(false),
            "null" | "None" => Value::Null,
            _ => return Err("expected value".to_owned()),
        };
        self.at += length;
        Ok(value)
    }

    /// The byte behind blanks.
    fn next(&mut self) -> Option<u8> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_blank).len();
        self.rest().bytes().next()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
