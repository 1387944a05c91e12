//! Beyond loopback, as far as one machine can show it: what a start refuses, and what it says.

use serde_json::Value;

use crate::device::{Behaviour, start};
use crate::serve::{Site, program};

/// Sources that nobody can prove anything to.
const OPEN: &str = "[[sources]]\npath = \"/events\"\nunauthenticated = \"loopback\"\n";

/// Goal: a port that others reach needs credentials, or the operator's word. Method: the real
/// program on every address of this machine, with the answer of its start.
#[tokio::test(flavor = "multi_thread")]
async fn a_bind_beyond_loopback_needs_credentials() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let dir = site.dir.path().to_owned();
    let shipped = std::fs::read_to_string(site.path("listener.toml")).unwrap();
    std::fs::write(site.path("listener.toml"), OPEN).unwrap();
    let beyond = ["serve", "--bind", "0.0.0.0:0", "--format", "json"];
    let (code, out, err) = program(&dir, &beyond).await;
    assert_eq!((code, out.as_str()), (4, ""), "{err}");
    assert!(err.contains("no sender has a credential"), "{err}");
    assert!(err.contains("--allow-unauthenticated"), "{err}");

    let allowed = [&beyond[..], &["--allow-unauthenticated"]].concat();
    let (ready, said) = until_ready(&dir, &allowed).await;
    assert_eq!(ready["unauthenticated"], serde_json::json!(["/events"]), "{ready}");
    assert!(said.contains("unauthenticated=anybody"), "{said}");

    std::fs::write(site.path("listener.toml"), shipped).unwrap();
    let (ready, said) = until_ready(&dir, &beyond).await;
    assert_eq!(ready["unauthenticated"], serde_json::json!([]), "{ready}");
    assert!(said.contains("unauthenticated=none"), "{said}");
    assert!(said.contains("read_api=loopback"), "{said}");
    assert!(!said.contains("published_token"), "{said}");

    // The token that everybody can read is named where others can call.
    let nodes = std::fs::read_to_string(site.path("topology.toml")).unwrap();
    let nodes = nodes.replace("token-of-r1", "mySecretToken");
    std::fs::write(site.path("topology.toml"), nodes).unwrap();
    let (_, said) = until_ready(&dir, &beyond).await;
    assert!(said.contains("published_token=R1"), "{said}");
    let (_, said) = until_ready(&dir, &["serve", "--bind", "127.0.0.1:0", "--json"]).await;
    assert!(!said.contains("published_token"), "{said}");
}

/// Goal: the read API asks for its token where a request does not come from this machine, and a
/// wrong one is refused anywhere. Method: a name that is listed, two tokens of which one is new,
/// and the program's own client.
#[tokio::test(flavor = "multi_thread")]
async fn the_read_api_has_a_token_of_its_own() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let dir = site.dir.path().to_owned();
    std::fs::write(site.path("old"), "the-token-of-last-year\n").unwrap();
    std::fs::write(site.path("new"), "the-token-of-this-year\n").unwrap();
    let rules = std::fs::read_to_string(site.path("listener.toml")).unwrap();
    let api = "[api]\ntoken = [\"file:new\", \"file:old\"]\nhosts = [\"listener.example.net\"]\n";
    std::fs::write(site.path("listener.toml"), format!("{rules}{api}")).unwrap();
    let listener = site.listen().await;
    let url = format!("http://{}", listener.address());
    let table = [
        (None, None, 200),
        (None, Some("the-token-of-next-year"), 401),
        (Some("listener.example.net"), None, 401),
        (Some("listener.example.net"), Some("the-token-of-this-year"), 200),
        (Some("listener.example.net"), Some("the-token-of-last-year"), 200),
        (Some("listener.example.net"), Some("the-token-of-next-year"), 401),
        (Some("another.example.net"), Some("the-token-of-this-year"), 421),
    ];
    for (host, token, want) in table {
        let mut request = crate::client().get(format!("{url}/api/v1/events"));
        request = host.into_iter().fold(request, |request, host| request.header("host", host));
        request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), want, "{host:?} {token:?}");
        let challenge = response.headers().get("www-authenticate");
        assert_eq!(challenge.is_some(), want == 401, "{host:?} {token:?}");
    }
    let table = [
        ("file:new", 0, "Id"),
        ("file:gone", 4, "cannot read `gone`"),
        ("the-token-of-this-year", 0, "seen by everybody"),
        ("the-token-of-next-year", 4, "401"),
    ];
    for (token, want, word) in table {
        let ask = ["events", "--listener", &url, "--token", token];
        let (code, out, err) = program(&dir, &ask).await;
        assert_eq!(code, want, "{token}: {out}{err}");
        assert!(format!("{out}{err}").contains(word), "{token}: {out}{err}");
    }
    listener.stop().await;
}

/// Goal: what a proxy on this machine hands on is not of this machine, deliveries neither. Method:
/// the same body without a credential, directly and as proxies mark it.
#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_is_handed_on_needs_a_credential() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let api = "[api]\nhosts = [\"listener.example.net\"]\n";
    std::fs::write(site.path("listener.toml"), format!("{OPEN}{api}")).unwrap();
    let listener = site.listen().await;
    let url = format!("http://{}/events", listener.address());
    let table = [
        (None, 202),
        (Some(("x-forwarded-for", "192.0.2.9")), 401),
        (Some(("forwarded", "for=192.0.2.9")), 401),
        (Some(("via", "1.1 proxy")), 401),
        (Some(("host", "listener.example.net")), 401),
        (Some(("host", "localhost")), 202),
    ];
    for (header, want) in table {
        let mut request = crate::client().post(&url).header("content-type", "application/json");
        request =
            header.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let response = request.body(r#"{"event": "InterfaceDown"}"#).send().await.unwrap();
        assert_eq!(response.status().as_u16(), want, "{header:?}");
    }
    listener.stop().await;
}

/// Starts the program; its first line on standard output, and what it said beside it until a stop.
async fn until_ready(dir: &std::path::Path, arguments: &[&str]) -> (Value, String) {
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_listener"));
    command.args(arguments).current_dir(dir).env("EDNM_STATE", dir).kill_on_drop(true);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let pid = child.id().unwrap().to_string();
    let kill = tokio::process::Command::new("kill").args(["-TERM", &pid]).status().await;
    assert!(kill.unwrap().success());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
    child.wait().await.unwrap();
    (serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}{said}")), said)
}
