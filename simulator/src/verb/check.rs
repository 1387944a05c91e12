//! `simulator check`: reads topology, startup-configs, links and scenarios, and reports every
//! mistake of all of them. `ednm check` does the same for each file that it finds.

use diagnostic::{Severity, Source};
use host::ExpectedError;
use host::check::{Report, count};
use host::files::{self, FileError, Found};
use lab::{Lab, LabOptions, Reads, Scenario};
use topology::Topology;

use super::lab::find_topology;
use crate::args::{Check, LabFlags};

/// A secret that this run needs cannot be had: whoever checks files need not have it.
const NO_SECRET: &str = "LAB004";

/// A topology and its routers, as far as they could be read: what scenarios are held against.
#[derive(Debug)]
pub struct Bench {
    /// The topology.
    pub topology: Topology,
    lab: Lab,
}

impl Bench {
    /// Reads a topology, boots its routers with their startup-configs, plugs its links in.
    pub fn read(found: Result<Found, FileError>, report: &mut Report) -> Bench {
        let mut found = match found {
            Ok(found) => found,
            Err(error) => {
                report.unreadable(&error);
                return Bench::of(
                    Topology { whole: false, ..Topology::empty(&Source::new("", "")) },
                    report,
                );
            }
        };
        let topology = Topology::recover(&found.source, &mut found.files, &mut report.sink);
        let (nodes, links) = (topology.nodes.len(), topology.links.len());
        let configs = topology.nodes.values().filter(|node| node.startup.is_some()).count();
        let parts = [(nodes, "node"), (links, "link"), (configs, "startup-config")];
        let parts = parts.iter().filter(|(number, _)| *number > 0);
        let parts: Vec<String> = parts.map(|(number, what)| count(*number, what)).collect();
        let what = if nodes == 0 { "no nodes".to_owned() } else { parts.join(", ") };
        report.file(&found, what);
        Bench::of(topology, report)
    }

    fn of(topology: Topology, report: &mut Report) -> Bench {
        let before = report.sink.len();
        let options = LabOptions::virtual_time(topology.seed);
        let lab = Lab::recover(&topology, options, &mut report.sink);
        for missing in report.sink[before..].iter_mut().filter(|d| d.code == NO_SECRET) {
            missing.severity = Severity::Warning;
        }
        report.sink.extend(lab.exposed(&topology));
        Bench { topology, lab }
    }

    /// Reads a scenario against these routers.
    pub fn scenario(&self, found: &Found, report: &mut Report) {
        let mut files = found.files.clone();
        let reads = Reads { files: &mut files, parameters: &[] };
        let scenario = Scenario::load(&found.source, &self.lab, reads, &mut report.sink);
        if let Some(scenario) = scenario {
            let expectations = count(scenario.expectation_count(), "expectation");
            let steps = count(scenario.steps.len(), "step");
            report.file(found, format!("{steps}, {expectations}"));
        }
    }
}

/// The topology that a scenario is about: a flag's, else the one that it names, else the one that
/// every program finds.
pub fn topology_of(scenario: &Found, flags: &LabFlags) -> Result<Found, FileError> {
    match Scenario::header(&scenario.source).topology {
        Some(path) if flags.topology.is_none() => scenario.files.find(&path),
        Some(_) | None => find_topology(flags),
    }
}

/// Runs the verb. Without a scenario the lab alone is checked.
pub(super) fn check(args: &Check) -> Result<(), ExpectedError> {
    let mut report = Report::default();
    let mut benches: Vec<(String, Bench)> = Vec::new();
    if args.scenarios.is_empty() {
        Bench::read(find_topology(&args.lab), &mut report);
    }
    for path in &args.scenarios {
        let scenario = match files::open(path) {
            Ok(scenario) => scenario,
            Err(error) => {
                report.unreadable(&error);
                continue;
            }
        };
        let found = topology_of(&scenario, &args.lab);
        bench_of(found, &mut benches, &mut report).scenario(&scenario, &mut report);
    }
    report.finish(args.format.is_json())
}

/// Reads a topology, unless an earlier file was about it.
pub fn bench_of<'a>(
    found: Result<Found, FileError>,
    benches: &'a mut Vec<(String, Bench)>,
    report: &mut Report,
) -> &'a Bench {
    let name = match &found {
        Ok(found) => files::identity(found),
        Err(error) => error.to_string(),
    };
    let index = benches.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
        benches.push((name, Bench::read(found, report)));
        benches.len() - 1
    });
    &benches[index].1
}
