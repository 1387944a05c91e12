//! An applet that waits for its events.

use std::sync::Arc;

use simtime::Time;

use crate::detector::{Armed, Arming, Look, Variables};
use crate::director::Statistics;
use crate::interpreter::Failure;
use crate::program::Program;
use crate::screening::Hold;
use crate::trigger::Correlation;
use crate::{Pattern, Router};

/// An applet that waits for its events.
#[derive(Debug)]
pub struct Registered {
    pub(crate) program: Arc<Program>,
    pub(crate) at: Time,
    pub(crate) statistics: Statistics,
    watches: Box<[Watch]>,
    /// Of an applet that has a trigger.
    correlation: Option<Box<Correlation>>,
}

/// One of its events.
#[derive(Debug)]
struct Watch {
    armed: Box<dyn Armed>,
    last_published: Option<Time>,
}

/// An event that was found, whether it is published or not.
#[derive(Debug)]
pub(crate) struct Found {
    /// Which of the applet's events.
    pub(crate) event: usize,
    /// The tags of all events that count, of an applet with tags.
    pub(crate) tags: Vec<String>,
    pub(crate) variables: Variables,
    /// What is to become of the line that raised it.
    pub(crate) hold: Hold,
    /// Whether `ratelimit` drops it.
    pub(crate) is_limited: bool,
}

impl Registered {
    /// Begins to wait.
    pub(crate) fn new(program: Arc<Program>, arming: &Arming<'_>) -> Result<Self, Failure> {
        let mut watches = Vec::with_capacity(program.events.len());
        for tagged in &program.events {
            let armed = tagged.event.detector.arm(arming)?;
            watches.push(Watch { armed, last_published: None });
        }
        let correlation = program
            .trigger
            .as_ref()
            .map(|trigger| Correlation::new(trigger, arming))
            .transpose()?;
        Ok(Registered {
            correlation: correlation.map(Box::new),
            program,
            at: arming.now,
            statistics: Statistics::default(),
            watches: watches.into(),
        })
    }

    /// The applet's name.
    pub fn name(&self) -> &str {
        &self.program.name
    }

    /// What it waits for: `syslog`, `none`, `timer cron`; `multiple` if there is more than one.
    pub fn event(&self) -> &'static str {
        self.program.kind()
    }

    /// How many runs its events have started since it was registered.
    pub fn runs(&self) -> u64 {
        self.statistics.triggered
    }

    /// Whether each run sends a trap.
    pub fn has_trap(&self) -> bool {
        self.program.options.trap
    }

    /// Whether its commands need no authorization: `authorization bypass`.
    pub fn bypasses_authorization(&self) -> bool {
        self.program.options.authorization_bypass
    }

    /// What it has done since it was registered.
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Whether it waits for this tracked object.
    pub fn tracks(&self, number: u32) -> bool {
        let mut all = self.program.events.iter();
        all.any(|tagged| tagged.event.detector.track() == Some(number))
    }

    /// Whether it waits for changes of the routing table.
    pub fn watches_routes(&self) -> bool {
        self.program.events.iter().any(|tagged| tagged.event.kind == "routing")
    }

    /// Whether it looks at what people type.
    pub(crate) fn watches_commands(&self) -> bool {
        self.watches.iter().any(|watch| watch.armed.watches_commands())
    }

    /// The pattern of each event that looks at log messages; `None` of one that has none.
    pub(crate) fn syslog_patterns(&self) -> impl Iterator<Item = Option<&Pattern>> {
        self.watches.iter().filter_map(|watch| watch.armed.syslog_pattern())
    }

    /// Whether it waits for one event alone.
    pub(crate) fn has_one_event(&self) -> bool {
        self.watches.len() == 1
    }

    /// When one of its events has something to look at by itself.
    pub(crate) fn deadline(&self) -> Option<Time> {
        self.watches.iter().filter_map(|watch| watch.armed.deadline()).min()
    }

    /// Lets each of its events look; what the applet is started for.
    pub(crate) fn look(
        &mut self,
        now: Time,
        router: &dyn Router,
        look: &mut Look<'_>,
    ) -> Vec<Found> {
        let mut found = Vec::new();
        for (event, watch) in self.watches.iter_mut().enumerate() {
            let Some((variables, hold)) = look(&mut *watch.armed) else { continue };
            let tagged = &self.program.events[event];
            let limit = tagged.event.limits.ratelimit;
            let until = watch.last_published.zip(limit).map(|(last, span)| last + span.duration());
            let is_limited = until.is_some_and(|until| now < until);
            let trigger = self.program.trigger.as_ref().zip(self.correlation.as_mut());
            let tags = match trigger.filter(|_| !is_limited) {
                None => Some(tagged.tag.iter().cloned().collect()),
                Some((trigger, correlation)) => {
                    correlation.count(trigger, tagged.tag.as_deref(), now, router)
                }
            };
            let Some(tags) = tags else { continue };
            found.push(Found { event, tags, variables, hold, is_limited });
        }
        found
    }

    /// An event was published.
    pub(crate) fn published(&mut self, event: usize, now: Time) {
        self.watches[event].last_published = Some(now);
        self.statistics.triggered += 1;
    }

    /// The variables of `event manager run` with these arguments, and which event it is.
    pub(crate) fn run(&mut self, arguments: &[String]) -> Option<(usize, Variables)> {
        let mut all = self.watches.iter_mut().enumerate();
        all.find_map(|(event, watch)| Some((event, watch.armed.run(arguments)?)))
    }

    /// The router's own clock was set.
    pub(crate) fn clock_was_set(&mut self, now: Time, router: &dyn Router) {
        self.watches.iter_mut().for_each(|watch| watch.armed.clock_was_set(now, router));
    }
}
