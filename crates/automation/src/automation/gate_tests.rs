//! When rules fire: tables of events with their times, and what each of them is answered.

use expect_test::{Expect, expect};
use fact::Kind;
use proptest::prelude::*;
use simtime::{Duration, Time};

use crate::record::{ActionVerdict, Record};
use crate::story::State;
use crate::testkit::{Request, Rig};

/// A rule called `r` with these lines, on one source.
pub(super) fn rules(lines: &str) -> String {
    format!(
        "[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\n[[rules]]\nname = \"r\"\n{lines}\n\
         [[rules.actions]]\nshow = [\"show clock\"]\n"
    )
}

/// An event of a device at a second: `3 R1 Down Gi1`.
pub(super) fn request(words: &str) -> (Duration, Request) {
    let words: Vec<&str> = words.split_whitespace().collect();
    let [millis, device, name, rest @ ..] = words.as_slice() else { panic!("{words:?}") };
    let seconds: u64 = millis.parse().expect("seconds");
    let interface = rest.first().unwrap_or(&"Gi1");
    let body = format!(r#"{{"event": "{name}", "interface": "{interface}"}}"#);
    let request = Request::new(&body).token(&format!("token-of-{}", device.to_lowercase()));
    (Duration::from_secs(seconds), request)
}

/// Lets time pass, deadline by deadline.
pub(super) fn pass(rig: &mut Rig, until: Time) {
    rig.settle(until.since(rig.now));
    rig.now = until;
}

/// What the rule said about each event, in the order in which that was said.
fn said(rig: &Rig, events: &[String]) -> String {
    let mut text = String::new();
    for fact in &rig.facts {
        let Kind::RuleDecided { event, matched, fired, reason, .. } = &fact.kind else { continue };
        let place = events.iter().position(|known| known == event).map_or(0, |place| place + 1);
        let verdict = match (matched, fired) {
            (_, true) => "fired",
            (true, false) => "held",
            (false, false) => "no match",
        };
        let mut reason = reason.replace("2026-01-01T00:", "").replace(".000000Z", "");
        for (place, event) in events.iter().enumerate() {
            reason = reason.replace(event, &format!("#{}", place + 1));
        }
        let at = fact.at.since(Time::VIRTUAL_START).as_secs();
        let reason = reason.replace("; ", "\n    ");
        text.push_str(&format!("{at} #{place} {verdict}\n    {reason}\n"));
    }
    text
}

fn run(rule: &str, events: &[&str]) -> (Rig, Vec<String>) {
    let mut rig = Rig::new(&rules(rule));
    let mut ids = Vec::new();
    for words in events {
        let (at, request) = request(words);
        pass(&mut rig, Time::VIRTUAL_START + at);
        ids.push(rig.status(&request).1);
    }
    let end = rig.now + Duration::from_secs(3_600);
    pass(&mut rig, end);
    (rig, ids)
}

fn check(rule: &str, events: &[&str], want: &Expect) {
    let (rig, ids) = run(rule, events);
    for id in &ids {
        assert!(rig.story(id).state.is_finished(), "nothing is left open");
    }
    want.assert_eq(&said(&rig, &ids));
}

/// Goal: the first event is answered, those within the span are not, each device on its own.
#[test]
fn once_within_answers_the_first() {
    check(
        "when = 'event.name == \"Down\"'\nthrottle = { once_within = \"10s\" }",
        &["0 R1 Down", "1 R1 Down", "2 R2 Down", "3 R1 Other", "9 R1 Down", "10 R1 Down"],
        &expect![[r#"
            0 #1 fired
                event.name is "Down"
                the first within 10s
            1 #2 held
                event.name is "Down"
                held back: once within 10s: #1 was answered, until 00:10
            2 #3 fired
                event.name is "Down"
                the first within 10s
            3 #4 no match
                event.name is "Other"
            9 #5 held
                event.name is "Down"
                held back: once within 10s: #1 was answered, until 00:10
            10 #6 fired
                event.name is "Down"
                the first within 10s
        "#]],
    );
}

/// Goal: what keeps groups apart is the rule's to say; a value that is not there is a group, too.
#[test]
fn groups_are_apart() {
    check(
        "when = 'event.name != \"x\"'\n\
         throttle = { once_within = \"10s\", group_by = [\"event.data.interface\"] }",
        &["0 R1 Down Gi1", "1 R1 Down Gi2", "2 R2 Down Gi1", "3 R2 Down Gi2"],
        &expect![[r#"
            0 #1 fired
                event.name is "Down"
                the first within 10s
            1 #2 fired
                event.name is "Down"
                the first within 10s
            2 #3 held
                event.name is "Down"
                held back: once within 10s: #1 was answered, until 00:10
            3 #4 held
                event.name is "Down"
                held back: once within 10s: #2 was answered, until 00:11
        "#]],
    );
}

/// Goal: one answer for all events of the span, when it is over.
#[test]
fn once_after_answers_at_the_end() {
    check(
        "when = 'event.name == \"Down\"'\nthrottle = { once_after = \"10s\" }",
        &["0 R1 Down", "4 R1 Down", "9 R1 Down", "10 R1 Down"],
        &expect![[r#"
            0 #1 held
                event.name is "Down"
                held back: once after 10s: answered at 00:10
            4 #2 held
                event.name is "Down"
                held back: once after 10s: answered with #1 at 00:10
            9 #3 held
                event.name is "Down"
                held back: once after 10s: answered with #1 at 00:10
            10 #1 fired
                event.name is "Down"
                3 events since 00:00, answered once
            10 #4 held
                event.name is "Down"
                held back: once after 10s: answered at 00:20
            20 #4 fired
                event.name is "Down"
                1 event since 00:10, answered once
        "#]],
    );
}

/// Goal: as many events as are asked for within the span, else none; then from the start.
#[test]
fn accumulate_within_counts() {
    check(
        "when = 'event.name == \"Down\"'\n\
         throttle = { accumulate_within = \"10s\", events = 3 }",
        &["0 R1 Down", "5 R1 Down", "10 R1 Down", "11 R1 Down", "12 R1 Down", "13 R1 Down"],
        &expect![[r#"
            0 #1 held
                event.name is "Down"
                held back: 1 of 3 events within 10s, until 00:10
            5 #2 held
                event.name is "Down"
                held back: 2 of 3 events within 10s, until 00:10
            10 #3 held
                event.name is "Down"
                held back: 1 of 3 events within 10s, until 00:20
            11 #4 held
                event.name is "Down"
                held back: 2 of 3 events within 10s, until 00:20
            12 #5 fired
                event.name is "Down"
                3 events within 10s
            13 #6 held
                event.name is "Down"
                held back: 1 of 3 events within 10s, until 00:23
        "#]],
    );
}

/// Goal: a flapping interface is quiet once its penalty is too high, and is answered again below
/// the reuse limit; another interface is not concerned.
#[test]
fn dampening_follows_the_penalty() {
    check(
        "when = 'event.name == \"Down\"'\ngroup_by = [\"event.device\", \"event.data.interface\"]\n\
         dampen = { half-life = \"10s\" }",
        &[
            "0 R1 Down",
            "1 R1 Down",
            "2 R1 Down",
            "3 R1 Down",
            "4 R1 Down Gi2",
            "20 R1 Down",
            "60 R1 Down",
        ],
        &expect![[r#"
            0 #1 fired
                event.name is "Down"
                penalty 1000 of 2000
            1 #2 fired
                event.name is "Down"
                penalty 1933 of 2000
            2 #3 held
                event.name is "Down"
                held back: dampened: penalty 2803, quiet until 00:17 if nothing more comes
            3 #4 held
                event.name is "Down"
                held back: dampened: penalty 3615, quiet until 00:22 if nothing more comes
            4 #5 fired
                event.name is "Down"
                penalty 1000 of 2000
            20 #6 held
                event.name is "Down"
                held back: dampened: penalty 2112, quiet until 00:31 if nothing more comes
            60 #7 fired
                event.name is "Down"
                penalty 1132 of 2000
        "#]],
    );
}

/// Goal: a rule that has fired is quiet for a while, and comes before the throttle.
#[test]
fn a_rule_cools_down() {
    check(
        "when = 'event.name == \"Down\"'\ncool-down = \"10s\"",
        &["0 R1 Down", "9 R1 Down", "10 R1 Down", "11 R2 Down"],
        &expect![[r#"
            0 #1 fired
                event.name is "Down"
            9 #2 held
                event.name is "Down"
                held back: cools down until 00:10: it fired at 00:00
            10 #3 fired
                event.name is "Down"
            11 #4 fired
                event.name is "Down"
        "#]],
    );
}

/// Goal: any condition is enough, and the reason says which.
#[test]
fn any_of_several() {
    check(
        "any = ['event.name == \"Down\"', 'event.data.interface == \"Gi2\"']",
        &["0 R1 Down", "1 R1 Up Gi2", "2 R1 Up Gi1"],
        &expect![[r#"
            0 #1 fired
                condition 1: event.name is "Down"
            1 #2 fired
                condition 2: event.data.interface is "Gi2"
            2 #3 no match
                condition 1: event.name is "Up"
                condition 2: event.data.interface is "Gi1"
        "#]],
    );
}

/// Goal: all conditions within the span, in any order, over devices; stale ones do not count.
#[test]
fn all_within_a_span() {
    check(
        "all = ['event.device == \"R1\"', 'event.device == \"R2\"']\ntimeout = \"10s\"",
        &["0 R1 Down", "11 R2 Down", "12 R1 Down", "13 R1 Down", "20 R2 Down"],
        &expect![[r#"
            0 #1 held
                condition 1: event.device is "R1"
                held back: 1 of 2 conditions within 10s, without condition 2
            11 #2 held
                condition 2: event.device is "R2"
                held back: 1 of 2 conditions within 10s, without condition 1
            12 #3 fired
                condition 1: event.device is "R1"
                all 2 conditions were met within 10s
            13 #4 held
                condition 1: event.device is "R1"
                held back: 1 of 2 conditions within 10s, without condition 2
            20 #5 fired
                condition 2: event.device is "R2"
                all 2 conditions were met within 10s
        "#]],
    );
}

/// Goal: what must follow and does not is answered, and what follows in time is not.
#[test]
fn not_all_within_a_span() {
    check(
        "not_all = ['event.name == \"Down\"', 'event.name == \"Up\"']\ntimeout = \"10s\"\n\
         group_by = [\"event.device\", \"event.data.interface\"]",
        &["0 R1 Down Gi1", "1 R1 Down Gi2", "2 R1 Down Gi2", "5 R1 Up Gi1", "30 R1 Down Gi1"],
        &expect![[r#"
            0 #1 held
                condition 1: event.name is "Down"
                held back: fires at 00:10 unless condition 2 is met before
            1 #2 held
                condition 1: event.name is "Down"
                held back: fires at 00:11 unless condition 2 is met before
            2 #3 held
                condition 1: event.name is "Down"
                held back: 1 of 2 conditions
                #2 waits for the others
            5 #4 held
                condition 2: event.name is "Up"
                held back: all 2 conditions were met since #1: nothing is missing
            5 #1 held
                condition 1: event.name is "Down"
                held back: #4 came in time
            11 #2 fired
                condition 1: event.name is "Down"
                not all conditions were met within 10s
            30 #5 held
                condition 1: event.name is "Down"
                held back: fires at 00:40 unless condition 2 is met before
            40 #5 fired
                condition 1: event.name is "Down"
                not all conditions were met within 10s
        "#]],
    );
}

/// Goal: dampening, window and throttle work together.
#[test]
fn a_window_goes_before_a_throttle() {
    check(
        "all = ['event.device == \"R1\"', 'event.device == \"R2\"']\ntimeout = \"10s\"\n\
         throttle = { once_within = \"60s\", group_by = [] }",
        &["0 R1 Down", "1 R2 Down", "2 R1 Down", "3 R2 Down"],
        &expect![[r#"
            0 #1 held
                condition 1: event.device is "R1"
                held back: 1 of 2 conditions within 10s, without condition 2
            1 #2 fired
                condition 2: event.device is "R2"
                all 2 conditions were met within 10s
                the first within 60s
            2 #3 held
                condition 1: event.device is "R1"
                held back: 1 of 2 conditions within 10s, without condition 2
            3 #4 held
                condition 2: event.device is "R2"
                held back: once within 60s: #2 was answered, until 01:01
        "#]],
    );
}

/// Goal: an event whose window is open waits, and its story has the job that follows.
#[test]
fn a_story_waits_for_its_window() {
    let rule = "when = 'event.name == \"Down\"'\nthrottle = { once_after = \"10s\" }";
    let mut rig = Rig::new(&rules(rule));
    let (_, event) = rig.status(&request("0 R1 Down").1);
    let story = rig.story(&event);
    assert_eq!((story.state, story.jobs.len()), (State::Waiting, 0));
    assert!(story.rules[0].pending && !story.rules[0].fired());
    rig.settle(Duration::from_secs(60));
    let story = rig.story(&event);
    assert_eq!((story.state, story.jobs.len()), (State::Done, 1));
    assert!(!story.rules[0].pending && story.rules[0].fired());
    assert!(matches!(story.rules[0].actions[..], [ActionVerdict::Job(_)]));
    assert_eq!(rig.automation.next_deadline(), None);
}

/// Goal: a rule that is gone when its window closes answers nothing, and says so.
#[test]
fn a_rule_that_is_gone_answers_nothing() {
    let rule = "when = 'event.name == \"Down\"'\nthrottle = { once_after = \"10s\" }";
    let mut rig = Rig::new(&rules(rule));
    let (_, event) = rig.status(&request("0 R1 Down").1);
    let other = rules(rule).replace("\"r\"", "\"other\"");
    rig.input(crate::Input::Reload(Box::new(crate::testkit::config(&other))));
    rig.settle(Duration::from_secs(60));
    let story = rig.story(&event);
    assert_eq!((story.state, story.jobs.len()), (State::Done, 0));
    assert_eq!(story.rules[0].held.as_deref(), Some("it has gone"));
}

const RULES: [&str; 7] = [
    "when = 'event.name == \"Down\"'\nthrottle = { once_within = \"10s\" }",
    "when = 'event.name == \"Down\"'\nthrottle = { once_after = \"10s\" }",
    "when = 'event.name == \"Down\"'\nthrottle = { accumulate_within = \"20s\", events = 3 }",
    "when = 'event.name == \"Down\"'\ndampen = { half-life = \"10s\" }",
    "when = 'event.name == \"Down\"'\ncool-down = \"10s\"",
    "all = ['event.name == \"Down\"', 'event.name == \"Up\"']\ntimeout = \"10s\"",
    "not_all = ['event.name == \"Down\"', 'event.name == \"Up\"']\ntimeout = \"10s\"\n\
     throttle = { once_within = \"30s\" }",
];

/// The verdicts on disk as a reader sees them in the end: event, fired, why held.
fn verdicts(rig: &Rig) -> Vec<String> {
    let accepted = rig.records().iter().filter_map(|record| match record {
        Record::Accepted(accepted) => Some(accepted.event.id.clone()),
        _ => None,
    });
    let ids: Vec<String> = accepted.collect();
    let place = |text: &str| {
        let numbered = ids.iter().enumerate();
        numbered.fold(text.to_owned(), |text, (place, id)| text.replace(id, &format!("#{place}")))
    };
    let verdict = |id: &String| {
        let story = rig.story(id);
        let rule = &story.rules[0];
        let held = rule.held.as_deref().map(place);
        format!("{} {} {held:?} {}", rule.fired(), place(&rule.reason), rule.actions.len())
    };
    ids.iter().map(verdict).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Goal: a process that is killed and started again at any time, any number of times, decides
    /// what one that was not killed decides; and each event once. Method: random events, each rule,
    /// kills between them and while events are accepted and not decided.
    #[test]
    fn kills_change_no_decision(
        steps in prop::collection::vec((0u64..8, 0usize..3, 0u8..4), 1..25),
        which in 0..RULES.len(),
    ) {
        let listener = rules(RULES[which]);
        let mut whole = Rig::new(&listener);
        let mut killed = Rig::new(&listener);
        for (wait, what, kill) in &steps {
            let words = ["0 R1 Down", "0 R1 Up", "0 R2 Down"][*what];
            let (_, request) = request(words);
            let at = whole.now + Duration::from_secs(*wait);
            pass(&mut whole, at);
            pass(&mut killed, at);
            whole.status(&request);
            match kill {
                0 => {
                    // Accepted and on disk; the decision is lost with the process.
                    killed.slow_disk = true;
                    killed.deliver(&request);
                    killed.disk_answers_once();
                    killed.slow_disk = false;
                    killed.restart(&listener);
                }
                1 => {
                    killed.status(&request);
                    killed.restart(&listener);
                }
                _ => drop(killed.status(&request)),
            }
        }
        let end = whole.now + Duration::from_secs(600);
        pass(&mut whole, end);
        pass(&mut killed, end);
        prop_assert_eq!(verdicts(&killed), verdicts(&whole));
        for rig in [&whole, &killed] {
            let decided: Vec<&str> = rig.records().iter().filter_map(|record| match record {
                Record::Decided(decided) => Some(decided.event.as_str()),
                _ => None,
            }).collect();
            let mut once = decided.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), decided.len());
            let open = verdicts(rig).len();
            prop_assert_eq!(open, decided.len());
        }
    }
}
