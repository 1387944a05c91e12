//! Syslog lines: cut out of a stream, and read.
//!
//! Used by the automation and its skin for what devices send that can send nothing else. Anybody
//! can send a line: whatever the bytes, reading ends with a [`Line`], and nothing is believed here.

mod frame;
mod line;
mod read;
mod time;

pub use frame::{Frames, Unframed};
pub use line::{Line, Mnemonic, Priority, visible};
pub use read::read;

/// How long a line can be, in bytes; of a longer one the beginning is taken. RFC 5424 section 6.1
/// and RFC 5425 section 4.3.1 ask for 2,048, and for 8,192 where it can be.
pub const LINE_BYTES_MAX: usize = 8_192;
