//! `ednm grade lab6` on listeners that others wrote: FastAPI servers of
//! `testbed/tests/fixtures/lab6` under uvicorn, each with what the course's examples lack.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use expect_test::{Expect, expect};
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
fn check(test: &str, module: &str, env: &[(&str, &str)], want: &Expect) {
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
    expect![[r#"
        Server and security                                                 1.5 of 7.0
          -     1.0  the source has five POST routes and a token
                     not by a server: the autograder reads the source, no answer shows it
          ok    0.5  the token lets in  POST /events
          MISS  0.5  it has said that it started
                     wanted `SERVER_STARTED` in ./logs/lab6.log
                     seen no such file
          MISS  1.0  without a token it is refused
                     POST /events: wanted 401
                     seen 200 {"status":"ok","keys":3}
          MISS  1.0  with a wrong token it is refused
                     POST /events: wanted 401
                     seen 200 {"status":"ok","keys":3}
          MISS  0.5  what was refused is in the log
                     wanted `SECURITY_VALIDATION` in ./logs/lab6.log
                     seen no such file
          MISS  0.5  a body that is no JSON is no crash
                     POST /events: wanted 2xx, 400, 415 or 422
                     seen 500 Internal Server Error
          ok    0.5  a body of another type is no crash  POST /events
          ok    0.5  values that climb out of a directory are no file's content  POST /events
          MISS  0.5  a body above 1 MiB is refused
                     POST /events: wanted 413
                     seen 200 {"status":"ok","keys":2}
          MISS  0.5  too many requests are refused
                     POST /events: wanted 429
                     seen 200 {"status":"ok","keys":3}
        Joke                                                                0.0 of 7.0
          MISS  1.5  a joke comes back
                     POST /events: wanted a key `joke` with something in it
                     seen 200 {"status":"ok","keys":4}
          MISS  0.5  it takes an empty object, too
                     POST /events: wanted a key `joke` with something in it
                     seen 200 {"status":"ok","keys":4}
          MISS  0.5  without a token it is refused
                     POST /events: wanted 401
                     seen 200 {"status":"ok","keys":4}
          MISS  1.0  a body that is no JSON is no crash
                     POST /events: wanted 2xx, 400, 415 or 422
                     seen 500 Internal Server Error
          MISS  1.0  data/joke.json is what came
                     wanted data/joke.json
                     seen no such file
          MISS  1.0  data/joke.txt has the joke
                     wanted data/joke.txt
                     seen no such file
          MISS  0.5  the request is in the log
                     wanted `WEBHOOK_RECEIVED=/joke` in ./logs/lab6.log
                     seen no such file
          MISS  0.5  the call of the API is in the log
                     wanted `JOKE_API_CALLED` in ./logs/lab6.log
                     seen no such file
          MISS  0.5  the saved file is in the log
                     wanted `RAW_SAVED=joke.json` in ./logs/lab6.log
                     seen no such file

        Area                     Points     Of   Missed  Not by a server
        Server and security         1.5    7.0      4.5              1.0
        Joke                        0.0    7.0      7.0
        Total                       1.5   14.0     11.5              1.0
        A running server could have 11.5 more.
    "#]]
    .assert_eq(&stdout(&output));
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
        &expect![[r#"
        6.0 of 75.0
        server 0.5 it has said that it started: -
        server 1.0 without a token it is refused: 200
        server 1.0 with a wrong token it is refused: 200
        server 0.5 what was refused is in the log: -
        server 0.5 a body that is no JSON is no crash: 500
        server 0.5 a body above 1 MiB is refused: 200
        server 0.5 too many requests are refused: 200
        joke 1.5 a joke comes back: 200
        joke 0.5 it takes an empty object, too: 200
        joke 0.5 without a token it is refused: 200
        joke 1.0 a body that is no JSON is no crash: 500
        joke 1.0 data/joke.json is what came: -
        joke 1.0 data/joke.txt has the joke: -
        joke 0.5 the request is in the log: -
        joke 0.5 the call of the API is in the log: -
        joke 0.5 the saved file is in the log: -
        card 1.5 a card comes back: 200
        card 0.5 it takes an empty object, too: 200
        card 0.5 without a token it is refused: 200
        card 1.0 a body that is no JSON is no crash: 500
        card 1.0 data/card.json is what came: -
        card 1.0 data/card.txt has the card: -
        card 0.5 the request is in the log: -
        card 0.5 the call of the API is in the log: -
        card 0.5 the saved file is in the log: -
        netmiko 3.0 a router is asked, and its answer comes back: -
        netmiko 0.5 without a token it is refused: 200
        netmiko 1.0 a command that is no show is not run: -
        netmiko 0.5 a body that is no JSON is no crash: 500
        netmiko 0.5 the password is wrong: 401: 404
        netmiko 1.0 the router does not answer: 503: -
        netmiko 1.0 data/device_cmd.txt has the output: -
        netmiko 0.5 the request is in the log: -
        netmiko 0.5 the command is in the log: -
        netmiko 0.5 the connection is in the log: -
        restconf 2.0 data of the router comes back: 404
        restconf 1.5 a router was asked by RESTCONF: -
        restconf 0.5 without a token it is refused: 404
        restconf 0.5 a body that is no JSON is no crash: 404
        restconf 1.5 the router does not answer: 503: -
        restconf 1.5 data/restconf_system.json is YANG data: -
        restconf 0.5 the request is in the log: -
        restconf 0.5 the call is in the log: -
        restconf 0.5 the saved file is in the log: -
        netconf 2.0 data of the router comes back: 404
        netconf 1.5 a router was asked by NETCONF: -
        netconf 0.5 without a token it is refused: 404
        netconf 0.5 a body that is no JSON is no crash: 404
        netconf 1.5 the router does not answer: 503: -
        netconf 1.5 data/netconf_system.xml is well-formed: -
        netconf 0.5 the request is in the log: -
        netconf 0.5 the call is in the log: -
        netconf 0.5 the saved file is in the log: -
        eem 1.0 the same with a wrong token is refused: 200
        eem 2.0 data/eem_config.txt has an applet: -
        eem 2.0 data/device_running_config.txt is a configuration: -
        eem 1.0 the saved applet is in the log: -
        eem 1.0 the backup is in the log: -
        summary 0.5 summary.txt tells of the joke: -
        summary 0.5 summary.txt tells of the card: -
        summary 0.5 summary.txt tells of the device: -
        summary 0.5 summary.txt tells of RESTCONF: -
        summary 0.5 summary.txt tells of NETCONF: -
        summary 1.0 the end of the tests is in the log: -
    "#]],
    );
}

/// Goal: jokes and cards by the event's name earn what they are, and no more.
#[test]
fn the_sketch_earns_its_joke_and_its_card() {
    check(
        "the_sketch_earns_its_joke_and_its_card",
        "sketch",
        &[],
        &expect![[r#"
        9.5 of 75.0
        server 0.5 it has said that it started: -
        server 1.0 without a token it is refused: 200
        server 1.0 with a wrong token it is refused: 200
        server 0.5 what was refused is in the log: -
        server 0.5 a body that is no JSON is no crash: 500
        server 0.5 a body of another type is no crash: 500
        server 0.5 a body above 1 MiB is refused: 200
        server 0.5 too many requests are refused: 200
        joke 0.5 without a token it is refused: 200
        joke 1.0 a body that is no JSON is no crash: 500
        joke 1.0 data/joke.json is what came: -
        joke 1.0 data/joke.txt has the joke: -
        joke 0.5 the request is in the log: -
        joke 0.5 the call of the API is in the log: -
        joke 0.5 the saved file is in the log: -
        card 0.5 without a token it is refused: 200
        card 1.0 a body that is no JSON is no crash: 500
        card 1.0 data/card.json is what came: -
        card 1.0 data/card.txt has the card: -
        card 0.5 the request is in the log: -
        card 0.5 the call of the API is in the log: -
        card 0.5 the saved file is in the log: -
        netmiko 3.0 a router is asked, and its answer comes back: -
        netmiko 0.5 without a token it is refused: 200
        netmiko 1.0 a command that is no show is not run: -
        netmiko 0.5 a body that is no JSON is no crash: 500
        netmiko 0.5 the password is wrong: 401: 404
        netmiko 1.0 the router does not answer: 503: -
        netmiko 1.0 data/device_cmd.txt has the output: -
        netmiko 0.5 the request is in the log: -
        netmiko 0.5 the command is in the log: -
        netmiko 0.5 the connection is in the log: -
        restconf 2.0 data of the router comes back: 404
        restconf 1.5 a router was asked by RESTCONF: -
        restconf 0.5 without a token it is refused: 404
        restconf 0.5 a body that is no JSON is no crash: 404
        restconf 1.5 the router does not answer: 503: -
        restconf 1.5 data/restconf_system.json is YANG data: -
        restconf 0.5 the request is in the log: -
        restconf 0.5 the call is in the log: -
        restconf 0.5 the saved file is in the log: -
        netconf 2.0 data of the router comes back: 404
        netconf 1.5 a router was asked by NETCONF: -
        netconf 0.5 without a token it is refused: 404
        netconf 0.5 a body that is no JSON is no crash: 404
        netconf 1.5 the router does not answer: 503: -
        netconf 1.5 data/netconf_system.xml is well-formed: -
        netconf 0.5 the request is in the log: -
        netconf 0.5 the call is in the log: -
        netconf 0.5 the saved file is in the log: -
        eem 1.0 the same with a wrong token is refused: 200
        eem 2.0 data/eem_config.txt has an applet: -
        eem 2.0 data/device_running_config.txt is a configuration: -
        eem 1.0 the saved applet is in the log: -
        eem 1.0 the backup is in the log: -
        summary 0.5 summary.txt tells of the joke: -
        summary 0.5 summary.txt tells of the card: -
        summary 0.5 summary.txt tells of the device: -
        summary 0.5 summary.txt tells of RESTCONF: -
        summary 0.5 summary.txt tells of NETCONF: -
        summary 1.0 the end of the tests is in the log: -
    "#]],
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
        &expect![[r#"
        43.0 of 75.0
        server 1.0 without a token it is refused: 200
        server 1.0 with a wrong token it is refused: 200
        server 0.5 what was refused is in the log: -
        server 0.5 too many requests are refused: 200
        joke 0.5 without a token it is refused: 200
        card 0.5 without a token it is refused: 200
        netmiko 0.5 without a token it is refused: 200
        restconf 0.5 without a token it is refused: 200
        netconf 0.5 without a token it is refused: 200
        eem 2.0 the applet's POST is taken: 404
        eem 1.0 the same with a wrong token is refused: 404
        eem 1.0 an event that it does not know is no crash: 404
        eem 2.0 data/eem_config.txt has an applet: -
        eem 2.0 data/device_running_config.txt is a configuration: -
        eem 1.0 the saved applet is in the log: -
        eem 1.0 the backup is in the log: -
        summary 0.5 summary.txt tells of the joke: -
        summary 0.5 summary.txt tells of the card: -
        summary 0.5 summary.txt tells of the device: -
        summary 0.5 summary.txt tells of RESTCONF: -
        summary 0.5 summary.txt tells of NETCONF: -
        summary 1.0 the end of the tests is in the log: -
    "#]],
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
        &expect![[r#"
        38.0 of 75.0
        server 0.5 a body that is no JSON is no crash: 500
        server 0.5 a body above 1 MiB is refused: 200
        server 0.5 too many requests are refused: 401
        joke 1.0 a body that is no JSON is no crash: 500
        card 1.0 a body that is no JSON is no crash: 500
        netmiko 1.0 a command that is no show is not run: 500
        netmiko 0.5 a body that is no JSON is no crash: 500
        netmiko 0.5 the password is wrong: 401: 500
        netmiko 1.0 the router does not answer: 503: 500
        restconf 0.5 a body that is no JSON is no crash: 500
        restconf 1.5 the router does not answer: 503: 500
        netconf 0.5 a body that is no JSON is no crash: 500
        netconf 1.5 the router does not answer: 503: 500
        eem 2.0 the applet's POST is taken: 404
        eem 1.0 the same with a wrong token is refused: 404
        eem 1.0 an event that it does not know is no crash: 404
        eem 2.0 data/eem_config.txt has an applet: -
        eem 2.0 data/device_running_config.txt is a configuration: -
        eem 1.0 the saved applet is in the log: -
        eem 1.0 the backup is in the log: -
        summary 0.5 summary.txt tells of the joke: -
        summary 0.5 summary.txt tells of the card: -
        summary 0.5 summary.txt tells of the device: -
        summary 0.5 summary.txt tells of RESTCONF: -
        summary 0.5 summary.txt tells of NETCONF: -
        summary 1.0 the end of the tests is in the log: -
    "#]],
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
