//! `ednm eem run FILE --event ...`: what the applets of a file do when something happens.

use std::sync::Arc;

use diagnostic::{Diagnostic, Source, has_errors};
use host::check::count;
use host::{ExpectedError, message};
use serde_json::{Value, json};

use super::bench::Bench;
use super::changes;
use super::event::{self, Context, Event};
use super::file;
use super::record::Record;
use super::report::{self, Teller};
use super::router::{Place, Router};
use crate::args::EemRunArgs;

/// How long `timer` waits for an applet to start, unless `--for` says another time.
const TIMER_WAIT_MAX: simtime::Duration = simtime::Duration::from_secs(32 * 24 * 3_600);

/// A run that is under way, and how it is told.
struct Trial {
    bench: Bench,
    record: Record,
    teller: Option<Teller>,
    screen: String,
}

/// Runs the verb.
pub(super) fn run(args: &EemRunArgs) -> Result<(), ExpectedError> {
    let place = match &args.device {
        Some(device) => Place::named(device)?,
        None => Place::fresh(args.dialect),
    };
    let source = file::open(&args.file)?;
    let (read, mut faults) = file::read(&source, place.dialect());
    let all: Vec<String> = read.applets.iter().map(|applet| applet.name().to_owned()).collect();
    let chosen = chosen(args, &all, &source)?;
    let extra = missing_tracks(args, &source);
    let applets = alone(&source, &chosen, &all);
    let booted = match has_errors(&faults) {
        true => return Err(ExpectedError::InvalidFile(faults)),
        false => place.boot(&applets, &extra, args.seed)?,
    };
    faults.extend(booted.diagnostics.iter().cloned());
    message::diagnostics(&faults);
    let runnable = runnable(&booted, &chosen);
    let node = booted.lab.name(booted.node).to_string();
    let context = Context { lab: &booted.lab, node: &node, runnable: &runnable };
    let events = args.event.iter().map(|text| {
        let read = event::read(text, &context);
        read.map(|event| (text.as_str(), event)).map_err(|why| format!("`--event '{text}'`: {why}"))
    });
    let events: Vec<(&str, Event)> =
        events.collect::<Result<_, _>>().map_err(ExpectedError::usage)?;
    play(args, booted, &chosen, events)
}

fn play(
    args: &EemRunArgs,
    router: Router,
    chosen: &[String],
    events: Vec<(&str, Event)>,
) -> Result<(), ExpectedError> {
    let Router { lab, node, describe, user, seed, diagnostics: _ } = router;
    let bench = Bench::new(lab, node, user);
    let start = bench.now();
    let teller = (!args.format.is_json()).then(|| Teller::new(start, chosen.len() > 1));
    let mut trial = Trial { bench, record: Record::new(start), teller, screen: String::new() };
    let names = chosen.join(", ");
    let opening =
        format!("{describe} · {}: {names} · seed {seed:#x}", count(chosen.len(), "applet"));
    trial.say(|_| report::status("Starting", &opening, true))?;
    let before = trial.bench.config();
    for (text, event) in events {
        trial.event(args, text, event)?;
    }
    if let Some(span) = args.span {
        trial.bench.wait(span);
        trial.look()?;
    }
    let changes = changes::between(&before, &trial.bench.config());
    if args.format.is_json() {
        message::data(&trial.document(&describe, seed, chosen, &changes).to_string())?;
    } else {
        for line in &changes {
            message::data(&report::status("Config", line, true))?;
        }
        message::data(&trial.summary())?;
    }
    let runs = &trial.record.runs;
    match !runs.is_empty() && runs.iter().all(super::record::Run::succeeded) {
        true => Ok(()),
        false => Err(ExpectedError::AnsweredNo),
    }
}

impl Trial {
    fn event(&mut self, args: &EemRunArgs, text: &str, event: Event) -> Result<(), ExpectedError> {
        let at = self.bench.now();
        self.record.events.push(json!({ "t": self.record.seconds(at), "event": text }));
        self.say(|teller| teller.event(at, text))?;
        match event {
            Event::Steps(steps) => steps.iter().for_each(|step| self.bench.inject(step)),
            Event::Line(line) => {
                self.bench.type_line(&line).map_err(ExpectedError::environment_message)?;
            }
            Event::Timer => {
                if !self.bench.wait_for_run(args.span.unwrap_or(TIMER_WAIT_MAX)) {
                    message::warning("no timer and no poll has started an applet");
                }
            }
        }
        self.bench.settle();
        self.look()
    }

    /// Tells what has happened since the last look.
    fn look(&mut self) -> Result<(), ExpectedError> {
        for fact in self.bench.take_facts() {
            self.record.observe(&fact);
            let told = self.teller.as_mut().map(|teller| teller.fact(&fact));
            if let Some(lines) = told.filter(|lines| !lines.is_empty()) {
                message::data(&lines)?;
            }
        }
        let shown = self.bench.take_screen();
        if !shown.is_empty() {
            self.say(|_| report::screen(&shown))?;
            self.screen.push_str(&shown);
        }
        Ok(())
    }

    fn say(&self, text: impl FnOnce(&Teller) -> String) -> Result<(), ExpectedError> {
        self.teller.as_ref().map_or(Ok(()), |teller| message::data(&text(teller)))
    }

    fn summary(&self) -> String {
        let Record { runs, syslog, http, other, .. } = &self.record;
        let failed = runs.iter().filter(|run| !run.succeeded()).count();
        let (of_runs, of_http) = (count(runs.len(), "run"), count(http.len(), "HTTP request"));
        let of_syslog = count(syslog.len(), "log message");
        let mut text = format!("{of_runs}, {failed} failed, {of_syslog}, {of_http}");
        if !other.is_empty() {
            text.push_str(&format!(", {} sent besides", other.len()));
        }
        report::status("Summary", &text, failed == 0 && !runs.is_empty())
    }

    fn document(&self, router: &str, seed: u64, applets: &[String], changes: &[String]) -> Value {
        let Record { runs, events, syslog, http, other, commands, .. } = &self.record;
        json!({
            "router": router,
            "seed": seed,
            "applets": applets,
            "events": events,
            "runs": runs.iter().map(super::record::Run::to_json).collect::<Vec<_>>(),
            "commands": commands,
            "terminal": self.screen,
            "left": { "syslog": syslog, "http": http, "other": other },
            "config": changes,
        })
    }
}

/// The applets that take part: the one of `--applet`, or all.
fn chosen(
    args: &EemRunArgs,
    all: &[String],
    source: &Arc<Source>,
) -> Result<Vec<String>, ExpectedError> {
    match &args.applet {
        _ if all.is_empty() => {
            let message = format!("`{}` has no applet", source.name);
            let told = Diagnostic::error("EEM008", message, source, 0..0)
                .help("an applet begins with `event manager applet NAME`");
            Err(ExpectedError::InvalidFile(vec![told]))
        }
        None => Ok(all.to_vec()),
        Some(name) if all.contains(name) => Ok(vec![name.clone()]),
        Some(name) => {
            let error = ExpectedError::usage(format!("`{}` has no applet `{name}`", source.name));
            Err(match diagnostic::nearest(name, all.iter().map(String::as_str)) {
                Some(near) => error.with_hint(format!("did you mean `{near}`?")),
                None => error,
            })
        }
    }
}

/// The file with every applet blanked that does not take part, each line where it was.
fn alone(source: &Arc<Source>, chosen: &[String], all: &[String]) -> Arc<Source> {
    if chosen.len() == all.len() {
        return Arc::clone(source);
    }
    let only = lint::applets_only(&source.text);
    let mut is_out = false;
    let lines = source.text.lines().zip(only.lines().chain(std::iter::repeat(""))).map(
        |(line, of_applet)| {
            let words: Vec<&str> = of_applet.split_whitespace().take(4).collect();
            match words.as_slice() {
                [first, second, _, name]
                    if first.starts_with("ev") && second.starts_with("man") =>
                {
                    let name = name.trim_matches('"');
                    is_out =
                        all.iter().any(|known| known == name) && !chosen.iter().any(|c| c == name);
                }
                [] if !line.trim().is_empty() && !line.trim_start().starts_with('!') => {
                    is_out = false
                }
                _ => {}
            }
            if is_out { "" } else { line }
        },
    );
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    Source::new(source.name.as_str(), text)
}

/// A track object that an event is about, and that the file does not configure, is a stub that has
/// not yet the state to which the event brings it.
fn missing_tracks(args: &EemRunArgs, source: &Arc<Source>) -> String {
    let is_there = |number: u32| {
        source.text.lines().any(|line| {
            let words: Vec<&str> = line.split_whitespace().take(2).collect();
            words == ["track", &number.to_string()]
        })
    };
    let tracks = event::tracks(&args.event).into_iter().filter(|(number, _)| !is_there(*number));
    let stub = |(number, up): (u32, bool)| {
        let state = if up { "down" } else { "up" };
        format!("track {number} stub-object\n default-state {state}\n")
    };
    if args.device.is_some() { String::new() } else { tracks.map(stub).collect() }
}

/// The applets that `event manager run` can start.
fn runnable(router: &Router, chosen: &[String]) -> Vec<String> {
    let applets = router.lab.details(router.node).applets;
    let waits = |applet: &&lab::AppletView| applet.event == "none" && chosen.contains(&applet.name);
    applets.iter().filter(waits).map(|applet| applet.name.clone()).collect()
}
