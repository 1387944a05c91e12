//! What the options of an event look like: for `?`, and for whoever documents them.

use super::Entry;
use super::option::{Spec, Value};

/// One option of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionForm {
    /// Its keyword.
    pub name: &'static str,
    /// What `?` says about it.
    pub help: &'static str,
    /// What stands behind the keyword.
    pub operand: Operand,
}

/// What stands behind the keyword of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Nothing.
    None,
    /// A word, or a text in quotation marks.
    Word,
    /// A whole number.
    Number {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// A port.
    Port,
    /// A port, or `regexp` and a pattern.
    Ports,
    /// `all`, `default`, or `name` and a pattern.
    Vrf,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// These options, in any order.
    Options(Vec<OptionForm>),
}

/// The options that every event has.
const SHARED: [(&str, &str); 2] = [
    ("maxrun", "Maximum runtime of policy in seconds"),
    ("ratelimit", "Limit the rate of the event in seconds"),
];

impl Entry {
    /// Its options, those of every event at the end.
    pub fn options(&self) -> Vec<OptionForm> {
        let mut forms = forms(self.specs);
        forms.extend(SHARED.map(|(name, help)| OptionForm { name, help, operand: Operand::Word }));
        forms
    }
}

fn forms(specs: &'static [Spec]) -> Vec<OptionForm> {
    specs.iter().map(Spec::form).collect()
}

impl Spec {
    fn form(&'static self) -> OptionForm {
        let number = |number: i64| u64::try_from(number).unwrap_or(0);
        let operand = match &self.value {
            Value::Flag => Operand::None,
            // The parser of a router's command line knows no negative numbers.
            Value::Number(range) if *range.start() >= 0 => {
                Operand::Number { min: number(*range.start()), max: number(*range.end()) }
            }
            Value::Word | Value::Quoted | Value::Pattern | Value::Number(_) | Value::Quantity => {
                Operand::Word
            }
            Value::Seconds | Value::Time | Value::Prefix => Operand::Word,
            Value::Port => Operand::Port,
            Value::Ports => Operand::Ports,
            Value::Vrf => Operand::Vrf,
            Value::Nested(specs) => Operand::Options(forms(specs)),
            Value::Choice(words) => Operand::Choice(words),
        };
        OptionForm { name: self.name, help: self.help, operand }
    }
}
