//! What conditions say, and what commands let through.

use serde_json::json;
use simtime::Time;
use webhook::{DeviceFrom, Event};

use super::*;

fn event(data: serde_json::Value) -> Event {
    Event {
        id: "evt_1".into(),
        received_at: Time::VIRTUAL_START,
        source: "/events".into(),
        name: "InterfaceDown".into(),
        device: Some("R1".into()),
        device_from: DeviceFrom::Credential,
        data: data.as_object().expect("an object").clone(),
        trace_id: None,
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

/// Goal: only lines that read are sent. Method: a table of lines.
#[test]
fn only_reading_lines_pass() {
    let good = [
        "show ip interface brief",
        "SHOW clock",
        "dir flash:",
        "ping 192.0.2.1",
        "traceroute 192.0.2.1",
        "more flash:config.txt",
        "show run | include ^ip route",
        "show run | sec ^router",
        "show log | i (UP|DOWN)",
        "show run | begin line vty",
        "show ip route | count 10",
    ];
    for line in good {
        assert_eq!(guard::reads_only(line), Ok(()), "{line}");
    }
    let long = format!("show {}", "x".repeat(300));
    let bad = [
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
        "show run | tee flash:x",
        "show run | append flash:x",
        "show run |redirect flash:x",
        "show run | include x | redirect flash:x",
        "show run | include x |tee flash:x",
        "show run |",
        "show run | format x",
        "show run | x",
        "show ?",
        "show clock\nreload",
        "show clock\treload",
        "show cl\u{f6}ck",
        &long,
    ];
    for line in bad {
        assert!(guard::reads_only(line).is_err(), "{line:?}");
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

    /// Goal: no text of a rule makes loading panic. Method: any text, as condition and command.
    #[test]
    fn any_text_is_checked(text in "[{}%|a-z.'\" ü]{0,24}") {
        let engine = Engine::new();
        let _ = engine.check_condition(&text);
        let _ = engine.check_command(&text);
        let _ = evaluate(&text, json!({}));
        let _ = send(&text, json!({}));
    }
}
