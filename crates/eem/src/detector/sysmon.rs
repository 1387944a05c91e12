//! `event ioswdsysmon [timewin S] [sub12-op OP] sub1 SUB [sub2 SUB]`: the load or the memory of a
//! process passes a value.
//!
//! Each part is looked at once in its period. The event is raised when the whole becomes true, and
//! not again before it was false (decided). `diff` and `timewin` are kept.

use std::sync::Arc;

use simtime::{Duration, Time};

use super::declared;
use super::option::{OPERATORS, Options, Spec, Value, must, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Fault, Router, Seconds};

static SUB: [Spec; 7] = [
    opt("cpu-proc", "CPU of a process", Value::Flag),
    opt("mem-proc", "Memory of a process", Value::Flag),
    must("taskname", "Process name", Value::Quoted),
    must("op", "Comparison operator", Value::Choice(OPERATORS)),
    must("val", "Value", Value::Quantity),
    opt("is-percent", "Whether the value is in per cent", Value::Choice(&["false", "true"])),
    must("period", "Period in seconds", Value::Time),
];

pub(super) static SPECS: [Spec; 4] = [
    opt("timewin", "Time window in seconds", Value::Time),
    opt("sub12-op", "How the parts combine", Value::Choice(&["and", "andnot", "or"])),
    must("sub1", "First part", Value::Nested(&SUB)),
    opt("sub2", "Second part", Value::Nested(&SUB)),
];

#[derive(Debug)]
struct Monitor {
    parts: Vec<Part>,
    operator: Operator,
    is_true: bool,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    And,
    Or,
    AndNot,
}

#[derive(Debug)]
struct Part {
    is_cpu: bool,
    task: String,
    operator: String,
    limit: i64,
    is_percent: bool,
    period: Duration,
    next: Time,
    /// What was seen last, and whether it passed.
    value: i64,
    passes: bool,
}

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    let start = reader.clone();
    let options = Options::read(reader, &SPECS, limits)?;
    let is_unclear = |part: &&str| {
        let of_part = options.nested(part);
        of_part.is_some_and(|part| part.has("cpu-proc") == part.has("mem-proc"))
    };
    if let Some(part) = ["sub1", "sub2"].into_iter().find(is_unclear) {
        let mut again = start;
        while !again.accept(part) {
            again.word()?;
        }
        return Err(again.word()?.problem(Fault::Invalid));
    }
    Ok(declared::from(options, arm))
}

fn arm(options: &Options, arming: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
    let mut parts = Vec::new();
    for part in ["sub1", "sub2"].iter().filter_map(|name| options.nested(name)) {
        parts.push(Part::new(part, arming)?);
    }
    let operator = match options.word("sub12-op") {
        Some("or") => Operator::Or,
        Some("andnot") => Operator::AndNot,
        Some(_) | None => Operator::And,
    };
    Ok(Box::new(Monitor { parts, operator, is_true: false }))
}

impl Part {
    fn new(options: &Options, arming: &Arming<'_>) -> Result<Self, Failure> {
        let period = options.seconds("period").map_or(Duration::ZERO, Seconds::duration);
        let period = period.max(Duration::from_secs(1));
        let is_cpu = !options.has("mem-proc");
        Ok(Part {
            is_cpu,
            task: options.expanded("taskname", arming)?.unwrap_or_default(),
            operator: options.word("op").unwrap_or_default().to_owned(),
            limit: options.number("val").unwrap_or_default(),
            is_percent: is_cpu || options.word("is-percent") == Some("true"),
            period,
            next: arming.now + period,
            value: 0,
            passes: false,
        })
    }

    fn look(&mut self, now: Time, router: &dyn Router) {
        self.next = now + self.period;
        let task = Some(self.task.as_str());
        let value = if self.is_cpu {
            router.process_cpu(task, self.period.as_secs()).map(|hundredths| hundredths / 100)
        } else {
            let pick = |(bytes, percent)| if self.is_percent { percent } else { bytes };
            router.process_memory(task).map(pick)
        };
        // A process that is not there passes nothing.
        let value = value.and_then(|value| i64::try_from(value).ok());
        self.value = value.unwrap_or_default();
        self.passes = value.is_some_and(|value| match self.operator.as_str() {
            "eq" => value == self.limit,
            "ge" => value >= self.limit,
            "gt" => value > self.limit,
            "le" => value <= self.limit,
            "lt" => value < self.limit,
            _ => value != self.limit,
        });
    }
}

impl Armed for Monitor {
    fn deadline(&self) -> Option<Time> {
        self.parts.iter().map(|part| part.next).min()
    }

    fn due(&mut self, now: Time, router: &dyn Router) -> Option<Variables> {
        self.parts.iter_mut().filter(|part| part.next <= now).for_each(|part| {
            part.look(now, router);
        });
        let passes = |at: usize| self.parts.get(at).map(|part| part.passes);
        let first = passes(0).unwrap_or(false);
        let is_true = match (self.operator, passes(1)) {
            (_, None) => first,
            (Operator::And, Some(second)) => first && second,
            (Operator::Or, Some(second)) => first || second,
            (Operator::AndNot, Some(second)) => first && !second,
        };
        let was_true = std::mem::replace(&mut self.is_true, is_true);
        if was_true || !is_true {
            return None;
        }
        let count = self.parts.len().to_string();
        let mut variables = vec![
            ("_ioswd_num_subs".to_owned(), count),
            ("_ioswd_node".to_owned(), "0/0".to_owned()),
        ];
        for (n, part) in (1..).zip(&self.parts) {
            let kind = if part.is_cpu { "cpu_proc" } else { "mem_proc" };
            let named = [
                ("present", "1".to_owned()),
                ("type", kind.to_owned()),
                ("taskname", part.task.clone()),
                ("value", part.value.to_string()),
                ("period", part.period.as_secs().to_string()),
                ("is_percent", u8::from(part.is_percent).to_string()),
                // A router has one image, and its processes no path, number or history.
                ("path", String::new()),
                ("pid", "0".to_owned()),
                ("diff", "0".to_owned()),
            ];
            variables.extend(named.map(|(name, value)| (format!("_ioswd_sub{n}_{name}"), value)));
        }
        Some(variables)
    }
}
