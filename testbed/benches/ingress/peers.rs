//! The servers, each a process of its own: ours, the ceiling, and what others use.
//!
//! What is missing is installed below `target/` (Python's packages), or by `apt-get` where it may.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::{ceiling, intake};

pub(crate) const EDNM: &str = "ednm, verified, journalled and synced";
pub(crate) const CEILING: &str = "a handler of ours that stores nothing";
pub(crate) const FASTAPI: &str = "FastAPI under uvicorn, as the course starts it";
const FASTAPI_BARE: &str = "FastAPI under uvicorn[standard], without its access log";
pub(crate) const WEBHOOK: &str = "Debian's webhook, which runs `true`";

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(60);

/// The course's listener: it takes JSON and says so.
const LISTENER_PY: &str = "\
from fastapi import FastAPI, Request

app = FastAPI()

@app.post('/events')
async def events(request: Request):
    data = await request.json()
    if data.get('event'):
        return {'status': 'ok'}
    return {'status': 'unrecognized event'}
";

/// A server that runs until it is dropped.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    pub(crate) signs_as_github: bool,
    /// What it has accepted before it was measured.
    pub(crate) warmed: usize,
    child: Child,
    pub(crate) folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// How many events the journal of ours holds.
    pub(crate) fn journalled(&self) -> usize {
        let file = self.folder.path().join("state/journal.sqlite3");
        let journal = rusqlite::Connection::open(file).unwrap();
        journal
            .query_row("SELECT count(*) FROM events", [], |row| row.get::<_, i64>(0))
            .unwrap()
            .try_into()
            .unwrap()
    }
}

/// `listener serve`, or `ednm up` with routers, on a topology and rules.
pub(crate) fn listener(
    name: &'static str,
    topology: &str,
    rules: &str,
    configs: &[(&str, &str)],
) -> Result<Server, String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("topology.toml", topology);
    write("listener.toml", rules);
    configs.iter().for_each(|(name, text)| write(name, text));
    let mut command = Command::new(env!("CARGO_BIN_EXE_ednm"));
    let verb: &[&str] = if configs.is_empty() { &["listener", "serve"] } else { &["up"] };
    command.args(verb).args(["--bind", "127.0.0.1:0", "--format", "json"]);
    command.current_dir(folder.path()).env("EDNM_STATE", folder.path().join("state"));
    let (ready, child) = first_line(command)?;
    let ready: Value = serde_json::from_str(&ready).map_err(|_| format!("ednm said `{ready}`"))?;
    if let Some(ssh) = ready["nodes"][0]["ssh"].as_str() {
        write("ssh", ssh);
    }
    let url = ready["listener"].as_str().unwrap_or_default();
    let port = url.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    let port = port.ok_or("ednm did not say where it listens")?;
    Ok(Server { name, port, signs_as_github: false, warmed: 0, child, folder })
}

/// The ceiling: this program, once more.
pub(crate) fn ceiling() -> Result<Server, String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg(ceiling::ARGUMENT);
    let (port, child) = first_line(command)?;
    let port = port.trim().parse().map_err(|_| "the ceiling does not start")?;
    let folder = tempfile::tempdir().unwrap();
    Ok(Server { name: CEILING, port, signs_as_github: false, warmed: 0, child, folder })
}

pub(crate) fn fastapi() -> Result<Server, String> {
    uvicorn(FASTAPI, &python("plain", &["fastapi", "uvicorn"])?, LISTENER_PY, &[])
}

pub(crate) fn fastapi_bare() -> Result<Server, String> {
    let python = python("standard", &["fastapi", "uvicorn[standard]"])?;
    uvicorn(FASTAPI_BARE, &python, LISTENER_PY, &["--no-access-log"])
}

/// uvicorn with an application.
pub(crate) fn uvicorn(
    name: &'static str,
    python: &Path,
    application: &str,
    args: &[&str],
) -> Result<Server, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.py"), application).unwrap();
    let mut command = Command::new(python);
    command.args(["-m", "uvicorn", "main:app", "--port"]).current_dir(folder.path());
    listening(name, command, args, folder)
}

/// adnanh's `webhook`, with the check of GitHub's signatures that it has.
pub(crate) fn webhook() -> Result<Server, String> {
    if Command::new("webhook").arg("-version").output().is_err() {
        let mut install = Command::new("apt-get");
        install.args(["install", "-q", "-y", "--no-install-recommends", "webhook"]);
        let _ = quiet(&mut install).env("DEBIAN_FRONTEND", "noninteractive").status();
    }
    if Command::new("webhook").arg("-version").output().is_err() {
        return Err(format!("{WEBHOOK}: the Debian package `webhook` is not here"));
    }
    let folder = tempfile::tempdir().unwrap();
    let hooks = serde_json::json!([{
        "id": "events",
        "execute-command": "/bin/true",
        "success-http-response-code": 200,
        "trigger-rule": { "match": {
            "type": "payload-hmac-sha256", "secret": intake::shared_secret(),
            "parameter": { "source": "header", "name": "X-Hub-Signature-256" },
        }},
    }]);
    std::fs::write(folder.path().join("hooks.json"), hooks.to_string()).unwrap();
    let mut command = Command::new("webhook");
    command.args(["-hooks", "hooks.json", "-ip", "127.0.0.1", "-port"]);
    command.current_dir(folder.path());
    let mut server = listening(WEBHOOK, command, &[], folder)?;
    server.signs_as_github = true;
    Ok(server)
}

/// A Python with these packages, in an environment below `target/`.
pub(crate) fn python(name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers").join(name);
    let (python, whole) = (folder.join("bin/python"), folder.join("whole"));
    if !whole.exists() {
        let done = |command: &mut Command| quiet(command).status().is_ok_and(|it| it.success());
        let made = done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
            && done(Command::new(&python).args(["-m", "pip", "install", "-q"]).args(packages));
        if !made {
            return Err(format!("{}: they cannot be installed", packages.join(", ")));
        }
        std::fs::write(whole, "").unwrap();
    }
    let versions = "import importlib.metadata as m, sys\n\
                    print(', '.join(f'{p} {m.version(p)}' for p in sys.argv[1:]))";
    let names = packages.iter().map(|name| name.split('[').next().unwrap_or_default());
    let output = Command::new(&python).args(["-c", versions]).args(names).output();
    let output = output.map_err(|error| format!("Python: {error}"))?;
    println!("  with {}", String::from_utf8_lossy(&output.stdout).trim());
    Ok(python)
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

/// Starts a program that says in its first line that it is ready. Its log goes nowhere.
fn first_line(mut command: Command) -> Result<(String, Child), String> {
    command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Ok((line, child))
}

/// Starts a program on a free port, whose number is its last word but `args`, and waits until it
/// listens.
fn listening(
    name: &'static str,
    mut command: Command,
    args: &[&str],
    folder: TempDir,
) -> Result<Server, String> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    command.arg(port.to_string()).args(args);
    let child = quiet(&mut command).spawn().map_err(|error| format!("{name}: {error}"))?;
    let server = Server { name, port, signs_as_github: false, warmed: 0, child, folder };
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if start.elapsed() > START {
            return Err(format!("{name}: it does not start"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(server)
}
