//! What conditions say, and what commands let through.

use serde_json::json;
use simtime::Time;
use webhook::{DeviceFrom, Event};

use super::*;

fn event(data: serde_json::Value) -> Event {
    Event {
        device: Some("R1".into()),
        device_from: DeviceFrom::Credential,
        data: data.as_object().expect("an object").clone(),
        ..Event::new("evt_1", Time::VIRTUAL_START, "/events", "InterfaceDown")
    }
}

fn evaluate(condition: &str, data: serde_json::Value) -> String {
    let engine = Engine::new();
    let (matched, reason) = engine.evaluate(condition, &engine.scope(&event(data)));
    format!("{matched}: {reason}")
}

/// What a command becomes: the line that is sent, or why none is.
fn send(command: &str, data: serde_json::Value) -> Result<String, String> {
    let engine = Engine::new();
    let line = engine.render(command, &engine.scope(&event(data)))?;
    guard::reads_only(&line).map(|()| line).map_err(|refusal| refusal.to_string())
}

/// Goal: a verdict always comes with what it was based on. Method: a table of conditions.
#[test]
fn conditions_say_why() {
    let data = json!({"severity": 3, "interface": "GigabitEthernet1", "tags": ["a", "b"],
                      "data": {"command": "x"}});
    let table = [
        (r#"event.name == "InterfaceDown""#, r#"true: event.name is "InterfaceDown""#),
        (r#"event.name == "Other""#, r#"false: event.name is "InterfaceDown""#),
        ("event.data.severity <= 3", "true: event.data.severity is 3"),
        (r#"event.data.data.command == "x""#, r#"true: event.data.data.command is "x""#),
        (r#""a" in event.data.tags"#, "true: event.data.tags is ['a', 'b']"),
        ("event.data.nothing == 1", "false: the event has no event.data.nothing"),
        ("event.data.nothing.deeper == 1", "false: the event has no event.data.nothing.deeper"),
        ("event.data.nothing", "false: the event has no event.data.nothing"),
        ("event.data.nothing is defined", "false: the event has no event.data.nothing"),
        ("event.data.nothing is not defined", "true: the event has no event.data.nothing"),
        ("true", "true: the condition is fixed"),
        (
            r#"event.device == "R1" and event.data.severity > 5"#,
            r#"false: event.data.severity is 3, event.device is "R1""#,
        ),
        (
            "event.data.severity > \"x\" + 1",
            "false: tried to use + operator on unsupported types string and number",
        ),
    ];
    for (condition, want) in table {
        assert_eq!(evaluate(condition, data.clone()), want, "{condition}");
    }
}

/// Goal: a body cannot make a condition run for long, nor fill a reason.
#[test]
fn conditions_are_bounded() {
    let long = vec!["x"; 10_000];
    let got = evaluate("event.data.a | join(',') | length > 5", json!({"a": long}));
    assert!(got.len() < 200, "{got}");
    let got = evaluate("range(100000) | list | length > 1", json!({}));
    assert!(got.starts_with("false") || got.starts_with("true"), "{got}");
}

/// Goal: a value of the right type enters a command as it is. Method: a table.
#[test]
fn typed_values_enter() {
    let table = [
        ("interface", json!("GigabitEthernet1"), "GigabitEthernet1"),
        ("interface", json!("Gi1/0/24"), "Gi1/0/24"),
        ("interface", json!("Serial0/1/0:23.100"), "Serial0/1/0:23.100"),
        ("interface", json!("Port-channel10"), "Port-channel10"),
        ("address", json!("192.0.2.1"), "192.0.2.1"),
        ("address", json!("2001:DB8::1"), "2001:db8::1"),
        ("word", json!("MGMT_vrf-1.a"), "MGMT_vrf-1.a"),
        ("number", json!(7), "7"),
        ("number", json!("0042"), "42"),
        ("number", json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
    ];
    for (filter, value, want) in table {
        let command = format!("show x {{{{ event.data.v | {filter} }}}}");
        let got = send(&command, json!({"v": value}));
        assert_eq!(got, Ok(format!("show x {want}")), "{filter} {value}");
    }
}

/// Goal: nothing that a body says becomes a second command, a pipe, a help request or another
/// word. Method: attacks, each through every filter.
#[test]
fn attacks_do_not_enter() {
    let attacks = [
        json!("GigabitEthernet1\nreload"),
        json!("GigabitEthernet1\r\nconfigure terminal"),
        json!("GigabitEthernet1 | redirect tftp://192.0.2.9/x"),
        json!("GigabitEthernet1|tee flash:x"),
        json!("GigabitEthernet1 ?"),
        json!("GigabitEthernet1?"),
        json!("GigabitEthernet1 GigabitEthernet2"),
        json!("GigabitEthernet1;reload"),
        json!("GigabitEthernet1\u{0}"),
        json!("GigabitEthernet1\u{8}\u{8}"),
        json!("\u{1b}[A"),
        json!("\u{3}"),
        json!("\u{15}reload"),
        json!("GigabitEthernet\u{ff11}"),
        json!("{{ event.id }}"),
        json!("-1"),
        json!("-v"),
        json!(""),
        json!(" "),
        json!("a".repeat(65)),
        json!(-1),
        json!(1.5),
        json!(true),
        json!(null),
        json!(["GigabitEthernet1"]),
        json!({"a": "GigabitEthernet1"}),
    ];
    for attack in attacks {
        for filter in filter::names() {
            let command = format!("show interfaces {{{{ event.data.v | {filter} }}}}");
            let got = send(&command, json!({"v": attack}));
            assert!(got.is_err(), "{filter} lets {attack} through: {got:?}");
        }
    }
}

/// Goal: an event's value has no other way into a command. Method: what load-time checks overlook.
#[test]
fn there_is_no_way_around_the_filters() {
    let ways = [
        "show {{ event.data.v }}",
        "show {{ event.data.v | safe }}",
        "show {{ event.data.v | word | upper }}",
        "show {{ (event.data.v | word) ~ event.data.w }}",
        "show {{ [event.data.v | word] }}",
        "{% set x = event.data.v %}show {{ x }}",
        "{% set x %}{{ event.data.v | word }}{% endset %}show {{ x }}",
        "{% for x in event.data.list %}show {{ x }}{% endfor %}",
        "{% filter upper %}show {{ event.data.v | word }}{% endfilter %}",
        "show {{ event }}",
        "show {{ event.data | tojson }}",
    ];
    let data = json!({"v": "abc", "w": " | redirect", "list": ["a"]});
    for way in ways {
        let got = send(way, data.clone());
        // A filter block changes text that was let through; the guard still sees the line whole.
        let harmless = got.as_ref().is_ok_and(|line| line.eq_ignore_ascii_case("show abc"));
        assert!(got.is_err() || harmless, "{way}: {got:?}");
    }
    let fixed = "{% if event.name == 'InterfaceDown' %}show clock{% else %}reload{% endif %}";
    assert_eq!(send(fixed, data), Ok("show clock".to_owned()));
}

/// Goal: a missing value says so, and is not an empty word.
#[test]
fn a_missing_value_is_named() {
    let got = send("show interfaces {{ event.data.interface | interface }}", json!({}));
    let want = "`interface` takes the name of an interface, such as `GigabitEthernet1`; this is \
                nothing: the event has no such value";
    assert_eq!(got, Err(want.to_owned()));
}

/// Lines that only read, from the device itself.
const READS: &[&str] = &[
    "show ip interface brief",
    "SHOW clock",
    "show ip bgp regexp ^65000$",
    "dir",
    "dir flash:",
    "dir /all bootflash:/core",
    "dir all-filesystems",
    "ping 192.0.2.1",
    "ping R2",
    "ping vrf MGMT 192.0.2.1 repeat 5 size 1500 df-bit",
    "ping ipv6 2001:db8::1 source Loopback0",
    "traceroute 192.0.2.1",
    "traceroute ip 192.0.2.1 numeric ttl 1 5 probe 1",
    "more flash:config.txt",
    "more /ascii nvram:startup-config",
    "more system:running-config | include ^hostname",
    "more usb0:x",
    "more stby-bootflash:x",
    "show run | include ^ip route",
    "show run | sec ^router",
    "show log | i (UP|DOWN)",
    "show run | begin line vty",
    "show ip route | count 10",
    "show run | e !",
];
/// Lines that write, fetch, flood, ask back or are no line.
const READS_NOT: &[&str] = &[
    "",
    " ",
    "reload",
    "sh run",
    "configure terminal",
    "do show run",
    "write memory",
    "copy run start",
    "clear counters",
    "debug all",
    "no logging on",
    "terminal monitor",
    "show run | redirect tftp://192.0.2.9/x",
    "show run | red flash:x",
    "show run | r flash:x",
    "show run | tee flash:x",
    "show run | t flash:x",
    "show run | append flash:x",
    "show run |a flash:x",
    "show run |redirect flash:x",
    "show run|redirect flash:x",
    "show run | include x | redirect flash:x",
    "show run | include x|redirect flash:x",
    "show run | include x |tee flash:x",
    "show run | include x | exclude y",
    "show run | include x| exclude y",
    "show run |",
    "show run || include x",
    "show run | format x",
    "show run | x",
    "show ?",
    "show clock\nreload",
    "show clock\treload",
    "show cl\u{f6}ck",
    "show clock; reload",
    "show clock > flash:x",
    "show file information tftp://192.0.2.9/x",
    "more",
    "more flash:",
    "more bootflash:/",
    "more config.txt",
    "more tftp://192.0.2.9/x",
    "more tftp:x",
    "more ftp://u:p@192.0.2.9/x",
    "more http://192.0.2.9/x",
    "more https:x",
    "more scp:x",
    "more flash://192.0.2.9/x",
    "more flash:x tftp:y",
    "more flash",
    "dir tftp:",
    "dir ftp://192.0.2.9/",
    "dir flash: scp:",
    "ping",
    "ping ip",
    "ping ipv",
    "ping v x",
    "ping vrf MGMT",
    "ping vrf MGMT ip",
    "ping 192.0.2.1 repeat 1000000",
    "ping 192.0.2.1 rep 1000000",
    "ping 192.0.2.1 repeat",
    "ping 192.0.2.1 repeat -1",
    "ping 192.0.2.1 timeout 0",
    "ping 192.0.2.1 size 36 18024",
    "ping 192.0.2.1 sweep 36 18024 1",
    "ping 192.0.2.1 data ffff",
    "traceroute",
    "traceroute 192.0.2.1 probe 65535",
    "traceroute 192.0.2.1 ttl 1",
];

/// Goal: only lines that read are sent, and only from the device itself. Method: tables of lines.
#[test]
fn only_reading_lines_pass() {
    for line in READS {
        assert_eq!(guard::reads_only(line), Ok(()), "{line}");
    }
    for line in READS_NOT {
        assert!(guard::reads_only(line).is_err(), "{line:?}");
    }
    assert!(guard::reads_only(&format!("show {}", "x".repeat(300))).is_err());
}

/// Goal: a configuration line stays one, in its mode and on its device. Method: a table of lines.
#[test]
fn only_staying_lines_configure() {
    let good = [
        "interface GigabitEthernet1",
        "no shutdown",
        "description a; b > c",
        "exit",
        "domain lookup",
        "default interface GigabitEthernet1",
        "ip domain name example.com",
        "no ip route 0.0.0.0 0.0.0.0",
        "enable secret 9 x",
        "event manager applet X",
    ];
    for line in good {
        assert_eq!(guard::configures(line, false), Ok(()), "{line}");
    }
    let bad = [
        "",
        "no",
        "do reload",
        "DO write memory",
        "  do show run",
        "no do show run",
        "do-exec reload",
        "do-e reload",
        "end",
        "en",
        "hostname R9",
        "host R9",
        "no hostname",
        "prompt %h",
        "banner motd ?",
        "description a\nb",
        "description a\u{3}",
        "description \u{fc}",
        "event syslog pattern a|b",
    ];
    for line in bad {
        assert!(guard::configures(line, false).is_err(), "{line:?}");
    }
    assert_eq!(guard::configures("end", true), Ok(()));
    assert!(guard::configures("en", true).is_err());
    assert!(guard::configures(&"x".repeat(255), true).is_err());
}

/// Goal: what a configuration line does is the rule's, and no value's. Method: a table of texts.
#[test]
fn values_decide_no_configuration() {
    let engine = Engine::new();
    let good = [
        "interface {{ event.data.v | interface }}",
        "no ip route {{ event.data.v | address }} 255.255.255.255 Null0",
        "ip address {{ event.data.v | address }} {{ event.data.w | address }}",
        "no shutdown",
    ];
    for text in good {
        assert_eq!(engine.check_configuration(text, false), Ok(()), "{text}");
    }
    let bad = [
        "{{ event.data.v | word }}",
        " {{ event.data.v | word }} x",
        "no {{ event.data.v | word }}",
        "default {{ event.data.v | word }} x",
        "{{ 'do' | word }} reload",
        "no{{ event.data.v | word }} x",
        "interface {{- event.data.v | word }}",
        "no {{- event.data.v | word }} x",
        "{% if event.name == 'x' %}do reload{% endif %}",
        "interface {{ event.data.v }}",
        "interface {{ event.data.v | upper }}",
        "{# do #} reload",
    ];
    for text in bad {
        assert!(engine.check_configuration(text, false).is_err(), "{text}");
    }
}

proptest::proptest! {
    /// Goal: whatever a body says, a line that is sent has one harmless word in the place of its
    /// value. Method: any text, through each filter.
    #[test]
    fn any_value_enters_as_one_word_or_not_at_all(value: String) {
        for filter in filter::names() {
            let command = format!("show x {{{{ event.data.v | {filter} }}}} y");
            if let Ok(line) = send(&command, json!({"v": value})) {
                let words: Vec<&str> = line.split(' ').collect();
                proptest::prop_assert_eq!(words.len(), 4, "{}", line);
                proptest::prop_assert!(!line.contains(['|', '?', ';', '\n']));
            }
        }
    }

    /// Goal: what passes the guard is one line that writes nowhere. Method: any line of pieces that
    /// attacks are made of, against a second reading of it.
    #[test]
    fn what_passes_reads(
        verb in "(show|SHOW|more|dir|ping|sho|copy|do show) ",
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "run", "flash:x", "tftp:", "://", "192.0.2.1", "repeat", "5", "|", " | ", " |",
                "| ", "include", "i", "redirect", "r", "red", "tee", "append", "format", "count",
                "x", " ",
                "(a|b)", "\n", "\r", "\u{1b}[A", "\u{0}", ";", "?", ">", "source", "vrf", "ü",
            ]),
            0..10,
        ),
    ) {
        let line = format!("{verb}{}", pieces.concat());
        if guard::reads_only(&line).is_ok() {
            proptest::prop_assert!(line.lines().count() == 1 && line.len() <= 254);
            proptest::prop_assert!(line.bytes().all(|b| (0x20..0x7f).contains(&b)));
            for piped in line.to_ascii_lowercase().split('|').skip(1) {
                let word = piped.split_whitespace().next().unwrap_or_default().to_owned();
                let writes = ["redirect", "tee", "append", "format"];
                let writes = writes.iter().any(|w| !word.is_empty() && w.starts_with(&word));
                proptest::prop_assert!(!writes, "{}", line);
            }
            let first = line.split('|').next().unwrap_or_default();
            proptest::prop_assert!(!first.contains("://"), "{}", line);
        }
        if guard::configures(&line, false).is_ok() {
            proptest::prop_assert!(line.bytes().all(|b| (0x20..0x7f).contains(&b)));
            proptest::prop_assert!(!line.contains('|') && !line.trim_start().starts_with("do "));
        }
    }

    /// Goal: no text of a rule makes loading panic. Method: any text, as condition and command.
    #[test]
    fn any_text_is_checked(text in "[{}%|a-z.'\" ü]{0,24}") {
        let engine = Engine::new();
        let _ = engine.check_condition(&text);
        let _ = engine.check_command(&text);
        let _ = engine.check_configuration(&text, true);
        let _ = evaluate(&text, json!({}));
        let _ = send(&text, json!({}));
    }
}
