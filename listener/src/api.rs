//! The read API: events newest first, and the whole story of one.
//!
//! Merged into the receiver's router; reads the journal beside the writer. Stories hold what
//! devices answered, running-configs too, so beyond this machine it asks for a token of its own.

use automation::Admission;
use automation::overview::JobQuery;
use automation::store::{PAGE_ROWS_MAX, Query, StoreError};
use automation::story::State;
use axum::extract::{self, Path, Request};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};

use crate::guard;
use crate::http::Peer;
use crate::journal::Reader;
use crate::live::Front;
use crate::metrics::Metrics;
use crate::problem::Problem;

/// The routes below `/api/v1`, and `/metrics`.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(
    reader: Reader,
    front: Front,
    metrics: Metrics,
) -> Router<S> {
    Router::new()
        .route("/metrics", get(async move || metrics.response()))
        .route("/api/v1/events", get(events))
        .route("/api/v1/events/{id}", get(event))
        .route("/api/v1/jobs", get(jobs))
        .route_layer(middleware::from_fn_with_state(front, admit))
        .layer(Extension(reader))
}

async fn admit(
    extract::State(front): extract::State<Front>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let mut shown = request.headers().get_all(header::AUTHORIZATION).iter();
    let shown = match (shown.next(), shown.next()) {
        (Some(_), Some(_)) => Some(""), // two could mean either, so neither holds
        (first, _) => first.map(|value| value.to_str().unwrap_or_default()),
    };
    let local = guard::is_local(peer.ip(), &request);
    match front.api(|api| api.admits(shown, local)) {
        Admission::Granted => next.run(request).await,
        Admission::NoToken => {
            let detail = "the read API answers clients on the listener's own machine alone, until \
                          listener.toml has a `token` below `[api]`";
            Problem::new(StatusCode::FORBIDDEN, detail).into_response()
        }
        Admission::NotShown => unauthorized("the read API needs a bearer token"),
        Admission::Wrong => unauthorized("the token is not one of the read API's"),
    }
}

fn unauthorized(detail: &str) -> Response {
    // RFC 9110, section 11.6.1: a 401 says how to authenticate.
    let problem = Problem::new(StatusCode::UNAUTHORIZED, detail);
    problem.with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")).into_response()
}

async fn events(Extension(reader): Extension<Reader>, uri: Uri) -> Response {
    let query = match parse(&uri) {
        Ok(query) => query,
        Err(detail) => return Problem::new(StatusCode::BAD_REQUEST, detail).into_response(),
    };
    match reader.page(query).await {
        Ok(page) => Json(page).into_response(),
        Err(error) => broken(&error),
    }
}

async fn event(Extension(reader): Extension<Reader>, Path(id): Path<String>) -> Response {
    match reader.story(id.clone()).await {
        Ok(Some(story)) => Json(story).into_response(),
        Ok(None) => {
            let detail = format!("there is no event `{id}`");
            Problem::new(StatusCode::NOT_FOUND, detail).into_response()
        }
        Err(error) => broken(&error),
    }
}

async fn jobs(Extension(reader): Extension<Reader>, uri: Uri) -> Response {
    let query = match job_query(&uri) {
        Ok(query) => query,
        Err(detail) => return Problem::new(StatusCode::BAD_REQUEST, detail).into_response(),
    };
    match reader.jobs(query).await {
        Ok(page) => Json(page).into_response(),
        Err(error) => broken(&error),
    }
}

fn broken(error: &StoreError) -> Response {
    let detail = host::exit::chain(error);
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response()
}

/// An unknown parameter is an error: a misspelt filter must not show everything.
fn parse(uri: &Uri) -> Result<Query, String> {
    let pairs = extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    let mut query = Query::default();
    for (name, value) in pairs.map_err(|refused| refused.body_text())?.0 {
        match name.as_str() {
            "limit" => query.limit = Some(limit(&value)?),
            "after" => query.after = Some(value),
            "device" => query.device = Some(value),
            "name" => query.name = Some(value),
            "state" => query.state = Some(state(&value)?),
            _ => return Err(format!("unknown parameter `{name}`")),
        }
    }
    Ok(query)
}

fn job_query(uri: &Uri) -> Result<JobQuery, String> {
    let pairs = extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    let mut query = JobQuery::default();
    for (name, value) in pairs.map_err(|refused| refused.body_text())?.0 {
        match name.as_str() {
            "limit" => query.limit = Some(limit(&value)?),
            "device" => query.device = Some(value),
            "all" => query.all = value.parse().map_err(|_| "`all` is `true` or `false`")?,
            _ => return Err(format!("unknown parameter `{name}`")),
        }
    }
    Ok(query)
}

fn limit(value: &str) -> Result<usize, String> {
    let number = value.parse().ok().filter(|number| (1..=PAGE_ROWS_MAX).contains(number));
    number.ok_or_else(|| format!("`limit` is a number from 1 to {PAGE_ROWS_MAX}"))
}

fn state(value: &str) -> Result<State, String> {
    let words = "`accepted`, `waiting`, `running`, `done` or `failed`";
    State::from_word(value).ok_or_else(|| format!("`state` is one of {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what a query string means, and what is refused. Method: a table.
    #[test]
    fn query_strings() {
        let device = |name: &str| Query { device: Some(name.into()), ..Query::default() };
        let table = [
            ("", Ok(Query::default())),
            ("device=R1", Ok(device("R1"))),
            ("device=a%20b", Ok(device("a b"))),
            (
                "limit=5&after=evt_1",
                Ok(Query { limit: Some(5), after: Some("evt_1".into()), ..Query::default() }),
            ),
            ("state=done", Ok(Query { state: Some(State::Done), ..Query::default() })),
            ("limit=0", Err("`limit` is a number from 1 to 1000")),
            ("limit=x", Err("`limit` is a number from 1 to 1000")),
            (
                "state=x",
                Err("`state` is one of `accepted`, `waiting`, `running`, `done` or `failed`"),
            ),
            ("devise=R1", Err("unknown parameter `devise`")),
        ];
        for (text, want) in table {
            let uri = format!("/api/v1/events?{text}").parse().unwrap();
            assert_eq!(parse(&uri), want.map_err(str::to_owned), "{text}");
        }
    }
}
