//! Jokes, quotes and facts: one at random, or the one with an id.
//!
//! An id is made of the text itself, so that it means the same in every run.

use serde_json::{Value, json};
use simtime::Rng;

use crate::message::{Form, Request, Response};

/// One a line.
const JOKES: &str = include_str!("../data/jokes.txt");
/// `tags | author | text`
const QUOTES: &str = include_str!("../data/quotes.txt");
/// `source | its URL | text`
const FACTS: &str = include_str!("../data/facts.txt");

/// How many quotes one request gets at most, as the service has it.
const QUOTES_MAX: u64 = 50;

/// `/` and `/j/<id>`: <https://icanhazdadjoke.com/api>.
pub(crate) fn joke(request: &Request<'_>, rng: &mut Rng) -> Response {
    if request.method != "GET" {
        return Response::no_method(request);
    }
    let jokes: Vec<&str> = JOKES.lines().collect();
    let joke = match request.segments()[..] {
        [] => one(&jokes, rng),
        [.., "j", wanted] => match jokes.iter().find(|joke| id(joke, JOKE_ID) == wanted) {
            Some(joke) => joke,
            None => {
                let message = format!("there is no joke `{wanted}`");
                return Response::json(404, &json!({"message": message, "status": 404}));
            }
        },
        // A base URL with a path of its own.
        [..] if request.path.ends_with('/') => one(&jokes, rng),
        [..] => return Response::no_path(request),
    };
    let whole = json!({"id": id(joke, JOKE_ID), "joke": joke, "status": 200});
    as_wanted(request, &whole, joke)
}

/// `/random`, `/quotes/random` and `/quotes/<id>`: the README of quotable.
pub(crate) fn quote(request: &Request<'_>, rng: &mut Rng) -> Response {
    if request.method != "GET" {
        return Response::no_method(request);
    }
    let quotes: Vec<Value> = QUOTES.lines().map(quote_of).collect();
    let none = || {
        let message = "no quote fits";
        Response::json(404, &json!({"statusCode": 404, "statusMessage": message}))
    };
    match request.segments()[..] {
        [.., "quotes", "random"] => {
            let fitting = fitting(request, &quotes);
            if fitting.is_empty() {
                return Response::json(200, &json!([]));
            }
            let limit = number(request, "limit").unwrap_or(1).clamp(1, QUOTES_MAX);
            let drawn: Vec<&Value> = (0..limit).map(|_| *one(&fitting, rng)).collect();
            Response::json(200, &json!(drawn))
        }
        [.., "random"] => match &fitting(request, &quotes)[..] {
            [] => none(),
            fitting => Response::json(200, one::<&Value>(fitting, rng)),
        },
        [.., "quotes", wanted] => match quotes.iter().find(|quote| quote["_id"] == wanted) {
            Some(quote) => Response::json(200, quote),
            None => none(),
        },
        [..] => Response::no_path(request),
    }
}

/// `/api/v2/facts/random` and `/api/v2/facts/<id>`: <https://uselessfacts.jsph.pl>.
pub(crate) fn fact(request: &Request<'_>, rng: &mut Rng) -> Response {
    if request.method != "GET" {
        return Response::no_method(request);
    }
    let facts: Vec<&str> = FACTS.lines().collect();
    let line = match request.segments()[..] {
        [.., "facts", "random"] => *one(&facts, rng),
        [.., "facts", wanted] => match facts.iter().find(|line| id(line, HEX_ID) == wanted) {
            Some(line) => line,
            None => return Response::json(404, &json!({"message": "there is no such fact"})),
        },
        [..] => return Response::no_path(request),
    };
    let (source, url, text) = three(line);
    let id = id(line, HEX_ID);
    let whole = json!({
        "id": id,
        "text": text,
        "source": source,
        "source_url": url,
        "language": "en",
        "permalink": format!("https://uselessfacts.jsph.pl/api/v2/facts/{id}"),
    });
    // Unlike the jokes, JSON is what is had without a word.
    match (request.accept, request.form()) {
        (Some(_), Form::Text) => Response::text(text),
        (_, Form::Json | Form::Text | Form::Html) => Response::json(200, &whole),
    }
}

fn as_wanted(request: &Request<'_>, whole: &Value, text: &str) -> Response {
    match request.form() {
        Form::Json => Response::json(200, whole),
        Form::Text => Response::text(text),
        Form::Html => Response::html(text),
    }
}

fn quote_of(line: &str) -> Value {
    let (tags, author, content) = three(line);
    let tags: Vec<&str> = tags.split(',').collect();
    json!({
        "_id": id(line, HEX_ID),
        "content": content,
        "author": author,
        "tags": tags,
        "authorSlug": author.to_lowercase().replace(' ', "-"),
        "length": content.chars().count(),
        "dateAdded": "2026-01-01",
        "dateModified": "2026-01-01",
    })
}

/// Those that `tags` (`,` is and, `|` is or), `minLength` and `maxLength` let through.
fn fitting<'a>(request: &Request<'_>, quotes: &'a [Value]) -> Vec<&'a Value> {
    let least = number(request, "minLength").unwrap_or(0);
    let most = number(request, "maxLength").unwrap_or(u64::MAX);
    let tags = request.parameter("tags").unwrap_or_default().to_lowercase();
    let has = |quote: &Value, tag: &str| {
        quote["tags"].as_array().is_some_and(|tags| tags.iter().any(|have| have == tag))
    };
    let tagged = |quote: &Value| {
        tags.is_empty() || tags.split('|').any(|all| all.split(',').all(|tag| has(quote, tag)))
    };
    let length = |quote: &Value| quote["length"].as_u64().unwrap_or_default();
    let fits = |quote: &&Value| (least..=most).contains(&length(quote)) && tagged(quote);
    quotes.iter().filter(fits).collect()
}

fn number(request: &Request<'_>, name: &str) -> Option<u64> {
    request.parameter(name)?.parse().ok()
}

/// One of several; there is at least one.
fn one<'a, T>(of: &'a [T], rng: &mut Rng) -> &'a T {
    let at = usize::try_from(rng.below(of.len() as u64)).unwrap_or(0);
    &of[at]
}

fn three(line: &str) -> (&str, &str, &str) {
    let mut parts = line.splitn(3, " | ");
    let mut next = || parts.next().unwrap_or_default();
    (next(), next(), next())
}

/// Letters and length of an id.
type IdForm = (&'static [u8], usize);
const JOKE_ID: IdForm = (b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 11);
const HEX_ID: IdForm = (b"0123456789abcdef", 32);

fn id(text: &str, (letters, length): IdForm) -> String {
    let mut rng = Rng::from_seed(0).child(text);
    (0..length).map(|_| char::from(*one(letters, &mut rng))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the data are whole: enough of each, none twice, none that breaks its line.
    #[test]
    fn the_texts_are_many_and_differ() {
        for (name, data, least, parts) in
            [("jokes", JOKES, 40, 1), ("quotes", QUOTES, 20, 3), ("facts", FACTS, 20, 3)]
        {
            let lines: Vec<&str> = data.lines().collect();
            let mut sorted = lines.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), lines.len(), "{name}");
            assert!(lines.len() >= least, "{name}");
            for line in lines {
                assert_eq!(line.split(" | ").count(), parts, "{name}: {line}");
                assert!(line.len() > 30 && line.trim() == line, "{name}: {line}");
            }
        }
    }
}
