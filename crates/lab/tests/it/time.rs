//! NTP over the cables of a lab.

use expect_test::expect;
use fact::Kind;
use lab::LabOptions;
use simtime::{Duration, Time};

use crate::{SHIPPED, accept, configs, lab_of, play, scenario, topology};

/// Goal: the time goes from router to router, and stops at a cut. Method: R3 asks R2, which asks
/// R1; the cable between R1 and R2 is cut at 600 s.
#[test]
fn time_goes_from_router_to_router() {
    let mut configs = configs();
    let lines = [
        ("configs/R1.cfg", "ntp master 3\n"),
        ("configs/R2.cfg", "ntp logging\nntp server 10.0.12.1 iburst\n"),
        ("configs/R3.cfg", "ntp logging\nntp server 10.0.23.2 iburst\n"),
    ];
    for (path, lines) in lines {
        configs.get_mut(path).expect("a router of the triangle").insert_str(0, lines);
    }
    let (lab, _) = lab_of(&topology(SHIPPED, configs), LabOptions::virtual_time(1));
    let mut lab = lab.expect("no diagnostic");
    let steps = "[[steps]]\nat = \"600s\"\nlink-cut = \"R1:Gi1\"\n";
    let scenario = scenario(steps, &lab);
    let facts = play(&mut lab, &scenario, Duration::from_secs(3_000), accept);
    let mut story = String::new();
    for fact in facts {
        let Kind::Syslog { message, .. } = fact.kind else { continue };
        if message.contains("NTP") {
            let at = fact.at.since(Time::VIRTUAL_START).as_millis();
            story += &format!("{at} {} {message}\n", fact.node.as_deref().unwrap_or_default());
        }
    }
    expect![[r#"
        2001 R2 %NTP-6-PEERREACH: Peer 10.0.12.1 is reachable
        2001 R3 %NTP-6-PEERREACH: Peer 10.0.23.2 is reachable
        274001 R2 %NTP-5-PEERSYNC: NTP synced to peer 10.0.12.1
        530001 R3 %NTP-5-PEERSYNC: NTP synced to peer 10.0.23.2
        1234000 R2 %NTP-4-PEERUNREACH: Peer 10.0.12.1 is unreachable
        1234000 R2 %NTP-4-UNSYNC: NTP sync is lost
        1234001 R3 %NTP-4-UNSYNC: NTP sync is lost
    "#]]
    .assert_eq(&story);
}
