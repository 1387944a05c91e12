//! `[[sources]]`: the paths on which deliveries are taken, and from whom.
//!
//! Called by `Config::load`. In the code a source is an [`Entrance`], since `Source` is a file.

use std::collections::BTreeSet;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::Duration;
use webhook::header::TokenHeader;

use super::reply::{self, Respond};
use super::rule::{Loader, Rule};
use super::{Credentials, Parts};
use crate::receive::{RATE_DEFAULT, Rate};
use crate::record::{Holder, Method, MethodError};

/// A path that is none, or that the read API needs.
const BAD_PATH: &str = "LST001";
/// Two sources have one path.
const PATH_TWICE: &str = "LST002";
/// A source that nobody can use.
const NOBODY: &str = "LST003";
/// A method that there is not.
const BAD_METHOD: &str = "LST004";
/// There is no source at all.
const NO_SOURCE: &str = "LST008";

/// Paths below this one are the read API's.
const API_PREFIX: &str = "/api/";
/// Where the listener tells of itself.
const OWN_PATHS: [&str; 6] = ["/health", "/ready", "/metrics", "/openapi.json", "/docs", "/redoc"];
/// What the pages that show the description are made of.
const PAGE_PREFIXES: [&str; 2] = ["/docs/", "/redoc/"];
/// The longest `dedup`, in seconds: what a restart is sure to know again.
const DEDUP_S_MAX: u64 = 900;

/// The methods that sources can have.
pub(super) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// One source.
#[derive(Clone, Debug)]
pub(crate) struct Entrance {
    /// Its path.
    pub(crate) path: String,
    /// How a sender can prove who it is.
    pub(crate) methods: Vec<Method>,
    /// Whether a delivery from loopback needs no credential.
    pub(crate) unauthenticated: bool,
    /// Whether one from anywhere needs none, if one from loopback does not.
    pub(crate) anywhere: bool,
    /// Whether a credential may speak for other devices than its own.
    pub(crate) relay: bool,
    /// How much of one sender is taken.
    pub(crate) rate: Rate,
    /// How long the same body of one sender is taken for a repeat.
    pub(crate) dedup: Option<Duration>,
    /// Headers that carry tokens at other sources: shown here they prove nothing.
    pub(crate) foreign_headers: Vec<TokenHeader>,
    /// The credentials.
    pub(crate) credentials: Arc<Credentials>,
    /// What is answered, and when.
    pub(crate) respond: Respond,
    /// What is done for its events, as a rule that asks nothing.
    pub(crate) rule: Option<Rule>,
}

/// A `dedup` within its bounds.
struct Dedup(Duration);

impl std::str::FromStr for Dedup {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let span: Duration =
            text.parse().map_err(|e: simtime::ParseDurationError| e.to_string())?;
        let bounds = Duration::from_secs(1)..=Duration::from_secs(DEDUP_S_MAX);
        if bounds.contains(&span) {
            Ok(Dedup(span))
        } else {
            Err(format!("expected 1s to {}m", DEDUP_S_MAX / 60))
        }
    }
}

impl Entrance {
    /// The method of its requests.
    pub(crate) fn method(&self) -> &'static str {
        "POST"
    }

    /// Whether anybody can prove to this source who he is.
    pub(super) fn has_authentication(&self) -> bool {
        self.methods.iter().any(|method| self.credentials.has(method))
    }

    /// Who can prove it here with a token that everybody knows.
    pub(super) fn published_token(&self) -> Option<&Holder> {
        let tokens = |method: &Method| matches!(method, Method::Bearer | Method::Header(_));
        self.methods.iter().any(tokens).then(|| self.credentials.published()).flatten()
    }

    /// The headers that carry tokens here.
    pub(crate) fn token_headers(&self) -> impl Iterator<Item = &TokenHeader> {
        self.methods.iter().filter_map(|method| match method {
            Method::Header(name) => Some(name),
            Method::Bearer | Method::Basic | Method::Github | Method::StandardWebhooks => None,
        })
    }
}

pub(super) fn load(
    parts: &mut Parts,
    credentials: &Credentials,
    loader: &mut Loader<'_>,
) -> Vec<Entrance> {
    let tables = parts.sources(loader.sink);
    if tables.is_empty() && parts.is_whole() {
        let message = "there is no `[[sources]]`: nothing could be received";
        let root = parts.root().source();
        loader.sink.push(Diagnostic::error(NO_SOURCE, message, root, 0..0));
    }
    let credentials = Arc::new(credentials.clone());
    let mut entrances: Vec<Entrance> = Vec::new();
    for table in tables {
        let known: Vec<&str> = entrances.iter().map(|entrance| entrance.path.as_str()).collect();
        if let Some(entrance) = entrance(table, &credentials, &known, loader) {
            entrances.push(entrance);
        }
    }
    let carried: BTreeSet<TokenHeader> =
        entrances.iter().flat_map(Entrance::token_headers).cloned().collect();
    for entrance in &mut entrances {
        let own: Vec<&TokenHeader> = entrance.token_headers().collect();
        let foreign = carried.iter().filter(|name| !own.contains(name));
        entrance.foreign_headers = foreign.cloned().collect();
    }
    entrances
}

fn entrance(
    mut table: Table,
    credentials: &Arc<Credentials>,
    known: &[&str],
    loader: &mut Loader<'_>,
) -> Option<Entrance> {
    let (respond, steps) = reply::load(&mut table, loader);
    let sink = &mut *loader.sink;
    let source = Arc::clone(table.source());
    let span = table.span();
    table.require("path", sink);
    let path = table.text("path", sink);
    let says_auth = table.key_span("auth").is_some();
    let words = table.texts("auth", sink);
    let misread = says_auth && words.is_none();
    let words = words.unwrap_or_default();
    let methods: Vec<Method> =
        words.iter().filter_map(|word| method(word, &source, sink)).collect();
    let open = table.choice("unauthenticated", &[("loopback", true)], sink).is_some();
    let relay = table.flag("relay", sink).is_some_and(|flag| flag.value);
    let rate = table.parsed("rate", sink).map_or(RATE_DEFAULT, |rate| rate.value);
    let dedup = table.parsed("dedup", sink).map(|Spanned { value: Dedup(span), .. }| span);
    table.finish(sink);
    let path = path?;
    check_path(&path, known, &source, sink);
    let entrance = Entrance {
        path: path.value.clone(),
        methods,
        unauthenticated: open,
        anywhere: false,
        relay,
        rate,
        dedup,
        foreign_headers: Vec::new(),
        credentials: Arc::clone(credentials),
        respond,
        rule: Rule::of_source(&path.value, steps),
    };
    let usable = entrance.has_authentication();
    if !open && !usable && !misread && entrance.methods.len() == words.len() {
        let message = format!("nobody can use the source `{}`", path.value);
        sink.push(
            Diagnostic::error(NOBODY, message, &source, span)
                .label("no node and no entry of `[credentials]` has a credential for its `auth`"),
        );
    }
    Some(entrance)
}

fn method(
    word: &Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Method> {
    match word.value.parse() {
        Ok(method) => Some(method),
        Err(error) => {
            let message = format!("unknown way to authenticate `{}`", word.value);
            let wrong = Diagnostic::error(BAD_METHOD, message, source, word.span.clone())
                .label(error.to_string());
            sink.push(match error {
                MethodError::Unknown => wrong.did_you_mean(&word.value, Method::WORDS),
                MethodError::Header(_) => wrong,
            });
            None
        }
    }
}

fn check_path(
    path: &Spanned<String>,
    known: &[&str],
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) {
    let text = path.value.as_str();
    let whole = text.starts_with('/') && text.bytes().all(|b| b.is_ascii_graphic());
    let problem = if !whole || text.contains(['?', '#', '%', '{', '}', '*']) {
        Some((BAD_PATH, "a path starts with `/` and has no query, wildcard or `%`"))
    } else if text.starts_with(API_PREFIX) {
        Some((BAD_PATH, "paths below `/api/` are the read API's"))
    } else if OWN_PATHS.contains(&text)
        || PAGE_PREFIXES.iter().any(|prefix| text.starts_with(prefix))
    {
        Some((BAD_PATH, "the listener tells of itself there"))
    } else if known.contains(&text) {
        Some((PATH_TWICE, "another source has this path"))
    } else {
        None
    };
    if let Some((code, label)) = problem {
        let message = format!("`{text}` cannot be the path of a source");
        sink.push(Diagnostic::error(code, message, source, path.span.clone()).label(label));
    }
}
