//! APIs and files of the whole listener in process: a server on loopback, a directory on disk.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use host::LiveClock;
use host::tls::{Authority, Name, Pair, read_pair};
use listener::live::spawn;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::serve::{Site, port, post};

const TOPOLOGY: &str =
    "[nodes.R1]\nusername = \"admin\"\npassword = \"admin\"\ntoken = \"token-of-r1\"\n";
/// How long something may take here.
const BOUND: Duration = Duration::from_secs(20);

/// An API that answers each connection with the next of its answers, the last again and again; an
/// empty one is none at all.
struct Api {
    url: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Api {
    async fn start(answers: &[&str]) -> Self {
        Api::serve("http", answers, |stream| async { Some(stream) }).await
    }

    /// Over TLS.
    async fn start_with(answers: &[&str], tls: Arc<ServerConfig>) -> Self {
        let acceptor = TlsAcceptor::from(tls);
        Api::serve("https", answers, move |stream| {
            let acceptor = acceptor.clone();
            // Who does not believe it hangs up.
            async move { acceptor.accept(stream).await.ok() }
        })
        .await
    }

    async fn serve<S, F>(
        scheme: &str,
        answers: &[&str],
        greet: impl Fn(TcpStream) -> F + Send + 'static,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + Unpin,
        F: Future<Output = Option<S>> + Send,
    {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{scheme}://{}", socket.local_addr().unwrap());
        let (taken, answers) = (Arc::<Mutex<Vec<String>>>::default(), answers.join("\0"));
        let seen = Arc::clone(&taken);
        tokio::spawn(async move {
            let mut silent = Vec::new();
            loop {
                let (stream, _) = socket.accept().await.unwrap();
                let Some(mut stream) = greet(stream).await else { continue };
                let mut request = vec![0; 4_096];
                let count = stream.read(&mut request).await.unwrap();
                let place = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(String::from_utf8_lossy(&request[..count]).into_owned());
                    seen.len() - 1
                };
                let answers: Vec<&str> = answers.split('\0').collect();
                let answer = answers[place.min(answers.len() - 1)];
                match answer.is_empty() {
                    true => silent.push(stream),
                    false => {
                        let _ = stream.write_all(answer.as_bytes()).await;
                        let _ = stream.shutdown().await;
                    }
                }
            }
        });
        Api { url, taken }
    }

    fn asked(&self) -> usize {
        self.taken.lock().unwrap().len()
    }

    async fn is_asked(&self, times: usize) {
        let start = Instant::now();
        while self.asked() < times {
            assert!(start.elapsed() < BOUND, "asked {} times", self.asked());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

/// One source; its steps.
fn rules(url: &str, steps: &str) -> String {
    format!(
        "[apis.one]\nurl = \"{url}\"\nstand-in = \"jokes\"\n\
         headers = {{ Accept = \"application/json\", X-Key = \"env:HOME\" }}\n\
         [files]\ndirectory = \"out\"\n\
         [[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\nunauthenticated = \"loopback\"\n\
         respond = \"result\"\n{steps}"
    )
}

const ASKS: &str = r#"
[[sources.steps]]
register = "joke"
http = { api = "one", path = "/" }
[[sources.steps]]
register = "file"
save = { file = "data/joke.json", json = "{{ result.joke.json }}" }
[[sources.steps]]
log = { file = "logs/joke.log", line = "JOKE_API_CALLED bytes={{ result.file.bytes }}" }
[[sources.replies]]
when = "result.joke.ok"
json = "{{ result.joke.json }}"
"#;

/// What a server of this name shows, signed by the authority of a directory: its `ca.pem`.
fn certificate(directory: &Path, name: &str) -> Arc<ServerConfig> {
    std::fs::create_dir_all(directory).unwrap();
    let now = LiveClock::start().now();
    let authority = Authority::in_directory(directory, now).unwrap();
    let pair = Pair { certificate: directory.join("api.pem"), key: directory.join("api.key") };
    authority.issue(&pair, "api", &[Name::parse(name).unwrap()], now).unwrap();
    read_pair(&pair).unwrap().config
}

/// Goal: an API over HTTPS is asked when `ca` has signed its certificate for its name, and never
/// otherwise. Method: our own server; its authority, another one, another name, none.
#[tokio::test(flavor = "multi_thread")]
async fn an_api_over_https_is_believed_by_its_authority() {
    let site = Site::with(TOPOLOGY, "");
    let (mine, other) = (site.path("mine"), site.path("other"));
    let tls = certificate(&mine, "127.0.0.1");
    certificate(&other, "127.0.0.1");
    let joke = ok(r#"{"joke": "Ha"}"#);
    let api = Api::start_with(&[&joke], tls).await;
    let misnamed = certificate(&site.path("misnamed"), "api.example");
    let misnamed = Api::start_with(&[&joke], misnamed).await;
    let unsigned = "no authority that is known here has signed it";
    for (api, ca, want) in [
        (&api, Some("mine"), Ok(())),
        (&api, Some("other"), Err("another authority of that name has signed it")),
        (&api, None, Err(unsigned)),
        (&misnamed, Some("misnamed"), Err("it is not for this address")),
    ] {
        let ca = ca.map(|ca| format!("ca = \"file:{ca}/ca.pem\"\n")).unwrap_or_default();
        let rules = rules(&api.url, ASKS).replace("stand-in = ", &format!("{ca}stand-in = "));
        std::fs::write(site.path("listener.toml"), rules).unwrap();
        let listener = spawn(port().await, site.options()).await.unwrap();
        let (status, said) = ask(&listener).await;
        match want {
            Ok(()) => assert_eq!((status, &said["joke"]), (200, &"Ha".into()), "{said}"),
            Err(why) => {
                assert_eq!(status, 502, "{said}");
                assert!(said["detail"].as_str().unwrap().contains(why), "{said}");
            }
        }
        listener.stop().await;
    }
    assert_eq!((api.asked(), misnamed.asked()), (1, 0));
}

async fn ask(listener: &listener::live::LiveListener) -> (u16, Value) {
    let reply = post(listener, r#"{"event": "Joke"}"#).send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap())
}

/// Goal: an API that is busy for a moment is asked again when it says, and what it answers stands
/// in the files and the reply. Method: 503 with `Retry-After`, then a joke.
#[tokio::test(flavor = "multi_thread")]
async fn an_api_is_asked_again_and_its_answer_is_kept() {
    let busy = "HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n";
    let api = Api::start(&[busy, &ok(r#"{"joke": "Ha"}"#)]).await;
    let site = Site::with(TOPOLOGY, &rules(&api.url, ASKS));
    let listener = spawn(port().await, site.options()).await.unwrap();
    let start = Instant::now();
    assert_eq!(ask(&listener).await, (200, json!({"joke": "Ha"})));
    assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(api.asked(), 2);
    let read = |name: &str| std::fs::read_to_string(site.path(name)).unwrap();
    assert_eq!(read("out/data/joke.json"), "{\n  \"joke\": \"Ha\"\n}\n");
    let log = read("out/logs/joke.log");
    assert!(log.starts_with("JOKE_API_CALLED bytes=19 ts=20") && log.ends_with("Z\n"), "{log}");
    listener.stop().await;
}

/// Goal: `--offline` asks no socket. Method: an API that counts, and the stand-in's joke.
#[tokio::test(flavor = "multi_thread")]
async fn offline_asks_no_api() {
    let api = Api::start(&[&ok("{}")]).await;
    let site = Site::with(TOPOLOGY, &rules(&api.url, ASKS));
    let mut options = site.options();
    options.config.go_offline();
    let listener = spawn(port().await, options).await.unwrap();
    let (status, joke) = ask(&listener).await;
    assert_eq!((status, api.asked()), (200, 0));
    assert!(joke["joke"].as_str().is_some_and(|text| text.len() > 20), "{joke}");
    let saved = std::fs::read_to_string(site.path("out/data/joke.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&saved).unwrap(), joke);
    listener.stop().await;
}

/// Goal: what a crash leaves in doubt is not done twice. Method: a POST to an API that is silent,
/// the listener killed behind it, another in its place; then the same with a GET, which is safe.
#[tokio::test(flavor = "multi_thread")]
async fn a_post_in_doubt_is_not_repeated() {
    for (method, times) in [("POST", 1), ("GET", 2)] {
        let api = Api::start(&["", &ok("{}")]).await;
        let steps = format!(
            "[[sources.steps]]\nregister = \"done\"\n\
             http = {{ api = \"one\", path = \"/\", method = \"{method}\" }}\n"
        );
        let site = Site::with(TOPOLOGY, &rules(&api.url, &steps));
        let listener = spawn(port().await, site.options()).await.unwrap();
        let asking = tokio::spawn(post(&listener, r#"{"event": "Do"}"#).send());
        api.is_asked(1).await;
        listener.kill().await;
        let _ = asking.await;
        let options = site.options();
        let mut facts = options.facts.subscribe();
        let listener = spawn(port().await, options).await.unwrap();
        let outcome = loop {
            let fact = tokio::time::timeout(BOUND, facts.recv()).await.unwrap().unwrap();
            if let fact::Kind::JobDone { outcome, .. } = fact.kind {
                break outcome;
            }
        };
        assert_eq!(api.asked(), times, "{method}");
        assert_eq!(outcome.contains("may have been done already"), times == 1, "{outcome}");
        listener.stop().await;
    }
}

/// Goal: a name that leads out of the directory writes nothing, and says so. Method: a link.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_nowhere() {
    let steps = "[[sources.steps]]\nregister = \"x\"\nsave = { file = \"away/x\", text = \"x\" }\n";
    let site = Site::with(TOPOLOGY, &rules("http://127.0.0.1:9", steps));
    std::fs::create_dir(site.path("out")).unwrap();
    std::fs::create_dir(site.path("outside")).unwrap();
    std::os::unix::fs::symlink(site.path("outside"), site.path("out/away")).unwrap();
    let listener = spawn(port().await, site.options()).await.unwrap();
    let (status, reply) = ask(&listener).await;
    assert_eq!(status, 500, "{reply}");
    assert!(reply["detail"].as_str().is_some_and(|it| it.contains("no name of a file")), "{reply}");
    assert_eq!(std::fs::read_dir(site.path("outside")).unwrap().count(), 0);
    listener.stop().await;
}
