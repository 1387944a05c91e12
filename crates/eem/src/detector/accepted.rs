//! Events that no virtual router has a cause for: they are read, kept and shown, and never raised.

use std::sync::Arc;

use super::declared::{self, never};
use super::option::{OPERATORS, Spec, Value, must, opt};
use super::{Detector, Limits};
use crate::problem::Problem;
use crate::reader::Reader;

const SEVERITIES: &[&str] = &["major", "minor"];
const BOOLEAN: &[&str] = &["false", "true"];

pub(super) const ENV: &[Spec] = &[opt("severity", "Severity", Value::Choice(SEVERITIES))];

pub(super) const GOLD: &[Spec] = &[
    must("card", "Card", Value::Word),
    opt("sub-card", "Sub-card", Value::Word),
    opt("new-failure", "New failure", Value::Choice(BOOLEAN)),
    opt("severity-major", "Major severity", Value::Flag),
    opt("severity-minor", "Minor severity", Value::Flag),
    opt("severity-normal", "Normal severity", Value::Flag),
    opt("action-notify", "Action notify", Value::Choice(BOOLEAN)),
    opt("testing-type", "Testing type", Value::Word),
    opt("event-type", "Event type", Value::Word),
    opt("test-name", "Test name", Value::Word),
    opt("test-id", "Test id", Value::Number(1..=65_535)),
    opt("consecutive-failure", "Consecutive failures", Value::Number(1..=65_535)),
    opt("platform-action", "Platform action", Value::Number(0..=65_535)),
];

const OUTCOMES: &[&str] = &["all", "fail", "success"];
pub(super) const IDENTITY: &[Spec] = &[
    must("interface", "Interface", Value::Ports),
    opt("authc", "Authentication", Value::Choice(OUTCOMES)),
    opt("authz", "Authorization", Value::Choice(OUTCOMES)),
    opt("authz-complete", "Authorization is complete", Value::Flag),
    opt("aaa-attribute", "AAA attribute", Value::Quoted),
    opt("mac-address", "MAC address", Value::Word),
];

const REACTIONS: &[&str] = &[
    "connectionLoss",
    "icpif",
    "jitterAvg",
    "jitterDSAvg",
    "jitterSDAvg",
    "maxOfNegativeDS",
    "maxOfNegativeSD",
    "maxOfPositiveDS",
    "maxOfPositiveSD",
    "mos",
    "packetLateArrival",
    "packetLossDS",
    "packetLossSD",
    "packetMIA",
    "packetOutOfSequence",
    "rtt",
    "timeout",
    "verifyError",
];
pub(super) const IPSLA: &[Spec] = &[
    opt("group-name", "Group name", Value::Word),
    opt("operation-id", "Operation id", Value::Number(1..=2_147_483_647)),
    opt("reaction-type", "Reaction type", Value::Choice(REACTIONS)),
    opt("dest-ip-addr", "Destination address", Value::Word),
];

pub(super) const MAT: &[Spec] = &[
    must("interface", "Interface", Value::Ports),
    opt("mac-address", "MAC address", Value::Word),
    opt("type", "Type of change", Value::Choice(&["add", "delete"])),
    opt("hold-down", "Hold-down time in seconds", Value::Number(1..=4_294_967_295)),
    opt("use-mat-db", "Use the MAT database", Value::Choice(&["no", "yes"])),
];

const NF_TYPES: &[&str] = &["create", "delete", "update"];
const NF_OPERATORS: &[&str] = &["eq", "ge", "gt", "le", "lt", "wc"];
static NF_EVENT: [Spec; 7] = [
    must("field", "Field", Value::Word),
    opt("rate-interval", "Rate interval in seconds", Value::Number(1..=4_294_967_295)),
    must("entry-value", "Entry value", Value::Quoted),
    must("entry-op", "Entry operator", Value::Choice(NF_OPERATORS)),
    opt("exit-value", "Exit value", Value::Quoted),
    opt("exit-op", "Exit operator", Value::Choice(NF_OPERATORS)),
    opt("exit-rate-interval", "Exit rate interval in seconds", Value::Number(1..=4_294_967_295)),
];
pub(super) static NF: [Spec; 7] = [
    must("monitor-name", "Monitor name", Value::Word),
    must("event-type", "Event type", Value::Choice(NF_TYPES)),
    opt("exit-event-type", "Exit event type", Value::Choice(NF_TYPES)),
    must("event1", "First event", Value::Nested(&NF_EVENT)),
    opt("event2", "Second event", Value::Nested(&NF_EVENT)),
    opt("event3", "Third event", Value::Nested(&NF_EVENT)),
    opt("event4", "Fourth event", Value::Nested(&NF_EVENT)),
];

pub(super) const RF: &[Spec] = &[must("event", "Redundancy framework event", Value::Word)];
pub(super) const RPC: &[Spec] =
    &[opt("default", "Time to wait for the policy in seconds", Value::Seconds)];

pub(super) const NOTIFICATION: &[Spec] = &[
    must("oid", "SNMP object identifier", Value::Word),
    must("oid-val", "Value of the object", Value::Quoted),
    must("op", "Comparison operator", Value::Choice(OPERATORS)),
    opt("src-ip-address", "Source address", Value::Word),
    opt("dest-ip-address", "Destination address", Value::Word),
    opt("default", "Time to wait for the policy in seconds", Value::Seconds),
    opt("direction", "Direction", Value::Choice(&["incoming", "outgoing"])),
    opt("msg-op", "What becomes of the message", Value::Choice(&["drop", "send"])),
];

type Read = Result<Arc<dyn Detector>, Problem>;

pub(super) fn parse_env(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, ENV, never)
}

pub(super) fn parse_gold(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, GOLD, never)
}

pub(super) fn parse_identity(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, IDENTITY, never)
}

pub(super) fn parse_ipsla(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, IPSLA, never)
}

pub(super) fn parse_mat(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, MAT, never)
}

pub(super) fn parse_nf(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, &NF, never)
}

pub(super) fn parse_rf(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, RF, never)
}

pub(super) fn parse_rpc(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, RPC, never)
}

pub(super) fn parse_notification(reader: &mut Reader<'_>, limits: &mut Limits) -> Read {
    declared::read(reader, limits, NOTIFICATION, never)
}
