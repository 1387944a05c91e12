//! What neighbours, modules and configuration tell the applets.

use std::sync::Arc;

use expect_test::expect;
use fact::Kind;
use iosxe::{Beat, Hello, Input, Output, Stimulus};
use simtime::Duration;

use crate::driver::Router;

fn hello(device: &str, description: &str) -> Arc<Hello> {
    let (every, hold) = (Duration::from_secs(30), Duration::from_secs(120));
    Arc::new(Hello {
        device: device.to_owned(),
        port: "GigabitEthernet2".to_owned(),
        description: Some(description.to_owned()),
        address: None,
        mac: "5254.0012.3401".to_owned(),
        platform: "C8000V",
        version: "Cisco IOS Software [Dublin]",
        cdp: Some(Beat { every, hold }),
        lldp: Some(Beat { every, hold }),
    })
}

/// What applets said, each with the milliseconds since the start; then forgets all.
fn said(router: &mut Router) -> String {
    let messages = router.messages();
    let by_applets = messages.iter().filter_map(|line| line.split_once(" %HA_EM-6-LOG: "));
    by_applets.map(|(millis, text)| format!("{millis} {text}\n")).collect()
}

/// Goal: a neighbour that comes, changes and goes is told with what is known of it. Method: applets
/// that say their variables.
#[test]
fn neighbors() {
    let mut router = Router::new(
        r#"cdp run
lldp run
event manager applet CDP
 event neighbor-discovery interface GigabitEthernet1 cdp all
 action 1 syslog msg "$_nd_proto_notif $_nd_cdp_entry_name $_nd_port_id $_nd_short_local_intf_name"
 action 2 syslog msg "$_nd_cdp_platform, $_nd_cdp_capabilities_string, $_nd_cdp_capabilities_bits_0"
event manager applet LLDP
 event neighbor-discovery interface regexp .*Ethernet.* lldp update
 action 1 syslog msg "$_nd_lldp_system_name $_nd_port_id ($_nd_lldp_port_description)"
"#,
    );
    let mut hear = |hello: Option<Arc<Hello>>| {
        router.tell(Input::Heard { interface: "GigabitEthernet1", hello });
        router.wait_ms(200_000);
    };
    hear(Some(hello("R2", "old")));
    hear(Some(hello("R2", "new")));
    hear(None);
    expect![[r#"
        3 CDP: add R2 GigabitEthernet2 Gi1
        3 CDP: cisco C8000V, Router IGMP, 1
        200003 CDP: update R2 GigabitEthernet2 Gi1
        200003 CDP: cisco C8000V, Router IGMP, 1
        200003 LLDP: R2 Gi2 (new)
        500003 CDP: delete R2 GigabitEthernet2 Gi1
        500003 CDP: cisco C8000V, Router IGMP, 1
    "#]]
    .assert_eq(&said(&mut router));
}

/// Goal: a port's link and line protocol are told, with the words of the option. Method: an applet
/// for each.
#[test]
fn ports() {
    let mut router = Router::new(
        r#"event manager applet LINK
 event neighbor-discovery interface gi1 link-event all
 action 1 syslog msg "$_nd_local_intf_name is $_nd_intf_linkstatus"
event manager applet LINE
 event neighbor-discovery interface gi1 line-event down
 action 1 syslog msg "line protocol of $_nd_short_local_intf_name is $_nd_intf_linestatus"
"#,
    );
    router.configure(&["interface gi1", "shutdown"]);
    router.wait_ms(5_000);
    router.configure(&["interface gi1", "no shutdown"]);
    router.wait_ms(5_000);
    router.carrier("GigabitEthernet1", false, None);
    router.wait_ms(5_000);
    expect![[r#"
        3 LINK: GigabitEthernet1 is admindown
        3 LINE: line protocol of Gi1 is down
        5003 LINK: GigabitEthernet1 is up
        10003 LINK: GigabitEthernet1 is down
        10003 LINE: line protocol of Gi1 is down
    "#]]
    .assert_eq(&said(&mut router));
}

/// Goal: a module that is drawn and put back is told. Method: an applet for both, one for one.
#[test]
fn modules() {
    let mut router = Router::new(
        r#"event manager applet BOTH
 event oir
 action 1 syslog msg "$_oir_event $_oir_slot"
"#,
    );
    for is_in in [false, false, true] {
        router.tell(Input::Stimulus { stimulus: Stimulus::Module { is_in }, trace: None });
        router.wait_ms(5_000);
    }
    expect![[r#"
        3 BOTH: removal 0/0
        10003 BOTH: insert 0/0
    "#]]
    .assert_eq(&said(&mut router));
}

/// Goal: leaving configuration mode is told once, and only if a line was changed. Method: visits
/// with and without a change, and the count of runs.
#[test]
fn configuration() {
    let mut router =
        Router::new("event manager applet SEES\n event config\n action 1 set seen yes\n");
    let runs = |router: &mut Router| {
        router.wait_ms(1_000);
        let started = |(_, output): &&(_, Output)| {
            matches!(output, Output::Fact { kind: Kind::AppletTriggered { .. }, .. })
        };
        let count = router.seen.iter().filter(started).count();
        router.seen.clear();
        count
    };
    assert_eq!(runs(&mut router), 0, "the startup-config is nobody's change");
    router.configure(&["interface gi1", "description x", "bandwidth 10"]);
    assert_eq!(runs(&mut router), 1);
    router.configure(&["do show clock", "wrong"]);
    assert_eq!(runs(&mut router), 0, "nothing was changed");
    let session = router.open(iosxe::SessionKind::Shell);
    router.typed(session, "configure terminal\nhostname R9\nend\n");
    assert_eq!(runs(&mut router), 1);
}
