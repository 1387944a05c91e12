//! The simulator with R1 alone, on ports that the system chooses.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::process;

const TOPOLOGY: &str = "[lab]\nname = \"bench\"\n[vars]\nwebhook-server = \"127.0.0.1:9\"\n\
    [defaults.node]\nkind = \"virtual\"\nusername = \"admin\"\npassword = \"admin\"\n\
    [nodes.R1]\nnetconf = \"127.0.0.1:0\"\nrestconf = \"127.0.0.1:0\"\n\
    dialect = \"course\"\nstartup-config = \"R1.cfg\"\n";
const CONFIG: &str = include_str!("../../../configs/R1.cfg");

/// A server that runs until it is dropped.
pub(crate) struct Server {
    pub(crate) netconf: u16,
    pub(crate) restconf: u16,
    /// The certificate of the authority.
    pub(crate) ca: Vec<u8>,
    child: Child,
    _folder: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("topology.toml"), TOPOLOGY).unwrap();
        std::fs::write(folder.path().join("R1.cfg"), CONFIG).unwrap();
        let state = folder.path().join("state");
        let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
        command.args(["up", "--topology", "topology.toml", "--format", "json"]);
        command.current_dir(folder.path()).env("EDNM_STATE", &state);
        command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let port = |service: &str| {
            let at = ready["nodes"][0][service].as_str().unwrap();
            at.rsplit_once(':').unwrap().1.parse().unwrap()
        };
        let ca = std::fs::read(state.join("ca.pem")).unwrap();
        let (netconf, restconf) = (port("netconf"), port("restconf"));
        Server { netconf, restconf, ca, child, _folder: folder }
    }

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
