//! The other side: what a router tells one that asks it for the time.

use super::{STRATUM_NONE, key::Key};
use crate::device::State;
use crate::io::{PingId, TimeServed};

/// The answer to the request of this number under this key; none from a router that runs no NTP.
/// One that follows no clock says so: stratum 16.
pub(crate) fn served(state: &State, ask: PingId, key: Option<u32>) -> Option<TimeServed> {
    let ntp = &state.ntp;
    ntp.started?;
    let proof =
        key.and_then(|number| ntp.trusted_key(number)).and_then(|key| Key::proof(key, ask.0));
    let followed = ntp.system_peer;
    Some(TimeServed {
        stratum: if followed.is_some() { ntp.stratum() } else { STRATUM_NONE },
        reference: followed.map(|followed| followed.reference),
        ahead_us: state.clock.ahead_us(),
        proof,
    })
}
