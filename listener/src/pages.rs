//! `/openapi.json`, and the pages that show it: Swagger UI at `/docs`, Redoc at `/redoc`.
//!
//! Merged into the receiver's router. The pages are the published ones (third_party/api-pages), and
//! need no network; their policy lets them load nothing from anywhere else.

use std::io::Read as _;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use flate2::read::GzDecoder;

use crate::live::Front;
use crate::problem::Problem;
use crate::receive::not_found;

/// What a page may do (Content Security Policy level 3): both libraries put styles into the page,
/// and Redoc searches in a worker that it makes itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
                      worker-src blob:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// For how long a browser may keep the parts of a page without asking again.
const KEEP: &str = "max-age=3600";

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// A part of a page.
struct Part {
    path: &'static str,
    kind: &'static str,
    bytes: Bytes,
}

enum Bytes {
    Plain(&'static str),
    Gzip(&'static [u8]),
}

/// The parts of both pages.
const PARTS: [Part; 5] = [
    Part {
        path: "docs/swagger-ui.css",
        kind: CSS,
        bytes: Bytes::Gzip(include_bytes!(
            "../../third_party/api-pages/swagger-ui/swagger-ui.css.gz"
        )),
    },
    Part {
        path: "docs/swagger-ui-bundle.js",
        kind: JS,
        bytes: Bytes::Gzip(include_bytes!(
            "../../third_party/api-pages/swagger-ui/swagger-ui-bundle.js.gz"
        )),
    },
    Part {
        path: "docs/start.js",
        kind: JS,
        bytes: Bytes::Plain(
            "SwaggerUIBundle({ url: \"openapi.json\", dom_id: \"#page\", deepLinking: true, \
             validatorUrl: null });\n",
        ),
    },
    Part {
        path: "redoc/redoc.standalone.js",
        kind: JS,
        bytes: Bytes::Gzip(include_bytes!(
            "../../third_party/api-pages/redoc/redoc.standalone.js.gz"
        )),
    },
    Part {
        path: "redoc/start.js",
        kind: JS,
        bytes: Bytes::Plain(
            "Redoc.init(\"openapi.json\", {}, document.getElementById(\"page\"));\n",
        ),
    },
];

/// The description, the pages, and their parts.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(front: Front) -> Router<S> {
    Router::new()
        .route("/openapi.json", get(description))
        .route("/docs", get(async || page("docs")))
        .route("/redoc", get(async || page("redoc")))
        .route("/docs/{part}", get(part_of_docs))
        .route("/redoc/{part}", get(part_of_redoc))
        .layer(Extension(front))
}

async fn description(Extension(front): Extension<Front>) -> Response {
    let kind = (header::CONTENT_TYPE, "application/json");
    ([kind, (header::CACHE_CONTROL, "no-cache")], front.description()).into_response()
}

/// A page that loads the parts of its directory, and nothing else. Paths are relative, for proxies
/// that put a prefix before them.
fn page(directory: &str) -> Response {
    let of_page = |kind: &str| {
        let parts = PARTS.iter().filter(move |part| part.path.starts_with(directory));
        parts.filter(|part| part.kind == kind).map(|part| part.path).collect::<Vec<_>>()
    };
    let styles = of_page(CSS);
    let styles = styles.iter().map(|path| format!("<link rel=\"stylesheet\" href=\"{path}\">\n"));
    let scripts = of_page(JS);
    let scripts = scripts.iter().map(|path| format!("<script src=\"{path}\"></script>\n"));
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>ednm listener</title>\n<link rel=\"icon\" href=\"data:,\">\n{}</head>\n<body>\n\
         <div id=\"page\"></div>\n{}</body>\n</html>\n",
        styles.collect::<String>(),
        scripts.collect::<String>(),
    );
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, text).into_response()
}

async fn part_of_docs(Path(name): Path<String>, headers: HeaderMap) -> Response {
    part(&format!("docs/{name}"), &headers)
}

async fn part_of_redoc(Path(name): Path<String>, headers: HeaderMap) -> Response {
    part(&format!("redoc/{name}"), &headers)
}

fn part(path: &str, asked: &HeaderMap) -> Response {
    let Some(part) = PARTS.iter().find(|part| part.path == path) else {
        return not_found(&format!("/{path}"));
    };
    let headers = [
        (header::CONTENT_TYPE, part.kind),
        (header::CACHE_CONTROL, KEEP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-encoding"),
    ];
    match part.bytes {
        Bytes::Plain(text) => (headers, text).into_response(),
        Bytes::Gzip(bytes) if takes_gzip(asked) => {
            (headers, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response()
        }
        Bytes::Gzip(bytes) => match unpacked(bytes) {
            Ok(bytes) => (headers, bytes).into_response(),
            Err(error) => {
                let detail = format!("a part of the program is damaged: {error}");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response()
            }
        },
    }
}

/// RFC 9110, section 12.5.3, as browsers write it: a client that names gzip with any weight but 0.
fn takes_gzip(asked: &HeaderMap) -> bool {
    let values = asked.get_all(header::ACCEPT_ENCODING).iter();
    let words = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    words.map(str::trim).any(|word| {
        let (coding, weight) = word.split_once(';').unwrap_or((word, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
        coding.trim().eq_ignore_ascii_case("gzip") && weight.unwrap_or(1.0) > 0.0
    })
}

fn unpacked(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every part is whole, and is what it says. Method: unpack each.
    #[test]
    fn the_parts_are_whole() {
        for part in PARTS {
            if let Bytes::Gzip(bytes) = part.bytes {
                let plain = String::from_utf8(unpacked(bytes).expect("gzip")).expect("text");
                assert!(plain.len() > 100_000, "{}", part.path);
            }
        }
    }

    /// Goal: who is sent gzip. Method: a table.
    #[test]
    fn who_takes_gzip() {
        let table = [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("GZIP", true),
            ("gzip;q=0", false),
            ("identity", false),
            ("", false),
        ];
        for (value, want) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().expect("a header"));
            assert_eq!(takes_gzip(&headers), want, "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
