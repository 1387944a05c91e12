//! `simulator run`: plays one scenario in real time, and judges what follows.

use std::time::Duration;

use fact::Fact;
use host::files;
use host::signal::Termination;
use host::{ExpectedError, message};
use lab::{Judge, Reads, Scenario, State, Verdict};
use simtime::Time;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::check::topology_of;
use super::lab::{accept, boot, open_state};
use crate::args::Run;
use crate::live::{LiveLab, spawn};
use crate::report::human::{self, Timeline};
use crate::report::verdict::Report;
use crate::transport::events::{Events, EventsError};

/// How often a listener is asked for news, in milliseconds.
const LOOK_MS: u64 = 100;

/// Plays the scenario; an expectation that was not met is exit code 1.
pub(super) async fn run(args: Run) -> Result<(), ExpectedError> {
    let mut file = files::open(&args.scenario).map_err(ExpectedError::file)?;
    let mut sink = Vec::new();
    let header = Scenario::header(&file.source);
    let found = topology_of(&file, &args.lab).map_err(ExpectedError::file)?;
    let booted = boot(found, &args.lab, header.seed, &mut sink)?;
    let reads = Reads { files: &mut file.files, parameters: &[] };
    let scenario = Scenario::load(&file.source, &booted.lab, reads, &mut sink);
    sink.extend(scenario.iter().flat_map(Scenario::out_of_hand));
    let (booted, scenario) = accept(Some(booted).zip(scenario), &mut sink)?;
    booted.announce();
    let state = open_state(args.state.state.as_deref())?;
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let live = spawn(booted.lab, &booted.topology, &state, booted.options).await?;
    let mut stage = Stage::open(&live, &scenario, args.listener.as_deref()).await?;
    tokio::select! {
        watched = stage.watch(&live) => watched?,
        () = termination.requested() => message::warning("interrupted"),
    }
    let end = live.clock().now();
    let verdict = stage.judge.finish(end);
    live.stop().await;
    let passed = is_passed(&verdict, args.allow_unobserved);
    let (start, scenario) = (stage.start, &header.name);
    let report = Report { scenario, seed: booted.seed, start, end, passed, verdict: &verdict };
    say(&report, args.format.is_json())?;
    if passed { Ok(()) } else { Err(ExpectedError::AnsweredNo) }
}

/// Whether nothing was missed and no checker found anything; what nobody could see counts as missed
/// unless it is allowed.
fn is_passed(verdict: &Verdict, allow_unobserved: bool) -> bool {
    let unbroken = verdict.findings.is_empty();
    unbroken
        && verdict.expectations.iter().all(|outcome| match outcome.state {
            State::Met { .. } => true,
            State::NotMet => false,
            State::NotObserved => allow_unobserved,
        })
}

fn say(report: &Report<'_>, json: bool) -> Result<(), ExpectedError> {
    message::diagnostics(&report.verdict.diagnostics());
    if json {
        return message::data(&report.to_json());
    }
    message::data(&report.to_text())
}

/// A scenario that is being played.
struct Stage {
    start: Time,
    judge: Judge,
    timeline: Timeline,
    facts: Receiver<Fact>,
    events: Option<Events>,
}

impl Stage {
    /// Starts to play.
    async fn open(
        live: &LiveLab,
        scenario: &Scenario,
        listener: Option<&str>,
    ) -> Result<Self, ExpectedError> {
        let facts = live.remote().facts().map_err(ExpectedError::environment)?;
        let start = live.remote().play(scenario.clone()).await;
        let start = start.map_err(ExpectedError::environment)?;
        message::styled(&human::status("Scenario", &scenario.header.name));
        let judge = Judge::new(scenario, start);
        let judge = if listener.is_some() { judge } else { judge.without_listener() };
        let events = listener.map(|url| Events::new(url, start)).transpose().map_err(refused)?;
        Ok(Stage { start, judge, timeline: Timeline::new(start), facts, events })
    }

    /// Watches until nothing can change any more.
    async fn watch(&mut self, live: &LiveLab) -> Result<(), ExpectedError> {
        let clock = live.clock();
        let mut looks = tokio::time::interval(Duration::from_millis(LOOK_MS));
        loop {
            live.remote().met(self.judge.newly_met()).await.map_err(ExpectedError::environment)?;
            let Some(deadline) = self.judge.next_deadline() else { return Ok(()) };
            tokio::select! {
                fact = self.facts.recv() => match fact {
                    Ok(fact) => self.see(&fact),
                    Err(RecvError::Closed) => return Ok(()),
                    Err(RecvError::Lagged(missed)) => return Err(too_slow(missed)),
                },
                _ = looks.tick(), if self.events.is_some() => self.look(clock.now()).await?,
                () = clock.sleep_until(Some(deadline)) => {
                    // What happened in time may only now be known.
                    return self.look(clock.now()).await;
                }
            }
        }
    }

    async fn look(&mut self, now: Time) -> Result<(), ExpectedError> {
        let Some(events) = &mut self.events else { return Ok(()) };
        for fact in events.look(now).await.map_err(refused)? {
            self.see(&fact);
        }
        Ok(())
    }

    fn see(&mut self, fact: &Fact) {
        self.judge.observe(fact);
        if let Some(line) = self.timeline.line(fact) {
            message::styled(&line);
        }
    }
}

fn refused(error: EventsError) -> ExpectedError {
    match error {
        EventsError::Url { .. } => ExpectedError::usage(error),
        other => {
            ExpectedError::environment(other).with_hint("is it `listener serve` that runs there?")
        }
    }
}

fn too_slow(missed: u64) -> ExpectedError {
    let text = format!("{missed} facts came faster than they could be judged");
    ExpectedError::environment_message(text)
}
