//! A sender that is no router: a request in virtual time, and all that follows from it.
//!
//! Used by tests that put hostile requests in front of the whole loop: a ledger of what the routers
//! received comes from the routers themselves.

use automation::{Delivery, DeliveryId, Input, Reply};
use fact::Fact;
use simtime::{Duration, Time};

use super::Bench;
use super::ferry::PEER;

/// How long what follows may take, in simulated seconds: a job's own bound.
const FOLLOWS_SECS_MAX: u64 = 180;

/// The one request that has no post of the lab.
#[derive(Debug, Default)]
pub(super) struct Outside {
    pub(super) waiting: Option<DeliveryId>,
    pub(super) reply: Option<Reply>,
}

/// What came of a request.
#[derive(Debug)]
pub struct Exchange {
    /// The HTTP status; `None` if there was no reply.
    pub status: Option<u16>,
    /// The reply's body.
    pub body: Vec<u8>,
    /// What happened on both sides.
    pub facts: Vec<Fact>,
    /// When nothing more was due.
    pub ended: Time,
}

impl Bench {
    /// Sends a request from loopback, and lets both sides do all that is due because of it.
    pub fn exchange(
        &mut self,
        now: Time,
        path: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Exchange {
        self.posts.next += 1;
        let delivery = DeliveryId(self.posts.next);
        self.outside = Outside { waiting: Some(delivery), reply: None };
        let method = restconf::Method::Post;
        let query = "";
        let request =
            Delivery { delivery, method, path, query, peer: PEER, local: true, headers, body };
        self.tell_automation(now, Input::Delivery(request));
        let until = now + Duration::from_secs(FOLLOWS_SECS_MAX);
        let mut ended = now;
        while let Some(at) = self.next_event().filter(|at| *at <= until) {
            ended = ended.max(at);
            self.step(ended);
        }
        let reply = std::mem::take(&mut self.outside).reply;
        let facts = std::mem::take(&mut self.facts);
        let (status, body) = reply.map(|reply| (reply.status, reply.body)).unzip();
        Exchange { status, body: body.unwrap_or_default(), facts, ended }
    }
}
