//! `[apis.*]`: the only hosts that `http` actions reach.
//!
//! Called by `Config::load`. What is secret in a header is resolved here, so that the redactor
//! knows it.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::Duration;
use topology::NoCertificates;
use url::Url;

use super::Secrets;
use crate::upstream::{HeaderValue, Reach, Upstream, Upstreams, literal, reach};

/// An API's URL is none, or none that is ever reached.
const BAD_URL: &str = "LST090";
/// A number of an API is out of bounds.
pub(crate) const OUT_OF_BOUNDS: &str = "LST091";
/// A header cannot be sent, or is the client's own.
const BAD_HEADER: &str = "LST092";
/// Its certificates cannot be read.
const BAD_CA: &str = "LST093";

/// How many APIs there can be.
const APIS_MAX: usize = 64;
/// How long one try takes at most, if the file does not say, and the longest that it can say.
const TIMEOUT_SECS_DEFAULT: u64 = 10;
const TIMEOUT_SECS_MAX: u64 = 60;
const TIMEOUT_MS_MIN: u64 = 100;
/// How often a request is tried, if the file does not say, and the most that it can say.
const TRIES_DEFAULT: u32 = 3;
const TRIES_MAX: u32 = 10;
/// How many headers an API can have.
pub(crate) const HEADERS_MAX: usize = 32;
/// How long a header's value can be, in bytes.
const HEADER_BYTES_MAX: usize = 8_192;
/// Those that say how a message ends and whom it is for: the client's own.
const RESERVED: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Reads the tables of one or more files: a name stands once.
pub(super) fn load(
    tables: impl IntoIterator<Item = Table>,
    secrets: &mut Secrets<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Upstreams {
    let mut upstreams = Upstreams::default();
    let mut named = Vec::new();
    for table in tables {
        named.extend(table.into_tables(sink));
    }
    for (name, table) in named {
        let source = Arc::clone(table.source());
        if upstreams.by_name.contains_key(&name.value) {
            let message = format!("another file has an API `{}`", name.value);
            sink.push(Diagnostic::error(BAD_URL, message, &source, name.span));
            continue;
        }
        if upstreams.by_name.len() == APIS_MAX {
            let message = format!("there are more than {APIS_MAX} APIs");
            sink.push(Diagnostic::error(OUT_OF_BOUNDS, message, &source, name.span));
            break;
        }
        if let Some(upstream) = one(&name, table, secrets, sink) {
            upstreams.by_name.insert(name.value, upstream);
        }
    }
    upstreams
}

fn one(
    name: &Spanned<String>,
    mut table: Table,
    secrets: &mut Secrets<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Upstream> {
    let source = Arc::clone(table.source());
    table.require("url", sink);
    let url = table.text("url", sink);
    let headers = headers(table.table("headers", sink), secrets, sink);
    let ca = ca(&mut table, secrets, sink);
    let timeout = timeout(&mut table, sink);
    let timeout = timeout.unwrap_or(Duration::from_secs(TIMEOUT_SECS_DEFAULT));
    let tries = tries(&mut table, sink).unwrap_or(TRIES_DEFAULT);
    let stand_in = table.choice("stand-in", &standin::Kind::WORDS, sink);
    let private = table.flag("private", sink).is_some_and(|private| private.value);
    let course_name = table.text("course-config", sink).map(|name| name.value);
    table.finish(sink);
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if !name.value.bytes().all(is_name) || name.value.starts_with(|c: char| c.is_ascii_digit()) {
        let message = format!("`{}` is no name of an API", name.value);
        let diagnostic = Diagnostic::error(BAD_URL, message, &source, name.span.clone());
        sink.push(diagnostic.label("letters, digits and `_`, as in `apis.NAME.url`"));
    }
    let url = url?;
    let base = base(&url, &source, sink)?;
    let private = private || is_private(&base);
    Some(Upstream {
        course_name: course_name.unwrap_or_else(|| name.value.clone()),
        name: name.value.clone(),
        base,
        ca,
        headers,
        timeout,
        tries,
        stand_in: stand_in.map(|kind| kind.value),
        private,
    })
}

/// Whose certificates are believed, in PEM.
fn ca(table: &mut Table, secrets: &mut Secrets<'_>, sink: &mut Vec<Diagnostic>) -> Option<String> {
    let Spanned { value: named, span } = table.text("ca", sink)?;
    match topology::certificates(&named, secrets.files()) {
        Ok(pem) => Some(pem),
        Err(NoCertificates { message, reason }) => {
            let wrong = Diagnostic::error(BAD_CA, message, table.source(), span);
            sink.push(wrong.label(reason));
            None
        }
    }
}

/// Whether a URL itself leads into a private network: then that is meant.
pub(super) fn is_private(base: &Url) -> bool {
    literal(base).is_some_and(|it| reach(it) == Reach::Private)
}

/// The URL of an API, if it can be one.
pub(super) fn base(
    url: &Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Url> {
    let mut refuse = |why: String| {
        let message = "this is no URL of an API";
        let span = url.span.clone();
        sink.push(Diagnostic::error(BAD_URL, message, source, span).label(why));
        None
    };
    let parsed = match Url::parse(&url.value) {
        Ok(parsed) => parsed,
        Err(error) => return refuse(error.to_string()),
    };
    if !matches!(parsed.scheme(), "http" | "https") {
        return refuse("expected `http://` or `https://`".to_owned());
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return refuse("a user and a password go into `headers`, as a reference".to_owned());
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return refuse("a query goes into the action's `query`".to_owned());
    }
    match literal(&parsed).map(reach) {
        Some(Reach::Never(why)) => refuse(format!("this address is never reached: {why}")),
        Some(Reach::Public | Reach::Private) | None => Some(parsed),
    }
}

/// What is sent along with each request.
pub(super) fn headers(
    table: Option<Table>,
    secrets: &mut Secrets<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Vec<(String, HeaderValue)> {
    let Some(table) = table else { return Vec::new() };
    let source = Arc::clone(table.source());
    let texts = table.into_texts(sink);
    if let Some((name, _)) = texts.get(HEADERS_MAX) {
        let message = format!("there are more than {HEADERS_MAX} headers");
        sink.push(Diagnostic::error(OUT_OF_BOUNDS, message, &source, name.span.clone()));
    }
    let mut read = |(name, text): (Spanned<String>, Spanned<String>)| {
        if let Err(why) = check_header(&name.value, &text.value) {
            report_header(&name, why, &source, sink);
            return None;
        }
        let refers = text.value.starts_with("env:") || text.value.starts_with("file:");
        if !refers && !redact::is_secret_key(&name.value) {
            return Some((name.value, HeaderValue::Plain(text.value)));
        }
        let secret = secrets.resolve(text, &source, sink)?;
        Some((name.value, HeaderValue::Secret(secret.value)))
    };
    texts.into_iter().take(HEADERS_MAX).filter_map(&mut read).collect()
}

/// Says why a header cannot be sent.
pub(crate) fn report_header(
    name: &Spanned<String>,
    why: &'static str,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) {
    let message = format!("the header `{}` cannot be sent", name.value);
    sink.push(Diagnostic::error(BAD_HEADER, message, source, name.span.clone()).label(why));
}

/// Whether a header can be sent, and is one for a file to say: RFC 9110 section 5.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(), &'static str> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let lower = name.to_ascii_lowercase();
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err("a name is made of letters, digits and `-`");
    }
    if RESERVED.contains(&lower.as_str()) || lower.starts_with("proxy-") {
        return Err("this one is the client's own");
    }
    if value.len() > HEADER_BYTES_MAX {
        return Err("its value is too long");
    }
    if value.chars().any(|c| c.is_control() && c != '\t') {
        return Err("its value holds a control character");
    }
    Ok(())
}

/// `timeout`, of an API or of one of its requests.
pub(crate) fn timeout(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Duration> {
    let Spanned { value, span } = table.parsed::<Duration>("timeout", sink)?;
    let (least, most) =
        (Duration::from_millis(TIMEOUT_MS_MIN), Duration::from_secs(TIMEOUT_SECS_MAX));
    if !(least..=most).contains(&value) {
        let message = "`timeout` is out of bounds";
        let diagnostic = Diagnostic::error(OUT_OF_BOUNDS, message, table.source(), span);
        sink.push(diagnostic.label("`100ms` to `60s`"));
    }
    Some(value)
}

/// `tries`, likewise.
pub(crate) fn tries(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<u32> {
    let Spanned { value, span } = table.number("tries", sink)?;
    let tries = u32::try_from(value).ok().filter(|value| (1..=TRIES_MAX).contains(value));
    if tries.is_none() {
        let message = "`tries` is out of bounds";
        let diagnostic = Diagnostic::error(OUT_OF_BOUNDS, message, table.source(), span);
        sink.push(diagnostic.label(format!("expected 1 to {TRIES_MAX}")));
    }
    tries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{LISTENER, load};

    fn apis(text: &str) -> (Option<Arc<Upstreams>>, Vec<String>) {
        let (config, sink) = load(&format!("{LISTENER}\n[apis.one]\n{text}\n"));
        let said = sink.iter().map(|d| format!("{} {}", d.code, d.message)).collect();
        (config.map(|config| Arc::clone(config.upstreams())), said)
    }

    /// Goal: an API is read with its defaults, and with everything said.
    #[test]
    fn an_api_is_read() {
        let (read, said) = apis("url = \"https://icanhazdadjoke.com\"");
        assert_eq!(said, [""; 0]);
        let read = read.expect("it loads");
        let one = read.get("one").expect("it is there");
        assert_eq!((one.tries, one.timeout, one.private), (3, Duration::from_secs(10), false));
        let (read, said) = apis(
            "url = \"http://127.0.0.1:9000/base\"\ntimeout = \"2s\"\ntries = 1\n\
             stand-in = \"deck\"\n\
             headers = { Accept = \"application/json\", X-Key = \"env:BOX_TOKEN\" }",
        );
        assert_eq!(said, [""; 0]);
        let read = read.expect("it loads");
        let one = read.get("one").expect("it is there");
        assert!(one.private && one.stand_in == Some(standin::Kind::Deck));
        assert!(!format!("{one:?}").contains("token-of-box"), "{one:?}");
    }

    /// Goal: each mistake has its code. Method: one each.
    #[test]
    fn mistakes_are_marked() {
        let check = |text: &str, want: &str| assert_eq!(apis(text).1, [want], "{text}");
        let url = "url = \"https://a.example\"";
        for wrong in [
            "ftp://a.example",
            "https://",
            "a.example",
            "https://u:p@a.example",
            "https://a/?q",
            "http://169.254.169.254/latest",
            "http://[fe80::1]/",
            "http://0.0.0.0:80",
            "http://[::ffff:169.254.169.254]/",
        ] {
            check(&format!("url = \"{wrong}\""), "LST090 this is no URL of an API");
        }
        check("tries = 3", "TOML003 missing key `url`");
        check(&format!("{url}\ntries = 0"), "LST091 `tries` is out of bounds");
        check(&format!("{url}\ntimeout = \"2m\""), "LST091 `timeout` is out of bounds");
        for header in ["Host", "content-length", "Proxy-Authorization", "X Y"] {
            let want = format!("LST092 the header `{header}` cannot be sent");
            check(&format!("{url}\nheaders = {{ \"{header}\" = \"x\" }}"), &want);
        }
        let literal = format!("{url}\nheaders = {{ Authorization = \"Bearer abcdef\" }}");
        check(&literal, "LST010 a secret stands in the file itself");
        let ca = "LST093 cannot read the certificates of `file:ca.pem`";
        check(&format!("{url}\nca = \"file:ca.pem\""), ca);
        check(&format!("{url}\nproxy = \"x\""), "TOML004 unknown key `proxy`");
    }
}
