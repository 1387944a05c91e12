//! The two programs, as processes: the lab that lives, the listener that is killed.
//!
//! Every port is chosen by the system; every wait is a poll with a deadline. Only processes that
//! were started here are ended.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::soak::say;

/// Virtual routers.
const ROUTERS: u64 = 16;
/// The routers' ledger.
pub(super) const TRACE: &str = "trace.jsonl";
/// The rule's commands, each of which the delivery's number follows.
pub(super) const COMMANDS: [&str; 6] = [
    "show clock | include ",
    "show users | include ",
    "show version | include ",
    "show logging | include ",
    "show ip interface brief | include ",
    "show interfaces description | include ",
];
/// How long a program may take to start or to stop, in seconds.
const PROGRAM_SECS_MAX: u64 = 60;
/// How often something is looked at again, in milliseconds.
const POLL_MS: u64 = 50;
/// How long the listener may take over one answer, in seconds.
const ANSWER_SECS_MAX: u64 = 30;

/// The router about which delivery `number` is, and whose token it bears.
pub(super) fn node(number: u64) -> String {
    format!("R{}", number % ROUTERS + 1)
}

pub(super) fn token(node: &str) -> String {
    format!("token-of-{node}-1f4c7a90b2")
}

/// The files of one leg. They are kept when the test fails.
pub(super) struct Bench {
    directory: Option<TempDir>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let bench = Bench { directory: Some(tempfile::tempdir().unwrap()) };
        let anywhere = |_: &str| "127.0.0.1:0".to_owned();
        std::fs::write(bench.path("lab.toml"), topology(anywhere)).unwrap();
        let commands = COMMANDS.map(|c| format!("\"{c}{{{{ event.data.n | number }}}}\""));
        let rules = format!(
            "inventory = \"topology.toml\"\n[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\n\
             [[rules]]\nname = \"soak\"\nwhen = 'event.name == \"Soak\"'\n\
             [[rules.actions]]\nshow = [{}]\n",
            commands.join(", ")
        );
        std::fs::write(bench.path("listener.toml"), rules).unwrap();
        bench
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.as_ref().unwrap().path().join(name)
    }

    /// `ednm`, with what it says on stderr added to a file.
    fn command(&self, args: &[&str], log: &str) -> Command {
        let mut options = OpenOptions::new();
        let log: File = options.append(true).create(true).open(self.path(log)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ednm"));
        command.args(args).arg("--state").arg(self.path("state")).args(["--format", "json"]);
        command.current_dir(self.path("")).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        command
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let kept = self.directory.take().map(TempDir::keep);
            say(&format!("kill: logs, journal and trace are kept in {kept:?}"));
        }
    }
}

/// A topology of [`ROUTERS`], each at the address that `ssh` gives it.
fn topology(ssh: impl Fn(&str) -> String) -> String {
    let mut text = "[lab]\nname = \"soak\"\nseed = 1\n[vars]\nwebhook-server = \"127.0.0.1:9\"\n\
        [defaults.node]\nkind = \"virtual\"\nplatform = \"c8000v\"\n\
        username = \"admin\"\npassword = \"admin\"\n"
        .to_owned();
    for name in (0..ROUTERS).map(node) {
        let (ssh, token) = (ssh(&name), token(&name));
        text.push_str(&format!("[nodes.{name}]\nssh = \"{ssh}\"\ntoken = \"{token}\"\n"));
    }
    text
}

/// A process with its first line.
struct Program {
    child: Child,
    /// Its first line on stdout; nothing when it ended before.
    ready: mpsc::Receiver<String>,
}

impl Program {
    fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (said, ready) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _ = out.read_line(&mut line);
            let _ = said.send(line);
        });
        Program { child, ready }
    }

    fn ready(&self) -> Value {
        let line = self.ready.recv_timeout(Duration::from_secs(PROGRAM_SECS_MAX));
        let line = line.expect("a program says in time that it is ready");
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("not ready: {e}: `{line}`"))
    }

    /// SIGKILL.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM: it must end well, and in time.
    fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        poll(Duration::from_secs(PROGRAM_SECS_MAX), "the end of a program", || {
            let status = self.child.try_wait().unwrap()?;
            assert_eq!(status.code(), Some(0));
            Some(())
        });
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The routers: one process for a whole leg.
pub(super) struct Lab {
    program: Program,
    trace: PathBuf,
}

impl Lab {
    /// Starts the routers, and writes where they are into the listener's inventory.
    pub(super) fn start(bench: &Bench) -> Self {
        let args = ["simulator", "up", "--topology", "lab.toml", "--trace", TRACE];
        let program = Program::spawn(bench.command(&args, "simulator.log"));
        let ready = program.ready();
        let nodes = ready["nodes"].as_array().unwrap();
        let ssh = |name: &str| {
            let found = nodes.iter().find(|node| node["name"] == name).unwrap();
            found["ssh"].as_str().unwrap().to_owned()
        };
        std::fs::write(bench.path("topology.toml"), topology(ssh)).unwrap();
        Lab { program, trace: bench.path(TRACE) }
    }

    /// Waits until a router runs a rule's command; in vain at most so long.
    pub(super) fn wait_for_command(&self, bound: Duration) {
        let began = Instant::now();
        let mut trace = File::open(&self.trace).unwrap();
        trace.seek(SeekFrom::End(0)).unwrap();
        let mut news = String::new();
        while began.elapsed() < bound && !news.contains(COMMANDS[0]) {
            std::thread::sleep(Duration::from_millis(1));
            trace.read_to_string(&mut news).unwrap();
        }
    }

    /// Ends the routers; their trace is whole then.
    pub(super) fn stop(self) {
        self.program.stop();
    }
}

/// A listener that starts, and may not have got far.
pub(super) struct Starting(Program);

impl Starting {
    pub(super) fn kill(self) {
        self.0.kill();
    }
}

/// A listener that serves.
pub(super) struct Listener {
    program: Program,
    address: SocketAddr,
}

impl Listener {
    pub(super) fn spawn(bench: &Bench) -> Starting {
        let args = ["listener", "serve", "--config", "listener.toml", "--bind", "127.0.0.1:0"];
        Starting(Program::spawn(bench.command(&args, "listener.log")))
    }

    pub(super) fn start(bench: &Bench) -> Self {
        let Starting(program) = Listener::spawn(bench);
        let ready = program.ready();
        let address = ready["listener"].as_str().and_then(|url| url.strip_prefix("http://"));
        let address = address.unwrap().parse().unwrap();
        Listener { program, address }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn kill(self) {
        self.program.kill();
    }

    pub(super) fn stop(self) {
        self.program.stop();
    }

    /// Waits until the listener says that nothing is left to decide or to do.
    pub(super) fn wait_until_finished(&self, bound: Duration) {
        poll(bound, "the end of all jobs", || {
            let mut left = ["accepted", "running"].into_iter().map(|state| {
                self.get(&format!("/api/v1/events?limit=1&state={state}"))["events"].clone()
            });
            left.all(|events| events.as_array().unwrap().is_empty()).then_some(())
        });
    }

    /// The story of every event in the journal.
    pub(super) fn stories(&self) -> Vec<Value> {
        let mut stories = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("/api/v1/events?limit=500{after}"));
            for event in page["events"].as_array().unwrap() {
                let id = event["id"].as_str().unwrap();
                stories.push(self.get(&format!("/api/v1/events/{id}")));
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return stories,
            }
        }
    }

    fn get(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(ANSWER_SECS_MAX))).unwrap();
        let host = self.address;
        let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{path}: {answer}");
        serde_json::from_str(body).unwrap_or_else(|e| panic!("{path}: {e}: {answer}"))
    }
}

/// Looks again and again until something is there.
fn poll<T>(bound: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < bound, "{what}: not within {bound:?}");
        std::thread::sleep(Duration::from_millis(POLL_MS));
    }
}
