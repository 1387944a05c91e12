//! From a request to an event: who sent it, about which device, and what it says.
//!
//! Called by the automation for every delivery. The order is the defence: path, size and credential
//! are checked before a byte of the body is parsed. It decides nothing and starts nothing.

mod content;
mod credential;
mod device;
mod line;
mod params;
mod problem;
mod rate;
mod seen;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use simtime::Time;
use webhook::{Event, basic, body, header, standard};

use crate::Delivery;
use crate::config::{Config, Entrance, Rule, Unrouted};
use crate::io::{DeliveryId, Reply};
use crate::record::{Holder, Method, Verification};

use rate::Sender;

pub(crate) use line::{digest, line};
pub(crate) use problem::{Refusal, json, title};
pub(crate) use rate::{Burst, RATE_DEFAULT, Rate, RateBy, Rates};
pub(crate) use seen::{Fingerprint, Known, Seen};

/// What a delivery says, and about which device.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// The event, whose id is given when it is accepted.
    pub(crate) event: Event,
    pub(crate) trace: Option<fact::TraceId>,
    /// The request as it was sent, where its login is to be read from it: never stored.
    pub(crate) sent: Option<Value>,
}

/// A delivery whose sender is verified.
#[derive(Clone, Debug)]
pub(crate) struct Authenticated {
    pub(crate) verification: Verification,
    pub(crate) webhook_id: Option<String>,
    pub(crate) fingerprint: Fingerprint,
}

/// Who sent a delivery: everything that can be said without parsing its body.
pub(crate) fn authenticate(
    config: &Config,
    rates: &mut Rates,
    now: Time,
    delivery: &Delivery<'_>,
) -> Result<Authenticated, Refusal> {
    let entrance = entrance(config, delivery)?;
    let body_bytes_max = config.limits.body_bytes;
    if delivery.body.len() > body_bytes_max {
        return Err(Refusal::new(413, format!("the body is larger than {body_bytes_max} bytes")));
    }
    let verification = credential::verify(entrance, now, delivery)?;
    within_rate(entrance, rates, now, delivery, &verification)?;
    content::kind(entrance, delivery)?;
    let webhook_id = webhook_id(config, delivery)?;
    let fingerprint = Fingerprint {
        source: seen::source(entrance.verb, &entrance.path),
        holder: verification.credential.clone(),
        webhook_id: webhook_id.clone(),
        body_sha256: digest_of(entrance, delivery),
        at: now,
        signed: seen::is_signed(&verification),
        dedup: entrance.dedup,
    };
    Ok(Authenticated { verification, webhook_id, fingerprint })
}

/// What an authenticated delivery says, and about which device.
pub(crate) fn check(
    config: &Config,
    now: Time,
    delivery: &Delivery<'_>,
    verification: &Verification,
) -> Result<Checked, Refusal> {
    let entrance = entrance(config, delivery)?;
    let params = params::of(entrance, delivery)?;
    let (data, normalized_from) = content::of(entrance, delivery, &params)?;
    let name = match (body::event_name(&data), &entrance.name) {
        (Ok(name), _) => name,
        (Err(_), Some(own)) => own,
        (Err(error), None) => return Err(nameless(verification, &error)),
    };
    let mut event = Event::new("", now, &entrance.path, name);
    event.data = data;
    event.params = params;
    event.normalized_from = normalized_from;
    delivery.method.as_str().clone_into(&mut event.method);
    delivery.path.clone_into(&mut event.path);
    event.sender = sender(delivery, verification)?;
    event.peer = Some(delivery.peer.to_canonical());
    event.bytes = delivery.body.len() as u64;
    // What is not there names nobody.
    let said = entrance.device.as_ref().map(|text| {
        let scope = config.engine.scope(&event);
        config.engine.text(text, &scope).unwrap_or_default().trim().to_owned()
    });
    let by_body = match &said {
        Some(said) => Some(said.as_str()).filter(|said| !said.is_empty()),
        None => event.data.get("device").and_then(Value::as_str),
    };
    let named = device::Named { by_body, by_header: one(delivery, header::DEVICE)? };
    let holder = verification.credential.as_ref();
    let (device, device_from) = device::identify(&config.inventory, holder, entrance.relay, named)?;
    (event.device, event.device_from) = (device, device_from);
    let trace = one(delivery, header::TRACEPARENT)?.and_then(fact::TraceId::from_traceparent);
    event.trace_id = trace.map(|trace| trace.to_string());
    let own = entrance.rule.as_ref().is_some_and(Rule::reads_logins);
    let keeps = own || config.rules_read_logins();
    let sent = keeps.then(|| serde_json::json!({"data": event.data, "params": event.params}));
    // From here on nobody sees a secret: neither a rule, nor the journal.
    config.redactor.clean(&mut event.name);
    config.redactor.clean(&mut event.path);
    config.redactor.object(&mut event.data);
    config.redactor.object(&mut event.params);
    Ok(Checked { event, trace, sent })
}

/// What the sender wants to read.
pub(crate) fn accept<'a>(delivery: &Delivery<'a>) -> Option<&'a str> {
    let mut headers = delivery.headers.iter();
    headers.find(|(name, _)| name == "accept").map(|(_, value)| value.as_str())
}

fn entrance<'a>(config: &'a Config, delivery: &Delivery<'_>) -> Result<&'a Entrance, Refusal> {
    let path = || problem::shown(delivery.path);
    config.entrance(delivery.method, delivery.path).map_err(|unrouted| match unrouted {
        Unrouted::Path => Refusal::new(404, format!("nothing is received at `{}`", path())),
        Unrouted::Method(allowed) => {
            let detail = format!("`{}` takes {allowed} alone", path());
            Refusal::new(405, detail).header("allow", &allowed)
        }
    })
}

/// The user that Basic authentication names, else whom the credential belongs to.
fn sender(delivery: &Delivery<'_>, verification: &Verification) -> Result<Option<String>, Refusal> {
    let pair = match verification.methods.contains(&Method::Basic) {
        true => one(delivery, header::AUTHORIZATION)?.and_then(basic::presented),
        false => None,
    };
    let user = pair.as_deref().and_then(basic::user).map(str::to_owned);
    let holder = verification.credential.as_ref().map(|holder| match holder {
        Holder::Node(name) | Holder::Entry(name) => name.clone(),
    });
    Ok(user.or(holder))
}

/// Tells whether two deliveries say the same: their bodies, and what path and query say.
fn digest_of(entrance: &Entrance, delivery: &Delivery<'_>) -> String {
    let mut hash = Sha256::new();
    if !delivery.query.is_empty() || entrance.pattern.names().next().is_some() {
        for part in [delivery.path, delivery.query] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.update(delivery.body);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The reply to an accepted delivery, once it is durable.
pub(crate) fn accepted(delivery: DeliveryId, event: &str) -> Reply {
    problem::json(delivery, 202, &serde_json::json!({"status": "accepted", "id": event}))
}

/// The reply to a delivery that came before.
pub(crate) fn duplicate(delivery: DeliveryId, event: &str) -> Reply {
    problem::json(delivery, 200, &serde_json::json!({"status": "duplicate", "id": event}))
}

/// Each sender has a rate of its own, so that a flood is its flooder's alone.
fn within_rate(
    entrance: &Entrance,
    rates: &mut Rates,
    now: Time,
    delivery: &Delivery<'_>,
    verification: &Verification,
) -> Result<(), Refusal> {
    let sender = match (&verification.credential, entrance.rate_by) {
        (Some(holder), RateBy::Sender) => Sender::Holder(holder),
        (None, _) | (Some(_), RateBy::Address) => Sender::Peer(delivery.peer.to_canonical()),
    };
    let rate = entrance.rate;
    let source = seen::source(entrance.verb, &entrance.path);
    rates.take(now, &source, sender, rate).map_err(|wait| {
        let whom = match entrance.rate_by {
            RateBy::Sender => "sender",
            RateBy::Address => "address",
        };
        let detail = format!("this source takes {rate} of one {whom}");
        Refusal::new(429, detail).retry_after(wait)
    })
}

/// Standard Webhooks and our own senders promise a body with an event: one without it is theirs,
/// well-formed and not to be processed (422). GitHub's form promises nothing about the body, so
/// that what only it vouches for was never an event: the request is wrong (400), and a sender
/// that tells "retry, it may work" from "never again" by 422 is not misled.
fn nameless(verification: &Verification, error: &body::NameError) -> Refusal {
    let foreign = verification.methods == [Method::Github] && *error == body::NameError::Missing;
    Refusal::new(if foreign { 400 } else { 422 }, error.to_string())
}

fn webhook_id(config: &Config, delivery: &Delivery<'_>) -> Result<Option<String>, Refusal> {
    let Some(id) = one(delivery, header::ID)? else { return Ok(None) };
    let graphic = id.bytes().all(|byte| byte.is_ascii_graphic());
    if graphic && (1..=standard::ID_BYTES_MAX).contains(&id.len()) {
        return Ok(Some(config.redactor.text(id).into_owned()));
    }
    let bound = standard::ID_BYTES_MAX;
    Err(Refusal::new(400, format!("`webhook-id` must be 1 to {bound} visible ASCII characters")))
}

/// The one value of a header; a repeated one could mean either, so it is refused.
fn one<'a>(delivery: &Delivery<'a>, name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = delivery.headers.iter().filter(|(known, _)| known == name);
    match (values.next(), values.next()) {
        (Some(_), Some(_)) => Err(Refusal::new(400, format!("the header `{name}` comes twice"))),
        (Some((_, value)), None) => Ok(Some(value.as_str())),
        (None, _) => Ok(None),
    }
}

fn is_loopback(address: std::net::IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
#[path = "receive/method_tests.rs"]
mod method_tests;
#[cfg(test)]
#[path = "receive/request_tests.rs"]
mod request_tests;
#[cfg(test)]
#[path = "receive/tests.rs"]
mod tests;
