//! Applets that look at what people type: lines that are blocked, asked about, watched.

use expect_test::{Expect, expect};
use fact::Kind;
use iosxe::{Output, SessionId, SessionKind};

use crate::driver::Router;

/// A router with these applets, and somebody at a terminal in privileged EXEC.
fn terminal(applets: &str) -> (Router, SessionId) {
    let mut router = Router::new(applets);
    let session = router.open(SessionKind::Shell);
    (router, session)
}

/// Types one thing after the other, 5 s apart, and compares all that the terminal shows.
pub(crate) fn check(applets: &str, typed: &[&str], want: Expect) -> Router {
    let (mut router, session) = terminal(applets);
    let before = router.seen.len();
    for text in typed {
        router.typed(session, text);
        router.wait_ms(5_000);
    }
    let shown = router.bytes_since(before);
    want.assert_eq(&(shown.replace('\u{7}', "<bell>") + "\n"));
    router
}

/// Goal: a line waits for a synchronous applet, which prints at the terminal, and is carried out
/// only if `_exit_status` is not 0. Method: the same command with both, and unset.
#[test]
fn a_synchronous_applet_decides() {
    let applet = |name: &str, command: &str, set: &str| {
        format!(
            "event manager applet {name}
 event cli pattern \"^show {command}\" sync yes
 action 1 puts \"{name} saw $_cli_msg\"
{set}"
        )
    };
    let applets = applet("LETS", "clock", " action 2 set _exit_status 1\n")
        + &applet("STOPS", "privilege", " action 2 set _exit_status 0\n")
        + &applet("FORGETS", "users", "");
    check(
        &applets,
        &["sh clo\r", "sh priv\r", "sh users\r", "show history\r"],
        expect![[r#"
            sh clo
            LETS saw show clock
            *00:00:00.003 UTC Thu Jan 1 2026
            R1#sh priv
            STOPS saw show privilege
            R1#sh users
            FORGETS saw show users
            R1#show history
              sh clo
              sh priv
              sh users
              show history
            R1#
        "#]],
    );
}

/// Goal: without `sync` the line goes its own way, or nowhere. Method: `skip yes`, `skip no`, and
/// both at once, of which `skip no` wins.
#[test]
fn an_asynchronous_applet_skips_or_watches() {
    let mut router = check(
        "event manager applet NO-RELOAD
 event cli pattern \"^reload\" sync no skip yes
 action 1 syslog msg \"$_cli_username may not $_cli_msg\"
event manager applet WATCH
 event cli pattern \"^show privilege\" sync no skip no
 action 1 puts \"$_cli_username@$_cli_host typed $_cli_line\"
event manager applet HIDE
 event cli pattern \"^show privilege\" sync no skip yes
event manager applet KILL
 event cli pattern \"^show users\" sync no skip yes
",
        &["rel\r", "sh pri\r", "show users\r"],
        expect![[r#"
            rel
            R1#sh pri
            Current privilege level is 15
            R1#show users
            R1#
        "#]],
    );
    let messages = router.messages();
    let about: Vec<&String> = messages.iter().filter(|line| line.contains("HA_EM")).collect();
    expect![[r#"
        [
            "3 %HA_EM-6-LOG: NO-RELOAD: admin may not reload",
            "5003 %HA_EM-6-LOG: WATCH: admin@192.0.2.1 typed sh pri",
        ]"#]]
    .assert_eq(&format!("{about:#?}"));
}

/// Goal: what is typed while a line waits is kept, and the terminal is not dead meanwhile. Method:
/// two lines at once, of which the first waits.
#[test]
fn what_is_typed_ahead_waits() {
    check(
        "event manager applet SLOW
 event cli pattern \"^show clock\" sync yes
 action 1 wait 2
 action 2 puts \"done\"
",
        &["show clock\rshow privilege\r"],
        expect![[r#"
            show clock
            done
            R1#show privilege
            Current privilege level is 15
            R1#
        "#]],
    );
}

/// Goal: `default` bounds the wait; then the command runs. Method: an applet that takes longer.
#[test]
fn a_line_does_not_wait_for_ever() {
    let (mut router, session) = terminal(
        "event manager applet SLOW
 event cli pattern \"^show privilege\" sync yes default 4
 action 1 wait 10
 action 2 puts \"too late\"
",
    );
    let mut story = router.typed(session, "show privilege\r");
    for _ in 0..4 {
        let before = router.seen.len();
        router.wait_ms(3_000);
        story += &format!("[{}]", router.bytes_since(before));
    }
    expect![[r#"
        show privilege
        [][Current privilege level is 15
        R1#][][]"#]]
    .assert_eq(&story);
    let messages = router.messages();
    assert!(messages.iter().any(|m| m.ends_with("%HA_EM-6-LOG: SLOW: too late")), "{messages:?}");
}

/// Goal: a key of the event makes the line as it stands count, command or not. Method: `?`, TAB and
/// a line that is no command.
#[test]
fn keys_look_at_the_raw_line() {
    let mut router = check(
        "event manager applet ASKED
 event cli pattern \"^sh.*\" questionmark sync no skip yes
 action 1 syslog msg \"help on <$_cli_msg>\"
event manager applet COMPLETED
 event cli pattern \"^sh\" tab sync yes
 action 1 puts \"completing <$_cli_msg>\"
 action 2 set _exit_status 1
event manager applet NONSENSE
 event cli pattern \"25DMVPN\" enter sync no skip yes
 action 1 syslog msg \"nonsense $_cli_error_code\"
event manager applet NEVER
 event cli pattern \"^sh \" sync yes
",
        &["sh ?", "\u{15}sho\t", "priv\r", "25DMVPN\r"],
        expect![[r#"
            sh ?
            R1#sh    sho
            completing <sho>
            R1#show priv
            Current privilege level is 15
            R1#25DMVPN
            R1#
        "#]],
    );
    let messages = router.messages();
    let about: Vec<&String> = messages.iter().filter(|line| line.contains("HA_EM")).collect();
    expect![[r#"
        [
            "3 %HA_EM-6-LOG: ASKED: help on <sh >",
            "15003 %HA_EM-6-LOG: NONSENSE: nonsense 4",
        ]"#]]
    .assert_eq(&format!("{about:#?}"));
}

/// Goal: every mode is looked at: submodes, `do`, pipes. Method: what `$_cli_msg` and the mode say.
#[test]
fn all_modes_are_looked_at() {
    let mut router = check(
        "event manager applet WATCH
 event cli pattern \".*\" sync no skip no
 action 1 syslog msg \"<$_cli_mode_context> <$_cli_msg>\"
",
        &[
            "sh run | i hostname\r",
            "sh clock | redirect flash:clock\r",
            "sh clock | nonsense\r",
            "conf t\r",
            "int gi1\r",
            "desc  Two  words\r",
            "no shut\r",
            "do sh clock\r",
            "hostname R1\r",
            "nonsense\r",
            "\r",
            "end\r",
        ],
        expect![[r#"
            sh run | i hostname
            hostname R1
            R1#sh clock | redirect flash:clock
            R1#sh clock | nonsense
                          ^
            % Invalid input detected at '^' marker.

            R1#conf t
            Enter configuration commands, one per line.  End with CNTL/Z.
            R1(config)#int gi1
            R1(config-if)#desc  Two  words
            R1(config-if)#no shut
            R1(config-if)#do sh clock
            *00:00:35.000 UTC Thu Jan 1 2026
            R1(config-if)#hostname R1
            R1(config)#nonsense
                         ^
            % Invalid input detected at '^' marker.

            R1(config)#
            R1(config)#end
            R1#
        "#]],
    );
    let messages = router.messages();
    let about: Vec<&str> = messages
        .iter()
        .filter_map(|line| line.split_once("WATCH: "))
        .map(|(_, text)| text)
        .collect();
    expect![[r#"
        <exec> <show running-config>
        <exec> <show clock>
        <exec> <configure terminal>
        <configure> <interface GigabitEthernet1>
        <interface> <description Two  words>
        <interface> <no shutdown>
        <exec> <show clock>
        <configure> <hostname R1>
        <configure> <end>
    "#]]
    .assert_eq(&(about.join("\n") + "\n"));
}

/// Goal: `mode` narrows the event. Method: one word that is a command in two modes.
#[test]
fn a_mode_narrows() {
    check(
        "event manager applet NO-EXIT
 event cli pattern \"^exit\" sync no skip yes mode \"configure\"
",
        &["conf t\r", "interface gi1\r", "exit\r", "exit\r", "end\r"],
        expect![[r#"
            conf t
            Enter configuration commands, one per line.  End with CNTL/Z.
            R1(config)#interface gi1
            R1(config-if)#exit
            R1(config)#exit
            R1(config)#end
            R1#
        "#]],
    );
}

/// Goal: an applet may send the very command that it watches. Method: one that filters `show
/// privilege`, with its own session.
#[test]
fn commands_of_applets_raise_nothing() {
    check(
        "event manager applet FILTER
 event cli pattern \"^show privilege\" sync yes
 action 1 cli command \"show privilege\"
 action 2 regexp \"level is ([0-9]+)\" \"$_cli_result\" all level
 action 3 puts \"mine is $level\"
",
        &["show privilege\r"],
        expect![[r#"
            show privilege
            mine is 1
            R1#
        "#]],
    );
}

/// Goal: somebody who gives up, or goes away, leaves nothing behind. Method: ^C while a line waits,
/// and a client that hangs up.
#[test]
fn giving_up_frees_the_line() {
    let (mut router, session) = terminal(
        "event manager applet SLOW
 event cli pattern \"^show clock\" sync yes
 action 1 wait 3
 action 2 puts \"nobody reads this\"
 action 3 set _exit_status 1
",
    );
    let mut story = router.typed(session, "show clock\r");
    story += &router.typed(session, "\u{3}show privilege\r");
    let before = router.seen.len();
    router.wait_ms(5_000);
    story += &router.bytes_since(before);
    expect![[r#"
        show clock

        R1#show privilege
        Current privilege level is 15
        R1#"#]]
    .assert_eq(&story);
    router.typed(session, "show clock\r");
    router.tell(iosxe::Input::SessionClosed { session });
    router.wait_ms(60_000);
    let messages = router.messages();
    let late = messages.iter().filter(|m| m.ends_with("SLOW: nobody reads this")).count();
    assert_eq!(late, 2, "{messages:?}");
    assert_eq!(router.device.sessions(), [], "no line is taken");
}

/// Goal: a step of a scenario is somebody who types. Method: a step whose line an applet refuses,
/// and one that it lets through; what follows waits.
#[test]
fn steps_at_the_console_are_looked_at() {
    let mut router = Router::new(
        "event manager applet GUARD
 event cli pattern \"^shutdown\" sync yes mode \"interface\"
 action 1 wait 1
 action 2 cli command \"enable\"
 action 3 cli command \"show ip interface brief\"
event manager applet LETS
 event cli pattern \"^hostname\" sync yes
 action 1 wait 1
 action 2 set _exit_status 1
",
    );
    router.configure(&["interface gi1", "description x", "shutdown", "hostname R9", "end"]);
    router.wait_ms(10_000);
    let commands: Vec<String> = router
        .seen
        .iter()
        .filter_map(|(at, output)| match output {
            Output::Fact { kind: Kind::DeviceCommand { by, line }, .. } => {
                Some(format!("{} {by}: {line}", at.since(simtime::Time::VIRTUAL_START)))
            }
            Output::Fact { kind: Kind::CommandBlocked { by, line }, .. } => {
                Some(format!("{} {by} may not: {line}", at.since(simtime::Time::VIRTUAL_START)))
            }
            Output::Fact { kind: Kind::Syslog { message, .. }, .. } => {
                Some(format!("{} {message}", at.since(simtime::Time::VIRTUAL_START)))
            }
            _ => None,
        })
        .collect();
    expect![[r#"
        0s console: interface gi1
        0s console: description x
        0s console: shutdown
        1003ms EEM:GUARD: enable
        1003ms EEM:GUARD: show ip interface brief
        1003ms console may not: shutdown
        1003ms console: hostname R9
        2006ms console: end
        2006ms %SYS-5-CONFIG_I: Configured from console by console
    "#]]
    .assert_eq(&(commands.join("\n") + "\n"));
    assert_eq!(router.device.hostname(), "R9");
}

/// Goal: an applet that looks at every line gets all of a long configuration, and no limit on
/// events lets a line slip through. Method: 400 lines at once, of which one is skipped.
#[test]
fn a_long_configuration_is_looked_at_whole() {
    let mut router = Router::new(
        "event manager applet ACCOUNTING
 event cli pattern \".*\" sync no skip no
 action 1 syslog msg \"$_cli_msg\"
event manager applet GUARD
 event cli pattern \"^hostname\" sync yes
",
    );
    let mut lines: Vec<String> =
        (0..399).map(|number| format!("event manager environment line {number}")).collect();
    lines.push("hostname R9".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    router.configure(&lines);
    router.wait_ms(10_000);
    assert_eq!(router.device.hostname(), "R1");
    let messages = router.messages();
    let seen = messages.iter().filter(|line| line.contains("ACCOUNTING: ")).count();
    assert_eq!(seen, 400, "{:?}", messages.last());
}

/// Goal: a tagged event holds a line as one without a tag does. Method: one of two events, and both
/// in a row.
#[test]
fn tagged_events_hold_lines() {
    let mut router = check(
        "event manager applet EITHER
 event tag typed cli pattern \"^show privilege\" sync yes
 event tag link syslog pattern \"LINK-5-CHANGED\"
 trigger
  correlate event typed or event link
 action 1 puts \"looked at\"
 action 2 set _exit_status 1
event manager applet BOTH
 event tag one cli pattern \"^show clock\" sync yes
 event tag two cli pattern \"^show users\" sync yes
 trigger period 60
  correlate event one and event two
 action 1 puts \"first the clock, then the users\"
",
        &["show privilege\r", "show clock\r", "show users\r", "show users\r"],
        expect![[r#"
            show privilege
            looked at
            Current privilege level is 15
            R1#show clock
            *00:00:05.000 UTC Thu Jan 1 2026
            R1#show users
            first the clock, then the users
            R1#show users
                Line       User       Host(s)              Idle       Location
            *  2 vty 0     admin      idle                 00:00:00 192.0.2.1

              Interface    User               Mode         Idle     Peer Address

            R1#
        "#]],
    );
    router.configure(&["interface gi1", "shutdown"]);
    router.wait_ms(100);
    let messages = router.messages();
    assert!(messages.iter().any(|m| m.contains("EITHER: looked at")), "{messages:?}");
}
