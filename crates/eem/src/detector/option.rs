//! The options of an event, declared: a detector is a table of them, and what it does with their
//! values. Read in any order, each at most once; printed in the order of the table.

use std::fmt;
use std::ops::RangeInclusive;

use super::{Limits, once};
use crate::problem::Problem;
use crate::reader::{Reader, Word};
use crate::{Fault, Seconds, Text};

/// One option: its keyword, and what stands behind it.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) value: Value,
    pub(crate) is_required: bool,
}

/// What stands behind the keyword of an option.
#[derive(Debug)]
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
}

/// The options of one event.
#[derive(Clone, Debug)]
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

    fn get(&self, name: &str) -> Option<&Given> {
        let at = self.specs.iter().position(|spec| spec.name == name)?;
        self.given[at].as_ref()
    }

    /// Whether the option was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The text of a `Quoted` or `Pattern`.
    pub(crate) fn text(&self, name: &str) -> Option<&Text> {
        match self.get(name)? {
            Given::Text(text) => Some(text),
            Given::Flag | Given::Word(_) | Given::Number(_) | Given::Seconds(_) => None,
            Given::Choice(_) => None,
        }
    }

    /// A `Word`, or the word of a `Choice`.
    pub(crate) fn word(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Given::Word(word) => Some(word),
            Given::Choice(word) => Some(word),
            Given::Flag | Given::Text(_) | Given::Number(_) | Given::Seconds(_) => None,
        }
    }

    /// A `Number` or a `Quantity`.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Given::Number(number) => Some(*number),
            Given::Flag | Given::Word(_) | Given::Text(_) | Given::Seconds(_) => None,
            Given::Choice(_) => None,
        }
    }

    /// Seconds.
    pub(crate) fn seconds(&self, name: &str) -> Option<Seconds> {
        match self.get(name)? {
            Given::Seconds(seconds) => Some(*seconds),
            Given::Flag | Given::Word(_) | Given::Text(_) | Given::Number(_) => None,
            Given::Choice(_) => None,
        }
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
            Value::Seconds => Given::Seconds(reader.seconds()?),
            Value::Choice(words) => Given::Choice(reader.choose(*words, |word| word)?.0),
        })
    }
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
                Given::Word(word) => write!(f, " {word}"),
                Given::Text(text) => write!(f, " {text}"),
                Given::Number(number) if matches!(spec.value, Value::Quantity) => {
                    write!(f, " \"{number}\"")
                }
                Given::Number(number) => write!(f, " {number}"),
                Given::Seconds(seconds) => write!(f, " {seconds}"),
                Given::Choice(word) => write!(f, " {word}"),
            }?;
        }
        Ok(())
    }
}
