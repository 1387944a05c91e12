//! Lines of syslog, from the datagram to the device.

use std::net::IpAddr;

use fact::Kind;
use webhook::DeviceFrom;

use crate::record::Record;
use crate::story::State;
use crate::testkit::{Rig, config};
use crate::{Input, Line, Place};

/// One collector that believes nobody and one that believes addresses, and a rule.
const LISTENER: &str = r#"
[[syslog]]
transport = "udp"
listen = "127.0.0.1:5514"
rate = "5/s"
[[syslog]]
transport = "tcp"
listen = "127.0.0.1:5514"
trust = "address"
[[rules]]
name = "look"
when = 'event.name == "InterfaceDown"'
[[rules.actions]]
show = ["show interface {{ event.data.interface | interface }}"]
"#;

const DOWN: &str = "<189>521: router1: *Nov 14 08:30:56.699: %LINK-5-CHANGED: Interface \
                    GigabitEthernet2, changed state to administratively down";

fn place(transport: &str) -> Place {
    let mut places = config(LISTENER).collectors().collect::<Vec<_>>().into_iter();
    places.find(|place| place.transport.as_str() == transport).expect("it is there")
}

fn send(rig: &mut Rig, transport: &str, peer: &str, line: &str) {
    let peer: IpAddr = peer.parse().expect("an address");
    let bytes = line.as_bytes();
    rig.input(Input::Line(Line { place: place(transport), peer, bytes }));
}

fn events(rig: &Rig) -> Vec<webhook::Event> {
    let accepted = rig.records().iter().filter_map(|record| match record {
        Record::Accepted(accepted) => Some(accepted.event.clone()),
        _ => None,
    });
    accepted.collect()
}

/// Goal: a line is an event of its source, with what it says as data, and its rule acts on the
/// device that it names. Method: one line, all of its event.
#[test]
fn a_line_is_an_event() {
    let mut rig = Rig::new(LISTENER);
    send(&mut rig, "udp", "127.0.0.1", DOWN);
    let [event] = &events(&rig)[..] else { panic!("one event") };
    let said = serde_json::to_value(&event.data).expect("JSON");
    let want = serde_json::json!({
        "interface": "GigabitEthernet2", "facility": "LINK", "severity": 5, "mnemonic": "CHANGED",
        "message": "%LINK-5-CHANGED: Interface GigabitEthernet2, changed state to \
                    administratively down",
        "hostname": "router1", "timestamp": "Nov 14 08:30:56.699",
    });
    assert_eq!(said, want);
    assert_eq!((event.name.as_str(), event.source.as_str()), ("InterfaceDown", "syslog-udp"));
    assert_eq!((event.method.as_str(), event.path.as_str()), ("", ""));
    assert_eq!(event.device.as_deref(), Some("R1"), "router1 is an alias");
    assert_eq!(event.device_from, DeviceFrom::Claimed);
    let command = ("R1".to_owned(), "show interface GigabitEthernet2".to_owned());
    assert!(rig.lines.contains(&command), "{:?}", rig.lines);
    assert_eq!(rig.story(&event.id).state, State::Done);
}

/// Goal: whose a line is, and whether it may act on a real node: only by an address that one node
/// alone has, where the collector says so. Method: a table of senders.
#[test]
fn a_line_names_its_device() {
    let named = |host: &str| DOWN.replace("router1", host);
    let table = [
        ("udp", "127.0.0.1", named("R2"), Some("R2"), DeviceFrom::Claimed, true),
        ("udp", "127.0.0.1", named("nobody"), None, DeviceFrom::Unknown, false),
        ("udp", "192.0.2.1", named("nobody"), Some("box"), DeviceFrom::Claimed, false),
        ("udp", "127.0.0.1", named("192.0.2.1"), Some("box"), DeviceFrom::Claimed, false),
        ("udp", "::ffff:192.0.2.1", named("box"), Some("box"), DeviceFrom::Claimed, false),
        ("tcp", "192.0.2.1", named("R2"), Some("box"), DeviceFrom::Address, true),
        ("tcp", "::ffff:192.0.2.1", named("x"), Some("box"), DeviceFrom::Address, true),
        // Two nodes are there, on two ports: which of them it is, a line cannot prove.
        ("tcp", "127.0.0.1", named("nobody"), None, DeviceFrom::Unknown, false),
        ("tcp", "127.0.0.1", named("box"), Some("box"), DeviceFrom::Claimed, false),
        ("tcp", "198.51.100.1", named("box"), Some("box"), DeviceFrom::Claimed, false),
    ];
    for (transport, peer, line, device, from, acts) in table {
        let mut rig = Rig::new(LISTENER);
        send(&mut rig, transport, peer, &line);
        let [event] = &events(&rig)[..] else { panic!("{line}") };
        assert_eq!((event.device.as_deref(), event.device_from), (device, from), "{peer} {line}");
        assert_eq!(!rig.lines.is_empty(), acts, "{peer} {line}: {:?}", rig.lines);
    }
}

/// Goal: every line is one event or is said to be none. Method: lines of other kinds, then more
/// than the source takes.
#[test]
fn lines_are_events_or_refused() {
    let mut rig = Rig::new(LISTENER);
    let table = [
        (
            "<189>1: *Nov 14 08:30:56.699: %BGP-5-ADJCHANGE: neighbor 10.0.0.2 Down",
            "BGP-5-ADJCHANGE",
        ),
        ("no mnemonic at all", "Syslog"),
        ("\u{1b}[2J%X-3-Y: \u{7}", "X-3-Y"),
        ("%LINK-3-UPDOWN: Interface Gi1, changed state to up", "InterfaceUp"),
    ];
    for (line, _) in table {
        send(&mut rig, "udp", "192.0.2.9", line);
    }
    let names: Vec<String> = events(&rig).into_iter().map(|event| event.name).collect();
    assert_eq!(names, ["BGP-5-ADJCHANGE", "Syslog", "Syslog", "InterfaceUp"]);
    let odd = events(&rig)[2].data["message"].as_str().expect("a text").to_owned();
    assert!(!odd.chars().any(char::is_control), "{odd:?}");
    send(&mut rig, "udp", "192.0.2.9", "");
    (0..8).for_each(|_| send(&mut rig, "udp", "192.0.2.9", "%A-3-B: again"));
    let refused = rig.kinds(|kind| match kind {
        Kind::Rejected { status, source, .. } => Some((*status, source.as_str())),
        _ => None,
    });
    assert_eq!(refused[0], (400, "syslog-udp"));
    assert_eq!(refused[1..], [(429, "syslog-udp"); 3]);
    assert_eq!(events(&rig).len() + refused.len(), 13);
}

/// Goal: a line that the disk did not take is written once it can be, since nobody sends it again;
/// meanwhile no further one is taken. Method: a disk that fails and comes back.
#[test]
fn lines_wait_for_the_disk() {
    let mut rig = Rig::new(LISTENER);
    rig.disk = false;
    send(&mut rig, "tcp", "127.0.0.1", DOWN);
    assert!(!rig.automation.has_room());
    send(&mut rig, "udp", "127.0.0.1", DOWN);
    let refused = rig.kinds(|kind| matches!(kind, Kind::Rejected { .. }).then_some(()));
    assert_eq!(refused.len(), 1);
    rig.disk = true;
    rig.settle(simtime::Duration::from_secs(5));
    assert!(rig.automation.has_room());
    assert_eq!(events(&rig).len(), 1);
    let commands = rig.lines.iter().filter(|(_, line)| line.starts_with("show"));
    assert_eq!(commands.count(), 1, "{:?}", rig.lines);
}

/// Goal: a collector that a reload has taken away takes nothing. Method: a line to it.
#[test]
fn a_collector_that_is_gone_takes_nothing() {
    let mut rig = Rig::new(LISTENER);
    let without = LISTENER.replacen("127.0.0.1:5514", "127.0.0.1:5515", 1);
    rig.input(Input::Reload(Box::new(config(&without))));
    send(&mut rig, "udp", "127.0.0.1", DOWN);
    assert!(events(&rig).is_empty());
}
