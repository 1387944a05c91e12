//! `ednm eem test`, `eem new`: unit tests of applets from outside.

use serde_json::{Value, json};

use crate::support::{Project, root, stderr, stdout};

const APPLET: &str = "event manager applet SEEN
 event syslog pattern \"%LINK-3-UPDOWN: Interface .* changed state to down\"
 action 1.0 regexp \"Interface ([A-Za-z0-9/.]+),\" \"$_syslog_msg\" match name
 action 2.0 set about \"interface $name\"
 action 10.0 syslog msg \"look at $about\"
";
const TESTS: &str = "applet = \"seen.cfg\"
[[tests]]
name = \"goes down\"
events = [\"interface GigabitEthernet2 down\"]
expect = { labels = [\"1.0\", \"2.0\", \"10.0\"], syslog = \"look at interface Gi\" }
[[tests]]
name = \"comes up\"
events = [\"syslog %LINK-3-UPDOWN: Interface GigabitEthernet2, changed state to up\"]
expect = { runs = 0 }
";

/// Goal: the shipped examples pass, cover all of their applets, and the checker has nothing to say
/// about them. Method: the real binary on the real files.
#[test]
fn shipped_applets_pass_their_tests() {
    let project = Project::new();
    let examples = root().join("examples/eem");
    let examples = examples.to_str().unwrap();
    let tested = project.run(&["eem", "test", examples, "--min-coverage", "100", "--annotate"]);
    assert!(tested.status.success(), "{}{}", stdout(&tested), stderr(&tested));
    assert!(stdout(&tested).contains("13 tests: 13 passed"), "{}", stdout(&tested));
    assert!(stdout(&tested).contains("100 % of all"), "{}", stdout(&tested));
    let checked = project.run(&["eem", "check", examples, "--deny", "warnings"]);
    assert!(checked.status.success(), "{}{}", stdout(&checked), stderr(&checked));
    let files = project.run(&["check", examples]);
    assert!(files.status.success(), "{}", stderr(&files));
    assert!(stdout(&files).contains("10 unit tests"), "{}", stdout(&files));
}

/// Goal: a test that fails says what is there at the place of what was wanted, and where the run
/// parts ways; the same in JSON and JUnit, and as exit codes. Method: the applet of the README.
#[test]
fn what_fails_is_shown() {
    let project = Project::new();
    project.write("applets/seen.cfg", APPLET);
    project.write("applets/seen.test.toml", TESTS);
    let failed = project.run(&["eem", "test", "applets", "--junit", "eem.xml"]);
    assert_eq!(failed.status.code(), Some(1), "{}", stderr(&failed));
    let (out, said) = (stdout(&failed), stderr(&failed));
    assert!(out.contains("2 tests: 1 passed, 1 failed"), "{out}");
    assert!(said.contains("there: at 2: `10.0`, not `2.0`"), "{said}");
    assert!(said.contains("here it parts ways"), "{said}");
    let junit = std::fs::read_to_string(project.path("eem.xml")).unwrap();
    assert!(junit.contains("failures=\"1\"") && junit.contains("goes down"), "{junit}");
    let json = project.run(&["eem", "test", "applets", "--json", "--coverage"]);
    let told: Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!((&told["passed"], &told["failed"]), (&1.into(), &1.into()));
    assert_eq!(told["tests"][0]["missed"][0]["line"], 5, "{told:#}");
    let never = &told["coverage"]["files"][0]["applets"][0]["never_run"];
    assert_eq!(*never, json!(["2.0"]), "{told:#}");
    let text = project.run(&["eem", "test", "applets", "--coverage"]);
    assert!(stdout(&text).contains("\n    never run: 2.0\n"), "{}", stdout(&text));
    let one = project.run(&["eem", "test", "applets", "--filter", "comes up"]);
    assert!(one.status.success(), "{}", stdout(&one));
    let little = project.run(&["eem", "test", "applets", "--filter", "up", "--min-coverage", "50"]);
    assert_eq!(little.status.code(), Some(1));
    let mended = project.run(&["eem", "check", "applets", "--fix"]);
    assert!(mended.status.success(), "{}", stdout(&mended));
    project.write(
        "applets/seen.test.toml",
        &TESTS.replace("\"1.0\", \"2.0\", \"10.0\"", "\"010\", \"020\", \"030\""),
    );
    let passed = project.run(&["eem", "test", "applets"]);
    assert!(passed.status.success(), "{}{}", stdout(&passed), stderr(&passed));
}

/// Goal: coverage tells events of one detector apart by their tags: of `or` the one that came, of
/// `and` both. Method: two applets, and a test that raises a part of their events.
#[test]
fn each_event_is_covered_by_itself() {
    let project = Project::new();
    project.write(
        "tags.cfg",
        "event manager applet EITHER
 event tag one syslog pattern \"FIRST\"
 event tag two syslog pattern \"SECOND\"
 trigger
  correlate event one or event two
 action 1 puts \"came\"
event manager applet BOTH
 event tag three syslog pattern \"FIRST\"
 event tag four syslog pattern \"THIRD\"
 trigger occurs 1
  correlate event three and event four
 action 1 puts \"both\"
",
    );
    let tests = |events: &str, runs: u8| {
        format!(
            "applet = \"tags.cfg\"
[[tests]]
name = \"tags\"
events = [{events}]
expect = {{ runs = {runs} }}
"
        )
    };
    let covered = || {
        let json = project.run(&["eem", "test", ".", "--json", "--coverage"]);
        assert!(json.status.success(), "{}{}", stdout(&json), stderr(&json));
        let told: Value = serde_json::from_str(&stdout(&json)).unwrap();
        let applets = told["coverage"]["files"][0]["applets"].clone();
        [0, 1].map(|at| applets[at]["never_triggered_by"].clone())
    };
    let first = "\"syslog %T-6-A: FIRST\"";
    project.write("tags.test.toml", &tests(first, 1));
    let none: &[&str] = &[];
    assert_eq!(covered(), [json!(["two"]), json!(["three", "four"])]);
    project.write("tags.test.toml", &tests(&format!("{first}, \"syslog %T-6-A: THIRD\""), 2));
    assert_eq!(covered(), [json!(["two"]), json!(none)]);
    let listed = project.run(&["eem", "test", ".", "--annotate"]);
    let wanted = "event tag two syslog pattern \"SECOND\"  <- never triggered it";
    assert!(stdout(&listed).contains(wanted), "{}", stdout(&listed));
    assert!(stdout(&listed).contains("    never triggered by: two\n"), "{}", stdout(&listed));
}

/// Goal: a file that is wrong says where and what would be right, and is exit code 3. Method: a
/// table of mistakes.
#[test]
fn mistakes_of_tests_have_their_place() {
    let project = Project::new();
    project.write("seen.cfg", APPLET);
    let check = |from: &str, to: &str, words: &[&str]| {
        project.write("seen.test.toml", &TESTS.replace(from, to));
        let output = project.run(&["eem", "test", "seen.test.toml"]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{to}: {said}{}", stdout(&output));
        for word in words {
            assert!(said.contains(word), "{to}: {word} is not in {said}");
        }
    };
    check("seen.cfg", "sean.cfg", &["EET002", "seen.test.toml:1:10"]);
    check("labels", "lables", &["TOML004", "labels"]);
    check("look at", "look (at", &["EET003", ":5:"]);
    check("comes up", "goes down", &["EET002", "two tests"]);
    check("interface GigabitEthernet2 down", "interfase Gi2 down", &["EET001", ":4:"]);
    check("runs = 0", "runs = -1", &["TOML005", ":9:"]);
    check("interface GigabitEthernet2 down", "wait long", &["EET001", "a duration"]);
    let faults = |words: &str| format!("expect = {{ runs = 0 }}\nfaults = {{ {words} }}\n");
    let none = "expect = { runs = 0 }\n";
    for status in ["70000", "999", "100", "0"] {
        let place = ["EET003", "seen.test.toml:10:21", "200 to 599"];
        check(none, &faults(&format!("status = {status}")), &place);
    }
    check(none, &faults("status = 500, http = \"refused\""), &["EET003", ":10:21", "`http`"]);
    check(none, &faults("http = \"timeout\", answer = \"x\""), &["EET003", ":10:39", "`http`"]);
    let many = vec!["\"wait 1s\""; 1_001].join(", ");
    let event = "\"interface GigabitEthernet2 down\"";
    check(event, &many, &["EET003", "1000 events at most"]);
}

/// Goal: each kind of `eem new` is an applet about which the checker has no more than a note, and
/// whose tests pass; what is there is not written over. Method: all of them.
#[test]
fn new_applets_pass_their_tests() {
    let project = Project::new();
    let kinds = [
        "interface-down",
        "interface-up",
        "config-change",
        "cpu",
        "memory",
        "login-failure",
        "timer",
        "track",
    ];
    for kind in kinds {
        let made =
            project.run(&["eem", "new", &kind.to_uppercase(), "--on", kind, "--into", "new"]);
        assert!(made.status.success(), "{kind}: {}", stderr(&made));
    }
    let again = project.run(&["eem", "new", "CPU", "--on", "cpu", "--into", "new"]);
    assert_eq!(again.status.code(), Some(2), "{}", stderr(&again));
    let bad = project.run(&["eem", "new", "../CPU", "--on", "cpu"]);
    assert_eq!(bad.status.code(), Some(2), "{}", stderr(&bad));
    let tested = project.run(&["eem", "test", "new"]);
    assert!(tested.status.success(), "{}{}", stdout(&tested), stderr(&tested));
    assert!(stdout(&tested).contains("16 tests: 16 passed"), "{}", stdout(&tested));
    let checked = project.run(&["eem", "check", "new", "--deny", "warnings"]);
    assert!(checked.status.success(), "{}", stdout(&checked));
}
