//! The names of the headers that a delivery can carry, in lower case as HTTP compares them.
//!
//! Used by the sender and by the receiver; nothing else spells them out.

/// Standard Webhooks 1.0.0: the id of the message, the same on every try.
pub const ID: &str = "webhook-id";
/// Standard Webhooks 1.0.0: when this try was signed, in Unix seconds.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// Standard Webhooks 1.0.0: signatures, separated by spaces.
pub const SIGNATURE: &str = "webhook-signature";
/// Which device sends: a hint, never proof.
pub const DEVICE: &str = "x-ednm-device";
/// W3C Trace Context: the fault that caused it.
pub const TRACEPARENT: &str = "traceparent";
/// RFC 9110, section 11.6.2.
pub const AUTHORIZATION: &str = "authorization";
/// RFC 9110, section 8.3.
pub const CONTENT_TYPE: &str = "content-type";
