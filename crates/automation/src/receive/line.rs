//! From a line of syslog to an event: what it says, and whose it is.
//!
//! Called by the automation for every line. A line proves nothing: the device is a claim, unless
//! its collector trusts addresses and one node alone has the sender's.

use std::net::IpAddr;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use simtime::Time;
use webhook::{DeviceFrom, Event};

use super::Refusal;
use super::rate::{Rates, Sender};
use crate::config::{Collector, Config};
use crate::inventory::Inventory;
use crate::io::Line;

/// What a line without a mnemonic is called.
const NAMELESS: &str = "Syslog";

/// What one line says; its event has no id yet. The refusal is told to nobody who sent it.
pub(crate) fn line(
    config: &Config,
    rates: &mut Rates,
    now: Time,
    line: &Line<'_>,
) -> Result<Event, Refusal> {
    let gone = || Refusal::new(404, "no collector is there any more");
    let collector = config.collector(line.place).ok_or_else(gone)?;
    let source = collector.place.transport.source();
    let peer = line.peer.to_canonical();
    let taken = rates.take(now, source, Sender::Peer(peer), collector.rate);
    taken.map_err(|_| {
        Refusal::new(429, format!("this source takes {} of one address", collector.rate))
    })?;
    let read = syslog::read(line.bytes);
    if read.message.is_empty() {
        return Err(Refusal::new(400, "an empty line"));
    }
    let (name, data) = says(collector, &read);
    let mut event = Event::new("", now, source, name);
    event.method.clear();
    event.path.clear();
    event.data = data;
    event.peer = Some(peer);
    event.bytes = line.bytes.len() as u64;
    let trusts = collector.trusts_address;
    let (device, from) = whose(&config.inventory, trusts, read.hostname.as_deref(), peer);
    (event.device, event.device_from) = (device, from);
    Ok(event)
}

/// Tells whether two lines are the same, for the record.
pub(crate) fn digest(line: &Line<'_>) -> String {
    Sha256::digest(line.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The event's name and its data.
fn says(collector: &Collector, read: &syslog::Line) -> (String, Map<String, Value>) {
    let mnemonic = read.mnemonic.as_ref().map(ToString::to_string);
    let called = collector.call(mnemonic.as_deref(), &read.text);
    let mut data = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        data.extend(value.map(|value| (key.to_owned(), value)));
    };
    // What a pattern finds never stands in the place of what the line itself says.
    called.found.into_iter().for_each(|(key, value)| put(&key, Some(value.into())));
    let parts = read.mnemonic.as_ref();
    put("facility", parts.map(|parts| parts.facility.clone().into()));
    put("severity", read.severity().map(Value::from));
    put("mnemonic", parts.map(|parts| parts.mnemonic.clone().into()));
    put("message", Some(read.message.clone().into()));
    put("hostname", read.hostname.clone().map(Value::from));
    put("sequence", read.sequence.map(Value::from));
    put("timestamp", read.timestamp.clone().map(Value::from));
    let own = mnemonic.filter(|name| webhook::body::is_name(name));
    let name = called.name.or(own).unwrap_or_else(|| NAMELESS.to_owned());
    (name, data)
}

/// The node that a line concerns, by what it calls itself, else by where it comes from.
fn whose(
    inventory: &Inventory,
    trusts_address: bool,
    hostname: Option<&str>,
    peer: IpAddr,
) -> (Option<String>, DeviceFrom) {
    let there = inventory.sole_at(peer);
    if let (true, Some(node)) = (trusts_address, there) {
        return (Some(node.to_owned()), DeviceFrom::Address);
    }
    let by_name = hostname.and_then(|name| {
        let at = |address: IpAddr| inventory.sole_at(address);
        inventory.resolve(name).or_else(|| name.parse().ok().and_then(at))
    });
    match by_name.or(there) {
        Some(node) => (Some(node.to_owned()), DeviceFrom::Claimed),
        None => (None, DeviceFrom::Unknown),
    }
}
