//! What an applet can read of its router, at any instant and without a request.

use std::fmt;

use simtime::Time;

/// The router as its applets see it: only to be read. What changes it is a [`crate::Request`].
pub trait Router {
    /// Its host name.
    fn name(&self) -> &str;

    /// The long names of its interfaces, in the order of `show ip interface brief`.
    fn interface_names(&self) -> Vec<String>;

    /// A parameter of `event interface` (`input_errors`, `rxload`, ...). `None` if there is no such
    /// interface or parameter.
    fn interface_value(&self, interface: &str, parameter: &str) -> Option<i64>;

    /// The value of an SNMP object, or of the one after it. The name may be in dots or in words
    /// (`ifInErrors.2`).
    fn snmp(&self, oid: &str, which: Which) -> Option<(String, SnmpValue)>;

    /// Whether a tracked object is up. `None` if it is not configured.
    fn track(&self, number: u32) -> Option<bool>;

    /// The load of a process in hundredths of a per cent, over `period` seconds. `None` if there is
    /// no such process; without a name, of the whole router.
    fn process_cpu(&self, name: Option<&str>, period_secs: u64) -> Option<u64>;

    /// The memory that a process holds, in bytes, and in per cent of all. Without a name, all.
    fn process_memory(&self, name: Option<&str>) -> Option<(u64, u64)>;

    /// What the router's own clock is ahead of the lab's at `at`, its time zone included, in
    /// seconds: cron entries are in local time.
    fn local_offset_secs(&self, at: Time) -> i64;

    /// Whether it is reading its startup-config: `@reboot` is meant.
    fn is_booting(&self) -> bool;
}

/// Which object a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The very object.
    Exact,
    /// The one after it in the tree.
    Next,
}

/// The value of an SNMP object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnmpValue {
    /// INTEGER, Counter, Gauge, TimeTicks.
    Number(i64),
    /// OCTET STRING, IpAddress, OBJECT IDENTIFIER: as text.
    Text(String),
}

impl SnmpValue {
    /// The number, if it is one.
    pub fn number(&self) -> Option<i64> {
        match self {
            SnmpValue::Number(number) => Some(*number),
            SnmpValue::Text(_) => None,
        }
    }
}

impl fmt::Display for SnmpValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SnmpValue::Number(number) => number.fmt(f),
            SnmpValue::Text(text) => f.write_str(text),
        }
    }
}
