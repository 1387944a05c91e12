//! Bytes on their way to one client, gathered over one turn.

/// What a terminal prints. Line ends become CR LF here and nowhere else.
#[derive(Debug, Default)]
pub(super) struct Screen {
    bytes: Vec<u8>,
}

impl Screen {
    /// Prints lines, each ended by a newline.
    pub(super) fn print(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.bytes.extend_from_slice(b"\r\n");
            }
            self.bytes.extend_from_slice(line.as_bytes());
        }
    }

    /// Where the editor's echo goes.
    pub(super) fn echo(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// All of it.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
