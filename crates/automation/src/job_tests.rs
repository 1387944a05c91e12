//! Turns: fair, one job a device, bounded, and never lost, whatever order things happen in.

use proptest::prelude::*;
use simtime::Rng;

use super::*;
use crate::config::Limits;
use crate::record::{Action, Approve};

/// No two ask the same.
fn job(id: usize, device: usize) -> Job {
    asking(id, device, Action::Show(vec![format!("show clock {id}")]))
}

fn asking(id: usize, device: usize, action: Action) -> Job {
    let plan = JobPlan {
        job: format!("job_{id}"),
        rule: "r".into(),
        device: Some(format!("R{device}")),
        action,
        approve: Approve::Auto,
        step: None,
        own_login: false,
    };
    Job::new(plan, "evt", None, Time::VIRTUAL_START)
}

/// Goal: the bound on sessions holds, and those who wait get their turn in order.
#[test]
fn sessions_are_bounded_over_all_devices() {
    let mut jobs = Jobs::new(Limits::default());
    for device in 0..SESSIONS_MAX + 3 {
        jobs.queue(job(device, device));
    }
    let running: Vec<String> = std::iter::from_fn(|| jobs.next_turn()).collect();
    assert_eq!(running.len(), SESSIONS_MAX);
    let waiting = format!("job_{SESSIONS_MAX}");
    jobs.remove(&waiting);
    jobs.remove("job_0");
    assert_eq!(jobs.next_turn(), None, "a session that is being left still counts");
    jobs.free("R0");
    assert_eq!(jobs.next_turn(), Some(format!("job_{}", SESSIONS_MAX + 1)));
}

/// Goal: who asks the same as one that has not begun shares its answers, unless something that
/// changes the device lies between. Method: a table of what was queued before, and how far it is.
#[test]
fn the_same_question_is_asked_once() {
    let show = |line: &str| Action::Show(vec![line.into()]);
    let change = || Action::Configure(vec!["hostname x".into()]);
    let check = |before: &[Action], started: bool, want: Option<&str>| {
        let mut jobs = Jobs::new(Limits::default());
        for (id, action) in before.iter().enumerate() {
            jobs.queue(asking(id, 0, action.clone()));
        }
        let first = jobs.next_turn().expect("one is there");
        if started {
            jobs.starts(&first);
        }
        jobs.queue(asking(9, 0, show("a")));
        let leader = jobs.followers.keys().next().cloned();
        assert_eq!(leader.as_deref(), want, "{before:?} {started}");
        let shared = leader.map(|leader| jobs.followers(&leader).len());
        assert_eq!((shared.unwrap_or_default(), jobs.following), (usize::from(want.is_some()), 0));
    };
    check(&[show("a")], false, Some("job_0"));
    check(&[show("a")], true, None);
    check(&[show("b"), show("a")], true, Some("job_1"));
    check(&[show("b")], false, None);
    check(&[show("b"), show("a"), change()], true, None);
    check(&[change(), show("a")], true, Some("job_1"));
}

/// Goal: reads of one device go side by side as far as they may; a change is alone there, and
/// nothing overtakes it. Method: three sessions, two reads, a change, a read.
#[test]
fn a_change_is_alone_on_its_device() {
    let mut jobs = Jobs::new(Limits { device_sessions: 3, ..Limits::default() });
    jobs.queue(job(0, 0));
    jobs.queue(job(1, 0));
    jobs.queue(asking(2, 0, Action::Configure(vec!["interface Gi1".into()])));
    jobs.queue(job(3, 0));
    let turns: Vec<String> = std::iter::from_fn(|| jobs.next_turn()).collect();
    assert_eq!(turns, ["job_0", "job_1"]);
    let mut end = |id: &str| {
        jobs.remove(id);
        jobs.free("R0");
        std::iter::from_fn(|| jobs.next_turn()).collect::<Vec<_>>()
    };
    assert!(end("job_0").is_empty());
    assert_eq!(end("job_1"), ["job_2"]);
    assert_eq!(end("job_2"), ["job_3"]);
}

/// Goal: waits double, and jitter adds half of them at most.
#[test]
fn waits_double() {
    let mut rng = Rng::from_seed(1);
    let mut failed = job(0, 0);
    for (tries, least) in [(1, 1_000), (2, 2_000), (3, 4_000), (40, 1_024_000)] {
        failed.tries = tries;
        let wait = failed.backoff(&mut rng).as_millis();
        assert!((least..=least + least / 2).contains(&wait), "{tries}: {wait}");
    }
}

proptest! {
    /// Goal: no more jobs of one device run together than may, jobs of a device run in order unless
    /// they are taken away, and in the end all have run. Method: any order of what can happen.
    #[test]
    fn turns_are_fair_and_never_lost(
        steps in prop::collection::vec((0u8..6, 0usize..3), 0..80),
        device_sessions in 1usize..4,
    ) {
        let mut jobs = Jobs::new(Limits { device_sessions, ..Limits::default() });
        let mut running: Vec<(String, usize)> = Vec::new();
        let mut held: Vec<String> = Vec::new();
        let mut queued = 0;
        let device_of = |jobs: &mut Jobs, id: &str| {
            let device = &jobs.get_mut(id).expect("a job that runs").lane;
            device[1..].parse::<usize>().expect("a number")
        };
        for (what, device) in steps {
            match what {
                0 | 1 => {
                    jobs.queue(job(queued, device));
                    queued += 1;
                }
                2 => {
                    if let Some(id) = jobs.next_turn() {
                        let device = device_of(&mut jobs, &id);
                        let others = running.iter().filter(|(_, other)| *other == device);
                        prop_assert!(others.count() < device_sessions);
                        held.retain(|other| *other != id);
                        running.push((id, device));
                    }
                }
                3 if !running.is_empty() => {
                    let (id, _) = running.remove(0);
                    jobs.hold(&id);
                    held.push(id);
                }
                4 if !running.is_empty() => {
                    let (id, device) = running.remove(0);
                    jobs.remove(&id);
                    jobs.free(&format!("R{device}"));
                }
                _ if !held.is_empty() && device == 0 => {
                    jobs.remove(&held.remove(0));
                }
                _ => held.iter().for_each(|id| jobs.release(id)),
            }
        }
        for (id, device) in running {
            jobs.remove(&id);
            jobs.free(&format!("R{device}"));
        }
        held.iter().for_each(|id| jobs.release(id));
        while let Some(id) = jobs.next_turn() {
            let device = device_of(&mut jobs, &id);
            jobs.remove(&id);
            jobs.free(&format!("R{device}"));
        }
        prop_assert!(jobs.all.is_empty() && jobs.lanes.is_empty() && jobs.ready.is_empty());
        prop_assert_eq!(jobs.busy, 0);
    }
}
