//! The router as its applets read it.

use cli::InterfaceName;
use eem::{Router, SnmpValue, Which};
use simtime::Time;

use crate::device::State;
use crate::feature::{snmp, track};

/// What applets can read of this router, at an instant.
pub(super) struct View<'a> {
    pub(super) state: &'a State,
    pub(super) now: Time,
}

impl Router for View<'_> {
    fn name(&self) -> &str {
        self.state.system.hostname()
    }

    fn interface_names(&self) -> Vec<String> {
        self.state.interfaces.names().map(InterfaceName::long).collect()
    }

    fn interface_value(&self, interface: &str, parameter: &str) -> Option<i64> {
        let name = InterfaceName::parse(interface)?;
        let started = self.state.system.started();
        let all = self.state.interfaces.readings(started, self.now);
        all.into_iter().find(|reading| reading.name == name)?.parameter(parameter)
    }

    fn snmp(&self, oid: &str, which: Which) -> Option<(String, SnmpValue)> {
        snmp::read(self.state, self.now, oid, which)
    }

    fn track(&self, number: u32) -> Option<bool> {
        track::state(self.state, number)
    }

    fn process_cpu(&self, name: Option<&str>, period_secs: u64) -> Option<u64> {
        self.state.process_cpu(name, period_secs, self.now)
    }

    fn process_memory(&self, name: Option<&str>) -> Option<(u64, u64)> {
        self.state.memory.held(name, self.now)
    }

    fn local_offset_secs(&self, at: Time) -> i64 {
        self.state.clock.ahead_secs(at)
    }

    fn is_booting(&self) -> bool {
        !self.state.booted
    }
}
