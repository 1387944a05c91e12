//! From flags to a lab: finds and reads the topology, boots the routers, says what it found.
//!
//! Used by `up` and `run`.

use std::path::Path;

use diagnostic::{Diagnostic, has_errors};
use host::check::count;
use host::files::{self, FileError, Found, Origin, Search};
use host::{ExpectedError, LiveClock, StateDir};
use lab::{Lab, LabOptions};
use rand::Rng as _;
use topology::{Topology, Url};

use crate::args::LabFlags;
use crate::live::record::{self, Header, Recording};
use crate::live::{KeyKinds, LiveOptions};
use crate::report::human;

/// A lab that is ready to go live.
pub(super) struct Booted {
    pub(super) topology: Topology,
    pub(super) lab: Lab,
    pub(super) options: LiveOptions,
    pub(super) seed: u64,
    /// What the lab was made with.
    lab_options: LabOptions,
    /// The topology's file, unless it is the one inside the program.
    path: Option<String>,
    /// `./topology.toml`, for a start-up line.
    from: String,
}

impl Booted {
    /// Says which lab starts.
    pub(super) fn announce(&self) {
        let nodes = count(self.topology.virtual_nodes().count(), "node");
        let links = count(self.topology.links.len(), "link");
        let (name, from, seed) = (&self.topology.name, &self.from, self.seed);
        let subject = format!("lab `{name}` of {from}: {nodes}, {links} · seed {seed:#x}");
        host::message::styled(&human::status("Starting", &subject));
    }

    /// Opens the file into which the outside inputs of this lab are recorded.
    pub(super) fn record(&self, path: &Path) -> Result<Recording, ExpectedError> {
        let LabOptions { seed, nonce, start, webhook } = &self.lab_options;
        let mut key = [0; 32];
        rand::rng().fill_bytes(&mut key);
        let header = Header {
            recording: 1,
            topology: self.path.clone(),
            fingerprint: record::fingerprint(&self.topology),
            seed: *seed,
            nonce: hex(nonce),
            start: start.as_micros(),
            webhook: webhook.as_ref().map(ToString::to_string),
            key: hex(&key),
        };
        Recording::create(path, &header).map_err(|error| {
            let path = path.display();
            ExpectedError::environment_message(format!("cannot write `{path}`: {error}"))
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The topology that the flags name, the working directory has, or the program carries.
pub fn find_topology(flags: &LabFlags) -> Result<Found, FileError> {
    files::find(flags.topology.as_deref(), "topology.toml", Search::WorkingDirectory)
}

/// Boots as much as can be booted of the lab of a topology file; what is wrong with it goes to
/// `sink`, for [`accept`]. A seed of the flags beats the scenario's, which beats the topology's.
pub(super) fn boot(
    mut found: Found,
    flags: &LabFlags,
    scenario_seed: Option<u64>,
    sink: &mut Vec<Diagnostic>,
) -> Result<Booted, ExpectedError> {
    let webhook = flags.webhook.as_deref().map(webhook_url).transpose()?;
    let topology = Topology::recover(&found.source, &mut found.files, sink);
    let seed = flags.seed.or(scenario_seed).unwrap_or(topology.seed);
    let clock = LiveClock::start();
    let mut nonce = [0; 16];
    rand::rng().fill_bytes(&mut nonce);
    let lab_options = LabOptions { seed, nonce, start: clock.now(), webhook };
    let lab = Lab::recover(&topology, lab_options.clone(), sink);
    let keys = KeyKinds::Ed25519AndRsa;
    let options = LiveOptions { clock, keys, trace: None, record: None, listener: None };
    let path = (found.origin != Origin::Embedded).then(|| found.source.name.clone());
    Ok(Booted { topology, lab, options, lab_options, seed, path, from: found.describe() })
}

/// The state directory that the flag, else the environment, names.
pub(super) fn open_state(flag: Option<&std::path::Path>) -> Result<StateDir, ExpectedError> {
    StateDir::open(flag).map_err(ExpectedError::environment)
}

/// What a loader gave, if its file is sound; warnings are printed, errors end the program.
pub(super) fn accept<T>(loaded: Option<T>, sink: &mut Vec<Diagnostic>) -> Result<T, ExpectedError> {
    let diagnostics = std::mem::take(sink);
    match loaded {
        Some(loaded) if !has_errors(&diagnostics) => {
            host::message::diagnostics(&diagnostics);
            Ok(loaded)
        }
        Some(_) | None => Err(ExpectedError::InvalidFile(diagnostics)),
    }
}

fn webhook_url(text: &str) -> Result<Url, ExpectedError> {
    let parsed = text.parse::<Url>();
    parsed.map_err(|error| ExpectedError::usage(format!("`--webhook {text}`: {error}")))
}
