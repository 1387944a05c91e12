//! `ednm demo`: the loop once, on the embedded lab, shown as it happens.
//!
//! It must never keep anything: state is temporary, ports are the system's choice, so that it works
//! twice in a row and twice at once.

mod report;

use std::time::Duration;

use fact::Fact;
use host::files::Search;
use host::signal::Termination;
use host::{ExpectedError, StateDir, message};
use lab::{Judge, State, Verdict};
use simtime::Time;
use simulator::report::human::Timeline;

use crate::args::DemoArgs;
use crate::inputs::{self, Inputs, Setup};
use crate::live::{Live, LiveArgs};
use crate::loops::Loops;

/// How long each stage may take after the one before it, in milliseconds.
const STAGE_MS_MAX: u64 = 5_000;

/// How the demo looks at the loop.
#[derive(Clone, Copy)]
struct View {
    /// Whether each fact is shown as it happens.
    shown: bool,
    /// Whether the commands are run on another device than the event's.
    elsewhere: bool,
}

/// What the demo watches while the scenario plays.
struct Watch {
    judge: Judge,
    loops: Loops,
    timeline: Option<Timeline>,
    /// Steps of the scenario that have not been carried out yet.
    /// When something last moved on, or will: the bound of a stage counts from here.
    moved: Time,
}

/// Runs the verb.
pub(crate) async fn run(args: DemoArgs) -> Result<(), ExpectedError> {
    let found = inputs::find_scenario(args.scenario.as_deref())?;
    let Setup { inputs: Inputs { mut topology, mut config, .. }, header, seed, warnings } =
        inputs::load_for(&found, &args.files, Search::EmbeddedOnly, None, &[])?;
    message::diagnostics(&warnings);
    if let Some(node) = &args.react_on {
        let known = config.react_on(node);
        known.map_err(|why| ExpectedError::usage(format!("`--react-on {node}`: {why}")))?;
    }
    inputs::free_ports(&mut topology);
    let state = StateDir::temporary().map_err(ExpectedError::environment)?;
    // Nothing is kept, unless a flag says where.
    config.set_files_directory(state.path().join("files").display().to_string());
    args.outward.apply(&mut config);
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let live_args = LiveArgs::throwaway(&state, seed);
    let read = |lab: &lab::Lab| inputs::read_scenario(&found, lab, &[]);
    let (mut live, scenario) = Live::start(topology, config, live_args, read).await?;
    let is_json = args.format.is_json();
    if !is_json {
        message::data(&report::opening(&live, &header.name))?;
    }
    let view = View { shown: !is_json, elsewhere: args.react_on.is_some() };
    let played = tokio::select! {
        played = play(&mut live, scenario, view) => Some(played),
        () = termination.requested() => None,
    };
    live.stop().await;
    let Some(played) = played else {
        message::warning("interrupted");
        return Err(ExpectedError::AnsweredNo);
    };
    let (watch, verdict) = played?;
    let ending = report::Ending { scenario: &header.name, seed, verdict: &verdict, watch: &watch };
    message::data(&if is_json { ending.to_json() } else { ending.to_text() })?;
    match watch.problem(&verdict) {
        None => Ok(()),
        Some(problem) => {
            message::error(&problem);
            Err(ExpectedError::AnsweredNo)
        }
    }
}

async fn play(
    live: &mut Live,
    scenario: lab::Scenario,
    view: View,
) -> Result<(Watch, Verdict), ExpectedError> {
    let judged = scenario.clone();
    let start = live.play(scenario).await?;
    let mut watch = Watch::new(&judged, start, view);
    while !watch.is_over(live.seen_until()) {
        live.met(&mut watch.judge).await?;
        let now = live.seen_until();
        let left = Duration::from_micros(watch.wake(now).since(now).as_micros());
        match tokio::time::timeout(left, live.next_facts()).await {
            Ok(facts) if facts.is_empty() => break,
            Ok(facts) => facts.iter().try_for_each(|fact| watch.observe(fact))?,
            Err(_) if live.seen_until() > watch.bound() => break,
            Err(_) => {}
        }
    }
    let verdict = watch.judge.finish(live.seen_until());
    Ok((watch, verdict))
}

impl Watch {
    fn new(scenario: &lab::Scenario, start: Time, view: View) -> Self {
        let judge = Judge::new(scenario, start);
        Watch {
            // The scenario expects its commands on the event's own device.
            judge: if view.elsewhere { judge.without_listener() } else { judge },
            loops: Loops::default(),
            timeline: view.shown.then(|| Timeline::new(start)),
            moved: start + scenario.last_step(),
        }
    }

    fn observe(&mut self, fact: &Fact) -> Result<(), ExpectedError> {
        self.judge.observe(fact);
        self.loops.observe(fact);
        self.moved = self.moved.max(fact.at);
        let line = self.timeline.as_mut().and_then(|timeline| timeline.line(fact));
        line.map_or(Ok(()), |line| message::data(&line))
    }

    /// By when something must have moved on: the scenario itself may wait for longer.
    fn bound(&self) -> Time {
        let bound = self.moved + simtime::Duration::from_millis(STAGE_MS_MAX);
        self.judge.next_deadline().map_or(bound, |at| at.max(bound))
    }

    /// When to look again if nothing comes: the bound, or the next time of an expectation.
    fn wake(&self, now: Time) -> Time {
        let next = self.judge.next_deadline().filter(|at| *at > now);
        let next = next.map_or(self.bound(), |at| at.min(self.bound()));
        next + simtime::Duration::from_millis(1)
    }

    /// Over once every step is done, every expectation is decided and every loop is closed.
    fn is_over(&self, now: Time) -> bool {
        let any = self.loops.iter().any(crate::loops::Loop::is_closed);
        let open = self.loops.iter().any(crate::loops::Loop::is_open);
        any && !open && self.judge.is_decided(now)
    }

    /// Why the demo did not show what it should: the stage that did not come, by name.
    fn problem(&self, verdict: &Verdict) -> Option<String> {
        if self.judge.has_steps_left() {
            return Some("the stage `fault` did not come: a step was not carried out".into());
        }
        let unclosed = self.loops.iter().find(|one| one.is_open());
        let none_closed = !self.loops.iter().any(crate::loops::Loop::is_closed);
        let open = unclosed.or_else(|| self.loops.iter().find(|_| none_closed));
        match open {
            Some(one) => Some(report::stuck(one, STAGE_MS_MAX)),
            None if !verdict.findings.is_empty() => {
                Some("something does not hold that must hold in every run".into())
            }
            None if verdict.expectations.iter().all(|one| one.state != State::NotMet) => None,
            None => Some("an expectation of the scenario was not met".into()),
        }
    }
}
