//! How messages stand in the stream: RFC 6242 section 4. `]]>]]>` behind each, or chunks.

use std::fmt;

/// The largest message that is taken.
pub const MESSAGE_BYTES_MAX: usize = 16 << 20;
/// What ends a message of base 1.0, and each hello.
const END: &[u8] = b"]]>]]>";
/// `\n#4294967295\n`
const HEADER_BYTES_MAX: usize = 13;

/// The version of the base protocol, which says the framing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// `]]>]]>`
    #[default]
    V1_0,
    /// Chunks.
    V1_1,
}

/// The stream is none of NETCONF: the session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FramingError {
    /// What stands where a chunk begins is no header.
    Header,
    /// The message is larger than [`MESSAGE_BYTES_MAX`].
    TooLarge,
    /// The bytes of a message are no UTF-8.
    Encoding,
}

/// Takes bytes, and gives messages.
#[derive(Debug, Default)]
pub struct Decoder {
    version: Version,
    /// What came and is no message yet.
    buffer: Vec<u8>,
    /// The chunks of the message that has begun.
    message: Vec<u8>,
    /// How far the buffer was searched for the end.
    searched: usize,
}

impl Decoder {
    /// The messages from now on are framed so. What came before the change stays as it is.
    pub fn set_version(&mut self, version: Version) {
        self.version = version;
        self.searched = 0;
    }

    /// The framing of what comes.
    pub fn version(&self) -> Version {
        self.version
    }

    /// How many bytes came that are no whole message yet.
    pub fn pending_bytes(&self) -> usize {
        self.buffer.len() + self.message.len()
    }

    /// Takes bytes as they came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message; `None` until more comes.
    ///
    /// # Errors
    /// The stream is none of NETCONF.
    pub fn next_message(&mut self) -> Result<Option<String>, FramingError> {
        let message = match self.version {
            Version::V1_0 => self.ended()?,
            Version::V1_1 => self.chunks()?,
        };
        let text = message.map(String::from_utf8).transpose();
        text.map_err(|_| FramingError::Encoding)
    }

    fn ended(&mut self) -> Result<Option<Vec<u8>>, FramingError> {
        let from = self.searched.saturating_sub(END.len() - 1).min(self.buffer.len());
        let found = self.buffer[from..].windows(END.len()).position(|window| window == END);
        let Some(at) = found.map(|at| from + at) else {
            self.searched = self.buffer.len();
            let is_large = self.buffer.len() > MESSAGE_BYTES_MAX;
            return if is_large { Err(FramingError::TooLarge) } else { Ok(None) };
        };
        let rest = self.buffer.split_off(at + END.len());
        let mut message = std::mem::replace(&mut self.buffer, rest);
        message.truncate(at);
        self.searched = 0;
        if message.len() > MESSAGE_BYTES_MAX {
            Err(FramingError::TooLarge)
        } else {
            Ok(Some(message))
        }
    }

    fn chunks(&mut self) -> Result<Option<Vec<u8>>, FramingError> {
        let mut at = 0;
        let whole = loop {
            let Some((size, start)) = header(&self.buffer[at..])? else { break None };
            let Some(size) = size else { break Some(at + start) };
            if self.message.len() + size > MESSAGE_BYTES_MAX {
                return Err(FramingError::TooLarge);
            }
            let Some(chunk) = self.buffer.get(at + start..at + start + size) else { break None };
            self.message.extend_from_slice(chunk);
            at += start + size;
        };
        match whole {
            Some(end) => {
                self.buffer.drain(..end);
                Ok(Some(std::mem::take(&mut self.message)))
            }
            None => {
                self.buffer.drain(..at);
                Ok(None)
            }
        }
    }
}

/// The size that a chunk's header says, `None` for the end of the message, and where the chunk
/// begins. `None` until the header is whole.
fn header(bytes: &[u8]) -> Result<Option<(Option<usize>, usize)>, FramingError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes[0] != b'\n' || bytes.get(1).is_some_and(|byte| *byte != b'#') {
        return Err(FramingError::Header);
    }
    let Some(end) = bytes.iter().skip(2).position(|byte| *byte == b'\n').map(|at| at + 2) else {
        let digits = bytes.get(2..).unwrap_or_default();
        let is_header = digits == b"#" || digits.iter().all(u8::is_ascii_digit);
        let is_short = bytes.len() < HEADER_BYTES_MAX;
        return if is_header && is_short { Ok(None) } else { Err(FramingError::Header) };
    };
    let inner = &bytes[2..end];
    if inner == b"#" {
        return Ok(Some((None, end + 1)));
    }
    // 1 to 4294967295, without a zero in front.
    let starts = inner.first().is_some_and(|byte| matches!(byte, b'1'..=b'9'));
    let text = std::str::from_utf8(inner).ok().filter(|_| starts && inner.len() <= 10);
    let size = text.and_then(|text| text.parse::<u32>().ok()).ok_or(FramingError::Header)?;
    Ok(Some((Some(size as usize), end + 1)))
}

/// A message as it stands in the stream. It is one chunk: some clients decode each chunk by itself,
/// so that a letter must not be cut.
pub fn frame(version: Version, message: &str) -> Vec<u8> {
    match version {
        Version::V1_0 => [message.as_bytes(), END].concat(),
        Version::V1_1 => {
            let head = format!("\n#{}\n", message.len());
            [head.as_bytes(), message.as_bytes(), b"\n##\n"].concat()
        }
    }
}

impl fmt::Display for FramingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FramingError::Header => "no header of a chunk stands where one has to",
            FramingError::TooLarge => "the message is too large",
            FramingError::Encoding => "the message is no UTF-8",
        })
    }
}

impl std::error::Error for FramingError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(version: Version, parts: &[&[u8]]) -> Result<Vec<String>, FramingError> {
        let mut decoder = Decoder::default();
        decoder.set_version(version);
        let mut messages = Vec::new();
        for part in parts {
            decoder.push(part);
            while let Some(message) = decoder.next_message()? {
                messages.push(message);
            }
        }
        Ok(messages)
    }

    /// Goal: what RFC 6242 calls wrong is wrong. Method: a table.
    #[test]
    fn streams_that_are_none() {
        let table: [(&[u8], FramingError); 7] = [
            (b"<rpc/>", FramingError::Header),
            (b"\n#0\n", FramingError::Header),
            (b"\n#01\na", FramingError::Header),
            (b"\n#4294967296\n", FramingError::Header),
            (b"\n#x\n", FramingError::Header),
            (b"\n#4294967295\n", FramingError::TooLarge),
            (b"\n#1\n\xff\n##\n", FramingError::Encoding),
        ];
        for (bytes, want) in table {
            assert_eq!(all(Version::V1_1, &[bytes]), Err(want), "{bytes:?}");
        }
    }

    proptest! {
        /// Goal: messages come out as they went in, however the stream is cut. Method: any
        /// messages, cut anywhere.
        #[test]
        fn messages_come_back(
            messages in proptest::collection::vec("[a-zé<>\\]\n#]{0,40}", 1..5),
            cut in 1..50_usize,
            chunked: bool,
        ) {
            let version = if chunked { Version::V1_1 } else { Version::V1_0 };
            let is_fit = |m: &&String| (chunked && !m.is_empty())
                || (!chunked && !format!("{m}]]>]]").contains("]]>]]>"));
            let messages: Vec<String> = messages.iter().filter(is_fit).cloned().collect();
            let stream: Vec<u8> =
                messages.iter().flat_map(|message| frame(version, message)).collect();
            let parts: Vec<&[u8]> = stream.chunks(cut).collect();
            prop_assert_eq!(all(version, &parts).unwrap_or_default(), messages);
        }

        /// Goal: nothing that comes makes it panic or keep more than its bound.
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), chunked: bool) {
            let version = if chunked { Version::V1_1 } else { Version::V1_0 };
            let _ = all(version, &[&bytes]);
        }
    }
}
