//! From a scenario's text to a [`Scenario`], with a diagnostic for every mistake.
//!
//! Codes are `SIMnnn`, listed in `docs/diagnostics.md`; those of TOML itself are `TOMLnnn`.

use std::sync::Arc;

use diagnostic::table::{self, Shape, Table};
use diagnostic::{Diagnostic, Source, Spanned, has_errors};
use simtime::Duration;
use topology::{Files, NoFiles, Topology};

use super::expect::{self, Anchors};
use super::include::Includes;
use super::parameters::Parameters;
use super::{Clock, Header, Scenario, steps};
use crate::expectation::Sense;
use crate::floor::Floor;
use crate::{Lab, LabOptions};

const CLOCKS: [(&str, Clock); 2] = [("virtual", Clock::Virtual), ("real", Clock::Real)];

/// What a scenario is read with, beside its text and its lab.
pub struct Reads<'a> {
    /// Reads the files that it includes, relative to its own.
    pub files: &'a mut dyn Files,
    /// What flags say of its parameters.
    pub parameters: &'a [(String, String)],
}

/// Where a table stands: in which file, counted in the order of reading, and where there.
pub(super) type Order = (usize, usize);

/// What the files of a scenario say.
#[derive(Default)]
struct Gathered {
    files: usize,
    /// The parameters that they have.
    declared: Vec<String>,
    steps: Vec<(Order, Table)>,
    expects: Vec<(Order, Sense, Table)>,
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
            let reads = Reads { files: &mut NoFiles, parameters: &[] };
            Scenario::read(root, &source, &lab, reads, &mut sink);
        })
    }

    /// Reads a scenario for a lab. `None` when it holds an error; `sink` says which.
    pub fn load(
        source: &Arc<Source>,
        lab: &Lab,
        reads: Reads<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Scenario> {
        let before = sink.len();
        let root = table::parse(source, sink)?;
        let scenario = Scenario::read(root, source, lab, reads, sink);
        (!has_errors(&sink[before..])).then_some(scenario)
    }

    fn read(
        mut root: Table,
        source: &Arc<Source>,
        lab: &Lab,
        reads: Reads<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Scenario {
        let given = Parameters::given(reads.parameters);
        let parameters = Parameters::read(&mut root, &given, sink);
        let mut gathered = Gathered::default();
        let mut includes = Includes::new(reads.files);
        let header = gathered.take(root, "", &parameters, &mut includes, sink);
        let given = reads.parameters.iter().map(|(name, _)| name);
        for name in given.filter(|name| !gathered.declared.contains(name)) {
            let message = format!("the scenario has no parameter `{name}`");
            let known = gathered.declared.iter().map(String::as_str);
            sink.push(Diagnostic::error("SIM015", message, source, 0..0).did_you_mean(name, known));
        }
        if gathered.steps.is_empty() && gathered.expects.is_empty() {
            let message = "the scenario has neither `[[steps]]` nor `[[expect]]`";
            sink.push(Diagnostic::error("SIM004", message, source, 0..0));
        }
        let mut anchors = Anchors::default();
        let mut read = Vec::new();
        for (place, (order, table)) in (0_u32..).zip(gathered.steps) {
            anchors.note_name(table.peek_text("name"));
            if let Some(step) = steps::read(table, lab, place, sink) {
                read.push((order, step));
            }
        }
        for (_, _, table) in &gathered.expects {
            anchors.note_name(table.peek_text("name"));
        }
        let expects = gathered.expects;
        let (expected, last_step, length) = expect::read_all(expects, &read, &anchors, lab, sink);
        let steps = read.into_iter().map(|(_, step)| step).collect();
        let floor = Arc::new(Floor::of(lab));
        Scenario { source: Arc::clone(source), header, steps, expected, floor, length, last_step }
    }
}

impl Gathered {
    /// Takes what a file says, and before that what the files say that it includes.
    fn take(
        &mut self,
        mut root: Table,
        directory: &str,
        parameters: &Parameters,
        includes: &mut Includes<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Header {
        self.declared.extend_from_slice(parameters.declared());
        parameters.fill(&mut root, sink);
        let source = Arc::clone(root.source());
        let header = read_header(&mut root, &source, sink);
        for (directory, source) in includes.read(&mut root, directory, sink) {
            if let Some(mut root) = table::parse(&source, sink) {
                let parameters = Parameters::read(&mut root, parameters, sink);
                self.take(root, &directory, &parameters, includes, sink);
            }
        }
        let file = self.files;
        self.files += 1;
        let steps = root.tables("steps", sink);
        self.steps.extend(steps.into_iter().map(|table| ((file, table.span().start), table)));
        for (key, sense) in Sense::KEYS {
            let tables = root.tables(key, sink);
            let placed = |table: Table| ((file, table.span().start), sense, table);
            self.expects.extend(tables.into_iter().map(placed));
        }
        root.finish(sink);
        header
    }
}

fn read_header(root: &mut Table, source: &Source, sink: &mut Vec<Diagnostic>) -> Header {
    let text = |text: Option<Spanned<String>>| text.map(|text| text.value);
    Header {
        name: text(root.text("name", sink)).unwrap_or_else(|| stem(&source.name).to_owned()),
        seed: root.number("seed", sink).map(|seed| seed.value),
        topology: text(root.text("topology", sink)),
        listener: text(root.text("listener", sink)),
        clock: root.choice("clock", &CLOCKS, sink).map(|clock| clock.value),
    }
}

/// `scenarios/interface-down.toml` into `interface-down`.
fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".toml").unwrap_or(file)
}

/// The longest a scenario may take.
pub(super) const LENGTH_MAX: Duration = Duration::from_secs(crate::step::TIME_H_MAX * 3_600);
