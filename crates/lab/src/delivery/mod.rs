//! The lab's sender: what a router's HTTP request becomes on its way out, and when it is tried
//! again.
//!
//! Called by [`crate::Lab`] alone, pure: a skin makes each [`Post`] once and says how it ended.
//! The course's two forms get id, signature, token and retries; an emulated curl goes out once,
//! exactly as it is. Nothing leaves for where the topology does not allow it, and no credential
//! leaves its URL prefix.

mod credential;
mod egress;
mod header;
mod redirect;
mod retry;

use std::collections::BTreeMap;
use std::sync::Arc;

use fact::{Kind, TraceId};
use iosxe::{HttpFailure, HttpForm, HttpOutcome, HttpRequest, RequestId};
use simtime::{Rng, Time};
use topology::Url;

pub(crate) use credential::Credential;
pub use egress::{Egress, Way};

use crate::{NodeId, Post, PostId};

/// Deliveries of one router that may wait for an answer or a retry; one more is refused.
const PENDING_MAX: usize = 1_000;

/// One delivery: its router, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeliveryKey(NodeId, u64);

/// What the lab is to do about a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Make this request, once.
    Post(Post),
    /// Something happened.
    Fact { node: NodeId, kind: Kind, trace: Option<TraceId> },
    /// Call [`Sender::retry`] then.
    RetryAt { node: NodeId, at: Time, delivery: DeliveryKey },
    /// Tell the router how its request ended.
    Done { node: NodeId, request: RequestId, outcome: HttpOutcome },
}

/// Every delivery that is on its way.
#[derive(Debug)]
pub(crate) struct Sender {
    egress: Egress,
    webhook: Option<Url>,
    nodes: Vec<NodeSender>,
    pending: BTreeMap<DeliveryKey, Delivery>,
    posts: BTreeMap<PostId, DeliveryKey>,
    next_post: u64,
}

/// What one router sends with.
#[derive(Debug)]
struct NodeSender {
    name: Arc<str>,
    credential: Credential,
    ids: Rng,
    jitter: Rng,
    /// How many deliveries it has begun.
    begun: u64,
    /// How many of them have not ended.
    pending: usize,
}

#[derive(Debug)]
struct Delivery {
    /// The `webhook-id`, or the number of an emulated curl.
    name: String,
    request: HttpRequest,
    url: Url,
    attempt: u32,
}

impl Sender {
    /// A sender that may reach loopback, `allow`, and `webhook` in place of what applets say.
    /// The topology's loader has checked `allow`: a prefix that is none allows nothing.
    pub(crate) fn new(allow: &[String], webhook: Option<Url>) -> Self {
        let allow = allow.iter().filter_map(|prefix| prefix.parse().ok());
        Sender {
            egress: Egress::new(allow.chain(webhook.clone())),
            webhook,
            nodes: Vec::new(),
            pending: BTreeMap::new(),
            posts: BTreeMap::new(),
            next_post: 0,
        }
    }

    /// Adds the next node. `rngs` are the node's own: for ids, which differ from run to run of a
    /// live lab, and for jitter.
    pub(crate) fn add(&mut self, name: Arc<str>, credential: Credential, rngs: (Rng, Rng)) {
        let (ids, jitter) = (rngs.0.child("webhook-id"), rngs.1.child("retry"));
        self.nodes.push(NodeSender { name, credential, ids, jitter, begun: 0, pending: 0 });
    }

    /// Where all of it may go.
    pub(crate) fn egress(&self) -> &Egress {
        &self.egress
    }

    /// The router has lost its power: nothing that it began is tried again or told to it. Ids go
    /// on: a receiver must not take what it sends next for a repeat.
    pub(crate) fn forget(&mut self, node: NodeId) {
        self.pending.retain(|key, _| key.0 != node);
        self.nodes[node.0 as usize].pending = 0;
    }

    /// A router asks for a request.
    pub(crate) fn submit(
        &mut self,
        now: Time,
        node: NodeId,
        mut request: HttpRequest,
    ) -> Vec<Effect> {
        let sender = &mut self.nodes[node.0 as usize];
        sender.begun += 1;
        let key = DeliveryKey(node, sender.begun);
        let name = match request.form {
            HttpForm::Curl => format!("curl-{}", sender.begun),
            HttpForm::SendData | HttpForm::HttpPost => draw_id(&mut sender.ids),
        };
        let is_full = sender.pending >= PENDING_MAX;
        redirect::redirect(&mut request, self.webhook.as_ref());
        let checked = match is_full || !header::are_clean(&request) {
            true => Err(HttpFailure::Broken),
            false => self.allowed(&request.url).ok_or(HttpFailure::NotAllowed),
        };
        match checked {
            Ok(url) => {
                self.nodes[node.0 as usize].pending += 1;
                self.pending.insert(key, Delivery { name, request, url, attempt: 0 });
                self.retry(now, key)
            }
            Err(failure) => {
                let outcome = HttpOutcome::Failed(failure);
                let kind = answered(name, 0, &outcome);
                let fact = Effect::Fact { node, kind, trace: request.trace };
                vec![fact, Effect::Done { node, request: request.request, outcome }]
            }
        }
    }

    fn allowed(&self, url: &str) -> Option<Url> {
        let url: Url = url.parse().ok()?;
        self.egress.url(&url).map(|_| url)
    }

    /// The next try of a delivery is due.
    pub(crate) fn retry(&mut self, now: Time, key: DeliveryKey) -> Vec<Effect> {
        let Some(delivery) = self.pending.get_mut(&key) else { return Vec::new() };
        let DeliveryKey(node, _) = key;
        let sender = &self.nodes[node.0 as usize];
        delivery.attempt += 1;
        let sent = Effect::Fact {
            node,
            trace: delivery.request.trace,
            kind: Kind::WebhookSent {
                delivery: delivery.name.clone(),
                attempt: delivery.attempt,
                form: delivery.request.form.as_str().to_owned(),
                url: without_query(&delivery.request.url).to_owned(),
                body: String::from_utf8_lossy(&delivery.request.body).into_owned(),
            },
        };
        let post = PostId(self.next_post);
        self.next_post += 1;
        self.posts.insert(post, key);
        let request = &delivery.request;
        let headers = match request.form {
            HttpForm::Curl => request.headers.clone(),
            HttpForm::SendData | HttpForm::HttpPost => {
                let id = delivery.name.as_str();
                let to = header::Recipient { node: &sender.name, url: &delivery.url, id };
                header::compose(request, to, &sender.credential, now)
            }
        };
        let timeout = request.timeout;
        let (method, url) = (request.method.clone(), request.url.clone());
        let (body, trust) = (request.body.clone(), request.trust.clone());
        let pace = None;
        let sent_out = Post { post, node, method, url, headers, body, trust, timeout, pace };
        vec![sent, Effect::Post(sent_out)]
    }

    /// The delivery of a post, as facts name it, and the fault that it belongs to.
    pub(crate) fn called(&self, post: PostId) -> Option<(String, Option<TraceId>)> {
        let delivery = self.pending.get(self.posts.get(&post)?)?;
        Some((delivery.name.clone(), delivery.request.trace))
    }

    /// A number for a copy of a post, whose outcome nobody waits for.
    pub(crate) fn spare_post(&mut self) -> PostId {
        let post = PostId(self.next_post);
        self.next_post += 1;
        post
    }

    /// Signs a post anew, as of another instant. Whether it is one that gets a signature.
    pub(crate) fn sign_as_of(&self, post: &mut Post, stamp: Time) -> bool {
        let key = self.posts.get(&post.post);
        let delivery = key.and_then(|key| self.pending.get(key));
        let Some(delivery) = delivery.filter(|one| one.request.form != HttpForm::Curl) else {
            return false;
        };
        let sender = &self.nodes[post.node.0 as usize];
        let (url, id) = (&delivery.url, delivery.name.as_str());
        let to = header::Recipient { node: &sender.name, url, id };
        post.headers = header::compose(&delivery.request, to, &sender.credential, stamp);
        true
    }

    /// A post ended. One that nobody waits for any more is ignored.
    pub(crate) fn answered(
        &mut self,
        now: Time,
        post: PostId,
        outcome: HttpOutcome,
    ) -> Vec<Effect> {
        let Some(key) = self.posts.remove(&post) else { return Vec::new() };
        let Some(delivery) = self.pending.get(&key) else { return Vec::new() };
        let DeliveryKey(node, _) = key;
        let sender = &mut self.nodes[node.0 as usize];
        let kind = answered(delivery.name.clone(), delivery.attempt, &outcome);
        let fact = Effect::Fact { node, kind, trace: delivery.request.trace };
        let again = match delivery.request.form {
            HttpForm::Curl => None,
            HttpForm::SendData | HttpForm::HttpPost => {
                retry::wait(delivery.attempt, &outcome, &mut sender.jitter)
            }
        };
        let next = match again {
            Some(wait) => Effect::RetryAt { node, at: now + wait, delivery: key },
            None => {
                sender.pending -= 1;
                let request = delivery.request.request;
                self.pending.remove(&key);
                Effect::Done { node, request, outcome }
            }
        };
        vec![fact, next]
    }
}

/// Try 0 is one that was refused before it left.
fn answered(delivery: String, attempt: u32, outcome: &HttpOutcome) -> Kind {
    let (status, event, error) = match outcome {
        HttpOutcome::Answered { status, body, .. } => (Some(*status), event_id(body), None),
        HttpOutcome::Failed(failure) => (None, None, Some(failure.to_string())),
    };
    Kind::WebhookAnswered { delivery, attempt, status, event, error }
}

/// 128 random bits, no dot in them: the standard signs `id.timestamp.body`.
fn draw_id(rng: &mut Rng) -> String {
    format!("msg_{:016x}{:016x}", rng.next_u64(), rng.next_u64())
}

/// A URL as facts show it: a query may hold a token (law L6).
fn without_query(url: &str) -> &str {
    url.split_once(['?', '#']).map_or(url, |(before, _)| before)
}

/// The `id` of a JSON answer: the listener's name for the event.
fn event_id(body: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    answer.get("id")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
