//! The threads that run cases in virtual time, and their results in order.
//!
//! Started once per `ednm test`. A case is a value of its own from its files on, so the number of
//! threads changes no line of any trace.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use host::ExpectedError;
use tokio::sync::mpsc;

use super::plan::Case;
use super::trial::{Trial, in_virtual_time};
use crate::args::{Clock, TestArgs};

/// The most threads, whatever is asked for.
const JOBS_MAX: usize = 256;

/// One case that has ended.
#[derive(Debug)]
pub(super) struct Done {
    /// What came of it; or why it could not be run.
    pub(super) trial: Result<Trial, ExpectedError>,
    /// How much real time it took.
    pub(super) took: Duration,
}

/// The threads at work.
pub(super) struct Crew {
    jobs: usize,
    results: mpsc::Receiver<(usize, Done)>,
    /// Those that have come before their turn.
    early: BTreeMap<usize, Done>,
}

/// What every thread has.
struct Work {
    args: Arc<TestArgs>,
    cases: Arc<Vec<Case>>,
    next: AtomicUsize,
}

impl Crew {
    /// Starts to run every case of virtual time.
    pub(super) fn start(args: Arc<TestArgs>, cases: Arc<Vec<Case>>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let asked = args.jobs.map_or(cores, |jobs| jobs as usize);
        let jobs = asked.min(cases.len()).clamp(1, JOBS_MAX);
        // One result of each thread may wait: memory stays that of the runs, not of the results.
        let (sender, results) = mpsc::channel(jobs);
        let work = Arc::new(Work { args, cases, next: AtomicUsize::new(0) });
        for _ in 0..jobs {
            let (work, sender) = (Arc::clone(&work), sender.clone());
            std::thread::spawn(move || work.run(&sender));
        }
        Crew { jobs, results, early: BTreeMap::new() }
    }

    /// How many threads there are.
    pub(super) fn jobs(&self) -> usize {
        self.jobs
    }

    /// Waits for the result of one case.
    pub(super) async fn result(&mut self, place: usize) -> Done {
        loop {
            if let Some(done) = self.early.remove(&place) {
                return done;
            }
            let (came, done) = self.results.recv().await.expect("each case sends its result");
            self.early.insert(came, done);
        }
    }
}

impl Work {
    fn run(&self, results: &mpsc::Sender<(usize, Done)>) {
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = self.cases.get(place) else { return };
            if case.clock == Clock::Real {
                continue; // they run one by one, in their turn
            }
            let start = Instant::now();
            let trial = in_virtual_time(&case.play(&self.args), |_| {});
            let done = Done { trial, took: start.elapsed() };
            if results.blocking_send((place, done)).is_err() {
                return; // nobody waits any longer
            }
        }
    }
}
