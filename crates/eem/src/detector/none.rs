//! `event none [sync {yes|no}]`: started only by `event manager run`, which waits for the run
//! unless `sync no` was given (what IOS does without `sync` differs by release; decided: it waits).

use std::fmt;
use std::sync::Arc;

use simtime::Time;

use super::{Armed, Detector, Expand, Limits, Stimulus, Variables, once};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;

/// `$_none_arg1` to `$_none_arg15`.
const ARGUMENTS_MAX: usize = 15;

#[derive(Debug)]
struct NoEvent {
    sync: Option<bool>,
}

#[derive(Debug)]
struct Waiting;

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    let mut sync = None;
    while !reader.is_at_end() {
        let (option, word) = reader.choose(&["maxrun", "ratelimit", "sync"], |name| name)?;
        match *option {
            "sync" => {
                let (answer, _) = reader.choose(&["no", "yes"], |name| name)?;
                once(&mut sync, *answer == "yes", &word)?;
            }
            shared => limits.option(shared, &word, reader)?,
        }
    }
    Ok(Arc::new(NoEvent { sync }))
}

impl Detector for NoEvent {
    fn is_waited_for(&self) -> bool {
        self.sync != Some(false)
    }

    fn arm(&self, _: &Expand<'_>) -> Result<Box<dyn Armed>, Failure> {
        Ok(Box::new(Waiting))
    }

    fn summary(&self, applet: &str) -> String {
        let sync = if self.is_waited_for() { "yes" } else { "no" };
        format!("policyname {{{applet}}} sync {{{sync}}}")
    }
}

impl Armed for Waiting {
    fn offer(&mut self, _: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let Stimulus::Run(arguments) = stimulus else { return None };
        let given = &arguments[..arguments.len().min(ARGUMENTS_MAX)];
        let mut variables = vec![("_none_argc".to_owned(), given.len().to_string())];
        let numbered = given.iter().enumerate();
        variables.extend(numbered.map(|(i, value)| (format!("_none_arg{}", i + 1), value.clone())));
        Some(variables)
    }
}

impl fmt::Display for NoEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sync {
            None => Ok(()),
            Some(true) => f.write_str(" sync yes"),
            Some(false) => f.write_str(" sync no"),
        }
    }
}
