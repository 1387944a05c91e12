//! What a rule says about when it may fire, as loaded from listener.toml.
//!
//! Made by `config::policy`; read by the gate. It holds no state.

use simtime::Duration;

/// When a rule that matches fires.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Several conditions over several events.
    pub(crate) window: Option<Window>,
    /// What a window keeps apart; nothing: one window for the rule.
    pub(crate) window_by: Vec<String>,
    /// What throttle, dampening and cool-down keep apart.
    pub(crate) group_by: Vec<String>,
    pub(crate) throttle: Option<Throttle>,
    pub(crate) dampen: Option<Dampen>,
    /// How long the rule is quiet once it has fired.
    pub(crate) cool_down: Option<Duration>,
    pub(crate) own_changes: OwnChanges,
}

/// Several conditions that are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    /// Each of them by some event, the first and the last within this.
    All(Duration),
    /// One of them, and within this not all.
    NotAll(Duration),
}

/// How many of the events that match are answered, after the throttles of ansible-rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Throttle {
    /// The first one; then none until this has passed.
    OnceWithin(Duration),
    /// One, once this has passed since the first.
    OnceAfter(Duration),
    /// Every `events`-th that comes within `span` of the first.
    Accumulate { span: Duration, events: u32 },
}

/// Flap dampening, after RFC 2439 and `dampening` of an IOS interface: each event adds `penalty`,
/// which halves each `half_life`. Beyond `suppress` the rule is quiet until it is below `reuse`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dampen {
    pub(crate) half_life: Duration,
    pub(crate) suppress: u64,
    pub(crate) reuse: u64,
    pub(crate) penalty: u64,
    /// The longest that one burst keeps the rule quiet.
    pub(crate) max: Duration,
}

/// What becomes of an event that our own change caused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OwnChanges {
    /// It is marked and not answered: else a change could answer itself for ever.
    #[default]
    Ignore,
    /// It is answered like any other.
    Answer,
}

impl OwnChanges {
    pub(crate) const WORDS: [(&'static str, OwnChanges); 2] =
        [("ignore", OwnChanges::Ignore), ("answer", OwnChanges::Answer)];
}

impl Window {
    pub(crate) fn span(self) -> Duration {
        match self {
            Window::All(span) | Window::NotAll(span) => span,
        }
    }
}

impl Policy {
    /// How long a group must be remembered after its last event. Penalties aside, which fade.
    pub(super) fn horizon(&self) -> Duration {
        let throttle = self.throttle.map(|throttle| match throttle {
            Throttle::OnceWithin(span) | Throttle::OnceAfter(span) => span,
            Throttle::Accumulate { span, .. } => span,
        });
        // A penalty is nothing after as many half-lives as it has bits.
        let dampen = self.dampen.map(|dampen| dampen.half_life.saturating_mul(64));
        let window = self.window.map(Window::span);
        let all = [throttle, dampen, window, self.cool_down];
        all.into_iter().flatten().max().unwrap_or_default()
    }
}
