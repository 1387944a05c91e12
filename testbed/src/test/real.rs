//! A scenario over real sockets, in real time: the same files, the same judge, the same facts.

use std::time::Duration;

use fact::Fact;
use host::files::Search;
use host::{ExpectedError, StateDir};
use lab::Judge;

use super::trial::{Play, Recorder, Trial};
use crate::inputs::{self, Inputs, Setup};
use crate::live::{Live, LiveArgs};

/// Runs one scenario live, on ports that the system chooses and with nothing kept. `watch` is shown
/// every fact, in order.
pub async fn in_real_time(
    play: &Play<'_>,
    mut watch: impl FnMut(&Fact),
) -> Result<Trial, ExpectedError> {
    let Setup { inputs: Inputs { mut topology, mut config, .. }, header, seed, warnings } =
        inputs::load_for(
            play.found,
            play.flags,
            Search::WorkingDirectory,
            play.seed,
            play.parameters,
        )?;
    let seed = seed.wrapping_add(play.nth);
    inputs::free_ports(&mut topology);
    let state = StateDir::temporary().map_err(ExpectedError::environment)?;
    // As in virtual time: nothing is kept, and no API is asked.
    config.go_offline();
    config.set_files_directory(state.path().join("files").display().to_string());
    let args = LiveArgs::throwaway(&state, seed);
    let read = |lab: &lab::Lab| inputs::read_scenario(play.found, lab, play.parameters);
    let (mut live, scenario) = Live::start(topology, config, args, read).await?;
    let judged = scenario.clone();
    let start = live.play(scenario).await?;
    let mut judge = Judge::new(&judged, start);
    let mut recorder = Recorder::new(start, play.trace, seed)?;
    // To the end of its last expectation, as in virtual time: what comes late belongs to the story.
    let end = judge.end();
    let mut see = |judge: &mut Judge, facts: &[Fact]| {
        for fact in facts.iter().filter(|fact| fact.at <= end) {
            judge.observe(fact);
            recorder.take(fact);
            watch(fact);
        }
    };
    while live.seen_until() < end {
        live.met(&mut judge).await?;
        let left = Duration::from_micros(end.since(live.seen_until()).as_micros());
        match tokio::time::timeout(left, live.next_facts()).await {
            Ok(facts) if facts.is_empty() => break,
            Ok(facts) => see(&mut judge, &facts),
            Err(_) => {}
        }
    }
    see(&mut judge, &live.settled());
    live.stop().await;
    let verdict = judge.finish(end);
    let trial = recorder.finish(header.name, seed, verdict, end.since(start))?;
    Ok(Trial { warnings, parameters: play.parameters.to_vec(), ..trial })
}
