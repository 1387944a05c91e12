//! The servers: ours, OpenSSH's sshd with a shell that answers like a router, and fakenos.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::client::Login;
use crate::process;

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(120);

/// A server that runs until it is dropped.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    /// How many routers it is.
    pub(crate) routers: usize,
    pub(crate) ports: Vec<u16>,
    pub(crate) login: Login,
    child: Child,
    _folder: TempDir,
}

impl Server {
    /// Seconds of a core that it has used, when what it was asked to do has settled.
    pub(crate) fn core_seconds(&self) -> f64 {
        settle();
        process::core_seconds(self.child.id())
    }

    /// Its memory.
    pub(crate) fn kib(&self) -> f64 {
        settle();
        process::kib(self.child.id())
    }
}

fn settle() {
    std::thread::sleep(Duration::from_millis(300));
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Our simulator with this many routers.
pub(crate) fn ednm(routers: usize) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut topology = String::from(
        "[lab]\nname = \"bench\"\n[defaults.node]\nusername = \"admin\"\npassword = \"admin\"\n",
    );
    for number in 1..=routers {
        let _ = writeln!(topology, "[nodes.R{number}]\nssh = \"127.0.0.1:0\"");
    }
    std::fs::write(folder.path().join("topology.toml"), topology).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ednm"));
    command.args(["simulator", "up", "--topology", "topology.toml", "--format", "json"]);
    command.current_dir(folder.path()).env("EDNM_STATE", folder.path().join("state"));
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let port = |node: &Value| node["ssh"].as_str()?.rsplit_once(':')?.1.parse().ok();
    let ports = ready["nodes"].as_array().unwrap().iter().filter_map(port).collect();
    Server { name: "ednm", routers, ports, login: Login::password(), child, _folder: folder }
}

/// OpenSSH's server, whose shell prints a file for every line. `EDNM_SSHD` says where it is.
pub(crate) fn sshd() -> Result<Server, String> {
    let program = std::env::var("EDNM_SSHD").unwrap_or_else(|_| "/usr/sbin/sshd".to_owned());
    let missing = |why: &str| format!("OpenSSH's sshd: {program} {why}");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["host", "key"] {
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path(name));
        let made = keygen.status().is_ok_and(|status| status.success());
        made.then_some(()).ok_or("OpenSSH's sshd: there is no ssh-keygen")?;
    }
    let user = Command::new("id").arg("-un").output().map_err(|_| missing("needs `id`"))?;
    let user = String::from_utf8_lossy(&user.stdout).trim().to_owned();
    let version = "Cisco IOS XE Software, Version 17.12.04\n".repeat(50);
    std::fs::write(path("version"), version).unwrap();
    let shell = "#!/bin/sh\nprintf 'R1#'\nwhile read -r line; do cat VERSION; printf 'R1#'; done\n";
    let shell = shell.replace("VERSION", &path("version").display().to_string());
    std::fs::write(path("shell"), shell).unwrap();
    let port = free_ports(1)[0];
    let at = folder.path().display();
    let config = format!(
        "ListenAddress 127.0.0.1:{port}\nHostKey {at}/host\nAuthorizedKeysFile {at}/key.pub\n\
         PidFile none\nStrictModes no\nForceCommand /bin/sh {at}/shell\nPrintMotd no\n"
    );
    std::fs::write(path("config"), config).unwrap();
    let mut command = Command::new(&program);
    command.arg("-D").arg("-f").arg(path("config")).stdin(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().map_err(|_| missing("is not there"))?;
    let login = Login::Key { user, file: path("key") };
    let name = "OpenSSH's sshd (a login by key, a shell that runs `cat`)";
    let ports = vec![port];
    let server = Server { name, routers: 1, ports, login, child, _folder: folder };
    listens(server).ok_or_else(|| missing("does not start"))
}

/// fakenos, a simulator in Python, with this many routers. `EDNM_FAKENOS` is a Python that has it.
pub(crate) fn fakenos(routers: usize) -> Result<Server, String> {
    const SCRIPT: &str = "import sys, time\nfrom fakenos import FakeNOS\n\
        hosts = {f'R{n}': {'username': 'admin', 'password': 'admin', 'port': int(port),\n\
        'platform': 'cisco_ios'} for n, port in enumerate(sys.argv[1:])}\n\
        FakeNOS(inventory={'hosts': hosts}).start()\nwhile True: time.sleep(60)\n";
    let program = std::env::var("EDNM_FAKENOS").unwrap_or_else(|_| "python3".to_owned());
    let found =
        Command::new(&program).args(["-c", "import fakenos"]).stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    let missing = || format!("fakenos: {program} does not have it or cannot start it");
    found.then_some(()).ok_or_else(missing)?;
    let ports = free_ports(routers);
    let mut command = Command::new(&program);
    command.args(["-c", SCRIPT]).args(ports.iter().map(u16::to_string)).stdin(Stdio::null());
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let child = child.map_err(|_| missing())?;
    let (login, folder) = (Login::password(), tempfile::tempdir().unwrap());
    let server = Server { name: "fakenos", routers, ports, login, child, _folder: folder };
    listens(server).ok_or_else(missing)
}

/// Ports that were free a moment ago.
fn free_ports(number: usize) -> Vec<u16> {
    let bind = |_| TcpListener::bind("127.0.0.1:0").unwrap();
    let held: Vec<TcpListener> = (0..number).map(bind).collect();
    held.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}

/// The server once its last port takes connections; none if it ends or takes too long.
fn listens(mut server: Server) -> Option<Server> {
    let start = Instant::now();
    let last = *server.ports.last()?;
    while TcpStream::connect(("127.0.0.1", last)).is_err() {
        let gone = server.child.try_wait().is_ok_and(|status| status.is_some());
        if gone || start.elapsed() > START {
            return None;
        }
        settle();
    }
    Some(server)
}
