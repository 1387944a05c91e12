//! Turns: fair, one job a device, bounded, and never lost, whatever order things happen in.

use proptest::prelude::*;
use simtime::Rng;

use super::*;
use crate::record::{Action, Approve};

fn job(id: usize, device: usize) -> Job {
    let plan = JobPlan {
        job: format!("job_{id}"),
        rule: "r".into(),
        device: format!("R{device}"),
        action: Action::Show(vec!["show clock".into()]),
        approve: Approve::Auto,
    };
    Job::new(plan, "evt", None, Time::VIRTUAL_START)
}

/// Goal: the bound on sessions holds, and those who wait get their turn in order.
#[test]
fn sessions_are_bounded_over_all_devices() {
    let mut jobs = Jobs::default();
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
    /// Goal: two jobs of one device never run together, jobs of a device run in order unless they
    /// are taken away, and in the end all have run. Method: any order of what can happen.
    #[test]
    fn turns_are_fair_and_never_lost(steps in prop::collection::vec((0u8..6, 0usize..3), 0..80)) {
        let mut jobs = Jobs::default();
        let mut running: Vec<(String, usize)> = Vec::new();
        let mut held: Vec<String> = Vec::new();
        let mut queued = 0;
        let device_of = |jobs: &mut Jobs, id: &str| {
            let device = &jobs.get_mut(id).expect("a job that runs").plan.device;
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
                        prop_assert!(running.iter().all(|(_, other)| *other != device));
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
