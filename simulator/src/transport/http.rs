//! HTTP/1.1 out: one connection, one request, one answer, every part of it bounded.
//!
//! Used by the routers' sender and by the reader of a listener's events. It adds nothing to a
//! request (a ready-made client would add its own `Accept`), follows no redirect, knows no proxy.

use std::io;
use std::net::SocketAddr;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderValue;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use lab::{HttpFailure, HttpOutcome};
use tokio::net::TcpStream;

/// The largest head of an answer, in bytes.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// The most headers of an answer.
const HEADERS_MAX: usize = 100;

/// Makes a request at the first of these addresses that takes the connection. How long it may take
/// is the caller's to bound.
pub(crate) async fn exchange(
    addresses: &[SocketAddr],
    request: Request<Full<Bytes>>,
    body_bytes_max: usize,
) -> Result<HttpOutcome, HttpFailure> {
    let stream = connect(addresses).await?;
    stream.set_nodelay(true).map_err(|_| HttpFailure::Broken)?;
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
        .title_case_headers(true)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|_| HttpFailure::Broken)?;
    // The connection is driven beside the exchange, and dropped with it.
    let exchange = async {
        let response = sender.send_request(request).await.map_err(|_| HttpFailure::Broken)?;
        read(response, body_bytes_max).await
    };
    let mut connection = std::pin::pin!(connection);
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        answer = &mut exchange => answer,
        // An answer without a length ends with the connection: what came of it is ready.
        _ = &mut connection => exchange.await,
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, HttpFailure> {
    TcpStream::connect(addresses).await.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => HttpFailure::Refused,
        io::ErrorKind::TimedOut => HttpFailure::Timeout,
        _ => HttpFailure::Broken,
    })
}

/// The answer, its body cut at the bound.
async fn read(
    response: Response<Incoming>,
    body_bytes_max: usize,
) -> Result<HttpOutcome, HttpFailure> {
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let mut incoming = response.into_body();
    let mut body = Vec::new();
    while body.len() < body_bytes_max {
        let Some(frame) = incoming.frame().await else { break };
        let frame = frame.map_err(|_| HttpFailure::Broken)?;
        body.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
    }
    body.truncate(body_bytes_max);
    Ok(HttpOutcome::Answered { status, headers, body })
}
