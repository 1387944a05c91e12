//! The guest shell's `curl` against the real one: the bytes that a server sees.

use std::io::Write as _;
use std::process::Stdio;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::time::timeout;

use crate::bench::{WAIT, address, one_router};
use crate::client::output_of;

/// The arguments of webhooks in their usual spellings, as a shell reads them.
const ARGUMENTS: &[&str] = &[
    "",
    "-s -I",
    "-d a=b",
    "-d a=b -d 'c d'",
    "-X POST",
    "-X PUT -d ''",
    r#"-sS -X POST -H 'Content-Type: application/json' -d '{"event": "InterfaceDown"}'"#,
    r#"-H "Content-Type: application/json" -H 'X-Auth-Token: t' --data-raw '@x'"#,
    r#"--json '{"a": 1}'"#,
    "-u admin:admin -H 'Accept: text/plain'",
    "-A me -H 'User-Agent: you' --data-binary 'a b'",
];

/// Goal: a request of the guest shell's curl is the one that curl makes. Method: both against one
/// server, byte by byte but for the release in `User-Agent`.
#[tokio::test]
async fn the_guest_shells_curl_sends_what_curl_sends() {
    if !has_curl().await {
        assert!(std::env::var_os("CI").is_none(), "curl is not installed");
        // Not by `eprintln!`: the test runner hides what a passing test prints.
        let _ = writeln!(std::io::stderr(), "skipped: curl is not installed");
        return;
    }
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events?x=1", server.local_addr().unwrap());
    let (_dir, live) = one_router().await;
    for arguments in ARGUMENTS {
        let line = format!("curl {arguments} {url}");
        let real = tokio::join!(received(&server), shell(&line)).0;
        let command = format!("guestshell run {line}");
        let ours = tokio::join!(received(&server), output_of(address(&live), &command)).0;
        assert_eq!(ours, real, "{line}");
    }
    live.stop().await;
}

async fn has_curl() -> bool {
    let version = Command::new("curl").arg("--version").stdout(Stdio::null()).status().await;
    version.is_ok_and(|status| status.success())
}

async fn shell(line: &str) {
    let mut command = Command::new("sh");
    command.args(["-c", line]).stdout(Stdio::null()).stderr(Stdio::null());
    timeout(WAIT, command.status()).await.unwrap().unwrap();
}

/// One request, as text, and an answer to it.
async fn received(server: &TcpListener) -> String {
    let (mut stream, _) = timeout(WAIT, server.accept()).await.unwrap().unwrap();
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    while !is_whole(&request) {
        let length = timeout(WAIT, stream.read(&mut buffer)).await.unwrap().unwrap();
        assert!(length > 0, "half a request: {}", String::from_utf8_lossy(&request));
        request.extend_from_slice(&buffer[..length]);
    }
    let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    stream.write_all(answer).await.unwrap();
    let text = String::from_utf8(request).unwrap();
    let lines = text.split("\r\n").map(|line| match line.strip_prefix("User-Agent: curl/") {
        Some(_) => "User-Agent: curl/RELEASE",
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
    });
    body.len() >= length.unwrap_or(0)
}
