//! `ednm grade lab6` on listeners that others wrote: FastAPI servers of
//! `testbed/tests/fixtures/lab6` under uvicorn, each with what the course's examples lack.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use expect_test::{ExpectFile, expect_file};
use serde_json::{Value, json};

use crate::clients::python;
use crate::support::{Project, root, skip, stderr, stdout};

/// A fixture; it ends with its standard input.
struct Served {
    child: Child,
    url: String,
    _stdin: ChildStdin,
}

impl Served {
    fn start(python: &PathBuf, module: &str, project: &Project, env: &[(&str, &str)]) -> Self {
        let fixtures = root().join("testbed/tests/fixtures/lab6");
        let mut command = Command::new(python);
        command.arg(fixtures.join("served.py")).arg(module).envs(env.iter().copied());
        command.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(project.path(""));
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = piped.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let stdin = child.stdin.take().unwrap();
        Served { child, url: format!("http://127.0.0.1:{}", said["port"]), _stdin: stdin }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The shipped lab on ports that are free now, since a server of others must know them before.
fn lab(project: &Project) -> Value {
    let mut text = std::fs::read_to_string(project.path("topology.toml")).unwrap();
    let mut ports = Vec::new();
    while text.contains("\"127.0.0.1:0\"") {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        text = text.replacen("127.0.0.1:0\"", &format!("{}\"", free.local_addr().unwrap()), 1);
        ports.push(free.local_addr().unwrap().port());
    }
    project.write("topology.toml", &text);
    json!({
        "host": "127.0.0.1", "user": "admin", "password": "admin",
        "ssh": ports[0], "netconf": ports[1], "restconf": ports[2],
    })
}

fn grade(project: &Project, url: &str, more: &[&str]) -> Output {
    let base = ["grade", "lab6", "--devices", "topology.toml", "--url", url];
    project.run(&[&base, more].concat())
}

/// What was missed, a line each, with what was seen of an answer's status.
fn missed(output: &Output) -> String {
    let graded: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", stderr(output)));
    let mut lines = vec![format!("{} of {}", graded["earned"], graded["of"])];
    for area in graded["areas"].as_array().unwrap().iter().filter(|area| area["of"] != 0.0) {
        for check in area["checks"].as_array().unwrap().iter().filter(|c| c["earned"] == false) {
            if check["not_by_a_server"].is_null() {
                let seen = check["seen"].as_str().unwrap();
                let status = seen.split(' ').next().filter(|word| word.parse::<u16>().is_ok());
                let (name, seen) = (check["name"].as_str().unwrap(), status.unwrap_or("-"));
                lines.push(format!(
                    "{} {} {name}: {seen}",
                    area["area"].as_str().unwrap(),
                    check["points"]
                ));
            }
        }
    }
    lines.join("\n") + "\n"
}

/// Grades a fixture that knows the lab, and looks at what it loses.
fn check(test: &str, module: &str, env: &[(&str, &str)], want: &ExpectFile) {
    let python = match python() {
        Ok(python) => python,
        Err(missing) => return skip(test, missing),
    };
    let project = Project::new();
    let device = lab(&project).to_string();
    let apis = Served::start(python, "apis", &project, &[]);
    let env = [env, &[("API_BASE", apis.url.as_str()), ("DEVICE", device.as_str())]].concat();
    let server = Served::start(python, module, &project, &env);
    let output = grade(&project, &server.url, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    want.assert_eq(&missed(&output));
}

/// Goal: our own listener earns all that a running server can, and serves every path of the course.
/// Method: the shipped profile, the routers in another program.
#[test]
fn our_listener_earns_what_a_server_can() {
    let project = Project::new();
    lab(&project);
    let files = project.path("files").display().to_string();
    let serve = ["listener", "serve", "--profile", "lab6", "--offline", "--files", &files];
    let listener = project.start(&[&serve, &["--bind", "127.0.0.1:0"][..]].concat());
    let more = ["--directory", &files, "--format", "json"];
    let output = grade(&project, listener.listener(), &more);
    assert_eq!(missed(&output), "62.0 of 75.0\n", "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// Goal: the table says what was wanted and what was seen. Method: the smallest listener, two
/// areas, and the golden text.
#[test]
fn the_table_of_a_minimal_listener_is_golden() {
    let python = match python() {
        Ok(python) => python,
        Err(missing) => return skip("the_table_of_a_minimal_listener_is_golden", missing),
    };
    let project = Project::new();
    lab(&project);
    let server = Served::start(python, "minimal", &project, &[]);
    let more = ["--only", "server", "--only", "joke", "--junit", "junit.xml"];
    let output = grade(&project, &server.url, &more);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    expect_file!["snapshots/grade-minimal-table.txt"].assert_eq(&stdout(&output));
    let junit = std::fs::read_to_string(project.path("junit.xml")).unwrap();
    assert!(junit.contains("<testsuite name=\"ednm grade\" tests=\"20\""), "{junit}");
    assert!(junit.contains("<skipped type=\"points\" message=\"not by a server: "), "{junit}");
}

/// Goal: a listener without token, routes, and handling loses the points of each.
#[test]
fn a_minimal_listener_loses_most() {
    check(
        "a_minimal_listener_loses_most",
        "minimal",
        &[],
        &expect_file!["snapshots/grade-minimal.txt"],
    );
}

/// Goal: jokes and cards by the event's name earn what they are, and no more.
#[test]
fn the_sketch_earns_its_joke_and_its_card() {
    check(
        "the_sketch_earns_its_joke_and_its_card",
        "sketch",
        &[],
        &expect_file!["snapshots/grade-sketch.txt"],
    );
}

/// Goal: five routes, artifacts and markers, and nobody asks for a token.
#[test]
fn no_token_check_costs_points() {
    let env = [("NO_TOKEN_CHECK", "1")];
    check(
        "no_token_check_costs_points",
        "graded_lab",
        &env,
        &expect_file!["snapshots/grade-no-token.txt"],
    );
}

/// Goal: a token check alone is no handling of mistakes.
#[test]
fn no_handling_costs_points() {
    let env = [("NO_HANDLING", "1")];
    check(
        "no_handling_costs_points",
        "graded_lab",
        &env,
        &expect_file!["snapshots/grade-no-handling.txt"],
    );
}

/// Goal: who does not listen is not graded, and is told what helps. Method: a port that is free.
#[test]
fn nobody_listens() {
    let project = Project::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = grade(&project, &format!("http://{free}"), &[]);
    assert_eq!(output.status.code(), Some(4));
    let said = stderr(&output);
    assert!(said.contains("nobody listens on http://127.0.0.1:"), "{said}");
    assert!(said.contains("hint: start the server first"), "{said}");
}

/// Goal: a server that hangs or sends rubbish gets a verdict in bounded time. Method: a socket that
/// takes connections and says nothing, one area.
#[test]
fn a_server_that_hangs_gets_a_verdict() {
    let project = Project::new();
    lab(&project);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let start = std::time::Instant::now();
    let more = ["--only", "joke", "--timeout", "200ms"];
    let output = grade(&project, &url, &more);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("seen no answer in 0 s"), "{}", stdout(&output));
    assert!(start.elapsed() < std::time::Duration::from_secs(60));
}

/// Goal: a listener that speaks HTTPS is graded, too, applets and all, once its certificate is
/// believed. Method: ours, by the authority of its state directory, by a file, and by nobody.
#[test]
fn a_listener_is_graded_over_https() {
    let project = Project::new();
    let device = lab(&project);
    let words = ["listener", "serve", "--profile", "lab6", "--offline", "--tls"];
    let serve = project.start(&[&words[..], &["--bind", "127.0.0.1:0"]].concat());
    let url = serve.listener();
    assert!(url.starts_with("https://") && device["ssh"].is_number(), "{url}");
    let only = ["--only", "joke", "--only", "eem", "--token", "lab6-course-token"];
    let output = grade(&project, url, &only);
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("Total                      17.0   17.0"), "{told}");

    let elsewhere = |more: &[&str]| {
        let mut command = project.command(&["grade", "lab6", "--url", url, "--only", "joke"]);
        command.args(["--devices", "topology.toml", "--token", "lab6-course-token"]);
        command.args(more).env("EDNM_STATE", project.path("other")).output().unwrap()
    };
    let refused = elsewhere(&[]);
    assert_eq!(refused.status.code(), Some(4));
    let want = "shows no certificate to believe: invalid peer certificate: UnknownIssuer";
    assert!(stderr(&refused).contains(want), "{}", stderr(&refused));
    let named = elsewhere(&["--cacert", "state/ca.pem"]);
    assert_eq!(named.status.code(), Some(0), "{}{}", stdout(&named), stderr(&named));
}
