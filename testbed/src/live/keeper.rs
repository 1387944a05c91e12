//! Has the listener in hand while a scenario does things to it: kills it, starts it again, and
//! turns the gate before it.
//!
//! Started by [`super::Live`] when the scenario has such a step. It must never tell a router
//! anything: what happens to a request happens on its socket.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use automation::Config;
use fact::Fact;
use host::{ExpectedError, LiveClock, message};
use lab::ListenerState;
use listener::live::{LiveListener, Options, StartError, Trusted};
use listener::log::Log;
use listener::tls::Tls;
use tokio::net::TcpListener;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use topology::Topology;

use super::gate::{self, Turn};

/// What each life of a listener is started from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) config: Config,
    pub(super) inventory: Arc<Topology>,
    pub(super) journal: PathBuf,
    pub(super) trusted: Trusted,
    pub(super) tls: Option<Tls>,
    pub(super) clock: LiveClock,
    pub(super) log: Log,
    /// One feed for all lives: their facts stay in order.
    pub(super) facts: broadcast::Sender<Fact>,
}

impl Origin {
    /// What a listener is made of. Ids of an earlier life must not come again: each has a seed of
    /// its own.
    pub(super) fn into_options(self) -> Options {
        let Origin { config, inventory, journal, trusted, tls, clock, log, facts } = self;
        let rng = simtime::Rng::from_seed(rand::random());
        Options { config, inventory, journal, trusted, tls, clock, log, rng, facts }
    }

    /// Starts one, to be found by the gate alone.
    pub(super) async fn start(&self) -> Result<LiveListener, StartError> {
        let port = listener::live::bind(([127, 0, 0, 1], 0).into()).await?;
        listener::live::spawn(port, self.clone().into_options()).await
    }
}

/// A way to the task that has the listener.
#[derive(Debug)]
pub(super) struct Keeper {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    gate: JoinHandle<()>,
}

/// That task.
struct Keeping {
    origin: Origin,
    /// `None` while it is dead.
    listener: Option<LiveListener>,
    address: SocketAddr,
    turn: watch::Sender<Turn>,
}

impl Keeper {
    /// Keeps `listener` behind a gate on the port that routers know.
    pub(super) fn of(
        listener: LiveListener,
        origin: Origin,
        socket: TcpListener,
        orders: mpsc::Receiver<ListenerState>,
    ) -> Self {
        let address = listener.address();
        let (turn, turned) = watch::channel(Turn { state: ListenerState::Well, to: address });
        let gate = tokio::spawn(gate::serve(socket, turned));
        let (stop, stopped) = oneshot::channel();
        let keeping = Keeping { origin, listener: Some(listener), address, turn };
        Keeper { stop, task: tokio::spawn(keeping.run(orders, stopped)), gate }
    }

    /// Stops the listener with good manners, if it lives.
    pub(super) async fn stop(self) {
        drop(self.stop);
        let _ = self.task.await; // a bug in it was told by its panic
        self.gate.abort();
    }
}

impl Keeping {
    async fn run(
        mut self,
        mut orders: mpsc::Receiver<ListenerState>,
        mut stop: oneshot::Receiver<()>,
    ) {
        loop {
            tokio::select! {
                _ = &mut stop => break,
                order = orders.recv() => match order {
                    Some(ListenerState::Killed) => self.kill().await,
                    Some(state) => self.be(state).await,
                    None => break,
                },
            }
        }
        if let Some(listener) = self.listener {
            listener.stop().await;
        }
    }

    async fn kill(&mut self) {
        self.turn_to(ListenerState::Killed);
        if let Some(listener) = self.listener.take() {
            listener.kill().await;
        }
    }

    /// Whatever else happens to a dead listener, it is first started.
    async fn be(&mut self, state: ListenerState) {
        if self.listener.is_none() {
            match self.origin.start().await {
                Ok(again) => {
                    self.address = again.address();
                    self.listener = Some(again);
                }
                Err(error) => {
                    let error = ExpectedError::from(error);
                    return message::warning(&format!("the listener stays dead: {error}"));
                }
            }
        }
        self.turn_to(state);
    }

    fn turn_to(&self, state: ListenerState) {
        self.turn.send_replace(Turn { state, to: self.address });
    }
}
