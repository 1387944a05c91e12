//! The answer that something before the listener gives in its place.
//!
//! Used by the gate, once a connection. The listener hears nothing of such a request; the answer
//! says no more than a status and, if it must, when to come again.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a client may take over its request and the answer, in milliseconds.
const REQUEST_MS_MAX: u64 = 30_000;

/// Reads one request to its end, and answers it. A client that fails at that is gone.
pub(super) async fn give(client: TcpStream, status: u16, retry_after: Option<simtime::Duration>) {
    let answer = service_fn(|request: Request<Incoming>| async move {
        let mut body = request.into_body();
        // A connection that is closed with bytes unread is reset, and the answer may be lost.
        while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {}
        Ok::<_, Infallible>(response(status, retry_after))
    });
    let connection =
        http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(client), answer);
    let _ = timeout(Duration::from_millis(REQUEST_MS_MAX), connection).await;
}

fn response(status: u16, retry_after: Option<simtime::Duration>) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = StatusCode::from_u16(status).expect("500 or 429");
    // RFC 9110 section 10.2.3: in whole seconds.
    let seconds = retry_after.map(|wait| wait.as_micros().div_ceil(1_000_000));
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: `Retry-After` is whole seconds, never too few. Method: a table.
    #[test]
    fn the_answer_says_when_to_come_again() {
        let wait = Some(simtime::Duration::from_millis(1_500));
        for (status, wait, want) in [(429, wait, Some("2")), (500, None, None)] {
            let response = response(status, wait);
            assert_eq!(response.status().as_u16(), status);
            let header = response.headers().get(RETRY_AFTER);
            assert_eq!(header.and_then(|value| value.to_str().ok()), want);
        }
    }
}
