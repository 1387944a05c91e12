//! One run of one scenario: its facts are hashed, counted and written as they come, never kept.
//!
//! Called for each case, and by tests that watch the facts themselves. Memory is that of the lab,
//! however long the run.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use automation::Automation;
use diagnostic::Diagnostic;
use fact::{Fact, Kind, TraceHash, TraceWriter};
use host::ExpectedError;
use host::files::{Found, Search};
use lab::{LabOptions, Verdict};
use simtime::{Duration, Rng, Time};

use crate::args::FileArgs;
use crate::inputs::{self, Inputs, Parameter, Setup};
use crate::virtual_time::Bench;

/// What is run, and how.
#[derive(Clone, Copy, Debug)]
pub struct Play<'a> {
    /// The scenario.
    pub found: &'a Found,
    /// Which lab and rules.
    pub flags: &'a FileArgs,
    /// The seed, in place of the scenario's.
    pub seed: Option<u64>,
    /// Added to the seed: which run of many it is.
    pub nth: u64,
    /// What flags say of its parameters.
    pub parameters: &'a [Parameter],
    /// Where its trace is written.
    pub trace: Option<TraceTo<'a>>,
}

/// The file of a trace: `INTO/STEM-SEED.jsonl`.
#[derive(Clone, Copy, Debug)]
pub struct TraceTo<'a> {
    /// The directory.
    pub into: &'a Path,
    /// How the file's name begins.
    pub stem: &'a str,
}

/// One scenario, run and judged.
#[derive(Debug)]
pub struct Trial {
    /// Its name.
    pub name: String,
    /// The seed that it ran with.
    pub seed: u64,
    /// What came of it.
    pub verdict: Verdict,
    /// How much of the run's own time it took.
    pub lasted: Duration,
    /// The hash of its trace.
    pub hash: TraceHash,
    /// What happened, counted.
    pub tally: Tally,
    /// Where the trace was written.
    pub trace: Option<PathBuf>,
    /// Requests that nobody in a virtual run answers.
    pub refused: Vec<String>,
    /// What is doubtful in its files.
    pub warnings: Vec<Diagnostic>,
    /// What flags said of its parameters.
    pub parameters: Vec<Parameter>,
}

/// What happened in a run, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All facts, which are the lines of the trace.
    pub lines: u64,
    /// Steps that were carried out.
    pub faults: u64,
    /// Messages of routers.
    pub messages: u64,
    /// Runs of applets.
    pub applets: u64,
    /// Deliveries that were sent, each try.
    pub webhooks: u64,
    /// Commands that the listener's jobs ran.
    pub commands: u64,
}

/// Runs one scenario in virtual time. `watch` is shown every fact, in order.
pub fn in_virtual_time(
    play: &Play<'_>,
    mut watch: impl FnMut(&Fact),
) -> Result<Trial, ExpectedError> {
    let Setup { inputs: Inputs { topology, config, .. }, header, seed, mut warnings } =
        inputs::load_for(
            play.found,
            play.flags,
            Search::WorkingDirectory,
            play.seed,
            play.parameters,
        )?;
    let seed = seed.wrapping_add(play.nth);
    let (lab, found) = inputs::try_lab(&topology, LabOptions::virtual_time(seed))?;
    warnings.extend(found);
    let (scenario, found) = inputs::try_scenario(play.found, &lab, play.parameters)?;
    warnings.extend(found);
    let rng = Rng::from_seed(seed).child("automation");
    let automation = Automation::new(config.clone(), rng.clone());
    let mut recorder = Recorder::new(Time::VIRTUAL_START, play.trace, seed)?;
    let bench = Bench::new(lab, automation, topology).standing_in(rng.child("stand-ins"));
    let mut bench = bench.restartable(config, rng);
    let run = bench.run(&scenario, Time::VIRTUAL_START, |fact| {
        recorder.take(fact);
        watch(fact);
    });
    let mut trial = recorder.finish(header.name, seed, run.verdict, run.lasted)?;
    trial.refused = run.refused;
    trial.warnings = warnings;
    trial.parameters = play.parameters.to_vec();
    Ok(trial)
}

/// Takes what a run says, fact by fact.
pub(super) struct Recorder {
    writer: TraceWriter,
    file: Option<TraceFile>,
    tally: Tally,
}

struct TraceFile {
    path: PathBuf,
    file: BufWriter<File>,
    /// The first failure; nothing is written after it.
    failed: Option<io::Error>,
}

impl Recorder {
    pub(super) fn new(
        start: Time,
        trace: Option<TraceTo<'_>>,
        seed: u64,
    ) -> Result<Self, ExpectedError> {
        let file = trace.map(|to| TraceFile::create(to, seed)).transpose()?;
        Ok(Recorder { writer: TraceWriter::new(start), file, tally: Tally::default() })
    }

    pub(super) fn take(&mut self, fact: &Fact) {
        let line = self.writer.line(fact);
        self.tally.count(&fact.kind);
        if let Some(trace) = &mut self.file {
            trace.write(line.as_bytes());
        }
    }

    pub(super) fn finish(
        self,
        name: String,
        seed: u64,
        verdict: Verdict,
        lasted: Duration,
    ) -> Result<Trial, ExpectedError> {
        let trace = self.file.map(TraceFile::finish).transpose()?;
        let (hash, tally) = (self.writer.hash(), self.tally);
        Ok(Trial {
            name,
            seed,
            verdict,
            lasted,
            hash,
            tally,
            trace,
            refused: Vec::new(),
            warnings: Vec::new(),
            parameters: Vec::new(),
        })
    }
}

impl TraceFile {
    fn create(to: TraceTo<'_>, seed: u64) -> Result<Self, ExpectedError> {
        let path = to.into.join(format!("{}-{seed:x}.jsonl", to.stem));
        let created = std::fs::create_dir_all(to.into).and_then(|()| File::create(&path));
        match created {
            Ok(file) => Ok(TraceFile { path, file: BufWriter::new(file), failed: None }),
            Err(error) => Err(unwritable(&path, &error)),
        }
    }

    fn write(&mut self, line: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.file.write_all(line).err();
        }
    }

    fn finish(mut self) -> Result<PathBuf, ExpectedError> {
        match self.failed.take().or_else(|| self.file.flush().err()) {
            Some(error) => Err(unwritable(&self.path, &error)),
            None => Ok(self.path),
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> ExpectedError {
    let path = path.display();
    ExpectedError::environment_message(format!("cannot write the trace `{path}`: {error}"))
}

impl Tally {
    fn count(&mut self, kind: &Kind) {
        self.lines += 1;
        self.faults += u64::from(matches!(kind, Kind::Fault { .. }));
        self.messages += u64::from(matches!(kind, Kind::Syslog { .. }));
        self.applets += u64::from(matches!(kind, Kind::AppletFinished { .. }));
        self.webhooks += u64::from(matches!(kind, Kind::WebhookSent { .. }));
        self.commands += u64::from(matches!(kind, Kind::CommandDone { .. }));
    }
}

impl Tally {
    /// Adds what happened in another run.
    pub(super) fn add(&mut self, other: &Tally) {
        self.lines += other.lines;
        self.faults += other.faults;
        self.messages += other.messages;
        self.applets += other.applets;
        self.webhooks += other.webhooks;
        self.commands += other.commands;
    }
}
