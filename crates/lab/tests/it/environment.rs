//! Steps that change what is in and around a router.

use fact::Kind;
use lab::{Input, Outbox, Step};
use simtime::{Duration, Time};

use crate::{accept, play, scenario, shipped};

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// Goal: every verb reads as words and prints as words, and mistakes are explained. Method: a
/// table.
#[test]
fn words_are_steps() {
    let lab = shipped(1);
    let table = [
        ("cpu to=95 over=60s", Ok("cpu to=95 over=60s")),
        ("cpu to=95 over=1m hold=30s process=SNMP", Ok("cpu to=95 over=60s hold=30s process=SNMP")),
        ("cpu to=101", Err("`to` is out of bounds: expected 0 to 100")),
        ("cpu over=60s", Err("missing key `to`")),
        ("cpu to=5 process=a-name-that-is-too-long", Err("is no name of a process")),
        ("memory to=100", Ok("memory to=100 over=0s")),
        ("memory to=9 process=x", Err("unknown key `process`")),
        ("temperature to=75 sensor=outlet", Ok("temperature to=75 over=0s sensor=outlet")),
        ("temperature to=75 sensor=oulet", Err("did you mean `outlet`?")),
        ("power-supply slot=P1 state=failed", Ok("power-supply slot=P1 state=failed")),
        ("power-supply slot=P2 state=failed", Err("unknown slot `P2`")),
        ("power-supply slot=P1 state=fail", Err("expected `ok` or `failed` or `removed`")),
        (
            "counters interface=Gi1 over=60s crc=500 output-rate=0",
            Ok("counters interface=GigabitEthernet1 crc=500 output-rate=0 over=60s"),
        ),
        ("counters interface=Gi9 crc=5", Err("unknown interface `Gi9`")),
        ("counters interface=Gi1", Err("no counter and no rate is named")),
        ("counters interface=Gi1 crcs=5", Err("unknown key `crcs`")),
        ("counters interface=Gi1 crc=0", Err("`crc` is out of bounds")),
        ("oir slot=0/0 state=removed", Ok("oir slot=0/0 state=removed")),
        ("oir slot=0/0", Err("missing key `state`")),
    ];
    for (text, want) in table {
        let got = Step::from_words("R1", &words(text), &lab).map(|step| step.to_string());
        match (&got, want) {
            (Ok(got), Ok(want)) => assert_eq!(got, want),
            (Err(got), Err(want)) => assert!(got.contains(want), "{text}: {got}"),
            (got, want) => panic!("{text}: {got:?}, not {want:?}"),
        }
    }
}

/// Goal: what a ramp leads to, minutes later, carries the fault's trace; the run lasts as long as
/// the ramp. Method: a load with a threshold that is configured by the scenario's lab.
#[test]
fn a_crossing_follows_from_its_fault() {
    let mut lab = shipped(1);
    let text = "[[steps]]\nat = \"1s\"\nnode = \"R1\"\n\
                cpu = { to = 91, over = \"90s\", hold = \"30s\" }\n";
    let scenario = scenario(text, &lab);
    assert!(scenario.length() >= Duration::from_secs(211), "{:?}", scenario.length());
    type_threshold(&mut lab);
    let facts = play(&mut lab, &scenario, scenario.length(), accept);
    let fault = facts.iter().find(|fact| matches!(fact.kind, Kind::Fault { .. }));
    let fault = fault.expect("a fault");
    let cpu = facts.iter().filter(|fact| match &fact.kind {
        Kind::Syslog { message, .. } => message.contains("%SYS-1-CPU"),
        _ => false,
    });
    let at = |time: Time| time.since(Time::VIRTUAL_START).as_secs();
    let got: Vec<(u64, bool)> = cpu.map(|fact| (at(fact.at), fact.trace == fault.trace)).collect();
    assert_eq!(got, [(85, true), (197, true)]);
}

/// A client enters the line in a session of its own.
fn type_threshold(lab: &mut lab::Lab) {
    let (node, session) = (lab.node("R1").expect("R1"), lab::SessionId(900));
    let mut out = Outbox::default();
    let peer = "127.0.0.1".parse().expect("an address");
    let (user, password) = ("admin", "admin");
    let now = Time::VIRTUAL_START;
    lab.handle(now, Input::LoginAsked { node, session, user, password, peer }, &mut out);
    let kind = lab::SessionKind::Shell;
    lab.handle(now, Input::SessionOpened { node, session, kind }, &mut out);
    let bytes = b"configure terminal\r\
                  process cpu threshold type total rising 80 interval 5 falling 20 interval 5\r\
                  end\rexit\r";
    lab.handle(now, Input::SessionBytes { node, session, bytes }, &mut out);
}

/// Goal: a module that is drawn darkens the ports of its neighbours, and gives them light again.
/// Method: the changes of carrier of a run.
#[test]
fn a_module_is_missed_at_the_other_ends() {
    let mut lab = shipped(1);
    let text = "[[steps]]\nat = \"1s\"\nnode = \"R1\"\n\
                oir = { slot = \"0/0\", state = \"removed\" }\n\
                [[steps]]\nat = \"9s\"\nnode = \"R1\"\n\
                oir = { slot = \"0/0\", state = \"inserted\" }\n";
    let scenario = scenario(text, &lab);
    let facts = play(&mut lab, &scenario, Duration::from_secs(20), accept);
    let carrier = facts.iter().filter_map(|fact| match &fact.kind {
        Kind::Carrier { interface, up } if fact.node.as_deref() != Some("R1") => {
            let at = fact.at.since(Time::VIRTUAL_START).as_secs();
            Some(format!("{at} {} {interface} {up}", fact.node.as_deref().unwrap_or_default()))
        }
        _ => None,
    });
    let got: Vec<String> = carrier.collect();
    let want = [
        "1 R2 GigabitEthernet1 false",
        "1 R3 GigabitEthernet1 false",
        "9 R2 GigabitEthernet1 true",
        "9 R3 GigabitEthernet1 true",
    ];
    assert_eq!(got, want);
}
