//! The three files of a run, read and checked: lab, rules, scenario.
//!
//! Used by every verb. All mistakes of all files are reported in one go.

use std::path::{Path, PathBuf};

use automation::Config;
use diagnostic::{Diagnostic, has_errors};
use host::files::{self, Found, Search, profiles};
use host::{ExpectedError, message};
use lab::{Header, Lab, LabOptions, Reads, Scenario};
use topology::{Address, Topology};

use crate::args::FileArgs;

/// What a flag says of a scenario's parameter: its name, and its value.
pub type Parameter = (String, String);

/// The topology and the rules that a run starts from.
#[derive(Debug)]
pub struct Inputs {
    /// The lab's nodes and links.
    pub topology: Topology,
    /// The listener's sources and rules.
    pub config: Config,
    /// `./topology.toml and the embedded listener.toml`, for a start-up line.
    pub read: String,
    /// The files on disk that both came from.
    pub files: Vec<PathBuf>,
    /// The names of those that came from inside the program.
    pub embedded: Vec<String>,
}

/// Reads topology and rules; warnings are printed.
pub fn load(flags: &FileArgs, search: Search) -> Result<Inputs, ExpectedError> {
    let (inputs, warnings) = read_with(None, flags, search)?;
    message::diagnostics(&warnings);
    Ok(inputs)
}

/// Reads topology and rules, with what is doubtful in them.
pub fn read(flags: &FileArgs, search: Search) -> Result<(Inputs, Vec<Diagnostic>), ExpectedError> {
    read_with(None, flags, search)
}

fn read_with(
    scenario: Option<(&Found, &[Parameter])>,
    flags: &FileArgs,
    search: Search,
) -> Result<(Inputs, Vec<Diagnostic>), ExpectedError> {
    let find = |flag: Option<&Path>, name| files::find(flag, name, search);
    let mut lab = find(flags.topology.as_deref(), "topology.toml").map_err(unreadable)?;
    let rules = match &flags.profile {
        Some(profile) => profiles::find(profile),
        None => find(flags.config.as_deref(), "listener.toml"),
    };
    let mut rules = rules.map_err(unreadable)?;
    let course = listener::find_course(flags.course_config.as_deref())?;
    let read = format!("{} and {}", lab.describe(), rules.describe());
    let mut sink = Vec::new();
    let topology = Topology::recover(&lab.source, &mut lab.files, &mut sink);
    let over = course.as_ref().map(|course| &course.source);
    let config = Config::load_over(&rules.source, over, &topology, &mut rules.files, &mut sink);
    if let Some((scenario, parameters)) = scenario {
        try_out(scenario, parameters, &topology, &mut sink);
    }
    match config {
        Some(mut config) if !has_errors(&sink) => {
            listener::settle_files(&mut config, &rules);
            let course = course.iter().flat_map(Found::on_disk);
            let files = lab.on_disk().into_iter().chain(rules.on_disk()).chain(course).collect();
            let embedded = files::embedded(&[&lab, &rules]);
            Ok((Inputs { topology, config, read, files, embedded }, sink))
        }
        _ => Err(ExpectedError::InvalidFile(sink)),
    }
}

/// Adds the mistakes of startup-configs, links and scenario to those of the other files, if there
/// are any. What is only doubtful is told when the lab of the run is built.
fn try_out(
    scenario: &Found,
    parameters: &[Parameter],
    topology: &Topology,
    sink: &mut Vec<Diagnostic>,
) {
    let mut found = Vec::new();
    let lab = Lab::recover(topology, LabOptions::virtual_time(topology.seed), &mut found);
    let mut files = scenario.files.clone();
    let reads = Reads { files: &mut files, parameters };
    Scenario::load(&scenario.source, &lab, reads, &mut found);
    if has_errors(&found) || has_errors(sink) {
        sink.extend(found);
    }
}

/// What a scenario is run with.
#[derive(Debug)]
pub struct Setup {
    /// The lab and the rules.
    pub inputs: Inputs,
    /// What the scenario says of the run as a whole.
    pub header: Header,
    /// The flag's seed, else the scenario's, else the topology's.
    pub seed: u64,
    /// What is doubtful in the lab and the rules; for whoever runs it to tell.
    pub warnings: Vec<Diagnostic>,
}

/// Reads the files that a scenario runs with: those of a flag beat the scenario's.
pub fn load_for(
    scenario: &Found,
    flags: &FileArgs,
    search: Search,
    seed: Option<u64>,
    parameters: &[Parameter],
) -> Result<Setup, ExpectedError> {
    let header = read_header(scenario);
    let directory = Path::new(&scenario.source.name).parent().unwrap_or(Path::new(""));
    let named = |path: &Option<String>| path.as_ref().map(|path| directory.join(path));
    let flags = FileArgs {
        topology: flags.topology.clone().or_else(|| named(&header.topology)),
        config: flags.config.clone().or_else(|| named(&header.listener)),
        profile: flags.profile.clone(),
        course_config: flags.course_config.clone(),
    };
    let (inputs, warnings) = read_with(Some((scenario, parameters)), &flags, search)?;
    let seed = seed.or(header.seed).unwrap_or(inputs.topology.seed);
    Ok(Setup { inputs, header, seed, warnings })
}

/// Reads what a scenario says of the run as a whole.
pub fn read_header(scenario: &Found) -> Header {
    Scenario::header(&scenario.source)
}

/// Finds the scenario of a demo: the flag's, else the embedded one.
pub fn find_scenario(flag: Option<&Path>) -> Result<Found, ExpectedError> {
    files::find(flag, files::SCENARIO, Search::EmbeddedOnly).map_err(unreadable)
}

/// Makes the lab of a topology; what is doubtful is printed.
pub fn build_lab(topology: &Topology, options: LabOptions) -> Result<Lab, ExpectedError> {
    try_lab(topology, options).map(say)
}

/// The same, with what is doubtful.
pub fn try_lab(
    topology: &Topology,
    options: LabOptions,
) -> Result<(Lab, Vec<Diagnostic>), ExpectedError> {
    let mut sink = Vec::new();
    let lab = Lab::new(topology, options, &mut sink);
    settle(lab, sink)
}

/// Reads a scenario against the lab on which it will be played; what is doubtful is printed.
pub fn read_scenario(
    found: &Found,
    lab: &Lab,
    parameters: &[Parameter],
) -> Result<Scenario, ExpectedError> {
    try_scenario(found, lab, parameters).map(say)
}

/// The same, with what is doubtful.
pub fn try_scenario(
    found: &Found,
    lab: &Lab,
    parameters: &[Parameter],
) -> Result<(Scenario, Vec<Diagnostic>), ExpectedError> {
    let mut sink = Vec::new();
    let mut files = found.files.clone();
    let reads = Reads { files: &mut files, parameters };
    let scenario = Scenario::load(&found.source, lab, reads, &mut sink);
    settle(scenario, sink)
}

/// Lets the system choose every port of the virtual nodes: a demo meets no other program.
pub fn free_ports(topology: &mut Topology) {
    for node in topology.nodes.values_mut().filter(|n| n.kind == topology::NodeKind::Virtual) {
        let free = || Some(Address { host: "127.0.0.1".into(), port: 0 });
        node.ssh = free();
        node.netconf = node.netconf.as_ref().and_then(|_| free());
        node.restconf = node.restconf.as_ref().and_then(|_| free());
    }
}

/// What was read, unless its diagnostics hold an error.
fn settle<T>(
    read: Option<T>,
    sink: Vec<Diagnostic>,
) -> Result<(T, Vec<Diagnostic>), ExpectedError> {
    match read {
        Some(read) if !has_errors(&sink) => Ok((read, sink)),
        _ => Err(ExpectedError::InvalidFile(sink)),
    }
}

fn say<T>((read, warnings): (T, Vec<Diagnostic>)) -> T {
    message::diagnostics(&warnings);
    read
}

/// A file that cannot be read.
pub fn unreadable(error: files::FileError) -> ExpectedError {
    ExpectedError::file(error)
}
