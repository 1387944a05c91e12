//! The states of an interface and what moves it from one to the next, as one total table.
//!
//! Called by `state`, which draws the consequences. Pure: it logs nothing and sets no timer.

/// Where an interface stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// `shutdown`. The wire may be alive all the same.
    AdminDown {
        /// Whether there is a signal.
        carrier: bool,
    },
    /// Wanted, but the wire is dead.
    Down,
    /// The wire is alive; the line protocol is not yet.
    Settling,
    /// Alive, wire and line protocol.
    Up,
}

/// What happens to an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// `shutdown`
    Shutdown,
    /// `no shutdown`
    NoShutdown,
    /// The wire came alive.
    CarrierUp,
    /// The wire went dead.
    CarrierLost,
    /// The second after a change has passed.
    Settled,
}

/// The last thing that the router has said of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Announced {
    /// By the LINK messages.
    pub(super) status: Status,
    /// By the LINEPROTO messages.
    pub(super) protocol_up: bool,
}

/// The status of an interface, as `show interfaces` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    AdminDown,
    Down,
    Up,
}

impl Link {
    /// The state after `event`.
    pub(super) fn after(self, event: Event) -> Link {
        match (self, event) {
            (Link::AdminDown { carrier }, Event::Shutdown | Event::Settled) => {
                Link::AdminDown { carrier }
            }
            (Link::AdminDown { carrier: true }, Event::NoShutdown) => Link::Settling,
            (Link::AdminDown { carrier: false }, Event::NoShutdown) => Link::Down,
            (Link::AdminDown { .. }, Event::CarrierUp) => Link::AdminDown { carrier: true },
            (Link::AdminDown { .. }, Event::CarrierLost) => Link::AdminDown { carrier: false },
            (Link::Down, Event::Shutdown) => Link::AdminDown { carrier: false },
            (Link::Down, Event::CarrierUp) => Link::Settling,
            (Link::Down, Event::NoShutdown | Event::CarrierLost | Event::Settled) => Link::Down,
            (Link::Settling | Link::Up, Event::Shutdown) => Link::AdminDown { carrier: true },
            (Link::Settling | Link::Up, Event::CarrierLost) => Link::Down,
            (Link::Settling, Event::NoShutdown | Event::CarrierUp) => Link::Settling,
            (Link::Settling | Link::Up, Event::Settled) => Link::Up,
            (Link::Up, Event::NoShutdown | Event::CarrierUp) => Link::Up,
        }
    }

    /// The status that goes with it.
    pub(super) fn status(self) -> Status {
        match self {
            Link::AdminDown { .. } => Status::AdminDown,
            Link::Down => Status::Down,
            Link::Settling | Link::Up => Status::Up,
        }
    }

    /// Whether the line protocol is up. It goes down with the link at once; only its message waits.
    pub(super) fn protocol_up(self) -> bool {
        match self {
            Link::Up => true,
            Link::AdminDown { .. } | Link::Down | Link::Settling => false,
        }
    }

    /// Whether the port sends light: it does unless it is shut down.
    pub(super) fn sends(self) -> bool {
        !matches!(self, Link::AdminDown { .. })
    }

    /// Whether there is a signal on the wire.
    pub(super) fn has_carrier(self) -> bool {
        match self {
            Link::AdminDown { carrier } => carrier,
            Link::Down => false,
            Link::Settling | Link::Up => true,
        }
    }

    /// Whether it waits for its line protocol.
    pub(super) fn is_settling(self) -> bool {
        self == Link::Settling
    }

    /// What the router would say of this state.
    pub(super) fn seen(self) -> Announced {
        Announced { status: self.status(), protocol_up: self.protocol_up() }
    }
}

impl Status {
    /// The word of `show interfaces` and `show ip interface brief`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Status::AdminDown => "administratively down",
            Status::Down => "down",
            Status::Up => "up",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEAD: Link = Link::AdminDown { carrier: false };
    const LIVE: Link = Link::AdminDown { carrier: true };

    /// Goal: every cell of the table is the one meant. Method: the whole table, written out.
    #[test]
    fn the_table_is_as_written() {
        let events = [
            Event::Shutdown,
            Event::NoShutdown,
            Event::CarrierUp,
            Event::CarrierLost,
            Event::Settled,
        ];
        let table = [
            (DEAD, [DEAD, Link::Down, LIVE, DEAD, DEAD]),
            (LIVE, [LIVE, Link::Settling, LIVE, DEAD, LIVE]),
            (Link::Down, [DEAD, Link::Down, Link::Settling, Link::Down, Link::Down]),
            (Link::Settling, [LIVE, Link::Settling, Link::Settling, Link::Down, Link::Up]),
            (Link::Up, [LIVE, Link::Up, Link::Up, Link::Down, Link::Up]),
        ];
        for (from, row) in table {
            for (event, want) in events.into_iter().zip(row) {
                assert_eq!(from.after(event), want, "{from:?} {event:?}");
            }
        }
    }
}
