//! Tracked objects, and the routes and applets that follow them.

use expect_test::{Expect, expect};

use crate::driver::{Router, bodies};

const STARTUP: &str = "\
track 1 interface GigabitEthernet1 line-protocol
track 2 interface GigabitEthernet2 ip routing
 delay down 5 up 10
track 3 ip route 10.0.13.0 255.255.255.0 reachability
track 4 list boolean and
 object 1
 object 3 not
track 5 list threshold weight
 object 1 weight 20
 object 2
 threshold weight down 10 up 30
track 6 stub-object
interface GigabitEthernet1
 ip address 10.0.12.1 255.255.255.0
interface GigabitEthernet2
 ip address 10.0.13.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 10.0.12.2 track 1
ip route 0.0.0.0 0.0.0.0 10.0.13.3 250
event manager applet EDGE
 event track 1 state any
 action 1.0 syslog msg \"edge is $_track_state\"
";

/// So much of a message is compared.
const MESSAGE_CHARS: usize = 80;

fn told(router: &mut Router) -> String {
    let start = |line: String| line.chars().take(MESSAGE_CHARS).collect::<String>() + "\n";
    router.messages().into_iter().map(start).collect()
}

/// Goal: a shutdown moves the objects that follow it, at once and in their order, before the applet
/// speaks; a delayed one follows later; what comes back in time is not spoken of. Method: messages
/// with their milliseconds.
#[test]
fn objects_follow_interfaces() {
    let mut router = Router::new(STARTUP);
    router.wait_ms(20_000);
    router.messages();
    router.configure(&["interface gi1", "shutdown"]);
    router.wait_ms(1_500);
    expect![[r#"
        20000 %LINK-5-CHANGED: Interface GigabitEthernet1, changed state to administrati
        20000 %TRACK-6-STATE: 1 interface Gi1 line-protocol Up -> Down
        20000 %TRACK-6-STATE: 5 list threshold weight Up -> Down
        20000 %SYS-5-CONFIG_I: Configured from console by console
        20003 %HA_EM-6-LOG: EDGE: edge is down
        21000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed 
    "#]]
    .assert_eq(&told(&mut router));
    router.configure(&["interface gi1", "no shutdown", "interface gi2", "shutdown"]);
    router.wait_ms(3_000);
    router.configure(&["interface gi2", "no shutdown"]);
    router.wait_ms(30_000);
    expect![[r#"
        21500 %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to up
        21500 %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administrati
        21500 %TRACK-6-STATE: 3 ip route 10.0.13.0/24 reachability Up -> Down
        21500 %SYS-5-CONFIG_I: Configured from console by console
        22500 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed 
        22500 %TRACK-6-STATE: 1 interface Gi1 line-protocol Down -> Up
        22500 %TRACK-6-STATE: 4 list boolean and Down -> Up
        22500 %TRACK-6-STATE: 5 list threshold weight Down -> Up
        22500 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet2, changed 
        22503 %HA_EM-6-LOG: EDGE: edge is up
        24500 %LINK-3-UPDOWN: Interface GigabitEthernet2, changed state to up
        24500 %SYS-5-CONFIG_I: Configured from console by console
        25500 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet2, changed 
        25500 %TRACK-6-STATE: 3 ip route 10.0.13.0/24 reachability Down -> Up
        25500 %TRACK-6-STATE: 4 list boolean and Up -> Down
    "#]]
    .assert_eq(&told(&mut router));
}

/// Goal: `show track` tells of each kind. Method: transcripts.
#[test]
fn objects_are_shown() {
    let mut router = Router::new(STARTUP);
    router.wait_ms(20_000);
    router.configure(&["interface gi2", "shutdown"]);
    router.wait_ms(2_000);
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show track",
        expect![[r#"
        Track 1
          Interface GigabitEthernet1 line-protocol
          Line protocol is Up
            1 change, last change 00:00:22
          Tracked by:
            Track-list 4
            Track-list 5
            Static IP Routing 0
            EEM applet EDGE
        Track 2
          Interface GigabitEthernet2 ip routing
          IP routing is Up (hw admin-down), delayed Down (3 secs remaining)
            1 change, last change 00:00:12
          Delay up 10 secs, down 5 secs
          Tracked by:
            Track-list 5
        Track 3
          IP route 10.0.13.0 255.255.255.0 reachability
          Reachability is Down (no ip route)
            2 changes, last change 00:00:02
          First-hop interface is unknown
          Tracked by:
            Track-list 4
        Track 4
          List boolean and
          Boolean AND is Up
            1 change, last change 00:00:02
            object 1 Up
            object 3 not Down
        Track 5
          List threshold weight
          Threshold weight is Up (30/30)
            1 change, last change 00:00:12
            Threshold up 30 down 10
            object 1 weight 20 Up
            object 2 weight 10 Up
        Track 6
          Stub-object
          State is Down
            0 changes, last change 00:00:22
    "#]],
    );
    check(
        "show track brief",
        expect![[r#"
        Track Type        Instance                   Parameter        State Last Change
        1     interface   GigabitEthernet1           line-protocol    Up    00:00:22
        2     interface   GigabitEthernet2           ip routing       Up    00:00:12
        3     ip route    10.0.13.0/24               reachability     Down  00:00:02
        4     list                                   boolean          Up    00:00:02
        5     list                                   weight           Up    00:00:12
        6     stub-object                            state            Down  00:00:22
    "#]],
    );
    check("show track 9", expect![[r#""#]]);
}

/// Goal: a route stands while its object is up, and a floating one takes over. Method: the lookup
/// before, meanwhile and after.
#[test]
fn routes_follow_objects() {
    let mut router = Router::new(STARTUP);
    let via = |router: &mut Router| {
        let shown = router.exec("show ip route 0.0.0.0");
        shown.lines().find(|line| line.contains('*')).unwrap_or_default().trim().to_owned()
    };
    assert_eq!(via(&mut router), "* 10.0.12.2");
    router.configure(&["interface gi1", "shutdown"]);
    assert_eq!(via(&mut router), "* 10.0.13.3");
    router.configure(&["interface gi1", "no shutdown"]);
    router.wait_ms(2_000);
    assert_eq!(via(&mut router), "* 10.0.12.2");
    router.configure(&["no track 1"]);
    assert_eq!(via(&mut router), "* 10.0.13.3");
}

/// Goal: an applet sets a stub and reads it; another follows. Method: messages.
#[test]
fn stubs_are_set_by_applets() {
    let mut router = Router::new(
        "\
track 42 stub-object
 default-state up
event manager applet SETS
 event none
 action 1 track set 42 state down
 action 2 track read 42
 action 3 syslog msg \"now $_track_state\"
 action 4 track set 7 state down
event manager applet FOLLOWS
 event track 42 state down
 action 1 syslog msg \"$_track_number went $_track_state\"
",
    );
    router.exec("event manager run SETS");
    router.wait_ms(1_000);
    expect![[r#"
        3 %TRACK-6-STATE: 42 stub Up -> Down
        3 %HA_EM-6-LOG: SETS: now down
        3 %HA_EM-3-FMPD_ACTION_NOTRACK: track object 7 is not configured or cannot be se
        3 %HA_EM-3-FMPD_ERROR: Error executing applet SETS statement 4
        6 %HA_EM-6-LOG: FOLLOWS: 42 went down
    "#]]
    .assert_eq(&told(&mut router));
}

/// Goal: an applet waits for routes of a network, of what became of them and of their origin.
/// Method: messages.
#[test]
fn applets_follow_routes() {
    let mut router = Router::new(&format!(
        "{STARTUP}event manager applet ROUTES
 event routing network 0.0.0.0/0 ge 1 type all
 action 1 syslog msg \"$_routing_type $_routing_network/$_routing_prefix_len $_routing_protocol\"
event manager applet DEFAULT
 event routing network 0.0.0.0/0 type modify
 action 1 syslog msg \"default over $_routing_lastgateway $_routing_lastinterface\"
"
    ));
    router.wait_ms(60_000);
    router.messages();
    router.configure(&["ip route 10.9.0.0 255.255.0.0 10.0.12.2 name X"]);
    router.configure(&["interface gi1", "shutdown"]);
    router.wait_ms(500);
    router.configure(&["interface gi2", "ip address 10.0.14.1 255.255.255.0"]);
    router.wait_ms(500);
    expect![[r#"
        60000 %SYS-5-CONFIG_I: Configured from console by console
        60000 %LINK-5-CHANGED: Interface GigabitEthernet1, changed state to administrati
        60000 %TRACK-6-STATE: 1 interface Gi1 line-protocol Up -> Down
        60000 %TRACK-6-STATE: 5 list threshold weight Up -> Down
        60000 %SYS-5-CONFIG_I: Configured from console by console
        60003 %HA_EM-6-LOG: ROUTES: add 10.9.0.0/16 static
        60003 %HA_EM-6-LOG: EDGE: edge is down
        60003 %HA_EM-6-LOG: DEFAULT: default over 10.0.13.3 GigabitEthernet2
        60003 %HA_EM-6-LOG: ROUTES: remove 10.0.12.0/24 connected
        60003 %HA_EM-6-LOG: ROUTES: remove 10.0.12.1/32 local
        60500 %TRACK-6-STATE: 3 ip route 10.0.13.0/24 reachability Up -> Down
        60500 %SYS-5-CONFIG_I: Configured from console by console
        60503 %HA_EM-6-LOG: ROUTES: remove 10.0.13.0/24 connected
        60503 %HA_EM-6-LOG: ROUTES: remove 10.0.13.1/32 local
        60503 %HA_EM-6-LOG: ROUTES: add 10.0.14.0/24 connected
        60503 %HA_EM-6-LOG: ROUTES: add 10.0.14.1/32 local
        60503 %HA_EM-6-LOG: ROUTES: remove 10.9.0.0/16 static
        61000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed 
    "#]]
    .assert_eq(&told(&mut router));
}

/// Goal: what is configured is printed, and a second configuration of another kind is refused.
/// Method: transcripts.
#[test]
fn objects_are_configured() {
    let mut router = Router::new(STARTUP);
    let shown = router.exec("show running-config");
    let tracks: Vec<&str> = bodies(&shown)
        .into_iter()
        .skip_while(|line| !line.starts_with("track"))
        .take_while(|line| !line.starts_with("interface"))
        .collect();
    let (want, _) = STARTUP.split_once("\ninterface").unwrap_or_default();
    assert_eq!(tracks.join("\n"), want);
    let session = router.open(iosxe::SessionKind::Shell);
    router.typed(session, "configure terminal\n");
    let mut check = |line: &str, want: Expect| {
        want.assert_eq(&router.typed(session, &format!("{line}\n")));
    };
    check(
        "track 1 stub-object",
        expect![[r#"
        track 1 stub-object
        Cannot change tracked object 1 - delete old config first
        R1(config)#"#]],
    );
    check(
        "track 77",
        expect![[r#"
        track 77
        % Incomplete command.

        R1(config)#"#]],
    );
    check(
        "track 8 ip route 10.0.0.0/8 reachability",
        expect![[r#"
        track 8 ip route 10.0.0.0/8 reachability
        R1(config-track)#"#]],
    );
    check(
        "object 1",
        expect![[r#"
        object 1
                         ^
        % Invalid input detected at '^' marker.

        R1(config-track)#"#]],
    );
    check(
        "delay up 3",
        expect![[r#"
        delay up 3
        R1(config-track)#"#]],
    );
    check(
        "no delay up 3",
        expect![[r#"
        no delay up 3
        R1(config-track)#"#]],
    );
    check(
        "track 1 interface gi1 line-protocol",
        expect![[r#"
        track 1 interface gi1 line-protocol
        R1(config-track)#"#]],
    );
}

/// Goal: a subinterface that is made later, and one that goes with its port, are followed. Method:
/// the messages of an object that is there before its interface.
#[test]
fn objects_follow_subinterfaces() {
    let mut router = Router::new("track 1 interface GigabitEthernet1.20 line-protocol\n");
    router.configure(&["interface gi1.20"]);
    router.wait_ms(1_000);
    router.configure(&["interface gi1", "shutdown"]);
    router.wait_ms(1_000);
    router.configure(&["interface gi1", "no shutdown"]);
    router.wait_ms(2_000);
    let about = |line: &String| line.contains("TRACK");
    let lines: Vec<String> = router.messages().into_iter().filter(about).collect();
    expect![[r#"
        0 %TRACK-6-STATE: 1 interface Gi1.20 line-protocol Down -> Up
        1000 %TRACK-6-STATE: 1 interface Gi1.20 line-protocol Up -> Down
        3000 %TRACK-6-STATE: 1 interface Gi1.20 line-protocol Down -> Up
    "#]]
    .assert_eq(&(lines.join("\n") + "\n"));
}
