//! Tests of `ednm gen`: what is made can be read, booted, and is the same each time.

use std::collections::BTreeMap;

use diagnostic::{Source, render};
use lab::{Lab, LabOptions};
use topology::generate::{NODES_MAX, Plan, Shape, generate};
use topology::{Files, Topology};

struct InMemory(BTreeMap<String, String>);

impl Files for InMemory {
    fn read(&mut self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "not made".to_owned())
    }

    fn env(&mut self, _name: &str) -> Option<String> {
        None
    }
}

fn plan(shape: Shape, nodes: u32, seed: u64) -> Plan {
    Plan { shape, nodes, seed, ports: None }
}

/// Goal: no router refuses a line, no link a port, no file is missing. Method: each shape is made,
/// loaded and booted; any diagnostic fails.
#[test]
fn what_is_made_boots() {
    for shape in [Shape::Ring, Shape::HubSpoke, Shape::Random] {
        let made = generate(&plan(shape, 9, 7)).unwrap();
        let mut files = made.files.clone().into_iter();
        let (name, text) = files.next().unwrap();
        let mut sink = Vec::new();
        let source = Source::new(name, text);
        let topology = Topology::load(&source, &mut InMemory(files.collect()), &mut sink);
        let topology = topology.unwrap_or_else(|| panic!("{}", render(&sink, false)));
        let lab = Lab::new(&topology, LabOptions::virtual_time(1), &mut sink).unwrap();
        assert!(sink.is_empty(), "{shape:?}: {}", render(&sink, false));
        assert_eq!(lab.nodes().count(), 9);
        assert!(lab.nodes().all(|node| node.applets == 1));
    }
}

/// Goal: equal plans give equal bytes, and another seed other ones. Method: compare.
#[test]
fn the_seed_decides() {
    let files = |seed| generate(&plan(Shape::Random, 50, seed)).unwrap().files;
    assert_eq!(files(1), files(1));
    assert_ne!(files(1), files(2));
}

/// Goal: sizes that cannot be are refused in words. Method: a table.
#[test]
fn impossible_sizes_are_refused() {
    let table = [(0, None), (NODES_MAX + 1, None), (1_000, Some(65_000))];
    for (nodes, ports) in table {
        let plan = Plan { ports, ..plan(Shape::Ring, nodes, 1) };
        assert!(generate(&plan).is_err(), "{plan:?}");
    }
}
