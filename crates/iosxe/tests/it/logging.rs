//! Messages on their way: stamps, datagrams, the buffer, terminals that monitor.

use std::collections::BTreeMap;

use expect_test::expect_file;
use iosxe::{Collector, CollectorEvent, Input, Output, SessionKind, SyslogTransport};
use proptest::prelude::*;

use crate::driver::Router;

/// What stands before the message in the datagram of one `shutdown`, under this configuration.
fn check_header(config: &str, want: &str) {
    let mut router = Router::new(&format!("logging host 192.0.2.9\n{config}\n"));
    router.wait_ms(734);
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    let datagrams = router.datagrams();
    let first = datagrams.first().expect("one datagram for each message");
    let header = first.split_once("%LINK-5-CHANGED: ").expect("the message").0;
    assert_eq!(header, format!("192.0.2.9:514 {want}"), "{config}");
}

/// Goal: the wire form is Cisco's under each option that touches it. Method: one row of the
/// reference's table each.
#[test]
fn datagrams_follow_their_options() {
    let table = [
        ("", "<189>1: *Jan  1 00:00:00.734: "),
        ("logging origin-id hostname\nhostname router1", "<189>1: router1: *Jan  1 00:00:00.734: "),
        (
            "no logging message-counter syslog\nlogging origin-id string sw01\n\
             service timestamps log datetime msec year",
            "<189>: sw01: *Jan  1 2026 00:00:00.734: ",
        ),
        (
            "logging facility local4\nservice sequence-numbers\nservice timestamps log uptime",
            "<165>1: 000012: 00:00:00: ",
        ),
        (
            "clock timezone CET 1\nservice timestamps log datetime localtime show-timezone",
            "<189>1: *Jan  1 01:00:00 CET: ",
        ),
        (
            "no service timestamps log\nlogging origin-id ip\n\
             interface gi1\n ip address 10.0.0.1 255.255.255.0",
            "<189>1: 10.0.0.1: ",
        ),
    ];
    for (config, want) in table {
        check_header(config, want);
    }
}

/// Goal: the trap level holds back what is less severe. Method: errors only, one link that goes
/// down by hand (5) and one by its wire (3).
#[test]
fn the_trap_level_filters() {
    let config = "logging host 192.0.2.9 transport udp port 5514\nlogging trap errors";
    let mut router = Router::new(config);
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    router.carrier("GigabitEthernet1", false, None);
    router.wait_ms(2_000);
    let datagrams = router.datagrams();
    let wanted = "192.0.2.9:5514 <187>1: *Jan  1 00:00:01.000: %LINK-3-UPDOWN: Interface ";
    assert_eq!(datagrams.len(), 1, "{datagrams:?}");
    assert!(datagrams[0].starts_with(wanted), "{datagrams:?}");
    router.configure(&["no logging trap"]);
    router.carrier("GigabitEthernet1", true, None);
    router.wait_ms(2_000);
    assert_eq!(router.datagrams(), [""; 0]);
}

/// Goal: a new collector is announced after a second, a removed one at once. Method: a transcript.
#[test]
fn collectors_start_and_stop() {
    let mut router = Router::new("");
    router.configure(&["logging host 192.0.2.9 transport udp port 5514", "logging 192.0.2.8"]);
    router.wait_ms(2_000);
    router.configure(&["no logging host 192.0.2.9 transport udp port 5514"]);
    router.configure(&["no logging host 192.0.2.77"]);
    expect_file!["../expected/messages-of-collectors.txt"]
        .assert_eq(&(router.messages().join("\n") + "\n"));
}

/// Goal: `show logging` has the layout of the reference, boot messages included. Method: a
/// transcript.
#[test]
fn show_logging() {
    let mut router =
        Router::new("no logging console\nlogging host 192.0.2.9\ninterface gi4\n shutdown");
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    expect_file!["../expected/show-logging.txt"].assert_eq(&router.exec("show logging"));
    expect_file!["../expected/show-logging-last.txt"]
        .assert_eq(&router.exec("show logging last 1 | begin Log Buffer"));
}

/// Goal: a terminal gets messages after `terminal monitor`, and none before or after. Method: three
/// shutdowns.
#[test]
fn terminals_monitor_when_asked() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    let printed = |router: &mut Router, command: &str, change: &str| {
        router.typed(session, command);
        let before = router.seen.len();
        router.configure(&["interface GigabitEthernet2", change]);
        router.bytes_since(before).contains("%LINK-")
    };
    assert!(!printed(&mut router, "\n", "shutdown"));
    assert!(printed(&mut router, "terminal monitor\n", "no shutdown"));
    assert!(!printed(&mut router, "terminal no monitor\n", "shutdown"));
}

/// Goal: no configuration names an interface that is gone. Method: remove the source interface.
#[test]
fn the_source_interface_goes_with_its_interface() {
    let mut router = Router::new("interface Loopback1\nlogging source-interface Loopback1\n");
    let shown = "show running-config | include source-interface|^interface Loop";
    assert_eq!(router.exec(shown), "interface Loopback1\nlogging source-interface Loopback1\n");
    router.configure(&["no interface Loopback1"]);
    assert_eq!(router.exec(shown), "");
}

/// Goal: what a session adds, and RFC 5424, stand where collectors look for them. Method: one row
/// for each line of configuration.
#[test]
fn sessions_and_rfc5424() {
    let check = |config: &str, want: &str| {
        let mut router = Router::new(&format!(
            "hostname R1\ninterface gi1\n ip address 10.0.0.1 255.255.255.0\n{config}\n"
        ));
        router.wait_ms(734);
        router.configure(&["interface GigabitEthernet2", "shutdown"]);
        let datagrams = router.datagrams();
        let first = datagrams.first().expect("one datagram for each message");
        let header = first.split_once("%LINK-5-CHANGED: ").expect("the message").0;
        let header = header.split_once(' ').expect("the collector").1;
        assert_eq!(header, want, "{config}");
    };
    let host = "logging host 192.0.2.9";
    let time = "*Jan  1 00:00:00.734: ";
    check(
        &format!("{host} sequence-num-session"),
        &format!("<189>1: [syslog@9 s_sn=\"1\"]: {time}"),
    );
    check(
        &format!("{host} session-id hostname\nlogging origin-id hostname"),
        &format!("<189>1: R1: [syslog@9 s_id=\"R1:514\"]: {time}"),
    );
    check(
        &format!("{host} session-id string a]b sequence-num-session"),
        &format!("<189>1: [syslog@9 s_id=\"a\\]b\" s_sn=\"1\"]: {time}"),
    );
    check(
        &format!("{host} session-id ipv4 transport tcp port 1514"),
        &format!("<189>1: [syslog@9 s_id=\"10.0.0.1:1514\"]: {time}"),
    );
    check(
        &format!("{host}\nlogging message-counter log\nservice sequence-numbers"),
        &format!("<189>1: 12: 000012: {time}"),
    );
    check(
        &format!("{host}\nlogging trap syslog-format rfc5424"),
        "<189>1 2026-01-01T00:00:00.734Z R1 - - - - ",
    );
    check(
        &format!(
            "{host} sequence-num-session\nlogging trap 6 syslog-format rfc5424\n\
             clock timezone EST -5 0\nlogging origin-id string a b\nlogging facility kern\n\
             service sequence-numbers"
        ),
        "<5>1 2025-12-31T19:00:00.734-05:00 a_b - - - [syslog@9 s_sn=\"1\"] 000013: ",
    );
}

/// Goal: a rate limit and a discriminator hold back what they are for, and it is counted. Method:
/// six messages in one second.
#[test]
fn limits_hold_back() {
    let check = |config: &str, console: u32, buffer: u32, sent: usize, limited: u32| {
        let mut router = Router::new(&format!("logging host 192.0.2.9\n{config}\n"));
        router.wait_ms(5_000);
        let before = router.exec("show logging");
        router.datagrams();
        let count = |shown: &str, pattern: &str| -> u32 {
            let line = shown.lines().find(|line| line.contains(pattern)).expect(pattern);
            let (head, _) = line.split_once(" messages logged").expect("a count");
            head.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number")
        };
        for n in 0..6 {
            router.exec(&format!("send log {n} hello"));
        }
        let sent_now = router.datagrams().len();
        let after = router.exec("show logging");
        let more = |pattern| count(&after, pattern) - count(&before, pattern);
        let got = (more("Console logging"), more("Buffer logging"), sent_now);
        assert_eq!(got, (console, buffer, sent), "{config}");
        let rate_limited = |shown: &str| {
            let (head, _) = shown.split_once(" messages rate-limited").expect("the first line");
            head.rsplit(' ').next().and_then(|n| n.parse::<u32>().ok()).expect("a number")
        };
        assert_eq!(rate_limited(&after) - rate_limited(&before), limited, "{config}");
    };
    check("", 6, 6, 6, 0);
    check("logging rate-limit 2", 2, 2, 2, 4);
    check("logging rate-limit all 2 except 3", 6, 6, 6, 0);
    check("logging rate-limit 1 except 2", 4, 4, 4, 2);
    check("logging rate-limit console 2", 2, 6, 6, 4);
    check("logging console 2\nlogging buffered 4\nlogging trap 1", 3, 5, 2, 0);
    check(
        "logging discriminator D severity drops 0,1\nlogging buffered discriminator D",
        6,
        4,
        6,
        0,
    );
    check("logging discriminator D rate-limit 2\nlogging buffered discriminator D", 6, 2, 6, 4);
    check("no logging on", 6, 0, 0, 0);
}

/// Goal: a collector that is told to be down is, and its router says so once. Method: what a
/// transport says.
#[test]
fn a_connection_that_fails_is_told() {
    let mut router = Router::new("logging host 192.0.2.9 transport tcp");
    let collector =
        Collector { host: "192.0.2.9".into(), port: 601, transport: SyslogTransport::Tcp };
    router.wait_ms(1_000);
    router.messages();
    let mut tell = |event| {
        router.wait_ms(1_000);
        router.tell(Input::Collector { collector: &collector, event });
        let shown = router.exec("show logging | include link|dropped,");
        (router.messages(), shown)
    };
    let failed = ["2000 %SYS-3-LOGGINGHOST_FAIL: Logging to host 192.0.2.9 port 601 failed"];
    let (said, shown) = tell(CollectorEvent::Failed);
    assert_eq!(said, failed);
    assert!(shown.contains("link down"), "{shown}");
    assert_eq!(tell(CollectorEvent::Failed).0, [""; 0]);
    let (said, shown) = tell(CollectorEvent::Lost(7));
    assert_eq!(said, [""; 0]);
    assert!(shown.contains("(7 messages dropped"), "{shown}");
    let (said, shown) = tell(CollectorEvent::Connected);
    let back = "5000 %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 192.0.2.9 port 601 started - \
                reconnection";
    assert_eq!(said, [back]);
    assert!(shown.contains("link up"), "{shown}");
}

/// A line about where messages go.
fn filter() -> impl Strategy<Value = String> {
    prop_oneof![
        "(no )?logging (console|monitor|trap)( [0-7])?",
        "logging buffered 100000 [0-7]",
        "logging rate-limit( console)?( all)? [1-9]( except [0-3])?",
        "logging discriminator A (severity (drops|includes) [0-7] )?mnemonics drops (USER|UP).*",
        "logging discriminator A rate-limit [1-5]",
        "(no )?logging on",
        "logging trap [4-7] syslog-format rfc5424",
        "(no )?(service sequence-numbers|logging message-counter log)",
    ]
}

/// What makes a router say something.
fn cause() -> impl Strategy<Value = String> {
    prop_oneof![
        (0u8..8).prop_map(|n| format!("send log {n} hello")),
        Just("clear counters GigabitEthernet1".to_owned()),
        Just("wait".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Goal: every counter of `show logging` is what really went there. Method: random filters, and
    /// random causes; the datagrams, the lines of the buffer and of a terminal that monitors are
    /// counted from outside, and what is missing of them is in the counters of what was held back.
    #[test]
    fn counters_are_true(
        filters in prop::collection::vec(filter(), 0..6),
        causes in prop::collection::vec(cause(), 1..24),
    ) {
        let mut router = Router::new(
            "logging discriminator A severity drops 0\nlogging buffered discriminator A 100000\n\
             logging host 192.0.2.1\nlogging host 192.0.2.2 transport tcp discriminator A\n",
        );
        router.wait_ms(1_500);
        let lines: Vec<&str> = filters.iter().map(String::as_str).collect();
        router.configure(&lines);
        let session = router.open(SessionKind::Shell);
        router.typed(session, "terminal length 0\rterminal monitor\r");
        let before = counters(&router.typed(session, "show logging\r"));
        router.seen.clear();
        for cause in &causes {
            match cause.as_str() {
                "wait" => router.wait_ms(700),
                line => drop(router.typed(session, &format!("{line}\r\r"))),
            }
        }
        let monitored = router.bytes_since(0);
        let is_message = |line: &&str| line.contains(": %SYS-") || line.contains(": %CLEAR-");
        let monitored = monitored.lines().filter(is_message).count() as u64;
        let to = |host: &str| {
            let sent = router.seen.iter().filter(|(_, output)| match output {
                Output::Syslog { collector, .. } => collector.host == host,
                _ => false,
            });
            sent.count() as u64
        };
        let (first, second) = (to("192.0.2.1"), to("192.0.2.2"));
        let after = counters(&router.typed(session, "show logging\r"));
        let more = |name: &str| after[name] - before[name];
        prop_assert_eq!(more("192.0.2.1"), first);
        prop_assert_eq!(more("192.0.2.2"), second);
        prop_assert_eq!(more("monitor"), monitored);
        prop_assert_eq!(more("buffer"), more("lines"));
        prop_assert_eq!(more("trap"), first);
        prop_assert!(more("trap") == second + more("192.0.2.2 held"), "{:?} {:?}", before, after);
    }
}

/// The counters of `show logging`, by what they count; those of destinations that are off are 0.
fn counters(shown: &str) -> BTreeMap<&'static str, u64> {
    let first_number = |line: &str| {
        let digits = line.trim_start().split(' ').next().and_then(|word| word.parse().ok());
        digits.unwrap_or(0)
    };
    let logged = |name: &str| {
        let line = shown.lines().find(|line| line.contains(name)).unwrap_or_default();
        line.split_once(", ").map_or(0, |(_, rest)| first_number(rest))
    };
    let of_host = |host: &str| {
        let mut lines = shown.lines().skip_while(|line| !line.contains(host)).skip(2);
        let mut next = || lines.next().map_or(0, first_number);
        (next(), next() + next())
    };
    let buffer = shown.split_once("Log Buffer").map_or("", |(_, buffer)| buffer);
    let ((first, _), (second, held)) = (of_host("to 192.0.2.1 "), of_host("to 192.0.2.2 "));
    BTreeMap::from([
        ("monitor", logged("Monitor logging")),
        ("buffer", logged("Buffer logging")),
        ("trap", logged("Trap logging")),
        ("192.0.2.1", first),
        ("192.0.2.2", second),
        ("192.0.2.2 held", held),
        ("lines", buffer.lines().filter(|line| line.contains(": %")).count() as u64),
    ])
}
