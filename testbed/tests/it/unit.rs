//! `ednm eem test`, `eem new`: unit tests of applets from outside.

use serde_json::Value;

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
    assert_eq!(*never, serde_json::json!(["2.0"]), "{told:#}");
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
