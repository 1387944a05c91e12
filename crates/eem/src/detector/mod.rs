//! The event detectors: one file each, and one line in [`DETECTORS`].

mod none;
mod occurrences;
mod syslog;

use std::fmt;
use std::sync::Arc;

use simtime::Time;

use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::{Reader, Word};
use crate::{Fault, Seconds, Text, UnknownVariable};

/// One kind of event: what the parser, `?` and the tables of `show event manager` need to know.
#[derive(Debug)]
pub struct Entry {
    /// The keyword after `event`.
    pub name: &'static str,
    /// What `?` says about it.
    pub help: &'static str,
    /// `$_event_type`: the number of the type in the oper YANG model.
    pub(crate) number: u32,
    parse: Parse,
}

/// Reads a detector's options to the end of the line, the shared ones included.
type Parse = fn(&mut Reader<'_>, &mut Limits) -> Result<Arc<dyn Detector>, Problem>;

/// The event of one applet. `Display` is its form in the running-config, after `event`.
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) entry: &'static Entry,
    pub(crate) detector: Arc<dyn Detector>,
    pub(crate) limits: Limits,
}

/// The time limit of a run whose event names none.
const MAXRUN_DEFAULT: Seconds = Seconds::from_secs(20);

/// The options that every detector shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) maxrun: Option<Seconds>,
    pub(crate) ratelimit: Option<Seconds>,
}

/// What an applet waits for. `Display` is its options in the running-config, each with a blank in
/// front.
pub(crate) trait Detector: fmt::Debug + fmt::Display + Send + Sync {
    /// Begins to wait, with the environment as it is now.
    fn arm(&self, expand: &Expand<'_>) -> Result<Box<dyn Armed>, Failure>;

    /// Whether whoever raises the event waits for the run, which then has a terminal.
    fn is_waited_for(&self) -> bool {
        false
    }

    /// The line of `show event manager policy registered`.
    fn summary(&self, applet: &str) -> String;
}

/// Replaces the environment's variables in a text.
pub(crate) type Expand<'a> = dyn Fn(&Text) -> Result<String, UnknownVariable> + 'a;

/// A detector of a registered applet, with what it has seen so far.
pub(crate) trait Armed: fmt::Debug + Send {
    /// Looks at one stimulus: the event's variables, if it is published.
    fn offer(&mut self, now: Time, stimulus: &Stimulus<'_>) -> Option<Variables>;
}

/// What a detector can see.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stimulus<'a> {
    /// A log message, as the console shows it.
    Syslog(&'a str),
    /// `event manager run` with these arguments.
    Run(&'a [String]),
}

/// Built-in variables and their values.
pub(crate) type Variables = Vec<(String, String)>;

/// Every detector there is, in the order in which `?` lists them.
pub const DETECTORS: &[Entry] = &[
    Entry { name: "none", help: "NULL event", number: 20, parse: none::parse },
    Entry { name: "syslog", help: "Syslog event", number: 11, parse: syslog::parse },
];

impl Event {
    /// Reads what follows `event`.
    pub(crate) fn parse(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let (entry, _) = reader.choose(DETECTORS, |entry| entry.name)?;
        let mut limits = Limits::default();
        let detector = (entry.parse)(reader, &mut limits)?;
        Ok(Event { entry, detector, limits })
    }

    /// The time limit of a run.
    pub(crate) fn maxrun(&self) -> Seconds {
        self.limits.maxrun.unwrap_or(MAXRUN_DEFAULT)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.entry.name, self.detector)?;
        let Limits { maxrun, ratelimit } = self.limits;
        maxrun.iter().try_for_each(|seconds| write!(f, " maxrun {seconds}"))?;
        ratelimit.iter().try_for_each(|seconds| write!(f, " ratelimit {seconds}"))
    }
}

impl Limits {
    /// Reads the value of `maxrun` or `ratelimit`, whose keyword is `word`.
    fn option(
        &mut self,
        keyword: &str,
        word: &Word<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), Problem> {
        let slot = if keyword == "maxrun" { &mut self.maxrun } else { &mut self.ratelimit };
        once(slot, reader.seconds()?, word)
    }
}

/// Each option of an event comes at most once.
fn once<T>(slot: &mut Option<T>, value: T, word: &Word<'_>) -> Result<(), Problem> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(word.problem(Fault::Invalid)),
    }
}
