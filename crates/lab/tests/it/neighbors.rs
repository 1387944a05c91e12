//! CDP and LLDP over the cables of a lab.

use expect_test::{Expect, expect};
use fact::{Fact, Kind};
use lab::{Input, Lab, LabOptions, Outbox, Output};
use simtime::{Duration, Time};

use crate::{SHIPPED, accept, configs, lab_of, play, scenario, topology};

/// The triangle, with these lines at the head of the startup-config of each named router.
fn lab(startup: &[(&'static str, &str)]) -> Lab {
    let mut configs = configs();
    for (path, lines) in startup {
        let text = configs.get_mut(path).expect("a router of the triangle");
        text.insert_str(0, lines);
    }
    let (lab, sink) = lab_of(&topology(SHIPPED, configs), LabOptions::virtual_time(1));
    assert!(sink.is_empty(), "{}", diagnostic::render(&sink, false));
    lab.expect("no diagnostic")
}

/// The neighbours that come and go, a line each.
fn lines(facts: Vec<Fact>) -> String {
    let mut lines = String::new();
    for fact in facts {
        let Kind::Neighbor { protocol, interface, device, up } = fact.kind else { continue };
        let node = fact.node.as_deref().unwrap_or_default();
        let at = fact.at.since(Time::VIRTUAL_START).as_millis();
        let up = if up { "hears of" } else { "forgets" };
        let interface = interface.replace("GigabitEthernet", "Gi");
        lines.push_str(&format!("{at} {node} {interface} {up} {device} ({protocol})\n"));
    }
    lines
}

/// CDP on R1 and R2, but not on R3.
const CDP: &[(&str, &str)] = &[("configs/R1.cfg", "cdp run\n"), ("configs/R2.cfg", "cdp run\n")];

fn check(startup: &[(&'static str, &str)], steps: &str, seconds: u64, want: &Expect) {
    let mut lab = lab(startup);
    let scenario = scenario(steps, &lab);
    let facts = play(&mut lab, &scenario, Duration::from_secs(seconds), accept);
    want.assert_eq(&lines(facts));
}

/// Goal: routers that run it hear of each other from the start; a cut is noticed when the hold time
/// of the last frame is over (the one of 60 s). Method: a transcript of a cut at 100 s.
#[test]
fn a_cut_is_noticed_after_the_hold_time() {
    let cut = "[[steps]]\nat = \"100s\"\nlink-cut = \"R1:Gi1\"\n";
    check(
        CDP,
        cut,
        400,
        &expect![[r#"
            0 R1 Gi1 hears of R2 (cdp)
            0 R2 Gi1 hears of R1 (cdp)
            240000 R1 Gi1 forgets R2 (cdp)
            240000 R2 Gi1 forgets R1 (cdp)
        "#]],
    );
}

/// Goal: a cable that comes back before the hold time is over is not noticed. Method: a transcript.
#[test]
fn a_short_cut_is_not_noticed() {
    let flap = "[[steps]]\nat = \"10s\"\nlink-cut = \"R1:Gi1\"\n\
                [[steps]]\nat = \"60s\"\nlink-restore = \"R1:Gi1\"\n";
    check(
        CDP,
        flap,
        400,
        &expect![[r#"
                 0 R1 Gi1 hears of R2 (cdp)
                 0 R2 Gi1 hears of R1 (cdp)
        "#]],
    );
}

/// Goal: a port can be told to send nothing by LLDP and still hear; CDP is another matter.
/// Method: a transcript of R1 and R2, R2's port being mute.
#[test]
fn a_mute_port_hears() {
    let startup = [
        ("configs/R1.cfg", "lldp run\n"),
        ("configs/R2.cfg", "lldp run\ncdp run\ninterface Gi1\n no lldp transmit\n"),
    ];
    check(
        &startup,
        "[[steps]]\nat = \"1s\"\nlink-cut = \"R1:Gi1\"\n",
        200,
        &expect![[r#"
            0 R2 Gi1 hears of R1 (lldp)
            120000 R2 Gi1 forgets R1 (lldp)
        "#]],
    );
}

/// Goal: a router that is new after a reset hears its neighbour again, which never forgot it.
/// Method: a power cycle of R2 at 10 s.
#[test]
fn a_router_that_is_new_hears_its_neighbours() {
    let mut lab = lab(CDP);
    let r2 = lab.node("R2").expect("R2 is in the triangle");
    let mut out = Outbox::default();
    let at = |secs| Time::VIRTUAL_START + Duration::from_secs(secs);
    lab.handle(at(10), Input::Reset(&[r2]), &mut out);
    while let Some(now) = lab.next_deadline().filter(|&now| now <= at(300)) {
        lab.handle(now, Input::Deadline, &mut out);
    }
    let facts = out.0.into_iter().filter_map(|output| match output {
        Output::Fact(fact) => Some(fact),
        _ => None,
    });
    expect![[r#"
        0 R1 Gi1 hears of R2 (cdp)
        0 R2 Gi1 hears of R1 (cdp)
        10000 R2 Gi1 hears of R1 (cdp)
    "#]]
    .assert_eq(&lines(facts.collect()));
}
