//! The table of objects, in the order of their names. One row each.

use eem::SnmpValue::{self, Number, Text};

use super::Agent;
use crate::feature::interface::Reading;
use crate::io::{Counter, Direction};

/// One object: a scalar, or a column of a table.
pub(super) struct Object {
    /// Its name without an index.
    pub(super) oid: &'static [u32],
    /// Its word in the MIB.
    pub(super) name: &'static str,
    /// The instances that it has now: index and value.
    pub(super) read: fn(&Agent<'_>) -> Instances,
}

type Instances = Vec<(Vec<u32>, SnmpValue)>;

const fn object(
    oid: &'static [u32],
    name: &'static str,
    read: fn(&Agent<'_>) -> Instances,
) -> Object {
    Object { oid, name, read }
}

/// A row whose value is one number or text of the router.
macro_rules! scalar {
    ($oid:expr, $name:literal, $value:expr) => {
        object($oid, $name, |agent| vec![(vec![0], $value(agent))])
    };
}

/// A row with a value for each interface.
macro_rules! port {
    ($oid:expr, $name:literal, $value:expr) => {
        object($oid, $name, |agent| ports(agent, $value))
    };
}

/// The numbers of a group, and one more.
macro_rules! system {
    ($($part:literal),+) => { &[1, 3, 6, 1, 2, 1, 1, $($part),+] };
}
macro_rules! if_entry {
    ($part:literal) => {
        &[1, 3, 6, 1, 2, 1, 2, 2, 1, $part]
    };
}
macro_rules! ip_address {
    ($part:literal) => {
        &[1, 3, 6, 1, 2, 1, 4, 20, 1, $part]
    };
}
macro_rules! if_x_entry {
    ($part:literal) => {
        &[1, 3, 6, 1, 2, 1, 31, 1, 1, 1, $part]
    };
}
macro_rules! cisco {
    ($($part:literal),+) => { &[1, 3, 6, 1, 4, 1, 9, $($part),+] };
}

/// Every object.
pub(super) static OBJECTS: &[Object] = &[
    scalar!(system!(1), "sysDescr", |agent: &Agent<'_>| {
        Text(agent.state.platform.profile().release().trim_end().into())
    }),
    scalar!(system!(2), "sysObjectID", |agent: &Agent<'_>| {
        Text(agent.state.platform.profile().hardware.object_id.clone())
    }),
    scalar!(system!(3), "sysUpTime", uptime),
    scalar!(system!(4), "sysContact", |agent: &Agent<'_>| Text(agent.state.snmp.contact().into())),
    scalar!(system!(5), "sysName", name),
    scalar!(system!(6), "sysLocation", |agent: &Agent<'_>| {
        Text(agent.state.snmp.location().into())
    }),
    scalar!(system!(7), "sysServices", |_: &Agent<'_>| Number(78)),
    scalar!(&[1, 3, 6, 1, 2, 1, 2, 1], "ifNumber", |agent: &Agent<'_>| {
        counted(agent.state.interfaces.names().count() as u64)
    }),
    port!(if_entry!(1), "ifIndex", |port| Number(port.index.into())),
    port!(if_entry!(2), "ifDescr", |port| Text(port.name.long())),
    port!(if_entry!(3), "ifType", |port| Number(port.kind())),
    port!(if_entry!(4), "ifMtu", |port| Number(port.mtu().into())),
    port!(if_entry!(5), "ifSpeed", |port| counted((port.kbit() * 1_000).min(u64::from(u32::MAX)))),
    port!(if_entry!(6), "ifPhysAddress", |port| {
        Text(port.mac().map(|mac| mac.to_string()).unwrap_or_default())
    }),
    port!(if_entry!(7), "ifAdminStatus", |port| status(port.is_enabled())),
    port!(if_entry!(8), "ifOperStatus", |port| status(port.is_up())),
    port!(if_entry!(10), "ifInOctets", |port| wrapped(port.bytes(Direction::Input))),
    port!(if_entry!(11), "ifInUcastPkts", |port| wrapped(port.packets(Direction::Input))),
    port!(if_entry!(12), "ifInNUcastPkts", |_| Number(0)),
    port!(if_entry!(13), "ifInDiscards", |port| wrapped(port.count(Counter::InputDrops))),
    port!(if_entry!(14), "ifInErrors", |port| wrapped(port.input_errors())),
    port!(if_entry!(15), "ifInUnknownProtos", |_| Number(0)),
    port!(if_entry!(16), "ifOutOctets", |port| wrapped(port.bytes(Direction::Output))),
    port!(if_entry!(17), "ifOutUcastPkts", |port| wrapped(port.packets(Direction::Output))),
    port!(if_entry!(18), "ifOutNUcastPkts", |_| Number(0)),
    port!(if_entry!(19), "ifOutDiscards", |port| wrapped(port.count(Counter::OutputDrops))),
    port!(if_entry!(20), "ifOutErrors", |port| wrapped(port.count(Counter::OutputErrors))),
    port!(if_entry!(21), "ifOutQLen", |_| Number(0)),
    object(ip_address!(1), "ipAdEntAddr", |agent| {
        addresses(agent, |_, address, _| Text(address.to_string()))
    }),
    object(ip_address!(2), "ipAdEntIfIndex", |agent| {
        addresses(agent, |port, _, _| Number(port.index.into()))
    }),
    object(ip_address!(3), "ipAdEntNetMask", |agent| {
        addresses(agent, |_, _, mask| Text(mask.to_string()))
    }),
    port!(if_x_entry!(1), "ifName", |port| Text(port.name.short())),
    port!(if_x_entry!(6), "ifHCInOctets", |port| counted(port.bytes(Direction::Input))),
    port!(if_x_entry!(7), "ifHCInUcastPkts", |port| counted(port.packets(Direction::Input))),
    port!(if_x_entry!(10), "ifHCOutOctets", |port| counted(port.bytes(Direction::Output))),
    port!(if_x_entry!(11), "ifHCOutUcastPkts", |port| counted(port.packets(Direction::Output))),
    port!(if_x_entry!(15), "ifHighSpeed", |port| counted(port.kbit() / 1_000)),
    port!(if_x_entry!(18), "ifAlias", |port| Text(port.description().to_owned())),
    // OLD-CISCO-SYS-MIB and OLD-CISCO-CPU-MIB.
    scalar!(cisco!(2, 1, 3), "hostName", name),
    scalar!(cisco!(2, 1, 8), "freeMem", |agent: &Agent<'_>| counted(free(agent))),
    scalar!(cisco!(2, 1, 56), "busyPer", |agent: &Agent<'_>| load(agent, 5)),
    scalar!(cisco!(2, 1, 57), "avgBusy1", |agent: &Agent<'_>| load(agent, 60)),
    scalar!(cisco!(2, 1, 58), "avgBusy5", |agent: &Agent<'_>| load(agent, 300)),
    // CISCO-ENVMON-MIB: the sensors of the chassis.
    object(cisco!(9, 13, 1, 3, 1, 2), "ciscoEnvMonTemperatureStatusDescr", |agent| {
        sensors(agent, |(name, _, _)| Text(name.into()))
    }),
    object(cisco!(9, 13, 1, 3, 1, 3), "ciscoEnvMonTemperatureStatusValue", |agent| {
        sensors(agent, |(_, degrees, _)| Number(degrees))
    }),
    object(cisco!(9, 13, 1, 3, 1, 6), "ciscoEnvMonTemperatureState", |agent| {
        sensors(agent, |(_, _, reached)| Number(i64::try_from(reached).unwrap_or(0) + 1))
    }),
    // CISCO-MEMORY-POOL-MIB: the processor pool, and that of the packet interface.
    object(cisco!(9, 48, 1, 1, 1, 2), "ciscoMemoryPoolName", |agent| {
        pools(agent, |pool| Text(pool.name.into()))
    }),
    object(cisco!(9, 48, 1, 1, 1, 5), "ciscoMemoryPoolUsed", |agent| {
        pools(agent, |pool| counted(pool.used))
    }),
    object(cisco!(9, 48, 1, 1, 1, 6), "ciscoMemoryPoolFree", |agent| {
        pools(agent, |pool| counted(pool.free))
    }),
    object(cisco!(9, 48, 1, 1, 1, 7), "ciscoMemoryPoolLargestFree", |agent| {
        pools(agent, |pool| counted(pool.free / 8 * 7))
    }),
    // CISCO-PROCESS-MIB: one processor.
    object(cisco!(9, 109, 1, 1, 1, 1, 3), "cpmCPUTotal5sec", |agent| processor(agent, 5)),
    object(cisco!(9, 109, 1, 1, 1, 1, 4), "cpmCPUTotal1min", |agent| processor(agent, 60)),
    object(cisco!(9, 109, 1, 1, 1, 1, 5), "cpmCPUTotal5min", |agent| processor(agent, 300)),
    object(cisco!(9, 109, 1, 1, 1, 1, 6), "cpmCPUTotal5secRev", |agent| processor(agent, 5)),
    object(cisco!(9, 109, 1, 1, 1, 1, 7), "cpmCPUTotal1minRev", |agent| processor(agent, 60)),
    object(cisco!(9, 109, 1, 1, 1, 1, 8), "cpmCPUTotal5minRev", |agent| processor(agent, 300)),
];

/// One pool of memory.
#[derive(Clone, Copy)]
struct Pool {
    name: &'static str,
    used: u64,
    free: u64,
}

fn counted(value: u64) -> SnmpValue {
    Number(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A counter of 32 bits begins anew.
fn wrapped(value: u64) -> SnmpValue {
    counted(value & u64::from(u32::MAX))
}

/// up(1), down(2)
fn status(is_up: bool) -> SnmpValue {
    Number(if is_up { 1 } else { 2 })
}

fn uptime(agent: &Agent<'_>) -> SnmpValue {
    counted(agent.now.since(agent.state.system.started()).as_millis() / 10)
}

/// The host name, with the domain if there is one.
fn name(agent: &Agent<'_>) -> SnmpValue {
    let system = &agent.state.system;
    let domain = system.domain().map(|domain| format!(".{domain}")).unwrap_or_default();
    Text(format!("{}{domain}", system.hostname()))
}

fn free(agent: &Agent<'_>) -> u64 {
    agent.state.memory.free_bytes(agent.now)
}

/// The load of the processor in per cent.
fn load(agent: &Agent<'_>, secs: u64) -> SnmpValue {
    let hundredths = agent.state.process_cpu(None, secs, agent.now).unwrap_or(0);
    counted((hundredths + 50) / 100)
}

fn processor(agent: &Agent<'_>, secs: u64) -> Instances {
    vec![(vec![1], load(agent, secs))]
}

fn ports(agent: &Agent<'_>, value: fn(&Reading<'_>) -> SnmpValue) -> Instances {
    let all = agent.state.interfaces.readings(agent.state.system.started(), agent.now);
    all.iter().map(|port| (vec![port.index], value(port))).collect()
}

fn addresses(
    agent: &Agent<'_>,
    value: fn(&Reading<'_>, std::net::Ipv4Addr, std::net::Ipv4Addr) -> SnmpValue,
) -> Instances {
    let all = agent.state.interfaces.readings(agent.state.system.started(), agent.now);
    let with_address = all.iter().filter_map(|port| {
        let (address, mask) = port.address()?;
        let index = address.octets().map(u32::from).to_vec();
        Some((index, value(port, address, mask)))
    });
    with_address.collect()
}

fn pools(agent: &Agent<'_>, value: fn(Pool) -> SnmpValue) -> Instances {
    let pools = agent.state.memory.pools(agent.now);
    let pools = pools.map(|(name, used, free)| Pool { name, used, free });
    (1..).zip(pools).map(|(index, pool)| (vec![index], value(pool))).collect()
}

fn sensors(agent: &Agent<'_>, value: fn((&str, i64, usize)) -> SnmpValue) -> Instances {
    let all = agent.state.environment.readings(agent.now);
    (1..).zip(all).map(|(index, sensor)| (vec![index], value(sensor))).collect()
}
