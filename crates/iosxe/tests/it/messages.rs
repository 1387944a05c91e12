//! The messages of syslog.md, section 2, one by one: what causes each, its text, the order.
//!
//! Not here: 4-7, 9, 10, 28 and 40-76, which nothing in this router causes by itself; a scenario's
//! step `syslog` says them. 34-36 are those of the SSH server, 77 those of applets (`eem.rs`).

use std::net::IpAddr;

use expect_test::{ExpectFile, expect_file};
use iosxe::{ClockChange, Input, Ramp, SessionId, SessionKind, Stimulus};
use simtime::{Duration, Time};

use crate::driver::Router;

/// What a router with this startup-config says while `story` happens, each line with the
/// milliseconds since the start.
fn check(config: &str, story: impl FnOnce(&mut Router), want: ExpectFile) {
    let mut router = Router::new(&format!("hostname R1\n{config}\n"));
    story(&mut router);
    let said = router.messages();
    want.assert_eq(&said.iter().map(|line| format!("{line}\n")).collect::<String>());
}

/// Types lines at a terminal, and hangs up.
fn leave(router: &mut Router, lines: &[&str]) {
    let session = typed(router, lines);
    router.tell(Input::SessionClosed { session });
}

fn typed(router: &mut Router, lines: &[&str]) -> SessionId {
    let session = router.open(SessionKind::Shell);
    for line in lines {
        router.typed(session, &format!("{line}\r"));
    }
    session
}

fn peer() -> IpAddr {
    "192.0.2.7".parse().expect("an address")
}

fn guess(router: &mut Router) {
    let user = "eve\n%SYS-0-EVIL: \u{1b}[2J";
    router.tell(Input::LoginGuessed { user, peer: peer(), trace: None });
}

/// Goal: 1, 2 and 3: a port says LINK, and LINEPROTO a second later; the wire the other way round;
/// a loopback both at once, LINEPROTO first. Method: each cause once.
#[test]
fn interfaces() {
    check(
        "",
        |router| {
            router.configure(&["interface GigabitEthernet2", "shutdown"]);
            router.wait_ms(5_000);
            router.configure(&["interface GigabitEthernet2", "no shutdown"]);
            router.wait_ms(5_000);
            router.carrier("GigabitEthernet2", false, None);
            router.wait_ms(5_000);
            router.carrier("GigabitEthernet2", true, None);
            router.wait_ms(5_000);
            router.configure(&["interface Loopback0", "shutdown", "no shutdown"]);
        },
        expect_file!["../expected/messages/interfaces.txt"],
    );
}

/// Goal: 8: whoever clears counters is named. Method: a client, the console, an applet.
#[test]
fn cleared_counters() {
    let applet = "event manager applet CLEAN\n event none sync no\n \
                  action 1 cli command \"enable\"\n \
                  action 2 cli command \"clear counters GigabitEthernet1\" pattern confirm\n \
                  action 3 cli command \"y\"\n";
    check(
        applet,
        |router| {
            leave(router, &["clear counters GigabitEthernet1", ""]);
            let lines = ["clear counters".to_owned(), String::new()];
            router.tell(Input::Execute { lines: &lines, trace: None });
            leave(router, &["event manager run CLEAN"]);
            router.wait_ms(5_000);
        },
        expect_file!["../expected/messages/cleared-counters.txt"],
    );
}

/// Goal: 11 and 13: whoever configured is named, and where from. Method: a client, the console, an
/// applet, a file, the startup-config, a replacement.
#[test]
fn configured() {
    let applet = "event manager applet SET\n event none sync no\n \
                  action 1 cli command \"enable\"\n \
                  action 2 cli command \"configure terminal\"\n action 3 cli command \"end\"\n \
                  action 4 syslog msg \"done\"\n";
    check(
        applet,
        |router| {
            leave(router, &["configure terminal", "end"]);
            router.configure(&["ip domain name example"]);
            leave(router, &["event manager run SET"]);
            router.wait_ms(5_000);
            leave(router, &["copy running-config bootflash:x", ""]);
            leave(router, &["copy bootflash:x running-config", ""]);
            leave(router, &["write memory", "copy startup-config running-config", ""]);
            leave(router, &["configure replace bootflash:x force"]);
        },
        expect_file!["../expected/messages/configured.txt"],
    );
}

/// Goal: 14: each line that is typed, its secrets hidden. Method: `log config` that notifies.
#[test]
fn logged_commands() {
    check(
        "archive\n log config\n  logging enable\n  notify syslog contenttype plaintext\n  hidekeys",
        |router| {
            let lines = ["configure terminal", "username a password 0 topsecret", "int lo1", "end"];
            leave(router, &lines);
        },
        expect_file!["../expected/messages/logged-commands.txt"],
    );
}

/// Goal: 15 to 18: a reload, what is said before, and what after, in the order of a boot. Method:
/// `reload` by a client.
#[test]
fn reloaded() {
    check(
        "snmp-server community public RO\ninterface Loopback0\ninterface gi2\n shutdown",
        |router| {
            leave(router, &["reload in 1 planned", "", "reload cancel"]);
            leave(router, &["reload reason upgrade", ""]);
            router.wait_ms(70_000);
        },
        expect_file!["../expected/messages/reloaded.txt"],
    );
}

/// Goal: 19: old time, new time, who. Method: `clock set`, a time zone, a scenario's step.
#[test]
fn clock_updates() {
    check(
        "",
        |router| {
            leave(router, &["clock set 10:30:00 21 November 2027"]);
            router.configure(&["clock timezone CET 1"]);
            let to = ClockChange::To(Time::VIRTUAL_START + Duration::from_secs(86_400));
            router.tell(Input::ClockSet { to, trace: None });
        },
        expect_file!["../expected/messages/clock-updates.txt"],
    );
}

/// Goal: 20 to 22 and 30: who comes, rises, idles and goes. Method: one client that types `exit`,
/// one that types nothing.
#[test]
fn sessions() {
    check(
        "logging userinfo\nlogin on-success log\nenable secret s\nline vty 0 4\n exec-timeout 1",
        |router| {
            let lines = ["disable", "enable", "s", "disable", "enable", "x", "x", "x", "exit"];
            leave(router, &lines);
            typed(router, &[""]);
            router.wait_ms(61_000);
        },
        expect_file!["../expected/messages/sessions.txt"],
    );
}

/// Goal: 31 to 33: a guess, one too many, and the end of the quiet; no name that a client makes up
/// forges a line. Method: three guesses.
#[test]
fn attacks() {
    check(
        "login on-failure log\nlogin block-for 60 attempts 3 within 30",
        |router| {
            for _ in 0..3 {
                guess(router);
                router.wait_ms(1_000);
            }
            router.wait_ms(100_000);
        },
        expect_file!["../expected/messages/attacks.txt"],
    );
}

/// Goal: 25 to 27 and 29: load and memory cross their thresholds. Method: two ramps.
#[test]
fn thresholds() {
    let ramp = |to: i64| Ramp {
        to_milli: to * 1_000,
        over: Duration::from_secs(10),
        hold: Some(Duration::from_secs(60)),
    };
    check(
        "process cpu threshold type total rising 75 interval 5 falling 20 interval 5\n\
         memory free low-watermark processor 200000",
        |router| {
            let stimulus = Stimulus::Cpu { ramp: ramp(90), process: None };
            router.tell(Input::Stimulus { stimulus, trace: None });
            router.wait_ms(120_000);
            let stimulus = Stimulus::Memory { ramp: ramp(100) };
            router.tell(Input::Stimulus { stimulus, trace: None });
            router.wait_ms(120_000);
        },
        expect_file!["../expected/messages/thresholds.txt"],
    );
}

/// Goal: 37 and 39: keys, and a user's own words at each severity. Method: the commands.
#[test]
fn keys_and_words() {
    check(
        "ip domain name example",
        |router| {
            leave(router, &["configure terminal", "crypto key generate rsa modulus 2048", "end"]);
            leave(router, &["send log hello", "send log 0 help", "send log 6 a  b"]);
            let lines = ["send log 5 from the console".to_owned()];
            router.tell(Input::Execute { lines: &lines, trace: None });
        },
        expect_file!["../expected/messages/keys-and-words.txt"],
    );
}

/// Goal: a router that comes up says so in its buffer, in the order of a boot, though nobody hears
/// it. Method: `show logging` of a router that has an SNMP agent.
#[test]
fn what_a_boot_leaves_in_the_buffer() {
    let startup = "hostname R1\nsnmp-server community public RO\ninterface Loopback0\n\
                   interface gi3\n shutdown\n";
    let mut router = Router::new(startup);
    let shown = router.exec("show logging | begin Log Buffer");
    expect_file!["../expected/messages/what-a-boot-leaves-in-the-buffer.txt"].assert_eq(&shown);
}
