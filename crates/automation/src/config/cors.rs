//! `[cors]`: the web pages whose scripts may call the sources.
//!
//! Read by `Config::load`; the skin answers browsers by it (Fetch standard, "HTTP-CORS protocol").
//! It gives no rights of a sender: what a page shows must hold all the same.

use std::sync::Arc;

use diagnostic::table::{BAD_VALUE, Table};
use diagnostic::{Diagnostic, Source, Spanned};
use webhook::header;

use super::source::{Entrance, METHODS};

/// The origin that stands for all of them.
const ANY: &str = "*";

/// The pages of other origins that may call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cors {
    /// Their origins, as browsers send them.
    pub origins: Vec<String>,
    /// Whether each page may.
    pub any: bool,
    /// The methods that their scripts may use.
    pub methods: Vec<String>,
    /// The headers that they may send, in lower case.
    pub headers: Vec<String>,
}

impl Cors {
    /// Whether the page of this `Origin` may call.
    pub fn allows(&self, origin: &str) -> bool {
        self.any || self.origins.iter().any(|known| known == origin)
    }

    /// What the table does not say is what the sources take.
    pub(super) fn load(
        table: Option<Table>,
        entrances: &[Entrance],
        sink: &mut Vec<Diagnostic>,
    ) -> Self {
        let Some(mut table) = table else { return Cors::default() };
        let source = Arc::clone(table.source());
        table.require("origins", sink);
        let listed = table.texts("origins", sink).unwrap_or_default();
        let any = listed.iter().any(|origin| origin.value == ANY);
        let wanted = listed.into_iter().filter(|origin| origin.value != ANY);
        let origins = wanted.filter_map(|text| origin(text, &source, sink)).collect();
        let methods = table.texts("methods", sink);
        let headers = table.texts("headers", sink);
        table.finish(sink);
        let methods = match methods {
            Some(words) => {
                words.into_iter().filter_map(|word| method(word, &source, sink)).collect()
            }
            None => methods_of(entrances),
        };
        let headers = match headers {
            Some(words) => words.into_iter().filter_map(|word| name(word, &source, sink)).collect(),
            None => headers_of(entrances),
        };
        Cors { origins, any, methods, headers }
    }
}

fn methods_of(entrances: &[Entrance]) -> Vec<String> {
    let taken =
        METHODS.iter().filter(|(word, _)| entrances.iter().any(|one| one.method() == *word));
    taken.map(|(word, _)| (*word).to_owned()).collect()
}

fn headers_of(entrances: &[Entrance]) -> Vec<String> {
    let always = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::TRACEPARENT,
        header::HUB_SIGNATURE,
        header::ID,
        header::SIGNATURE,
        header::TIMESTAMP,
        header::DEVICE,
    ];
    let mut names: Vec<String> = always.iter().map(|name| (*name).to_owned()).collect();
    let tokens = entrances.iter().flat_map(Entrance::token_headers);
    names.extend(tokens.map(|name| name.as_str().to_owned()));
    names.sort();
    names.dedup();
    names
}

/// RFC 6454, section 6.2: scheme, host and port, in lower case.
fn origin(
    text: Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<String> {
    let authority = text.value.split_once("://").filter(|(scheme, authority)| {
        let letters = scheme.bytes().all(|b| b.is_ascii_lowercase() || b"+-.".contains(&b));
        let is_name =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._:[]".contains(&b);
        letters && !scheme.is_empty() && !authority.is_empty() && authority.bytes().all(is_name)
    });
    if authority.is_some() {
        return Some(text.value);
    }
    let message = format!("`{}` is no origin", text.value);
    sink.push(
        Diagnostic::error(BAD_VALUE, message, source, text.span)
            .label("`SCHEME://HOST` or `SCHEME://HOST:PORT` in lower case, no path; or `*`"),
    );
    None
}

fn method(
    word: Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<String> {
    if METHODS.iter().any(|(known, _)| *known == word.value) {
        return Some(word.value);
    }
    let message = format!("`{}` is no method of a source", word.value);
    sink.push(
        Diagnostic::error(BAD_VALUE, message, source, word.span)
            .label(format!("expected {}", METHODS.map(|(word, _)| word).join(", "))),
    );
    None
}

/// RFC 9110, section 5.6.2.
fn name(word: Spanned<String>, source: &Arc<Source>, sink: &mut Vec<Diagnostic>) -> Option<String> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !word.value.is_empty() && word.value.bytes().all(is_token) {
        return Some(word.value.to_ascii_lowercase());
    }
    let message = format!("`{}` is no name of a header", word.value);
    sink.push(Diagnostic::error(BAD_VALUE, message, source, word.span));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{LISTENER, load};

    fn cors(text: &str) -> (Option<Cors>, Vec<String>) {
        let (config, sink) = load(&format!("{LISTENER}\n[cors]\n{text}\n"));
        let said = sink.iter().map(|d| format!("{} {}", d.code, d.message)).collect();
        (config.map(|config| config.cors().clone()), said)
    }

    /// Goal: what is not said is what the sources take. Method: the shipped source.
    #[test]
    fn what_pages_may_do() {
        let (some, said) = cors("origins = [\"http://localhost:3000\"]");
        let some = some.unwrap_or_else(|| panic!("{said:?}"));
        assert!(some.allows("http://localhost:3000") && !some.any);
        assert!(!some.allows("http://localhost") && !some.allows("null"));
        assert_eq!(some.methods, ["POST"]);
        assert!(some.headers.iter().any(|name| name == "authorization"));
        let (some, _) = cors("origins = [\"*\"]\nmethods = [\"GET\"]\nheaders = [\"X-A\"]");
        let some = some.expect("it loads");
        assert!(some.allows("null") && some.allows("http://evil.example"));
        assert_eq!((some.methods, some.headers), (vec!["GET".into()], vec!["x-a".into()]));
        let (none, _) = load(LISTENER);
        assert!(!none.expect("it loads").cors().allows("http://localhost"));
    }

    /// Goal: each mistake is told. Method: one each.
    #[test]
    fn mistakes_are_marked() {
        let check = |text: &str, want: &str| assert_eq!(cors(text).1, [want], "{text}");
        check("", "TOML003 missing key `origins`");
        check("origins = [\"localhost\"]", "TOML005 `localhost` is no origin");
        check("origins = [\"http://a/\"]", "TOML005 `http://a/` is no origin");
        check("origins = [\"HTTP://a\"]", "TOML005 `HTTP://a` is no origin");
        check("origins = []\nmethods = [\"get\"]", "TOML005 `get` is no method of a source");
        check("origins = []\nheaders = [\"a b\"]", "TOML005 `a b` is no name of a header");
    }
}
