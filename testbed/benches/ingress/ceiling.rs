//! A handler of ours that stores nothing and checks nothing: what HTTP alone costs here.
//!
//! The benchmark starts itself with [`ARGUMENT`], so that it is a process of its own like the rest.

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;

/// Says that a process is the handler.
pub(crate) const ARGUMENT: &str = "--serve-ceiling";

/// Serves until the process is ended; the port is its first line.
pub(crate) fn serve() {
    // As many threads as the listener has.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap().port());
        let router = Router::new().route("/events", post(accept));
        axum::serve(listener, router).await.unwrap();
    });
}

async fn accept(body: Bytes) -> (StatusCode, axum::Json<serde_json::Value>) {
    let said = serde_json::from_slice::<serde_json::Value>(&body);
    let status = if said.is_ok() { StatusCode::ACCEPTED } else { StatusCode::BAD_REQUEST };
    (status, axum::Json(serde_json::json!({"status": "accepted"})))
}
