//! How large a lab may be: start, memory at rest, events a second, and a day of a thousand routers.
//!
//! Run by `cargo xtask bench lab`, in release. It prints what it measured, beside the aim; a
//! measure that misses its aim by more than a factor of two fails the run.

#![expect(clippy::disallowed_macros, reason = "its measures are all that it prints")]

use std::collections::BTreeMap;
use std::time::Instant;

use automation::{Automation, Config};
use diagnostic::Source;
use fact::{Fact, Kind};
use lab::{Lab, LabOptions, Step};
use simtime::{Duration, Rng, Time};
use testbed::virtual_time::Bench;
use topology::generate::{Plan, Shape, generate};
use topology::{Files, Topology};

const RULES: &str = r#"
inventory = "topology.toml"
[[sources]]
path = "/events"
auth = ["bearer"]
[[rules]]
name = "interface down"
when = 'event.name == "InterfaceDown"'
[[rules.actions]]
show = ["show interfaces {{ event.data.interface | interface }}"]
"#;

/// Seconds between two flaps of a router, and how long one lasts.
const FLAP_SECS: u64 = 600;
const DOWN_SECS: u64 = 5;
const DAY_SECS: u64 = 24 * 3_600;

struct InMemory(BTreeMap<String, String>);

impl Files for InMemory {
    fn read(&mut self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "not made".to_owned())
    }

    fn env(&mut self, _name: &str) -> Option<String> {
        None
    }
}

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let mut held = true;
    for nodes in [1_000, 10_000] {
        held &= rest(nodes);
    }
    let (nodes, secs) = if quick { (100, DAY_SECS / 24) } else { (1_000, DAY_SECS) };
    held &= day(nodes, secs);
    if !held {
        eprintln!("error: a measure misses its aim by more than a factor of two");
        std::process::exit(1);
    }
}

fn topology(nodes: u32) -> Topology {
    let plan = Plan { shape: Shape::Ring, nodes, seed: 1, ports: None };
    let mut files = generate(&plan).expect("the plan is good").files.into_iter();
    let (name, text) = files.next().expect("the topology comes first");
    let mut sink = Vec::new();
    let source = Source::new(name, text);
    let topology = Topology::load(&source, &mut InMemory(files.collect()), &mut sink);
    topology.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)))
}

/// Start and memory of a lab in which nothing happens.
fn rest(nodes: u32) -> bool {
    let start = Instant::now();
    let topology = topology(nodes);
    let loaded = start.elapsed().as_secs_f64();
    let before = resident_bytes();
    let start = Instant::now();
    let lab = Lab::new(&topology, LabOptions::virtual_time(1), &mut Vec::new());
    let lab = lab.expect("a generated lab boots");
    let up = start.elapsed().as_secs_f64();
    let each = resident_bytes().saturating_sub(before) / u64::from(nodes);
    println!("{nodes} routers: made and read in {loaded:.2} s");
    let aim = 3.0 * f64::from(nodes) / 10_000.0;
    let held = tell("  up", up, "s", aim) & tell("  at rest", each as f64 / 1024.0, "KiB", 32.0);
    drop(lab);
    held
}

/// Both sides in virtual time: every router's interface goes down and up every ten minutes.
fn day(nodes: u32, secs: u64) -> bool {
    let topology = topology(nodes);
    let mut sink = Vec::new();
    let lab = Lab::new(&topology, LabOptions::virtual_time(1), &mut sink).expect("it boots");
    let rules = Source::new("listener.toml", RULES);
    let config = Config::load(&rules, &topology, &mut InMemory(BTreeMap::new()), &mut sink);
    let config = config.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)));
    let step = |node: u32, word: &str| {
        let words = [word.to_owned(), "GigabitEthernet1".to_owned()];
        Step::from_words(&format!("R{}", node + 1), &words, &lab).expect("the step is good")
    };
    let down: Vec<Step> = (0..nodes).map(|node| step(node, "shutdown")).collect();
    let up: Vec<Step> = (0..nodes).map(|node| step(node, "no-shutdown")).collect();
    let automation = Automation::new(config, Rng::from_seed(1).child("automation"));
    let (mut facts, mut jobs) = (0u64, 0u64);
    let mut say = |fact: &Fact| {
        facts += 1;
        jobs += u64::from(matches!(fact.kind, Kind::JobDone { .. }));
    };
    let mut bench = Bench::new(lab, automation, topology);
    let before = resident_bytes();
    let start = Instant::now();
    let zero = Time::VIRTUAL_START;
    bench.begin(zero);
    // The routers take turns, so that the load is even.
    for second in 0..secs {
        let now = zero + Duration::from_secs(second);
        let due = |offset: u64| {
            (0..nodes).filter(move |&node| {
                (second + FLAP_SECS - offset) % FLAP_SECS == u64::from(node) % FLAP_SECS
            })
        };
        due(0).for_each(|node| bench.inject(now, &down[node as usize], &mut say));
        if second >= DOWN_SECS {
            due(DOWN_SECS).for_each(|node| bench.inject(now, &up[node as usize], &mut say));
        }
    }
    bench.advance(zero + Duration::from_secs(secs), &mut say);
    let took = start.elapsed().as_secs_f64();
    let grown = resident_bytes().saturating_sub(before) / (1024 * 1024);
    let hours = secs / 3_600;
    println!("{hours} h of {nodes} routers with a flap each 10 minutes");
    println!("  {facts} facts, {jobs} jobs, {:.0} facts/s, {grown} MiB more", facts as f64 / took);
    assert!(jobs > 0, "the listener must have reacted");
    tell("  took", took, "s", 60.0 * f64::from(nodes) / 1_000.0 * secs as f64 / DAY_SECS as f64)
}

/// Prints a measure beside its aim; whether it holds within a factor of two.
fn tell(what: &str, measured: f64, unit: &str, aim: f64) -> bool {
    let mark = if measured <= aim { "" } else { "  MISSED" };
    println!("{what}: {measured:.2} {unit} (aim {aim:.2} {unit}){mark}");
    measured <= 2.0 * aim
}

/// What the process holds of real memory (proc(5), `/proc/self/statm`); 0 where that is not known.
fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4_096
}
