//! Does the sender prove who it is? Asked before anything of the body is believed or parsed.
//!
//! Every credential that a source accepts and a request shows must hold. One that fails is 401
//! whatever else holds, and never falls back to "no credential".

use simtime::Time;
use webhook::{bearer, header, standard};

use super::{Refusal, is_loopback, one};
use crate::Delivery;
use crate::config::Entrance;
use crate::record::{Holder, Method, Verification};

pub(super) fn verify(
    entrance: &Entrance,
    now: Time,
    delivery: &Delivery<'_>,
) -> Result<Verification, Refusal> {
    let mut shown = false;
    let mut verification = Verification::default();
    for method in [Method::Bearer, Method::StandardWebhooks] {
        let proof = match method {
            Method::Bearer => bearer(entrance, delivery)?,
            Method::StandardWebhooks => signature(entrance, now, delivery)?,
        };
        shown |= !matches!(proof, Proof::NotShown);
        let Proof::Holds(holder) = proof else { continue };
        if verification.credential.as_ref().is_some_and(|other| other != holder) {
            return Err(unauthorized("the credentials belong to different senders"));
        }
        verification.methods.push(method);
        verification.credential = Some(holder.clone());
    }
    if verification.credential.is_some() {
        return Ok(verification);
    }
    if shown {
        return Err(unauthorized("this source accepts no credential of the kind that was shown"));
    }
    let local = delivery.loopback_only && is_loopback(delivery.peer);
    if entrance.unauthenticated && local {
        return Ok(verification);
    }
    Err(unauthorized("this source needs a credential"))
}

enum Proof<'a> {
    NotShown,
    /// Shown, but this source does not ask for this kind.
    NotAsked,
    Holds(&'a Holder),
}

fn bearer<'a>(entrance: &'a Entrance, delivery: &Delivery<'_>) -> Result<Proof<'a>, Refusal> {
    let Some(value) = credential_header(delivery, header::AUTHORIZATION)? else {
        return Ok(Proof::NotShown);
    };
    if !entrance.methods.contains(&Method::Bearer) {
        return Ok(Proof::NotAsked);
    }
    let token = bearer::presented(value);
    let token = token.ok_or_else(|| unauthorized("the Authorization header is no bearer token"))?;
    let holder = entrance.credentials.bearer(token);
    holder.map(Proof::Holds).ok_or_else(|| unauthorized("the bearer token does not hold"))
}

fn signature<'a>(
    entrance: &'a Entrance,
    now: Time,
    delivery: &Delivery<'_>,
) -> Result<Proof<'a>, Refusal> {
    let Some(signature) = credential_header(delivery, header::SIGNATURE)? else {
        return Ok(Proof::NotShown);
    };
    if !entrance.methods.contains(&Method::StandardWebhooks) {
        return Ok(Proof::NotAsked);
    }
    let id = credential_header(delivery, header::ID)?;
    let timestamp = credential_header(delivery, header::TIMESTAMP)?;
    let (Some(id), Some(timestamp)) = (id, timestamp) else {
        return Err(unauthorized("a signature needs `webhook-id` and `webhook-timestamp`"));
    };
    let signed = standard::Signed { id, timestamp, signature };
    let signer = entrance.credentials.signer(signed, delivery.body, now);
    signer.map(Proof::Holds).map_err(|error| unauthorized(&error.to_string()))
}

/// Two credentials of one kind are none.
fn credential_header<'a>(delivery: &Delivery<'a>, name: &str) -> Result<Option<&'a str>, Refusal> {
    one(delivery, name).map_err(|twice| unauthorized(&twice.detail))
}

fn unauthorized(detail: &str) -> Refusal {
    // RFC 9110, section 11.6.1: a 401 says how to authenticate.
    Refusal::new(401, detail).header("www-authenticate", "Bearer")
}
