//! Does the sender prove who it is? Asked before anything of the body is believed or parsed.
//!
//! Every credential that a source accepts and a request shows must hold. One that fails is 401
//! whatever else holds, and never falls back to "no credential".

use simtime::Time;
use webhook::header::TokenHeader;
use webhook::{basic, bearer, header, standard};

use super::{Refusal, is_loopback, one};
use crate::Delivery;
use crate::config::Entrance;
use crate::record::{Holder, Method, Verification};

pub(super) fn verify(
    entrance: &Entrance,
    now: Time,
    delivery: &Delivery<'_>,
) -> Result<Verification, Refusal> {
    let verified = Request { entrance, now, delivery }.verify();
    verified.map_err(|why| {
        // RFC 9110, section 11.6.1: a 401 says how to authenticate.
        Refusal::new(401, why).header("www-authenticate", &challenges(entrance))
    })
}

/// One delivery at one source. What its methods refuse with is the detail of a 401.
struct Request<'a> {
    entrance: &'a Entrance,
    now: Time,
    delivery: &'a Delivery<'a>,
}

enum Proof<'a> {
    NotShown,
    /// Shown, but this source does not ask for this kind.
    NotAsked,
    Holds(Method, &'a Holder),
}

impl<'a> Request<'a> {
    fn verify(&self) -> Result<Verification, String> {
        let mut proofs = vec![self.authorization()?];
        for name in self.entrance.token_headers() {
            proofs.push(self.token_header(name)?);
        }
        for name in &self.entrance.foreign_headers {
            let shown = self.header(name.as_str())?.is_some();
            proofs.push(if shown { Proof::NotAsked } else { Proof::NotShown });
        }
        proofs.push(self.hub_signature()?);
        proofs.push(self.signature()?);
        self.settle(proofs)
    }

    /// What several proofs come to: all of one sender, and none shown in vain.
    fn settle(&self, proofs: Vec<Proof<'_>>) -> Result<Verification, String> {
        let mut shown = false;
        let mut verification = Verification::default();
        for proof in proofs {
            shown |= !matches!(proof, Proof::NotShown);
            let Proof::Holds(method, holder) = proof else { continue };
            if verification.credential.as_ref().is_some_and(|other| other != holder) {
                return Err("the credentials belong to different senders".to_owned());
            }
            verification.methods.push(method);
            verification.credential = Some(holder.clone());
        }
        if verification.credential.is_some() {
            return Ok(verification);
        }
        if shown {
            return Err("this source accepts no credential of the kind that was shown".to_owned());
        }
        let local = self.delivery.local && is_loopback(self.delivery.peer);
        if self.entrance.unauthenticated && (local || self.entrance.anywhere) {
            return Ok(verification);
        }
        Err("this source needs a credential".to_owned())
    }

    /// One header for two methods: the scheme says which is meant.
    fn authorization(&self) -> Result<Proof<'a>, String> {
        let Some(value) = self.header(header::AUTHORIZATION)? else { return Ok(Proof::NotShown) };
        let (takes_bearer, takes_basic) = (self.takes(&Method::Bearer), self.takes(&Method::Basic));
        let credentials = &self.entrance.credentials;
        if let Some(token) = bearer::presented(value).filter(|_| takes_bearer) {
            return holds(Method::Bearer, credentials.token(token), "the bearer token");
        }
        if let Some(pair) = basic::presented(value).filter(|_| takes_basic) {
            return holds(Method::Basic, credentials.pair(&pair), "the user or its password");
        }
        match (takes_bearer, takes_basic) {
            (false, false) => {
                let token = bearer::presented(value).and_then(|token| credentials.token(token));
                let pair = || basic::presented(value).and_then(|pair| credentials.pair(&pair));
                not_asked(token.or_else(pair), "the Authorization header")
            }
            (true, false) => Err("the Authorization header is no bearer token".to_owned()),
            (false, true) => Err("the Authorization header is no Basic credential".to_owned()),
            (true, true) => Err("the Authorization header is neither Bearer nor Basic".to_owned()),
        }
    }

    fn token_header(&self, name: &TokenHeader) -> Result<Proof<'a>, String> {
        let Some(token) = self.header(name.as_str())? else { return Ok(Proof::NotShown) };
        let holder = self.entrance.credentials.token(token);
        holds(Method::Header(name.clone()), holder, &format!("the token in `{name}`"))
    }

    fn hub_signature(&self) -> Result<Proof<'a>, String> {
        let Some(signatures) = self.header(header::HUB_SIGNATURE)? else {
            return Ok(Proof::NotShown);
        };
        let signer = self.entrance.credentials.hub_signer(signatures, self.delivery.body);
        if !self.takes(&Method::Github) {
            return not_asked(signer, "the `sha256` signature");
        }
        holds(Method::Github, signer, "the `sha256` signature")
    }

    fn signature(&self) -> Result<Proof<'a>, String> {
        let Some(signature) = self.header(header::SIGNATURE)? else { return Ok(Proof::NotShown) };
        let (id, timestamp) = (self.header(header::ID)?, self.header(header::TIMESTAMP)?);
        let (Some(id), Some(timestamp)) = (id, timestamp) else {
            return Err("a signature needs `webhook-id` and `webhook-timestamp`".to_owned());
        };
        let signed = standard::Signed { id, timestamp, signature };
        let signer = self.entrance.credentials.signer(signed, self.delivery.body, self.now);
        let signer = signer.map_err(|error| error.to_string())?;
        if !self.takes(&Method::StandardWebhooks) {
            return Ok(Proof::NotAsked);
        }
        Ok(Proof::Holds(Method::StandardWebhooks, signer))
    }

    fn takes(&self, method: &Method) -> bool {
        self.entrance.methods.contains(method)
    }

    /// Two credentials of one kind are none.
    fn header(&self, name: &str) -> Result<Option<&'a str>, String> {
        one(self.delivery, name).map_err(|twice| twice.detail)
    }
}

fn holds<'a>(method: Method, holder: Option<&'a Holder>, what: &str) -> Result<Proof<'a>, String> {
    let holder = holder.ok_or_else(|| format!("{what} does not hold"));
    holder.map(|holder| Proof::Holds(method, holder))
}

/// What a source does not ask for proves nothing there, but one that fails is refused all the same.
fn not_asked<'a>(holder: Option<&'a Holder>, what: &str) -> Result<Proof<'a>, String> {
    holder.map(|_| Proof::NotAsked).ok_or_else(|| format!("{what} does not hold"))
}

/// One challenge for each method; a source without any has nothing to offer but says so.
fn challenges(entrance: &Entrance) -> String {
    let challenges: Vec<String> = entrance.methods.iter().map(Method::challenge).collect();
    if challenges.is_empty() { "Webhook".to_owned() } else { challenges.join(", ") }
}
