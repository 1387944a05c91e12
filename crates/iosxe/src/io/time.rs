//! What a router tells another one of the time.

use std::fmt;
use std::net::Ipv4Addr;

/// An answer of NTP (RFC 5905, section 7.3), as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TimeServed {
    /// How far from a clock of its own the router is; 16 when it follows none.
    pub stratum: u8,
    /// What it follows, if anything.
    pub reference: Option<Ipv4Addr>,
    /// How far its clock is ahead of the lab's, in microseconds.
    pub ahead_us: i64,
    /// What shows that it knows the key that was asked for.
    pub proof: Option<[u8; 16]>,
}

/// A proof follows from a secret.
impl fmt::Debug for TimeServed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeServed")
            .field("stratum", &self.stratum)
            .field("reference", &self.reference)
            .field("ahead_us", &self.ahead_us)
            .finish_non_exhaustive()
    }
}
