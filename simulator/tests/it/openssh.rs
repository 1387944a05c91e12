//! OpenSSH as a client, strict about host keys: what a person with `ssh` sees.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};

use tokio::process::Command;
use tokio::time::timeout;

use crate::bench::{WAIT, address, one_router};

/// Whether `ssh` is here. Without it a test is skipped visibly, and fails where CI promises it.
async fn has_ssh() -> bool {
    let found = Command::new("ssh").arg("-V").stderr(Stdio::null()).status().await;
    if found.is_ok_and(|status| status.success()) {
        return true;
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI has no OpenSSH client");
    // Not by `eprintln!`: the test runner hides what a passing test prints.
    let _ = writeln!(std::io::stderr(), "skipped: there is no OpenSSH client");
    false
}

/// Runs `ssh` with a password that it asks a script for.
async fn ssh(dir: &Path, port: u16, password: &str, options: &[&str], command: &str) -> Output {
    let ask = dir.join("ask.sh");
    std::fs::write(&ask, format!("#!/bin/sh\necho '{password}'\n")).unwrap();
    std::fs::set_permissions(&ask, PermissionsExt::from_mode(0o700)).unwrap();
    let known_hosts = format!("UserKnownHostsFile={}", dir.join("state/known_hosts").display());
    let mut ssh = Command::new("ssh");
    ssh.env("SSH_ASKPASS", ask).env("SSH_ASKPASS_REQUIRE", "force").kill_on_drop(true);
    ssh.args(["-F", "none", "-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=none"]);
    ssh.args(["-o", "NumberOfPasswordPrompts=1", "-o", &known_hosts]).args(options);
    ssh.args(["-p", &port.to_string(), "admin@127.0.0.1", command]).stdin(Stdio::null());
    timeout(WAIT, ssh.output()).await.expect("ssh ends").expect("ssh runs")
}

/// Goal: `ssh R1 COMMAND` works with a strict host key, by both methods and both kinds of key.
#[tokio::test]
async fn openssh_runs_a_command() {
    if !has_ssh().await {
        return;
    }
    let (dir, live) = one_router().await;
    let port = address(&live).port();
    let table: [&[&str]; 4] = [
        &[],
        &["-o", "PreferredAuthentications=password"],
        &["-o", "HostKeyAlgorithms=rsa-sha2-512"],
        &["-o", "KexAlgorithms=ecdh-sha2-nistp256", "-o", "Ciphers=aes256-ctr"],
    ];
    for options in table {
        let done = ssh(dir.path(), port, "admin", options, "show ip interface brief").await;
        let (text, errors) =
            (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{options:?}: {errors}");
        assert!(text.contains("GigabitEthernet1       192.0.2.1"), "{options:?}: {text}{errors}");
    }
    live.stop().await;
}

/// Goal: a wrong password is refused as one, not as a broken connection.
#[tokio::test]
async fn openssh_is_told_that_a_password_is_wrong() {
    if !has_ssh().await {
        return;
    }
    let (dir, live) = one_router().await;
    let done = ssh(dir.path(), address(&live).port(), "wrong", &[], "show clock").await;
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(errors.contains("Permission denied"), "{errors}");
    live.stop().await;
}
