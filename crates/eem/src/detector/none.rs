//! `event none [sync {yes|no}]`: started only by `event manager run`, which waits for the run
//! unless `sync no` was given (what IOS does without `sync` differs by release; decided: it waits).

use std::fmt;
use std::sync::Arc;

use super::option::{Options, Spec, Value, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;

/// `$_none_arg1` to `$_none_arg15`.
const ARGUMENTS_MAX: usize = 15;

pub(super) const SPECS: &[Spec] =
    &[opt("sync", "Whether who runs it waits", Value::Choice(&["no", "yes"]))];

#[derive(Debug)]
struct NoEvent(Options);

#[derive(Debug)]
struct Waiting;

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    Ok(Arc::new(NoEvent(Options::read(reader, SPECS, limits)?)))
}

impl Detector for NoEvent {
    fn is_waited_for(&self) -> bool {
        self.0.word("sync") != Some("no")
    }

    fn arm(&self, _: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
        Ok(Box::new(Waiting))
    }

    fn summary(&self, applet: &str) -> String {
        let sync = if self.is_waited_for() { "yes" } else { "no" };
        format!("policyname {{{applet}}} sync {{{sync}}}")
    }
}

impl Armed for Waiting {
    fn run(&mut self, arguments: &[String]) -> Option<Variables> {
        let given = &arguments[..arguments.len().min(ARGUMENTS_MAX)];
        let mut variables = vec![("_none_argc".to_owned(), given.len().to_string())];
        let numbered = given.iter().enumerate();
        variables.extend(numbered.map(|(i, value)| (format!("_none_arg{}", i + 1), value.clone())));
        Some(variables)
    }
}

impl fmt::Display for NoEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
