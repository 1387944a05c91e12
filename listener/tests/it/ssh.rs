//! The SSH client against a server of the test: what it trusts, how it logs in, how it fails.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use automation::{Door, SessionFailure, SessionId};
use listener::connect::{KnownHosts, SessionEvent, Target, open};
use tokio::sync::mpsc;
use topology::{Address, HostKey};

use crate::device::{Behaviour, TestDevice, start};

fn target(device: &TestDevice, host_key: HostKey) -> Target {
    let port = device.address.port();
    Target {
        node: "R1".into(),
        address: Address { host: "127.0.0.1".into(), port },
        username: "admin".into(),
        password: "admin".into(),
        door: Door::Shell,
        ssh_key: None,
        host_key,
        older_algorithms: false,
    }
}

/// Opens a session and, if it stands, sends one line; what the session told until its end or
/// until `until` was shown.
async fn talk(target: Target, known: &Path, bound: Duration, until: &str) -> Vec<SessionEvent> {
    let (bytes, queue) = mpsc::channel(4);
    let (events, mut told) = mpsc::channel(64);
    let known: Arc<KnownHosts> = KnownHosts::at(known.to_owned());
    tokio::spawn(open(SessionId(1), target, known, bound, queue, events));
    let (mut seen, mut shown) = (Vec::new(), String::new());
    while let Some((session, event)) = told.recv().await {
        assert_eq!(session, SessionId(1));
        match &event {
            SessionEvent::Opened => {
                bytes.send(b"show ip interface brief\n".to_vec()).await.unwrap()
            }
            SessionEvent::Bytes(bytes) => shown.push_str(&String::from_utf8_lossy(bytes)),
            SessionEvent::Failed(_)
            | SessionEvent::Closed
            | SessionEvent::Answered(_)
            | SessionEvent::NotAnswered { .. }
            | SessionEvent::HttpAnswered(_)
            | SessionEvent::HttpNotAnswered { .. }
            | SessionEvent::Written(_) => {}
        }
        seen.push(event);
        if !until.is_empty() && shown.contains(until) {
            break;
        }
    }
    seen
}

async fn failure(target: Target, known: &Path, bound: Duration) -> SessionFailure {
    let mut events = talk(target, known, bound, "").await;
    match (events.pop(), events.as_slice()) {
        (Some(SessionEvent::Failed(failure)), []) => failure,
        other => panic!("expected one failure, got {other:?}"),
    }
}

const BOUND: Duration = Duration::from_secs(20);

/// Goal: both ways of giving a password log in, and bytes flow both ways. Method: ask one command.
#[tokio::test]
async fn logs_in_and_talks() {
    let dir = tempfile::tempdir().unwrap();
    for behaviour in [Behaviour::Password, Behaviour::Interactive] {
        let device = start(behaviour).await;
        let target = target(&device, HostKey::Pinned(device.fingerprint.clone()));
        let events = talk(target, &dir.path().join("known_hosts"), BOUND, "10.0.0.1").await;
        assert!(matches!(events.first(), Some(SessionEvent::Opened)), "{behaviour:?}: {events:?}");
        assert!(matches!(events.last(), Some(SessionEvent::Bytes(_))), "{behaviour:?}: {events:?}");
        assert_eq!(*device.tried.lock().unwrap(), ["admin"]);
    }
}

/// Goal: a wrong password is refused, is tried once, and is nowhere in the failure.
#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let dir = tempfile::tempdir().unwrap();
    let device = start(Behaviour::Password).await;
    let mut target = target(&device, HostKey::Insecure);
    target.password = "planted-secret".into();
    assert!(!format!("{target:?}").contains("planted-secret"));
    let failure = failure(target, &dir.path().join("known_hosts"), BOUND).await;
    assert_eq!(failure, SessionFailure::Refused);
    assert_eq!(*device.tried.lock().unwrap(), ["planted-secret"]);
}

/// Goal: each host-key rule, with a message that names node, keys and remedy. Method: one file of
/// known hosts, looked at by each rule in turn.
#[tokio::test]
async fn host_keys_are_strict() {
    let dir = tempfile::tempdir().unwrap();
    let known = dir.path().join("known_hosts");
    let (device, other) = (start(Behaviour::Password).await, start(Behaviour::Password).await);
    let (port, print) = (device.address.port(), device.fingerprint.clone());

    let reason = distrust(target(&device, HostKey::Strict), &known, &print).await;
    let want = format!("the host key of `R1` (127.0.0.1:{port}) is not known: was offered {print}");
    assert!(reason.starts_with(&want), "{reason}");
    assert!(reason.contains(&format!("host-key = \"{print}\"")), "{reason}");

    let pin = HostKey::Pinned(other.fingerprint.clone());
    let reason = distrust(target(&device, pin), &known, &print).await;
    let want =
        format!("is not the pinned one: expected {}, was offered {print}", other.fingerprint);
    assert!(reason.contains(&want), "{reason}");

    let learned = talk(target(&device, HostKey::AcceptNew), &known, BOUND, "10.0.0.1").await;
    assert!(matches!(learned.first(), Some(SessionEvent::Opened)), "{learned:?}");
    let strict = talk(target(&device, HostKey::Strict), &known, BOUND, "10.0.0.1").await;
    assert!(matches!(strict.first(), Some(SessionEvent::Opened)), "{strict:?}");

    let line = format!("[127.0.0.1]:{port} {}\n", other.key_line);
    std::fs::write(&known, line).unwrap();
    for rule in [HostKey::Strict, HostKey::AcceptNew] {
        let reason = distrust(target(&device, rule), &known, &print).await;
        let want = format!("has changed: expected {}, was offered {print}", other.fingerprint);
        assert!(reason.contains(&want), "{reason}");
        assert!(reason.contains(&known.display().to_string()), "{reason}");
    }
    assert!(device.tried.lock().unwrap().iter().all(|password| password == "admin"));
    assert_eq!(device.tried.lock().unwrap().len(), 2, "no password for a key that is distrusted");
}

async fn distrust(target: Target, known: &Path, print: &str) -> String {
    match failure(target, known, BOUND).await {
        SessionFailure::HostKey { offered, reason } => {
            assert_eq!(offered, print);
            reason
        }
        other => panic!("expected a distrusted key, got {other:?}"),
    }
}

/// Goal: every other failure is told as what it is, within its bound. Method: a table of devices.
#[tokio::test]
async fn failures_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let known = dir.path().join("known_hosts");
    let short = Duration::from_millis(300);
    let hangs = start(Behaviour::Hang).await;
    let got = failure(target(&hangs, HostKey::Insecure), &known, short).await;
    assert_eq!(got, SessionFailure::Timeout);

    let no_shell = start(Behaviour::NoShell).await;
    let got = failure(target(&no_shell, HostKey::Insecure), &known, BOUND).await;
    assert!(matches!(&got, SessionFailure::NoShell(why) if why.contains("no shell")), "{got:?}");

    let hangs_up = start(Behaviour::HangUp).await;
    let got = failure(target(&hangs_up, HostKey::Insecure), &known, BOUND).await;
    assert_eq!(got, SessionFailure::HungUp);

    let mut nobody = target(&no_shell, HostKey::Insecure);
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    nobody.address.port = free.local_addr().unwrap().port();
    drop(free);
    let got = failure(nobody, &known, BOUND).await;
    let told = |why: &String| why.contains("nothing listens there");
    assert!(matches!(&got, SessionFailure::Unreachable(why) if told(why)), "{got:?}");
}

/// Goal: an old box is reached when its node is real, and otherwise refused with a message that
/// says what it offers.
#[tokio::test]
async fn old_boxes_are_for_real_nodes() {
    let dir = tempfile::tempdir().unwrap();
    let known = dir.path().join("known_hosts");
    let device = start(Behaviour::Older).await;
    let virtual_node = target(&device, HostKey::Insecure);
    let got = failure(virtual_node.clone(), &known, BOUND).await;
    let told = |why: &String| why.contains("the device has diffie-hellman-group14-sha1");
    assert!(matches!(&got, SessionFailure::Unreachable(why) if told(why)), "{got:?}");
    let real_node = Target { older_algorithms: true, ..virtual_node };
    let events = talk(real_node, &known, BOUND, "10.0.0.1").await;
    assert!(matches!(events.first(), Some(SessionEvent::Opened)), "{events:?}");
}
