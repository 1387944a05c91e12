//! Which runs a command line asks for: paths, patterns, seeds, filter, clocks.
//!
//! Called once per `ednm test`. The order of the cases is the order of the report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::ExpectedError;
use host::files::{self, Found};
use regex::Regex;

use super::pattern;
use super::trial::{Play, TraceTo};
use crate::args::{Clock, TestArgs};
use crate::{check, inputs, walk};

/// The most runs of one command line.
const CASES_MAX: u64 = 1_000_000;

/// One run of one scenario.
#[derive(Debug)]
pub(super) struct Case {
    /// The file, as the user would write it.
    pub(super) path: PathBuf,
    /// Its name.
    pub(super) name: String,
    /// Which of the seeds it is, from 0.
    pub(super) nth: u64,
    /// Whose clock it runs on.
    pub(super) clock: Clock,
    found: Arc<Found>,
    /// How its trace is called, without seed and ending.
    stem: String,
}

impl Case {
    /// What is run.
    pub(super) fn play<'a>(&'a self, args: &'a TestArgs) -> Play<'a> {
        let trace = args.trace.as_deref().map(|into| TraceTo { into, stem: &self.stem });
        Play {
            found: &self.found,
            flags: &args.files,
            seed: args.seed,
            nth: self.nth,
            parameters: &args.set,
            trace,
        }
    }
}

/// All runs, in order.
pub(super) fn cases(args: &TestArgs) -> Result<Vec<Case>, ExpectedError> {
    let filter = args.filter.as_deref().map(Regex::new).transpose();
    let filter = filter.map_err(|error| ExpectedError::usage(format!("`--filter`: {error}")))?;
    let files = scenarios(&args.paths)?;
    let stems = stems(&files);
    let (all, mut cases) = (files.len(), Vec::new());
    for ((path, found), stem) in files.into_iter().zip(stems) {
        let header = inputs::read_header(&found);
        let text = path.display().to_string();
        if filter.as_ref().is_some_and(|f| !f.is_match(&text) && !f.is_match(&header.name)) {
            continue;
        }
        let clock = args.clock.or(header.clock.map(Clock::from)).unwrap_or(Clock::Virtual);
        let found = Arc::new(found);
        if cases.len() as u64 + args.seeds > CASES_MAX {
            return Err(ExpectedError::usage(format!("more than {CASES_MAX} runs")));
        }
        cases.extend((0..args.seeds).map(|nth| Case {
            path: path.clone(),
            name: header.name.clone(),
            nth,
            clock,
            found: Arc::clone(&found),
            stem: stem.clone(),
        }));
    }
    match (cases.is_empty(), &args.filter) {
        (true, Some(filter)) => {
            let scenarios = host::check::count(all, "scenario");
            Err(ExpectedError::usage(format!("`--filter {filter}` matches none of {scenarios}")))
        }
        (true, None) => Err(ExpectedError::usage("no scenario (*.toml) in the given directories")),
        (false, _) => Ok(cases),
    }
}

/// The files that the paths of the command line mean, in order. Of a directory, or of a pattern,
/// those alone that are no file of another kind.
fn scenarios(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Found)>, ExpectedError> {
    let mut files = Vec::new();
    for path in paths {
        let named = if path.exists() { None } else { pattern::files(path)? };
        let many = named.is_some() || path.is_dir();
        let named = named.map_or_else(|| walk::toml_files(path), Ok)?;
        for path in named {
            let found = files::open(&path).map_err(inputs::unreadable)?;
            if !many || !check::is_of_another_kind(&path, &found.source) {
                files.push((path, found));
            }
        }
    }
    Ok(files)
}

/// The names of the traces: that of the file, with its directories where two files have one name.
fn stems(files: &[(PathBuf, Found)]) -> Vec<String> {
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    files.iter().for_each(|(path, _)| *count.entry(stem(path)).or_default() += 1);
    let name = |(path, _): &(PathBuf, Found)| {
        let short = stem(path);
        if count[&short] == 1 {
            return short;
        }
        let long = path.with_extension("").to_string_lossy().replace(['/', '\\'], "-");
        long.trim_start_matches(['.', '-']).to_owned()
    };
    files.iter().map(name).collect()
}
