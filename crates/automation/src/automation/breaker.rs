//! The breaker: a credential that a device refused is not shown to that device again.
//!
//! A storm of events would lock the account otherwise. It opens at the first refusal, or when a
//! device has hung up on the password a few times in a row, and closes when the inventory has
//! another credential; a new process knows nothing of it and tries once.

use std::collections::BTreeMap;

use fact::Kind;
use simtime::Time;

use super::sessions::Session;
use super::{Automation, fact};
use crate::inventory::Credential;
use crate::io::Outbox;

/// How often in a row a device may hang up on a password before that is a refusal: fewer than
/// what locks an account as a rule.
const HANG_UPS_MAX: u32 = 3;

/// How many credentials that requests gave and devices refused are remembered.
const GIVEN_MAX: usize = 1_024;

/// The open ones, by device, and how often a device has hung up on its password.
#[derive(Debug, Default)]
pub(super) struct Breakers {
    open: BTreeMap<String, Breaker>,
    hang_ups: BTreeMap<String, u32>,
    /// Credentials of requests: refused for themselves, never for the device.
    given: BTreeMap<(String, Credential), (Time, String)>,
}

#[derive(Debug)]
struct Breaker {
    credential: Credential,
    since: Time,
    reason: String,
}

impl Breakers {
    /// A device ended the connection when it had the password. True when that is a refusal.
    pub(super) fn hung_up(&mut self, device: &str) -> bool {
        let hang_ups = self.hang_ups.entry(device.to_owned()).or_default();
        *hang_ups += 1;
        *hang_ups >= HANG_UPS_MAX
    }

    fn remember(&mut self, device: &str, credential: Credential, now: Time, reason: String) {
        if self.given.len() >= GIVEN_MAX {
            let oldest = self.given.iter().min_by_key(|(_, (since, _))| *since);
            let oldest = oldest.map(|(key, _)| key.clone());
            oldest.map(|key| self.given.remove(&key));
        }
        self.given.insert((device.to_owned(), credential), (now, reason));
    }

    /// A device took its password.
    pub(super) fn held(&mut self, device: &str) {
        self.hang_ups.remove(device);
    }
}

impl Automation {
    /// A device refused what a session showed it, which need not be what the inventory says now.
    pub(super) fn credential_refused(
        &mut self,
        now: Time,
        session: &Session,
        reason: &str,
        out: &mut Outbox,
    ) {
        let Some(job) = self.jobs.get(&session.job) else { return };
        let Some(credential) = session.credential.clone() else { return };
        let device = &session.device;
        let reason = reason.to_owned();
        let kind = Kind::BreakerOpened { job: job.plan.job.clone(), reason: reason.clone() };
        fact(now, Some(device), job.trace, kind, out);
        if session.given {
            return self.breakers.remember(device, credential, now, reason);
        }
        let breaker = Breaker { credential, since: now, reason };
        // One for each node at most, also when the inventory changes.
        let inventory = &self.config.inventory;
        self.breakers.open.retain(|device, _| inventory.device(device).is_some());
        self.breakers.hang_ups.retain(|device, _| inventory.device(device).is_some());
        self.breakers.hang_ups.remove(device);
        self.breakers.open.insert(device.clone(), breaker);
    }

    /// Why a device must not be logged in to for a job, if so.
    pub(super) fn breaker(&mut self, device: &str, job: &str) -> Option<String> {
        if let Some(credential) = self.logins.get(job).and_then(|login| Credential::given(login)) {
            let (since, reason) = self.breakers.given.get(&(device.to_owned(), credential))?;
            return Some(format!("not tried: {reason} at {since}, with the same credential"));
        }
        let Breaker { credential, since, reason } = self.breakers.open.get(device)?;
        let node = self.config.inventory.device(device)?;
        if node.credential == *credential {
            let why =
                format!("not tried: {reason} at {since}, and its credential is still the same");
            return Some(why);
        }
        self.breakers.open.remove(device);
        None
    }
}
