//! What of the applets the tests have run: actions, both ways of each condition, and detectors.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use eem::{AppletOutline, Block};
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
    /// The detectors that started an applet, as `show event manager` calls them.
    events: BTreeSet<(String, String)>,
}

/// What was to be covered of an applet, and what was.
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
            file.events.insert((run.applet.clone(), run.event.clone()));
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
            let missing: Vec<String> = applet
                .actions
                .iter()
                .filter(|action| does_something(action) && file.times(applet, action) == 0)
                .map(|action| action.label.to_string())
                .collect();
            json!({
                "applet": applet.name, "actions": of(actions), "branches": of(branches),
                "detectors": of(detectors), "never_run": missing,
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

    fn counts(&self, applet: &AppletOutline) -> Counts {
        let does = || applet.actions.iter().filter(|action| does_something(action));
        let run = does().filter(|action| self.times(applet, action) > 0).count();
        let conditions = || applet.actions.iter().filter(|action| is_condition(action));
        let ways = conditions().flat_map(|action| self.went(applet, action));
        let fired = applet.events.iter().filter(|event| {
            let is_it = |(name, kind): &(String, String)| {
                *name == applet.name && kind.starts_with(event.detector)
            };
            self.events.iter().any(is_it)
        });
        Counts {
            actions: (run, does().count()),
            branches: (ways.filter(|went| *went).count(), 2 * conditions().count()),
            detectors: (fired.count(), applet.events.len()),
        }
    }

    /// Every line: how often it ran, and the way that a condition never went.
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
