//! The detectors, one by one: what is read prints as IOS prints it, and no kind of event runs away.

use std::fmt::Write as _;

use eem::{Dialect, Request, Stimulus};
use expect_test::expect_file;
use simtime::{Duration, Time};

use crate::host::Host;
use crate::story;

/// Goal: each detector is read with its options in any order and with short words, prints as IOS
/// prints it, prints the same when that is read again, and has its line in the table. Method: the
/// lines of a file, each with what became of it.
#[test]
fn every_detector_prints() {
    let file = expect_file!["../stories/detectors.txt"];
    let text = include_str!("../stories/detectors.txt");
    let mut out = String::new();
    let mut seen = Vec::new();
    for line in text.lines() {
        match line.strip_prefix(">>> ") {
            Some(line) => {
                seen.extend(line.split(' ').next());
                let _ = writeln!(out, ">>> {line}\n{}", printed(line));
            }
            None if line.starts_with('#') => {
                let _ = writeln!(out, "{line}");
            }
            None => {}
        }
    }
    file.assert_eq(&out);
    for entry in eem::DETECTORS {
        assert!(seen.contains(&entry.name), "{} has no line", entry.name);
    }
}

/// What becomes of one event: its line of the running-config, and that of the table.
fn printed(line: &str) -> String {
    let config = |line: &str| {
        let host = Host::new(
            Dialect::Ios,
            &format!("event manager applet A\n event {line}\n action 1 puts x"),
        );
        let all = host.director.config().to_string();
        let event = all.lines().find_map(|line| line.strip_prefix(" event ")).map(str::to_owned);
        (event, host)
    };
    let (event, mut host) = config(line);
    let Some(event) = event else { return host.take_story() };
    assert_eq!(config(&event).0.as_ref(), Some(&event), "prints the same again");
    let table = eem::show::policy_registered(&host.director, &Default::default(), |_| "T".into());
    let entry: Vec<&str> = table.lines().skip(1).take(2).collect();
    let kind = entry.first().map_or("", |row| row[23..43].trim());
    let summary = entry.get(1).copied().unwrap_or_default();
    format!("event {event}\n{kind}:{summary}\n{}", host.take_story())
}

/// Goal: events of several tags, entry and exit, timers in local time do what `docs/eem.md` says.
#[test]
fn events_are_raised() {
    let find = |name: &str| panic!("the story {name} has no applet");
    let text = include_str!("../stories/events.txt");
    expect_file!["../stories/events.txt"].assert_eq(&story::retell(text, &find));
}

/// Goal: an applet that raises itself is held, whatever raises it, and this is said once. Method:
/// an hour of each; the runs, the notices.
#[test]
fn no_kind_of_event_runs_away() {
    let check = |kind: &str, event: &str, action: &str| {
        let config = format!(
            "event manager applet LOOP\n event tag a none\n event tag b {event}\n trigger\n  \
             correlate event a or event b\n action 1 {action}"
        );
        let mut host = Host::new(Dialect::Ios, &config);
        assert_eq!(host.take_story(), "", "{kind}");
        host.director.run(host.now, "LOOP", &[]).expect("one of its events is none");
        let end = host.now + Duration::from_secs(3_600);
        let (runs, notices) = storm(&mut host, end);
        assert!(runs <= 101, "{kind}: {runs} runs");
        assert_eq!(notices, 1, "{kind}");
    };
    check("counter", "counter name c entry-val 0 entry-op ge", "counter name c op inc value 1");
    check(
        "application",
        "application sub-system 798 type 1",
        "publish-event sub-system 798 type 1",
    );
    check("policy", "timer countdown time 99999", "policy LOOP");
    check("syslog", "syslog pattern again", "syslog msg again");
}

/// The runs until `end`, and the notices of the guard.
fn storm(host: &mut Host, end: Time) -> (usize, usize) {
    let (mut runs, mut notices) = (0, 0);
    while let Some(at) = host.director.next_deadline().filter(|at| *at <= end) {
        host.now = at;
        host.director.due(at, &host.readings);
        while let Some((_, request)) = host.director.next(at, &host.readings) {
            let published = match request {
                Request::Raised(published) => published,
                Request::Log(message) => {
                    host.director.offer(at, &host.readings, &Stimulus::Syslog(&message.text))
                }
                Request::Triggered { .. } => {
                    runs += 1;
                    continue;
                }
                _ => continue,
            };
            notices += usize::from(published.notice.is_some());
        }
        if runs > 1_000 {
            break;
        }
    }
    (runs, notices)
}
