//! Another configuration, between two inputs.
//!
//! All of it at once: sources, credentials, rules, inventory and mode of one moment belong
//! together. What is on its way keeps what it has: an event is decided by the rules of the moment
//! of its decision, a job does what was decided, a session goes on with the secrets with which it
//! was asked for. A job whose device is no longer there fails when its turn comes: whoever opens
//! sessions says that the inventory has no such node.

use super::Automation;
use crate::config::Config;

impl Automation {
    pub(super) fn reload(&mut self, config: Config) {
        self.jobs.set_limits(config.limits);
        self.config = config;
    }
}

#[cfg(test)]
#[path = "reload_tests.rs"]
mod tests;
