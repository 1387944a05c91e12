//! Tracked objects: something about the router that is up or down, and that others follow.
//!
//! Nothing is polled: whoever changes what an object may follow calls [`review()`]. Read by static
//! routes, by lists of objects and by applets. Only `review` may change the state of an object.

pub(crate) mod config;
pub(crate) mod list;
mod review;
pub(crate) mod show;

pub(crate) use review::{boot, delay_over, review};

use std::collections::BTreeMap;
use std::fmt;

use cli::InterfaceName;
use simtime::{Time, TimerId};

use crate::device::State;
use crate::feature::interface::Prefix;
use crate::turn::Turn;
use list::List;

/// How many objects one router tracks (IOS takes 1000).
const OBJECTS_MAX: usize = 1000;

/// The tracked objects of one router, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tracks {
    all: BTreeMap<u32, Object>,
}

/// One tracked object.
#[derive(Clone, Debug)]
struct Object {
    what: What,
    /// What `delay` says, in seconds.
    delay: Delay,
    /// As the router told it last.
    up: bool,
    /// How often that changed, and when last.
    changes: u32,
    changed: Time,
    /// The end of the delay after which it changes to what it is not now.
    pending: Option<(Time, TimerId)>,
}

/// How long a change is held back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Delay {
    up_secs: u64,
    down_secs: u64,
}

/// What an object follows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// `interface X line-protocol`
    LineProtocol(InterfaceName),
    /// `interface X ip routing`
    IpRouting(InterfaceName),
    /// `ip route P M reachability`
    Route(Prefix),
    /// `ip sla N`: `state` asks for an answer in time, `reachability` for any.
    Sla { number: u32, any: bool },
    /// `list`
    List(List),
    /// `stub-object`: whatever `action track set` said last, else `default-state`.
    Stub {
        /// `default-state up`
        default: bool,
        /// What was set.
        set: Option<bool>,
    },
}

impl Tracks {
    fn is_up(&self, number: u32) -> Option<bool> {
        self.all.get(&number).map(|object| object.up)
    }
}

impl Object {
    fn new(what: What, now: Time) -> Self {
        Object { what, delay: Delay::default(), up: false, changes: 0, changed: now, pending: None }
    }
}

impl What {
    /// Whether both are the same but for what a sub-mode says.
    fn is_same(&self, other: &What) -> bool {
        match (self, other) {
            (What::List(list), What::List(other)) => list.is_same_kind(other),
            (What::Stub { .. }, What::Stub { .. }) => true,
            (
                What::LineProtocol(_)
                | What::IpRouting(_)
                | What::Route(_)
                | What::Sla { .. }
                | What::List(_)
                | What::Stub { .. },
                _,
            ) => self == other,
        }
    }
}

/// As a message has it: `interface Gi1 line-protocol`.
impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::LineProtocol(name) => write!(f, "interface {} line-protocol", name.short()),
            What::IpRouting(name) => write!(f, "interface {} ip routing", name.short()),
            What::Route(prefix) => write!(f, "ip route {prefix} reachability"),
            What::Sla { number, any: true } => write!(f, "ip sla {number} reachability"),
            What::Sla { number, any: false } => write!(f, "ip sla {number} state"),
            What::List(list) => write!(f, "list {}", list.kind()),
            What::Stub { .. } => f.write_str("stub"),
        }
    }
}

/// Whether an object is up. `None` if it is not configured.
pub(crate) fn state(state: &State, number: u32) -> Option<bool> {
    state.tracks.is_up(number)
}

/// `action track set`. `false` if there is no such object, or it is no stub.
pub(crate) fn set(turn: &mut Turn<'_>, number: u32, up: bool) -> bool {
    let object = turn.state.tracks.all.get_mut(&number);
    let Some(What::Stub { set, .. }) = object.map(|object| &mut object.what) else { return false };
    *set = Some(up);
    review(turn);
    true
}
