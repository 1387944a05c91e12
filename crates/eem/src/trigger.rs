//! `trigger [occurs N] [period S] [period-start CRON] [delay S]`, with `correlate` and `attribute`
//! under it: which of an applet's events start it, together or alone.
//!
//! Evaluation goes from left to right, all operators alike (decided). An event counts from when it
//! comes until `period` is over or the applet is started; without a period until then. A tracked
//! object counts while it is up (decided).

use std::fmt;

use croner::Cron;
use simtime::{Duration, Time};

use crate::detector::Arming;
use crate::detector::occurrences::{Occurrences, REMEMBERED_MAX};
use crate::detector::timer;
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Fault, Router, Seconds, Text};

/// The largest `occurs` of a trigger and of an attribute.
const OCCURS_MAX: u64 = 4_294_967_295;

/// What follows `trigger`, and what stands under it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trigger {
    occurs: Option<u64>,
    period: Option<Seconds>,
    period_start: Option<Text>,
    delay: Option<Seconds>,
    correlate: Vec<(Operator, Operand)>,
    /// `attribute tag T occurs N`, in the order in which they were entered.
    attributes: Vec<(String, Option<u64>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    /// Of the first operand.
    First,
    And,
    Or,
    AndNot,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operand {
    Event(String),
    Track(u32),
}

impl Trigger {
    /// Reads what follows `trigger`; what stands under it stays.
    pub(crate) fn options(&mut self, reader: &mut Reader<'_>) -> Result<(), Problem> {
        let mut read = Trigger::default();
        let mut period = None;
        while !reader.is_at_end() {
            let names = ["delay", "occurs", "period", "period-start"];
            let (name, word) = reader.choose(&names, |name| name)?;
            let is_repeated = match *name {
                "delay" => read.delay.replace(reader.seconds()?).is_some(),
                "occurs" => read.occurs.replace(reader.number(1, OCCURS_MAX)?).is_some(),
                "period" => {
                    period = Some(word.clone());
                    read.period.replace(reader.seconds()?).is_some()
                }
                _ => {
                    let entry = reader.word()?;
                    let is_wrong = |text: String| calendar(&text).is_none();
                    if entry.text().literal().is_some_and(is_wrong) {
                        return Err(entry.problem(Fault::Invalid));
                    }
                    read.period_start.replace(entry.text()).is_some()
                }
            };
            if is_repeated {
                return Err(word.problem(Fault::Invalid));
            }
        }
        read.correlate = std::mem::take(&mut self.correlate);
        read.attributes = std::mem::take(&mut self.attributes);
        let most = read.attributes.iter().filter_map(|(_, occurs)| *occurs).chain(read.occurs);
        if let Some(word) = period.filter(|_| most.max().is_some_and(|n| n > REMEMBERED_MAX)) {
            return Err(word.problem(Fault::Invalid));
        }
        *self = read;
        Ok(())
    }

    /// Reads what follows `correlate`.
    pub(crate) fn correlate(&mut self, reader: &mut Reader<'_>) -> Result<(), Problem> {
        let mut correlate = vec![(Operator::First, operand(reader)?)];
        while !reader.is_at_end() {
            let operator = match *reader.choose(&["and", "andnot", "or"], |word| word)?.0 {
                "and" => Operator::And,
                "or" => Operator::Or,
                _ => Operator::AndNot,
            };
            correlate.push((operator, operand(reader)?));
        }
        self.correlate = correlate;
        Ok(())
    }

    /// Reads what follows `attribute`.
    pub(crate) fn attribute(&mut self, reader: &mut Reader<'_>) -> Result<(), Problem> {
        reader.expect("tag")?;
        let tag = reader.word()?.raw.to_owned();
        let mut occurs = None;
        if !reader.is_at_end() {
            reader.expect("occurs")?;
            let most = if self.period.is_some() { REMEMBERED_MAX } else { OCCURS_MAX };
            occurs = Some(reader.number(1, most)?);
        }
        reader.end()?;
        self.attributes.retain(|(known, _)| *known != tag);
        self.attributes.push((tag, occurs));
        Ok(())
    }

    /// `no correlate ...`
    pub(crate) fn forget_correlate(&mut self) {
        self.correlate.clear();
    }

    /// `no attribute tag T ...`
    pub(crate) fn forget_attribute(&mut self, reader: &mut Reader<'_>) -> Result<(), Problem> {
        reader.expect("tag")?;
        let tag = reader.word()?.raw.to_owned();
        self.attributes.retain(|(known, _)| *known != tag);
        Ok(())
    }

    /// The tags that it names.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &str> {
        let correlated = self.correlate.iter().filter_map(|(_, operand)| match operand {
            Operand::Event(tag) => Some(tag.as_str()),
            Operand::Track(_) => None,
        });
        correlated.chain(self.attributes.iter().map(|(tag, _)| tag.as_str()))
    }

    /// How long an event counts.
    fn span(&self) -> Option<Duration> {
        self.period.map(Seconds::duration)
    }

    /// From the event to the run.
    pub(crate) fn delay(&self) -> Duration {
        self.delay.map_or(Duration::ZERO, Seconds::duration)
    }
}

fn operand(reader: &mut Reader<'_>) -> Result<Operand, Problem> {
    match *reader.choose(&["event", "track"], |word| word)?.0 {
        "event" => Ok(Operand::Event(reader.word()?.raw.to_owned())),
        _ => {
            let number = reader.number(1, 32_767)?;
            Ok(Operand::Track(u32::try_from(number).unwrap_or_default()))
        }
    }
}

/// What a registered applet has seen of its events.
#[derive(Debug)]
pub(crate) struct Correlation {
    /// How often the whole came.
    whole: Occurrences,
    seen: Vec<Seen>,
    /// With `period-start`: when events count at all.
    opens: Option<Box<Cron>>,
}

/// What was seen of the event of one tag.
#[derive(Debug)]
struct Seen {
    tag: String,
    occurrences: Occurrences,
    /// When it came often enough for the last time.
    counted: Option<Time>,
    /// Whether it was among what made the whole true since the applet was last started.
    has_part: bool,
}

impl Seen {
    /// Whether it came often enough, and not too long ago.
    fn counts(&self, trigger: &Trigger, now: Time) -> bool {
        let period = trigger.span();
        self.counted.is_some_and(|at| period.is_none_or(|period| now.since(at) <= period))
    }
}

impl Correlation {
    /// Begins to count.
    ///
    /// # Errors
    /// `period-start` names a variable that is not there, or is no cron entry.
    pub(crate) fn new(trigger: &Trigger, arming: &Arming<'_>) -> Result<Self, Failure> {
        let entry = trigger.period_start.as_ref().map(arming.expand).transpose();
        let entry = entry.map_err(Failure::UnknownVariable)?;
        let bad = |entry: &String| Failure::BadOperand(entry.clone());
        let opens = entry.map(|entry| calendar(&entry).ok_or_else(|| bad(&entry))).transpose()?;
        let whole = Occurrences::new(trigger.occurs.unwrap_or(1), trigger.span());
        Ok(Correlation { whole, seen: Vec::new(), opens })
    }

    /// An event came: if the applet is started, the tags of what starts it.
    pub(crate) fn count(
        &mut self,
        trigger: &Trigger,
        tag: Option<&str>,
        now: Time,
        router: &dyn Router,
    ) -> Option<Vec<String>> {
        if !self.is_open(trigger, now, router) {
            return None;
        }
        if let Some(tag) = tag {
            self.came(trigger, tag, now);
        }
        if !self.holds(trigger, tag, now, router) {
            return None;
        }
        // What made the whole true once does not make it true again.
        for seen in &mut self.seen {
            seen.has_part |= seen.counts(trigger, now);
            seen.counted = None;
        }
        let is_enough = self.whole.count(now);
        is_enough.then(|| {
            self.seen.drain(..).filter(|seen| seen.has_part).map(|seen| seen.tag).collect()
        })
    }

    /// One event more of a tag: it counts when it came as often as `attribute` says.
    fn came(&mut self, trigger: &Trigger, tag: &str, now: Time) {
        let at = self.seen.iter().position(|seen| seen.tag == tag);
        let at = at.unwrap_or_else(|| {
            let needed = trigger.attributes.iter().find(|(known, _)| known == tag);
            let needed = needed.and_then(|(_, occurs)| *occurs).unwrap_or(1);
            let occurrences = Occurrences::new(needed, trigger.span());
            self.seen.push(Seen {
                tag: tag.to_owned(),
                occurrences,
                counted: None,
                has_part: false,
            });
            self.seen.len() - 1
        });
        let seen = &mut self.seen[at];
        if seen.occurrences.count(now) {
            seen.counted = Some(now);
        }
    }

    fn holds(&self, trigger: &Trigger, tag: Option<&str>, now: Time, router: &dyn Router) -> bool {
        let counts =
            |tag: &str| self.seen.iter().any(|seen| seen.tag == tag && seen.counts(trigger, now));
        if trigger.correlate.is_empty() {
            // Any of the events.
            return tag.is_none_or(counts);
        }
        trigger.correlate.iter().fold(false, |so_far, (operator, operand)| {
            let is_true = match operand {
                Operand::Event(tag) => counts(tag),
                Operand::Track(number) => router.track(*number) == Some(true),
            };
            match operator {
                Operator::First => is_true,
                Operator::And => so_far && is_true,
                Operator::Or => so_far || is_true,
                Operator::AndNot => so_far && !is_true,
            }
        })
    }

    /// Whether events count at all at `now`: with `period-start`, for one period after each instant
    /// of the entry; without a period always.
    fn is_open(&self, trigger: &Trigger, now: Time, router: &dyn Router) -> bool {
        let (Some(cron), Some(period)) = (&self.opens, trigger.span()) else { return true };
        let from = Time::from_micros(now.as_micros().saturating_sub(period.as_micros()));
        timer::following(cron, from, router, true).is_some_and(|opened| opened <= now)
    }
}

/// A cron entry with a calendar: `@reboot` has none.
fn calendar(entry: &str) -> Option<Box<Cron>> {
    timer::schedule(entry).flatten()
}

/// The lines of the running-config: what stands under the trigger is one deeper.
impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(" trigger")?;
        self.occurs.iter().try_for_each(|occurs| write!(f, " occurs {occurs}"))?;
        self.period.iter().try_for_each(|period| write!(f, " period {period}"))?;
        self.period_start.iter().try_for_each(|entry| write!(f, " period-start {entry}"))?;
        self.delay.iter().try_for_each(|delay| write!(f, " delay {delay}"))?;
        writeln!(f)?;
        if !self.correlate.is_empty() {
            f.write_str("  correlate")?;
            for (operator, operand) in &self.correlate {
                f.write_str(match operator {
                    Operator::First => "",
                    Operator::And => " and",
                    Operator::Or => " or",
                    Operator::AndNot => " andnot",
                })?;
                match operand {
                    Operand::Event(tag) => write!(f, " event {}", quoted(tag))?,
                    Operand::Track(number) => write!(f, " track {number}")?,
                }
            }
            writeln!(f)?;
        }
        for (tag, occurs) in &self.attributes {
            write!(f, "  attribute tag {}", quoted(tag))?;
            occurs.iter().try_for_each(|occurs| write!(f, " occurs {occurs}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A tag, in quotation marks where a blank needs them.
pub(crate) fn quoted(tag: &str) -> impl fmt::Display + '_ {
    fmt::from_fn(move |f| {
        let needs = tag.is_empty() || tag.contains([' ', '\t']);
        if needs { write!(f, "\"{tag}\"") } else { f.write_str(tag) }
    })
}
