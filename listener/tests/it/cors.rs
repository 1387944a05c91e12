//! Web pages of other origins: those that `[cors]` lists may call the sources, and nothing else.

use listener::live::LiveListener;
use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::serve::Site;

const RULES: &str = "[[sources]]\npath = \"/events\"\nauth = [\"header:X-Webhook-Token\"]\n\
                     unauthenticated = \"loopback\"\n";
const PAGE: &str = "http://localhost:3000";

async fn listen(cors: &str) -> (Site, LiveListener) {
    let topology =
        "[nodes.R1]\nusername = \"admin\"\npassword = \"admin\"\ntoken = \"token-of-r1\"\n";
    let site = Site::with(topology, &format!("{RULES}{cors}"));
    let listener = site.listen().await;
    (site, listener)
}

/// Status and headers of a request with these headers.
async fn ask(
    listener: &LiveListener,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> (u16, HeaderMap) {
    let url = format!("http://{}{path}", listener.address());
    let mut request = crate::client().request(method, url).body("{\"event\": \"test\"}");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.headers().clone())
}

fn said<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// Goal: a listed page gets its preflight and its answer, refusals too; another one gets 403, and
/// the read API is nobody's. Method: the requests of a browser.
#[tokio::test]
async fn a_listed_page_may_call_the_sources() {
    let (_site, listener) = listen("[cors]\norigins = [\"http://localhost:3000\"]\n").await;
    let preflight = [
        ("origin", PAGE),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,x-webhook-token"),
    ];
    let (status, headers) = ask(&listener, Method::OPTIONS, "/events", &preflight).await;
    assert_eq!(status, 200);
    assert_eq!(said(&headers, "access-control-allow-origin"), PAGE);
    assert_eq!(said(&headers, "access-control-allow-methods"), "POST");
    assert!(said(&headers, "access-control-allow-headers").contains("x-webhook-token"));
    assert_eq!(said(&headers, "access-control-max-age"), "600");
    assert!(said(&headers, "vary").contains("origin"));

    let json = ("content-type", "application/json");
    let (status, headers) =
        ask(&listener, Method::POST, "/events", &[("origin", PAGE), json]).await;
    assert_eq!((status, said(&headers, "access-control-allow-origin")), (202, PAGE));
    let wrong = [("origin", PAGE), json, ("x-webhook-token", "wrong")];
    let (status, headers) = ask(&listener, Method::POST, "/events", &wrong).await;
    assert_eq!((status, said(&headers, "access-control-allow-origin")), (401, PAGE));

    let other = [("origin", "http://localhost:3001"), json];
    for (method, path) in [(Method::POST, "/events"), (Method::OPTIONS, "/events")] {
        let (status, headers) = ask(&listener, method, path, &other).await;
        assert_eq!((status, said(&headers, "access-control-allow-origin")), (403, ""));
    }
    let (status, _) = ask(&listener, Method::GET, "/api/v1/events", &[("origin", PAGE)]).await;
    assert_eq!(status, 403);
    let (status, headers) = ask(&listener, Method::GET, "/ready", &[("origin", PAGE)]).await;
    assert_eq!((status, said(&headers, "access-control-allow-origin")), (200, PAGE));
    listener.stop().await;
}

/// Goal: `*` is every page, at the sources alone; without `[cors]` there is none, and `OPTIONS` is
/// a method like another.
#[tokio::test]
async fn a_star_is_every_page() {
    let (_site, listener) = listen("[cors]\norigins = [\"*\"]\n").await;
    let json = ("content-type", "application/json");
    for origin in ["http://evil.example", "null"] {
        let (status, headers) =
            ask(&listener, Method::POST, "/events", &[("origin", origin), json]).await;
        assert_eq!((status, said(&headers, "access-control-allow-origin")), (202, "*"));
    }
    let (status, _) = ask(&listener, Method::GET, "/api/v1/jobs", &[("origin", "null")]).await;
    assert_eq!(status, 403);
    listener.stop().await;

    let (_site, listener) = listen("").await;
    let (status, _) = ask(&listener, Method::POST, "/events", &[("origin", PAGE), json]).await;
    assert_eq!(status, 403);
    let (status, headers) = ask(&listener, Method::OPTIONS, "/events", &[]).await;
    assert_eq!((status, said(&headers, "allow")), (405, "POST"));
    listener.stop().await;
}
