//! One HTTP/1.1 connection, from its first byte to its last, within bounds.
//!
//! The settings of hyper that both programs serve with: heads, buffers, and how a connection ends.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::HttpService;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use super::{Bounds, Unstalled};

/// The largest head of a request, in bytes; a larger one is 431.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// The most headers of a request; more are 431.
const HEADERS_MAX: usize = 100;
/// What a connection buffers at most in each direction, in bytes: a head and a little more.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// How long a connection may take over its last answer after the stop, in milliseconds.
const FAREWELL_MS_MAX: u64 = 2_000;
/// How long what a client still sends is thrown away after the last answer, in milliseconds: a
/// connection that is closed with bytes unread is reset, and the answer may be lost with it.
const LINGER_MS_MAX: u64 = 1_000;
/// How much of it, in bytes.
const LINGER_BYTES_MAX: u64 = 4 * 1024 * 1024;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A connection over TCP, with TLS or without.
pub trait Wire: AsyncRead + AsyncWrite + Unpin {
    /// What it runs over.
    fn tcp(&mut self) -> &mut TcpStream;
}

impl Wire for TcpStream {
    fn tcp(&mut self) -> &mut TcpStream {
        self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn tcp(&mut self) -> &mut TcpStream {
        self.get_mut().0
    }
}

/// Serves requests until the client goes, or until `stop`, after which the one in hand may end. A
/// service that fails ends it without a farewell.
pub async fn converse<W, S>(
    wire: W,
    service: S,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) -> Result<(), hyper::Error>
where
    W: Wire,
    S: HttpService<Incoming, Error: Into<Failure>, Future: Unpin> + Unpin,
    S::ResBody: Body<Error: Into<Failure>> + 'static,
{
    let stream = TokioIo::new(Unstalled::new(wire, bounds.stall));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_header_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .max_buf_size(BUFFER_BYTES_MAX)
        // A client that has said all it has to say may close its side: it still hears the answer.
        .half_close(true)
        .serve_connection(stream, service);
    let mut stop = pin!(stop);
    let ended = tokio::select! {
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => ended,
        () = &mut stop => {
            Pin::new(&mut connection).graceful_shutdown();
            let rest = poll_fn(|context| connection.poll_without_shutdown(context));
            timeout(Duration::from_millis(FAREWELL_MS_MAX), rest).await.unwrap_or(Ok(()))
        }
    };
    let goes_on = !ended.as_ref().is_err_and(hyper::Error::is_user);
    if goes_on {
        linger(connection.into_parts().io.into_inner().into_stream()).await;
    }
    ended
}

/// Says that no more comes, and lets the client read that before the connection is gone.
pub async fn linger(mut wire: impl Wire) {
    let rest = async {
        let _ = wire.shutdown().await;
        let mut rest = wire.tcp().take(LINGER_BYTES_MAX);
        let _ = tokio::io::copy(&mut rest, &mut tokio::io::sink()).await;
    };
    let _ = timeout(Duration::from_millis(LINGER_MS_MAX), rest).await;
}
