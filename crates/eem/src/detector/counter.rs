//! `event counter name C entry-val V entry-op OP [exit-val V exit-op OP]`: looks at a counter of
//! `action counter` whenever one sets it.

use std::sync::Arc;

use simtime::Time;

use super::declared;
use super::option::{OPERATORS, Spec, Value, must, opt};
use super::threshold::Threshold;
use super::{Armed, Detector, Limits, Variables};
use crate::Stimulus;
use crate::problem::Problem;
use crate::reader::Reader;

pub(super) const SPECS: &[Spec] = &[
    must("name", "Name of the counter", Value::Word),
    must("entry-val", "Entry comparison value", Value::Quantity),
    must("entry-op", "Entry comparison operator", Value::Choice(OPERATORS)),
    opt("exit-val", "Exit comparison value", Value::Quantity),
    opt("exit-op", "Exit comparison operator", Value::Choice(OPERATORS)),
];

#[derive(Debug)]
struct Counter {
    name: String,
    threshold: Threshold,
}

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, SPECS, |options, arming| {
        let name = options.expanded("name", arming)?.unwrap_or_default();
        Ok(Box::new(Counter { name, threshold: Threshold::new(options, true) }))
    })
}

impl Armed for Counter {
    fn offer(&mut self, now: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let Stimulus::Counter { name, value } = *stimulus else { return None };
        if name != self.name {
            return None;
        }
        self.threshold.look(now, value)?;
        let named = [("_counter_name", name.to_owned()), ("_counter_value", value.to_string())];
        Some(named.map(|(name, value)| (name.to_owned(), value)).into())
    }
}
