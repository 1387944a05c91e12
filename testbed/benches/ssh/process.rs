//! What a process and its children use (proc(5)).

use std::fs::read_to_string;

/// Ticks of `/proc/PID/stat` in a second; Linux tells programs in hundredths whatever it uses.
const TICKS: f64 = 100.0;

/// The numbers of `/proc/PID/stat` after the name, which may hold anything; none if it is gone.
fn stat(pid: u32) -> Option<Vec<u64>> {
    let text = read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after) = text.rsplit_once(") ")?;
    Some(after.split(' ').skip(1).map(|word| word.parse().unwrap_or(0)).collect())
}

/// A process and all that came from it and lives.
fn tree(root: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let all = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parents: Vec<(u32, u64)> = all.filter_map(|pid| Some((pid, stat(pid)?[0]))).collect();
    let mut found = vec![root];
    let mut next = 0;
    while next < found.len() {
        let parent = u64::from(found[next]);
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    found
}

/// Seconds of a core that a process and its children have had, those that ended too.
pub(crate) fn core_seconds(root: u32) -> f64 {
    // utime, stime, cutime and cstime.
    let used = tree(root).into_iter().filter_map(stat).map(|all| all[10..14].iter().sum::<u64>());
    used.sum::<u64>() as f64 / TICKS
}

/// Memory of a process and its children in KiB; what several share is divided among them.
pub(crate) fn kib(root: u32) -> f64 {
    let share = |pid: u32| {
        let text = read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.split_whitespace().next()?.parse::<f64>().ok()
    };
    tree(root).into_iter().filter_map(share).sum()
}
