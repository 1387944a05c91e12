//! What a client proposes in the key exchange (RFC 4253, section 7.1), read as it passes by: the
//! library does not tell what was agreed on, and `ip ssh logging events` does.
//!
//! Around the stream of one connection. It changes nothing of what passes, and looks no more once
//! it has seen the proposal.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use lab::SshServer;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::live::mailbox::Crypto;

/// How much is looked at, in bytes: an ident string and a proposal are far less.
const SEEN_BYTES_MAX: usize = 40 * 1024;
/// SSH_MSG_KEXINIT
const KEXINIT: u8 = 20;
/// The packet's length and its padding's, then the message's number and the cookie.
const BEFORE_LISTS_BYTES: usize = 4 + 1 + 1 + 16;
/// Where the lists of ciphers and of MACs, from client to server, stand among all lists.
const CIPHERS_AT: usize = 2;
const MACS_AT: usize = 4;

/// A stream whose beginning is looked at.
#[derive(Debug)]
pub(super) struct Tap<S> {
    stream: S,
    seen: Option<Proposal>,
}

/// What has been seen so far. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Proposal(Arc<Mutex<Vec<u8>>>);

impl<S> Tap<S> {
    pub(super) fn new(stream: S, proposal: Proposal) -> Self {
        Tap { stream, seen: Some(proposal) }
    }
}

impl Proposal {
    /// What the client and a server have agreed on: the first name of the client's that the server
    /// has too. Then all is forgotten.
    pub(super) fn agreed(&self, server: &SshServer) -> Crypto {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let lists = lists(&bytes).unwrap_or_default();
        let first = |at: usize, known: &[&str]| {
            let names = lists.get(at).copied().unwrap_or_default().split(',');
            names.into_iter().find(|name| known.contains(name)).unwrap_or_default().to_owned()
        };
        Crypto { cipher: first(CIPHERS_AT, &server.ciphers), mac: first(MACS_AT, &server.macs) }
    }

    /// Adds what came; whether there is more to look at.
    fn add(&self, bytes: &[u8]) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = SEEN_BYTES_MAX - seen.len();
        seen.extend_from_slice(&bytes[..bytes.len().min(room)]);
        lists(&seen).is_none() && seen.len() < SEEN_BYTES_MAX
    }
}

/// The name lists of the first packet, once it is there.
fn lists(bytes: &[u8]) -> Option<Vec<&str>> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let packet = &bytes[end + 1..];
    let length = u32::from_be_bytes(*packet.first_chunk()?);
    let packet = packet.get(..4 + usize::try_from(length).ok()?)?;
    if packet.get(5) != Some(&KEXINIT) {
        return Some(Vec::new());
    }
    let mut rest = packet.get(BEFORE_LISTS_BYTES..)?;
    let mut lists = Vec::new();
    while lists.len() <= MACS_AT {
        let (length, after) = rest.split_first_chunk()?;
        let (list, next) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        lists.push(std::str::from_utf8(list).ok()?);
        rest = next;
    }
    Some(lists)
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Some(seen) = &self.seen
            && !seen.add(&buffer.filled()[before..])
        {
            self.seen = None;
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: any first bytes are looked at without a panic, and a proposal split anywhere is found.
    /// Method: a proposal by hand, given byte by byte; then rubbish.
    #[test]
    fn a_proposal_is_found() {
        let mut packet = vec![0, KEXINIT];
        packet.extend([7; 16]);
        for list in ["kex", "key", "aes256-ctr,aes128-ctr", "x", "hmac-sha2-512,hmac-sha1", "y"] {
            packet.extend(u32::try_from(list.len()).unwrap().to_be_bytes());
            packet.extend(list.bytes());
        }
        let mut bytes = b"SSH-2.0-x\r\n".to_vec();
        bytes.extend(u32::try_from(packet.len()).unwrap().to_be_bytes());
        bytes.extend(packet);
        let proposal = Proposal::default();
        let open: Vec<bool> = bytes.iter().map(|byte| proposal.add(&[*byte])).collect();
        assert_eq!(open.iter().filter(|open| !**open).count(), 1);
        let server = SshServer {
            version: "2.0",
            methods: vec![],
            key_exchanges: vec![],
            ciphers: vec!["aes128-ctr", "aes256-ctr"],
            macs: vec!["hmac-sha1"],
            host_keys: vec![],
            timeout: simtime::Duration::from_secs(1),
            retries: 3,
        };
        let agreed = proposal.agreed(&server);
        assert_eq!((agreed.cipher.as_str(), agreed.mac.as_str()), ("aes256-ctr", "hmac-sha1"));
        for rubbish in [&b"\n\xff\xff\xff\xff"[..], b"\n\0\0\0\x06\0\x14", b"\n\0\0\0\x02\0\x15"] {
            let proposal = Proposal::default();
            proposal.add(rubbish);
            assert_eq!(proposal.agreed(&server).cipher, "");
        }
    }
}
