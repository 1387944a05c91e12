//! `[[sources]]`: the paths on which deliveries are taken, and from whom.
//!
//! Called by `Config::load`. In the code a source is an [`Entrance`], since `Source` is a file.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};

use super::Credentials;
use crate::record::Method;

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
const OWN_PATHS: [&str; 2] = ["/health", "/ready"];
const METHODS: [Method; 2] = [Method::Bearer, Method::StandardWebhooks];

/// One source.
#[derive(Clone, Debug)]
pub(crate) struct Entrance {
    /// Its path.
    pub(crate) path: String,
    /// How a sender can prove who it is.
    pub(crate) methods: Vec<Method>,
    /// Whether a delivery from loopback needs no credential.
    pub(crate) unauthenticated: bool,
    /// Whether a credential may speak for other devices than its own.
    pub(crate) relay: bool,
    /// The credentials.
    pub(crate) credentials: Arc<Credentials>,
}

pub(super) fn load(
    tables: Vec<Table>,
    credentials: &Credentials,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Vec<Entrance> {
    if tables.is_empty() {
        let message = "there is no `[[sources]]`: nothing could be received";
        sink.push(Diagnostic::error(NO_SOURCE, message, source, 0..0));
    }
    let credentials = Arc::new(credentials.clone());
    let mut entrances: Vec<Entrance> = Vec::new();
    for table in tables {
        let known: Vec<&str> = entrances.iter().map(|entrance| entrance.path.as_str()).collect();
        if let Some(entrance) = entrance(table, &credentials, &known, sink) {
            entrances.push(entrance);
        }
    }
    entrances
}

fn entrance(
    mut table: Table,
    credentials: &Arc<Credentials>,
    known: &[&str],
    sink: &mut Vec<Diagnostic>,
) -> Option<Entrance> {
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
    table.finish(sink);
    let path = path?;
    check_path(&path, known, &source, sink);
    let usable = methods.iter().any(|method| credentials.has(*method));
    if !open && !usable && !misread && methods.len() == words.len() {
        let message = format!("nobody can use the source `{}`", path.value);
        sink.push(
            Diagnostic::error(NOBODY, message, &source, span)
                .label("no node and no entry of `[credentials]` has a credential for its `auth`"),
        );
    }
    let credentials = Arc::clone(credentials);
    Some(Entrance { path: path.value, methods, unauthenticated: open, relay, credentials })
}

fn method(
    word: &Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Method> {
    let found = METHODS.into_iter().find(|method| method.as_str() == word.value);
    if found.is_none() {
        let message = format!("unknown way to authenticate `{}`", word.value);
        let known = METHODS.map(Method::as_str);
        sink.push(
            Diagnostic::error(BAD_METHOD, message, source, word.span.clone())
                .label(format!("expected `{}`", known.join("` or `")))
                .did_you_mean(&word.value, known),
        );
    }
    found
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
    } else if OWN_PATHS.contains(&text) {
        Some((BAD_PATH, "the listener tells its health there"))
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
