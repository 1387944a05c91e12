//! What a course's file says, and what is said of it.

use diagnostic::Severity;
use topology::Topology;

use super::*;
use crate::config::Config;
use crate::testkit::{TestFiles, topology};
use crate::upstream::HeaderValue;

const RULES: &str = r#"
[defaults.source]
unauthenticated = "loopback"
rate = "30/m"
[[sources]]
path = "/a"
[[sources]]
path = "/b"
rate = "5/m"
[apis.jokes]
url = "https://jokes.example"
headers = { Accept = "text/plain", User-Agent = "ednm" }
course-config = "dad_jokes"
[apis.cards]
url = "https://cards.example/api"
"#;

/// The file of the course, whole.
const COURSE: &str = r#"{
  "server": {"host": "127.0.0.1", "port": 9000, "reload": true},
  "apis": {
    "dad_jokes": {"url": "https://other.example/", "headers": {"accept": "application/json"}},
    "cards": {"base_url": "http://127.0.0.1:9001/api",
      "endpoints": {"new_deck": "/deck/new/", "draw_cards": "/deck/{deck_id}/draw/"}}
  },
  "security": {"max_payload_size": 2048, "rate_limit": {"requests_per_minute": 60}},
  "logging": {"level": "INFO", "format": "%(message)s"}
}"#;

fn load(course: &str) -> (Option<Config>, Vec<Diagnostic>) {
    let (rules, course) = (Source::new("listener.toml", RULES), Source::new("c.json", course));
    let (nodes, mut sink): (Topology, _) = (topology(), Vec::new());
    let config = Config::load_over(&rules, Some(&course), &nodes, &mut TestFiles, &mut sink);
    (config, sink)
}

fn rate(text: &str) -> Rate {
    text.parse().expect("it is one")
}

fn said(sink: &[Diagnostic]) -> Vec<String> {
    let one = |d: &Diagnostic| {
        let (line, column) = d.source.line_column(d.span.start);
        let mark = if d.severity == Severity::Error { "!" } else { "" };
        format!("{}{mark} {line}:{column} {}", d.code, d.message)
    };
    sink.iter().map(one).collect()
}

/// Goal: each key of the course's file does what it says, and what does nothing is told, once.
#[test]
fn the_courses_file_is_put_over_the_rules() {
    let (config, sink) = load(COURSE);
    let want = [
        "LST140 6:7 `apis.cards.endpoints` is not honoured",
        "LST140 9:15 `logging.level` is not honoured",
        "LST140 9:32 `logging.format` is not honoured",
    ];
    assert_eq!(said(&sink), want);
    let config = config.expect("it loads");
    assert_eq!(config.body_bytes_max(), 2048);
    let rates = config.entrances.iter().map(|entrance| format!("{:?}", entrance.rate));
    let minute = rate("60/m").with_burst(Burst::new(60).expect("it is one"));
    let own = rate("5/m");
    assert_eq!(rates.collect::<Vec<_>>(), [format!("{minute:?}"), format!("{own:?}")]);
    let jokes = config.upstreams().get("jokes").expect("it is there");
    assert_eq!(jokes.base.as_str(), "https://other.example/");
    let headers = jokes.headers.iter().map(|(name, value)| match value {
        HeaderValue::Plain(value) => format!("{name}: {value}"),
        HeaderValue::Secret(_) => format!("{name}: *"),
    });
    let headers: Vec<_> = headers.collect();
    assert_eq!(headers, ["User-Agent: ednm", "accept: application/json"]);
    let cards = config.upstreams().get("cards").expect("it is there");
    assert!(cards.private && cards.base.as_str() == "http://127.0.0.1:9001/api");
}

/// Goal: what is wrong or unknown is told at its place, mistakes as such. Method: a table of files.
#[test]
fn what_is_said_of_a_courses_file() {
    let check = |text: &str, want: &[&str]| {
        let (config, sink) = load(text);
        assert_eq!(said(&sink), want, "{text}");
        assert_eq!(config.is_none(), diagnostic::has_errors(&sink), "{text}");
    };
    check("{}", &[]);
    check("{\"server\": {\"port\": null}}", &[]);
    check("{\"server\": \n", &["JSON001! 2:1 this is no JSON: EOF while parsing a value"]);
    check("[]", &["TOML002! 1:1 the file must hold an object, not a list"]);
    check("{\"server\": []}", &["TOML002! 1:12 `server` must be a table, not a list"]);
    check("{\"server\": {\"prot\": 1}}", &["TOML004 1:13 unknown key `prot`"]);
    check(
        "{\"server\":\n {\"port\": \"80\"}}",
        &["TOML002! 2:11 `port` must be a number, not a string"],
    );
    check("{\"server\": {\"port\": 65536}}", &["TOML005! 1:21 `port` is out of range"]);
    check(
        "{\"server\": {\"host\": \"here\"}}",
        &["TOML005! 1:21 `here` is no address to listen on"],
    );
    check(
        "{\"server\": {\"host\": \"0.0.0.0\", \"reload\": false}}",
        &[
            "LST142 1:21 the listener is opened to other machines",
            "LST140 1:42 `server.reload` is not honoured",
        ],
    );
    check(
        "{\"apis\": {\"dad_joke\": {}}}",
        &["LST141 1:11 no API of the rules is called `dad_joke`"],
    );
    check(
        "{\"apis\": {\"cards\": {\"url\": \"ftp://a\", \"headers\": {\"Host\": \"x\"}}}}",
        &["LST090! 1:28 this is no URL of an API", "LST092! 1:51 the header `Host` cannot be sent"],
    );
    check("{\"logging\": {\"fromat\": \"x\"}}", &["TOML004 1:14 unknown key `fromat`"]);
    let security = |text: &str| format!("{{\"security\": {{{text}}}}}");
    for bytes in ["1023", "16777217"] {
        check(
            &security(&format!("\"max_payload_size\": {bytes}")),
            &["LST031! 1:35 `max_payload_size` is out of bounds"],
        );
    }
    for count in ["0", "1000001"] {
        check(
            &security(&format!("\"rate_limit\": {{\"requests_per_minute\": {count}}}")),
            &["TOML005! 1:53 `requests_per_minute` is out of bounds"],
        );
    }
}

/// Goal: a secret of the file is told as one and shown nowhere, asked for or not.
#[test]
fn secrets_of_a_courses_file_are_not_shown() {
    let (config, sink) = load(
        "{\"token\": \"hush-of-course\", \"security\": {\"api_key\": \"env:X\"},\n\
          \"apis\": {\"cards\": {\"headers\": {\"Authorization\": \"Bearer hush-of-api\"}}}}",
    );
    let want = [
        "LST010 2:49 a secret stands in the file itself",
        "TOML004 1:42 unknown key `api_key`",
        "LST010 1:11 a secret stands in the file itself",
        "TOML004 1:2 unknown key `token`",
    ];
    assert_eq!(said(&sink), want);
    let shown = diagnostic::render(&sink, false);
    assert!(!shown.contains("hush"), "{shown}");
    let config = config.expect("it loads");
    assert_eq!(config.redactor.text("Bearer hush-of-api"), redact::REDACTED);
}

/// Goal: where to listen comes from the file as far as it says so. Method: a table.
#[test]
fn an_address_comes_from_the_file() {
    let default: SocketAddr = "127.0.0.1:8000".parse().expect("it is one");
    for (text, want) in [
        (COURSE, "127.0.0.1:9000"),
        ("{\"server\": {\"host\": \"0.0.0.0\"}}", "0.0.0.0:8000"),
        ("{\"server\": {\"host\": \"localhost\", \"port\": 0}}", "127.0.0.1:0"),
        ("{\"server\": {\"port\": \"x\", \"host\": \"::1\"}}", "[::1]:8000"),
        ("{", "127.0.0.1:8000"),
    ] {
        let found = address(&Source::new("c.json", text), default);
        assert_eq!(found.to_string(), want, "{text}");
    }
}
