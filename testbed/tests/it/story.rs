//! One scenario, two clocks, one story: stages, commands and outputs agree, times aside.

use host::files;
use testbed::args::FileArgs;
use testbed::loops::{Command, Loops};
use testbed::test::{Play, in_real_time, in_virtual_time};

use crate::support::{Project, root};

/// What must agree: the stages that were reached in their order, and what was run on the device.
fn story(loops: &Loops) -> Vec<(String, Vec<&'static str>, Vec<Command>)> {
    let tell = |one: &testbed::loops::Loop| {
        let stages = one.stages().map(|(stage, _)| stage).collect();
        (one.device.clone(), stages, one.commands.clone())
    };
    loops.iter().map(tell).collect()
}

/// Plays a scenario on both clocks and gives the one story that they must tell.
fn check_both(scenario: &std::path::Path) -> Vec<(String, Vec<&'static str>, Vec<Command>)> {
    let root = root();
    let scenario = files::open(scenario).unwrap();
    let files = FileArgs {
        topology: Some(root.join("topology.toml")),
        config: Some(root.join("listener.toml")),
        ..FileArgs::default()
    };
    let play =
        Play { found: &scenario, flags: &files, seed: None, nth: 0, parameters: &[], trace: None };
    let (mut virtual_loops, mut live_loops) = (Loops::default(), Loops::default());
    let in_queue = in_virtual_time(&play, |fact| virtual_loops.observe(fact)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let live = in_real_time(&play, |fact| live_loops.observe(fact));
    let live = runtime.block_on(live).unwrap();
    assert!(in_queue.verdict.passed && live.verdict.passed, "{:#?}", live.verdict);
    let (virtual_story, live_story) = (story(&virtual_loops), story(&live_loops));
    assert_eq!(virtual_story, live_story);
    for (device, stages, _) in &virtual_story {
        assert_eq!(stages.len(), 9, "{device} reached every stage: {virtual_story:#?}");
    }
    virtual_story
}

/// Goal: neither half drifts from the other. Method: the shipped scenario live and virtual.
#[test]
fn live_and_virtual_tell_the_same_story() {
    let loops = check_both(&root().join("scenarios/interface-down.toml"));
    assert_eq!(loops.len(), 1);
}

/// Goal: the form that works on a real router, an emulated curl without token and trace, closes the
/// loop as well. Method: R2's applet, then R1's, on both clocks.
#[test]
fn every_form_of_webhook_closes_its_loop() {
    let project = Project::new();
    let steps = [("1ms", "R2", "GigabitEthernet2"), ("5s", "R1", "GigabitEthernet1")];
    let mut text = String::new();
    for (at, node, interface) in steps {
        text.push_str(&format!(
            "[[steps]]\nat = \"{at}\"\nnode = \"{node}\"\nshutdown = \"{interface}\"\n\
             [[expect]]\nwithin = \"2s\"\naction = {{ device = \"{node}\", command = \
             \"show ip interface brief\", matches = \"{interface} .*administratively\" }}\n"
        ));
    }
    project.write("both.toml", &text);
    let loops = check_both(&project.path("both.toml"));
    let devices: Vec<&str> = loops.iter().map(|(device, ..)| device.as_str()).collect();
    assert_eq!(devices, ["R2", "R1"]);
}
