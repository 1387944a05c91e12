//! Whether a client of NETCONF has said hello, seen from outside: a hello ends with a mark whatever
//! is spoken afterwards (RFC 6242, section 4.1).
//!
//! Held by the connection's handler. What the hello says is the router's to judge.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// From the session to the end of the client's hello, in milliseconds.
const HELLO_MS_MAX: u64 = 30_000;
/// What ends a hello.
const END: &[u8] = b"]]>]]>";

/// What has come of a hello.
#[derive(Debug)]
pub(super) struct Greeting {
    /// How much of the mark stands at the end of what came.
    matched: usize,
    /// Dropped unsent with the channel; gone once the hello is over.
    said: Option<oneshot::Sender<()>>,
}

/// Waits for a hello.
#[derive(Debug)]
pub(super) struct Awaited(oneshot::Receiver<()>);

/// A session whose hello is yet to come, and whoever waits for it.
pub(super) fn pair() -> (Greeting, Awaited) {
    let (said, heard) = oneshot::channel();
    (Greeting { matched: 0, said: Some(said) }, Awaited(heard))
}

impl Greeting {
    /// Looks at what came.
    pub(super) fn see(&mut self, bytes: &[u8]) {
        if self.said.is_none() {
            return;
        }
        for byte in bytes {
            self.matched = match (self.matched, byte) {
                (matched, byte) if END[matched] == *byte => matched + 1,
                // `]]]` ends as the mark begins.
                (2 | 5, b']') => 2,
                (_, _) => 0,
            };
            if self.matched == END.len() {
                // Whoever waited may have given up.
                let _ = self.said.take().map(|said| said.send(()));
                return;
            }
        }
    }
}

impl Awaited {
    /// Whether the hello does not come in time; `false` too if the channel ends before.
    pub(super) async fn overdue(self) -> bool {
        timeout(Duration::from_millis(HELLO_MS_MAX), self.0).await.is_err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the mark is found wherever it stands, however it is cut, and nothing else is. Method:
    /// a table, each whole and byte by byte.
    #[tokio::test]
    async fn the_mark_is_found() {
        let table = [
            ("<hello/>]]>]]>", true),
            ("]]]>]]>", true),
            ("]]>]]]>]]>", true),
            ("]]>]]>\n#4\n", true),
            ("]]>]]", false),
            ("]]>]>]]>", false),
            ("]]> ]]>", false),
            ("\n#5\nhello\n##\n", false),
        ];
        for (text, want) in table {
            for size in [1, text.len()] {
                let (mut greeting, mut awaited) = pair();
                text.as_bytes().chunks(size).for_each(|bytes| greeting.see(bytes));
                assert_eq!(awaited.0.try_recv().is_ok(), want, "{text:?} by {size}");
            }
        }
    }
}
