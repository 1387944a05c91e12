//! What holds for every file: no panic, places inside the file, the same answer twice.

use std::collections::BTreeMap;

use automation::Config;
use diagnostic::{Diagnostic, Source, render, render_json};
use lab::{Lab, LabOptions, Scenario};
use proptest::prelude::*;
use topology::{Address, Files, HostKey, NoFiles, Secret, Topology, Url};

const LISTENER: &str = include_str!("../../../listener.toml");
const SCENARIO: &str = include_str!("../../../scenarios/interface-down.toml");
const TOPOLOGY: &str = include_str!("../../../topology.toml");
const R1: &str = include_str!("../../../configs/R1.cfg");

/// Values of every type, to stand where others stood.
const VALUES: [&str; 8] =
    ["1", "true", "[]", "{}", "\"\"", "1.5", "-99999999999999999999", "[{ a = 'é' }]"];

/// The startup-configs that a test has.
struct Configs(BTreeMap<&'static str, String>);

impl Files for Configs {
    fn read(&mut self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "No such file or directory".to_owned())
    }

    fn env(&mut self, _name: &str) -> Option<String> {
        None
    }
}

/// The shipped startup-configs, R1's by another text.
fn configs(r1: &str) -> Configs {
    let others = ["configs/R2.cfg", "configs/R3.cfg"].map(|path| (path, String::new()));
    Configs(others.into_iter().chain([("configs/R1.cfg", r1.to_owned())]).collect())
}

fn topology(text: &str, r1: &str, sink: &mut Vec<Diagnostic>) -> Topology {
    Topology::recover(&Source::new("topology.toml", text), &mut configs(r1), sink)
}

thread_local! {
    static LAB: Lab = {
        let topology = topology(TOPOLOGY, R1, &mut Vec::new());
        Lab::recover(&topology, LabOptions::virtual_time(1), &mut Vec::new())
    };
}

/// What a scenario is read with that includes nothing.
fn reads() -> lab::Reads<'static> {
    lab::Reads { files: Box::leak(Box::new(NoFiles)), parameters: &[] }
}

/// Loads twice: the same mistakes both times, each inside its file, and printable.
fn check(load: impl Fn(&mut Vec<Diagnostic>)) {
    let (mut sink, mut again) = (Vec::new(), Vec::new());
    load(&mut sink);
    load(&mut again);
    assert_eq!(sink, again);
    for diagnostic in &sink {
        let span = diagnostic.span.clone();
        assert!(diagnostic.source.text.get(span).is_some(), "{diagnostic:?}");
    }
    render(&sink, true);
    render_json(&sink);
}

/// One change of a file's bytes.
#[derive(Clone, Debug)]
enum Mutation {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Insert(usize, Vec<u8>),
    Cut(usize),
    Value(usize, usize),
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let place = 0..4_000_usize;
    let one = prop_oneof![
        place.clone().prop_map(Mutation::Delete),
        place.clone().prop_map(Mutation::Double),
        (place.clone(), place.clone()).prop_map(|(a, b)| Mutation::Swap(a, b)),
        (place.clone(), prop::collection::vec(any::<u8>(), 0..6))
            .prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        place.clone().prop_map(Mutation::Cut),
        (place, 0..VALUES.len()).prop_map(|(line, value)| Mutation::Value(line, value)),
    ];
    prop::collection::vec(one, 1..5)
}

/// A file with changes: of lines, except for bytes that are put in or cut off.
fn mutate(text: &str, mutations: &[Mutation]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for mutation in mutations {
        let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        let count = lines.len();
        match mutation {
            Mutation::Delete(line) => drop(lines.remove(line % count)),
            Mutation::Double(line) => lines.insert(line % count, lines[line % count].clone()),
            Mutation::Swap(a, b) => lines.swap(a % count, b % count),
            Mutation::Insert(at, new) => {
                let at = at % (bytes.len() + 1);
                bytes.splice(at..at, new.iter().copied());
                continue;
            }
            Mutation::Cut(at) => {
                bytes.truncate(bytes.len() - at % (bytes.len() / 8 + 1));
                continue;
            }
            Mutation::Value(line, value) => {
                let line = &mut lines[line % count];
                if let Some(equals) = line.iter().position(|b| *b == b'=') {
                    line.truncate(equals + 1);
                    line.extend_from_slice(VALUES[*value].as_bytes());
                }
            }
        }
        bytes = lines.join(&b'\n');
    }
    // Files that are no UTF-8 never come to a loader.
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Goal: no topology brings the loader down. Method: changes of the shipped one.
    #[test]
    fn any_topology(changes in mutations()) {
        let text = mutate(TOPOLOGY, &changes);
        check(|sink| drop(topology(&text, R1, sink)));
    }

    /// Goal: no listener.toml brings the loader down, whatever its inventory. Method: changes of
    /// both.
    #[test]
    fn any_listener_toml(changes in mutations(), of_nodes in mutations()) {
        let text = Source::new("listener.toml", mutate(LISTENER, &changes));
        let nodes = topology(&mutate(TOPOLOGY, &of_nodes), R1, &mut Vec::new());
        check(|sink| drop(Config::load(&text, &nodes, &mut NoFiles, sink)));
        Config::inventory_path(&text);
    }

    /// Goal: no scenario brings the loader down. Method: changes of the shipped one.
    #[test]
    fn any_scenario(changes in mutations()) {
        let text = Source::new("scenario.toml", mutate(SCENARIO, &changes));
        LAB.with(|lab| check(|sink| drop(Scenario::load(&text, lab, reads(), sink))));
        Scenario::header(&text);
    }

    /// Goal: what stands for itself never brings its reader down. Method: any text.
    #[test]
    fn any_word(text in "\\PC{0,40}|(env|file|SHA256|http|https|[0-9]+)[:/a-z0-9.@ é-]{0,30}") {
        let _ = text.parse::<Address>();
        let _ = text.parse::<Url>();
        let _ = text.parse::<HostKey>();
        let _ = text.parse::<simtime::Duration>();
        let _ = Secret::resolve(&text, &mut NoFiles);
    }

    /// Goal: no text at all brings a loader down. Method: any text.
    #[test]
    fn any_text(text in "(\\PC|[\\[\\]\"'=\n\r\t#.{}]){0,120}") {
        check(|sink| drop(topology(&text, R1, sink)));
        let source = Source::new("any.toml", text);
        LAB.with(|lab| check(|sink| drop(Scenario::load(&source, lab, reads(), sink))));
        let none = Topology::empty(&source);
        check(|sink| drop(Config::load(&source, &none, &mut NoFiles, sink)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Goal: no startup-config and no topology brings the lab down. Method: changes of R1's and of
    /// the shipped one.
    #[test]
    fn any_startup_config(changes in mutations(), of_nodes in mutations()) {
        let (text, r1) = (mutate(TOPOLOGY, &of_nodes[..1]), mutate(R1, &changes));
        check(|sink| {
            let topology = topology(&text, &r1, sink);
            Lab::recover(&topology, LabOptions::virtual_time(1), sink);
        });
    }
}
