//! The breaker: a credential that a device refused is not shown to that device again.
//!
//! A storm of events would lock the account otherwise. It opens at the first refusal and closes
//! when the inventory has another credential; a new process knows nothing of it and tries once.

use std::collections::BTreeMap;

use fact::Kind;
use simtime::Time;

use super::{Automation, fact};
use crate::inventory::Credential;
use crate::io::Outbox;

/// The open ones, by device.
#[derive(Debug, Default)]
pub(super) struct Breakers(BTreeMap<String, Breaker>);

#[derive(Debug)]
struct Breaker {
    credential: Credential,
    since: Time,
    reason: String,
}

impl Automation {
    /// A device refused what the inventory says about it.
    pub(super) fn credential_refused(
        &mut self,
        now: Time,
        job: &str,
        reason: &str,
        out: &mut Outbox,
    ) {
        let Some(job) = self.jobs.get(job) else { return };
        let device = &job.plan.device;
        let Some(node) = self.config.inventory.device(device) else { return };
        let reason = reason.to_owned();
        let kind = Kind::BreakerOpened { job: job.plan.job.clone(), reason: reason.clone() };
        fact(now, Some(device), job.trace, kind, out);
        let breaker = Breaker { credential: node.credential.clone(), since: now, reason };
        // One for each node at most, also when the inventory changes.
        self.breakers.0.retain(|device, _| self.config.inventory.device(device).is_some());
        self.breakers.0.insert(device.clone(), breaker);
    }

    /// Why a device must not be logged in to, if so.
    pub(super) fn breaker(&mut self, device: &str) -> Option<String> {
        let Breaker { credential, since, reason } = self.breakers.0.get(device)?;
        let node = self.config.inventory.device(device)?;
        if node.credential == *credential {
            let why =
                format!("not tried: {reason} at {since}, and its credential is still the same");
            return Some(why);
        }
        self.breakers.0.remove(device);
        None
    }
}
