//! One test: a router is booted, what happens happens, and what came of it is judged.

use std::sync::Arc;

use diagnostic::{Diagnostic, has_errors};
use fact::Fact;
use host::ExpectedError;
use simtime::{Duration, Time};

use super::file::{Happening, Suite, UnitTest};
use super::judge::{self, Missed, Seen};
use crate::applet::bench::Bench;
use crate::applet::event::{self, Context, Event};
use crate::applet::file as applets;
use crate::applet::record::Record;
use crate::applet::router::{Place, Router};

/// How long `timer` waits for an applet to start.
const TIMER_WAIT_MAX: Duration = Duration::from_secs(32 * 24 * 3_600);
/// A router whose authorization server answers nobody.
const UNAUTHORIZED: &str = "aaa new-model\naaa authentication login default local\n\
    aaa authorization exec default local\naaa authorization commands 1 default group tacacs+\n\
    aaa authorization commands 15 default group tacacs+\n";
/// An event that nothing can read.
const BAD_EVENT: &str = "EET001";

/// What came of a test.
pub(super) struct Outcome {
    pub(super) seen: Seen,
    /// What was wanted and is not so.
    pub(super) missed: Vec<Missed>,
    /// What happened, for whoever looks why.
    pub(super) facts: Vec<Fact>,
    pub(super) start: Time,
    pub(super) lasted: Duration,
}

impl Outcome {
    pub(super) fn passed(&self) -> bool {
        self.missed.is_empty()
    }
}

/// Runs a test.
pub(super) fn run(suite: &Suite, test: &UnitTest) -> Result<Outcome, ExpectedError> {
    let (router, runnable) = boot(suite, test)?;
    let events = events(suite, test, &router, &runnable)?;
    let Router { lab, node, user, .. } = router;
    let mut bench = Bench::new(lab, node, user);
    prepare(&mut bench, test)?;
    let start = bench.now();
    let mut world = Watched { record: Record::new(start), facts: Vec::new() };
    for event in events {
        match event {
            Doing::Wait(span) => bench.wait(span),
            Doing::Until(span) => {
                let now = bench.now();
                bench.wait((start + span).since(now));
            }
            Doing::Event(Event::Steps(steps)) => {
                steps.iter().for_each(|step| bench.inject(step));
                bench.settle();
            }
            Doing::Event(Event::Line(line)) => {
                bench.type_line(&line).map_err(ExpectedError::environment_message)?;
                bench.settle();
            }
            Doing::Event(Event::Timer) => {
                bench.wait_for_run(TIMER_WAIT_MAX);
                bench.settle();
            }
        }
        world.look(&mut bench);
    }
    if let Some(span) = test.span_after {
        bench.wait(span);
        world.look(&mut bench);
    }
    let lasted = bench.now().since(start);
    let (posts, config) = (bench.take_posts(), bench.config());
    let Watched { record, facts } = world;
    let seen = Seen { record, posts, config, lines: lines(test) };
    let missed = test.wanted.iter().filter_map(|wanted| judge::judge(wanted, &seen)).collect();
    Ok(Outcome { seen, missed, facts, start, lasted })
}

/// The router, and its applets that can be run by name.
fn boot(suite: &Suite, test: &UnitTest) -> Result<(Router, Vec<String>), ExpectedError> {
    let place = Place::fresh_of(suite.dialect, suite.platform.clone());
    let (read, faults) = applets::read(&suite.applets, place.dialect());
    if has_errors(&faults) {
        return Err(ExpectedError::InvalidFile(faults));
    }
    let texts: Vec<String> = test
        .events
        .iter()
        .filter_map(|event| match &event.value {
            Happening::Event(text) => Some(text.clone()),
            Happening::Wait(_) | Happening::Until(_) => None,
        })
        .collect();
    let tracks = event::tracks(&texts).into_iter().filter(|(number, _)| {
        let line = format!("track {number} ");
        let mut all = suite.applets.text.lines().chain(test.config.lines());
        !all.any(|known| known.starts_with(&line))
    });
    let tracks = tracks.map(|(number, up)| {
        let state = if up { "down" } else { "up" };
        format!("track {number} stub-object\n default-state {state}\n")
    });
    let refusal = if test.faults.unauthorized { UNAUTHORIZED } else { "" };
    let extra = format!("{}{refusal}{}", test.config, tracks.collect::<String>());
    let router = place.boot(&suite.applets, &extra, test.seed)?;
    if has_errors(&router.diagnostics) {
        return Err(ExpectedError::InvalidFile(router.diagnostics));
    }
    let by_name = |applet: &&eem::Applet| applet.to_string().contains("\n event none");
    let names = read.applets.iter().filter(by_name).map(|applet| applet.name().to_owned());
    Ok((router, names.collect()))
}

/// What happens, ready to be done.
enum Doing {
    Event(Event),
    Wait(Duration),
    Until(Duration),
}

fn events(
    suite: &Suite,
    test: &UnitTest,
    router: &Router,
    runnable: &[String],
) -> Result<Vec<Doing>, ExpectedError> {
    let node = router.lab.name(router.node).to_string();
    let context = Context { lab: &router.lab, node: &node, runnable };
    let mut sink = Vec::new();
    let mut all = Vec::new();
    for happening in &test.events {
        match &happening.value {
            Happening::Wait(span) => all.push(Doing::Wait(*span)),
            Happening::Until(span) => all.push(Doing::Until(*span)),
            Happening::Event(text) => match event::read(text, &context) {
                Ok(event) => all.push(Doing::Event(event)),
                Err(why) => {
                    let source = Arc::clone(&suite.source);
                    let message = "this is nothing that can happen";
                    let span = happening.span.clone();
                    sink.push(Diagnostic::error(BAD_EVENT, message, &source, span).help(why));
                }
            },
        }
    }
    if sink.is_empty() { Ok(all) } else { Err(ExpectedError::InvalidFile(sink)) }
}

/// What goes wrong from the start.
fn prepare(bench: &mut Bench, test: &UnitTest) -> Result<(), ExpectedError> {
    bench.set_world(test.faults.world.clone());
    if test.faults.guestshell_down {
        bench.type_line("guestshell disable").map_err(ExpectedError::environment_message)?;
        bench.settle();
    }
    if test.faults.lines_taken {
        bench.take_lines().map_err(ExpectedError::environment_message)?;
    }
    bench.settle();
    bench.take_facts();
    bench.take_screen();
    Ok(())
}

/// The lines that somebody types in a test.
fn lines(test: &UnitTest) -> Vec<String> {
    let typed = test.events.iter().filter_map(|event| match &event.value {
        Happening::Event(text) => text.strip_prefix("cli ").map(str::to_owned),
        Happening::Wait(_) | Happening::Until(_) => None,
    });
    typed.collect()
}

/// What has been seen so far.
struct Watched {
    record: Record,
    facts: Vec<Fact>,
}

impl Watched {
    fn look(&mut self, bench: &mut Bench) {
        for fact in bench.take_facts() {
            self.record.observe(&fact);
            self.facts.push(fact);
        }
        bench.take_screen();
    }
}
