//! Damage: applets with a word, a line or a mark wrong, read and then run.

use eem::{Dialect, Stimulus, read};
use proptest::prelude::*;
use simtime::Duration;

use crate::corpus::{check_spans, corpus, print};
use crate::host::Host;
use crate::story::applet;

/// Applets of the repository to damage.
const APPLETS: [&str; 9] = [
    "hand-post.cfg",
    "port-status.cfg",
    "cpu-load-once.cfg",
    "config-watch.cfg",
    "error-watch.cfg",
    "office-hours.cfg",
    "heartbeat.cfg",
    "mail-test.cfg",
    "everything.cfg",
];

/// How long a damaged applet is watched: longer than any run without a `maxrun` of its own lasts.
const WATCHED: Duration = Duration::from_secs(45);

/// So often more, for the runs that wait for each other.
const ROUNDS_MAX: usize = 100;

/// Damages a text in one of the ways in which people damage applets.
pub(crate) fn mutate(text: &str, kind: usize, seed: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let pick = |accepts: &dyn Fn(&str) -> bool| {
        let fitting: Vec<usize> = (0..lines.len()).filter(|at| accepts(lines[*at])).collect();
        fitting.get(seed % fitting.len().max(1)).copied()
    };
    let change = |at: Option<usize>, new: &dyn Fn(&str) -> String| {
        let changed = lines.iter().enumerate().map(|(n, line)| match at {
            Some(at) if at == n => new(line),
            Some(_) | None => (*line).to_owned(),
        });
        changed.collect::<Vec<_>>().join("\n")
    };
    match kind {
        // An `end` dropped.
        0 => change(pick(&|line| line.trim_end().ends_with(" end")), &|_| String::new()),
        // A keyword misspelt.
        1 => change(pick(&|line| line.contains("action")), &|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let at = 2.min(words.len() - 1);
            line.replacen(words[at], &format!("{}x", words[at]), 1)
        }),
        // Labels renumbered: the order is turned round.
        2 => {
            let mut number = lines.len();
            let turned = lines.iter().map(|line| {
                number -= 1;
                let words: Vec<&str> = line.split_whitespace().collect();
                match words[..] {
                    ["action", label, ..] => line.replacen(label, &number.to_string(), 1),
                    _ => (*line).to_owned(),
                }
            });
            turned.collect::<Vec<_>>().join("\n")
        }
        // A quotation mark lost.
        3 => change(pick(&|line| line.contains('"')), &|line| line.replacen('"', "", 1)),
        // Cut off in the middle of a line.
        4 => {
            let end = (0..=text.len()).rev().filter(|at| text.is_char_boundary(*at));
            let ends: Vec<usize> = end.collect();
            text[..ends[seed % ends.len()]].to_owned()
        }
        // Two lines exchanged.
        5 => {
            let mut lines = lines.clone();
            let (a, b) = (seed % lines.len(), (seed / 7) % lines.len());
            lines.swap(a, b);
            lines.join("\n")
        }
        // A line twice.
        _ => change(pick(&|_| true), &|line| format!("{line}\n{line}")),
    }
}

/// The kinds of damage.
pub(crate) const MUTATIONS: usize = 7;

/// Reads a text, checks what is said of it, and has everything in it happen.
fn survive(name: &str, text: &str) {
    check_spans(name, text);
    let source = read(text, Dialect::Ios);
    let printed = print(&source);
    assert_eq!(print(&read(&printed, Dialect::Ios)), printed, "{name}");
    let mut host = Host::new(Dialect::Ios, text);
    host.is_heard = true;
    host.answers = vec!["y".to_owned(); 3];
    for applet in &source.applets {
        host.start(&format!("{} one two", applet.name()));
    }
    let quoted: Vec<&str> = text.split('"').skip(1).step_by(2).collect();
    for words in quoted.iter().take(20) {
        host.offer(&Stimulus::Syslog(&format!("*Jan  1 00:00:00.000: %A-3-B: {words}")));
    }
    host.type_command("show running-config");
    host.pass(WATCHED);
    // What waits behind a run still has its turn; nothing new comes.
    for applet in &source.applets {
        host.director.remove_applet(applet.name());
    }
    let is_busy = |host: &Host| host.director.active().chain(host.director.pending()).count() > 0;
    for _ in 0..ROUNDS_MAX {
        if !is_busy(&host) {
            break;
        }
        host.pass(WATCHED);
    }
    let is_endless = text.contains("maxrun");
    assert!(!is_busy(&host) || is_endless, "{name}: runs do not end\n{text}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Goal: whatever is wrong with an applet, what is left of it runs to an end. Method: two
    /// damages of whole applets, and all that can happen to them.
    #[test]
    fn damaged_applets_come_to_an_end(
        which in 0..APPLETS.len(),
        damage in prop::collection::vec((0..MUTATIONS, 0usize..1000), 1..4),
    ) {
        let mut text = applet(APPLETS[which]);
        for (kind, seed) in damage {
            if text.lines().count() > 0 {
                text = mutate(&text, kind, seed);
            }
        }
        survive(APPLETS[which], &text);
    }
}

/// Goal: the same for real applets. Method: each file, each kind of damage once.
#[test]
fn damaged_files_come_to_an_end() {
    let Some(files) = corpus("damaged_files_come_to_an_end") else { return };
    for (at, (name, (text, _))) in files.iter().enumerate() {
        for kind in 0..MUTATIONS {
            survive(name, &mutate(text, kind, at));
        }
    }
}
