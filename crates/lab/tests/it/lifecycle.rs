//! Reloads, crashes, clocks, guesses and messages of the lab: what neighbours and collectors see.

use fact::{Fact, Kind};
use lab::{Input, Lab, LoginVerdict, Outbox, Output, SessionId, SessionKind, Step};
use simtime::{Duration, Time};

use crate::{accept, kinds, play, scenario, shipped};

/// The facts of a scenario with one step at 1 s, over so many seconds.
fn facts(step: &str, secs: u64) -> Vec<Fact> {
    let mut lab = shipped(1);
    let text = format!("[[steps]]\nat = \"1s\"\nnode = \"R1\"\n{step}\n");
    let scenario = scenario(&text, &lab);
    play(&mut lab, &scenario, Duration::from_secs(secs), accept)
}

/// Messages as `milliseconds node message`, first lines only.
fn messages(facts: &[Fact]) -> Vec<String> {
    let message = |fact: &Fact| match &fact.kind {
        Kind::Syslog { message, .. } => {
            let millis = fact.at.since(Time::VIRTUAL_START).as_millis();
            let node = fact.node.as_deref().unwrap_or_default();
            Some(format!("{millis} {node} {}", message.lines().next().unwrap_or_default()))
        }
        _ => None,
    };
    facts.iter().filter_map(message).collect()
}

/// Goal: a reload is told by the router, seen by its neighbours, and over when its boot is. Method:
/// a step with a boot of 20 s; order and instants of what is said, one trace over all of it.
#[test]
fn a_reload_goes_round() {
    let facts = facts("reload = { reason = \"new image\", boot = \"20s\" }", 30);
    let said = messages(&facts);
    assert_eq!(
        said[0],
        "1000 R1 %SYS-5-RELOAD: Reload requested by console. Reload Reason: new image."
    );
    let dark: Vec<&String> = said.iter().filter(|line| line.contains("to down")).collect();
    assert!(dark.iter().any(|line| line.starts_with("1000 R2 %LINEPROTO-5-UPDOWN")), "{dark:#?}");
    assert!(dark.iter().any(|line| line.starts_with("2000 R2 %LINK-3-UPDOWN")), "{dark:#?}");
    let mut silent = said.iter().filter(|line| line.contains(" R1 ") && !line.starts_with("1000 "));
    assert!(silent.clone().all(|line| line.starts_with("21000 R1 ")), "{said:#?}");
    let last = silent.next_back().expect("the boot is told");
    assert_eq!(last, "21000 R1 %SYS-6-BOOTTIME: Time taken to reboot after reload =   20 seconds");
    assert!(said.iter().any(|line| line.starts_with("21000 R2 %LINK-3-UPDOWN")), "{said:#?}");
    let booted = facts.iter().find(|fact| matches!(fact.kind, Kind::Booted { .. }));
    let booted = booted.expect("it boots");
    assert_eq!(booted.trace, facts[0].trace, "a boot follows from its fault");
}

/// Goal: a crash says nothing at its instant. Method: the kinds of the first facts of the node.
#[test]
fn a_crash_is_silent() {
    let facts = facts("crash = \"Critical process fault\"", 2);
    let kinds = kinds(&facts);
    assert_eq!(&kinds[..2], ["R1 fault", "R1 reloading"]);
    assert!(messages(&facts).iter().all(|line| !line.contains(" R1 ")));
}

/// Goal: a router that is down lets nobody in, and `write memory` outlives it. Method: sessions
/// before, during and after a reload.
#[test]
fn what_is_saved_comes_back() {
    let mut lab = shipped(1);
    let node = lab.node("R1").expect("a shipped router");
    let mut now = Time::VIRTUAL_START;
    let lines = ["configure terminal", "hostname EDGE", "end", "write memory"];
    let typed: String = lines.iter().map(|line| format!("{line}\r")).collect();
    assert_eq!(shell(&mut lab, now, 1, &typed).0, Some(LoginVerdict::Accepted));
    let words = ["reload".to_owned(), "test".to_owned()];
    let step = Step::from_words("R1", &words, &lab).expect("a step");
    let mut out = Outbox::default();
    lab.handle(now, Input::Inject(&step), &mut out);
    lab.handle(now, Input::Deadline, &mut out);
    let closed =
        |output: &Output| matches!(output, Output::SessionClose { session: SessionId(1), .. });
    assert!(out.0.iter().any(closed), "the session is cut");
    assert!(!lab.takes_connections(node, now));
    assert_eq!(shell(&mut lab, now, 2, "").0, Some(LoginVerdict::Down));
    now += Duration::from_secs(60);
    lab.handle(now, Input::Deadline, &mut out);
    let (verdict, text) = shell(&mut lab, now, 3, "show version | include reason\r");
    assert_eq!(verdict, Some(LoginVerdict::Accepted));
    assert!(text.contains("EDGE#") && text.contains("Last reload reason: test"), "{text}");
}

/// Logs in at R1, opens a shell and types; the verdict, and what is printed.
fn shell(lab: &mut Lab, now: Time, id: u64, typed: &str) -> (Option<LoginVerdict>, String) {
    let (node, session) = (lab.node("R1").expect("a shipped router"), SessionId(id));
    let peer = [127, 0, 0, 1].into();
    let mut out = Outbox::default();
    let asked = Input::LoginAsked { node, session, user: "admin", password: "admin", peer };
    lab.handle(now, asked, &mut out);
    lab.handle(now, Input::SessionOpened { node, session, kind: SessionKind::Shell }, &mut out);
    lab.handle(now, Input::SessionBytes { node, session, bytes: typed.as_bytes() }, &mut out);
    let mut bytes = Vec::new();
    let mut verdict = None;
    for output in out.0 {
        match output {
            Output::SessionBytes { bytes: more, .. } => bytes.extend(more),
            Output::LoginVerdict { verdict: given, .. } => verdict = Some(given),
            _ => {}
        }
    }
    (verdict, String::from_utf8_lossy(&bytes).into_owned())
}

/// Goal: guesses come one each period, from the address that the step names, as one fault. Method:
/// four guesses, their instants and the fact of the first.
#[test]
fn guesses_come_one_by_one() {
    let step = "login-failures = { user = \"root\", count = 4, period = \"2s\" }";
    let facts = facts(step, 20);
    let logins: Vec<&Fact> =
        facts.iter().filter(|fact| matches!(fact.kind, Kind::Login { .. })).collect();
    let seconds: Vec<u64> =
        logins.iter().map(|fact| fact.at.since(Time::VIRTUAL_START).as_secs()).collect();
    assert_eq!(seconds, [1, 3, 5, 7]);
    assert!(logins.iter().all(|fact| fact.trace == facts[0].trace));
    let Kind::Login { user, peer, accepted, reason, .. } = &logins[0].kind else { panic!() };
    assert_eq!((user.as_str(), peer.as_str(), *accepted), ("root", "203.0.113.66", false));
    assert_eq!(reason.as_deref(), Some("authentication failed"));
}

/// Goal: a clock is set for one router, and a raw message is one of IOS XE's. Method: a table of
/// steps and the message that follows.
#[test]
fn clocks_and_messages() {
    let table = [
        (
            "clock-set = \"2026-02-03T04:05:06Z\"",
            "1000 R1 %SYS-6-CLOCKUPDATE: System clock has been updated from 00:00:01 UTC Thu Jan 1 \
             2026 to 04:05:06 UTC Tue Feb 3 2026, configured from console by console.",
        ),
        (
            "clock-set = { by = \"-30s\" }",
            "1000 R1 %SYS-6-CLOCKUPDATE: System clock has been updated from 00:00:01 UTC Thu Jan 1 \
             2026 to 23:59:31 UTC Wed Dec 31 2025, configured from console by console.",
        ),
        ("syslog = \"%FOO-BAR-4-BAZ: it rains\"", "1000 R1 %FOO-BAR-4-BAZ: it rains"),
    ];
    for (step, want) in table {
        assert_eq!(messages(&facts(step, 2)), [want], "{step}");
    }
}

/// Goal: mistakes of these steps are explained, and their words mean what they print. Method: a
/// table.
#[test]
fn words_are_steps() {
    let lab = shipped(1);
    let table = [
        ("reload moving house", Ok("reload moving house")),
        ("reload reason=x boot=90s", Ok("reload reason=x boot=90s")),
        ("crash cause=x boot=1parsec", Err("boot")),
        ("reload why=x", Err("unknown key `why`")),
        ("clock-set tomorrow", Err("is no setting of a clock")),
        ("clock-set by=5m", Err("expected a sign")),
        ("clock-set by=+5m", Ok("clock-set by=+5m")),
        ("syslog hello", Err("no message of a router")),
        ("login-failures count=2", Err("missing key `user`")),
        ("login-failures user=a count=0", Err("out of bounds")),
        ("login-failures user=a", Ok("login-failures user=a count=1 period=1s from=203.0.113.66")),
    ];
    for (text, want) in table {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let got = Step::from_words("R1", &words, &lab).map(|step| step.to_string());
        match (&got, want) {
            (Ok(got), Ok(want)) => assert_eq!(got, want),
            (Err(got), Err(want)) => assert!(got.contains(want), "{got}"),
            (got, want) => panic!("{text}: {got:?}, not {want:?}"),
        }
    }
}
