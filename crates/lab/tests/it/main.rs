//! Tests of the public face: labs from topologies, scenarios against labs, runs and verdicts.

mod checkers;
mod environment;
mod exposure;
mod language;
mod laws;
mod lifecycle;
mod links;
mod mails;
mod mistakes;
mod nearest;
mod neighbors;
mod ping;
mod reference;
mod reset;
mod run;
mod steps;
mod time;
mod track;

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use fact::{Fact, Kind};
use lab::{
    HttpFailure, HttpOutcome, Input, Lab, LabOptions, Outbox, Output, Post, Reads, Scenario,
};
use simtime::{Duration, Time};
use topology::{Files, NoFiles, Topology};

/// Startup-configs that a test has, by path.
pub(crate) struct Configs(pub(crate) BTreeMap<&'static str, String>);

impl Files for Configs {
    fn read(&mut self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "No such file or directory".to_owned())
    }

    fn env(&mut self, _name: &str) -> Option<String> {
        None
    }
}

pub(crate) const SHIPPED: &str = include_str!("../../../../topology.toml");
pub(crate) const SCENARIO: &str = include_str!("../../../../scenarios/interface-down.toml");

pub(crate) fn configs() -> BTreeMap<&'static str, String> {
    [
        ("configs/R1.cfg", include_str!("../../../../configs/R1.cfg").to_owned()),
        ("configs/R2.cfg", include_str!("../../../../configs/R2.cfg").to_owned()),
        ("configs/R3.cfg", include_str!("../../../../configs/R3.cfg").to_owned()),
        ("admin", "admin\n".to_owned()),
    ]
    .into()
}

pub(crate) fn topology(text: &str, configs: BTreeMap<&'static str, String>) -> Topology {
    let mut sink = Vec::new();
    let source = Source::new("topology.toml", text);
    let topology = Topology::load(&source, &mut Configs(configs), &mut sink);
    topology.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)))
}

pub(crate) fn lab_of(topology: &Topology, options: LabOptions) -> (Option<Lab>, Vec<Diagnostic>) {
    let mut sink = Vec::new();
    (Lab::new(topology, options, &mut sink), sink)
}

/// The shipped lab.
pub(crate) fn shipped(seed: u64) -> Lab {
    let topology = topology(SHIPPED, configs());
    let (lab, sink) = lab_of(&topology, LabOptions::virtual_time(seed));
    assert!(sink.is_empty(), "{}", diagnostic::render(&sink, false));
    lab.expect("no diagnostic")
}

/// What a scenario is read with that includes nothing.
pub(crate) fn reads() -> Reads<'static> {
    Reads { files: Box::leak(Box::new(NoFiles)), parameters: &[] }
}

pub(crate) fn scenario(text: &str, lab: &Lab) -> Scenario {
    let mut sink = Vec::new();
    let scenario = Scenario::load(&Source::new("scenarios/a.toml", text), lab, reads(), &mut sink);
    scenario.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)))
}

/// Plays a scenario for `length`, with a receiver that answers every post after a millisecond.
pub(crate) fn play(
    lab: &mut Lab,
    scenario: &Scenario,
    length: Duration,
    mut receive: impl FnMut(&Post) -> HttpOutcome,
) -> Vec<Fact> {
    let start = Time::VIRTUAL_START;
    let mut facts = Vec::new();
    let mut answers: BTreeMap<(Time, lab::PostId), HttpOutcome> = BTreeMap::new();
    let mut out = Outbox::default();
    lab.handle(start, Input::Play(scenario), &mut out);
    loop {
        let now = lab.next_deadline().into_iter().chain(answers.keys().map(|key| key.0)).min();
        let Some(now) = now.filter(|&now| now <= start + length) else { return facts };
        match answers.first_key_value().is_some_and(|(key, _)| key.0 == now) {
            true => {
                let ((_, post), outcome) = answers.pop_first().expect("just seen");
                lab.handle(now, Input::PostOutcome { post, outcome }, &mut out);
            }
            false => lab.handle(now, Input::Deadline, &mut out),
        }
        while !out.0.is_empty() {
            let mut later = Outbox::default();
            for output in out.0.drain(..) {
                match output {
                    Output::Fact(fact) => facts.push(fact),
                    Output::Post(post) => {
                        let at = now + Duration::from_millis(1);
                        answers.insert((at, post.post), receive(&post));
                    }
                    Output::Mail { letter, .. } => {
                        let taken = Input::MailOutcome { letter, outcome: Ok(()) };
                        lab.handle(now, taken, &mut later);
                    }
                    _ => {}
                }
            }
            out = later;
        }
    }
}

/// A receiver that takes everything.
pub(crate) fn accept(_: &Post) -> HttpOutcome {
    let body = br#"{"status":"accepted","id":"evt_1"}"#.to_vec();
    HttpOutcome::Answered { status: 202, headers: Vec::new(), body }
}

/// A receiver that is not there.
pub(crate) fn refuse(_: &Post) -> HttpOutcome {
    HttpOutcome::Failed(HttpFailure::Refused)
}

/// The facts of one kind, named as a trace names them.
pub(crate) fn kinds(facts: &[Fact]) -> Vec<String> {
    let name = |fact: &Fact| {
        let value = serde_json::to_value(&fact.kind).expect("a fact has only string keys");
        let node = fact.node.as_deref().unwrap_or_default();
        format!("{node} {}", value["fact"].as_str().unwrap_or_default())
    };
    facts.iter().map(name).collect()
}

pub(crate) fn fact(at_ms: u64, node: &str, kind: Kind) -> Fact {
    let node: Option<Arc<str>> = Some(node.into());
    Fact { at: Time::VIRTUAL_START + Duration::from_millis(at_ms), node, trace: None, kind }
}
