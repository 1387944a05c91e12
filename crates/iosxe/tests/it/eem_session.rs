//! The CLI sessions of applets: dialogues, pages, lines, and applets that change themselves.

use expect_test::{Expect, expect};
use fact::Kind;
use iosxe::{Output, SessionKind};

use crate::driver::Router;

/// Runs applet `RUN` from a terminal, waits a minute, and compares what the terminal shows and what
/// is logged.
fn check(config: &str, want: Expect) -> Router {
    let mut router = Router::new(config);
    let session = router.open(SessionKind::Shell);
    let before = router.seen.len();
    router.typed(session, "event manager run RUN\r");
    router.wait_ms(60_000);
    let shown = router.bytes_since(before);
    let messages = router.messages().join("\n");
    want.assert_eq(&format!("{shown}\n---\n{messages}\n"));
    router
}

/// Goal: dialogues are held with `pattern`, and a text with newlines is several lines. Method: a
/// copy that asks for a name, a question that takes one key, and a whole configuration at once.
#[test]
fn dialogues_are_held() {
    check(
        r#"event manager applet RUN
 event none
 action 1 cli command "enable"
 action 2 cli command "copy running-config startup-config" pattern "startup-config\]\?"
 action 3 cli command ""
 action 4 regexp "\[OK\]" "$_cli_result"
 action 5 puts "copied: $_regexp_result"
 action 6 cli command "clear logging" pattern "\[confirm\]"
 action 7 cli command "\n"
 action 8 puts "$_cli_result"
 action 9 cli command "configure terminal\ninterface GigabitEthernet2\ndescription by applet\nend"
 action 9a cli command "show running-config interface GigabitEthernet2 | include description"
 action 9b puts "$_cli_result"
"#,
        expect![[r#"
            event manager run RUN
            copied: 1
            R1#
             description by applet
            R1#
            R1#
            ---
            3 %SYS-5-CONFIG_I: Configured from console by  on vty1 (EEM:RUN)
        "#]],
    );
}

/// Goal: after `terminal length` the session pages, and a run that does not know of it hangs.
/// Method: one that turns the pages, then one that waits for the prompt.
#[test]
fn a_page_waits_for_a_key() {
    check(
        r#"event manager applet RUN
 event none maxrun 5
 action 1 cli command "enable"
 action 2 cli command "terminal length 4"
 action 3 cli command "show ip interface brief" pattern "--More--"
 action 4 cli command "q"
 action 5 puts "$_cli_result"
 action 6 cli command "show ip interface brief"
 action 7 puts "never"
"#,
        expect![[r#"
            event manager run RUN
                      R1#
            R1#
            ---
            5003 %HA_EM-3-FMPD_ERROR: Error executing applet RUN statement 6
        "#]],
    );
}

/// Goal: an applet that deletes itself, or swaps its event, goes on to its last action; the
/// environment that it sets is there at once. Method: one that does all three.
#[test]
fn an_applet_may_change_itself() {
    let mut router = check(
        r#"event manager environment color red
event manager applet RUN
 event none
 action 1 puts "$color"
 action 2 cli command "enable"
 action 3 cli command "configure terminal"
 action 4 cli command "event manager environment color green"
 action 5 puts "$color"
 action 6 cli command "event manager applet RUN"
 action 7 cli command "event syslog pattern NEVER"
 action 8 cli command "exit"
 action 9 puts "rewritten"
 action 91 cli command "no event manager applet RUN"
 action 92 cli command "event manager applet HEIR"
 action 93 cli command "event none"
 action 94 cli command "action 1 puts \"born\""
 action 95 cli command "end"
 action 96 puts "gone"
 action 97 cli command "event manager run HEIR"
 action 98 puts "$_cli_result"
"#,
        expect![[r#"
            event manager run RUN
            red
            green
            rewritten
            gone
            born
            R1#
            R1#
            ---
            3 %SYS-5-CONFIG_I: Configured from console by  on vty1 (EEM:RUN)
        "#]],
    );
    let config = router.exec("show running-config");
    assert!(!config.contains("applet RUN") && config.contains("applet HEIR"), "{config}");
}

/// Goal: arguments are words, which quotation marks hold together; a run with `sync no` does not
/// keep its caller. Method: what `$_none_arg1` and the order of the lines say.
#[test]
fn arguments_may_be_quoted() {
    let mut router = Router::new(
        r#"event manager applet ARGS
 event none
 action 1 puts "$_none_argc: <$_none_arg1> <$_none_arg2>"
event manager applet BACK
 event none sync no
 action 1 wait 1
 action 2 puts "<$_none_arg1>"
"#,
    );
    let session = router.open(SessionKind::Shell);
    let before = router.seen.len();
    for line in ["event manager run ARGS \"two words\" one\r", "event manager run BACK x\r"] {
        router.typed(session, line);
        router.wait_ms(3_000);
    }
    let shown = router.bytes_since(before);
    let messages = router.messages().join("\n");
    expect![[r#"
        event manager run ARGS "two words" one
        2: <two words> <one>
        R1#event manager run BACK x
        R1#
        ---
        4003 %HA_EM-6-LOG: BACK: <x>
    "#]]
    .assert_eq(&format!("{shown}\n---\n{messages}\n"));
}

/// Goal: `default` bounds how long whoever runs an applet waits. Method: a run that lasts longer,
/// and prints before and after.
#[test]
fn the_wait_for_a_run_may_be_bounded() {
    check(
        "event manager applet RUN
 event none sync yes default 2
 action 1 puts \"before\"
 action 2 wait 5
 action 3 puts \"after\"
",
        expect![[r#"
            event manager run RUN
            before
            R1#
            ---
            5003 %HA_EM-6-LOG: RUN: after
        "#]],
    );
}

/// Goal: the first run takes any free line, a further one only while three are free. Method: five
/// lines, of which two, then four are taken by people while two applets run.
#[test]
fn lines_are_shared_with_people() {
    let applet = |name: &str| {
        format!(
            "event manager applet {name}
 event syslog pattern LINK-5-CHANGED
 action 1 cli command enable
 action 2 wait 2
 action 3 syslog msg \"had a line\"
"
        )
    };
    let config = applet("ONE") + &applet("TWO");
    let mut stories = Vec::new();
    for people in [1, 2, 4, 5] {
        let mut router = Router::new(&config);
        for _ in 0..people {
            router.open(SessionKind::Shell);
        }
        router.configure(&["interface GigabitEthernet1", "shutdown"]);
        router.wait_ms(30_000);
        let messages = router.messages();
        let about = messages.iter().filter(|line| line.contains("HA_EM"));
        let about: Vec<&str> = about
            .map(|line| {
                line.split_once("HA_EM-").expect("it has").1.split(" tty").next().expect("a part")
            })
            .collect();
        stories.push(format!("{people} people:\n{}\n", about.join("\n")));
    }
    expect![[r#"
        1 people:
        6-LOG: ONE: had a line
        6-LOG: TWO: had a line
        2 people:
        3-FMPD_CLI_CONNECT: Unable to establish CLI session: no
        3-FMPD_ERROR: Error executing applet TWO statement 1
        6-LOG: ONE: had a line
        4 people:
        3-FMPD_CLI_CONNECT: Unable to establish CLI session: no
        3-FMPD_ERROR: Error executing applet TWO statement 1
        6-LOG: ONE: had a line
        5 people:
        3-FMPD_CLI_CONNECT: Unable to establish CLI session: no
        3-FMPD_ERROR: Error executing applet ONE statement 1
        3-FMPD_CLI_CONNECT: Unable to establish CLI session: no
        3-FMPD_ERROR: Error executing applet TWO statement 1
    "#]]
    .assert_eq(&stories.concat());
}

/// Goal: a run that is over leaves no command of its own behind. Method: `maxrun` ends a run in
/// the middle of a `ping`, and its line is free again.
#[test]
fn a_run_ends_in_mid_command() {
    let router = check(
        "event manager applet RUN
 event none maxrun 3
 action 1 cli command enable
 action 2 cli command \"ping 192.0.2.99 repeat 20\"
 action 3 puts never
",
        expect![[r#"
            event manager run RUN
            R1#
            ---
            3003 %HA_EM-3-FMPD_ERROR: Error executing applet RUN statement 2
        "#]],
    );
    assert_eq!(router.device.sessions().len(), 1, "only the person's");
}

/// Goal: the session is of the configured user, of his level, and messages name him. Method: a run
/// with both, and what `show users` says meanwhile.
#[test]
fn a_session_may_have_a_user() {
    check(
        "event manager session cli username \"operator\" privilege 15
event manager applet RUN authorization bypass
 event none
 action 1 cli command \"show users | include EEM\"
 action 2 puts \"$_cli_result\"
 action 3 cli command \"configure terminal\"
 action 4 cli command \"end\"
",
        expect![[r#"
            event manager run RUN
            *  3 vty 1     operator   idle                 00:00:00 EEM:RUN
            R1#
            R1#
            ---
            3 %SYS-5-CONFIG_I: Configured from console by operator on vty1 (EEM:RUN)
        "#]],
    );
}

/// Goal: an applet may hold the longest dialogue of the router. Method: the questions of `ping`,
/// each awaited by a part of it.
#[test]
fn ping_asks_an_applet() {
    check(
        r#"event manager applet RUN
 event none
 action 01 cli command "ping" pattern "\[ip\]"
 action 02 cli command "ip" pattern "address"
 action 03 cli command "192.0.2.99" pattern "count"
 action 04 cli command "1" pattern "size"
 action 05 cli command "" pattern "seconds"
 action 06 cli command "" pattern "commands"
 action 07 cli command "n" pattern "Sweep"
 action 08 cli command "n"
 action 09 puts "$_cli_result"
"#,
        expect![[r#"
            event manager run RUN
            Type escape sequence to abort.
            Sending 1, 100-byte ICMP Echos to 192.0.2.99, timeout is 2 seconds:
            .
            Success rate is 0 percent (0/1)
            R1>
            R1#
            ---

        "#]],
    );
}

/// Goal: what has no receiver in the lab is said, and a reload asks nobody. Method: the facts and
/// messages of an applet that does all of it.
#[test]
fn what_leaves_the_router_is_said() {
    let mut router = Router::new(
        "event manager applet RUN
 event none
 action 1 export-to-telemetry \"load high\"
 action 2 cns-event msg \"hello\"
 action 3 force-switchover
 action 4 reload
",
    );
    let session = router.open(SessionKind::Shell);
    router.typed(session, "event manager run RUN\r");
    router.wait_ms(100_000);
    let said = |(_, output): &(simtime::Time, Output)| match output {
        Output::Fact { kind: Kind::AppletPublished { applet, to, text }, .. } => {
            Some(format!("{applet} to {to}: {text}"))
        }
        _ => None,
    };
    let mut lines: Vec<String> = router.seen.iter().filter_map(said).collect();
    lines.extend(router.messages());
    let about = lines.iter().filter(|line| !line.contains("%LIN")).map(String::as_str);
    let about: Vec<&str> = about.map(|line| line.lines().next().unwrap_or_default()).collect();
    expect![[r#"
        RUN to telemetry: load high
        RUN to cns: hello
        3 %HA_EM-3-FMPD_SWITCH_HARDWARE: Error attempting switchover: there is no standby
        3 %SYS-5-RELOAD: Reload requested by EEM:RUN. Reload Reason: Reload Command.
        60003 %SYS-5-CONFIG_I: Configured from memory by console
        60003 %SYS-5-RESTART: System restarted --
        60003 %SYS-6-BOOTTIME: Time taken to reboot after reload =   60 seconds
    "#]]
    .assert_eq(&(about.join("\n") + "\n"));
}
