//! The options of an event, declared: a detector is a table of them, and what it does with their
//! values. Read in any order, each at most once; printed in the order of the table.

use std::fmt;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

use super::{Arming, Limits, once};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::{Reader, Word};
use crate::{Fault, Seconds, Text};

/// One option: its keyword, and what stands behind it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) value: Value,
    pub(crate) is_required: bool,
}

/// What stands behind the keyword of an option.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing.
    Flag,
    /// A word, printed as it was typed.
    Word,
    /// A text, printed in quotation marks.
    Quoted,
    /// A regular expression, printed in quotation marks.
    Pattern,
    /// A whole number.
    Number(RangeInclusive<i64>),
    /// A whole number, printed in quotation marks: `entry-val "90"`.
    Quantity,
    /// Seconds with up to three decimals, printed with three.
    Seconds,
    /// The same, printed without decimals that are zero: the time of a timer.
    Time,
    /// A port, in one word or two: `GigabitEthernet 0/1`.
    Port,
    /// A port, or `regexp` and a pattern.
    Ports,
    /// A network as `192.0.2.0/24`.
    Prefix,
    /// `all`, `default`, or `name` and a pattern.
    Vrf,
    /// A part with options of its own.
    Nested(&'static [Spec]),
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// What was given for one option.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    Flag,
    Word(Box<str>),
    Text(Text),
    Number(i64),
    Seconds(Seconds),
    Choice(&'static str),
    /// `regexp` or `name`, and what stands behind it.
    Pattern(&'static str, Text),
    Nested(Options),
}

/// The options of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    specs: &'static [Spec],
    /// One for each of `specs`.
    given: Box<[Option<Given>]>,
}

/// `gt ge eq ne lt le`
pub(crate) const OPERATORS: &[&str] = &["eq", "ge", "gt", "le", "lt", "ne"];

/// An option that may be left out.
pub(crate) const fn opt(name: &'static str, help: &'static str, value: Value) -> Spec {
    Spec { name, help, value, is_required: false }
}

/// An option without which the event is incomplete.
pub(crate) const fn must(name: &'static str, help: &'static str, value: Value) -> Spec {
    Spec { name, help, value, is_required: true }
}

impl Options {
    /// Reads to the end of the line, the options that every detector shares included.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        specs: &'static [Spec],
        limits: &mut Limits,
    ) -> Result<Options, Problem> {
        let mut given: Vec<Option<Given>> = specs.iter().map(|_| None).collect();
        let shared = ["maxrun", "ratelimit"];
        let names: Vec<&'static str> = specs.iter().map(|spec| spec.name).chain(shared).collect();
        while !reader.is_at_end() {
            if let Some((at, value, word)) = is_increment(reader, specs)? {
                once(&mut given[at], value, &word)?;
                continue;
            }
            let (name, word) = reader.choose(&names, |name| name)?;
            match specs.iter().position(|spec| spec.name == *name) {
                Some(at) => {
                    let value = specs[at].value.read(reader)?;
                    once(&mut given[at], value, &word)?;
                }
                None => limits.option(name, &word, reader)?,
            }
        }
        let lacks = |(spec, given): (&Spec, &Option<Given>)| spec.is_required && given.is_none();
        if specs.iter().zip(&given).any(lacks) {
            return Err(reader.incomplete());
        }
        Ok(Options { specs, given: given.into() })
    }

    /// Reads options until a word that is none of them, or one that was given already.
    fn read_some(reader: &mut Reader<'_>, specs: &'static [Spec]) -> Result<Options, Problem> {
        let mut given: Vec<Option<Given>> = specs.iter().map(|_| None).collect();
        loop {
            let mut ahead = reader.clone();
            let Ok((spec, _)) = ahead.choose(specs, |spec| spec.name) else { break };
            let at = specs.iter().position(|other| other.name == spec.name).unwrap_or_default();
            if given[at].is_some() {
                break;
            }
            *reader = ahead;
            given[at] = Some(spec.value.read(reader)?);
        }
        let lacks = |(spec, given): (&Spec, &Option<Given>)| spec.is_required && given.is_none();
        if specs.iter().zip(&given).any(lacks) {
            let wrong = reader.next()?.map(|word| word.problem(Fault::Invalid));
            return Err(wrong.unwrap_or_else(|| reader.incomplete()));
        }
        Ok(Options { specs, given: given.into() })
    }

    fn get(&self, name: &str) -> Option<&Given> {
        let at = self.specs.iter().position(|spec| spec.name == name)?;
        self.given[at].as_ref()
    }

    /// What was given under an old name is given under the new one, unless that was given too.
    pub(crate) fn rename(&mut self, old: &str, new: &str) {
        let place = |name| self.specs.iter().position(|spec| spec.name == name);
        if let (Some(old), Some(new)) = (place(old), place(new))
            && let Some(given) = self.given[old].take()
        {
            self.given[new].get_or_insert(given);
        }
    }

    /// Whether the option was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The text of a `Quoted` or `Pattern`, or of the pattern of `Ports` or `Vrf`.
    pub(crate) fn text(&self, name: &str) -> Option<&Text> {
        match self.get(name)? {
            Given::Text(text) | Given::Pattern(_, text) => Some(text),
            Given::Flag | Given::Word(_) | Given::Number(_) | Given::Seconds(_) => None,
            Given::Choice(_) | Given::Nested(_) => None,
        }
    }

    /// A `Word`, `Port` or `Prefix`, or the word of a `Choice`.
    pub(crate) fn word(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Given::Word(word) => Some(word),
            Given::Choice(word) => Some(word),
            Given::Flag | Given::Text(_) | Given::Number(_) | Given::Seconds(_) => None,
            Given::Pattern(_, _) | Given::Nested(_) => None,
        }
    }

    /// The text or the word of an option, its variables replaced. A word that names none is itself.
    ///
    /// # Errors
    /// The environment lacks a variable that it names.
    pub(crate) fn expanded(
        &self,
        name: &str,
        arming: &Arming<'_>,
    ) -> Result<Option<String>, Failure> {
        let of_word = |word: &str| Text::from_bare(word);
        let text = self.text(name).cloned().or_else(|| self.word(name).map(of_word));
        let expanded = text.as_ref().map(arming.expand).transpose();
        expanded.map_err(Failure::UnknownVariable)
    }

    /// A `Number` or a `Quantity`.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Given::Number(number) => Some(*number),
            Given::Flag | Given::Word(_) | Given::Text(_) | Given::Seconds(_) => None,
            Given::Choice(_) | Given::Pattern(_, _) | Given::Nested(_) => None,
        }
    }

    /// Seconds.
    pub(crate) fn seconds(&self, name: &str) -> Option<Seconds> {
        match self.get(name)? {
            Given::Seconds(seconds) => Some(*seconds),
            Given::Flag | Given::Word(_) | Given::Text(_) | Given::Number(_) => None,
            Given::Choice(_) | Given::Pattern(_, _) | Given::Nested(_) => None,
        }
    }

    /// The options of a part.
    pub(crate) fn nested(&self, name: &str) -> Option<&Options> {
        match self.get(name)? {
            Given::Nested(options) => Some(options),
            Given::Flag | Given::Word(_) | Given::Text(_) | Given::Number(_) => None,
            Given::Seconds(_) | Given::Choice(_) | Given::Pattern(_, _) => None,
        }
    }

    /// As `show event manager policy registered` has them: texts in braces.
    pub(crate) fn braced(&self) -> String {
        self.braced_without(&[])
    }

    /// The same, but for some options.
    pub(crate) fn braced_without(&self, left_out: &[&str]) -> String {
        let all = self.specs.iter().zip(&self.given);
        let given = all.filter(|(spec, _)| !left_out.contains(&spec.name));
        let each = given.filter_map(|(spec, given)| Some((spec, given.as_ref()?)));
        let shown = each.map(|(spec, given)| match given {
            Given::Text(text) => format!("{} {{{}}}", spec.name, text.source()),
            Given::Word(word) => format!("{} {{{word}}}", spec.name),
            Given::Pattern(kind, text) => format!("{} {kind} {{{}}}", spec.name, text.source()),
            Given::Nested(options) => format!("{} {}", spec.name, options.braced()),
            Given::Seconds(seconds) => format!("{} {seconds}", spec.name),
            Given::Flag => spec.name.to_owned(),
            Given::Number(number) => format!("{} {number}", spec.name),
            Given::Choice(word) => format!("{} {word}", spec.name),
        });
        shown.collect::<Vec<_>>().join(" ")
    }
}

impl Value {
    fn read(&self, reader: &mut Reader<'_>) -> Result<Given, Problem> {
        Ok(match self {
            Value::Flag => Given::Flag,
            Value::Word => Given::Word(reader.word()?.raw.into()),
            Value::Quoted => Given::Text(reader.text()?),
            Value::Pattern => {
                let word = reader.word()?;
                word.check_pattern()?;
                Given::Text(word.text())
            }
            Value::Number(range) => Given::Number(number(&reader.word()?, range)?),
            Value::Quantity => Given::Number(number(&reader.word()?, &(i64::MIN..=i64::MAX))?),
            Value::Seconds | Value::Time => Given::Seconds(reader.seconds()?),
            Value::Port => Given::Word(port(reader)?.into()),
            Value::Ports if reader.accept_bare("regexp") => {
                let word = reader.word()?;
                word.check_pattern()?;
                Given::Pattern("regexp", word.text())
            }
            Value::Ports => Given::Word(port(reader)?.into()),
            Value::Prefix => {
                let word = reader.word()?;
                prefix(word.raw).ok_or_else(|| word.problem(Fault::Invalid))?;
                Given::Word(word.raw.into())
            }
            Value::Vrf => match *reader.choose(&["all", "default", "name"], |word| word)?.0 {
                "name" => {
                    let word = reader.word()?;
                    word.check_pattern()?;
                    Given::Pattern("name", word.text())
                }
                word => Given::Choice(word),
            },
            Value::Nested(specs) => Given::Nested(Options::read_some(reader, specs)?),
            Value::Choice(words) => Given::Choice(reader.choose(*words, |word| word)?.0),
        })
    }
}

/// A port in one word, or in two of which the second begins with a digit.
fn port(reader: &mut Reader<'_>) -> Result<String, Problem> {
    let word = reader.word()?;
    let is_type = word.raw.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    let mut ahead = reader.clone();
    let number =
        ahead.next()?.filter(|next| is_type && next.raw.starts_with(|c: char| c.is_ascii_digit()));
    match number {
        Some(number) => {
            *reader = ahead;
            Ok(format!("{}{}", word.raw, number.raw))
        }
        None => Ok(word.raw.to_owned()),
    }
}

/// `192.0.2.0/24`: the network without the bits of hosts, and its length.
pub(crate) fn prefix(text: &str) -> Option<(Ipv4Addr, u8)> {
    let (address, length) = text.split_once('/')?;
    let length = length.parse::<u8>().ok().filter(|length| *length <= 32)?;
    let bits = address.parse::<Ipv4Addr>().ok()?.to_bits();
    let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
    Some((Ipv4Addr::from_bits(bits & mask), length))
}

/// `entry-val-is-increment true` and its like: the word of old releases for `entry-type increment`,
/// and kept as that.
fn is_increment<'a>(
    reader: &mut Reader<'a>,
    specs: &[Spec],
) -> Result<Option<(usize, Given, Word<'a>)>, Problem> {
    let mut ahead = reader.clone();
    let Some(word) = ahead.next()? else { return Ok(None) };
    let name = match word.raw {
        "entry-val-is-increment" => "entry-type",
        "exit-val-is-increment" => "exit-type",
        _ => return Ok(None),
    };
    let Some(at) = specs.iter().position(|spec| spec.name == name) else { return Ok(None) };
    *reader = ahead;
    let (truth, _) = reader.choose(&["false", "true"], |word| word)?;
    let kind = if *truth == "true" { "increment" } else { "value" };
    Ok(Some((at, Given::Choice(kind), word)))
}

fn number(word: &Word<'_>, range: &RangeInclusive<i64>) -> Result<i64, Problem> {
    let number = word.raw.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| word.problem(Fault::Invalid))
}

/// Each option with a blank in front, as the running-config has them.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (spec, given) in self.specs.iter().zip(&self.given) {
            let Some(given) = given else { continue };
            write!(f, " {}", spec.name)?;
            match given {
                Given::Flag => Ok(()),
                Given::Word(word) if word.is_empty() || word.contains(' ') => {
                    write!(f, " \"{word}\"")
                }
                Given::Word(word) => write!(f, " {word}"),
                Given::Text(text) => write!(f, " {text}"),
                Given::Number(number) if matches!(spec.value, Value::Quantity) => {
                    write!(f, " \"{number}\"")
                }
                Given::Number(number) => write!(f, " {number}"),
                Given::Seconds(seconds) if spec.value == Value::Time => {
                    write!(f, " {}", seconds.compact())
                }
                Given::Seconds(seconds) => write!(f, " {seconds}"),
                Given::Choice(word) => write!(f, " {word}"),
                Given::Pattern(kind, text) => write!(f, " {kind} {}", text.bare()),
                Given::Nested(options) => options.fmt(f),
            }?;
        }
        Ok(())
    }
}
