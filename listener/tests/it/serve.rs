//! The whole listener in process.
