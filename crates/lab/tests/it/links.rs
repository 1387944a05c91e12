//! What a cable does to both of its ends.

use expect_test::{Expect, expect};
use fact::Kind;
use lab::LabOptions;
use simtime::{Duration, Time};

use crate::{SHIPPED, accept, configs, lab_of, play, scenario, topology};

/// The messages and changes of carrier of a run, a line each, on the shipped lab with `change`
/// made in its topology.
fn check(change: (&str, &str), steps: &str, seconds: u64, want: &Expect) {
    let text = SHIPPED.replace(change.0, change.1);
    let (lab, sink) = lab_of(&topology(&text, configs()), LabOptions::virtual_time(1));
    assert!(sink.is_empty(), "{}", diagnostic::render(&sink, false));
    let mut lab = lab.expect("no diagnostic");
    let scenario = scenario(steps, &lab);
    let facts = play(&mut lab, &scenario, Duration::from_secs(seconds), accept);
    let mut lines = String::new();
    for fact in facts {
        let node = fact.node.as_deref().unwrap_or_default();
        let at = fact.at.since(Time::VIRTUAL_START).as_millis();
        let what = match fact.kind {
            Kind::Syslog { message, .. } if message.contains("Interface") => message,
            Kind::Carrier { interface, up } => format!("carrier of {interface}: {up}"),
            _ => continue,
        };
        let what = what.replace("GigabitEthernet", "Gi").replace("Interface ", "");
        lines.push_str(&format!("{at} {node} {what}\n"));
    }
    want.assert_eq(&lines);
}

const LINK: (&str, &str) = (
    "endpoints = [\"R1:GigabitEthernet1\", \"R2:GigabitEthernet1\"]",
    "endpoints = [\"R1:GigabitEthernet1\", \"R2:GigabitEthernet1\"]",
);

/// Goal: a shutdown takes the other end's carrier away, and brings it back. Method: a transcript.
#[test]
fn a_shutdown_is_seen_at_the_other_end() {
    let steps = "[[steps]]\nat = \"1s\"\nnode = \"R1\"\nshutdown = \"Gi1\"\n\
                 [[steps]]\nat = \"5s\"\nnode = \"R1\"\nno-shutdown = \"Gi1\"\n";
    check(
        LINK,
        steps,
        9,
        &expect![[r#"
             1000 R1 %LINK-5-CHANGED: Gi1, changed state to administratively down
             1000 R2 carrier of Gi1: false
             1000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             2000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             2000 R2 %LINK-3-UPDOWN: Gi1, changed state to down
             5000 R1 %LINK-3-UPDOWN: Gi1, changed state to up
             5000 R2 carrier of Gi1: true
             5000 R2 %LINK-3-UPDOWN: Gi1, changed state to up
             6000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
             6000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
        "#]],
    );
}

/// Goal: of a vNIC the other end notices nothing, unless the cable is cut. Method: a transcript.
#[test]
fn a_vnic_keeps_its_carrier() {
    let vnic = format!("{}\ncarrier = \"virtual\"", LINK.1);
    let steps = "[[steps]]\nat = \"1s\"\nnode = \"R1\"\nshutdown = \"Gi1\"\n\
                 [[steps]]\nat = \"5s\"\nlink-cut = \"R2:Gi1\"\n";
    check(
        (LINK.0, &vnic),
        steps,
        9,
        &expect![[r#"
             1000 R1 %LINK-5-CHANGED: Gi1, changed state to administratively down
             2000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             5000 R1 carrier of Gi1: false
             5000 R2 carrier of Gi1: false
             5000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             6000 R2 %LINK-3-UPDOWN: Gi1, changed state to down
        "#]],
    );
}

/// Goal: both ends of a cable that is cut speak at once, and again when it is mended; a delay is
/// no delay of a cut. Method: a transcript.
#[test]
fn a_cut_is_seen_at_both_ends() {
    let slow = format!("{}\ndelay = \"30ms\"", LINK.1);
    let steps = "[[steps]]\nat = \"1s\"\nlink-cut = \"R1:Gi1 <-> R2:Gi1\"\n\
                 [[steps]]\nat = \"4s\"\nnode = \"R2\"\nshutdown = \"Gi1\"\n\
                 [[steps]]\nat = \"5s\"\nlink-restore = \"R2:Gi1\"\n\
                 [[steps]]\nat = \"8s\"\nnode = \"R2\"\nno-shutdown = \"Gi1\"\n";
    check(
        (LINK.0, &slow),
        steps,
        12,
        &expect![[r#"
             1000 R1 carrier of Gi1: false
             1000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             1000 R2 carrier of Gi1: false
             1000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             2000 R1 %LINK-3-UPDOWN: Gi1, changed state to down
             2000 R2 %LINK-3-UPDOWN: Gi1, changed state to down
             4000 R2 %LINK-5-CHANGED: Gi1, changed state to administratively down
             5000 R2 carrier of Gi1: true
             8000 R2 %LINK-3-UPDOWN: Gi1, changed state to up
             8030 R1 carrier of Gi1: true
             8030 R1 %LINK-3-UPDOWN: Gi1, changed state to up
             9000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
             9030 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
        "#]],
    );
}

/// Goal: a flap is as many cuts as it says, with its duty. Method: the carrier's changes.
#[test]
fn a_flap_is_a_row_of_cuts() {
    let steps = "[[steps]]\nat = \"1s\"\n\
                 link-flap = { link = \"R1:Gi1\", count = 2, period = \"4s\", duty = 25 }\n";
    check(
        LINK,
        steps,
        12,
        &expect![[r#"
             1000 R1 carrier of Gi1: false
             1000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             1000 R2 carrier of Gi1: false
             1000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             2000 R1 %LINK-3-UPDOWN: Gi1, changed state to down
             2000 R1 carrier of Gi1: true
             2000 R1 %LINK-3-UPDOWN: Gi1, changed state to up
             2000 R2 %LINK-3-UPDOWN: Gi1, changed state to down
             2000 R2 carrier of Gi1: true
             2000 R2 %LINK-3-UPDOWN: Gi1, changed state to up
             3000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
             3000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
             5000 R1 carrier of Gi1: false
             5000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             5000 R2 carrier of Gi1: false
             5000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to down
             6000 R1 %LINK-3-UPDOWN: Gi1, changed state to down
             6000 R1 carrier of Gi1: true
             6000 R1 %LINK-3-UPDOWN: Gi1, changed state to up
             6000 R2 %LINK-3-UPDOWN: Gi1, changed state to down
             6000 R2 carrier of Gi1: true
             6000 R2 %LINK-3-UPDOWN: Gi1, changed state to up
             7000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
             7000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
        "#]],
    );
}

/// Goal: a router whose neighbour starts with its port shut down starts with a dead wire, and says
/// nothing of it. Method: the neighbour's port comes up.
#[test]
fn a_lab_can_start_with_a_dark_wire() {
    let other = "endpoints = [\"R1:GigabitEthernet3\", \"R2:GigabitEthernet1\"]";
    let steps = "[[steps]]\nat = \"2s\"\nnode = \"R1\"\nno-shutdown = \"Gi3\"\n";
    check(
        (LINK.0, other),
        steps,
        5,
        &expect![[r#"
             2000 R1 %LINK-3-UPDOWN: Gi3, changed state to up
             2000 R2 carrier of Gi1: true
             2000 R2 %LINK-3-UPDOWN: Gi1, changed state to up
             3000 R1 %LINEPROTO-5-UPDOWN: Line protocol on Gi3, changed state to up
             3000 R2 %LINEPROTO-5-UPDOWN: Line protocol on Gi1, changed state to up
        "#]],
    );
}

/// Goal: a port of hardware is dark without a cable, that of a virtual router is not. Method: R2
/// becomes a switch, with one cable to R1.
#[test]
fn a_port_without_a_cable() {
    let text = "[lab]\nname = \"a\"\n[defaults.node]\nusername = \"a\"\npassword = \"b\"\n\
                [nodes.R1]\n[nodes.S1]\nplatform = \"cat9k\"\n\
                [[links]]\nendpoints = [\"R1:Gi1\", \"S1:Gi1/0/1\"]\n";
    let (lab, sink) = lab_of(&topology(text, configs()), LabOptions::virtual_time(1));
    assert!(sink.is_empty(), "{}", diagnostic::render(&sink, false));
    let lab = lab.expect("no diagnostic");
    let up = |node: &str| {
        let views = lab.details(lab.node(node).expect("a node")).interfaces;
        let up = views.into_iter().filter(|view| view.status == "up");
        up.map(|view| view.name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(up("R1"), "GigabitEthernet1 GigabitEthernet2 GigabitEthernet3 GigabitEthernet4");
    assert_eq!(up("S1"), "GigabitEthernet1/0/1 AppGigabitEthernet1/0/1");
}
