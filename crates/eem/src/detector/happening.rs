//! Events that something on the router raises and that have little to choose: `event oir`,
//! `event config`, `event application`, `event resource`, `event snmp-object`.

use std::sync::Arc;

use simtime::Time;

use super::declared;
use super::option::{Options, Spec, Value, must, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::Stimulus;
use crate::interpreter::Failure;
use crate::problem::Problem;
use crate::reader::Reader;

pub(super) const OIR: &[Spec] =
    &[opt("event", "OIR event", Value::Choice(&["all", "insert", "removal"]))];
pub(super) const APPLICATION: &[Spec] = &[
    must("sub-system", "Sub-system of the event", Value::Number(1..=4_294_967_295)),
    must("type", "Type of the event", Value::Number(1..=4_294_967_295)),
];
pub(super) const RESOURCE: &[Spec] = &[must("policy", "Resource policy", Value::Quoted)];
const OBJECT_TYPES: &[&str] =
    &["counter", "counter64", "gauge", "int", "ipv4", "octet", "oid", "string", "uint"];
const YES_NO: &[&str] = &["no", "yes"];
pub(super) const OBJECT: &[Spec] = &[
    must("oid", "SNMP object identifier", Value::Word),
    must("type", "Type of the object", Value::Choice(OBJECT_TYPES)),
    must("sync", "Synchronous event publish", Value::Choice(YES_NO)),
    opt("skip", "Skip the default action", Value::Choice(YES_NO)),
    opt("istable", "Whether the object is in a table", Value::Choice(YES_NO)),
    opt("default", "Time to wait for the policy in seconds", Value::Seconds),
];

/// What one of these events makes of something that happened.
type Takes = fn(&Happening, &Stimulus<'_>) -> Option<Variables>;

#[derive(Debug)]
struct Happening {
    options: Options,
    /// The option that may name a variable, as it was when the applet was registered.
    name: String,
    takes: Takes,
}

impl Armed for Happening {
    fn offer(&mut self, now: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let mut variables = (self.takes)(self, stimulus)?;
        if matches!(stimulus, Stimulus::Resource(_)) {
            let sent = format!("{}.{:03}", now.as_secs(), now.as_micros() / 1_000 % 1_000);
            variables.push(("_resource_time_sent".to_owned(), sent));
        }
        Some(variables)
    }
}

pub(super) fn parse_oir(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, OIR, |options, arming| armed(options, arming, oir))
}

/// `event config` has no options of its own. It may have a pattern of arguments in its YANG model,
/// which no device shows.
pub(super) fn parse_config(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, &[], |options, arming| {
        armed(options, arming, |_, stimulus| matches!(stimulus, Stimulus::Config).then(Vec::new))
    })
}

pub(super) fn parse_application(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, APPLICATION, |options, arming| {
        armed(options, arming, application)
    })
}

pub(super) fn parse_resource(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, RESOURCE, |options, arming| armed(options, arming, resource))
}

pub(super) fn parse_object(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    declared::read(reader, limits, OBJECT, |options, arming| armed(options, arming, object))
}

fn armed(options: &Options, arming: &Arming<'_>, takes: Takes) -> Result<Box<dyn Armed>, Failure> {
    let named = ["policy", "oid"].into_iter().find(|name| options.has(name));
    let name = named.map(|name| options.expanded(name, arming)).transpose()?.flatten();
    Ok(Box::new(Happening { options: options.clone(), name: name.unwrap_or_default(), takes }))
}

fn oir(armed: &Happening, stimulus: &Stimulus<'_>) -> Option<Variables> {
    let Stimulus::Oir { inserted, slot } = *stimulus else { return None };
    let event = if inserted { "insert" } else { "removal" };
    let wanted = armed.options.word("event").unwrap_or("all");
    (wanted == "all" || wanted == event)
        .then(|| named([("_oir_event", event.to_owned()), ("_oir_slot", slot.to_owned())]))
}

fn application(armed: &Happening, stimulus: &Stimulus<'_>) -> Option<Variables> {
    let Stimulus::Application { subsystem, kind, data } = *stimulus else { return None };
    let is_it = armed.options.number("sub-system") == Some(subsystem.into())
        && armed.options.number("type") == Some(kind.into());
    if !is_it {
        return None;
    }
    let mut variables = named([
        ("_application_sub_system", subsystem.to_string()),
        ("_application_component_id", subsystem.to_string()),
        ("_application_type", kind.to_string()),
    ]);
    let numbered = (1..).zip(data.iter().take(4));
    variables.extend(numbered.map(|(n, text)| (format!("_application_data{n}"), text.clone())));
    Some(variables)
}

fn resource(armed: &Happening, stimulus: &Stimulus<'_>) -> Option<Variables> {
    let Stimulus::Resource(change) = *stimulus else { return None };
    (armed.name == change.policy).then(|| {
        let notification = if change.rising { "rising" } else { "falling" };
        named([
            ("_resource_policy_name", change.policy.to_owned()),
            ("_resource_owner_name", change.owner.to_owned()),
            ("_resource_level", change.level.to_owned()),
            ("_resource_current_value", change.value.to_string()),
            ("_resource_notification", notification.to_owned()),
        ])
    })
}

fn object(armed: &Happening, stimulus: &Stimulus<'_>) -> Option<Variables> {
    let Stimulus::SnmpObject { oid, request, value } = *stimulus else { return None };
    let under = oid.strip_prefix(armed.name.as_str());
    // A table's objects stand under its name.
    let is_it = under.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    is_it.then(|| {
        named([
            ("_snmp_oid", oid.to_owned()),
            ("_snmp_request", request.to_owned()),
            ("_snmp_request_type", request.to_owned()),
            ("_snmp_value", value.to_owned()),
        ])
    })
}

fn named<const N: usize>(variables: [(&str, String); N]) -> Variables {
    variables.map(|(name, value)| (name.to_owned(), value)).into()
}
