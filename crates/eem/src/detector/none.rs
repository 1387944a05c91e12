//! `event none [sync {yes|no}] [default S]`: started only by `event manager run`, which waits for
//! the run unless `sync no` was given (what IOS does without `sync` differs by release; decided: it
//! waits), and for no longer than `default` says, if it says anything.

use std::fmt;
use std::sync::Arc;

use super::option::{Options, Spec, Value, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Seconds, Wait};

/// `$_none_arg1` to `$_none_arg15`.
const ARGUMENTS_MAX: usize = 15;

pub(super) const SPECS: &[Spec] = &[
    opt("sync", "Whether who runs it waits", Value::Choice(&["no", "yes"])),
    opt("default", "Time to wait for the policy in seconds", Value::Seconds),
];

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
    fn wait(&self) -> Wait {
        match (self.0.word("sync"), self.0.seconds("default")) {
            (Some("no"), _) => Wait::No,
            (_, Some(limit)) => Wait::AtMost(Seconds::duration(limit)),
            (_, None) => Wait::ToTheEnd,
        }
    }

    fn arm(&self, _: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
        Ok(Box::new(Waiting))
    }

    fn summary(&self, applet: &str) -> String {
        let sync = if self.wait() == Wait::No { "no" } else { "yes" };
        let mut summary = format!("policyname {{{applet}}} sync {{{sync}}}");
        if let Some(limit) = self.0.seconds("default") {
            summary += &format!(" default {limit}");
        }
        summary
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
