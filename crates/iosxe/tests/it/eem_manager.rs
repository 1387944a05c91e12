//! `event manager ...` around the applets: its settings, its tables, its scheduler.

use expect_test::expect;
use iosxe::SessionKind;

use crate::driver::Router;

/// Applets of three kinds of event, in two classes.
const THREE: &str = r#"event manager environment who "the operator"
event manager applet ZULU class B trap
 description says hello
 event none
 action 1 wait 2
 action 2 syslog msg "$_none_arg1"
event manager applet ALPHA
 event syslog pattern "LINK-5-CHANGED" ratelimit 60
 action 1 cli command "enable"
 action 2 wait 5
event manager applet MIKE
 event none sync no
 action 1 wait 1
"#;

/// Goal: what is set prints back as IOS prints it, in its order, and a reload changes nothing.
/// Method: every setting, typed in another order, and a second router from what the first prints.
#[test]
fn settings() {
    let mut router = Router::new("");
    router.configure(&[
        "event manager applet A trap authorization bypass",
        "event none",
        "exit",
        "event manager detector routing bootup-delay 30",
        "event manager detector rpc max-sessions 8",
        "event manager scheduler script thread class range A-C default number 3",
        "event manager scheduler applet thread class D number 2",
        "event manager scheduler applet thread class default number 16",
        "event manager history size events 20",
        "event manager history size traps 10",
        "event manager session cli username operator privilege 15",
        "event manager directory user repository flash:/new",
        "event manager directory user library flash:/lib",
        "event manager directory user policy \"flash:/policies\"",
        "event manager environment _email_to ops@example.net",
    ]);
    let printed = router.exec("show running-config | section event manager");
    expect![[r#"
        event manager environment _email_to ops@example.net
        event manager directory user policy "flash:/policies"
        event manager directory user library "flash:/lib"
        event manager directory user repository flash:/new
        event manager session cli username "operator" privilege 15
        event manager history size events 20
        event manager scheduler script thread class range A-C default number 3
        event manager scheduler applet thread class default number 16
        event manager detector rpc max-sessions 8
        event manager detector routing bootup-delay 30
        event manager applet A authorization bypass trap
         event none
    "#]]
    .assert_eq(&printed);
    let second = Router::new(&printed).exec("show running-config | section event manager");
    assert_eq!(second, printed);
    router.configure(&[
        "no event manager detector routing bootup-delay",
        "no event manager detector rpc max-sessions",
        "no event manager scheduler script thread class range A-C number 3",
        "default event manager scheduler applet thread class D number 2",
        "no event manager history size events",
        "no event manager session cli username",
        "no event manager directory user repository",
        "no event manager directory user library",
        "no event manager directory user policy",
        "no event manager environment _email_to",
        "no event manager applet A",
    ]);
    expect![[r#"
        event manager scheduler script thread class default number 3
    "#]]
    .assert_eq(&router.exec("show running-config | section event manager"));
}

/// Goal: what is wrong is refused where it is wrong. Method: a dialogue.
#[test]
fn refusals() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    let before = router.seen.len();
    router.typed(session, "configure terminal\nevent manager policy link.tcl type user\n");
    router.typed(session, "event manager scheduler applet thread class range C-A number 1\n");
    router.typed(session, "event manager scheduler applet thread class number 1\n");
    router.typed(session, "event manager history size events 51\nno event manager applet X\n");
    router.typed(session, "event manager directory user policy \"a b\"\nend\n");
    router.typed(session, "event manager run X\nevent manager scheduler hold policy 7\n");
    router.typed(session, "event manager update user policy name link.tcl\n");
    expect![[r#"
        configure terminal
        Enter configuration commands, one per line.  End with CNTL/Z.
        R1(config)#event manager policy link.tcl type user
        EEM configuration: policy link.tcl is not registered: Tcl policies do not run on this router, applets do
        R1(config)#event manager scheduler applet thread class range C-A number 1
                                                                     ^
        % Invalid input detected at '^' marker.

        R1(config)#event manager scheduler applet thread class number 1
                                                                      ^
        % Invalid input detected at '^' marker.

        R1(config)#event manager history size events 51
                                                     ^
        % Invalid input detected at '^' marker.

        R1(config)#no event manager applet X
        EEM configuration: applet X is not configured
        R1(config)#event manager directory user policy "a b"
                                                       ^
        % Invalid input detected at '^' marker.

        R1(config)#end
        R1#event manager run X
        Embedded Event Manager policy X not registered
        R1#event manager scheduler hold policy 7
        Embedded Event Manager job 7 not found
        R1#event manager update user policy name link.tcl
        EEM configuration: policy link.tcl is not registered: Tcl policies do not run on this router, applets do
        R1#"#]].assert_eq(&router.bytes_since(before));
}

/// Goal: every table has its layout, and its filters. Method: three applets, one run of each.
#[test]
fn tables() {
    let mut router = Router::new(THREE);
    router.configure(&["interface GigabitEthernet1", "shutdown", "no shutdown", "shutdown"]);
    let session = router.open(SessionKind::Shell);
    router.typed(session, "event manager run ZULU first\n");
    router.exec("event manager run MIKE");
    router.exec("event manager run MIKE");
    let mut text = String::new();
    let mut show = |router: &mut Router, what: &str| {
        text += &format!("R1#show event manager {what}\n");
        text += &router.exec(&format!("show event manager {what}"));
    };
    show(&mut router, "policy pending");
    router.wait_ms(500);
    show(&mut router, "policy pending");
    show(&mut router, "policy active");
    show(&mut router, "policy active class B");
    show(&mut router, "policy active queue-type script");
    show(&mut router, "scheduler thread");
    show(&mut router, "scheduler thread detailed");
    router.wait_ms(10_000);
    show(&mut router, "policy pending");
    show(&mut router, "policy active");
    show(&mut router, "statistics policy");
    show(&mut router, "statistics server");
    show(&mut router, "history events");
    show(&mut router, "history events detailed");
    show(&mut router, "history traps");
    show(&mut router, "policy registered event-type none name-ordered");
    show(&mut router, "policy registered class B");
    show(&mut router, "policy registered detailed ALPHA");
    show(&mut router, "policy registered description");
    show(&mut router, "policy registered system");
    show(&mut router, "policy available");
    show(&mut router, "environment");
    show(&mut router, "environment who");
    show(&mut router, "environment nobody");
    show(&mut router, "session cli username");
    show(&mut router, "directory user policy");
    show(&mut router, "detector none");
    show(&mut router, "detector nonsense");
    router.exec("clear event manager detector counters");
    router.exec("clear event manager history");
    show(&mut router, "statistics policy");
    show(&mut router, "history events");
    expect![[r#"
        R1#show event manager policy pending
        Key: p - Priority        :L - Low, H - High, N - Normal, Z - Last
             s - Scheduling node :A - Active, S - Standby

        default class - 3 applet events
        No.  job id     p s status  time of event             event type          name
        1    1          N A pend    Thu Jan 1 00:00:00 2026   syslog              applet: ALPHA
        2    3          N A pend    Thu Jan 1 00:00:00 2026   none                applet: MIKE
        3    4          N A pend    Thu Jan 1 00:00:00 2026   none                applet: MIKE

        class B - 1 applet event
        No.  job id     p s status  time of event             event type          name
        1    2          N A pend    Thu Jan 1 00:00:00 2026   none                applet: ZULU
        R1#show event manager policy pending
        Key: p - Priority        :L - Low, H - High, N - Normal, Z - Last
             s - Scheduling node :A - Active, S - Standby

        default class - 1 applet event
        No.  job id     p s status  time of event             event type          name
        1    4          N A pend    Thu Jan 1 00:00:00 2026   none                applet: MIKE
        R1#show event manager policy active
        Key: p - Priority        :L - Low, H - High, N - Normal, Z - Last
             s - Scheduling node :A - Active, S - Standby

        default class - 2 applet events
        No.  job id     p s status  time of event             event type          name
        1    1          N A running Thu Jan 1 00:00:00 2026   syslog              applet: ALPHA
        2    3          N A running Thu Jan 1 00:00:00 2026   none                applet: MIKE

        class B - 1 applet event
        No.  job id     p s status  time of event             event type          name
        1    2          N A running Thu Jan 1 00:00:00 2026   none                applet: ZULU
        R1#show event manager policy active class B
        Key: p - Priority        :L - Low, H - High, N - Normal, Z - Last
             s - Scheduling node :A - Active, S - Standby

        class B - 1 applet event
        No.  job id     p s status  time of event             event type          name
        1    2          N A running Thu Jan 1 00:00:00 2026   none                applet: ZULU
        R1#show event manager policy active queue-type script
        R1#show event manager scheduler thread
        1 Applet threads service class default
          total: 32 running: 2 idle: 30
        2 Applet threads service class B
          total: 32 running: 1 idle: 31
        R1#show event manager scheduler thread detailed
        1 Applet threads service class default
          total: 32 running: 2 idle: 30
          1 job id: 1, name: ALPHA
          2 job id: 3, name: MIKE
        2 Applet threads service class B
          total: 32 running: 1 idle: 31
          1 job id: 2, name: ZULU
        R1#show event manager policy pending
        R1#show event manager policy active
        R1#show event manager statistics policy
                                                 Average    Maximum
        No.  Class   Triggered  Suppressed  Run Time   Run Time   Name
        1    applet  1          0           2.000      2.000      ZULU
        2    applet  1          1           5.000      5.000      ALPHA
        3    applet  2          0           1.000      1.000      MIKE
        R1#show event manager statistics server
        EEM Queue Information
                                       Triggered  Dropped   Queue   Queue   Average
        Client                         Events     Events    Size    Max     Run Time
        EEM Applets                    4          1         0       256     2.250
        R1#show event manager history events
        No.  Job Id Proc Status   Time of Event            Event Type        Name
        1    3      Actv success  Thu Jan 1 00:00:00 2026  none              applet: MIKE
        2    2      Actv success  Thu Jan 1 00:00:00 2026  none              applet: ZULU
        3    4      Actv success  Thu Jan 1 00:00:00 2026  none              applet: MIKE
        4    1      Actv success  Thu Jan 1 00:00:00 2026  syslog            applet: ALPHA
        R1#show event manager history events detailed
        No.  Job Id Proc Status   Time of Event            Event Type        Name
        1    3      Actv success  Thu Jan 1 00:00:00 2026  none              applet: MIKE
         event published 1767225600.003
         run time 1.000
        2    2      Actv success  Thu Jan 1 00:00:00 2026  none              applet: ZULU
         event published 1767225600.003
         run time 2.000
        3    4      Actv success  Thu Jan 1 00:00:00 2026  none              applet: MIKE
         event published 1767225600.003
         run time 1.000
        4    1      Actv success  Thu Jan 1 00:00:00 2026  syslog            applet: ALPHA
         event published 1767225600.003
         run time 5.000
        R1#show event manager history traps
        No.  Time                     Trap Type           Name
        1    Thu Jan 1 00:00:00 2026  server              applet: ZULU
        R1#show event manager policy registered event-type none name-ordered
        No.  Class     Type    Event Type          Trap  Time Registered           Name
        1    applet    user    none                Off   Thu Jan 1 00:00:00 2026   MIKE
         policyname {MIKE} sync {no}
         maxrun 20.000
         action 1 wait 1

        2    applet    user    none                On    Thu Jan 1 00:00:00 2026   ZULU
         policyname {ZULU} sync {yes}
         maxrun 20.000
         action 1 wait 2
         action 2 syslog msg "$_none_arg1"

        R1#show event manager policy registered class B
        No.  Class     Type    Event Type          Trap  Time Registered           Name
        1    applet    user    none                On    Thu Jan 1 00:00:00 2026   ZULU
         policyname {ZULU} sync {yes}
         maxrun 20.000
         action 1 wait 2
         action 2 syslog msg "$_none_arg1"

        R1#show event manager policy registered detailed ALPHA
        No.  Class     Type    Event Type          Trap  Time Registered           Name
        1    applet    user    syslog              Off   Thu Jan 1 00:00:00 2026   ALPHA
         pattern {LINK-5-CHANGED}
         maxrun 20.000
         action 1 cli command "enable"
         action 2 wait 5

        R1#show event manager policy registered description
        No.  Class     Type    Event Type          Trap  Time Registered           Name
        1    applet    user    none                On    Thu Jan 1 00:00:00 2026   ZULU
         description: says hello
        2    applet    user    syslog              Off   Thu Jan 1 00:00:00 2026   ALPHA
        3    applet    user    none                Off   Thu Jan 1 00:00:00 2026   MIKE
        R1#show event manager policy registered system
        R1#show event manager policy available
        R1#show event manager environment
        No.  Name                          Value
        1    who                           "the operator"
        R1#show event manager environment who
        "the operator"
        R1#show event manager environment nobody
        Environment variable nobody is not set
        R1#show event manager session cli username
        R1#show event manager directory user policy
        R1#show event manager detector none
        No.  Name                Version   Node        Type
        1    none                01.00     node0/0     RP
        R1#show event manager detector nonsense
                                       ^
        % Invalid input detected at '^' marker.

        R1#show event manager statistics policy
                                                 Average    Maximum
        No.  Class   Triggered  Suppressed  Run Time   Run Time   Name
        1    applet  0          0           0.000      0.000      ZULU
        2    applet  0          0           0.000      0.000      ALPHA
        3    applet  0          0           0.000      0.000      MIKE
        R1#show event manager history events
    "#]]
    .assert_eq(&text);
}

/// Goal: an operator holds runs back, lets them go, changes them and ends them. Method: each, and
/// what the applets log.
#[test]
fn the_scheduler_obeys() {
    let applet = |name: &str| {
        format!(
            "event manager applet {name}\n event none sync no\n action 1 wait 1\n \
             action 2 syslog msg \"ran\"\n"
        )
    };
    let mut router = Router::new(&(applet("A") + &applet("B")));
    let said = |router: &mut Router, lines: &[&str], wait: u64| {
        lines.iter().for_each(|line| {
            router.exec(line);
        });
        router.wait_ms(wait);
        let messages = router.messages();
        let ours = messages.iter().filter(|line| line.contains("HA_EM")).cloned();
        ours.collect::<Vec<_>>().join("\n") + "\n"
    };
    let held = said(
        &mut router,
        &["event manager run A", "event manager scheduler hold all", "event manager run B"],
        5_000,
    );
    expect![[r#"
        1003 %HA_EM-6-LOG: B: ran
    "#]]
    .assert_eq(&held);
    let released = said(&mut router, &["event manager scheduler release policy 1"], 5_000);
    expect![[r#"
        6000 %HA_EM-6-LOG: A: ran
    "#]]
    .assert_eq(&released);
    let suspended = said(
        &mut router,
        &["event manager scheduler suspend", "event manager run A", "event manager run B"],
        5_000,
    );
    expect![[r#"

    "#]]
    .assert_eq(&suspended);
    router.exec("event manager scheduler modify policy 4 queue-priority high");
    expect![[r#"
        Key: p - Priority        :L - Low, H - High, N - Normal, Z - Last
             s - Scheduling node :A - Active, S - Standby

        default class - 2 applet events
        No.  job id     p s status  time of event             event type          name
        1    4          H A pend    Thu Jan 1 00:00:10 2026   none                applet: B
        2    3          N A pend    Thu Jan 1 00:00:10 2026   none                applet: A
    "#]]
    .assert_eq(&router.exec("show event manager policy pending"));
    router.configure(&["event manager scheduler applet thread class default number 1"]);
    let resumed = said(&mut router, &["event manager scheduler resume"], 5_000);
    expect![[r#"
        16000 %HA_EM-6-LOG: B: ran
        17000 %HA_EM-6-LOG: A: ran
    "#]]
    .assert_eq(&resumed);
    let cleared = said(
        &mut router,
        &["event manager run A", "event manager run A", "event manager scheduler clear all"],
        5_000,
    );
    expect![[r#"

    "#]]
    .assert_eq(&cleared);
    expect![[r#"
        No.  Job Id Proc Status   Time of Event            Event Type        Name
        1    2      Actv success  Thu Jan 1 00:00:00 2026  none              applet: B
        2    1      Actv success  Thu Jan 1 00:00:00 2026  none              applet: A
        3    4      Actv success  Thu Jan 1 00:00:10 2026  none              applet: B
        4    3      Actv success  Thu Jan 1 00:00:10 2026  none              applet: A
    "#]]
    .assert_eq(&router.exec("show event manager history events"));
}

/// Goal: a run that somebody waits for and that is cleared gives the prompt back, whether it ran or
/// waited. Method: two terminals, and a third that clears.
#[test]
fn a_cleared_run_lets_its_terminal_go() {
    let mut router =
        Router::new("event manager applet LONG\n event none maxrun 100\n action 1 wait 60\n");
    let sessions = [router.open(SessionKind::Shell), router.open(SessionKind::Shell)];
    let before = router.seen.len();
    for session in sessions {
        router.typed(session, "event manager run LONG\n");
    }
    router.wait_ms(100);
    let third = router.open(SessionKind::Shell);
    router.typed(third, "event manager scheduler clear queue-type applet class default\n");
    router.wait_ms(100);
    let printed = router.bytes_since(before);
    assert_eq!(printed.matches("R1#").count(), 4, "{printed}");
    let after = router.typed(sessions[0], "show clock\n");
    assert!(after.contains("UTC"), "{after}");
}
