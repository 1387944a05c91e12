//! `ednm eem` from outside: what it prints of applets, and how it ends.

use expect_test::expect_file;
use serde_json::Value;

use crate::support::{Project, stderr, stdout};

/// An applet that looks, decides, configures and posts.
const WATCH: &str = r#"event manager environment _server 192.0.2.9
event manager applet WATCH
 event syslog pattern "GigabitEthernet1, changed state to administratively down"
 action 1.0 info type routername
 action 2.0 cli command "enable"
 action 2.1 cli command "show clock"
 action 3.0 regexp "([0-9]+):" "$_cli_result" match hour
 action 4.0 if $_regexp_result eq "1"
 action 4.1  syslog msg "hour $hour, $_server"
 action 4.2 else
 action 4.3  syslog msg "no hour"
 action 4.4 end
 action 5.0 cli command "configure terminal"
 action 5.1 cli command "interface GigabitEthernet2"
 action 5.2 cli command "description looked at"
 action 5.3 cli command "end"
 action 6.0 cli command "guestshell run curl -s -d hello http://192.0.2.10:8000/events"
"#;

/// Applets of a user's terminal.
const TERMINAL: &str = r#"event manager applet HELLO
 event none
 action 1 puts "hello $_none_arg1"
 action 2 puts "$nothing"
event manager applet NO-CLOCK
 event cli pattern "show clock" sync yes
 action 1 puts "no clock today"
 action 2 set _exit_status 0
"#;

fn run(text: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let project = Project::new();
    project.write("a.cfg", text);
    let output = project.run(&[&["eem", "run", "a.cfg"], arguments].concat());
    (output.status.code(), stdout(&output), stderr(&output))
}

/// Goal: each statement is shown with what it has set, and all that left the router. Method: the
/// whole text of a run, against a file.
#[test]
fn a_run_is_shown_step_by_step() {
    let (code, told, complaints) = run(WATCH, &["--event", "interface Gi1 shutdown"]);
    assert_eq!((code, complaints.as_str()), (Some(0), ""));
    expect_file!["snapshots/eem-run.txt"].assert_eq(&told);
    let again = run(WATCH, &["--event", "interface Gi1 shutdown"]);
    assert_eq!(again.1, told, "the same bytes each time");
}

/// Goal: a user at a terminal sees what applets do to the commands. Method: the same, for two
/// events; a run that aborts is exit code 1.
#[test]
fn a_terminal_is_shown() {
    let (code, told, _) = run(TERMINAL, &["--event", "none you", "--event", "cli sh clo"]);
    assert_eq!(code, Some(1));
    expect_file!["snapshots/eem-terminal.txt"].assert_eq(&told);
}

/// Goal: programs read the same. Method: the document, and the one applet that was asked for.
#[test]
fn a_run_is_a_document() {
    let arguments = ["--event", "cli show clock", "--applet", "NO-CLOCK", "--json"];
    let (code, told, _) = run(TERMINAL, &arguments);
    let document: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(document["applets"], serde_json::json!(["NO-CLOCK"]));
    let run = &document["runs"][0];
    assert_eq!((&run["event"], &run["result"]), (&"cli".into(), &"success".into()));
    assert_eq!(run["variables"]["_cli_msg"], "show clock");
    assert_eq!(run["steps"][1]["changed"]["_exit_status"], "0");
    assert!(document["terminal"].as_str().unwrap().contains("no clock today"));
}

/// Goal: mistakes have the exit codes of every other verb. Method: a table of command lines.
#[test]
fn mistakes_are_told() {
    let broken = "event manager applet A\n event syslog patern x\n action 1 cli comand y\n";
    let (code, _, told) = run(broken, &["--event", "cli show clock"]);
    assert_eq!(code, Some(3), "{told}");
    for code in ["EEM001", "EEM007", "a.cfg:2:", "a.cfg:3:", "3 errors in 1 file"] {
        assert!(told.contains(code), "{code}: {told}");
    }
    let table: [(&[&str], i32, &str); 6] = [
        (&["--event", "syslog hello"], 2, "no message of a router"),
        (&["--event", "syslgo x"], 2, "unknown event `syslgo`"),
        (&["--event", "none", "--applet", "NOTHING"], 2, "no applet `NOTHING`"),
        (&["--event", "none", "--device", "topology.toml:R9"], 2, "no node `R9`"),
        (&["--event", "none", "--device", "none.toml:R1"], 4, "none.toml"),
        (&["--event", "config hostname R9"], 1, ""),
    ];
    for (arguments, want, why) in table {
        let (code, _, told) = run(TERMINAL, arguments);
        assert_eq!(code, Some(want), "{arguments:?}: {told}");
        assert!(told.contains(why), "{arguments:?}: {told}");
    }
}

/// Goal: an applet meets the router that it is for. Method: a node of the shipped topology, with
/// its own applet beside.
#[test]
fn a_node_of_a_topology_runs_it() {
    let arguments = ["--device", "topology.toml:R2", "--event", "interface Gi1 shutdown"];
    let (code, told, _) = run(WATCH, &arguments);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("R2 of topology.toml"), "{told}");
    assert!(told.contains("_info_routername = \"R2\""), "{told}");
}

/// Goal: what is rendered works on a router that has none of the course's forms, and keeps the
/// token to itself unless asked. Method: the course's applet and an `http post`, rendered and run.
#[test]
fn a_rendered_applet_works_without_the_course() {
    let post = r#"event manager applet P
 event syslog pattern LINK-5-CHANGED
 action 1.5 http post url "http://<webhook-server>/events" body "{\"who\": \"it's me\"}"
"#;
    let project = Project::new();
    project.write("p.cfg", post);
    for (file, body) in [
        ("configs/R1.cfg", r#"{"event": "InterfaceDown", "interface": "GigabitEthernet1"}"#),
        ("p.cfg", r#"{"who": "it's me"}"#),
    ] {
        let output = project.run(&["eem", "render", file, "--node", "R1"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stderr(&output).contains("guestshell enable"), "{}", stderr(&output));
        assert!(!stdout(&output).contains("mySecretToken"), "{}", stdout(&output));
        let revealed = project.run(&["eem", "render", file, "--node", "R1", "--reveal-token"]);
        project.write("rendered.cfg", &stdout(&revealed));
        let event = ["--event", "interface Gi1 shutdown", "--json"];
        let ran = project.run(&[&["eem", "run", "rendered.cfg"], &event[..]].concat());
        assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
        let document: Value = serde_json::from_str(&stdout(&ran)).unwrap();
        let http = &document["left"]["http"][0];
        assert_eq!((&http["form"], &http["body"]), (&"curl".into(), &body.into()));
        assert!(!stdout(&ran).contains("mySecretToken"), "the token is no part of a trace");
    }
}

/// An applet whose labels run in another order than they look.
const UNPADDED: &str = "event manager applet HOURS
 event syslog pattern \"LINK-3-UPDOWN\"
 action 1.0 set seen \"no\"
 action 2.0 regexp \"Interface ([A-Za-z0-9/]+)\" \"$_syslog_msg\" all name
 action 3.0 if $_regexp_result eq \"1\"
 action 4.0  set seen \"yes\"
 action 5.0  syslog msg \"about $name\"
 action 10.0 else
 action 11.0  syslog msg \"nothing\"
 action 12.0 end
 action 13.0 syslog msg \"seen: $seen\"
";

/// Goal: `eem check` says what is wrong, in each form and by its exit code; `--fix` writes what
/// behaves as its author meant. Method: the real binary; the mended applet beside one whose labels
/// somebody has padded by hand, run on the virtual router.
#[test]
fn what_is_mended_behaves_as_it_was_meant() {
    let project = Project::new();
    project.write("applets/hours.cfg", UNPADDED);
    let found = project.run(&["eem", "check", "applets", "--format", "concise"]);
    assert_eq!(found.status.code(), Some(1), "{}", stderr(&found));
    assert!(
        stdout(&found).contains("applets/hours.cfg:8:9: warning[EEM102]"),
        "{}",
        stdout(&found)
    );
    let github = project.run(&["eem", "check", "applets", "--format", "github"]);
    assert!(
        stdout(&github).contains("::error file=applets/hours.cfg,line=8"),
        "{}",
        stdout(&github)
    );
    let shown = project.run(&["eem", "check", "applets", "--fix", "--dry-run"]);
    assert!(stdout(&shown).contains("+ action 060 else"), "{}", stdout(&shown));
    let read = |name: &str| std::fs::read_to_string(project.path(name)).unwrap();
    assert_eq!(read("applets/hours.cfg"), UNPADDED);
    let fixed = project.run(&["eem", "check", "applets", "--fix", "--deny", "warnings"]);
    assert_eq!(fixed.status.code(), Some(0), "{}{}", stdout(&fixed), stderr(&fixed));
    let by_hand = UNPADDED.lines().map(|line| match line.strip_prefix(" action ") {
        Some(rest) => {
            let (label, rest) = rest.split_once(' ').unwrap();
            format!(" action {:0>4} {rest}\n", label)
        }
        None => format!("{line}\n"),
    });
    project.write("by-hand.cfg", &by_hand.collect::<String>());
    let behaviour = |file: &str| {
        let event = "syslog %LINK-3-UPDOWN: Interface GigabitEthernet2, changed state to down";
        let output = project.run(&["eem", "run", file, "--event", event, "--json"]);
        let told: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!(told["runs"].as_array().unwrap().len(), 1, "{told:#}");
        (told["left"].clone(), told["runs"][0]["result"].clone())
    };
    let (mended, padded) = (behaviour("applets/hours.cfg"), behaviour("by-hand.cfg"));
    assert_eq!(mended, padded);
    assert!(mended.0.to_string().contains("seen: yes"), "{}", mended.0);
    let graph = project.run(&["eem", "graph", "applets", "--format", "dot"]);
    assert!(stdout(&graph).starts_with("digraph applets {"), "{}", stdout(&graph));
    let nothing = project.run(&["eem", "check", "no-such-directory"]);
    assert_eq!(nothing.status.code(), Some(4), "{}", stderr(&nothing));
}
