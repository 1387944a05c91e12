//! From a request to an event: who sent it, about which device, and what it says.
//!
//! Called by the automation for every delivery. The order is the defence: path, size and credential
//! are checked before a byte of the body is parsed. It decides nothing and starts nothing.

mod credential;
mod device;
mod problem;
mod rate;
mod seen;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use simtime::Time;
use webhook::{DeviceFrom, body, header, standard};

use crate::Delivery;
use crate::config::{Config, Entrance, Rule};
use crate::io::{DeliveryId, Reply};
use crate::record::{Method, Verification};

use rate::Sender;

pub(crate) use problem::{Refusal, json, title};
pub(crate) use rate::{RATE_DEFAULT, Rate, Rates};
pub(crate) use seen::{Fingerprint, Known, Seen};

/// The largest body, in bytes.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// What a delivery says, and about which device: all of an event but its id and its sender.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) device: Option<String>,
    pub(crate) device_from: DeviceFrom,
    pub(crate) data: Map<String, Value>,
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
    let entrance = config.entrance(delivery.path).ok_or_else(|| {
        Refusal::new(404, format!("nothing is received at `{}`", problem::shown(delivery.path)))
    })?;
    if delivery.body.len() > BODY_BYTES_MAX {
        return Err(Refusal::new(413, format!("the body is larger than {BODY_BYTES_MAX} bytes")));
    }
    let verification = credential::verify(entrance, now, delivery)?;
    within_rate(entrance, rates, now, delivery, &verification)?;
    is_json(delivery)?;
    let webhook_id = webhook_id(config, delivery)?;
    let digest = Sha256::digest(delivery.body);
    let fingerprint = Fingerprint {
        source: delivery.path.to_owned(),
        holder: verification.credential.clone(),
        webhook_id: webhook_id.clone(),
        body_sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        at: now,
        signed: seen::is_signed(&verification),
        dedup: entrance.dedup,
    };
    Ok(Authenticated { verification, webhook_id, fingerprint })
}

/// What an authenticated delivery says, and about which device.
pub(crate) fn check(
    config: &Config,
    delivery: &Delivery<'_>,
    verification: &Verification,
) -> Result<Checked, Refusal> {
    let refuse = |error: body::BodyError| Refusal::new(400, error.to_string());
    let mut data = body::parse(delivery.body).map_err(refuse)?;
    let mut name = body::event_name(&data).map_err(|e| nameless(verification, &e))?.to_owned();
    let relay = config.entrance(delivery.path).is_some_and(|entrance| entrance.relay);
    let named = device::Named {
        by_body: data.get("device").and_then(Value::as_str),
        by_header: one(delivery, header::DEVICE)?,
    };
    let (device, device_from) =
        device::identify(&config.inventory, verification.credential.as_ref(), relay, named)?;
    let trace = one(delivery, header::TRACEPARENT)?.and_then(fact::TraceId::from_traceparent);
    let entrance = config.entrance(delivery.path);
    let keeps = entrance.and_then(|it| it.rule.as_ref()).is_some_and(Rule::reads_logins);
    let sent = keeps.then(|| serde_json::json!({"data": data}));
    // From here on nobody sees a secret: neither a rule, nor the journal.
    config.redactor.clean(&mut name);
    config.redactor.object(&mut data);
    Ok(Checked { name, device, device_from, data, trace, sent })
}

/// What the sender wants to read.
pub(crate) fn accept<'a>(delivery: &Delivery<'a>) -> Option<&'a str> {
    let mut headers = delivery.headers.iter();
    headers.find(|(name, _)| name == "accept").map(|(_, value)| value.as_str())
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
    let sender = match &verification.credential {
        Some(holder) => Sender::Holder(holder),
        None => Sender::Peer(delivery.peer.to_canonical()),
    };
    let rate = entrance.rate;
    rates.take(now, &entrance.path, sender, rate).map_err(|wait| {
        let detail = format!("this source takes {rate} of one sender");
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

fn is_json(delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let value = one(delivery, header::CONTENT_TYPE)?.unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // A browser sends `application/json` across origins only with the server's leave: the strict
    // type keeps a web page from posting to a listener on loopback.
    if kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json")) {
        return Ok(());
    }
    let shown = if kind.is_empty() { "nothing".to_owned() } else { problem::shown(&kind) };
    Err(Refusal::new(415, format!("the Content-Type must be `application/json`, not {shown}")))
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
#[path = "receive/tests.rs"]
mod tests;
