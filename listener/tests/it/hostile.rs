//! What no client library would send, through the real port: each gets its answer or its end, and
//! others are served.

use std::fmt::Write as _;
use std::time::Duration;

use listener::live::LiveListener;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::device::{Behaviour, start};
use crate::serve::Site;

/// How long an answer may take.
const SOON: Duration = Duration::from_secs(5);

/// The statuses of all answers to some bytes; the client says no more, and waits for the end.
async fn answers(listener: &LiveListener, bytes: &[u8]) -> Vec<u16> {
    let stream = TcpStream::connect(listener.address()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let sending = async {
        // The server may have heard enough.
        let _ = writer.write_all(bytes).await;
        let _ = writer.shutdown().await;
    };
    let mut answer = Vec::new();
    let both = async { tokio::join!(sending, reader.read_to_end(&mut answer)) };
    let _ = tokio::time::timeout(SOON, both).await.expect("an answer or an end, in time");
    let text = String::from_utf8_lossy(&answer);
    text.split("HTTP/1.").skip(1).filter_map(|one| one.get(2..5)?.parse().ok()).collect()
}

fn request(head: &str, body: &str) -> Vec<u8> {
    format!("{head}\r\nHost: localhost\r\nAuthorization: Bearer token-of-r1\r\n\r\n{body}").into()
}

/// A delivery that is good but for `headers` and `body`.
fn post(headers: &str, body: &str) -> Vec<u8> {
    let headers = headers.replace('\n', "\r\n");
    request(&format!("POST /events HTTP/1.1\r\nContent-Type: application/json\r\n{headers}"), body)
}

fn json(body: &str) -> Vec<u8> {
    post(&format!("Content-Length: {}", body.len()), body)
}

/// Goal: no bytes are answered with more than they deserve, none hang, none cost others anything.
/// Method: a table of them, each on its own connection, and a good request after each.
#[tokio::test]
async fn bytes_that_no_library_would_send() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let good = r#"{"event": "X"}"#;
    assert_eq!(answers(&listener, &json(good)).await, [202]);
    let mut wrong = Vec::new();
    for (name, bytes, want) in shapes(good) {
        let found = answers(&listener, &bytes).await;
        if found != want {
            wrong.push(format!("{name}: {found:?}, not {want:?}"));
        }
        let health = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        assert_eq!(answers(&listener, health).await, [200], "after {name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    listener.stop().await;
}

type Shape = (&'static str, Vec<u8>, &'static [u16]);

fn shapes(good: &str) -> Vec<Shape> {
    let mut shapes = broken(good);
    shapes.extend(smuggled(good));
    shapes.extend(misdirected());
    shapes.extend(bodies());
    shapes
}

/// What is no request, or half of one.
fn broken(good: &str) -> Vec<Shape> {
    let many = (0..200).fold(String::new(), |mut all, n| {
        let _ = writeln!(all, "X-{n}: y");
        all
    });
    let length = good.len();
    let long = "x".repeat(70_000);
    vec![
        ("nothing", Vec::new(), &[]),
        ("half a method", b"PO".to_vec(), &[]),
        ("half a head", b"POST /events HTTP/1.1\r\nHost: loc".to_vec(), &[]),
        ("half a body", post("Content-Length: 99", "{"), &[400]),
        ("half a chunk", post("Transfer-Encoding: chunked", "9\r\n{"), &[400]),
        ("HTTP/0.9", b"GET /health\r\n\r\n".to_vec(), &[400]),
        ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), &[]),
        ("a version of tomorrow", b"GET / HTTP/9.9\r\n\r\n".to_vec(), &[400]),
        ("TLS ClientHello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20), &[400]),
        ("binary garbage", (0..=255).collect::<Vec<u8>>().repeat(40), &[400]),
        ("NUL in the path", b"GET /he\0alth HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), &[400]),
        ("encoded NUL in the path", request("GET /health%00 HTTP/1.1", ""), &[404]),
        ("NUL in a header", b"GET / HTTP/1.1\r\nHost: local\0host\r\n\r\n".to_vec(), &[400]),
        ("a folded header", b"GET / HTTP/1.1\r\nHost: localhost\r\n x\r\n\r\n".to_vec(), &[400]),
        ("a blank before the colon", request("GET /health HTTP/1.1\r\nX : y", ""), &[400]),
        (
            "1 MiB of headers",
            request(&format!("GET / HTTP/1.1\r\nX: {}", "y".repeat(1 << 20)), ""),
            &[431],
        ),
        ("200 headers", post(&format!("{many}Content-Length: {length}"), good), &[431]),
        ("a path of 70,000", request(&format!("GET /{long} HTTP/1.1"), ""), &[431]),
        ("an unknown method", request("BREW /events HTTP/1.1", ""), &[405]),
        ("CONNECT", b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), &[404]),
    ]
}

/// What two parsers could read as different requests.
fn smuggled(good: &str) -> Vec<Shape> {
    let length = good.len();
    let whole = format!("{length:x}\r\n{good}\r\n0\r\n\r\n");
    vec![
        (
            "two lengths",
            post(&format!("Content-Length: {length}\nContent-Length: 3"), good),
            &[400],
        ),
        ("a list of lengths", post(&format!("Content-Length: {length}, 3"), good), &[400]),
        ("a signed length", post(&format!("Content-Length: +{length}"), good), &[400]),
        ("a length of hex", post("Content-Length: 0x0e", good), &[400]),
        ("a huge length", post("Content-Length: 99999999999999999999999", good), &[400]),
        ("chunked, not last", post("Transfer-Encoding: chunked, gzip", &whole), &[400]),
        ("an unknown coding", post("Transfer-Encoding: xchunked", &whole), &[400]),
        ("a chunk size that is none", post("Transfer-Encoding: chunked", "zz\r\n{}\r\n"), &[400]),
        (
            "a chunk size too large",
            post("Transfer-Encoding: chunked", "fffffffffffffffff\r\n"),
            &[400],
        ),
        (
            "chunked in HTTP/1.0",
            request("POST /events HTTP/1.0\r\nTransfer-Encoding: chunked", &whole),
            &[400],
        ),
        ("chunked", post("Transfer-Encoding: chunked\nConnection: close", &whole), &[202]),
        (
            "a bare length twice the same",
            post(&format!("Content-Length: {length}\nContent-Length: {length}"), good),
            &[202],
        ),
    ]
}

/// Whose they are not.
fn misdirected() -> Vec<Shape> {
    let get = |head: &str| format!("GET {head}\r\n\r\n").into_bytes();
    vec![
        ("no Host", get("/health HTTP/1.1"), &[400]),
        ("no Host in HTTP/1.0", get("/health HTTP/1.0"), &[200]),
        ("two Hosts", get("/health HTTP/1.1\r\nHost: localhost\r\nHost: localhost"), &[400]),
        ("an empty Host", get("/health HTTP/1.1\r\nHost:"), &[400]),
        ("another Host", get("/api/v1/events HTTP/1.1\r\nHost: evil.example:8000"), &[421]),
        ("another target", get("http://evil.example/health HTTP/1.1\r\nHost: localhost"), &[421]),
        ("our own target", get("http://localhost/health HTTP/1.1\r\nHost: localhost"), &[200]),
        (
            "a foreign page",
            get("/api/v1/events HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example"),
            &[403],
        ),
        ("a page of nobody", get("/ready HTTP/1.1\r\nHost: localhost\r\nOrigin: null"), &[403]),
        (
            "a foreign form",
            request(
                "POST /events HTTP/1.1\r\nOrigin: http://evil.example\r\n\
                 Content-Type: text/plain\r\nContent-Length: 2",
                "{}",
            ),
            &[403],
        ),
        (
            "a wrong token",
            get("/api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x"),
            &[401],
        ),
    ]
}

/// Bodies that are too large, too deep, too wide, or no JSON.
fn bodies() -> Vec<Shape> {
    let large = "x".repeat(listener::BODY_BYTES_DEFAULT + 1);
    let chunked = format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    let nested =
        format!(r#"{{"event": "X", "data": {}1{}}}"#, "[".repeat(9_000), "]".repeat(9_000));
    let wide = format!(r#"{{"event": "X", "data": [0{}]}}"#, ",0".repeat(400_000));
    let text = post("Content-Length: 2", "{}");
    let text = String::from_utf8(text).unwrap().replace("application/json", "text/plain");
    vec![
        ("too large, said", post(&format!("Content-Length: {}", large.len()), &large), &[413]),
        ("too large, not said", post("Transfer-Encoding: chunked", &chunked), &[413]),
        ("too deep", json(&nested), &[400]),
        ("too wide", json(&wide), &[400]),
        ("no JSON", json("{\"event\": "), &[400]),
        ("no object", json("[]"), &[400]),
        (
            "no UTF-8",
            post("Content-Length: 14", "{\"event\":\"\u{e9}\"}")
                .into_iter()
                .filter(|b| *b != 0xc3)
                .chain(*b" ")
                .collect(),
            &[400],
        ),
        ("no event", json("{}"), &[422]),
        ("another type", text.into_bytes(), &[415]),
    ]
}

/// Goal: a refusal of JSON says where. Method: the body of the answer.
#[tokio::test]
async fn malformed_json_is_refused_with_its_place() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let mut stream = TcpStream::connect(listener.address()).await.unwrap();
    stream.write_all(&json("{\"event\":\n 5 5}")).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(SOON, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.contains("at line 2 column 4"), "{answer}");
    listener.stop().await;
}
