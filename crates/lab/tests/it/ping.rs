//! Ping between routers, typed at a terminal.

use lab::{Input, Lab, NodeId, Outbox, Output, SessionId, SessionKind, Step};
use simtime::{Duration, Time};

use crate::shipped;

const PEER: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const SESSION: SessionId = SessionId(1);

/// What a terminal of `node` shows from `at` on, after one line was typed.
fn type_line(lab: &mut Lab, node: NodeId, at: Time, line: &str) -> String {
    let mut out = Outbox::default();
    let (user, password) = ("admin", "admin");
    let session = SESSION;
    lab.handle(at, Input::LoginAsked { node, session, user, password, peer: PEER }, &mut out);
    lab.handle(at, Input::SessionOpened { node, session, kind: SessionKind::Shell }, &mut out);
    let bytes = format!("{line}\r").into_bytes();
    lab.handle(at, Input::SessionBytes { node, session, bytes: &bytes }, &mut out);
    let end = at + Duration::from_secs(15);
    while let Some(now) = lab.next_deadline().filter(|&now| now <= end) {
        lab.handle(now, Input::Deadline, &mut out);
    }
    lab.handle(end, Input::SessionClosed { node, session }, &mut out);
    let bytes = out.0.into_iter().filter_map(|output| match output {
        Output::SessionBytes { bytes, .. } => Some(bytes),
        _ => None,
    });
    String::from_utf8(bytes.flatten().collect()).expect("terminals speak ASCII")
}

/// Goal: an address answers when it is the router's own or at the other end of a living cable, and
/// knows the way back. Method: a table of pings in the triangle.
#[test]
fn neighbours_answer() {
    let table = [
        ("ping 10.0.12.2", "!!!!!"),
        ("ping 10.0.12.1", "!!!!!"),
        ("ping 10.0.0.1", "!!!!!"),
        ("ping 10.0.12.3", "....."),
        ("ping 10.0.23.2", "....."),
        ("ping 10.0.12.2 source Loopback0", "....."),
    ];
    for (line, marks) in table {
        let mut lab = shipped(1);
        let r1 = lab.node("R1").expect("R1 is in the triangle");
        let shown = type_line(&mut lab, r1, Time::VIRTUAL_START + Duration::from_secs(5), line);
        assert!(shown.contains(marks), "{line}: {shown}");
    }
}

/// Goal: a shutdown at the far end is felt. Method: R2's interface goes down first.
#[test]
fn a_neighbour_that_is_down_does_not_answer() {
    let mut lab = shipped(1);
    let words = ["shutdown".to_owned(), "Gi1".to_owned()];
    let step = Step::from_words("R2", &words, &lab).expect("R2 has it");
    let start = Time::VIRTUAL_START + Duration::from_secs(1);
    lab.handle(start, Input::Inject(&step), &mut Outbox::default());
    let r1 = lab.node("R1").expect("R1 is in the triangle");
    let shown = type_line(&mut lab, r1, start + Duration::from_secs(5), "ping 10.0.12.2");
    assert!(shown.contains("....."), "{shown}");
}
