//! Routers that are made from a router: what is left of it after a reload, and a twin to try
//! changes on.

use std::sync::Arc;

use simtime::Time;

use super::State;
use crate::config;
use crate::feature::reload::Reload;
use crate::io::{DeviceConfig, Outbox};
use crate::turn::Turn;

impl State {
    /// A router with the same configuration that nobody else sees: to try changes on.
    pub(crate) fn twin(&self, now: Time) -> State {
        let config = DeviceConfig {
            name: Arc::clone(&self.name),
            platform: self.platform,
            dialect: self.dialect,
            shows: self.shows.clone(),
            startup: Some(config::running_text(self)),
            files: Vec::new(),
            user: None,
            dark: Vec::new(),
            rng: self.rng.clone(),
        };
        let mut twin = State::new(config, now);
        twin.keys = self.keys.clone();
        let mut out = Outbox::default();
        let mut turn = Turn { state: &mut twin, now, trace: None, out: &mut out };
        turn.boot();
        twin
    }

    /// Forgets all that a reload forgets. What stays: the hardware, the NVRAM, the files, the
    /// calendar, and which wires are alive.
    pub(crate) fn restart(&mut self, reload: Reload, now: Time) {
        let config = DeviceConfig {
            name: Arc::clone(&self.name),
            platform: self.platform,
            dialect: self.dialect,
            shows: self.shows.clone(),
            startup: None,
            files: Vec::new(),
            user: self.administrator.take(),
            dark: Vec::new(),
            rng: self.rng.clone(),
        };
        let mut fresh = State::new(config, now);
        fresh.reload = reload;
        fresh.startup = std::mem::take(&mut self.startup);
        fresh.flash = self.flash.after_reload();
        fresh.keys = std::mem::take(&mut self.keys);
        fresh.clock = self.clock.after_reload();
        fresh.snmp = self.snmp.after_reload();
        fresh.environment = std::mem::take(&mut self.environment);
        fresh.interfaces.keep_carrier_of(&self.interfaces);
        fresh.discovery = self.discovery.after_reload();
        fresh.eem.set_tracing(self.eem.is_tracing());
        *self = fresh;
    }
}
