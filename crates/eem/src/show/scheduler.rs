//! `show event manager policy {active|pending}` and `show event manager scheduler thread`.

use std::fmt::Write as _;

use simtime::Time;

use crate::{Class, Director, Job, JobStatus, Priority};

/// `show event manager policy active`
pub fn policy_active(
    director: &Director,
    class: Option<Class>,
    stamp: impl Fn(Time) -> String,
) -> String {
    jobs(director.active(), class, stamp)
}

/// `show event manager policy pending`
pub fn policy_pending(
    director: &Director,
    class: Option<Class>,
    stamp: impl Fn(Time) -> String,
) -> String {
    jobs(director.pending(), class, stamp)
}

/// The jobs, class by class; nothing at all when there are none.
fn jobs<'a>(
    jobs: impl Iterator<Item = Job<'a>>,
    class: Option<Class>,
    stamp: impl Fn(Time) -> String,
) -> String {
    let mut jobs: Vec<Job<'_>> =
        jobs.filter(|job| class.is_none_or(|class| class == job.class)).collect();
    if jobs.is_empty() {
        return String::new();
    }
    jobs.sort_by_key(|job| (job.class, job.priority, job.run));
    let mut text = String::from(
        "Key: p - Priority        :L - Low, H - High, N - Normal, Z - Last\n     \
         s - Scheduling node :A - Active, S - Standby\n",
    );
    for of_class in jobs.chunk_by(|a, b| a.class == b.class) {
        let (name, count) = (class_name(of_class[0].class), of_class.len());
        let plural = if count == 1 { "" } else { "s" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{name} - {count} applet event{plural}");
        text += "No.  job id     p s status  time of event             event type          name\n";
        for (number, job) in (1..).zip(of_class) {
            let (id, at) = (job.run.0, stamp(job.published));
            let columns = format!("{number:<5}{id:<11}{} A {:<8}", letter(job), status(job));
            let _ = writeln!(text, "{columns}{at:<26}{:<20}applet: {}", job.event, job.applet);
        }
    }
    text
}

/// `show event manager scheduler thread [detailed]`: one line for the default class, and one for
/// each other class that was given threads or runs something.
pub fn scheduler_threads(director: &Director, is_detailed: bool) -> String {
    let active: Vec<Job<'_>> = director.active().collect();
    let mut classes: Vec<Class> = director.configured_threads().map(|(class, _)| class).collect();
    classes.extend(active.iter().map(|job| job.class));
    classes.push(Class::Default);
    classes.sort();
    classes.dedup();
    let mut text = String::new();
    for (number, class) in (1..).zip(classes) {
        let running: Vec<&Job<'_>> = active.iter().filter(|job| job.class == class).collect();
        let (total, busy) = (director.threads(class) as usize, running.len());
        let idle = total.saturating_sub(busy);
        let _ = writeln!(text, "{number} Applet threads service class {class}");
        let _ = writeln!(text, "  total: {total} running: {busy} idle: {idle}");
        for (number, job) in (1..).zip(running.iter().filter(|_| is_detailed)) {
            let _ = writeln!(text, "  {number} job id: {}, name: {}", job.run.0, job.applet);
        }
    }
    text
}

fn class_name(class: Class) -> String {
    match class {
        Class::Default => "default class".to_owned(),
        Class::Letter(letter) => format!("class {letter}"),
    }
}

fn letter(job: &Job<'_>) -> char {
    match job.priority {
        Priority::High => 'H',
        Priority::Normal => 'N',
        Priority::Low => 'L',
        Priority::Last => 'Z',
    }
}

fn status(job: &Job<'_>) -> &'static str {
    match job.status {
        JobStatus::Pending => "pend",
        JobStatus::Held => "held",
        JobStatus::Running => "running",
    }
}
