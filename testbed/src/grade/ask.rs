//! Requests to the listener that is graded, each with a time and a size that it may not exceed.
//!
//! Called by [`super::run()`]. Neither proxies nor redirects: the answer is that listener's.

use std::error::Error as _;
use std::io;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use host::ExpectedError;
use reqwest::{Client, Method, RequestBuilder, Response, redirect};
use serde_json::{Value, json};

use super::bench::Values;
use super::table::{Ask, Auth, Token};

/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Headers of an answer.
const HEADERS_MAX: usize = 100;
/// A token that nobody has.
const WRONG_TOKEN: &str = "wrong-token-of-grade";

/// A way to the listener.
pub(super) struct Asker {
    client: Client,
    base: String,
    token: Option<String>,
    header: String,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) media: String,
    pub(super) headers: Vec<String>,
    pub(super) text: String,
}

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// Nobody listens.
    Refused,
    /// The connection was closed.
    Closed,
    /// It took too long.
    Timeout(Duration),
}

impl Asker {
    pub(super) fn new(
        client: Client,
        base: String,
        token: Option<String>,
        header: String,
    ) -> Asker {
        Asker { client, base, token, header }
    }

    /// Asks once.
    pub(super) async fn ask(
        &self,
        ask: &Ask,
        values: &Values,
        within: Duration,
    ) -> Result<Answer, NoAnswer> {
        let start = Instant::now();
        let asked = async {
            let response = self.request(ask, values).send().await.map_err(|e| failure(&e))?;
            read(response).await
        };
        match tokio::time::timeout(within, asked).await {
            Ok(answered) => answered,
            Err(_) => Err(NoAnswer::Timeout(start.elapsed())),
        }
    }

    fn request(&self, ask: &Ask, values: &Values) -> RequestBuilder {
        let method = ask.method.as_deref().unwrap_or("POST");
        let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::POST);
        let path = values.fill(ask.path.as_deref().unwrap_or("/"));
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        request = self.credential(request, ask);
        for (name, value) in &ask.headers {
            request = request.header(name.as_str(), values.fill(value));
        }
        let json = |body: String| (body, "application/json");
        let body = match (&ask.body, ask.bytes, &ask.json) {
            (Some(body), _, _) => Some(json(values.fill(body))),
            (None, Some(bytes), _) => Some(json(large(bytes))),
            (None, None, Some(value)) => Some(json(values.fill_in(value).to_string())),
            (None, None, None) => None,
        };
        match body {
            Some((body, media)) if !ask.headers.contains_key("content-type") => {
                request.header("content-type", media).body(body)
            }
            Some((body, _)) => request.body(body),
            None => request,
        }
    }

    fn credential(&self, request: RequestBuilder, ask: &Ask) -> RequestBuilder {
        if let Some(pair) = &ask.basic {
            return request.header("authorization", format!("Basic {}", STANDARD.encode(pair)));
        }
        let token = match (ask.token.unwrap_or_default(), ask.auth.unwrap_or_default()) {
            (Token::None, _) | (Token::Right, Auth::None) => None,
            (Token::Wrong, _) => Some(WRONG_TOKEN),
            (Token::Right, Auth::Token | Auth::Bearer) => self.token.as_deref(),
        };
        match (token, ask.auth.unwrap_or_default()) {
            (None, _) => request,
            (Some(token), Auth::Bearer) => {
                request.header("authorization", format!("Bearer {token}"))
            }
            (Some(token), Auth::Token | Auth::None) => request.header(&self.header, token),
        }
    }
}

/// What asks. It believes these authorities, else the system's.
pub(super) fn client(authorities: Option<&str>) -> Result<Client, ExpectedError> {
    // A connection for each: a server may close an idle one just as it is used again.
    let client = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .http1_max_headers(HEADERS_MAX)
        .pool_max_idle_per_host(0)
        .tls_backend_preconfigured(listener::tls::client(authorities)?);
    client.build().map_err(ExpectedError::environment)
}

/// A JSON object of exactly so many bytes.
fn large(bytes: usize) -> String {
    let around = json!({ "event": "test", "data": "" }).to_string();
    let fill = "x".repeat(bytes.saturating_sub(around.len()));
    json!({ "event": "test", "data": fill }).to_string()
}

async fn read(mut response: Response) -> Result<Answer, NoAnswer> {
    let status = response.status().as_u16();
    let headers: Vec<String> =
        response.headers().keys().map(|name| name.as_str().to_owned()).collect();
    let media = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    let media = media.unwrap_or_default().to_ascii_lowercase();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_BYTES_MAX {
            body.truncate(ANSWER_BYTES_MAX);
            break;
        }
    }
    Ok(Answer { status, media, headers, text: String::from_utf8_lossy(&body).into_owned() })
}

fn failure(error: &reqwest::Error) -> NoAnswer {
    let mut cause = error.source();
    while let Some(error) = cause {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if kind == Some(io::ErrorKind::ConnectionRefused) {
            return NoAnswer::Refused;
        }
        cause = error.source();
    }
    if error.is_connect() { NoAnswer::Refused } else { NoAnswer::Closed }
}

impl Answer {
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.text).ok()
    }
}
