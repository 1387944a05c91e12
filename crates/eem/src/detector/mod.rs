//! The event detectors: one file each, and one line in [`DETECTORS`].

mod cli;
mod none;
mod occurrences;
mod option;
mod syslog;

use std::fmt;
use std::sync::Arc;

use simtime::Time;

use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::{Reader, Word};
use crate::screening::{Hold, Typed};
use crate::{Fault, Router, Seconds, Stimulus, Text, UnknownVariable};

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
    /// Begins to wait.
    fn arm(&self, arming: &Arming<'_>) -> Result<Box<dyn Armed>, Failure>;

    /// Whether whoever raises the event waits for the run, which then has a terminal.
    fn is_waited_for(&self) -> bool {
        false
    }

    /// The line of `show event manager policy registered`.
    fn summary(&self, applet: &str) -> String;
}

/// What a detector is given when its applet is registered.
pub(crate) struct Arming<'a> {
    /// The instant.
    pub(crate) now: Time,
    /// Replaces the environment's variables in a text, with their values as they are now.
    pub(crate) expand: &'a Expand<'a>,
    /// The router.
    pub(crate) router: &'a dyn Router,
}

/// Replaces the environment's variables in a text.
pub(crate) type Expand<'a> = dyn Fn(&Text) -> Result<String, UnknownVariable> + 'a;

/// A detector of a registered applet, with what it has seen so far.
pub(crate) trait Armed: fmt::Debug + Send {
    /// Looks at something that happened: the event's variables, if it is published.
    fn offer(&mut self, now: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let (_, _) = (now, stimulus);
        None
    }

    /// Whether it looks at what people type.
    fn watches_commands(&self) -> bool {
        false
    }

    /// Looks at a line that somebody types: the event's variables, if it is published, and what is
    /// to become of the line.
    fn command(&mut self, now: Time, typed: &Typed<'_>) -> Option<(Variables, Hold)> {
        let (_, _) = (now, typed);
        None
    }

    /// `event manager run` with these arguments: the event's variables, if it can be started so.
    fn run(&mut self, arguments: &[String]) -> Option<Variables> {
        let _ = arguments;
        None
    }

    /// When it has something to look at by itself: a timer that expires, a value to poll.
    fn deadline(&self) -> Option<Time> {
        None
    }

    /// Its deadline has come: the event's variables, if it is published.
    fn due(&mut self, now: Time, router: &dyn Router) -> Option<Variables> {
        let (_, _) = (now, router);
        None
    }
}

/// Built-in variables and their values.
pub(crate) type Variables = Vec<(String, String)>;

/// Every detector there is, in the order in which `?` lists them.
pub const DETECTORS: &[Entry] = &[
    Entry { name: "cli", help: "CLI event", number: 19, parse: cli::parse },
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
