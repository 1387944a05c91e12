//! Every repeated action is marked: a command that a device answered is not run again for the same
//! job by a try that is not `in_doubt`.
//!
//! Jobs run at least once (CONTRACTS.md, "Guarantees"): the mark is what tells a repeat from a bug.

use std::collections::{BTreeMap, BTreeSet};

use fact::{Fact, Kind};
use simtime::Time;

use super::Checker;

#[derive(Debug, Default)]
struct Job {
    in_doubt: bool,
    /// Commands that earlier tries had answered.
    before: BTreeSet<String>,
    /// Those of this try.
    now: BTreeSet<String>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct InDoubt {
    jobs: BTreeMap<String, Job>,
}

impl Checker for InDoubt {
    fn code(&self) -> &'static str {
        "SIM033"
    }

    fn name(&self) -> &'static str {
        "repeats-are-in-doubt"
    }

    fn observe(&mut self, fact: &Fact, say: &mut dyn FnMut(Time, String)) {
        match &fact.kind {
            Kind::Connecting { job, in_doubt, .. } => {
                let job = self.jobs.entry(job.clone()).or_default();
                job.in_doubt = *in_doubt;
                let done = std::mem::take(&mut job.now);
                job.before.extend(done);
            }
            Kind::CommandDone { job: id, command, .. } => {
                let Some(job) = self.jobs.get_mut(id) else { return };
                if job.before.contains(command) && !job.in_doubt {
                    say(fact.at, format!("job `{id}` ran `{command}` again, not in doubt"));
                }
                job.now.insert(command.clone());
            }
            Kind::JobDone { job, .. } => drop(self.jobs.remove(job)),
            _ => {}
        }
    }

    fn finish(&mut self, _now: Time, _say: &mut dyn FnMut(Time, String)) {}
}
