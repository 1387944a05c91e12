//! Real clients at the edge: Netmiko, paramiko, asyncssh, scrapli, NAPALM, OpenSSH, a FastAPI
//! listener.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::{Project, has, root, skip, stderr};

/// The Python of a venv under `target/` with `tests/clients/requirements.txt`; made once. The error
/// says what is missing on this machine.
pub(crate) fn python() -> Result<&'static PathBuf, &'static str> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PYTHON.get_or_init(make_venv).as_ref().map_err(String::as_str)
}

fn make_venv() -> Result<PathBuf, String> {
    let requirements = root().join("tests/clients/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements).unwrap();
    let venv = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("clients");
    let (python, done) = (venv.join("bin/python"), venv.join("requirements.txt"));
    if std::fs::read_to_string(&done).is_ok_and(|have| have == wanted) {
        return Ok(python);
    }
    let call = |program: &PathBuf, args: &[&str], need: &str| {
        let output = Command::new(program).args(args).output();
        let worked = output.is_ok_and(|output| output.status.success());
        if worked { Ok(()) } else { Err(need.to_owned()) }
    };
    let venv_path = venv.to_str().unwrap();
    call(&"python3".into(), &["-m", "venv", "--clear", venv_path], "python3 with venv")?;
    let requirements = requirements.to_str().unwrap();
    let install = ["-m", "pip", "install", "--quiet", "-r", requirements];
    call(&python, &install, "pip and its package index")?;
    std::fs::write(done, wanted).unwrap();
    Ok(python)
}

/// A script of `tests/clients`.
pub(crate) fn script(name: &str) -> PathBuf {
    root().join("tests/clients").join(name)
}

/// The line of R1's user, and one more user who is not privileged, with what NAPALM needs.
const USERS: (&str, &str) = (
    "username admin privilege 15 secret admin\n",
    "username admin privilege 15 secret admin\nusername oper secret oper1\n\
     archive\n path bootflash:backup\nip scp server enable\n",
);

/// What a script of `tests/clients` prints about R1 of `up`; none if Python is missing. It is
/// called with the host, the port, and `args`.
fn seen_by(test: &str, name: &str, args: &[&str]) -> Option<Value> {
    seen_of(test, name, USERS, args)
}

/// The same, with other lines in the place of the user's.
fn seen_of(
    test: &str,
    name: &str,
    lines: (&'static str, &'static str),
    args: &[&str],
) -> Option<Value> {
    let python = match python() {
        Ok(python) => python,
        Err(missing) => {
            skip(test, missing);
            return None;
        }
    };
    let project = Project::changed(&[lines]);
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let (host, port) = up.ssh("R1");
    let known_hosts = project.path("state/known_hosts").display().to_string();
    let mut command = Command::new(python);
    command.arg(script(name)).args([&host, &port]);
    command.args(args.iter().map(|&arg| if arg == "KNOWN_HOSTS" { &known_hosts } else { arg }));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Goal: every module that R1 names is YANG that others can read. Method: paramiko asks for each
/// text by `get-schema`, and pyang reads it.
#[test]
fn pyang_reads_the_models() {
    let name = "pyang_reads_the_models";
    let users = (USERS.0, "username admin privilege 15 secret admin\nnetconf-yang\n");
    let args = ["admin", "admin"];
    let Some(seen) = seen_of(name, "yang_schemas.py", users, &args) else { return };
    let all = seen.as_object().unwrap();
    assert!(all.len() > 20, "{seen:#}");
    for (file, said) in all {
        assert_eq!(*said, 0, "{file}");
    }
}

/// Goal: Netmiko as `cisco_xe` logs in, rises, configures, finds errors and saves, and TextFSM
/// parses what R1 shows; as a privileged user and as one who has to `enable`.
#[test]
fn netmiko_works_on_r1() {
    for args in [&["admin", "admin"][..], &["oper", "oper1", "admin"]] {
        let Some(seen) = seen_by("netmiko_works_on_r1", "netmiko_show.py", args) else { return };
        for name in ["wrong_password", "config_error"] {
            assert_eq!(seen[name], true, "{name}: {seen:#}");
        }
        let kind = seen["kind"].as_str().unwrap();
        assert!(["cisco_xe", "cisco_ios"].contains(&kind), "{kind}");
        assert_eq!((&seen["disabled"], &seen["prompt"]), (&"R1>".into(), &"R1#".into()));
        let rows = seen["brief"].as_array().expect("TextFSM gives rows, not text");
        let row = rows.iter().find(|row| row["interface"] == "GigabitEthernet2").unwrap();
        assert_eq!(row["status"], "administratively down", "{seen:#}");
        assert_eq!(seen["version"][0]["hostname"], "R1", "{seen:#}");
        let answers = ["% Incomplete command.", "% Ambiguous command:", "regexp = 1"];
        for (answer, wanted) in seen["answers"].as_array().unwrap().iter().zip(answers) {
            assert!(answer.as_str().unwrap().contains(wanted), "{answer}");
        }
        for (name, wanted) in [
            ("running", " description set by Netmiko\n"),
            ("config_session", "R1(config-if)#"),
            ("saved", "[OK]"),
            ("banner", "banner exec ^C\none\ntwo ## three\n^C"),
            ("users", "vty 1"),
        ] {
            assert!(seen[name].as_str().unwrap().contains(wanted), "{name}: {seen:#}");
        }
    }
}

/// Goal: a try that fails leaves the connection to the next one, channels are independent, and
/// files arrive whole. Method: paramiko's transport, without the comfort of its client.
#[test]
fn paramiko_has_channels_and_files() {
    let name = "paramiko_has_channels_and_files";
    let Some(seen) = seen_by(name, "paramiko_sessions.py", &["admin", "admin"]) else { return };
    for name in ["wrong_password_refused", "key_refused", "sftp_refused", "sent", "taken"] {
        assert_eq!(seen[name], true, "{name}: {seen:#}");
    }
    assert_eq!(seen["after_wrong_password"]["exit"], 0);
    assert_eq!(seen["right_lives_on"]["said"], "Current privilege level is 15\r\n");
    assert_eq!(seen["unknown_command"]["exit"], 1);
    assert_eq!(seen["taken_head"], "C0644 76800 sent.bin\n");
    let shells = seen["two_shells"].as_str().unwrap();
    // A line of a channel that was just closed may still be on its way out.
    let lines: Vec<&str> = shells.lines().filter(|line| line.contains(" vty ")).collect();
    let own = lines.iter().filter(|line| line.starts_with("*"));
    assert!(lines.len() >= 2 && own.count() == 1, "{shells}");
    // `md5sum` of the bytes 0 to 255, three hundred times.
    let sum = "verify /md5 (bootflash:/sent.bin) = 97ab7d414a0df5138afc887ee74a0aff\r\n";
    assert!(seen["md5"].as_str().unwrap().contains(sum), "{seen:#}");
    let listed = seen["dir"]["said"].as_str().unwrap();
    assert!(listed.starts_with("Directory of bootflash:/sent.bin\r\n"), "{listed}");
}

/// Goal: commands at the same time and a shell over one connection, with the host's key checked.
#[test]
fn asyncssh_runs_commands_at_once() {
    let args = ["admin", "admin", "KNOWN_HOSTS"];
    let name = "asyncssh_runs_commands_at_once";
    let Some(seen) = seen_by(name, "asyncssh_sessions.py", &args) else { return };
    assert_eq!(seen["exits"], serde_json::json!([0, 0]), "{seen:#}");
    assert_eq!(seen["commands"][1], "Current privilege level is 15\r\n");
    assert_eq!(seen["key"], "ssh-ed25519");
    assert_eq!(seen["wrong_password"], "refused");
    assert!(seen["shell"].as_str().unwrap().contains("R1 uptime is "), "{seen:#}");
}

/// Goal: scrapli rises from privilege 1, configures, and finds errors, by both its transports.
#[test]
fn scrapli_rises_and_configures() {
    for transport in ["system", "paramiko"] {
        let args = ["oper", "oper1", "admin", transport];
        let name = "scrapli_rises_and_configures";
        let Some(seen) = seen_by(name, "scrapli_levels.py", &args) else { return };
        assert_eq!((&seen["enabled"], &seen["last"]), (&"R1#".into(), &"R1>".into()), "{seen:#}");
        assert_eq!(seen["level"], "Current privilege level is 15");
        assert_eq!(seen["wrong"], serde_json::json!([true]), "{seen:#}");
        assert_eq!((&seen["configured"], &seen["bogus"]), (&true.into(), &true.into()));
        assert!(seen["running"].as_str().unwrap().contains(" description set by scrapli\n"));
        assert!(seen["brief"].as_u64().unwrap() >= 5, "{seen:#}");
    }
}

/// Goal: NAPALM merges, replaces and goes back, and its files arrive by scp.
#[test]
fn napalm_replaces_and_goes_back() {
    let name = "napalm_replaces_and_goes_back";
    let Some(seen) = seen_by(name, "napalm_files.py", &["admin", "admin", "admin"]) else { return };
    assert_eq!(seen["facts"]["hostname"], "R1");
    let merge = "+interface Loopback77\n+ description set by NAPALM";
    assert_eq!(seen["merge"], merge);
    let merged = seen["merged"]["show running-config interface Loopback77"].as_str().unwrap();
    assert!(merged.contains(" description set by NAPALM\n"), "{merged}");
    let interfaces = seen["interfaces"].as_array().unwrap();
    assert!(!interfaces.contains(&"Loopback77".into()), "{seen:#}");
    assert_eq!(seen["replace"], "-hostname R1\n+hostname Renamed");
    assert_eq!((&seen["renamed"], &seen["hostname"]), (&"Renamed".into(), &"R1".into()));
}

/// Commands of the reference that TextFSM reads on a router as it comes up in the lab, each with
/// the fewest rows it must find; 0 where the lab has none of it.
const PARSED: &[(&str, usize)] = &[
    ("show version", 1),
    ("show ip interface brief", 5),
    ("show interfaces", 5),
    ("show interfaces description", 5),
    ("show ip interface", 5),
    ("show ip route", 5),
    ("show ip route summary", 4),
    ("show ip arp", 2),
    ("show arp", 2),
    ("show inventory", 3),
    ("show processes cpu", 5),
    ("show processes memory sorted", 1),
    ("show users", 1),
    ("show clock", 1),
    ("show logging", 1),
    ("show file systems", 5),
    ("dir", 3),
    ("show redundancy", 1),
    ("show vrf", 0),
    ("show access-lists", 0),
    ("show ip nat translations", 0),
    ("show cdp neighbors", 0),
    ("show cdp neighbors detail", 0),
    ("show lldp neighbors detail", 0),
    ("show ipv6 interface brief", 5),
    ("show hosts summary", 1),
    ("show standby brief", 0),
    ("show ip ospf neighbor", 0),
    ("show ip ospf interface brief", 0),
    ("show ip bgp summary", 0),
    ("show ip eigrp neighbors", 0),
    ("ping 10.0.12.2", 1),
    ("traceroute 10.0.12.2", 1),
];

/// The same on a switch, for what a router refuses or prints in a form that TextFSM does not know.
const PARSED_SWITCH: &[(&str, usize)] = &[
    ("show version", 1),
    ("show interfaces status", 5),
    ("show boot", 1),
    ("show inventory", 1),
    ("dir", 3),
];

/// Goal: TextFSM reads what the routers show, with rows where there is something. Method: the
/// script of `tests/clients`, against a router and a switch.
#[test]
fn textfsm_reads_the_show_commands() {
    let python = match python() {
        Ok(python) => python,
        Err(missing) => return skip("textfsm_reads_the_show_commands", missing),
    };
    let switch = "[nodes.SW]\nplatform = \"cat9k\"\nssh = \"127.0.0.1:0\"\n\n[nodes.R3]";
    let project = Project::changed(&[("[nodes.R3]", switch)]);
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    for (node, table) in [("R1", PARSED), ("SW", PARSED_SWITCH)] {
        let (host, port) = up.ssh(node);
        let mut command = Command::new(python);
        command.arg(script("ntc_show.py")).args([&host, &port, "admin", "admin"]);
        command.args(table.iter().map(|(command, _)| command));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
        for (command, least) in table {
            let rows = seen[command]["rows"].as_array().map(Vec::len);
            assert!(rows >= Some(*least), "{node}: {command}: {:#}", seen[command]);
        }
    }
}

/// Goal: a listener written for the course receives what a router sends. Method: FastAPI under
/// uvicorn, `simulator up --webhook` at it, one interface shut down.
#[test]
fn a_fastapi_listener_receives_the_payload() {
    let python = match python() {
        Ok(python) => python,
        Err(missing) => return skip("a_fastapi_listener_receives_the_payload", missing),
    };
    let mut listener = FastApi::start(python);
    let webhook = format!("http://127.0.0.1:{}/events", listener.next()["port"]);
    let project = Project::new();
    let _lab = project.start(&["simulator", "up", "--webhook", &webhook]);
    let inject = project.run(&["simulator", "inject", "R1", "shutdown", "GigabitEthernet1"]);
    assert!(inject.status.success(), "{}", stderr(&inject));
    let request = listener.next();
    assert_eq!(request["path"], "/events");
    assert_eq!(request["payload"]["event"], "InterfaceDown");
    assert_eq!(request["payload"]["interface"], "GigabitEthernet1");
    assert_eq!(request["headers"]["content-type"], "application/json");
    assert_eq!(request["headers"]["authorization"], "Bearer mySecretToken");
    assert!(request["headers"]["webhook-id"].is_string());
}

/// The FastAPI fixture; it ends with its standard input.
struct FastApi {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    _stdin: ChildStdin,
}

impl FastApi {
    fn start(python: &PathBuf) -> Self {
        let mut command = Command::new(python);
        command.arg(script("fastapi_listener.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let stdin = child.stdin.take().unwrap();
        FastApi { child, lines, _stdin: stdin }
    }

    fn next(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }
}

impl Drop for FastApi {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Goal: OpenSSH logs in, checks the key that the simulator published, and runs a command. Method:
/// the state's `known_hosts` with strict checking, the password through an askpass script.
#[test]
fn openssh_logs_in_with_the_published_key() {
    if !has("ssh", "-V") {
        return skip("openssh_logs_in_with_the_published_key", "ssh");
    }
    let project = Project::new();
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let (host, port) = up.ssh("R1");
    project.write("askpass", "#!/bin/sh\necho admin\n");
    let askpass = project.path("askpass");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&askpass, executable).unwrap();
    let known_hosts = format!("UserKnownHostsFile={}", project.path("state/known_hosts").display());
    for key in ["ssh-ed25519", "rsa-sha2-512"] {
        let mut ssh = Command::new("ssh");
        ssh.args(["-F", "/dev/null", "-p", &port, "-o", "StrictHostKeyChecking=yes"]);
        ssh.args(["-o", &known_hosts, "-o", &format!("HostKeyAlgorithms={key}")]);
        ssh.args([&format!("admin@{host}"), "show ip interface brief"]).stdin(Stdio::null());
        ssh.env("SSH_ASKPASS", &askpass).env("SSH_ASKPASS_REQUIRE", "force").env("DISPLAY", ":0");
        let output = ssh.output().unwrap();
        assert!(output.status.success(), "{key}: {}", stderr(&output));
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains("Interface              IP-Address      OK? Method"), "{shown}");
    }
}

/// Goal: a scraper reads the metrics, and their values are those of one delivery. Method: the
/// OpenMetrics parser of Prometheus's own client.
#[test]
fn prometheus_reads_the_metrics() {
    let python = match python() {
        Ok(python) => python,
        Err(missing) => return skip("prometheus_reads_the_metrics", missing),
    };
    let project = Project::new();
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let body = r#"{"event": "Other"}"#;
    let events = format!("{}/events", up.listener());
    assert_eq!(crate::up::post(&events, &["Content-Type: application/json"], body).0, 202);
    let metrics = format!("{}/metrics", up.listener());
    let output = Command::new(python).arg(script("metrics.py")).arg(metrics).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen["listener_events_received_total{\"source\": \"/events\"}"], 1.0, "{seen:#}");
    assert_eq!(seen["listener_journal_commit_seconds_count{}"].as_f64().unwrap(), 2.0);
}
