//! One scenario, two clocks, one story: stages, commands and outputs agree, times aside.

use host::files;
use testbed::args::FileArgs;
use testbed::loops::{Command, Loops};
use testbed::test::{Trial, in_real_time, in_virtual_time};

use crate::support::root;

/// What must agree: the stages that were reached in their order, and what was run on the device.
fn story(trial: &Trial) -> Vec<(String, Vec<&'static str>, Vec<Command>)> {
    let mut loops = Loops::default();
    trial.facts.iter().for_each(|fact| loops.observe(fact));
    let tell = |one: &testbed::loops::Loop| {
        let stages = one.stages().map(|(stage, _)| stage).collect();
        (one.device.clone(), stages, one.commands.clone())
    };
    loops.iter().map(tell).collect()
}

/// Goal: neither half drifts from the other. Method: the shipped scenario live and virtual.
#[test]
fn live_and_virtual_tell_the_same_story() {
    let root = root();
    let scenario = files::open(&root.join("scenarios/interface-down.toml")).unwrap();
    let files = FileArgs {
        topology: Some(root.join("topology.toml")),
        config: Some(root.join("listener.toml")),
    };
    let in_queue = in_virtual_time(&scenario, &files, None).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let live = runtime.block_on(in_real_time(&scenario, &files, None)).unwrap();
    assert!(in_queue.verdict.passed && live.verdict.passed, "{:#?}", live.verdict);
    let (virtual_story, live_story) = (story(&in_queue), story(&live));
    assert_eq!(virtual_story, live_story);
    assert_eq!(virtual_story[0].1.len(), 9, "all stages were reached: {virtual_story:#?}");
}
