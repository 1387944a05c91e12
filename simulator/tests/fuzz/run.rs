//! Runs a target on case after case, and says which one ended it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use simtime::Rng;

use crate::mutate;
use crate::target::Target;

/// How long one case may take, in seconds, on a machine that does other things, too.
const CASE_SECS_MAX: u64 = 10;
/// The most memory that this process may have had, in KiB.
const MEMORY_KIB_MAX: u64 = 1024 * 1024;
/// Cases that came to something new and are changed further.
const SEEDS_MAX: usize = 2_000;
/// After so many cases memory is looked at.
const LOOK_CASES: u64 = 100;

/// When to end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    Cases(u64),
    Time(Duration),
}

/// The case that is being run, and since when: for the thread that waits for its end.
type Current = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

/// Runs cases up to the bound; what is wrong with one is a failed test.
pub(crate) fn fuzz(target: &mut dyn Target, bound: Bound, seed: u64) {
    let mut rng = Rng::from_seed(seed).child(target.name());
    let mut seeds = target.seeds();
    let first = seeds.clone();
    let (mut known, mut cases) = (BTreeSet::new(), 0u64);
    let current = Current::default();
    watch(Arc::clone(&current), target.name());
    let start = Instant::now();
    let goes_on = |cases: u64| match bound {
        Bound::Cases(all) => cases < all,
        Bound::Time(time) => start.elapsed() < time,
    };
    while goes_on(cases) {
        let given = usize::try_from(cases).ok().and_then(|at| first.get(at)).cloned();
        let case = given.unwrap_or_else(|| mutate::case(&seeds, &mut rng));
        set(&current, Some((Instant::now(), case.clone())));
        let ended = catch_unwind(AssertUnwindSafe(|| target.run(&case)));
        set(&current, None);
        let Ok(outcome) = ended else { panic!("{}", left(target.name(), "panics", &case)) };
        if known.insert(outcome) && seeds.len() < SEEDS_MAX {
            seeds.push(case.clone());
        }
        cases += 1;
        if cases.is_multiple_of(LOOK_CASES) && memory_kib() > MEMORY_KIB_MAX {
            panic!("{}", left(target.name(), "takes too much memory", &case));
        }
    }
    let (name, took, outcomes) = (target.name(), start.elapsed().as_secs_f64(), known.len());
    let rate = cases as f64 / took.max(0.001);
    say(&format!("{name:>10}  {cases} cases in {took:.1} s ({rate:.0}/s), {outcomes} outcomes"));
}

fn set(current: &Current, to: Option<(Instant, Vec<u8>)>) {
    *current.lock().unwrap_or_else(PoisonError::into_inner) = to;
}

/// Ends the process when a case does not end. The thread ends with the run.
fn watch(current: Current, name: &'static str) {
    let weak = Arc::downgrade(&current);
    drop(current);
    std::thread::spawn(move || {
        while let Some(current) = weak.upgrade() {
            let now = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
            drop(current);
            if let Some((since, case)) = now
                && since.elapsed() > Duration::from_secs(CASE_SECS_MAX)
            {
                say(&left(name, "hangs", &case));
                std::process::exit(101);
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    });
}

/// Keeps a case that ended a target, and says how to run it again.
fn left(name: &str, what: &str, case: &[u8]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}.case"));
    let kept = std::fs::write(&path, case);
    let path = path.display();
    let kept = kept.map_or_else(|error| format!("cannot keep it: {error}"), |()| String::new());
    format!(
        "`{name}` {what} on a case of {} bytes{kept}\n  again: EDNM_FUZZ_CASE={path} cargo xtask \
         fuzz {name}",
        case.len()
    )
}

/// The most memory that this process has had; 0 where the system does not say.
fn memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Not by `eprintln!`: the test runner hides what a passing test prints.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
