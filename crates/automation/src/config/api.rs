//! `[api]`: who may read what the listener knows, and by which names it is called.
//!
//! Read by `Config::load`; asked by the skin for every request to the read API. Tokens are kept as
//! digests and compared in constant time.

use std::sync::Arc;

use diagnostic::table::{BAD_VALUE, Table};
use diagnostic::{Diagnostic, Source, Spanned};
use webhook::bearer::{Token, presented};

use super::Secrets;

/// A token of the read API cannot be had.
const UNAVAILABLE: &str = "LST020";
/// A token of the read API is too short.
const SHORT: &str = "LST021";

/// The shortest token, in characters: what it opens holds running-configs.
const TOKEN_CHARS_MIN: usize = 16;

/// The read API's clients, and the listener's own names.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// Names by which this listener may be called beside its own address.
    pub hosts: Vec<String>,
    tokens: Vec<Token>,
}

/// Whether a client may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may.
    Granted,
    /// Nobody may from there: there is no token.
    NoToken,
    /// It shows none.
    NotShown,
    /// What it shows does not hold.
    Wrong,
}

impl Api {
    /// Asks for a token beyond this machine. One that is shown must hold, wherever it comes from.
    pub fn admits(&self, authorization: Option<&str>, local: bool) -> Admission {
        match authorization {
            _ if self.tokens.is_empty() && !local => Admission::NoToken,
            None if local => Admission::Granted,
            None => Admission::NotShown,
            Some(value) if presented(value).is_some_and(|token| self.holds(token)) => {
                Admission::Granted
            }
            Some(_) => Admission::Wrong,
        }
    }

    /// Whether anybody may read from beyond this machine.
    pub fn has_token(&self) -> bool {
        !self.tokens.is_empty()
    }

    /// Every token is compared, so that the time tells nothing.
    fn holds(&self, presented: &str) -> bool {
        self.tokens.iter().fold(false, |found, token| token.holds(presented) | found)
    }

    pub(super) fn load(
        table: Option<Table>,
        secrets: &mut Secrets<'_>,
        sink: &mut Vec<Diagnostic>,
    ) -> Self {
        let Some(mut table) = table else { return Api::default() };
        let source = Arc::clone(table.source());
        let texts = table.one_or_more("token", sink).unwrap_or_default();
        let tokens =
            texts.into_iter().filter_map(|text| token(text, &source, secrets, sink)).collect();
        let listed = table.texts("hosts", sink).unwrap_or_default();
        let hosts = listed.into_iter().filter_map(|host| name(host, &source, sink)).collect();
        table.finish(sink);
        Api { hosts, tokens }
    }
}

fn token(
    text: Spanned<String>,
    source: &Arc<Source>,
    secrets: &mut Secrets<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Token> {
    let Spanned { value: secret, span } = secrets.resolve(text, source, sink)?;
    match secret.expose() {
        Err(reason) => {
            let message = "nobody can use this token of the read API";
            sink.push(Diagnostic::warning(UNAVAILABLE, message, source, span).label(reason));
            None
        }
        Ok(value) if value.chars().count() < TOKEN_CHARS_MIN => {
            let message = "the token of the read API is too short to be a secret";
            let least = format!("at least {TOKEN_CHARS_MIN} characters");
            sink.push(Diagnostic::error(SHORT, message, source, span).label(least));
            None
        }
        Ok(value) => Some(Token::new(value)),
    }
}

fn name(host: Spanned<String>, source: &Arc<Source>, sink: &mut Vec<Diagnostic>) -> Option<String> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let bare = host.value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bare.is_some_and(|bare| bare.parse::<std::net::Ipv6Addr>().is_ok());
    if address || (!host.value.is_empty() && host.value.bytes().all(is_name)) {
        return Some(host.value);
    }
    let message = format!("`{}` is no name of a host", host.value);
    sink.push(
        Diagnostic::error(BAD_VALUE, message, source, host.span)
            .label("a name or an address, without port; IPv6 in brackets"),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{LISTENER, load};

    fn api(text: &str) -> (Option<Api>, Vec<String>) {
        let (config, sink) = load(&format!("{LISTENER}\n[api]\n{text}\n"));
        let said = sink.iter().map(|d| format!("{} {}", d.code, d.message)).collect();
        (config.map(|config| config.api().clone()), said)
    }

    /// Goal: who may read, from where, with what. Method: a table.
    #[test]
    fn a_token_is_asked_for_beyond_this_machine() {
        let (some, said) = api("token = [\"env:BOX_TOKEN_LONG\", \"literal-of-16-chars\"]");
        assert_eq!(said, ["LST010 a secret stands in the file itself"]);
        let (none, said) = api("");
        assert!(said.is_empty());
        let (some, none) = (some.expect("it loads"), none.expect("it loads"));
        use Admission::{Granted, NoToken, NotShown, Wrong};
        let table = [
            (&none, None, true, Granted),
            (&none, Some("Bearer x"), true, Wrong),
            (&none, None, false, NoToken),
            (&none, Some("Bearer x"), false, NoToken),
            (&some, None, true, Granted),
            (&some, None, false, NotShown),
            (&some, Some("Bearer token-of-box-at-length"), false, Granted),
            (&some, Some("Bearer literal-of-16-chars"), false, Granted),
            (&some, Some("Bearer literal-of-16-char"), false, Wrong),
            (&some, Some("Bearer literal-of-16-char"), true, Wrong),
            (&some, Some("Basic literal-of-16-chars"), false, Wrong),
            (&some, Some(""), true, Wrong),
        ];
        for (api, shown, local, want) in table {
            assert_eq!(api.admits(shown, local), want, "{shown:?} {local}");
        }
        assert!(!format!("{some:?}").contains("literal"), "{some:?}");
    }

    /// Goal: each mistake has its code. Method: one each.
    #[test]
    fn mistakes_are_marked() {
        let check = |text: &str, want: &str| {
            let (_, said) = api(text);
            assert_eq!(said, [want], "{text}");
        };
        check("token = 5", "TOML002 `token` must be a string or a list of strings, not a number");
        check("token = \"env:\"", "LST006 the secret's reference cannot be read");
        check("token = \"env:MISSING\"", "LST020 nobody can use this token of the read API");
        check("token = \"file:\"", "LST006 the secret's reference cannot be read");
        check("hosts = [\"a:80\"]", "TOML005 `a:80` is no name of a host");
        check("host = [\"a\"]", "TOML004 unknown key `host`");
        let (config, sink) = load(&format!("{LISTENER}\n[api]\ntoken = \"short-one\"\n"));
        assert_eq!(sink.iter().map(|d| d.code).collect::<Vec<_>>(), ["LST010", "LST021"]);
        let shown = diagnostic::render(&sink, false);
        assert!(config.is_none() && !shown.contains("short-one"), "{shown}");
        assert_eq!(api("hosts = [\"a.example\", \"[::1]\"]").1, [""; 0]);
    }
}
