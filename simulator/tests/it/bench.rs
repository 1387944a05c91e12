//! A live lab on ports of the system's choice, with a state directory of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use host::{LiveClock, StateDir, files};
use lab::{Lab, LabOptions};
use simulator::live::{KeyKinds, LiveError, LiveLab, LiveOptions, spawn};
use tempfile::TempDir;
use topology::Topology;

/// How long a test waits for anything before it fails.
pub(crate) const WAIT: Duration = Duration::from_secs(20);

/// One router with a local user and a port of the system's choice.
pub(crate) const ONE_ROUTER: &str = r#"
[lab]
name = "one"
[nodes.R1]
ssh = "127.0.0.1:0"
username = "admin"
password = "admin"
startup-config = "R1.cfg"
"#;

/// Its startup-config.
pub(crate) const R1_CONFIG: &str = "hostname R1\n\
    interface GigabitEthernet1\n ip address 192.0.2.1 255.255.255.0\n no shutdown\nend\n";

/// A folder with a topology file and `R1.cfg`.
pub(crate) fn folder(topology: &str, config: &str) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(dir.path().join("topology.toml"), topology).expect("the topology");
    std::fs::write(dir.path().join("R1.cfg"), config).expect("the startup-config");
    dir
}

/// Starts the lab of a folder, with its state in the folder too.
pub(crate) async fn start(folder: &Path) -> Result<LiveLab, LiveError> {
    let mut found = files::open(&folder.join("topology.toml")).expect("the topology's file");
    let mut sink = Vec::new();
    let topology = Topology::load(&found.source, &mut found.files, &mut sink);
    let topology = topology.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)));
    let clock = LiveClock::start();
    let options = LabOptions { seed: 1, nonce: [7; 16], start: clock.now(), webhook: None };
    let lab = Lab::new(&topology, options, &mut sink);
    let lab = lab.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)));
    assert!(sink.is_empty(), "{}", diagnostic::render(&sink, false));
    let keys = KeyKinds::Ed25519AndRsa;
    let options = LiveOptions { clock, keys, trace: None, record: None, listener: None };
    spawn(lab, &topology, &state(folder), options).await
}

/// The state directory of a folder.
pub(crate) fn state(folder: &Path) -> StateDir {
    let path: PathBuf = folder.join("state");
    StateDir::open(Some(&path)).expect("a state directory")
}

/// A live lab of one router.
pub(crate) async fn one_router() -> (TempDir, LiveLab) {
    let dir = folder(ONE_ROUTER, R1_CONFIG);
    let live = start(dir.path()).await.expect("a lab on free ports");
    (dir, live)
}

/// Where the first router of a lab listens.
pub(crate) fn address(live: &LiveLab) -> SocketAddr {
    let ssh = live.nodes()[0].ssh.as_deref().expect("an open port");
    ssh.parse().expect("an address and a port")
}
