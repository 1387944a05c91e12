//! What of the applets the tests have run: actions, both ways of each condition, and detectors.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use eem::{AppletOutline, Block, EventOutline};
use serde_json::{Value, json};

use super::file::Suite;
use super::trial::Outcome;

/// All files of applets, by name.
#[derive(Default)]
pub(super) struct Coverage(BTreeMap<String, File>);

struct File {
    text: String,
    applets: Vec<AppletOutline>,
    /// How often each action was come to, by applet and label.
    actions: BTreeMap<(String, String), u64>,
    /// The ways that conditions went.
    ways: BTreeSet<(String, String, bool)>,
    /// What started an applet: the tag of each event, or what `show event manager` calls it.
    events: BTreeSet<(String, String)>,
}

/// What of an applet was never run.
#[derive(Default)]
struct Never {
    /// Labels of actions.
    run: Vec<String>,
    /// Labels of conditions that never held.
    held: Vec<String>,
    /// Labels of conditions that always held, or were never asked.
    failed: Vec<String>,
    /// Events: their tags, or else their detectors.
    fired: Vec<String>,
}

/// How much of an applet is covered, of how much.
#[derive(Clone, Copy, Default)]
struct Counts {
    actions: (usize, usize),
    branches: (usize, usize),
    detectors: (usize, usize),
}

impl Coverage {
    /// Adds what a test has run.
    pub(super) fn add(&mut self, suite: &Arc<Suite>, outcome: &Outcome) {
        let file = self.0.entry(suite.applets.name.clone()).or_insert_with(|| {
            let text = suite.applets.text.clone();
            let applets = eem::outline(&lint::applets_only(&text), suite.dialect.of_eem()).applets;
            let (actions, ways, events) = Default::default();
            File { text, applets, actions, ways, events }
        });
        for run in &outcome.seen.record.runs {
            let events = match &run.tags[..] {
                [] => std::slice::from_ref(&run.event),
                tags => tags,
            };
            file.events.extend(events.iter().map(|event| (run.applet.clone(), event.clone())));
            for step in &run.steps {
                let key = (run.applet.clone(), step.label.clone());
                *file.actions.entry(key).or_default() += 1;
                if let Some(holds) = step.holds {
                    file.ways.insert((run.applet.clone(), step.label.clone(), holds));
                }
            }
        }
    }

    /// How much is covered, in percent, rounded down; all of nothing is all.
    pub(super) fn percent(&self) -> u8 {
        let counts = self.0.values().flat_map(|file| file.applets.iter().map(|it| file.counts(it)));
        let (mut done, mut all) = (0, 0);
        for Counts { actions, branches, detectors } in counts {
            for (have, of) in [actions, branches, detectors] {
                (done, all) = (done + have, all + of);
            }
        }
        let percent = (done * 100).checked_div(all).unwrap_or(100);
        u8::try_from(percent).unwrap_or(100)
    }

    /// A table; with every line and how often it ran, if that is wanted.
    pub(super) fn text(&self, annotated: bool) -> String {
        let mut text =
            String::from("Coverage                          actions   branches  detectors\n");
        for (name, file) in &self.0 {
            let _ = writeln!(text, "{}", host::text::printable(name));
            for applet in &file.applets {
                let Counts { actions, branches, detectors } = file.counts(applet);
                let of = |(have, all): (usize, usize)| format!("{have}/{all}");
                let title = host::text::printable(&applet.name).into_owned();
                let _ = writeln!(
                    text,
                    "  {title:<32}{:>7}{:>11}{:>11}",
                    of(actions),
                    of(branches),
                    of(detectors)
                );
                let Never { run, held, failed, fired } = file.never(applet);
                let lists =
                    [("run", run), ("true", held), ("false", failed), ("triggered by", fired)];
                for (what, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
                    let list = list.join(", ");
                    let _ = writeln!(text, "    never {what}: {}", host::text::printable(&list));
                }
            }
            if annotated {
                text.push_str(&file.annotated());
            }
        }
        let _ = write!(text, "{} % of all", self.percent());
        text
    }

    pub(super) fn document(&self) -> Value {
        let applet = |file: &File, applet: &AppletOutline| {
            let Counts { actions, branches, detectors } = file.counts(applet);
            let of = |(have, all): (usize, usize)| json!({ "covered": have, "all": all });
            let Never { run, held, failed, fired } = file.never(applet);
            json!({
                "applet": applet.name, "actions": of(actions), "branches": of(branches),
                "detectors": of(detectors), "never_run": run, "never_true": held,
                "never_false": failed, "never_triggered_by": fired,
            })
        };
        let files = self.0.iter().map(|(name, file)| {
            let applets: Vec<Value> = file.applets.iter().map(|it| applet(file, it)).collect();
            json!({ "file": name, "applets": applets })
        });
        json!({ "percent": self.percent(), "files": files.collect::<Vec<_>>() })
    }
}

impl File {
    fn times(&self, applet: &AppletOutline, action: &eem::ActionOutline) -> u64 {
        let key = (applet.name.clone(), action.label.as_str().to_owned());
        self.actions.get(&key).copied().unwrap_or_default()
    }

    /// The ways that a condition has gone: whether it held, and whether not.
    fn went(&self, applet: &AppletOutline, action: &eem::ActionOutline) -> [bool; 2] {
        let key = |holds| (applet.name.clone(), action.label.as_str().to_owned(), holds);
        [self.ways.contains(&key(true)), self.ways.contains(&key(false))]
    }

    fn has_fired(&self, applet: &AppletOutline, event: &EventOutline) -> bool {
        let is_it = |known: &str| match &event.tag {
            Some(tag) => known == tag,
            None => known.starts_with(event.detector),
        };
        self.events.iter().any(|(name, known)| *name == applet.name && is_it(known))
    }

    fn never(&self, applet: &AppletOutline) -> Never {
        let mut never = Never::default();
        for action in &applet.actions {
            let label = action.label.to_string();
            if is_condition(action) {
                let [held, failed] = self.went(applet, action);
                never.held.extend((!held).then(|| label.clone()));
                never.failed.extend((!failed).then(|| label.clone()));
            }
            if does_something(action) && self.times(applet, action) == 0 {
                never.run.push(label);
            }
        }
        let events = applet.events.iter().filter(|event| !self.has_fired(applet, event));
        let name = |event: &EventOutline| event.tag.clone().unwrap_or(event.detector.to_owned());
        never.fired = events.map(name).collect();
        never
    }

    fn counts(&self, applet: &AppletOutline) -> Counts {
        let Never { run, held, failed, fired } = self.never(applet);
        let of = |all: usize, never: usize| (all - never, all);
        let actions = applet.actions.iter().filter(|action| does_something(action)).count();
        let conditions = applet.actions.iter().filter(|action| is_condition(action)).count();
        Counts {
            actions: of(actions, run.len()),
            branches: of(2 * conditions, held.len() + failed.len()),
            detectors: of(applet.events.len(), fired.len()),
        }
    }

    /// Every line: how often it ran, the way that a condition never went, and the events that never
    /// started a run.
    fn annotated(&self) -> String {
        let mut of_lines: BTreeMap<usize, (String, String)> = BTreeMap::new();
        for applet in &self.applets {
            for action in &applet.actions {
                let never = match self.went(applet, action) {
                    _ if !is_condition(action) => "",
                    [true, true] => "",
                    [false, false] => "  <- never asked",
                    [true, false] => "  <- never false",
                    [false, true] => "  <- never true",
                };
                let times = match self.times(applet, action) {
                    0 if !does_something(action) => String::new(),
                    times => times.to_string(),
                };
                of_lines.insert(action.line, (times, never.to_owned()));
            }
            for event in applet.events.iter().filter(|event| !self.has_fired(applet, event)) {
                of_lines.insert(event.line, (String::new(), "  <- never triggered it".to_owned()));
            }
        }
        let mut text = String::new();
        for (number, line) in self.text.lines().enumerate() {
            let (times, never) = of_lines.get(&number).cloned().unwrap_or_default();
            let line = host::text::printable(line);
            let _ = writeln!(text, "{times:>7} | {line}{never}");
        }
        text
    }
}

/// Whether an action is more than the mark of an arm or of the end of a block: a loop goes back
/// without coming to its `end`.
fn does_something(action: &eem::ActionOutline) -> bool {
    !matches!(action.keyword, "else" | "end")
}

/// Whether an action asks something.
fn is_condition(action: &eem::ActionOutline) -> bool {
    let asks = matches!(action.keyword, "if" | "elseif" | "while" | "foreach");
    asks && (action.block != Block::None || action.keyword == "if")
}
