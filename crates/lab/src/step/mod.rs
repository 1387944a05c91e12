//! What can be done to a lab: one file per verb, and one line here.
//!
//! A verb is the key of a scenario's step and the word of `simulator inject` alike, from one
//! declaration. Used by the scenario loader, by [`crate::Lab`] and by the programs; what a verb
//! does to a router is what a person, a wire or the building around it could do.

mod clock_set;
mod configure;
mod counters;
mod cpu;
mod delivery;
mod eem;
mod exec;
mod keys;
mod link_cut;
mod link_flap;
mod link_restore;
mod listener;
mod login_failures;
mod mail;
mod memory;
mod no_shutdown;
mod oir;
mod power_supply;
mod reading;
mod reload;
mod session;
mod shutdown;
mod storm;
mod syslog;
mod temperature;
mod typing;
mod words;

use std::fmt;
use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::TraceId;
use simtime::{Duration, Time};

use crate::{Lab, NodeId, Outbox};

pub(crate) use login_failures::Guesses;
pub(crate) use reading::{Reading, TIME_H_MAX, number, time};

/// Every verb, in the order in which help and `docs/scenarios.md` list them.
pub(crate) const VERBS: &[&Verb] = &[
    &shutdown::VERB,
    &no_shutdown::VERB,
    &configure::VERB,
    &exec::VERB,
    &link_cut::VERB,
    &link_restore::VERB,
    &link_flap::VERB,
    &cpu::VERB,
    &memory::VERB,
    &delivery::VERB,
    &mail::VERB,
    &listener::VERB,
    &session::VERB,
    &reload::RELOAD,
    &reload::CRASH,
    &login_failures::VERB,
    &clock_set::VERB,
    &syslog::VERB,
    &storm::VERB,
    &temperature::VERB,
    &counters::VERB,
    &power_supply::VERB,
    &oir::VERB,
    &eem::APPLICATION,
    &eem::OBJECT,
    &eem::RESOURCE,
];

/// One thing that can be done.
#[derive(Debug)]
pub(crate) struct Verb {
    /// The key in a scenario, the word in `inject`.
    pub(crate) word: &'static str,
    /// What stands behind it, for people: `INTERFACE`, `{ to, over }`.
    pub(crate) argument: &'static str,
    /// What it does, in one line.
    pub(crate) help: &'static str,
    /// What it is done to.
    pub(crate) target: Target,
    /// A line of a scenario of three routers, `R1` being the node; a test loads it.
    pub(crate) example: &'static str,
    /// Takes the verb's own key from a step's table, if it is there.
    pub(crate) read: Reader,
}

/// What a verb is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The nodes that the step names.
    Node,
    /// A link, which the argument names.
    Link,
    /// The listener.
    Listener,
}

/// Reads a verb's argument for one node; what is wrong goes into the sink. It asks the table for
/// all of its keys whatever it finds, since the schema is recorded so.
pub(crate) type Reader = fn(&mut Table, &Reading<'_>, &mut Vec<Diagnostic>) -> Option<Arc<dyn Act>>;

/// A verb with its argument, ready to be carried out.
pub(crate) trait Act: fmt::Debug + Send + Sync {
    /// The argument as `inject` takes it: `GigabitEthernet1`, `to=95 over=60s`.
    fn words(&self) -> String;

    /// Does it.
    fn carry_out(&self, stage: &mut Stage<'_>);

    /// How long after its instant it goes on.
    fn lasts(&self) -> Duration {
        Duration::ZERO
    }

    /// Where it begins, if its argument and not its step says so.
    fn node(&self) -> Option<NodeId> {
        None
    }
}

/// What a verb works on.
pub(crate) struct Stage<'a> {
    /// The lab.
    pub(crate) lab: &'a mut Lab,
    /// The instant.
    pub(crate) now: Time,
    /// The node; that of no router for what is done to the listener.
    pub(crate) node: NodeId,
    /// The fault that this is.
    pub(crate) trace: Option<TraceId>,
    /// Where outputs go.
    pub(crate) out: &'a mut Outbox,
}

impl Stage<'_> {
    /// Tells the node one thing.
    pub(crate) fn tell(&mut self, input: iosxe::Input<'_>) {
        self.lab.tell(self.now, self.node, input, self.out);
    }

    /// Somebody at the console types these lines in configuration mode.
    pub(crate) fn type_at_console(&mut self, lines: &[String]) {
        let trace = self.trace;
        self.tell(iosxe::Input::Configure { lines, trace });
    }
}

/// One verb for one node of a lab, for a link or for the listener.
#[derive(Clone, Debug)]
pub struct Step {
    /// `None` for what is done to the listener.
    node: Option<(NodeId, Arc<str>)>,
    verb: &'static Verb,
    act: Arc<dyn Act>,
}

impl Step {
    pub(crate) fn new(
        verb: &'static Verb,
        act: Arc<dyn Act>,
        node: Option<NodeId>,
        lab: &Lab,
    ) -> Step {
        let node = node.or_else(|| act.node()).map(|id| (id, Arc::clone(lab.name(id))));
        Step { node, verb, act }
    }

    /// Reads the words of `inject NODE STEP...`; the error is for the person who typed them.
    pub fn from_words(node: &str, words: &[String], lab: &Lab) -> Result<Step, String> {
        words::read(node, words, lab)
    }

    /// The node that it is done to; `None` for the listener.
    pub fn node(&self) -> Option<&Arc<str>> {
        self.node.as_ref().map(|(_, name)| name)
    }

    /// Where it stands in the order of an instant: what is done to no node comes last.
    pub(crate) fn id(&self) -> NodeId {
        self.node.as_ref().map_or(NodeId::NONE, |(id, _)| *id)
    }

    pub(crate) fn troubles_listener(&self) -> bool {
        self.verb.target == Target::Listener
    }

    /// How long after its instant it goes on.
    pub fn lasts(&self) -> Duration {
        self.act.lasts()
    }

    pub(crate) fn carry_out(&self, stage: &mut Stage<'_>) {
        self.act.carry_out(stage);
    }
}

/// The words of the step: `shutdown GigabitEthernet1`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb.word)?;
        match self.act.words() {
            words if words.is_empty() => Ok(()),
            words => write!(f, " {words}"),
        }
    }
}
