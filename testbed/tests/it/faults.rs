//! Faults on the way between a router and the listener, in virtual time.

use crate::support::{Project, stderr, stdout};

/// The trace of a minute in which an interface goes down at 2 s, with a fault from 1 s on.
fn trace(seed: &str, fault: &str) -> String {
    let project = Project::new();
    let node = if fault.starts_with("listener") { "" } else { "node = \"R1\"\n" };
    let scenario = format!(
        "name = \"fault\"\n[[steps]]\nat = \"1s\"\n{node}{fault}\n\
         [[steps]]\nat = \"2s\"\nnode = \"R1\"\nshutdown = \"GigabitEthernet1\"\n\
         [[steps]]\nat = \"3s\"\nnode = \"R1\"\nno-shutdown = \"GigabitEthernet1\"\n\
         [[steps]]\nat = \"4s\"\nnode = \"R1\"\nshutdown = \"GigabitEthernet1\"\n\
         [[expect]]\nwithin = \"150s\"\n\
         syslog = {{ node = \"R1\", pattern = 'LINK-5-CHANGED', count = 2 }}\n"
    );
    project.write("scenarios/fault.toml", &scenario);
    let line = ["test", "scenarios/fault.toml", "--seed", seed, "--trace", "trace"];
    let output = project.run(&line);
    let file = project.path(&format!("trace/fault-{seed}.jsonl"));
    std::fs::read_to_string(file)
        .unwrap_or_else(|_| panic!("{fault}: {}{}", stdout(&output), stderr(&output)))
}

fn count(trace: &str, text: &str) -> usize {
    trace.lines().filter(|line| line.contains(text)).count()
}

/// Goal: each fault does what its word says, and sender, listener and device each say so. Method:
/// a table of faults, each with texts of the trace and how often they come.
#[test]
fn each_fault_shows_on_both_sides() {
    let accepted = "\"fact\":\"journalled\"";
    let repeated = "\"fact\":\"duplicate\"";
    let rejected = "\"fact\":\"rejected\"";
    let done = "\"outcome\":\"done\"";
    let table: &[(&str, &[(&str, usize)])] = &[
        (
            "delivery = { fault = \"drop\", count = 1 }",
            &[("\"dropped\"", 1), ("\"error\":\"timeout\"", 1), (accepted, 2), (done, 2)],
        ),
        (
            "delivery = { fault = \"duplicate\" }",
            &[("\"sent twice\"", 2), (accepted, 2), (repeated, 2), (done, 2)],
        ),
        ("delivery = { fault = \"reorder\" }", &[("held until", 1), (accepted, 2), (done, 2)]),
        ("delivery = { fault = \"delay\" }", &[("delayed by 2s", 2), (accepted, 2), (done, 2)]),
        (
            "delivery = { fault = \"delay\", by = \"20s\", count = 1 }",
            &[("delayed by 20s", 1), (repeated, 1), (accepted, 2), (done, 2)],
        ),
        (
            "delivery = { fault = \"slow-sender\", count = 1 }",
            &[("sent slowly", 1), (accepted, 2), (done, 2)],
        ),
        (
            "session = { fault = \"vty-full\", count = 1 }",
            &[("all lines taken", 1), ("\"fact\":\"connect-failed\"", 1), (done, 2)],
        ),
        (
            "session = { fault = \"auth-failing\", count = 1 }",
            &[("authentication fails", 1), ("\"fact\":\"breaker-opened\"", 1)],
        ),
        (
            "session = { fault = \"drop\" }",
            &[("dropped in mid-command", 1), ("\"fact\":\"connect-failed\"", 1), (done, 2)],
        ),
        ("session = { fault = \"hang\", for = \"8s\" }", &[("hung in mid-output", 1), (done, 2)]),
        ("session = { fault = \"slow\", by = \"100ms\" }", &[(done, 2), (accepted, 2)]),
        (
            "listener = { fault = \"unreachable\" }",
            &[("connection refused", 12), (accepted, 2), (rejected, 0), (done, 2)],
        ),
        (
            "listener = { fault = \"status-500\" }",
            &[("\"status\":500", 12), (accepted, 2), (done, 2)],
        ),
        (
            "listener = { fault = \"status-429\", for = \"9s\", by = \"7s\" }",
            &[("\"status\":429", 3), (accepted, 2), (done, 2)],
        ),
        ("listener = { fault = \"slow\", by = \"1s\" }", &[("slow by 1s", 1), (done, 2)]),
        (
            "listener = { fault = \"killed\" }",
            &[("\"killed\"", 1), ("\"restarted\"", 1), (accepted, 2), (done, 2)],
        ),
    ];
    let mut wrong = Vec::new();
    for (fault, wants) in table {
        let trace = trace("1", fault);
        for (text, want) in *wants {
            let got = count(&trace, text);
            if got != *want {
                wrong.push(format!("{fault}: {text} comes {got} times, not {want}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Goal: a fault of chance follows the seed (law L1). Method: the traces of two runs,
/// and of another seed.
#[test]
fn faults_of_chance_follow_the_seed() {
    let fault = "delivery = { fault = \"corrupt\", percent = 50 }";
    assert_eq!(trace("7", fault), trace("7", fault));
    assert_ne!(trace("7", fault), trace("8", fault));
}
