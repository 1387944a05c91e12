//! From a scenario's text to a [`Scenario`], with a diagnostic for every mistake.
//!
//! Codes are `SIMnnn`, listed in `docs/diagnostics.md`; those of TOML itself are `TOMLnnn`.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::{self, Shape, Table};
use diagnostic::{Diagnostic, Source, Spanned, has_errors};
use simtime::Duration;
use topology::Topology;

use super::expect::read_expectation;
use super::{Clock, Header, Scenario, ScheduledStep};
use crate::step::{StepError, VERBS};
use crate::{Lab, LabOptions, Step};

/// The longest run, in hours: a mistyped unit must not keep a build waiting for years.
const LENGTH_H_MAX: u64 = 24 * 366;
const CLOCKS: [(&str, Clock); 2] = [("virtual", Clock::Virtual), ("real", Clock::Real)];

/// A step, and where its `[[steps]]` stands.
pub(super) struct Placed {
    pub(super) place: usize,
    pub(super) scheduled: ScheduledStep,
}

impl Scenario {
    /// What a scenario says of the run as a whole, as far as it can be read: all that is needed to
    /// make its lab. Mistakes are left to [`Scenario::load`], which reports all of a file at once.
    pub fn header(source: &Arc<Source>) -> Header {
        let sink = &mut Vec::new();
        let header = read_header(&mut table::parse_recovered(source, sink), source, sink);
        let named = |path: Option<String>| path.filter(|path| !path.is_empty());
        let (topology, listener) = (named(header.topology), named(header.listener));
        Header { topology, listener, ..header }
    }

    /// What the file can hold.
    pub fn shape() -> Shape {
        let (source, mut sink) = (Source::new("", ""), Vec::new());
        let options = LabOptions::virtual_time(0);
        let lab = Lab::recover(&Topology::empty(&source), options, &mut sink);
        Shape::record(|root| {
            Scenario::read(root, &source, &lab, &mut sink);
        })
    }

    /// Reads a scenario for a lab. `None` when it holds an error; `sink` says which.
    pub fn load(source: &Arc<Source>, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Scenario> {
        let before = sink.len();
        let root = table::parse(source, sink)?;
        let scenario = Scenario::read(root, source, lab, sink);
        (!has_errors(&sink[before..])).then_some(scenario)
    }

    fn read(
        mut root: Table,
        source: &Arc<Source>,
        lab: &Lab,
        sink: &mut Vec<Diagnostic>,
    ) -> Scenario {
        let header = read_header(&mut root, source, sink);
        let steps = root.tables("steps", sink);
        let expects = root.tables("expect", sink);
        root.finish(sink);
        if steps.is_empty() && expects.is_empty() {
            let message = "the scenario has neither `[[steps]]` nor `[[expect]]`";
            sink.push(Diagnostic::error("SIM004", message, source, 0..0));
        }
        let mut names = Vec::new();
        let steps: Vec<Placed> =
            steps.into_iter().filter_map(|table| read_step(table, lab, &mut names, sink)).collect();
        let expected = expects
            .into_iter()
            .filter_map(|table| read_expectation(table, lab, &steps, &names, sink))
            .collect();
        let steps = steps.into_iter().map(|placed| placed.scheduled).collect();
        Scenario { source: Arc::clone(source), header, steps, expected }
    }
}

fn read_header(root: &mut Table, source: &Source, sink: &mut Vec<Diagnostic>) -> Header {
    let name = root.text("name", sink).map(|name| name.value);
    Header {
        name: name.unwrap_or_else(|| stem(&source.name).to_owned()),
        seed: root.number("seed", sink).map(|seed| seed.value),
        topology: root.text("topology", sink).map(|path| path.value),
        listener: root.text("listener", sink).map(|path| path.value),
        clock: root.choice("clock", &CLOCKS, sink).map(|clock| clock.value),
    }
}

/// `scenarios/interface-down.toml` into `interface-down`.
fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".toml").unwrap_or(file)
}

/// `names` takes the step's name, also of a step that is wrong.
fn read_step(
    mut table: Table,
    lab: &Lab,
    names: &mut Vec<String>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Placed> {
    let place = table.span();
    let name = table.text("name", sink).map(|name| name.value);
    names.extend(name.clone());
    table.require("at", sink);
    let at = duration(&mut table, "at", sink);
    table.require("node", sink);
    let node = table.text("node", sink);
    // All verbs are asked for, so that an unknown one is held against them.
    let mut verbs = Vec::new();
    for &verb in VERBS {
        let key = table.key_span(verb.word);
        let argument = table.text(verb.word, sink);
        verbs.extend(key.map(|key| (verb, key, argument)));
    }
    let source = Arc::clone(table.source());
    let untouched = sink.len();
    table.finish(sink);
    match verbs.as_slice() {
        [_] => {}
        [] if sink.len() > untouched => {} // a mistyped verb has been reported
        [] => {
            let words: Vec<String> = VERBS.iter().map(|verb| format!("`{}`", verb.word)).collect();
            let label = format!("expected one of {}", words.join(", "));
            let message = "a step does nothing";
            sink.push(Diagnostic::error("SIM002", message, &source, place.clone()).label(label));
        }
        [_, (second, key, _), ..] => {
            let message = format!("a step does one thing, and `{}` is a second", second.word);
            sink.push(
                Diagnostic::error("SIM002", message, &source, key.clone())
                    .label("make a `[[steps]]` of its own for it"),
            );
        }
    }
    let (verb, _, argument) = verbs.into_iter().next()?;
    let (node, interface) = (node?, argument?);
    let step = match Step::new(&node.value, verb, &interface.value, lab) {
        Ok(step) => step,
        Err(error) => {
            report(&error, &node, &interface, &source, lab, sink);
            return None;
        }
    };
    Some(Placed { place: place.start, scheduled: ScheduledStep { name, at: at?.value, step } })
}

fn report(
    error: &StepError,
    node: &Spanned<String>,
    interface: &Spanned<String>,
    source: &Arc<Source>,
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) {
    let (code, wrong) = match error {
        StepError::UnknownNode(_) if lab.unsure.about_nodes() => return,
        StepError::UnknownInterface { node, .. } if lab.unsure.about_interfaces(node) => return,
        StepError::UnknownNode(_) => ("SIM010", node),
        StepError::RealNode(_) => ("SIM011", node),
        StepError::UnknownInterface { .. } => ("SIM012", interface),
    };
    let (message, label) = error.message(lab);
    let span = wrong.part(source, 0..wrong.value.len());
    let mut diagnostic = Diagnostic::error(code, message, source, span).label(label);
    if let Some(near) = error.near(lab) {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    }
    sink.push(diagnostic);
}

pub(super) fn duration(
    table: &mut Table,
    key: &'static str,
    sink: &mut Vec<Diagnostic>,
) -> Option<Spanned<Duration>> {
    let duration: Spanned<Duration> = table.parsed(key, sink)?;
    if duration.value > Duration::from_secs(LENGTH_H_MAX * 3_600) {
        let message = format!("`{key}` is longer than a year");
        let place: Range<usize> = duration.span.clone();
        sink.push(Diagnostic::error("SIM001", message, table.source(), place));
    }
    Some(duration)
}
