//! The description of the API, and the pages that show it.

use listener::live::LiveListener;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::serve::Site;

const TOPOLOGY: &str =
    "[nodes.R1]\nusername = \"admin\"\npassword = \"admin\"\ntoken = \"token-of-r1\"\n";
const RULES: &str = "[[sources]]\npath = \"/events\"\nauth = [\"header:X-Webhook-Token\"]\n\
                     [[sources]]\npath = \"/open\"\nunauthenticated = \"loopback\"\n";

async fn get(listener: &LiveListener, path: &str) -> (u16, HeaderMap, String) {
    let url = format!("http://{}{path}", listener.address());
    let response = crate::client().get(url).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.text().await.unwrap())
}

/// Every `$ref` below a value.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(object) => object
            .iter()
            .flat_map(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(reference)) => vec![reference.as_str()],
                (_, value) => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Goal: the document has each source and each route of the listener's own, every name in it leads
/// somewhere, and what it describes is there. Method: ask for what needs no argument.
#[tokio::test]
async fn the_document_is_true() {
    let site = Site::with(TOPOLOGY, RULES);
    let listener = site.listen().await;
    let (status, headers, text) = get(&listener, "/openapi.json").await;
    assert_eq!((status, &headers["content-type"]), (200, &"application/json".parse().unwrap()));
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths["/events"]["post"]["security"], json!([{ "header_x-webhook-token": [] }]));
    assert_eq!(paths["/open"]["post"]["security"], json!([{}]));
    for reference in references(&document) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    let mut ids: Vec<&str> = paths
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for (path, item) in paths.iter().filter(|(path, _)| !path.contains('{')) {
        let want = if item.get("get").is_some() { 200 } else { 405 };
        assert_eq!(get(&listener, path).await.0, want, "{path}");
    }
    listener.stop().await;
}

/// Goal: `/health` says what its readers look for.
#[tokio::test]
async fn health_says_who_is_there() {
    let site = Site::with(TOPOLOGY, RULES);
    let listener = site.listen().await;
    let (status, _, text) = get(&listener, "/health").await;
    let health: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &health["status"]), (200, &json!("healthy")));
    assert_eq!(health["service"], "ednm listener");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert!(health["message"].is_string());
    listener.stop().await;
}

/// Goal: the pages load nothing but what the listener has, whole for each client. Method: ask for
/// each address in them, with gzip and without.
#[tokio::test]
async fn the_pages_have_all_their_parts() {
    let site = Site::with(TOPOLOGY, RULES);
    let listener = site.listen().await;
    for page in ["/docs", "/redoc"] {
        let (status, headers, text) = get(&listener, page).await;
        assert_eq!(status, 200, "{page}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!text.contains("://") && !text.contains("<script>"), "{text}");
        let parts = text.split("src=\"").skip(1).chain(text.split("sheet\" href=\"").skip(1));
        let mut count = 0;
        for part in parts.map(|rest| rest.split('"').next().unwrap()) {
            let (status, headers, plain) = get(&listener, &format!("/{part}")).await;
            assert_eq!((status, headers.get("content-encoding")), (200, None), "{part}");
            let packed = crate::client()
                .get(format!("http://{}/{part}", listener.address()))
                .header("accept-encoding", "gzip, br")
                .send()
                .await
                .unwrap();
            if plain.len() > 100_000 {
                assert_eq!(packed.headers()["content-encoding"], "gzip", "{part}");
                assert!(packed.bytes().await.unwrap().len() < plain.len() / 2, "{part}");
            }
            count += 1;
        }
        assert!(count >= 2, "{text}");
    }
    assert_eq!(get(&listener, "/docs/none.js").await.0, 404);
    listener.stop().await;
}
