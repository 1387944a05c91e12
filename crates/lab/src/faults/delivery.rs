//! What can happen to a delivery between the router that signed it and the listener.
//!
//! Called for every post of every router. The sender's patience runs from the instant at which it
//! sent, whatever the way does: what is held for longer than that arrives when nobody waits for
//! the answer, next to the repeat that was sent meanwhile.

use fact::Kind;
use iosxe::{HttpFailure, HttpOutcome};
use simtime::{Duration, Rng, Time};
use webhook::header;

use super::{Waiting, add, hit};
use crate::lab::Event;
use crate::{Lab, NodeId, Outbox, Output, Post, PostId};

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryFault {
    Drop,
    Duplicate,
    Reorder,
    Delay,
    Corrupt,
    WrongSignature,
    ClockSkew,
    SlowSender,
}

/// The words of scenarios.
pub(crate) const DELIVERY_FAULTS: [(&str, DeliveryFault); 8] = [
    ("drop", DeliveryFault::Drop),
    ("duplicate", DeliveryFault::Duplicate),
    ("reorder", DeliveryFault::Reorder),
    ("delay", DeliveryFault::Delay),
    ("corrupt", DeliveryFault::Corrupt),
    ("wrong-signature", DeliveryFault::WrongSignature),
    ("clock-skew", DeliveryFault::ClockSkew),
    ("slow-sender", DeliveryFault::SlowSender),
];

impl DeliveryFault {
    /// What `by` is if the step does not say it.
    pub(crate) fn usual(self) -> Duration {
        match self {
            // Twice what every Standard Webhooks library tolerates.
            DeliveryFault::ClockSkew => Duration::from_secs(600),
            DeliveryFault::Reorder => Duration::from_secs(5),
            DeliveryFault::Delay | DeliveryFault::SlowSender => Duration::from_secs(2),
            DeliveryFault::Drop
            | DeliveryFault::Duplicate
            | DeliveryFault::Corrupt
            | DeliveryFault::WrongSignature => Duration::ZERO,
        }
    }
}

impl Lab {
    /// A fault begins to lie in wait for deliveries.
    pub(crate) fn await_delivery(&mut self, now: Time, node: NodeId, new: Waiting<DeliveryFault>) {
        add(&mut self.faults.nodes.entry(node).or_default().delivery, now, new);
    }

    /// A router sends a request.
    pub(crate) fn send(&mut self, now: Time, post: Post, out: &mut Outbox) {
        let node = post.node;
        let Some(at) = self.faults.nodes.get_mut(&node) else {
            return out.0.push(Output::Post(post));
        };
        let overtaken = at.held.take();
        let chance = &mut self.routers[node.0 as usize].chance;
        // What overtakes another is not held itself, or they would keep their order.
        let fits = |fault| overtaken.is_none() || fault != DeliveryFault::Reorder;
        match hit(&mut at.delivery, now, chance, fits) {
            Some(fault) => self.meet(now, &fault, post, out),
            None => out.0.push(Output::Post(post)),
        }
        if let Some((post, sent)) = overtaken {
            out.0.push(Output::Post(late(post, sent, now)));
        }
    }

    fn meet(
        &mut self,
        now: Time,
        fault: &Waiting<DeliveryFault>,
        mut post: Post,
        out: &mut Outbox,
    ) {
        let (by, node) = (fault.by, post.node);
        let said = match fault.fault {
            DeliveryFault::Drop => Some("dropped".to_owned()),
            DeliveryFault::Duplicate => Some("sent twice".to_owned()),
            DeliveryFault::Reorder => Some("held until the next one has passed".to_owned()),
            DeliveryFault::Delay => Some(format!("delayed by {by}")),
            DeliveryFault::SlowSender => Some(format!("sent slowly, in {by}")),
            DeliveryFault::Corrupt => {
                let chance = &mut self.routers[node.0 as usize].chance;
                corrupt(&mut post.body, chance).map(|at| format!("byte {at} changed"))
            }
            DeliveryFault::WrongSignature => {
                spoil_signatures(&mut post).then(|| "signature changed".to_owned())
            }
            DeliveryFault::ClockSkew => {
                let stamp = earlier(now, by);
                let signed = self.sender.sign_as_of(&mut post, stamp);
                signed.then(|| format!("signed by a clock that is {by} late"))
            }
        };
        if let (Some(fault), Some((delivery, trace))) = (said, self.sender.called(post.post)) {
            self.say(now, node, Kind::DeliveryFault { delivery, fault }, trace, out);
        }
        self.carry(now, fault, post, out);
    }

    /// Brings a post on its way, or does not.
    fn carry(&mut self, now: Time, fault: &Waiting<DeliveryFault>, post: Post, out: &mut Outbox) {
        let (node, id, patience) = (post.node, post.post, post.timeout);
        match fault.fault {
            DeliveryFault::Duplicate => {
                let copy = Post { post: self.sender.spare_post(), ..post.clone() };
                return out.0.extend([Output::Post(post), Output::Post(copy)]);
            }
            DeliveryFault::Corrupt | DeliveryFault::WrongSignature | DeliveryFault::ClockSkew => {
                return out.0.push(Output::Post(post));
            }
            // A sender that loses patience hangs up: whoever makes the request sees to it.
            DeliveryFault::SlowSender => {
                return out.0.push(Output::Post(Post { pace: Some(fault.by), ..post }));
            }
            DeliveryFault::Drop => {}
            DeliveryFault::Delay => {
                let post = Box::new(late(post, now, now + fault.by));
                self.schedule.set(now + fault.by, node, Event::Arrives(post));
            }
            DeliveryFault::Reorder => {
                if let Some(at) = self.faults.nodes.get_mut(&node) {
                    at.held = Some((post, now));
                }
                self.schedule.set(now + fault.by, node, Event::Release(id));
            }
        }
        self.schedule.set(now + patience, node, Event::GaveUp(id));
    }

    /// Nothing has overtaken a post: it goes on.
    pub(crate) fn release(&mut self, now: Time, node: NodeId, id: PostId, out: &mut Outbox) {
        let Some(at) = self.faults.nodes.get_mut(&node) else { return };
        if let Some((post, sent)) = at.held.take_if(|(post, _)| post.post == id) {
            out.0.push(Output::Post(late(post, sent, now)));
        }
    }

    /// The sender's patience with a post that did not get through is over.
    pub(crate) fn gave_up(&mut self, now: Time, id: PostId, out: &mut Outbox) {
        let outcome = HttpOutcome::Failed(HttpFailure::Timeout);
        let effects = self.sender.answered(now, id, outcome);
        self.apply(now, effects, out);
    }
}

/// A post that leaves at `now` and was sent before: what is left of the sender's patience. Of one
/// that nobody waits for any more the answer is read all the same, and dropped.
fn late(mut post: Post, sent: Time, now: Time) -> Post {
    let over = sent + post.timeout;
    if over > now {
        post.timeout = over.since(now);
    }
    post
}

/// What a clock says that is late.
fn earlier(now: Time, by: Duration) -> Time {
    Time::from_micros(now.as_micros().saturating_sub(by.as_micros()))
}

/// Turns one bit of a body: it stays text as long as it was.
fn corrupt(body: &mut [u8], chance: &mut Rng) -> Option<u64> {
    let at = chance.below(u64::try_from(body.len()).ok().filter(|length| *length > 0)?);
    *body.get_mut(usize::try_from(at).ok()?)? ^= 1;
    Some(at)
}

/// Changes a character in the middle of each signature, where base64 and hexadecimal carry no
/// padding. Whether there is any.
fn spoil_signatures(post: &mut Post) -> bool {
    let is_signature = |name: &str| {
        name.eq_ignore_ascii_case(header::SIGNATURE)
            || name.eq_ignore_ascii_case(header::HUB_SIGNATURE)
    };
    let mut any = false;
    for (_, value) in post.headers.iter_mut().filter(|(name, _)| is_signature(name)) {
        let at = value.len() / 2;
        if let Some(old) = value.get(at..at + 1) {
            let new = if old == "0" { "1" } else { "0" };
            value.replace_range(at..at + 1, new);
            any = true;
        }
    }
    any
}
