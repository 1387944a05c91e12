//! The sender against a server that is nothing but a socket, so that every byte is seen.

use super::*;

use lab::{NodeId, PostId};
use simtime::Duration as Span;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn post(url: String) -> Post {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Post {
        post: PostId(1),
        node: NodeId(0),
        method: "POST".into(),
        url,
        headers: vec![
            header("Content-Type", "application/json"),
            header("Authorization", "Bearer t"),
            header("webhook-id", "msg_1"),
            header("Content-Length", "999"),
        ],
        body: br#"{"a":1}"#.to_vec(),
        trust: HttpTrust::Lab,
        timeout: Span::from_secs(5),
        pace: None,
    }
}

/// Answers one connection with `answer`, and gives what came.
async fn serve_once(answer: &'static [u8]) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(br#"{"a":1}"#) {
            let mut chunk = [0; 1024];
            let read = stream.read(&mut chunk).await.unwrap();
            assert_ne!(read, 0, "the request ended early");
            request.extend_from_slice(&chunk[..read]);
        }
        stream.write_all(answer).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    (format!("http://{address}/events?x=1"), served)
}

/// Goal: the request is what the lab gave, with Host, Accept and Content-Length and not a byte
/// more.
#[tokio::test]
async fn nothing_else_is_added_to_a_request() {
    let (url, served) = serve_once(
        b"HTTP/1.1 202 Accepted\r\nRetry-After: 3\r\nContent-Length: 13\r\n\r\n{\"id\":\"evt\"}\n",
    )
    .await;
    let outcome = Sender::new(Egress::new([]), None).send(&post(url.clone())).await;
    let authority = url.trim_start_matches("http://").split('/').next().unwrap();
    let want = format!(
        "POST /events?x=1 HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n\
         Authorization: Bearer t\r\nWebhook-Id: msg_1\r\nContent-Length: 7\r\nAccept: */*\r\n\r\n\
         {{\"a\":1}}"
    );
    assert_eq!(served.await.unwrap(), want);
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![header("retry-after", "3"), header("content-length", "13")];
    let body = b"{\"id\":\"evt\"}\n".to_vec();
    assert_eq!(outcome, HttpOutcome::Answered { status: 202, headers, body });
}

/// Goal: two requests to one listener share a connection. Method: a server that accepts one.
#[tokio::test]
async fn a_connection_is_used_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for _ in 0..2 {
            let mut request = Vec::new();
            while !request.ends_with(br#"{"a":1}"#) {
                assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0);
            }
            stream.write_all(b"HTTP/1.1 202 A\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        }
    });
    let sender = Sender::new(Egress::new([]), None);
    for _ in 0..2 {
        let outcome = sender.send(&post(format!("http://{address}/"))).await;
        assert!(matches!(outcome, HttpOutcome::Answered { status: 202, .. }), "{outcome:?}");
    }
    served.await.unwrap();
}

/// Goal: a redirect is an answer like any other, and is not followed.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (url, served) = serve_once(
        b"HTTP/1.1 307 T\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\nmoved",
    )
    .await;
    let outcome = Sender::new(Egress::new([]), None).send(&post(url)).await;
    served.await.unwrap();
    let HttpOutcome::Answered { status, body, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!((status, body.as_slice()), (307, b"moved".as_slice()));
}

/// Goal: every way to get no answer has its name. Method: a table of dead ends.
#[tokio::test]
async fn failures_are_named() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let quiet = silent.local_addr().unwrap();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let (rubbish, served) = serve_once(b"SSH-2.0-x\r\n\r\n").await;
    let table = [
        (format!("http://{closed}/"), HttpFailure::Refused),
        (format!("http://{quiet}/"), HttpFailure::Timeout),
        ("http://192.0.2.1/".to_owned(), HttpFailure::NotAllowed),
        ("http://user@127.0.0.1/".to_owned(), HttpFailure::NotAllowed),
        ("http://other-host.invalid/".to_owned(), HttpFailure::NotAllowed),
        (format!("http://[::ffff:127.0.0.1]:{}/", quiet.port()), HttpFailure::NotAllowed),
        ("http://no-such-host.invalid/".to_owned(), HttpFailure::Resolve),
        (format!("https://{quiet}/"), HttpFailure::Timeout),
        (rubbish, HttpFailure::Broken),
    ];
    let named = "http://no-such-host.invalid/".parse().unwrap();
    let sender = Sender::new(Egress::new([named]), None);
    for (url, want) in table {
        let post = Post { timeout: Span::from_secs(1), ..post(url) };
        let outcome = sender.send(&post).await;
        assert_eq!(outcome, HttpOutcome::Failed(want), "{}", post.url);
    }
    served.await.unwrap();
}

/// Goal: an answer without an end is cut at its bound. Method: a server that never stops.
#[tokio::test]
async fn an_endless_answer_is_cut() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let flood = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // An answer before its question is no answer.
        assert_ne!(stream.read(&mut [0; 1024]).await.unwrap(), 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await.unwrap();
        while stream.write_all(&[b'x'; 16 * 1024]).await.is_ok() {}
    });
    let outcome =
        Sender::new(Egress::new([]), None).send(&post(format!("http://{address}/"))).await;
    let HttpOutcome::Answered { body, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(body.len(), HTTP_ANSWER_BYTES_MAX);
    flood.await.unwrap();
}

/// Goal: a slow sender says the same bytes with the same length, in the time that it was given; one
/// whose patience ends first hangs up. Method: a server that reads to the end, and one that waits.
#[tokio::test]
async fn a_slow_sender_takes_its_time() {
    let (url, served) = serve_once(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await;
    let start = std::time::Instant::now();
    let slow = Post { pace: Some(Span::from_millis(280)), ..post(url) };
    let outcome = Sender::new(Egress::new([]), None).send(&slow).await;
    assert!(matches!(outcome, HttpOutcome::Answered { status: 202, .. }), "{outcome:?}");
    let took = start.elapsed();
    assert!((280..2_000).contains(&took.as_millis()), "{took:?}");
    let request = served.await.unwrap();
    assert!(request.contains("Content-Length: 7\r\n"), "{request}");
    assert!(!request.contains("ransfer-"), "{request}");
    let (url, _served) = serve_once(b"").await;
    let (pace, timeout) = (Some(Span::from_secs(5)), Span::from_millis(300));
    let outcome =
        Sender::new(Egress::new([]), None).send(&Post { pace, timeout, ..post(url) }).await;
    assert_eq!(outcome, HttpOutcome::Failed(HttpFailure::Timeout));
}

/// Answers every connection that is greeted with 202, showing a certificate for these names. Gives
/// its port, and what it is believed by.
async fn serve_tls(names: &[&str]) -> (u16, String) {
    let (state, now) = (host::StateDir::temporary().unwrap(), host::LiveClock::start().now());
    let authority = host::tls::Authority::in_directory(state.path(), now).unwrap();
    let names: Vec<_> = names.iter().map(|name| host::tls::Name::parse(name).unwrap()).collect();
    let config = authority.identity("server", &names, now).unwrap().config;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let greeted = tokio_rustls::TlsAcceptor::from(config.clone()).accept(stream).await;
            let Ok(mut stream) = greeted else { continue };
            let mut request = Vec::new();
            while !request.ends_with(br#"{"a":1}"#) {
                assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0);
            }
            let answer = b"HTTP/1.1 202 A\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    (port, std::fs::read_to_string(state.authority()).unwrap())
}

/// Goal: a server is believed by the topology's authority, by one that a curl names, or by
/// anybody's word; and what it lacks is named. Method: two servers of two authorities, a table of
/// rules.
#[tokio::test]
async fn servers_are_believed_by_rule() {
    use HttpFailure::{Handshake, Untrusted};
    let (port, ca) = serve_tls(&["localhost", "127.0.0.1"]).await;
    let (other, other_ca) = serve_tls(&["elsewhere.example"]).await;
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain_port = plain.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 B\r\nContent-Length: 0\r\n\r\n").await;
        let _ = stream.read(&mut [0; 1024]).await;
    });
    let file = |pem: &str| HttpTrust::Authorities(pem.to_owned());
    let nobody = Err(Untrusted(lab::Distrust::Authority));
    let table = [
        (format!("https://127.0.0.1:{port}/"), HttpTrust::Lab, Ok(())),
        (format!("https://localhost:{port}/"), HttpTrust::Lab, Ok(())),
        (format!("https://127.0.0.1:{port}/"), file(&ca), Ok(())),
        (format!("https://127.0.0.1:{port}/"), file(&other_ca), nobody),
        (format!("https://127.0.0.1:{other}/"), HttpTrust::Lab, nobody),
        (
            format!("https://127.0.0.1:{other}/"),
            file(&other_ca),
            Err(Untrusted(lab::Distrust::Name)),
        ),
        (format!("https://127.0.0.1:{other}/"), HttpTrust::Anybody, Ok(())),
        (format!("https://127.0.0.1:{plain_port}/"), HttpTrust::Anybody, Err(Handshake)),
    ];
    let sender = Sender::new(Egress::new([]), Some(&ca));
    for (url, trust, want) in table {
        let post = Post { trust, ..post(url) };
        let got = match sender.send(&post).await {
            HttpOutcome::Answered { .. } => Ok(()),
            HttpOutcome::Failed(failure) => Err(failure),
        };
        assert_eq!(got, want, "{} {:?}", post.url, post.trust);
    }
    let nobody_known = Sender::new(Egress::new([]), None);
    let outcome = nobody_known.send(&post(format!("https://127.0.0.1:{port}/"))).await;
    assert_eq!(outcome, HttpOutcome::Failed(Untrusted(lab::Distrust::Authority)));
}
