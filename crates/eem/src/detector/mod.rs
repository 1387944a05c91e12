//! The event detectors: one file each, and one line in [`DETECTORS`].

mod accepted;
mod cli;
mod counter;
mod declared;
mod form;
mod happening;
mod neighbor;
mod none;
pub(crate) mod occurrences;
mod option;
mod polled;
mod routing;
mod syslog;
mod sysmon;
mod threshold;
pub(crate) mod timer;
mod track;

pub use form::{Operand, OptionForm};

use std::fmt;
use std::sync::Arc;

use simtime::Time;

use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::{Reader, Word};
use crate::screening::{Hold, Typed};
use crate::{Fault, Pattern, Router, Seconds, Stimulus, Text, UnknownVariable, Wait};

/// One kind of event: what the parser, `?` and the tables of `show event manager` need to know.
#[derive(Debug)]
pub struct Entry {
    /// The keyword after `event`.
    pub name: &'static str,
    /// What `?` says about it.
    pub help: &'static str,
    /// The number of the type in the oper YANG model. Timers have one for each of their kinds.
    number: u32,
    specs: &'static [option::Spec],
    parse: Parse,
}

/// Reads a detector's options to the end of the line, the shared ones included.
type Parse = fn(&mut Reader<'_>, &mut Limits) -> Result<Arc<dyn Detector>, Problem>;

/// The event of one applet. `Display` is its form in the running-config, after `event`.
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) entry: &'static Entry,
    /// `$_event_type`.
    pub(crate) number: u32,
    /// `$_event_type_string`, and what the tables say: `syslog`, `timer cron`.
    pub(crate) kind: &'static str,
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

    /// For how long whoever raises the event by hand waits for the run, which then has a terminal.
    fn wait(&self) -> Wait {
        Wait::No
    }

    /// The line of `show event manager policy registered`.
    fn summary(&self, applet: &str) -> String;

    /// The tracked object that it waits for.
    fn track(&self) -> Option<u32> {
        None
    }
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

    /// Whether it looks at log messages: its pattern, if it has one.
    fn syslog_pattern(&self) -> Option<Option<&Pattern>> {
        None
    }

    /// Looks at a log message in which its pattern was found.
    fn offer_fitting(&mut self, now: Time, line: &str) -> Option<Variables> {
        self.offer(now, &Stimulus::Syslog(line))
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

    /// The router's own clock was set: what is in local time begins anew.
    fn clock_was_set(&mut self, now: Time, router: &dyn Router) {
        let (_, _) = (now, router);
    }
}

/// How an event looks at what happened: its variables, if it is published, and what is to become of
/// what raised it.
pub(crate) type Look<'a> = dyn FnMut(&mut dyn Armed) -> Option<(Variables, Hold)> + 'a;

/// Built-in variables and their values.
pub(crate) type Variables = Vec<(String, String)>;

/// Every detector there is, in the order in which `?` lists them.
pub const DETECTORS: &[Entry] = &[
    entry(
        "application",
        "Application specific event",
        0,
        happening::APPLICATION,
        happening::parse_application,
    ),
    entry("cli", "CLI event", 19, cli::SPECS, cli::parse),
    entry("config", "Configuration policy event", 24, &[], happening::parse_config),
    entry("counter", "Counter event", 10, counter::SPECS, counter::parse),
    entry("env", "Environmental event", 25, accepted::ENV, accepted::parse_env),
    entry("gold", "GOLD event", 17, accepted::GOLD, accepted::parse_gold),
    entry("identity", "Identity event", 35, accepted::IDENTITY, accepted::parse_identity),
    entry("interface", "Interface event", 14, &polled::INTERFACE, polled::parse_interface),
    entry("ioswdsysmon", "IOS WDSysMon event", 15, &sysmon::SPECS, sysmon::parse),
    entry("ipsla", "IPSLA Event", 30, accepted::IPSLA, accepted::parse_ipsla),
    entry("mat", "MAC address table event", 37, accepted::MAT, accepted::parse_mat),
    entry("neighbor-discovery", "Neighbor Discovery event", 36, neighbor::SPECS, neighbor::parse),
    entry("nf", "NF Event", 32, &accepted::NF, accepted::parse_nf),
    entry("none", "Manually run policy event", 20, none::SPECS, none::parse),
    entry("oir", "OIR event", 21, happening::OIR, happening::parse_oir),
    entry("resource", "Resource event", 26, happening::RESOURCE, happening::parse_resource),
    entry("rf", "Redundancy Facility event", 16, accepted::RF, accepted::parse_rf),
    entry("routing", "Routing event", 31, routing::SPECS, routing::parse),
    entry("rpc", "Remote Procedure Call event", 28, accepted::RPC, accepted::parse_rpc),
    entry("snmp", "SNMP event", 12, &polled::SNMP, polled::parse_snmp),
    entry(
        "snmp-notification",
        "SNMP Notification Event",
        29,
        accepted::NOTIFICATION,
        accepted::parse_notification,
    ),
    entry("snmp-object", "SNMP object event", 33, happening::OBJECT, happening::parse_object),
    entry("syslog", "Syslog event", 11, syslog::SPECS, syslog::parse),
    entry("timer", "Timer event", 9, timer::SPECS, timer::parse),
    entry("track", "Tracking object event", 27, track::SPECS, track::parse),
];

const fn entry(
    name: &'static str,
    help: &'static str,
    number: u32,
    specs: &'static [option::Spec],
    parse: Parse,
) -> Entry {
    Entry { name, help, number, specs, parse }
}

impl Event {
    /// Reads what follows `event`, or the tag.
    pub(crate) fn parse(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let (entry, _) = reader.choose(DETECTORS, |entry| entry.name)?;
        let mut limits = Limits::default();
        let detector = (entry.parse)(reader, &mut limits)?;
        let (number, kind) = match entry.name {
            "timer" => timer::kind(&detector.to_string()),
            name => (entry.number, name),
        };
        Ok(Event { entry, number, kind, detector, limits })
    }

    /// The line of `show event manager policy registered`. The kind of a timer stands in its type.
    pub(crate) fn summary(&self, applet: &str) -> String {
        let summary = self.detector.summary(applet);
        let kind = self.kind.strip_prefix("timer ");
        let rest = kind.and_then(|kind| summary.strip_prefix(kind));
        rest.map(|rest| rest.trim_start().to_owned()).unwrap_or(summary)
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
