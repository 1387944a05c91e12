//! Who has a connection, what it does, and which one gives way when there is no room.
//!
//! The server asks for a place for every connection; the receiver says what its client does and how
//! much of a body it has sent. Nobody waits in here: each question is answered at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::descriptors;

/// The most connections at one time; fewer where the descriptors do not suffice.
const CONNECTIONS_MAX: usize = 4_096;
/// The most bytes of bodies that are being read, or wait for the automation, at one time.
const BODIES_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How long a client may say nothing, and how long it may take over a head, in milliseconds.
const HEAD_MS_MAX: u64 = 10_000;
/// How long a client may take over its body, in milliseconds.
const BODY_MS_MAX: u64 = 30_000;
/// How long a client may take nothing of an answer, in milliseconds.
const STALL_MS_MAX: u64 = 10_000;

/// The bounds of one server; tests have tighter ones.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at one time.
    pub connections: usize,
    /// Bytes of bodies that are being read, or whose request is being answered.
    pub bodies_bytes: usize,
    /// How long a client may say nothing, and take over a head.
    pub head: Duration,
    /// How long it may take over a body.
    pub body: Duration,
    /// How long it may take nothing of an answer.
    pub stall: Duration,
}

impl Bounds {
    /// As documented, and as many connections as this process may have descriptors for.
    pub fn of_this_process() -> Self {
        Bounds::of(descriptors::for_connections().min(CONNECTIONS_MAX))
    }

    /// As documented, for so many connections.
    pub fn of(connections: usize) -> Self {
        Bounds {
            connections,
            bodies_bytes: BODIES_BYTES_MAX,
            head: Duration::from_millis(HEAD_MS_MAX),
            body: Duration::from_millis(BODY_MS_MAX),
            stall: Duration::from_millis(STALL_MS_MAX),
        }
    }
}

/// All places of a server.
#[derive(Debug)]
pub struct Room {
    bounds: Bounds,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    clients: BTreeMap<u64, Client>,
    /// Those that may have to give way, the first of them first: by what they do, then by how long.
    may_go: BTreeMap<(Doing, u64), u64>,
    /// Numbers clients and turns.
    counter: u64,
    bodies_bytes: usize,
    refused: u64,
    evicted: u64,
}

/// How full a room is, and whom that has cost a place so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occupancy {
    /// Connections that are open.
    pub connections: usize,
    /// Bytes of bodies that are being read, or whose request is being answered.
    pub bodies_bytes: usize,
    /// Clients that found no room.
    pub refused: u64,
    /// Clients that had to give way to others.
    pub evicted: u64,
}

#[derive(Debug)]
struct Client {
    doing: Doing,
    /// Since when, as a number that only grows.
    turn: u64,
    /// What it has sent of its body.
    bytes: usize,
    evicted: Arc<Notify>,
}

/// What a client does. In the order in which they give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    /// It has no request: it says nothing, or has not said a whole head.
    Idle,
    /// It sends a body.
    Sending,
    /// It waits for our answer, and never gives way.
    Served,
}

/// One connection's place; dropped with it.
#[derive(Debug)]
pub struct Place {
    room: Arc<Room>,
    id: u64,
    evicted: Arc<Notify>,
}

/// The bytes of a whole body, counted until this is dropped.
#[derive(Debug)]
pub struct Held {
    room: Arc<Room>,
    bytes: usize,
}

impl Room {
    /// One with these bounds.
    pub fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Room { bounds, state: Mutex::default() })
    }

    /// A place for a new client, if need be that of another; `None` if all are served.
    pub fn enter(self: &Arc<Self>) -> Option<Arc<Place>> {
        let mut state = self.state();
        if state.clients.len() >= self.bounds.connections && !state.evict_first() {
            state.refused += 1;
            return None;
        }
        let id = state.next();
        let evicted = Arc::new(Notify::new());
        let client =
            Client { doing: Doing::Idle, turn: id, bytes: 0, evicted: Arc::clone(&evicted) };
        state.clients.insert(id, client);
        state.may_go.insert((Doing::Idle, id), id);
        Some(Arc::new(Place { room: Arc::clone(self), id, evicted }))
    }

    /// Has the first client that may go give way: the process is out of descriptors.
    pub fn evict_one(&self) {
        self.state().evict_first();
    }

    /// How full it is.
    pub fn occupancy(&self) -> Occupancy {
        let state = self.state();
        Occupancy {
            connections: state.clients.len(),
            bodies_bytes: state.bodies_bytes,
            refused: state.refused,
            evicted: state.evicted,
        }
    }

    /// A thread that panicked inside has left a state that is whole: each change is one step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn evict_first(&mut self) -> bool {
        let first = self.may_go.first_key_value().map(|(_, id)| *id);
        first.is_some_and(|id| self.evict(id))
    }

    fn evict(&mut self, id: u64) -> bool {
        let Some(client) = self.remove(id) else { return false };
        client.evicted.notify_one();
        self.evicted += 1;
        true
    }

    fn remove(&mut self, id: u64) -> Option<Client> {
        let client = self.clients.remove(&id)?;
        self.may_go.remove(&(client.doing, client.turn));
        self.bodies_bytes -= client.bytes;
        Some(client)
    }

    /// `false` if it had to give way.
    fn set(&mut self, id: u64, doing: Doing) -> bool {
        let turn = self.next();
        let Some(client) = self.clients.get_mut(&id) else { return false };
        self.may_go.remove(&(client.doing, client.turn));
        (client.doing, client.turn) = (doing, turn);
        self.bodies_bytes -= std::mem::take(&mut client.bytes);
        if doing != Doing::Served {
            self.may_go.insert((doing, turn), id);
        }
        true
    }

    /// Room for more of a body; who has been sending longest gives way. `false` if nobody can.
    fn make_room(&mut self, id: u64, bytes: usize, bound: usize) -> bool {
        while self.bodies_bytes + bytes > bound {
            let mut sending = self.may_go.range((Doing::Sending, 0)..);
            let Some(other) = sending.find_map(|(_, other)| (*other != id).then_some(*other))
            else {
                return false;
            };
            self.evict(other);
        }
        true
    }
}

impl Place {
    /// The bounds of its server.
    pub fn bounds(&self) -> Bounds {
        self.room.bounds
    }

    /// Returns when this client has to give way.
    pub async fn evicted(&self) {
        self.evicted.notified().await;
    }

    /// It has no request.
    pub fn now_idle(&self) -> bool {
        self.room.state().set(self.id, Doing::Idle)
    }

    /// It sends a body from now on. Like all of these `false` if it had to give way.
    pub fn now_sending(&self) -> bool {
        self.room.state().set(self.id, Doing::Sending)
    }

    /// It waits for our answer.
    pub fn now_served(&self) -> bool {
        self.room.state().set(self.id, Doing::Served)
    }

    /// It has sent so much more of its body. `false` if there is no room for it.
    pub fn take(&self, bytes: usize) -> bool {
        let bound = self.room.bounds.bodies_bytes;
        let mut state = self.room.state();
        if !state.make_room(self.id, bytes, bound) {
            return false;
        }
        let Some(client) = state.clients.get_mut(&self.id) else { return false };
        client.bytes += bytes;
        state.bodies_bytes += bytes;
        true
    }

    /// Its body is whole: it waits for our answer, and what it sent counts until that is dropped.
    pub fn sent(&self) -> Option<Held> {
        let mut state = self.room.state();
        let client = state.clients.get_mut(&self.id)?;
        let bytes = std::mem::take(&mut client.bytes);
        state.set(self.id, Doing::Served);
        Some(Held { room: Arc::clone(&self.room), bytes })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.state().remove(self.id);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.room.state().bodies_bytes -= self.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(connections: usize, bodies_bytes: usize) -> Arc<Room> {
        Room::new(Bounds { connections, bodies_bytes, ..Bounds::of_this_process() })
    }

    /// Goal: who idles longest goes first, then who sends longest, and who is served never. Method:
    /// three places, all taken, and new clients one after the other.
    #[test]
    fn the_idle_go_first_and_the_served_never() {
        let room = room(3, 100);
        let [idle, sending, served] = [(); 3].map(|()| room.enter().unwrap());
        assert!(sending.now_sending() && served.now_served());
        let first = room.enter().unwrap();
        assert!(!idle.now_served(), "it had to give way");
        assert!(first.now_served());
        let second = room.enter().unwrap();
        assert!(!sending.now_served(), "it had to give way");
        assert!(second.now_served());
        assert!(room.enter().is_none(), "all are served");
        let seen = room.occupancy();
        assert_eq!((seen.connections, seen.refused, seen.evicted), (3, 1, 2));
        drop(served);
        assert!(room.enter().is_some());
    }

    /// Goal: bodies have one bound in all, held until the automation has seen them. Method: count.
    #[test]
    fn bodies_are_bounded_in_all() {
        let room = room(9, 100);
        let [slow, whole, new] = [(); 3].map(|()| room.enter().unwrap());
        assert!(slow.now_sending() && slow.take(60));
        assert!(whole.now_sending() && whole.take(40));
        let held = whole.sent().unwrap();
        assert!(new.now_sending() && new.take(60), "who sends longest gives way");
        assert!(!slow.now_served());
        assert!(!new.take(1), "what waits for its answer stays");
        drop(held);
        assert!(new.take(40));
        drop((whole, new, slow));
        assert_eq!(room.state().bodies_bytes, 0);
        assert!(room.state().clients.is_empty() && room.state().may_go.is_empty());
    }
}
