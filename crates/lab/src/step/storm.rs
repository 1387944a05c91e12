//! `storm = { interfaces, events, over, pattern, action, hold }`: faults of many interfaces, in no
//! order that anybody foresees.
//!
//! Each node draws from its own generator (law L1). One coming event of each node is on the
//! schedule, so that a storm of a million takes no more room than one of ten.

mod pattern;

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::{Duration, Time};

use self::pattern::Pattern;
use super::link_cut::{self, Cable};
use super::shutdown::{self, Typed};
use super::{Act, Reading, Stage, Step, Target, Verb, link_restore, no_shutdown, number, time};
use crate::NodeId;
use crate::interface_name::summary;
use crate::lab::Event;
use crate::scenario::glob;

pub(super) const VERB: Verb = Verb {
    word: "storm",
    argument: "{ interfaces, events, over, pattern, action, hold }",
    help: "at each node `events` faults in `over`, each of one of `interfaces` (a pattern; all): \
           `action` is `shutdown`, `cut` or `flap` (the default: up again after `hold`, 1s), \
           `pattern` is `uniform` (the default), `poisson` (about `events`) or `burst`",
    target: Target::Node,
    example: r#"storm = { interfaces = "GigabitEthernet*", events = 20, over = "60s" }"#,
    read: |table, reading, sink| Some(Arc::new(Storm(Arc::new(read(table, reading, sink)?)))),
};

/// How many events one storm can have at one node.
const EVENTS_MAX: u64 = 1_000_000;

/// How long a flap takes when it does not say.
const HOLD_DEFAULT: Duration = Duration::from_secs(1);

const PATTERNS: [(&str, Pattern); 3] =
    [("uniform", Pattern::Uniform), ("poisson", Pattern::Poisson), ("burst", Pattern::Burst)];

const ACTIONS: [(&str, Action); 3] =
    [("shutdown", Action::Shutdown), ("flap", Action::Flap), ("cut", Action::Cut)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Shutdown,
    Flap,
    Cut,
}

/// What a storm is at one node.
#[derive(Debug)]
struct Plan {
    /// What an event does, and what undoes it.
    faults: Vec<(Step, Step)>,
    interfaces: String,
    events: u64,
    over: Duration,
    pattern: Pattern,
    action: Action,
    hold: Option<Duration>,
}

#[derive(Debug)]
struct Storm(Arc<Plan>);

/// The next event of a storm.
#[derive(Debug)]
struct Gust {
    plan: Arc<Plan>,
    begin: Time,
    number: u64,
}

fn read(table: &mut Table, reading: &Reading<'_>, sink: &mut Vec<Diagnostic>) -> Option<Plan> {
    let source = Arc::clone(table.source());
    let mut table = table.table(VERB.word, sink)?;
    let interfaces = table.text("interfaces", sink);
    for key in ["events", "over"] {
        table.require(key, sink);
    }
    let events = number(&mut table, "events", 1..=EVENTS_MAX, sink);
    let over = time(&mut table, "over", sink);
    let pattern = table.choice("pattern", &PATTERNS, sink).map(|pattern| pattern.value);
    let action = table.choice("action", &ACTIONS, sink);
    let action = action.map_or(Action::Flap, |action| action.value);
    let hold = time(&mut table, "hold", sink).map(|hold| hold.value);
    let name = table.span();
    table.finish(sink);
    let interfaces = interfaces.unwrap_or_else(|| Spanned::new("*".to_owned(), name));
    let node = reading.node?;
    let faults = faults(&interfaces, action, (node, reading), &source, sink)?;
    let (events, over) = (events?, over?);
    if over.value.as_micros() < events {
        let message = format!("{events} events do not fit into {}", over.value);
        sink.push(Diagnostic::error("SIM005", message, &source, over.span));
        return None;
    }
    Some(Plan {
        faults,
        interfaces: interfaces.value,
        events,
        over: over.value,
        pattern: pattern.unwrap_or(Pattern::Uniform),
        action,
        hold: hold.or((action == Action::Flap).then_some(HOLD_DEFAULT)),
    })
}

/// What can happen at a node: one fault for each interface that the pattern means.
fn faults(
    interfaces: &Spanned<String>,
    action: Action,
    (node, reading): (NodeId, &Reading<'_>),
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Vec<(Step, Step)>> {
    let lab = reading.lab;
    let name = lab.name(node);
    let names = lab.interfaces_of(name);
    let meant: Vec<String> = match glob(&interfaces.value) {
        Some(pattern) => names.iter().filter(|name| pattern.is_match(name)).cloned().collect(),
        None => vec![reading.interface(interfaces, source, sink)?],
    };
    let link = |interface: &String| lab.link(&format!("{name}:{interface}")).ok();
    let faults: Vec<(Step, Step)> = match action {
        Action::Shutdown | Action::Flap => meant
            .into_iter()
            .map(|interface| {
                let typed = |verb: &'static Verb| {
                    let act = Arc::new(Typed::new(verb.word, interface.clone()));
                    Step::new(verb, act, Some(node), lab)
                };
                (typed(&shutdown::VERB), typed(&no_shutdown::VERB))
            })
            .collect(),
        Action::Cut => meant
            .iter()
            .filter_map(link)
            .map(|link| {
                let cable = |verb, cut| {
                    Step::new(verb, Arc::new(Cable::new(link, cut, lab)), Some(node), lab)
                };
                (cable(&link_cut::VERB, true), cable(&link_restore::VERB, false))
            })
            .collect(),
    };
    if faults.is_empty() && !lab.unsure.about_interfaces(name) {
        let what = if action == Action::Cut { "interface with a link" } else { "interface" };
        let message = format!("`{name}` has no {what} called `{}`", interfaces.value);
        sink.push(
            Diagnostic::error("SIM012", message, source, interfaces.span.clone())
                .label(format!("it has {}", summary(&names))),
        );
        return None;
    }
    Some(faults)
}

impl Act for Storm {
    fn words(&self) -> String {
        let Plan { interfaces, events, over, pattern, action, hold, .. } = &*self.0;
        let pattern = PATTERNS.iter().find(|(_, one)| one == pattern).map_or("", |(word, _)| word);
        let action = ACTIONS.iter().find(|(_, one)| one == action).map_or("", |(word, _)| word);
        let hold = hold.map(|hold| format!(" hold={hold}")).unwrap_or_default();
        format!(
            "interfaces={interfaces} events={events} over={over} pattern={pattern} \
             action={action}{hold}"
        )
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        set(&self.0, stage.now, 0, stage);
    }

    fn lasts(&self) -> Duration {
        self.0.over + self.0.hold.unwrap_or_default()
    }
}

/// Puts the next event on the schedule, if there is one.
fn set(plan: &Arc<Plan>, begin: Time, number: u64, stage: &mut Stage<'_>) {
    let Plan { events, over, pattern, .. } = **plan;
    let since = stage.now.since(begin);
    let chance = stage.lab.chance(stage.node);
    let Some(due) = pattern.due(number, events, over, since, chance) else { return };
    let gust = Arc::new(Gust { plan: Arc::clone(plan), begin, number });
    stage.lab.schedule.set(begin + due, stage.node, Event::Goes(gust, stage.trace));
}

impl Act for Gust {
    fn words(&self) -> String {
        format!("event {} of a storm", self.number + 1)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let count = self.plan.faults.len() as u64;
        let drawn = stage.lab.chance(stage.node).below(count);
        if let Some((fault, mend)) =
            usize::try_from(drawn).ok().and_then(|n| self.plan.faults.get(n))
        {
            stage.lab.carry_out(stage.now, fault, None, stage.out);
            if let Some(hold) = self.plan.hold {
                stage.lab.schedule.set(stage.now + hold, stage.node, Event::Step(mend.clone()));
            }
        }
        set(&self.plan, self.begin, self.number + 1, stage);
    }
}
