//! The load: connections that stay, each with one request at a time, and what came back.
//!
//! HTTP/1.1 by hand, since a client library would cost more than some of the servers do.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Connections at a time, and bytes of a body.
pub(crate) const CONNECTIONS: usize = 64;
pub(crate) const BODY_BYTES: usize = 512;
/// The longest head of an answer that is looked at, in bytes.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// What one round has shown.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// Answers of 2xx, and how long each took.
    pub(crate) took: Vec<Duration>,
    /// Other answers, by status; 0 is a connection that broke.
    pub(crate) other: BTreeMap<u16, usize>,
    pub(crate) lasted: Duration,
}

impl Round {
    pub(crate) fn per_second(&self) -> f64 {
        self.took.len() as f64 / self.lasted.as_secs_f64()
    }

    /// The latency that so many of a hundred do not exceed, in milliseconds.
    pub(crate) fn percentile(&mut self, of_hundred: usize) -> f64 {
        self.took.sort();
        let at = (self.took.len() * of_hundred / 100).min(self.took.len().saturating_sub(1));
        self.took.get(at).map_or(f64::NAN, |took| took.as_secs_f64() * 1_000.0)
    }
}

/// Sends what `request` gives for each number, one behind the other on each connection, for as long
/// as `lasts`.
pub(crate) async fn run(
    port: u16,
    lasts: Duration,
    first: u64,
    request: fn(u64) -> Vec<u8>,
) -> Round {
    let start = Instant::now();
    let end = start + lasts;
    let mut clients = JoinSet::new();
    for client in 0..CONNECTIONS as u64 {
        clients.spawn(async move {
            let mut seen = Round::default();
            let mut number = first + client;
            let mut connection = None;
            while Instant::now() < end {
                let sent = request(number);
                number += CONNECTIONS as u64;
                let begun = Instant::now();
                match exchange(port, &mut connection, &sent).await {
                    Ok(status @ 200..300) => {
                        let _ = status;
                        seen.took.push(begun.elapsed());
                    }
                    Ok(status) => *seen.other.entry(status).or_default() += 1,
                    Err(_) => {
                        connection = None;
                        *seen.other.entry(0).or_default() += 1;
                    }
                }
            }
            seen
        });
    }
    let mut round = Round::default();
    while let Some(seen) = clients.join_next().await {
        let seen = seen.unwrap();
        round.took.extend(seen.took);
        for (status, count) in seen.other {
            *round.other.entry(status).or_default() += count;
        }
    }
    round.lasted = start.elapsed();
    round
}

/// One request, and the status of its answer; the connection is kept if the server keeps it.
pub(crate) async fn exchange(
    port: u16,
    connection: &mut Option<TcpStream>,
    request: &[u8],
) -> std::io::Result<u16> {
    Ok(answer(port, connection, request).await?.0)
}

/// The same, with the body.
pub(crate) async fn answer(
    port: u16,
    connection: &mut Option<TcpStream>,
    request: &[u8],
) -> std::io::Result<(u16, Vec<u8>)> {
    let stream = match connection {
        Some(stream) => stream,
        None => {
            let stream = TcpStream::connect(("127.0.0.1", port)).await?;
            stream.set_nodelay(true)?;
            connection.insert(stream)
        }
    };
    stream.write_all(request).await?;
    let mut read = Vec::with_capacity(1024);
    let head = loop {
        if stream.read_buf(&mut read).await? == 0 || read.len() > HEAD_BYTES_MAX {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(str::trim)
    };
    let length = field("content-length").and_then(|length| length.parse::<usize>().ok());
    let closes = field("connection") == Some("close");
    let chunked = field("transfer-encoding") == Some("chunked");
    let is_whole = |read: &[u8]| match length {
        _ if chunked => read.ends_with(b"0\r\n\r\n"),
        Some(length) => read.len() >= head + length,
        None => true,
    };
    while !is_whole(&read) {
        if stream.read_buf(&mut read).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    if closes {
        *connection = None;
    }
    Ok((status, read.split_off(head)))
}
