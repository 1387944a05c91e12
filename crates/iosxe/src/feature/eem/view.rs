//! The router as its applets read it.

use eem::{Router, SnmpValue, Which};
use simtime::Time;

use crate::device::State;
use crate::feature::track;

/// What applets can read of this router.
pub(super) struct View<'a>(pub(super) &'a State);

impl Router for View<'_> {
    fn name(&self) -> &str {
        self.0.system.hostname()
    }

    fn interface_names(&self) -> Vec<String> {
        self.0.interfaces.names().map(cli::InterfaceName::long).collect()
    }

    fn interface_value(&self, _: &str, _: &str) -> Option<i64> {
        None
    }

    fn snmp(&self, _: &str, _: Which) -> Option<(String, SnmpValue)> {
        None
    }

    fn track(&self, number: u32) -> Option<bool> {
        track::state(self.0, number)
    }

    fn process_cpu(&self, _: Option<&str>, _: u64) -> Option<u64> {
        None
    }

    fn process_memory(&self, _: Option<&str>) -> Option<(u64, u64)> {
        None
    }

    fn local_offset_secs(&self, at: Time) -> i64 {
        self.0.clock.ahead_secs(at)
    }

    fn is_booting(&self) -> bool {
        !self.0.booted
    }
}
