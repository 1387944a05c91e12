//! `event interface` and `event snmp`: values that are read at an interval, with entry and exit.

use std::sync::Arc;

use simtime::{Duration, Time};

use super::declared;
use super::option::{Options, Spec, Value, must};
use super::threshold::{Crossing, SHARED, Threshold};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Router, Seconds, Which};

pub(super) static INTERFACE: [Spec; 13] = {
    let [a, b, c, d, e, f, g, h, i, j, k] = SHARED;
    [
        must("name", "Interface name", Value::Port),
        must("parameter", "Interface counter", Value::Choice(PARAMETERS)),
        a,
        b,
        c,
        d,
        e,
        f,
        g,
        h,
        i,
        j,
        k,
    ]
};

pub(super) static SNMP: [Spec; 13] = {
    let [a, b, c, d, e, f, g, h, i, j, k] = SHARED;
    [
        must("oid", "SNMP object identifier", Value::Word),
        must("get-type", "Type of get", Value::Choice(&["exact", "next"])),
        a,
        b,
        c,
        d,
        e,
        f,
        g,
        h,
        i,
        j,
        k,
    ]
};

/// The parameters of `event interface`.
const PARAMETERS: &[&str] = &[
    "input_errors",
    "input_errors_crc",
    "input_errors_frame",
    "input_errors_overrun",
    "input_packets_dropped",
    "interface_resets",
    "output_buffer_failures",
    "output_buffer_swappedout",
    "output_errors",
    "output_errors_underrun",
    "output_packets_dropped",
    "receive_broadcasts",
    "receive_giants",
    "receive_rate_bps",
    "receive_rate_pps",
    "receive_runts",
    "receive_throttle",
    "reliability",
    "rxload",
    "transmit_rate_bps",
    "transmit_rate_pps",
    "txload",
];

/// The shortest interval, so that a poll never stands still.
const INTERVAL_MIN: Duration = Duration::from_secs(1);

/// A value that is polled.
#[derive(Debug)]
struct Polled {
    subject: Subject,
    threshold: Threshold,
    interval: Duration,
    next: Time,
}

#[derive(Debug)]
enum Subject {
    Interface { name: String, parameter: String, is_increment: bool },
    Snmp { oid: String, which: Which },
}

pub(super) fn parse_interface(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, &INTERFACE, |options, arming| {
        let name = options.expanded("name", arming)?.unwrap_or_default();
        let parameter = options.word("parameter").unwrap_or_default().to_owned();
        let is_increment = options.word("entry-type") == Some("increment");
        let subject = Subject::Interface { name, parameter, is_increment };
        polled(options, arming, subject, true)
    })
}

pub(super) fn parse_snmp(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, &SNMP, |options, arming| {
        let oid = options.expanded("oid", arming)?.unwrap_or_default();
        let is_exact = options.word("get-type") == Some("exact");
        let which = if is_exact { Which::Exact } else { Which::Next };
        polled(options, arming, Subject::Snmp { oid, which }, false)
    })
}

fn polled(
    options: &Options,
    arming: &Arming<'_>,
    subject: Subject,
    exit_increment_works: bool,
) -> Result<Box<dyn Armed>, Failure> {
    let interval = options.seconds("poll-interval").map_or(INTERVAL_MIN, Seconds::duration);
    let interval = interval.max(INTERVAL_MIN);
    Ok(Box::new(Polled {
        subject,
        threshold: Threshold::new(options, exit_increment_works),
        interval,
        next: arming.now + interval,
    }))
}

impl Armed for Polled {
    fn deadline(&self) -> Option<Time> {
        Some(self.next)
    }

    fn due(&mut self, now: Time, router: &dyn Router) -> Option<Variables> {
        self.next = now + self.interval;
        match &self.subject {
            Subject::Interface { name, parameter, is_increment } => {
                let reading = router.interface_value(name, parameter)?;
                let crossing = self.threshold.look(now, reading)?;
                let Crossing { is_exit, value, delta } = crossing;
                Some(variables([
                    ("_interface_name", name.clone()),
                    ("_interface_parameter", parameter.clone()),
                    ("_interface_is_increment", u8::from(*is_increment).to_string()),
                    ("_interface_value", value.to_string()),
                    ("_interface_delta_value", delta.to_string()),
                    ("_interface_exit_event", u8::from(is_exit).to_string()),
                ]))
            }
            Subject::Snmp { oid, which } => {
                let (oid, value) = router.snmp(oid, *which)?;
                let crossing = self.threshold.look(now, value.number()?)?;
                Some(variables([
                    ("_snmp_oid", oid),
                    ("_snmp_oid_val", crossing.value.to_string()),
                    ("_snmp_oid_delta_val", crossing.delta.to_string()),
                    ("_snmp_exit_event", u8::from(crossing.is_exit).to_string()),
                ]))
            }
        }
    }
}

fn variables<const N: usize>(named: [(&str, String); N]) -> Variables {
    named.map(|(name, value)| (name.to_owned(), value)).into()
}
