//! Applets of a course on a whole router, where what the router answers decides.

use expect_test::{Expect, expect};
use iosxe::SessionKind;

use crate::driver::Router;

/// An applet of the `eem` crate's tests.
macro_rules! applet {
    ($file:literal) => {
        include_str!(concat!("../../../eem/tests/applets/", $file))
    };
}

/// Types lines on a router with this configuration, and compares what is logged in a minute.
fn check(config: &str, typed: &[&str], want: Expect) {
    let mut router = Router::new(config);
    let session = router.open(SessionKind::Shell);
    for line in typed {
        router.typed(session, &format!("{line}\r"));
        router.wait_ms(10_000);
    }
    let messages = router.messages();
    let about = messages.iter().filter(|line| !line.contains("%LIN"));
    let about: Vec<&str> = about.map(String::as_str).collect();
    want.assert_eq(&(about.join("\n") + "\n"));
}

/// Goal: the archive has to log what the applet waits for. Method: the same lines without it, and
/// with it.
#[test]
fn config_watch_needs_the_archive() {
    let typed = ["configure terminal", "interface Loopback0", "end"];
    check(
        applet!("config-watch.cfg"),
        &typed,
        expect![[r#"
        20000 %SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.1)
    "#]],
    );
    let archive = "archive\n log config\n  logging enable\n  notify syslog contenttype plaintext\n";
    let config = archive.to_owned() + applet!("config-watch.cfg");
    check(
        &config,
        &typed,
        expect![[r#"
        10000 %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:interface Loopback0 
        10003 %HA_EM-6-LOG: CONFIG_WATCH: admin typed interface Loopback0 
        20000 %SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.1)
    "#]],
    );
}

/// Goal: the router has no curl, and says so to the applet.
#[test]
fn hand_post_finds_no_curl() {
    check(
        applet!("hand-post.cfg"),
        &["event manager run HAND_POST"],
        expect![[r#"
        3 %HA_EM-3-LOG: HAND_POST: the router knows no curl
    "#]],
    );
}

/// Goal: with labels of one length the applet tells of a port, of its link and its line protocol.
/// Method: the port is shut and opened.
#[test]
fn port_status_tells_of_ports() {
    let typed = ["configure terminal", "interface GigabitEthernet1", "shutdown", "no shutdown"];
    check(
        applet!("port-status-padded.cfg"),
        &typed,
        expect![[r#"
        21003 %HA_EM-6-LOG: PORT_STATUS: told of GigabitEthernet1 at R1
        30003 %HA_EM-6-LOG: PORT_STATUS: told of GigabitEthernet1 at R1
        31003 %HA_EM-6-LOG: PORT_STATUS: told of GigabitEthernet1 at R1
    "#]],
    );
}

/// Goal: with labels as one counts it fails at its second statement, and hears of links only.
/// Method: typed at the console, which goes on where a startup-config would be refused.
#[test]
fn port_status_fails_at_its_tenth_label() {
    let mut router = Router::new("");
    let lines: Vec<&str> = applet!("port-status.cfg").lines().collect();
    router.configure(&lines);
    for line in ["shutdown", "no shutdown"] {
        router.configure(&["interface GigabitEthernet1", line]);
        router.wait_ms(10_000);
    }
    let messages = router.messages();
    let about = messages.iter().filter(|line| !line.contains("%SYS"));
    let about: Vec<&str> = about.map(String::as_str).collect();
    expect![[r#"
        0 %LINK-5-CHANGED: Interface GigabitEthernet1, changed state to administratively down
        1000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to down
        10000 %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to up
        10003 %HA_EM-3-FMPD_UNKNOWN_ENV: fh_parse_var: could not find environment variable: port
        10003 %HA_EM-3-FMPD_ERROR: Error executing applet PORT_STATUS statement 10.0
        11000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to up
    "#]]
    .assert_eq(&(about.join("\n") + "\n"));
}

/// Goal: an applet that raises itself does so on a router, and is held. Method: one message that it
/// waits for, and half a minute.
#[test]
fn error_watch_raises_itself() {
    let mut router = Router::new(applet!("error-watch.cfg"));
    let session = router.open(SessionKind::Shell);
    router.typed(session, "send log 3 an ERROR\r");
    router.wait_ms(30_000);
    let messages = router.messages();
    let count = |text: &str| messages.iter().filter(|line| line.contains(text)).count();
    assert_eq!((count("told of an ERROR"), count("EVENT_STORM")), (100, 1), "{messages:?}");
}

/// Goal: blocks that do not pair keep an applet from being registered, and the router says why.
#[test]
fn office_hours_is_not_registered() {
    let mut router = Router::new("");
    let lines: Vec<&str> = applet!("office-hours.cfg").lines().collect();
    router.configure(&lines);
    let messages = router.messages();
    let about = messages.iter().filter(|line| line.contains("HA_EM"));
    let about: Vec<&str> = about.map(String::as_str).collect();
    expect![[r#"
        0 %HA_EM-6-FMPD_EEM_CONFIG: OFFICE_HOURS: "else" action found outside of conditional block
        0 %HA_EM-6-FMPD_EEM_CONFIG: OFFICE_HOURS: "end" action found outside of conditional block
        0 %HA_EM-6-FMPD_EEM_CONFIG: OFFICE_HOURS: "if" action 3.0 has no matching "end"
    "#]]
    .assert_eq(&(about.join("\n") + "\n"));
    assert_eq!(router.device.applet_count(), 0);
}
