//! Applets that talk with whoever types: `puts` and `gets` while a line waits.

use expect_test::expect;
use iosxe::{Output, SessionKind};
use proptest::prelude::*;

use crate::cli_events::check;
use crate::driver::Router;

/// What a network engineer writes to keep colleagues out of configuration mode.
const ASK: &str = "event manager applet ASK
 event cli pattern \"^configure terminal\" sync yes
 action 1 puts nonewline \"Change window? [y/n] \"
 action 2 gets answer
 action 3 if $answer eq y
 action 4  syslog msg \"$_cli_username changes the configuration\"
 action 5  set _exit_status 1
 action 6 else
 action 7  puts \"Then come back later.\"
 action 8 end
";

/// Goal: an applet asks back at the terminal of whoever typed. Method: no, yes, an answer that is
/// typed ahead and corrected, and ^C.
#[test]
fn an_applet_asks_back() {
    let mut router = check(
        ASK,
        &[
            "conf t\r",
            "n\r",
            "conf t\ryy\u{8}\r",
            "end\r",
            "conf t\r",
            "ma\u{3}",
            "conf t\r",
            "\u{1e}",
        ],
        expect![[r#"
            conf t
            Change window? [y/n] n
            Then come back later.
            R1#conf t
            Change window? [y/n] yy 
            Enter configuration commands, one per line.  End with CNTL/Z.
            R1(config)#end
            R1#conf t
            Change window? [y/n] ma^C
            R1#conf t
            Change window? [y/n] 
            R1#
        "#]],
    );
    let messages = router.messages();
    let about: Vec<&String> = messages.iter().filter(|line| line.contains("HA_EM")).collect();
    expect![[r#"
        [
            "10003 %HA_EM-6-LOG: ASK: admin changes the configuration",
            "25000 %HA_EM-3-FMPD_GETS: no tty to read from: policy is not synchronous",
            "25000 %HA_EM-3-FMPD_ERROR: Error executing applet ASK statement 2",
            "35000 %HA_EM-3-FMPD_GETS: no tty to read from: policy is not synchronous",
            "35000 %HA_EM-3-FMPD_ERROR: Error executing applet ASK statement 2",
        ]"#]]
    .assert_eq(&format!("{about:#?}"));
}

/// Goal: an applet may put another command in the place of what was typed. Method: one that
/// answers `show running-config` with a part of it, and one that has none of it.
#[test]
fn an_applet_rewrites_a_command() {
    check(
        "event manager applet SHORT
 event cli pattern \"^show running-config$\" sync yes
 action 1 cli command \"enable\"
 action 2 cli command \"show running-config | include hostname\"
 action 3 regexp \"(hostname [^\\r]*)\" \"$_cli_result\" all line
 action 4 puts \"$line\"
",
        &["sh run\r", "sh run | i version\r"],
        expect![[r#"
            sh run
            hostname R1
            R1#sh run | i version
            hostname R1
            R1#
        "#]],
    );
}

/// Goal: a session for one command is asked, too, and ends with the command. Method: an SSH client
/// that sends a command and its answer.
#[test]
fn a_session_for_one_command_is_asked_too() {
    let mut router = Router::new(ASK);
    let before = router.seen.len();
    let session = router.open(SessionKind::Exec("configure terminal".to_owned()));
    router.wait_ms(100);
    router.typed(session, "n\r");
    router.wait_ms(100);
    let closes = Output::SessionClose { session, status: 0 };
    assert!(router.seen.iter().any(|(_, output)| *output == closes), "it ends");
    expect![[r#"
        Change window? [y/n] n
        Then come back later.
    "#]]
    .assert_eq(&router.bytes_since(before));
}

/// Goal: the lines of a step answer questions, and where nobody answers the applet fails and the
/// line is not carried out. Method: a step with an answer, one without.
#[test]
fn steps_answer_questions() {
    let mut router = Router::new(
        "event manager applet ASK
 event cli pattern \"^hostname\" sync yes
 action 1 gets answer
 action 2 if $answer eq y
 action 3  set _exit_status 1
 action 4 end
",
    );
    router.configure(&["hostname R7", "y", "end"]);
    router.wait_ms(100);
    assert_eq!(router.device.hostname(), "R7");
    router.configure(&["hostname R8"]);
    router.wait_ms(60_000);
    assert_eq!(router.device.hostname(), "R7");
    let messages = router.messages();
    assert!(messages.iter().any(|m| m.contains("FMPD_ERROR")), "{messages:?}");
}

/// Goal: a client that hangs up while it is asked leaves nothing behind; so does a time that is up.
/// Method: both, with an applet that would wait for ever.
#[test]
fn nobody_answers() {
    let applet = "event manager applet ASK
 event cli pattern \"^show clock\" sync yes default 5
 action 1 gets answer
event manager applet WAITS
 event none maxrun 0
 action 1 gets answer
 action 2 puts \"<$answer>\"
";
    let mut router = check(
        applet,
        &["show clock\r", "", "x\r"],
        expect![[r#"
        show clock
        *00:00:05.000 UTC Thu Jan 1 2026
        R1#x
        Translating "x"...domain server (255.255.255.255)
        % Bad IP address or host name
        % Unknown command or computer name, or unable to find computer address
        R1#
    "#]],
    );
    let session = router.open(SessionKind::Shell);
    router.typed(session, "event manager run WAITS\r");
    router.wait_ms(600_000 - 1);
    router.tell(iosxe::Input::SessionClosed { session });
    router.wait_ms(10);
    let messages = router.messages();
    let about: Vec<&String> = messages.iter().filter(|line| line.contains("HA_EM")).collect();
    expect![[r#"
        [
            "5000 %HA_EM-3-FMPD_GETS: no tty to read from: policy is not synchronous",
            "5000 %HA_EM-3-FMPD_ERROR: Error executing applet ASK statement 1",
            "614999 %HA_EM-3-FMPD_GETS: no tty to read from: policy is not synchronous",
            "614999 %HA_EM-3-FMPD_ERROR: Error executing applet WAITS statement 1",
        ]"#]]
    .assert_eq(&format!("{about:#?}"));
}

/// Applets that hold every line and every key, ask, wait, fail and time out.
const HOLD_ALL: &str = "username admin privilege 15 password admin
event manager applet LINES
 event cli pattern \"^(show|conf|int|end|no|desc)\" sync yes default 3
 action 1 puts nonewline \"ok? \"
 action 2 gets answer
 action 3 if $answer eq y
 action 4  set _exit_status 1
 action 5 end
event manager applet KEYS
 event cli pattern \".\" tab questionmark sync yes
 action 1 wait 1
 action 2 set _exit_status 1
event manager applet SKIPS
 event cli pattern \"clock\" sync no skip yes
 action 1 puts \"$missing\"
";

/// What people press, often wrongly.
fn keys() -> impl Strategy<Value = String> {
    let lines = "show clock|show users|conf t|int gi1|end|desc x|y|n";
    prop::string::string_regex(&format!("({lines}|\\?|\t|\u{3}|\u{1a}|\u{8}|\r){{0,6}}"))
        .expect("a regular expression")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Goal: whatever is typed, a terminal that applets hold comes back, and nothing is left of a
    /// client that goes away. Method: keys and pauses, ^C and a command; no line is taken.
    #[test]
    fn a_held_terminal_comes_back(typed in prop::collection::vec((keys(), 0u64..5_000), 0..8)) {
        let mut router = Router::new(HOLD_ALL);
        let session = router.open(SessionKind::Shell);
        for (text, pause_ms) in typed {
            router.typed(session, &text);
            router.wait_ms(pause_ms);
        }
        router.typed(session, "\u{3}\u{3}");
        router.wait_ms(60_000);
        router.typed(session, "\u{3}\u{1a}");
        router.wait_ms(60_000);
        let before = router.seen.len();
        router.typed(session, "\u{15}terminal width 80\r");
        let shown = router.bytes_since(before);
        prop_assert!(shown.ends_with("terminal width 80\nR1#"), "{shown:?}");
        router.tell(iosxe::Input::SessionClosed { session });
        router.wait_ms(60_000);
        prop_assert_eq!(router.device.sessions(), []);
    }
}
