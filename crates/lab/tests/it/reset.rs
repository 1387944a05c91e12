//! Power cycles: what is gone, what is as it was at first, and what the neighbours see.

use std::net::{IpAddr, Ipv4Addr};

use fact::{Fact, Kind};
use lab::{Input, Lab, NodeId, Outbox, Output, Post, SessionId, SessionKind, Step};
use simtime::{Duration, Time};

use crate::{accept, shipped};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// After everything of the boot.
const LATER: Time = Time::VIRTUAL_START;

fn at(millis: u64) -> Time {
    LATER + Duration::from_secs(5) + Duration::from_millis(millis)
}

/// Everything up to `end`, posts never answered.
fn run(lab: &mut Lab, end: Time, out: &mut Outbox) {
    while let Some(now) = lab.next_deadline().filter(|&now| now <= end) {
        lab.handle(now, Input::Deadline, out);
    }
}

fn inject(lab: &mut Lab, now: Time, node: &str, words: &str, out: &mut Outbox) {
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    let step = Step::from_words(node, &words, lab).expect("a step of the test");
    lab.handle(now, Input::Inject(&step), out);
}

/// What a fresh session shows after one line.
fn type_line(lab: &mut Lab, node: NodeId, now: Time, session: u64, line: &str) -> String {
    let session = SessionId(session);
    let mut out = Outbox::default();
    let (user, password) = ("admin", "admin");
    lab.handle(now, Input::LoginAsked { node, session, user, password, peer: PEER }, &mut out);
    let kind = SessionKind::Exec(line.to_owned());
    lab.handle(now, Input::SessionOpened { node, session, kind }, &mut out);
    let bytes = out.0.into_iter().filter_map(|output| match output {
        Output::SessionBytes { bytes, .. } => Some(bytes),
        _ => None,
    });
    String::from_utf8(bytes.flatten().collect()).expect("terminals speak ASCII")
}

fn facts<'a>(out: &'a Outbox, node: &'a str) -> impl Iterator<Item = &'a Fact> {
    out.0.iter().filter_map(move |output| match output {
        Output::Fact(fact) if fact.node.as_deref() == Some(node) => Some(fact),
        _ => None,
    })
}

fn posts(out: &Outbox) -> Vec<&Post> {
    let posts = out.0.iter().filter_map(|output| match output {
        Output::Post(post) => Some(post),
        _ => None,
    });
    posts.collect()
}

fn header<'a>(post: &'a Post, name: &str) -> &'a str {
    let mut all = post.headers.iter();
    all.find(|(given, _)| given == name).map_or("", |(_, value)| value)
}

/// Goal: a router that was changed is as it was after its first boot, whatever was changed. Method:
/// shut a port, configure, leave something in the buffer; compare what two commands show before
/// and after, serial number and MAC addresses among it.
#[test]
fn a_reset_router_is_as_it_was_at_first() {
    let mut lab = shipped(1);
    let r1 = lab.node("R1").expect("of the triangle");
    let shows = [
        "show running-config | exclude Last config",
        "show interfaces",
        "show version | include board",
    ];
    let shown = |lab: &mut Lab, now: Time, session: u64| -> Vec<String> {
        let each = shows.iter().zip(session..);
        each.map(|(line, session)| type_line(lab, r1, now, session, line)).collect()
    };
    let mut out = Outbox::default();
    run(&mut lab, at(0), &mut out);
    let first = shown(&mut lab, at(0), 1);
    inject(&mut lab, at(1), "R1", "shutdown Gi2", &mut out);
    assert_ne!(shown(&mut lab, at(2), 11), first);
    lab.handle(at(3_000), Input::Reset(&[r1]), &mut out);
    run(&mut lab, at(10_000), &mut out);
    assert_eq!(shown(&mut lab, at(10_000), 21), first);
    let log = type_line(&mut lab, r1, at(10_001), 31, "show logging");
    let shut = "GigabitEthernet2, changed state to administratively down";
    assert!(log.contains("%SYS-5-RESTART") && !log.contains(shut), "{log}");
}

/// Goal: sessions are cut, and their lines are free; nothing that a session waited for comes to the
/// next one. Method: a shell, a login without a shell, a ping that goes on.
#[test]
fn sessions_are_cut() {
    let mut lab = shipped(1);
    let r1 = lab.node("R1").expect("of the triangle");
    let mut out = Outbox::default();
    for session in [1, 2] {
        let (session, user, password) = (SessionId(session), "admin", "admin");
        let asked = Input::LoginAsked { node: r1, session, user, password, peer: PEER };
        lab.handle(at(0), asked, &mut out);
    }
    let kind = SessionKind::Exec("ping 10.0.99.9".into());
    lab.handle(at(0), Input::SessionOpened { node: r1, session: SessionId(1), kind }, &mut out);
    let seen = lab.nodes().next().expect("R1").sessions;
    let lines: Vec<&str> = seen.iter().map(|session| session.line.as_str()).collect();
    assert_eq!(lines, ["vty 0", "vty 1"]);
    assert_eq!((seen[0].user.as_str(), seen[0].from.as_str()), ("admin", "127.0.0.1"));
    assert_eq!(seen[0].since, at(0));
    out.0.clear();
    lab.handle(at(1_000), Input::Reset(&[r1]), &mut out);
    let cut: Vec<SessionId> = (out.0.iter())
        .filter_map(|output| match output {
            Output::SessionClose { session, status: Some(1), .. } => Some(*session),
            _ => None,
        })
        .collect();
    assert_eq!(cut, [SessionId(1), SessionId(2)]);
    assert!(lab.nodes().all(|node| node.sessions.is_empty()));
    // What the client says before it has heard of its end.
    let late = Input::SessionBytes { node: r1, session: SessionId(1), bytes: b"show clock\r" };
    out.0.clear();
    lab.handle(at(1_001), late, &mut out);
    lab.handle(at(1_001), Input::SessionClosed { node: r1, session: SessionId(1) }, &mut out);
    run(&mut lab, at(20_000), &mut out);
    assert!(!out.0.iter().any(|output| matches!(output, Output::SessionBytes { .. })), "{out:?}");
}

/// Goal: faults that lie in wait at a router end with it, and those of its neighbours do not.
/// Method: logins that fail, at two of them, for longer than the test; one is reset.
#[test]
fn faults_in_wait_are_over() {
    let mut lab = shipped(1);
    let (r1, r2) = (lab.node("R1").expect("R1"), lab.node("R2").expect("R2"));
    let mut out = Outbox::default();
    run(&mut lab, at(0), &mut out);
    for node in ["R1", "R2"] {
        inject(&mut lab, at(1), node, "session fault=auth-failing for=10m", &mut out);
    }
    let clock =
        |lab: &mut Lab, node, now, session| type_line(lab, node, now, session, "show clock");
    assert_eq!(clock(&mut lab, r1, at(2), 1), "");
    lab.handle(at(3_000), Input::Reset(&[r1]), &mut out);
    run(&mut lab, at(10_000), &mut out);
    assert!(clock(&mut lab, r1, at(10_000), 2).contains("UTC"));
    assert_eq!(clock(&mut lab, r2, at(10_000), 3), "");
}

/// Goal: a delivery that is on its way ends quietly; the next one has an id of its own, since the
/// receiver keeps the first. Method: a webhook before a reset, answered after it, one more behind.
#[test]
fn deliveries_end_quietly_and_ids_go_on() {
    let mut lab = shipped(1);
    let r1 = lab.node("R1").expect("of the triangle");
    let mut out = Outbox::default();
    inject(&mut lab, at(0), "R1", "shutdown Gi1", &mut out);
    run(&mut lab, at(500), &mut out);
    let first = posts(&out)[0].clone();
    lab.handle(at(600), Input::Reset(&[r1]), &mut out);
    out.0.clear();
    let outcome = accept(&first);
    lab.handle(at(700), Input::PostOutcome { post: first.post, outcome }, &mut out);
    run(&mut lab, at(60_000), &mut out);
    let told = facts(&out, "R1").any(|fact| matches!(fact.kind, Kind::WebhookAnswered { .. }));
    assert!(!told && posts(&out).is_empty(), "{out:?}");
    inject(&mut lab, at(70_000), "R1", "shutdown Gi1", &mut out);
    run(&mut lab, at(71_000), &mut out);
    let second = posts(&out)[0];
    assert!(!header(second, "webhook-id").is_empty());
    assert_ne!(header(second, "webhook-id"), header(&first, "webhook-id"));
}

/// Goal: the neighbours see their wires go dead and come alive, as a consequence of that fault, and
/// all is as before a second later; nobody else sees anything. Method: R2's facts, and a ping over
/// the cable.
#[test]
fn neighbours_see_their_wires_flap() {
    let mut lab = shipped(1);
    let (r1, r2) = (lab.node("R1").expect("R1"), lab.node("R2").expect("R2"));
    let mut out = Outbox::default();
    run(&mut lab, at(0), &mut out);
    out.0.clear();
    lab.handle(at(0), Input::Reset(&[r1]), &mut out);
    run(&mut lab, at(5_000), &mut out);
    let fault = facts(&out, "R1").next().expect("the fault");
    assert_eq!(fault.kind, Kind::Fault { step: "reset".to_owned(), place: None });
    let said: Vec<String> = facts(&out, "R2")
        .filter_map(|fact| match &fact.kind {
            Kind::Syslog { message, .. } => {
                assert_eq!(fact.trace, fault.trace);
                Some(format!("{} {message}", fact.at.since(at(0))))
            }
            _ => None,
        })
        .collect();
    let line = "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to";
    assert_eq!(said, [format!("0s {line} down"), format!("1s {line} up")]);
    let ups = lab.nodes().map(|node| (node.interfaces.up, node.interfaces.total));
    assert_eq!(ups.collect::<Vec<_>>(), [(3, 5); 3]);
    out.0.clear();
    let all: Vec<NodeId> = lab.nodes().map(|node| node.id).collect();
    lab.handle(at(10_000), Input::Reset(&all), &mut out);
    run(&mut lab, at(20_000), &mut out);
    assert!(
        out.0.iter().all(|output| matches!(output, Output::Fact(fact)
        if matches!(fact.kind, Kind::Fault { .. }))),
        "all at once: nobody is there to see it"
    );
    let _ = r2;
}

/// Goal: the same inputs give the same facts, resets among them (law L1). Method: twice.
#[test]
fn resets_repeat() {
    let play = || {
        let mut lab = shipped(3);
        let r1 = lab.node("R1").expect("of the triangle");
        let mut out = Outbox::default();
        inject(&mut lab, at(0), "R1", "shutdown Gi1", &mut out);
        run(&mut lab, at(400), &mut out);
        lab.handle(at(500), Input::Reset(&[r1]), &mut out);
        inject(&mut lab, at(900), "R1", "shutdown Gi1", &mut out);
        run(&mut lab, at(9_000), &mut out);
        format!("{:?}", out.0)
    };
    assert_eq!(play(), play());
}

/// Goal: an applet's runs are counted, from its registration on. Method: one that a shutdown
/// starts, before and after a reset.
#[test]
fn runs_of_an_applet_are_counted() {
    let mut lab = shipped(1);
    let r1 = lab.node("R1").expect("of the triangle");
    let runs = |lab: &Lab| {
        let applet = lab.details(r1).applets.remove(0);
        (applet.name, applet.event, applet.runs)
    };
    let mut out = Outbox::default();
    let name = || "INTERFACE_DOWN".to_owned();
    assert_eq!(runs(&lab), (name(), "syslog", 0));
    inject(&mut lab, at(0), "R1", "shutdown Gi1", &mut out);
    run(&mut lab, at(500), &mut out);
    assert_eq!(runs(&lab), (name(), "syslog", 1));
    lab.handle(at(600), Input::Reset(&[r1]), &mut out);
    assert_eq!(runs(&lab), (name(), "syslog", 0));
}
