//! Finds and reads listener.toml and the inventory.
//!
//! Called by every verb that needs them. All mistakes of both are reported in one go: listener.toml
//! is held against as much of the inventory as can be read.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use automation::{Config, INVENTORY_PATH_DEFAULT};
use diagnostic::{Diagnostic, has_errors};
use host::ExpectedError;
use host::files::{self, FileError, Found, Origin, Search, profiles};
use topology::Topology;

use crate::args::Files;

/// Where the listener listens when nobody says.
const PORT_DEFAULT: u16 = 8000;
/// The name of the rules' file, in the working directory and inside the program.
const CONFIG_NAME: &str = "listener.toml";

/// Both files, read and checked.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) config: Config,
    pub(crate) inventory: Topology,
    /// What is doubtful in them, and no error.
    pub(crate) warnings: Vec<Diagnostic>,
    /// `./listener.toml and the embedded topology.toml`, for a start-up line.
    pub(crate) read: String,
    /// The files on disk that this came from, those of secrets among them.
    pub(crate) files: Vec<PathBuf>,
    /// The names of those that came from inside the program.
    pub(crate) embedded: Vec<String>,
}

/// Reads both.
pub(crate) fn load(flags: &Files) -> Result<Loaded, ExpectedError> {
    let (mut rules, mut nodes) = find(flags).map_err(ExpectedError::file)?;
    let course = find_course(flags.course_config.as_deref())?;
    let over = course.as_ref().map(|course| &course.source);
    let mut sink = Vec::new();
    let inventory = Topology::recover(&nodes.source, &mut nodes.files, &mut sink);
    match Config::load_over(&rules.source, over, &inventory, &mut rules.files, &mut sink) {
        Some(mut config) if !has_errors(&sink) => {
            settle_files(&mut config, &rules);
            let read = format!("{} and {}", rules.describe(), nodes.describe());
            let course = course.iter().flat_map(Found::on_disk);
            let files = rules.on_disk().into_iter().chain(nodes.on_disk()).chain(course).collect();
            let embedded = files::embedded(&[&rules, &nodes]);
            Ok(Loaded { config, inventory, warnings: sink, read, files, embedded })
        }
        Some(_) | None => Err(ExpectedError::InvalidFile(sink)),
    }
}

/// The file of `--course-config`.
pub fn find_course(flag: Option<&Path>) -> Result<Option<Found>, ExpectedError> {
    flag.map(files::open).transpose().map_err(ExpectedError::file)
}

/// Where to listen: `--bind`, else what `--course-config` says, else port 8000 of this machine.
pub fn address(bind: Option<SocketAddr>, course: Option<&Path>) -> SocketAddr {
    let default = SocketAddr::from(([127, 0, 0, 1], PORT_DEFAULT));
    // One that cannot be read is told when it is loaded.
    let course = bind.is_none().then(|| find_course(course).ok().flatten()).flatten();
    let said = course.map(|course| Config::course_address(&course.source, default));
    bind.or(said).unwrap_or(default)
}

/// The directory of `[files]` is relative to its file; an embedded one has no place of its own.
pub fn settle_files(config: &mut Config, rules: &Found) {
    let beside = match rules.origin {
        Origin::Embedded => Path::new(""),
        Origin::Flag | Origin::WorkingDirectory => {
            Path::new(&rules.source.name).parent().unwrap_or(Path::new(""))
        }
    };
    let directory = beside.join(config.files_directory());
    config.set_files_directory(directory.display().to_string());
}

/// The inventory alone, for what asks no rule.
pub(crate) fn load_inventory(flags: &Files) -> Result<Topology, ExpectedError> {
    let (_, mut nodes) = find(flags).map_err(ExpectedError::file)?;
    let mut sink = Vec::new();
    let inventory = Topology::load(&nodes.source, &mut nodes.files, &mut sink);
    inventory.filter(|_| !has_errors(&sink)).ok_or(ExpectedError::InvalidFile(sink))
}

/// listener.toml and the inventory that goes with it.
fn find(flags: &Files) -> Result<(Found, Found), FileError> {
    let rules = find_rules(flags)?;
    let nodes = find_inventory(flags.topology.as_deref(), &rules)?;
    Ok((rules, nodes))
}

/// listener.toml: a flag's, a profile's, the working directory's or the embedded one.
pub(crate) fn find_rules(flags: &Files) -> Result<Found, FileError> {
    match &flags.profile {
        Some(profile) => profiles::find(profile),
        None => files::find(flags.config.as_deref(), CONFIG_NAME, Search::WorkingDirectory),
    }
}

/// A flag beats the path that listener.toml names, which is relative to it. One that is embedded
/// is made for whatever devices there are: the inventory of the working directory beats its own.
pub fn find_inventory(flag: Option<&Path>, config: &Found) -> Result<Found, FileError> {
    let anywhere = || files::find(flag, INVENTORY_PATH_DEFAULT, Search::WorkingDirectory);
    let named = Config::inventory_path(&config.source);
    if flag.is_some() {
        return anywhere();
    }
    if config.origin == Origin::Embedded {
        let here = Path::new(INVENTORY_PATH_DEFAULT).exists();
        let own = config.files.find(&named).ok().filter(|_| !here);
        return own.map_or_else(anywhere, Ok);
    }
    let directory = Path::new(&config.source.name).parent().unwrap_or(Path::new(""));
    let beside = directory.join(&named);
    if named == INVENTORY_PATH_DEFAULT && !beside.exists() {
        return anywhere();
    }
    files::open(&beside)
}
