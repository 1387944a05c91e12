//! How many descriptors this process may have, and how many of them connections may take.
//!
//! Asked once, at the start. A soft limit is a default of the shell, not a wish of anybody.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Of so many descriptors connections take one less: the rest is for devices, journal and logs.
const SHARE: usize = 4;

/// Raises the soft limit to the hard one, and says how many connections fit below it.
pub(super) fn for_connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let limit = if raised.is_ok() { maximum } else { current };
    // No limit at all is as many as there are numbers.
    let limit = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    limit - limit / SHARE
}
