//! Jokes, quotes and facts.

use serde_json::Value;
use simtime::Rng;
use standin::{Kind, Request, Response, StandIn};

fn service(kind: Kind) -> StandIn {
    StandIn::new(kind, Rng::from_seed(1))
}

fn json(response: &Response) -> Value {
    assert_eq!(response.content_type, "application/json", "{response:?}");
    serde_json::from_str(&response.body).expect("JSON")
}

/// Goal: each service answers in the keys of the real one. Method: compare the keys.
#[test]
fn the_keys_are_those_of_the_services() {
    let keys = |kind, path| {
        let request = Request { accept: Some("application/json"), ..Request::get(path) };
        let answer = json(&service(kind).handle(&request));
        let answer = answer.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
        answer.join(" ")
    };
    assert_eq!(keys(Kind::Jokes, "/"), "id joke status");
    assert_eq!(
        keys(Kind::Quotes, "/random"),
        "_id content author tags authorSlug length dateAdded dateModified"
    );
    assert_eq!(
        keys(Kind::Facts, "/api/v2/facts/random"),
        "id text source source_url language permalink"
    );
}

/// Goal: the form follows `Accept`, as the service documents it. Method: a table.
#[test]
fn a_joke_comes_as_json_text_or_page() {
    for (accept, want) in [
        (Some("application/json"), "application/json"),
        (Some("application/json, text/plain"), "application/json"),
        (Some("text/plain;q=0.9"), "text/plain"),
        (Some("text/html"), "text/html; charset=utf-8"),
        (Some("*/*"), "text/html; charset=utf-8"),
        (None, "text/plain"),
    ] {
        let request = Request { accept, ..Request::get("/") };
        let answer = service(Kind::Jokes).handle(&request);
        assert_eq!((answer.status, answer.content_type), (200, want), "{accept:?}");
    }
}

/// Goal: an id leads back to its text, in another run too.
#[test]
fn an_id_names_one_text() {
    for (kind, path, key, by_id) in [
        (Kind::Jokes, "/", "id", "/j/"),
        (Kind::Quotes, "/random", "_id", "/quotes/"),
        (Kind::Facts, "/api/v2/facts/random", "id", "/api/v2/facts/"),
    ] {
        let ask = |service: &mut StandIn, path: &str| {
            service.handle(&Request { accept: Some("application/json"), ..Request::get(path) })
        };
        let first = json(&ask(&mut service(kind), path));
        let mut other = StandIn::new(kind, Rng::from_seed(99));
        let id = first[key].as_str().expect("an id");
        assert_eq!(json(&ask(&mut other, &format!("{by_id}{id}"))), first);
        assert_eq!(ask(&mut other, &format!("{by_id}none")).status, 404);
        assert_eq!(ask(&mut other, "/elsewhere").status, 404);
        let post = Request { method: "POST", ..Request::get(path) };
        assert_eq!(other.handle(&post).status, 405);
    }
}

/// Goal: the same seed gives the same answers, another seed others.
#[test]
fn a_seed_decides() {
    let jokes = |seed| {
        let mut service = StandIn::new(Kind::Jokes, Rng::from_seed(seed));
        (0..8).map(|_| service.handle(&Request::get("/")).body).collect::<Vec<_>>()
    };
    assert_eq!(jokes(5), jokes(5));
    assert_ne!(jokes(5), jokes(6));
}

/// Goal: quotes are chosen by tag and length, one or several. Method: ask often.
#[test]
fn quotes_are_chosen() {
    let mut quotes = service(Kind::Quotes);
    for _ in 0..20 {
        let answer = json(&quotes.handle(&Request::get("/random?tags=humor&maxLength=60")));
        assert!(answer["length"].as_u64().is_some_and(|length| length <= 60), "{answer}");
        assert!(answer["tags"].to_string().contains("humor"), "{answer}");
    }
    let two = json(&quotes.handle(&Request::get("/quotes/random?limit=2&tags=success%7Cwisdom")));
    assert_eq!(two.as_array().map(Vec::len), Some(2));
    assert_eq!(quotes.handle(&Request::get("/random?tags=none")).status, 404);
    assert_eq!(quotes.handle(&Request::get("/quotes/random?minLength=999")).body, "[]");
}
