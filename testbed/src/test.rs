//! `ednm test`: scenarios with a verdict, in virtual time unless told otherwise.
//!
//! It must never open a socket in virtual time, nor let one scenario see another's state.

pub use real::in_real_time;
pub use trial::{Play, Tally, Trial, in_virtual_time};

mod crew;
pub(crate) mod github;
pub(crate) mod junit;
mod pattern;
mod plan;
mod progress;
mod real;
mod report;
mod summary;
mod tell;
mod trial;

use std::sync::Arc;
use std::time::Instant;

use host::ExpectedError;
use host::signal::Termination;

use crate::args::{Clock, TestArgs};
use crew::{Crew, Done};
use plan::Case;
use report::Report;

/// Runs the verb: each case is told of in the order of the command line, whoever ran it.
pub(crate) async fn run(args: TestArgs) -> Result<(), ExpectedError> {
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let cases = plan::cases(&args)?;
    let mut report = Report::new(&args, cases.len());
    let (args, cases) = (Arc::new(args), Arc::new(cases));
    let mut crew = Crew::start(Arc::clone(&args), Arc::clone(&cases));
    report.starting(crew.jobs());
    for (place, case) in cases.iter().enumerate() {
        let done = tokio::select! {
            done = next(place, case, &args, &mut crew, &report) => done,
            () = termination.requested() => {
                report.interrupted();
                break;
            }
        };
        report.case(case, done)?;
    }
    // Whoever of the crew is still at work ends with the process.
    report.finish()
}

async fn next(
    place: usize,
    case: &Case,
    args: &Arc<TestArgs>,
    crew: &mut Crew,
    report: &Report,
) -> Done {
    match case.clock {
        Clock::Virtual => report.while_waiting(case, crew.result(place)).await,
        Clock::Real => {
            let start = Instant::now();
            // It has its own bound: the length of the scenario.
            let trial = in_real_time(&case.play(args), |_| {}).await;
            Done { trial, took: start.elapsed() }
        }
    }
}
