//! Both programs live in this process, over real sockets on one clock.
//!
//! Used by `demo`, `up` and `test --clock real`. Each side knows of the other only its address.

mod answer;
mod gate;
mod keeper;
mod order;

use std::net::SocketAddr;
use std::sync::Arc;

use automation::Config;
use fact::Fact;
use host::{ExpectedError, LiveClock, StateDir};
use lab::{LabOptions, Scenario};
use listener::live::{LiveListener, Trusted};
use listener::log::Log;
use listener::tls::Tls;
use simtime::Time;
use simulator::live::{KeyKinds, LiveLab, LiveOptions, Remote};
use simulator::report::ready::ReadyNode;
use tokio::sync::{broadcast, mpsc};
use topology::{Address, NodeKind, Scheme, Topology};

use crate::inputs;
use keeper::{Keeper, Origin};
use order::Order;

/// What is yet to be done to the listener: each step that says so, and its end.
const ORDERS_MAX: usize = 1_024;

/// How to start both.
#[derive(Debug)]
pub(crate) struct LiveArgs<'a> {
    /// Where the listener listens.
    pub(crate) bind: SocketAddr,
    /// Where keys and journal live.
    pub(crate) state: &'a StateDir,
    /// Seeds what may repeat from run to run: serial numbers, jitter.
    pub(crate) seed: u64,
    /// Which host keys the routers get.
    pub(crate) keys: KeyKinds,
    /// Where the listener's log lines go.
    pub(crate) log: Log,
    /// What the listener shows, if it speaks HTTPS, and what routers believe it by, in PEM.
    pub(crate) tls: Option<(Tls, String)>,
}

impl<'a> LiveArgs<'a> {
    /// A run of which nothing is kept: the system chooses the port, and no log is written.
    pub(crate) fn throwaway(state: &'a StateDir, seed: u64) -> Self {
        LiveArgs {
            bind: ([127, 0, 0, 1], 0).into(),
            state,
            seed,
            keys: KeyKinds::Ed25519,
            log: Log::silent(),
            tls: None,
        }
    }
}

/// What is read against a lab before it starts.
pub(crate) trait Prepared {
    /// Whether something is going to happen to the listener.
    fn troubles_listener(&self) -> bool;
}

impl Prepared for () {
    fn troubles_listener(&self) -> bool {
        false
    }
}

impl Prepared for Scenario {
    fn troubles_listener(&self) -> bool {
        Scenario::troubles_listener(self)
    }
}

/// Both sides, running.
#[derive(Debug)]
pub(crate) struct Live {
    /// The device side.
    pub(crate) lab: LiveLab,
    /// Where routers and others find the listener.
    pub(crate) address: SocketAddr,
    /// Where it takes lines of syslog.
    pub(crate) syslog: Vec<String>,
    /// A way to the listener as it was started.
    pub(crate) to_listener: listener::live::Remote,
    /// The clock of both.
    pub(crate) clock: LiveClock,
    listener: Listening,
    from_lab: broadcast::Receiver<Fact>,
    from_listener: broadcast::Receiver<Fact>,
    order: Order,
}

/// The automation side.
#[derive(Debug)]
enum Listening {
    /// On its own port.
    Itself(Box<LiveListener>),
    /// Behind a gate, since things will happen to it.
    Kept(Keeper),
}

impl Live {
    /// Starts both: the listener's port first, since routers are told it; the routers' ports next,
    /// since the listener's inventory is told those. `prepare` reads the scenario against the lab.
    pub(crate) async fn start<T: Prepared>(
        mut topology: Topology,
        mut config: Config,
        args: LiveArgs<'_>,
        prepare: impl FnOnce(&lab::Lab) -> Result<T, ExpectedError>,
    ) -> Result<(Live, T), ExpectedError> {
        let port = listener::live::bind(args.bind).await?;
        let address = port.address();
        let (tls, ca) = args.tls.unzip();
        let scheme = if tls.is_some() { Scheme::Https } else { Scheme::Http };
        topology.set_webhook_server(scheme, &address.to_string());
        if let Some(ca) = ca {
            topology.trust_webhooks(&ca);
        }
        let clock = LiveClock::start();
        let options = LabOptions {
            seed: args.seed,
            nonce: rand::random(),
            start: clock.now(),
            webhook: None,
        };
        let lab = inputs::build_lab(&topology, options)?;
        let prepared = prepare(&lab)?;
        let (told, orders) = mpsc::channel(ORDERS_MAX);
        let kept = prepared.troubles_listener();
        let listener = kept.then_some(told);
        let options = LiveOptions { clock, keys: args.keys, trace: None, record: None, listener };
        let lab = simulator::live::spawn(lab, &topology, args.state, options).await?;
        set_addresses(&mut topology, lab.nodes());
        config.set_addresses(&topology);
        let from_lab = lab.remote().facts().map_err(ExpectedError::environment)?;
        let origin = Origin {
            config,
            inventory: Arc::new(topology),
            journal: args.state.path().join(listener::journal::FILE_NAME),
            trusted: Trusted::of(args.state),
            tls,
            clock,
            log: args.log,
            facts: listener::live::feed(),
        };
        let from_listener = origin.facts.subscribe();
        let (to_listener, syslog, listener) = if kept {
            let gate = port.into_socket();
            let first = origin.start().await?;
            let syslog = first.syslog().to_vec();
            (first.remote(), syslog, Listening::Kept(Keeper::of(first, origin, gate, orders)))
        } else {
            let alone = listener::live::spawn(port, origin.into_options()).await?;
            let syslog = alone.syslog().to_vec();
            (alone.remote(), syslog, Listening::Itself(Box::new(alone)))
        };
        let order = Order::default();
        let live = Live {
            lab,
            address,
            syslog,
            to_listener,
            clock,
            listener,
            from_lab,
            from_listener,
            order,
        };
        Ok((live, prepared))
    }

    /// The next facts of both sides, in order of time; none when a side has ended, or when this
    /// reader fell so far behind that some are lost.
    pub(crate) async fn next_facts(&mut self) -> Vec<Fact> {
        loop {
            let settled = self.settled();
            if !settled.is_empty() {
                return settled;
            }
            let due = self.order.due();
            let fact = tokio::select! {
                fact = self.from_lab.recv() => fact,
                fact = self.from_listener.recv() => fact,
                () = self.clock.sleep_until(due) => continue,
            };
            match fact {
                Ok(fact) => self.order.take(fact),
                Err(_) => return self.order.rest(),
            }
        }
    }

    /// The facts that are at hand, and before which no other can come any more.
    pub(crate) fn settled(&mut self) -> Vec<Fact> {
        for side in [&mut self.from_lab, &mut self.from_listener] {
            std::iter::from_fn(|| side.try_recv().ok()).for_each(|fact| self.order.take(fact));
        }
        self.order.settled(self.clock.now())
    }

    /// Up to when all that happened has been given by [`Live::next_facts`].
    pub(crate) fn seen_until(&self) -> Time {
        order::seen_until(self.clock.now())
    }

    /// Plays a scenario; gives the instant from which its times count.
    pub(crate) async fn play(&self, scenario: Scenario) -> Result<Time, ExpectedError> {
        self.remote().play(scenario).await.map_err(ExpectedError::environment)
    }

    /// Tells the lab which expectations were met: steps may wait for them.
    pub(crate) async fn met(&self, judge: &mut lab::Judge) -> Result<(), ExpectedError> {
        self.remote().met(judge.newly_met()).await.map_err(ExpectedError::environment)
    }

    /// A way to the lab.
    pub(crate) fn remote(&self) -> Remote {
        self.lab.remote()
    }

    /// Ends both within their bounds, the listener first: what it runs on a router needs that one.
    pub(crate) async fn stop(self) {
        match self.listener {
            Listening::Itself(listener) => listener.stop().await,
            Listening::Kept(keeper) => keeper.stop().await,
        }
        self.lab.stop().await;
    }
}

/// Tells the inventory where the virtual nodes really listen.
pub(crate) fn set_addresses(topology: &mut Topology, nodes: &[ReadyNode]) {
    for ready in nodes {
        let address = |at: Option<&str>| at.and_then(|at| at.parse::<Address>().ok());
        let restconf = ready.restconf.as_deref().and_then(|url| url.strip_prefix("https://"));
        if let Some(node) = topology.nodes.get_mut(&ready.name)
            && node.kind == NodeKind::Virtual
        {
            node.ssh = address(ready.ssh.as_deref());
            node.netconf = address(ready.netconf.as_deref());
            node.restconf = address(restconf);
        }
    }
}
