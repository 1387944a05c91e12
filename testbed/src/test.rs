//! `ednm test`: scenarios with a verdict, in virtual time unless told otherwise.
//!
//! It must never open a socket in virtual time, nor let one scenario see another's state.

pub use real::in_real_time;

mod real;
mod report;

use std::path::{Path, PathBuf};

use automation::Automation;
use fact::{Fact, TraceHash, TraceWriter};
use host::files::{self, Found, Search};
use host::{ExpectedError, message};
use lab::{LabOptions, Verdict};
use simtime::{Duration, Rng, Time};

use crate::args::{Clock, FileArgs, TestArgs};
use crate::inputs::{self, Inputs, Setup};
use crate::virtual_time::Bench;
use crate::walk;

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
    /// The trace's lines.
    pub trace: String,
    /// The facts, in order.
    pub facts: Vec<Fact>,
    /// Requests that nobody in a virtual run answers.
    pub refused: Vec<String>,
}

/// Runs the verb.
pub(crate) async fn run(args: TestArgs) -> Result<(), ExpectedError> {
    let mut report = report::Report::new(args.format.is_json());
    for path in scenarios(&args.paths)? {
        let found = files::open(&path).map_err(inputs::unreadable)?;
        let clock = std::time::Instant::now();
        let own = inputs::read_header(&found).clock.map(Clock::from);
        let trial = match args.clock.or(own).unwrap_or(Clock::Virtual) {
            Clock::Virtual => in_virtual_time(&found, &args.files, args.seed)?,
            Clock::Real => real::in_real_time(&found, &args.files, args.seed).await?,
        };
        if let Some(directory) = &args.trace {
            write_trace(directory, &path, &trial)?;
        }
        report.trial(&path, &trial, clock.elapsed())?;
    }
    report.finish()
}

/// Runs one scenario in virtual time.
pub fn in_virtual_time(
    found: &Found,
    flags: &FileArgs,
    seed: Option<u64>,
) -> Result<Trial, ExpectedError> {
    let Setup { inputs: Inputs { topology, config, .. }, header, seed } =
        inputs::load_for(found, flags, Search::WorkingDirectory, seed)?;
    let options = LabOptions::virtual_time(seed);
    let lab = inputs::build_lab(&topology, options)?;
    let scenario = inputs::read_scenario(found, &lab)?;
    let automation = Automation::new(config, Rng::from_seed(seed).child("automation"));
    let mut recorder = Recorder::new(Time::VIRTUAL_START);
    let mut bench = Bench::new(lab, automation, topology);
    let run = bench.run(&scenario, Time::VIRTUAL_START, |fact| recorder.take(fact));
    Ok(recorder.finish(header.name, seed, run.verdict, run.lasted, run.refused))
}

/// The files that the paths of the command line mean, each once, in order.
fn scenarios(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ExpectedError> {
    let mut files = Vec::new();
    for path in paths {
        files.extend(walk::toml_files(path)?);
    }
    if files.is_empty() {
        return Err(ExpectedError::usage("no scenario (*.toml) in the given directories"));
    }
    Ok(files)
}

fn write_trace(directory: &Path, scenario: &Path, trial: &Trial) -> Result<(), ExpectedError> {
    let stem = scenario.file_stem().unwrap_or_default().to_string_lossy();
    let path = directory.join(format!("{stem}-{:x}.jsonl", trial.seed));
    let written =
        std::fs::create_dir_all(directory).and_then(|()| std::fs::write(&path, &trial.trace));
    written.map_err(|e| {
        let path = path.display();
        ExpectedError::environment_message(format!("cannot write the trace `{path}`: {e}"))
    })?;
    message::note(&format!("trace: {}", path.display()));
    Ok(())
}

/// Keeps what a run says: its facts, and the lines of its trace.
struct Recorder {
    writer: TraceWriter,
    trace: String,
    facts: Vec<Fact>,
}

impl Recorder {
    fn new(start: Time) -> Self {
        Recorder { writer: TraceWriter::new(start), trace: String::new(), facts: Vec::new() }
    }

    fn take(&mut self, fact: &Fact) {
        self.trace.push_str(&self.writer.line(fact));
        self.facts.push(fact.clone());
    }

    fn finish(
        self,
        name: String,
        seed: u64,
        verdict: Verdict,
        lasted: Duration,
        refused: Vec<String>,
    ) -> Trial {
        let hash = self.writer.hash();
        Trial { name, seed, verdict, lasted, hash, trace: self.trace, facts: self.facts, refused }
    }
}
