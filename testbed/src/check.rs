//! `ednm check`: tells what each file is, reads it with all that it refers to, and reports every
//! mistake of all of them in one go.
//!
//! What a file means is the business of `listener check` and `simulator check`, whose code this is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use automation::Config;
use diagnostic::table::{self, Shape};
use diagnostic::{Diagnostic, Source};
use host::check::Report;
use host::files::{self, Found};
use host::{ExpectedError, message};
use lab::Scenario;
use simulator::Bench;
use simulator::args::LabFlags;
use topology::Topology;

use crate::applet::unit;
use crate::args::CheckArgs;
use crate::walk;

/// A file that none of the programs reads.
const UNKNOWN_KIND: &str = "FILE004";
/// How many of the files that were passed over are named.
const NAMED_MAX: usize = 3;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Topology,
    Rules,
    Scenario,
    StartupConfig,
    /// Unit tests of applets.
    UnitTests,
}

/// Runs the verb.
pub(crate) fn run(args: &CheckArgs) -> Result<(), ExpectedError> {
    let flags = LabFlags { topology: args.topology.clone(), ..LabFlags::default() };
    let mut check = Check { flags, benches: Vec::new(), report: Report::default() };
    let mut passed_over = Vec::new();
    let mut startup_configs = Vec::new();
    let included = included(&args.paths)?;
    for path in &args.paths {
        let is_directory = path.is_dir();
        for path in walk::toml_files(path)? {
            match files::open(&path) {
                Err(error) => check.report.unreadable(&error),
                Ok(found) if included.contains(&files::identity(&found)) => {}
                Ok(found) => match kind_of(&path, &found.source) {
                    Some(Kind::StartupConfig) => startup_configs.push(found),
                    Some(kind) => check.file(kind, found),
                    None if check.is_broken(&found.source) => {}
                    None if is_directory => passed_over.push(path),
                    None => check.unknown(&found.source),
                },
            }
        }
    }
    for found in startup_configs {
        check.startup_config(&found);
    }
    say_passed_over(&passed_over);
    if check.report.is_empty() {
        return Err(ExpectedError::usage("nothing to check (*.toml) in the given directories"));
    }
    check.report.finish(args.format.is_json())
}

/// The files that a listener.toml among them includes: they are read with it, and mean nothing
/// alone.
fn included(paths: &[PathBuf]) -> Result<BTreeSet<String>, ExpectedError> {
    let mut included = BTreeSet::new();
    for path in paths {
        for path in walk::toml_files(path)? {
            let Ok(found) = files::open(&path) else { continue };
            if kind_of(&path, &found.source) != Some(Kind::Rules) {
                continue;
            }
            let named = Config::includes(&found.source).into_iter();
            let files = named.filter_map(|name| found.files.find(&name).ok());
            included.extend(files.map(|file| files::identity(&file)));
        }
    }
    Ok(included)
}

/// A check that is under way.
struct Check {
    flags: LabFlags,
    benches: Vec<(String, Bench)>,
    report: Report,
}

impl Check {
    fn file(&mut self, kind: Kind, mut found: Found) {
        let Check { flags, benches, report } = self;
        match kind {
            Kind::Topology | Kind::StartupConfig => {
                simulator::bench_of(Ok(found), benches, report);
            }
            Kind::Rules => {
                let nodes = listener::find_inventory(flags.topology.as_deref(), &found);
                let bench = simulator::bench_of(nodes, benches, report);
                listener::check_rules(&mut found, &bench.topology, report);
            }
            Kind::UnitTests => {
                let count = unit::check(&found, &mut report.sink);
                report.file(&found, host::check::count(count, "unit test"));
            }
            Kind::Scenario => {
                let lab = simulator::topology_of(&found, flags);
                simulator::bench_of(lab, benches, report).scenario(&found, report);
            }
        }
    }

    /// A startup-config is checked with the topology that names it: its variables are there.
    fn startup_config(&mut self, found: &Found) {
        if self.benches.is_empty() {
            let topology = simulator::find_topology(&self.flags);
            simulator::bench_of(topology, &mut self.benches, &mut self.report);
        }
        let this = files::identity(found);
        let nodes = self.benches.iter().flat_map(|(_, bench)| bench.topology.nodes.values());
        let is_this =
            |path: &str| Path::new(path).canonicalize().is_ok_and(|path| path == Path::new(&this));
        let users: Vec<&str> = nodes
            .filter(|node| node.startup.as_ref().is_some_and(|file| is_this(&file.name)))
            .map(|node| node.name.as_str())
            .collect();
        if users.is_empty() {
            return self.unknown(&found.source);
        }
        let what = format!("startup-config of {}", users.join(", "));
        self.report.file(found, what);
    }

    /// Whether a file is no TOML at all: then that is its mistake, whatever its kind.
    fn is_broken(&mut self, source: &Arc<Source>) -> bool {
        table::parse(source, &mut self.report.sink).is_none()
    }

    fn unknown(&mut self, source: &Arc<Source>) {
        let message = format!("cannot tell what kind of file `{}` is", source.name);
        self.report.sink.push(Diagnostic::error(UNKNOWN_KIND, message, source, 0..0).help(
            "a topology has `[nodes.*]`, a listener.toml `[[sources]]`, a scenario `[[steps]]` \
                 or `[[expect]]`; a startup-config is named by the topology",
        ));
    }
}

/// Whether a file is plainly something else than a scenario: `ednm test` passes over it in a
/// directory.
pub(crate) fn is_of_another_kind(path: &Path, source: &Arc<Source>) -> bool {
    kind_of(path, source).is_some_and(|kind| kind != Kind::Scenario)
}

/// By the tables that are in it; by its name when there is none of ours.
fn kind_of(path: &Path, source: &Arc<Source>) -> Option<Kind> {
    if path.extension().is_none_or(|extension| extension != "toml") {
        return Some(Kind::StartupConfig);
    }
    let entries = table::parse_recovered(source, &mut Vec::new()).into_entries();
    let fits = |shape: &Shape| {
        entries.iter().filter(|(key, _)| shape.tables().any(|known| known == key.value)).count()
    };
    if path.to_string_lossy().ends_with(unit::SUFFIX) {
        return Some(Kind::UnitTests);
    }
    let kinds = [
        (Kind::Topology, Topology::shape()),
        (Kind::Rules, Config::shape()),
        (Kind::Scenario, Scenario::shape()),
        (Kind::UnitTests, unit::shape()),
    ];
    let best = kinds.iter().map(|(kind, shape)| (fits(shape), *kind)).max_by_key(|(fit, _)| *fit);
    best.filter(|(fit, _)| *fit > 0).map(|(_, kind)| kind).or_else(|| kind_by_name(path))
}

fn kind_by_name(path: &Path) -> Option<Kind> {
    let directory = path.parent().and_then(Path::file_name);
    match path.file_name()?.to_str()? {
        "topology.toml" | "inventory.toml" => Some(Kind::Topology),
        "listener.toml" => Some(Kind::Rules),
        _ => directory.filter(|name| *name == "scenarios").map(|_| Kind::Scenario),
    }
}

/// A directory may hold files of other programs; which ones, is said.
fn say_passed_over(paths: &[PathBuf]) {
    if paths.is_empty() {
        return;
    }
    let named = paths.iter().take(NAMED_MAX).map(|path| path.display().to_string());
    let more = if paths.len() > NAMED_MAX { ", ..." } else { "" };
    let (count, named) = (host::check::count(paths.len(), "file"), named.collect::<Vec<_>>());
    message::note(&format!("passed over {count} of another kind: {}{more}", named.join(", ")));
}
