//! The client of the APIs against servers on loopback: one connection, one scripted answer.

use std::collections::VecDeque;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

const BOUND: Duration = Duration::from_secs(5);

fn upstream(base: &str, private: bool) -> Upstream {
    Upstream {
        course_name: "one".into(),
        name: "one".into(),
        base: base.parse().expect("a URL"),
        ca: None,
        headers: vec![("Accept".into(), Configured::Plain("application/json".into()))],
        timeout: simtime::Duration::from_secs(5),
        tries: 1,
        stand_in: None,
        private,
    }
}

fn get(path: &str) -> HttpCall {
    HttpCall {
        api: "one".into(),
        method: "GET".into(),
        path: path.into(),
        headers: std::collections::BTreeMap::new(),
        body: None,
        content_type: None,
        expect: Vec::new(),
        repeatable: true,
        tries: 1,
        timeout: simtime::Duration::from_secs(5),
    }
}

/// A server that answers one connection after the other; gives its port, and what it was sent.
async fn server(answers: Vec<String>) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = socket.local_addr().expect("an address").port();
    let task = tokio::spawn(async move {
        let mut taken = Vec::new();
        for answer in answers {
            let (mut stream, _) = socket.accept().await.expect("a connection");
            let mut request = Vec::new();
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut chunk = [0; 1_024];
                match stream.read(&mut chunk).await.expect("bytes") {
                    0 => break,
                    count => request.extend_from_slice(&chunk[..count]),
                }
            }
            taken.push(String::from_utf8(request).expect("text"));
            let _ = stream.write_all(answer.as_bytes()).await;
        }
        taken
    });
    (port, task)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn moved(location: &str) -> String {
    format!("HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

/// Goal: a request arrives as it was asked, with the API's headers and no others. Method: read it.
#[tokio::test]
async fn a_request_is_sent_as_asked() {
    let (port, server) = server(vec![ok("{}")]).await;
    let mut asked = get("/deck/new/?deck_count=1");
    asked.headers.insert("X-Class".into(), "7".into());
    let upstream = upstream(&format!("http://127.0.0.1:{port}/api"), true);
    let answer = request(&upstream, &asked, BOUND).await.expect("an answer");
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"{}".as_slice()));
    let taken = server.await.expect("it ended").remove(0);
    assert!(taken.starts_with("GET /api/deck/new/?deck_count=1 HTTP/1.1\r\n"), "{taken}");
    let mut headers: Vec<&str> = taken.lines().skip(1).filter(|line| !line.is_empty()).collect();
    headers.sort_unstable();
    let host = format!("host: 127.0.0.1:{port}");
    let agent = concat!("user-agent: ednm-listener/", env!("CARGO_PKG_VERSION"));
    assert_eq!(headers, ["accept: application/json", &host, agent, "x-class: 7"]);
}

/// Goal: a name that leads to this machine, a private network or metadata is not followed there,
/// and a name is looked at each time. Method: a DNS server that says what it likes.
#[tokio::test]
async fn a_name_leads_only_where_it_may() {
    let (port, server) = server(vec![ok("one"), ok("two")]).await;
    let ask = |private: bool, said: &[&str]| {
        let script = said.iter().map(|text| text.parse().expect("an address")).collect();
        let resolver = Resolver::Script(Mutex::new(VecDeque::from([script])));
        let upstream = upstream(&format!("http://api.example:{port}"), private);
        async move { request_by(&resolver, &upstream, &get("/"), BOUND).await }
    };
    for said in [
        &["127.0.0.1"][..],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["10.0.0.1"],
        &["169.254.169.254"],
        &["fe80::1"],
        &["0.0.0.0"],
        &["10.0.0.1", "192.168.0.1"],
    ] {
        let failed = ask(false, said).await.expect_err("it is refused");
        assert!(matches!(failed, (HttpFailure::RefusedAddress(_), false)), "{said:?}: {failed:?}");
    }
    for said in [&["169.254.169.254"][..], &["fd00:ec2::254"], &["0.0.0.0"], &["224.0.0.1"]] {
        let failed = ask(true, said).await.expect_err("it is refused");
        assert!(matches!(failed, (HttpFailure::RefusedAddress(_), false)), "{said:?}: {failed:?}");
    }
    // By word it may, past the addresses that it may not.
    assert_eq!(ask(true, &["127.0.0.1"]).await.expect("an answer").body, b"one");
    assert_eq!(ask(true, &["169.254.1.1", "127.0.0.1"]).await.expect("an answer").body, b"two");
    assert_eq!(server.await.expect("it ended").len(), 2);
}

/// Goal: between two look-ups a name may move, and gains nothing. Method: the first answer of the
/// DNS is harmless, and the redirect asks it again.
#[tokio::test]
async fn a_name_that_moves_is_looked_at_again() {
    let (port, server) = server(vec![moved("/elsewhere")]).await;
    let said = [["127.0.0.1"], ["169.254.169.254"]];
    let script = said.map(|one| one.map(|text| text.parse().expect("an address")).to_vec());
    let resolver = Resolver::Script(Mutex::new(VecDeque::from(script)));
    let upstream = upstream(&format!("http://api.example:{port}"), true);
    let failed = request_by(&resolver, &upstream, &get("/"), BOUND).await.expect_err("refused");
    assert!(matches!(failed, (HttpFailure::RefusedAddress(_), true)), "{failed:?}");
    assert_eq!(server.await.expect("it ended").len(), 1);
}

/// Goal: redirects stay on their host, and are few. Method: a table of Locations.
#[tokio::test]
async fn a_redirect_stays_on_its_host() {
    let (port, first) = server(vec![moved("/deck/new/"), ok("cards")]).await;
    let base = upstream(&format!("http://127.0.0.1:{port}"), true);
    let answer = request(&base, &get("/deck/new"), BOUND).await.expect("an answer");
    assert_eq!(answer.body, b"cards");
    assert!(first.await.expect("it ended")[1].starts_with("GET /deck/new/ "));
    for location in [
        "http://169.254.169.254/latest",
        "//evil.example/",
        "https://127.0.0.1/",
        "file:///etc",
        "http://127.0.0.1:1/",
        "",
    ] {
        let (port, server) = server(vec![moved(location)]).await;
        let base = upstream(&format!("http://127.0.0.1:{port}"), true);
        let asked = get("/x");
        let result = request(&base, &asked, Duration::from_secs(1)).await;
        match location {
            // The same page again: there is nobody to answer a second time.
            "" => assert!(result.is_err()),
            _ => assert_eq!(result.expect("an answer").status, 301, "{location}"),
        }
        server.await.expect("it ended");
    }
    let (port, server) = server(vec![moved("/a"); REDIRECTS_MAX + 1]).await;
    let base = upstream(&format!("http://127.0.0.1:{port}"), true);
    assert_eq!(request(&base, &get("/a"), BOUND).await.expect("an answer").status, 301);
    server.await.expect("it ended");
    let (port, server) = self::server(vec![moved("/b")]).await;
    let base = upstream(&format!("http://127.0.0.1:{port}"), true);
    let post = HttpCall { method: "POST".into(), body: Some("{}".into()), ..get("/a") };
    assert_eq!(request(&base, &post, BOUND).await.expect("an answer").status, 301);
    server.await.expect("it ended");
}

/// Goal: each way to fail has its class, and says whether the request may have been taken.
#[tokio::test]
async fn failures_have_classes() {
    let (port, closed) = server(Vec::new()).await;
    closed.await.expect("it ended");
    let nobody = upstream(&format!("http://127.0.0.1:{port}"), true);
    let failed = request(&nobody, &get("/"), BOUND).await.expect_err("nobody listens");
    assert!(matches!(failed, (HttpFailure::Unreachable(_), false)), "{failed:?}");
    let failed = request(&nobody, &get("/../x"), BOUND).await.expect_err("it leaves the base");
    assert!(matches!(failed, (HttpFailure::Misconfigured(_), false)), "{failed:?}");

    let at = |port: u16| upstream(&format!("http://127.0.0.1:{port}"), true);
    let (port, _silent) = server(vec![String::new()]).await;
    let failed = request(&at(port), &get("/"), BOUND).await.expect_err("it hangs up");
    assert!(matches!(failed, (HttpFailure::Unreachable(_), true)), "{failed:?}");

    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = socket.local_addr().expect("an address").port();
    let bound = Duration::from_millis(200);
    let failed = request(&at(port), &get("/"), bound).await.expect_err("it says nothing");
    assert_eq!(failed, (HttpFailure::Timeout, true));

    let large = "x".repeat(BODY_BYTES_MAX + 1);
    let (port, _large) = server(vec![ok(&large)]).await;
    let failed = request(&at(port), &get("/"), BOUND).await.expect_err("it is too large");
    assert_eq!(failed, (HttpFailure::TooLarge(BODY_BYTES_MAX), true));
    let (port, _short) = server(vec!["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx".into()]).await;
    let failed = request(&at(port), &get("/"), BOUND).await.expect_err("it breaks off");
    assert!(matches!(failed, (HttpFailure::Unreachable(_), true)), "{failed:?}");
}

/// Goal: what a server says of its answer is read, in the forms that there are. Method: a table.
#[tokio::test]
async fn an_answer_s_headers_are_read() {
    let in_a_minute = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
    for (after, least, most) in
        [("7", Some(7), Some(7)), ("soon", None, None), (in_a_minute.as_str(), Some(55), Some(60))]
    {
        let answer = format!(
            "HTTP/1.1 429 Slow\r\nRetry-After: {after}\r\nContent-Length: 0\r\n\
             Content-Type: Application/JSON; charset=utf-8\r\n\r\n"
        );
        let (port, server) = server(vec![answer]).await;
        let base = upstream(&format!("http://127.0.0.1:{port}"), true);
        let answer = request(&base, &get("/"), BOUND).await.expect("an answer");
        server.await.expect("it ended");
        assert_eq!(answer.content_type.as_deref(), Some("application/json"));
        assert!(answer.retry_after >= least && answer.retry_after <= most, "{after} {answer:?}");
    }
}
