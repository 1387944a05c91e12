//! Objects that follow what answers at the other end of a cable.

use std::collections::BTreeMap;

use expect_test::expect;
use fact::Kind;
use lab::LabOptions;
use simtime::{Duration, Time};

use crate::{SHIPPED, accept, configs, lab_of, play, scenario, topology};

/// What R1 watches: R2's address on their cable.
const WATCH: &str = "\
track 1 ip sla 1 reachability
ip sla 1
 icmp-echo 10.0.12.2 source-interface GigabitEthernet1
  timeout 1000
  frequency 5
ip sla schedule 1 life forever start-time now
event manager applet AWAY
 event track 1 state any
 action 1.0 syslog msg \"R2 is $_track_state\"
";

/// Goal: a far end that answers no more, though the cable lives, is noticed by the next request,
/// and so is its return. Method: R2 takes another address for a while; R1's messages about it.
#[test]
fn the_far_end_is_watched() {
    let mut configs: BTreeMap<&'static str, String> = configs();
    let text = configs.get_mut("configs/R1.cfg").expect("a router of the triangle");
    text.insert_str(0, WATCH);
    let (lab, sink) = lab_of(&topology(SHIPPED, configs), LabOptions::virtual_time(1));
    assert!(sink.is_empty(), "{}", diagnostic::render(&sink, false));
    let mut lab = lab.expect("no diagnostic");
    let steps = "\
[[steps]]
at = \"12s\"
node = \"R2\"
configure = { lines = [\"interface Gi1\", \"ip address 10.0.12.9 255.255.255.0\"] }

[[steps]]
at = \"31s\"
node = \"R2\"
configure = { lines = [\"interface Gi1\", \"ip address 10.0.12.2 255.255.255.0\"] }
";
    let scenario = scenario(steps, &lab);
    let facts = play(&mut lab, &scenario, Duration::from_secs(60), accept);
    let lines = facts.iter().filter_map(|fact| match &fact.kind {
        Kind::Syslog { message, .. } if message.contains("TRACK") || message.contains("AWAY") => {
            let at = fact.at.since(Time::VIRTUAL_START).as_millis();
            let node = fact.node.as_deref().unwrap_or_default();
            Some(format!("{at} {node} {message}\n"))
        }
        _ => None,
    });
    expect![[r#"
        1001 R1 %TRACK-6-STATE: 1 ip sla 1 reachability Down -> Up
        1004 R1 %HA_EM-6-LOG: AWAY: R2 is up
        17000 R1 %TRACK-6-STATE: 1 ip sla 1 reachability Up -> Down
        17003 R1 %HA_EM-6-LOG: AWAY: R2 is down
        36001 R1 %TRACK-6-STATE: 1 ip sla 1 reachability Down -> Up
        36004 R1 %HA_EM-6-LOG: AWAY: R2 is up
    "#]]
    .assert_eq(&lines.collect::<String>());
}
