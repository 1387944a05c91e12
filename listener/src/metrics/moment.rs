//! What is asked when the metrics are read: the room for clients, and whether the disk answers.

use std::fmt::Error;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

use crate::http::Room;
use crate::ready::Readiness;

#[derive(Debug)]
pub(super) struct Moment {
    pub(super) room: Arc<Room>,
    pub(super) ready: Arc<Readiness>,
}

impl Collector for Moment {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> Result<(), Error> {
        let seen = self.room.occupancy();
        let gauge = |value: usize| ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
        let bytes = Some(&Unit::Bytes);
        let about = "Connections that are open";
        put(&mut to, "http_connections", about, None, &gauge(seen.connections))?;
        let about = "Bodies that are being read or whose request is being answered";
        put(&mut to, "http_bodies", about, bytes, &gauge(seen.bodies_bytes))?;
        let about = "Clients for whose connection there was no room";
        put(&mut to, "http_connections_refused", about, None, &ConstCounter::new(seen.refused))?;
        let about = "Clients whose connection gave way to another";
        put(&mut to, "http_connections_evicted", about, None, &ConstCounter::new(seen.evicted))?;
        let about = "Whether the journal can be written";
        let writable = gauge(usize::from(self.ready.is_writable()));
        put(&mut to, "journal_writable", about, None, &writable)?;
        let about = "Whether the listener is ready, as /ready says";
        let ready = gauge(usize::from(self.ready.complaint().is_none()));
        put(&mut to, "ready", about, None, &ready)
    }
}

fn put(
    to: &mut DescriptorEncoder<'_>,
    name: &str,
    about: &str,
    unit: Option<&Unit>,
    metric: &impl EncodeMetric,
) -> Result<(), Error> {
    // The registry ends the help of what is registered with a full stop; this way it does not.
    metric.encode(to.encode_descriptor(name, &format!("{about}."), unit, metric.metric_type())?)
}
