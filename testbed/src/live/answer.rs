//! The answer that something before the listener gives in its place.
//!
//! Used by the gate. The listener hears nothing of such a request; the answer says no more than a
//! status and, if it must, when to come again.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The most of a request that is read, in bytes.
const REQUEST_BYTES_MAX: usize = 2 * 1024 * 1024;
/// How long a client may take over its request, in milliseconds.
const REQUEST_MS_MAX: u64 = 30_000;
/// How long it may take to read the answer and go, in milliseconds.
const LINGER_MS_MAX: u64 = 1_000;

/// Reads the request that begins with `said` to its end, and answers it.
pub(super) async fn give(
    client: &mut TcpStream,
    said: &[u8],
    status: u16,
    retry_after: Option<simtime::Duration>,
) -> io::Result<()> {
    let mut request = said.to_vec();
    let whole = async {
        while !is_whole(&request) && request.len() < REQUEST_BYTES_MAX {
            if client.read_buf(&mut request).await? == 0 {
                break;
            }
        }
        Ok::<(), io::Error>(())
    };
    timeout(Duration::from_millis(REQUEST_MS_MAX), whole).await??;
    client.write_all(text(status, retry_after).as_bytes()).await?;
    client.shutdown().await?;
    // A connection that is closed with bytes unread is reset, and the answer may be lost with it.
    let mut nowhere = tokio::io::sink();
    let gone = tokio::io::copy(client, &mut nowhere);
    let _ = timeout(Duration::from_millis(LINGER_MS_MAX), gone).await;
    Ok(())
}

fn text(status: u16, retry_after: Option<simtime::Duration>) -> String {
    let reason = match status {
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        _ => "Trouble",
    };
    // RFC 9110 section 10.2.3: in whole seconds.
    let seconds = retry_after.map(|wait| wait.as_micros().div_ceil(1_000_000));
    let header = seconds.map(|seconds| format!("Retry-After: {seconds}\r\n")).unwrap_or_default();
    format!("HTTP/1.1 {status} {reason}\r\n{header}Connection: close\r\nContent-Length: 0\r\n\r\n")
}

/// Whether a request has its head and as much of a body as that says.
fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&request[..end]);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse().ok())?
    });
    request.len() - end - 4 >= length.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a request is read to its end, and no further. Method: a table.
    #[test]
    fn a_request_is_whole_with_its_body() {
        let check = |request: &str, want: bool| {
            assert_eq!(is_whole(request.as_bytes()), want, "{request:?}");
        };
        check("POST / HTTP/1.1\r\nHost: a\r\n", false);
        check("POST / HTTP/1.1\r\nHost: a\r\n\r\n", true);
        check("POST / HTTP/1.1\r\ncontent-length:  3\r\n\r\nab", false);
        check("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", true);
    }

    /// Goal: `Retry-After` is whole seconds, never too few. Method: the answer's text.
    #[test]
    fn the_answer_says_when_to_come_again() {
        let wait = simtime::Duration::from_millis(1_500);
        let want = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nConnection: close\r\n\
                    Content-Length: 0\r\n\r\n";
        assert_eq!(text(429, Some(wait)), want);
        assert!(!text(500, None).contains("Retry"));
    }
}
