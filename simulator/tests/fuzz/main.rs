//! What anybody can send to a router's NETCONF and RESTCONF, changed at random: nothing of it may
//! panic, hang, or take more memory than its bound.
//!
//! `cargo xtask fuzz --seconds N` runs all targets, and new cases each time; a short form with the
//! same cases each time runs with all other tests. No socket is opened: the values are asked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod mutate;
mod run;
mod seeds;
mod target;

use std::time::Duration;

use run::{Bound, fuzz};
use target::{Device, Framing, Json, Paths, Requests, Target, Xml, Xpath};

/// Cases of each target in the short form.
const CASES_SHORT: u64 = 150;

fn targets() -> Vec<Box<dyn Target>> {
    vec![
        Box::new(Framing),
        Box::new(Xml),
        Box::new(Json),
        Box::new(Paths),
        Box::new(Xpath),
        Box::new(Requests::default()),
        Box::new(Device::default()),
    ]
}

/// Goal: no case ends a target. Method: the same few cases each time.
#[test]
fn the_same_cases() {
    for mut target in targets() {
        fuzz(&mut *target, Bound::Cases(CASES_SHORT), 7);
    }
}

/// Goal: the same for as long as somebody likes: `EDNM_FUZZ_SECS` in all, `EDNM_FUZZ_TARGET` alone.
/// `EDNM_FUZZ_CASE` is a file that such a run has left: that case, once more.
#[test]
#[ignore = "takes as long as it is told: `cargo xtask fuzz`"]
fn new_cases() {
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let only = variable("EDNM_FUZZ_TARGET");
    let mut chosen = targets();
    chosen.retain(|target| only.as_ref().is_none_or(|only| target.name() == *only));
    let names: Vec<&str> = targets().iter().map(|target| target.name()).collect();
    assert!(!chosen.is_empty(), "the targets are {}", names.join(", "));
    if let Some(path) = variable("EDNM_FUZZ_CASE") {
        let case = std::fs::read(path).unwrap();
        return chosen.iter_mut().for_each(|target| drop(target.run(&case)));
    }
    let seconds = variable("EDNM_FUZZ_SECS").map_or(60, |text| text.parse().unwrap());
    let each = Duration::from_secs(seconds) / u32::try_from(chosen.len()).unwrap();
    let seed = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    for target in &mut chosen {
        fuzz(&mut **target, Bound::Time(each), seed);
    }
}
