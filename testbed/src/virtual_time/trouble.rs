//! A listener in trouble: refused, answered for, slow, or killed and started again.
//!
//! Called when the lab says what the listener is from now on. What a dead listener had in memory
//! is gone, its half of every session with it; its journal alone is read again.

use automation::store::Store as _;
use automation::{Automation, Config, SessionId};
use lab::{HttpFailure, HttpOutcome, ListenerState, Post, PostId};
use simtime::{Rng, Time};

use super::wire::Wire;
use super::{Bench, ONE_WAY};

/// Bits of a session's number that the listener's own count has; its life stands above them.
const COUNT_BITS: u32 = 32;

/// What the listener suffers, and what it is made from again.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    state: ListenerState,
    /// How often it was killed: a session of an earlier life is nobody's.
    life: u64,
    again: Option<(Config, Rng)>,
}

impl Bench {
    /// Says what a killed listener is started from again. Without it, it stays dead.
    pub fn restartable(mut self, config: Config, rng: Rng) -> Self {
        self.trouble.again = Some((config, rng));
        self
    }

    /// The listener is something else from now on.
    pub(super) fn turn(&mut self, now: Time, state: ListenerState) {
        let was_dead = self.is_dead();
        if state == ListenerState::Killed && !was_dead {
            self.kill(now);
        }
        // Whatever else happens to a dead listener, it is first started.
        let again = match was_dead && state != ListenerState::Killed {
            true => self.trouble.again.clone(),
            false => None,
        };
        if !was_dead || again.is_some() {
            self.trouble.state = state;
        }
        if let Some((config, rng)) = again {
            // Another seed: ids of an earlier life must not come again.
            let rng = rng.child(&format!("life {}", self.trouble.life));
            self.automation = Automation::new(config, rng);
            // The store of memory fails at nothing.
            let records = self.store.recover().unwrap_or_default();
            self.tell_automation(now, automation::Input::Recovered(records));
        }
    }

    fn kill(&mut self, now: Time) {
        self.store.crash();
        // The kernel closes its sockets: each peer hears of it.
        let mut posts: Vec<PostId> =
            std::mem::take(&mut self.posts.waiting).into_values().collect();
        self.wire.retain(|what| match what {
            Wire::Webhook(_) | Wire::Line { .. } | Wire::Answer { .. } => true,
            Wire::Late(post) => {
                posts.push(post.post);
                false
            }
            Wire::PostTimeout(_)
            | Wire::Committed { .. }
            | Wire::Mailed { .. }
            | Wire::Login { .. }
            | Wire::LoggedIn { .. }
            | Wire::OpenFailed { .. }
            | Wire::Request { .. }
            | Wire::Answered { .. }
            | Wire::NotAnswered { .. }
            | Wire::Api { .. }
            | Wire::Written { .. }
            | Wire::ToDevice { .. }
            | Wire::FromDevice { .. }
            | Wire::ClosedByListener { .. }
            | Wire::ClosedByDevice { .. } => false,
        });
        for post in posts {
            let outcome = HttpOutcome::Failed(HttpFailure::Broken);
            self.wire.set(now + ONE_WAY, Wire::Answer { post, outcome });
        }
        for (session, far) in std::mem::take(&mut self.sessions) {
            let node = far.node;
            let session = self.devices_end(session);
            self.tell_lab(now, lab::Input::SessionClosed { node, session });
        }
        self.trouble.life += 1;
    }

    pub(super) fn is_dead(&self) -> bool {
        self.trouble.state == ListenerState::Killed
    }

    /// Whether a line finds anybody: one that is slow is not too slow for it.
    pub(super) fn hears(&self) -> bool {
        match self.trouble.state {
            ListenerState::Well | ListenerState::Slow(_) | ListenerState::Answering { .. } => true,
            ListenerState::Unreachable | ListenerState::Killed => false,
        }
    }

    pub(super) fn listeners_deadline(&self) -> Option<Time> {
        self.automation.next_deadline().filter(|_| !self.is_dead())
    }

    /// A webhook reaches the listener's machine.
    pub(super) fn come_in(&mut self, now: Time, mut post: Post) {
        let outcome = match self.trouble.state {
            ListenerState::Well => return self.deliver(now, &post),
            ListenerState::Slow(by) if by < post.timeout => {
                post.timeout = post.timeout - by;
                self.wire.set(now + by, Wire::Late(post));
                return;
            }
            ListenerState::Slow(by) => {
                let outcome = HttpOutcome::Failed(HttpFailure::Timeout);
                self.wire.set(now + post.timeout, Wire::Answer { post: post.post, outcome });
                // It was sent: a slow listener takes it in for nobody.
                self.wire.set(now + by, Wire::Late(post));
                return;
            }
            ListenerState::Unreachable | ListenerState::Killed => {
                HttpOutcome::Failed(HttpFailure::Refused)
            }
            ListenerState::Answering { status, retry_after } => {
                let seconds = retry_after.map(|wait| wait.as_micros().div_ceil(1_000_000));
                let header = |seconds: u64| ("retry-after".to_owned(), seconds.to_string());
                let headers = seconds.map(header).into_iter().collect();
                HttpOutcome::Answered { status, headers, body: Vec::new() }
            }
        };
        self.wire.set(now + ONE_WAY, Wire::Answer { post: post.post, outcome });
    }

    /// How the lab numbers a session of the listener.
    pub(super) fn devices_end(&self, session: SessionId) -> lab::SessionId {
        lab::SessionId(session.0 | (self.trouble.life << COUNT_BITS))
    }

    /// How the listener numbers it; `None` if it has died since it opened it.
    pub(super) fn listeners_end(&self, session: lab::SessionId) -> Option<SessionId> {
        let count = session.0 & ((1 << COUNT_BITS) - 1);
        (session.0 >> COUNT_BITS == self.trouble.life).then_some(SessionId(count))
    }
}
