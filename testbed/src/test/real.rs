//! A scenario over real sockets, in real time: the same files, the same judge, the same facts.

use std::time::Duration;

use host::files::{Found, Search};
use host::signal::Termination;
use host::{ExpectedError, StateDir, message};
use lab::Judge;

use super::{Recorder, Trial};
use crate::args::FileArgs;
use crate::inputs::{self, Inputs, Setup};
use crate::live::{Live, LiveArgs};

/// Runs one scenario live, on ports that the system chooses and with nothing kept.
pub async fn in_real_time(
    found: &Found,
    flags: &FileArgs,
    seed: Option<u64>,
) -> Result<Trial, ExpectedError> {
    let Setup { inputs: Inputs { mut topology, config, .. }, header, seed } =
        inputs::load_for(found, flags, Search::WorkingDirectory, seed)?;
    inputs::free_ports(&mut topology);
    let state = StateDir::temporary().map_err(ExpectedError::environment)?;
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let args = LiveArgs::throwaway(&state, seed);
    let read = |lab: &lab::Lab| inputs::read_scenario(found, lab);
    let (mut live, scenario) = Live::start(topology, config, args, read).await?;
    let judged = scenario.clone();
    let start = live.play(scenario).await?;
    let mut judge = Judge::new(&judged, start);
    let mut recorder = Recorder::new(start);
    // To the end of its last expectation, as in virtual time: what comes late belongs to the story.
    let end = judge.end();
    while live.clock.now() < end {
        let left = Duration::from_micros(end.since(live.clock.now()).as_micros());
        let next = tokio::select! {
            next = tokio::time::timeout(left, live.next_facts()) => next,
            () = termination.requested() => {
                live.stop().await;
                message::warning("interrupted");
                return Err(ExpectedError::AnsweredNo);
            }
        };
        match next {
            Ok(facts) if !facts.is_empty() => facts.iter().for_each(|fact| {
                judge.observe(fact);
                recorder.take(fact);
            }),
            Ok(_) | Err(_) => break,
        }
    }
    live.stop().await;
    let verdict = judge.finish(end);
    Ok(recorder.finish(header.name, seed, verdict, end.since(start), Vec::new()))
}
