//! Applets on a router: what they see, what they do, and what they say.

use expect_test::{Expect, expect};
use fact::{Kind, TraceId};
use iosxe::{Output, SessionKind};
use simtime::Rng;

use crate::driver::Router;

/// So much of a message is compared.
const MESSAGE_CHARS: usize = 80;

/// Shuts GigabitEthernet1 down on a router with this applet, waits a while, and compares what the
/// router logged besides the interface's own messages.
fn check(applet: &str, want: Expect) {
    let mut router = Router::new(applet);
    router.configure(&["interface GigabitEthernet1", "shutdown"]);
    router.wait_ms(60_000);
    let messages = router.messages();
    let about = |line: &&String| !line.contains("%LIN") && !line.ends_with("by console");
    let start = |line: &String| line.chars().take(MESSAGE_CHARS).collect::<String>();
    let lines: Vec<String> = messages.iter().filter(about).map(start).collect();
    want.assert_eq(&(lines.join("\n") + "\n"));
}

/// Goal: an applet acts on the router's own model, as a person would. Method: one that brings the
/// interface up again, and reads what it has done.
#[test]
fn an_applet_configures_the_router() {
    check(
        r#"event manager applet RECOVER
 event syslog pattern "Interface GigabitEthernet1, changed state to administratively down"
 action 1.0 cli command "enable"
 action 2.0 cli command "configure terminal"
 action 3.0 cli command "interface GigabitEthernet1"
 action 4.0 cli command "no shutdown"
 action 5.0 cli command "do show ip interface brief | include GigabitEthernet1"
 action 6.0 regexp "(up|down) +(up|down)" "$_cli_result" state
 action 7.0 syslog priority warnings msg "$state"
"#,
        expect![[r#"
            3 %HA_EM-4-LOG: RECOVER: up                    down
            3 %SYS-5-CONFIG_I: Configured from console by  on vty0 (EEM:RECOVER)
        "#]],
    );
}

/// Goal: the session begins in user EXEC, and a refused command ends nothing. Method: what
/// `$_cli_result` holds, prompt and carriage returns included.
#[test]
fn a_cli_error_is_no_failure() {
    check(
        r#"event manager applet FORGETS
 event syslog pattern "LINK-5-CHANGED"
 action 1 cli command "configure terminal"
 action 2 regexp "(% .*)\r\n\r\n(R1.)$" "$_cli_result" all error prompt
 action 3 syslog msg "$error $prompt"
 action 4 cli command "show clock"
 action 5 regexp "^(.*)\r\n(.*)$" "$_cli_result" all clock prompt
 action 6 syslog msg "$clock $prompt"
"#,
        expect![[r#"
            3 %HA_EM-6-LOG: FORGETS: % Invalid input detected at '^' marker. R1>
            3 %HA_EM-6-LOG: FORGETS: *00:00:00.003 UTC Thu Jan 1 2026 R1>
        "#]],
    );
}

/// Goal: a question needs a `pattern`; without one the run ends at `maxrun`. Method: both.
#[test]
fn questions_need_patterns() {
    let applet = |name: &str, pattern: &str| {
        format!(
            "event manager applet {name}
 event syslog pattern LINK-5-CHANGED
 action 1 cli command enable
 action 2 cli command \"copy running-config startup-config\"{pattern}
 action 3 cli command \"\"
 action 4 regexp OK \"$_cli_result\"
 action 5 syslog msg \"saved $_regexp_result\"
"
        )
    };
    let both = applet("ASKS", " pattern \"startup-config\\]\"") + &applet("WAITS", "");
    check(
        &both,
        expect![[r#"
            3 %HA_EM-6-LOG: ASKS: saved 1
            20003 %HA_EM-3-FMPD_ERROR: Error executing applet WAITS statement 2
        "#]],
    );
}

/// Goal: EEM's messages carry the debug timestamps. Method: two different stamps.
#[test]
fn messages_are_stamped_as_debug_output() {
    let mut router = Router::new(
        "service timestamps log datetime
service timestamps debug uptime
event manager applet A
 event syslog pattern LINK-5-CHANGED
 action 1 syslog msg hello
",
    );
    router.configure(&["interface GigabitEthernet1", "shutdown"]);
    router.wait_ms(10);
    // `_` is a delimiter in the pipe's dialect of regular expressions.
    let log = router.exec("show logging | include LINK-5|HA.EM");
    assert!(log.contains("*Jan  1 00:00:00: %LINK-5-CHANGED"), "{log}");
    assert!(log.contains("00:00:00: %HA_EM-6-LOG: A: hello"), "{log}");
}

/// Goal: all that an applet causes follows from the fault. Method: the facts of one run.
#[test]
fn a_run_carries_the_trace_of_its_cause() {
    let mut router = Router::new(
        "event manager applet A
 event syslog pattern LINK-3-UPDOWN
 action 1 wait 1
 action 2 cli command enable
 action 3 cli command \"clear logging\" pattern confirm
",
    );
    let trace = TraceId::draw(&mut Rng::from_seed(1));
    router.carrier("GigabitEthernet1", false, Some(trace));
    router.wait_ms(30_000);
    let mut kinds = Vec::new();
    for (_, output) in &router.seen {
        let Output::Fact { kind, trace: found } = output else { continue };
        assert_eq!(*found, Some(trace), "{kind:?}");
        kinds.push(match kind {
            Kind::AppletTriggered { applet, event, .. } => format!("{applet} by {event}"),
            Kind::AppletFinished { applet, result } => format!("{applet} {result}"),
            Kind::DeviceCommand { by, line } => format!("{by} {line}"),
            _ => continue,
        });
    }
    assert_eq!(kinds, ["A by syslog", "EEM:A enable", "EEM:A clear logging", "A success"]);
}

/// Goal: `event manager run` waits, prints what `puts` says, and passes arguments on. Method: a
/// terminal.
#[test]
fn applets_run_by_hand() {
    let mut router = Router::new(
        "event manager applet HAND
 event none
 action 1 puts \"first $_none_arg1\"
 action 2 wait 2
 action 3 puts \"second\"
event manager applet OTHER
 event syslog pattern X
 action 1 syslog msg x
",
    );
    let session = router.open(SessionKind::Shell);
    let before = router.seen.len();
    router.typed(session, "event manager run HAND now\n");
    router.wait_ms(3_000);
    router.typed(session, "event manager run OTHER\n");
    expect![[r#"
        event manager run HAND now
        first now
        second
        R1#event manager run OTHER
        Embedded Event Manager policy not registered with event none Event Detector
        R1#"#]]
    .assert_eq(&router.bytes_since(before));
}

/// Goal: lines of applet mode are refused as IOS refuses them, and kept as IOS prints them.
/// Method: a dialogue, then the running-config.
#[test]
fn applet_mode() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    let before = router.seen.len();
    router.typed(session, "configure terminal\nevent manager applet A authorization bypass\n");
    router.typed(session, " event syslog patern X\n action 1.0 frobnicate\n action 1.0 cli\n");
    router
        .typed(session, "action 1 http post url \"http://h/\" body \"b\"\nev syslog pat \"a|b\"\n");
    router.typed(session, "act 2.0 syslog msg \"x\"\nact 10.0 cli com enable\nexit\nend\n");
    expect![[r#"
        configure terminal
        Enter configuration commands, one per line.  End with CNTL/Z.
        R1(config)#event manager applet A authorization bypass
        R1(config-applet)# event syslog patern X
                                           ^
        % Invalid input detected at '^' marker.

        R1(config-applet)# action 1.0 frobnicate
                                       ^
        % Invalid input detected at '^' marker.

        R1(config-applet)# action 1.0 cli
        % Incomplete command.

        R1(config-applet)#action 1 http post url "http://h/" body "b"
                                    ^
        % Invalid input detected at '^' marker.

        R1(config-applet)#ev syslog pat "a|b"
        R1(config-applet)#act 2.0 syslog msg "x"
        R1(config-applet)#act 10.0 cli com enable
        R1(config-applet)#exit
        R1(config)#end
        R1#"#]]
    .assert_eq(&router.bytes_since(before));
    expect![[r#"
        event manager applet A authorization bypass
         event syslog pattern "a|b"
         action 10.0 cli command "enable"
         action 2.0 syslog msg "x"
    "#]]
    .assert_eq(&router.exec("show running-config | section event manager"));
    expect![[r#"
        No.  Class     Type    Event Type          Trap  Time Registered           Name
        1    applet    user    syslog              Off   Thu Jan 1 00:00:00 2026   A
         pattern {a|b}
         maxrun 20.000
         action 10.0 cli command "enable"
         action 2.0 syslog msg "x"

    "#]]
    .assert_eq(&router.exec("show event manager policy registered"));
}

/// Goal: applets may remove themselves and still finish. Method: one that does.
#[test]
fn an_applet_removes_itself() {
    check(
        r#"event manager applet ONCE
 event syslog pattern "LINK-5-CHANGED"
 action 1 cli command "enable"
 action 2 cli command "configure terminal"
 action 3 cli command "no event manager applet ONCE"
 action 4 syslog msg "gone"
"#,
        expect![[r#"
            3 %HA_EM-6-LOG: ONCE: gone
            3 %SYS-5-CONFIG_I: Configured from console by  on vty0 (EEM:ONCE)
        "#]],
    );
}

/// Goal: what runs stands in the history, successes and failures. Method: two applets, one fault.
#[test]
fn history() {
    let mut router = Router::new(
        "event manager applet GOOD
 event syslog pattern LINK-5-CHANGED
 action 1 set a b
event manager applet BAD
 event syslog pattern LINK-5-CHANGED
 action 1 set a $b
",
    );
    assert_eq!(router.exec("show event manager history events"), "");
    router.configure(&["interface GigabitEthernet1", "shutdown"]);
    router.wait_ms(10);
    expect![[r#"
        No.  Job Id Proc Status   Time of Event            Event Type        Name
        1    1      Actv success  Thu Jan 1 00:00:00 2026  syslog            applet: GOOD
        2    2      Actv abort    Thu Jan 1 00:00:00 2026  syslog            applet: BAD
    "#]]
    .assert_eq(&router.exec("show event manager history events"));
}

/// Goal: applets leave VTYs to people: a further one only while three are free. Method: five
/// applets that hold their sessions, on five lines.
#[test]
fn applets_share_the_vty_lines() {
    let applet = |name: char| {
        format!(
            "event manager applet {name}
 event syslog pattern LINK-5-CHANGED
 action 1 cli command enable
 action 2 wait 1
 action 3 syslog msg done
"
        )
    };
    let all: String = ('A'..='E').map(applet).collect();
    check(
        &all,
        expect![[r#"
            3 %HA_EM-3-FMPD_CLI_CONNECT: Unable to establish CLI session: no tty lines avail
            3 %HA_EM-3-FMPD_ERROR: Error executing applet D statement 1
            3 %HA_EM-3-FMPD_CLI_CONNECT: Unable to establish CLI session: no tty lines avail
            3 %HA_EM-3-FMPD_ERROR: Error executing applet E statement 1
            1003 %HA_EM-6-LOG: A: done
            1003 %HA_EM-6-LOG: B: done
            1003 %HA_EM-6-LOG: C: done
        "#]],
    );
}

/// Goal: an applet that runs itself is held, and the router says so once. Method: one that types
/// it, and one that does it with an action; what is said of it, and that no more runs come.
#[test]
fn applets_that_run_themselves_are_held() {
    let held = |action: &str| {
        let mut router = Router::new(&format!(
            "event manager applet LOOP
 event none sync no
 action 1 cli command enable
 {action}
"
        ));
        router.exec("event manager run LOOP");
        router.wait_ms(30_000);
        let runs = |router: &mut Router| {
            let table = router.exec("show event manager statistics policy");
            table.lines().find(|line| line.contains("LOOP")).map(str::to_owned)
        };
        let before = runs(&mut router);
        let said = router.messages().iter().filter(|line| line.contains("EVENT_STORM")).count();
        router.wait_ms(5_000);
        assert!(before.is_some() && before == runs(&mut router), "{action}: {before:?}");
        assert_eq!(said, 1, "{action}");
    };
    held("action 2 cli command \"event manager run LOOP\"");
    held("action 2 policy LOOP");
}
