//! Ports, keys and datagrams: what leaves the lab besides SSH sessions.

use host::known_hosts::KnownHosts;
use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::bench::{ONE_ROUTER, R1_CONFIG, WAIT, address, folder, one_router, start, state};

/// Goal: a taken port is shown at its place in the topology. Method: start the same lab twice.
#[tokio::test]
async fn a_taken_port_names_its_node() {
    let (_dir, live) = one_router().await;
    let taken = address(&live);
    let fixed = ONE_ROUTER.replace("127.0.0.1:0", &taken.to_string());
    let other = folder(&fixed, R1_CONFIG);
    let error = start(other.path()).await.expect_err("the port is taken");
    let error = host::ExpectedError::from(error);
    assert_eq!(error.exit_code().number(), 4);
    let host::ExpectedError::Unavailable(refused) = error else { panic!("{error:?}") };
    let shown = diagnostic::render(&refused, false);
    let line = format!("5 | ssh = \"{taken}\"\n  |       ^");
    for want in [&format!("cannot listen for SSH to node `R1` on {taken}"), &line, "in use"] {
        assert!(shown.contains(want), "no {want:?} in:\n{shown}");
    }
    live.stop().await;
}

/// Goal: host keys outlive a restart, and are published for the port that was really bound.
#[tokio::test]
async fn host_keys_outlive_a_restart() {
    let dir = folder(ONE_ROUTER, R1_CONFIG);
    let mut seen = Vec::new();
    for _ in 0..2 {
        let live = start(dir.path()).await.unwrap();
        let hosts = KnownHosts::at(state(dir.path()).known_hosts());
        let keys = hosts.lookup("127.0.0.1", address(&live).port()).unwrap();
        assert_eq!(keys.len(), 2);
        seen.push(keys);
        live.stop().await;
    }
    assert_eq!(seen[0], seen[1]);
}

/// Goal: a message reaches a collector in Cisco's form. Method: a UDP socket and a shutdown.
#[tokio::test]
async fn syslog_reaches_a_collector() {
    let collector = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let port = collector.local_addr().unwrap().port();
    let logging = format!("logging host 127.0.0.1 transport udp port {port}\nend\n");
    let dir = folder(ONE_ROUTER, &R1_CONFIG.replace("end\n", &logging));
    let live = start(dir.path()).await.unwrap();
    let words = ["shutdown".to_owned(), "Gi1".to_owned()];
    let step = live.remote().step("R1", &words).await.unwrap().unwrap();
    live.remote().inject(step).await.unwrap();
    let mut buffer = [0; 2048];
    loop {
        let length = timeout(WAIT, collector.recv(&mut buffer)).await.unwrap().unwrap();
        let datagram = String::from_utf8_lossy(&buffer[..length]);
        assert!(datagram.starts_with('<'), "{datagram}");
        if datagram.contains("%LINK-5-CHANGED: Interface GigabitEthernet1") {
            break;
        }
    }
    live.stop().await;
}
