//! Both programs live in this process, over real sockets on one clock.
//!
//! Used by `demo`, `up` and `test --clock real`. Each side knows of the other only its address.

use std::net::SocketAddr;
use std::sync::Arc;

use automation::Config;
use fact::Fact;
use host::{ExpectedError, LiveClock, StateDir};
use lab::{LabOptions, Scenario};
use listener::live::LiveListener;
use listener::log::Log;
use simtime::Time;
use simulator::live::{KeyKinds, LiveLab, LiveOptions, Remote};
use simulator::report::ready::ReadyNode;
use tokio::sync::broadcast;
use topology::{Address, NodeKind, Topology};

use crate::inputs;

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
        }
    }
}

/// Both sides, running.
#[derive(Debug)]
pub(crate) struct Live {
    /// The device side.
    pub(crate) lab: LiveLab,
    /// The automation side.
    pub(crate) listener: LiveListener,
    /// The clock of both.
    pub(crate) clock: LiveClock,
    from_lab: broadcast::Receiver<Fact>,
    from_listener: broadcast::Receiver<Fact>,
}

impl Live {
    /// Starts both: the listener's port first, since routers are told it; the routers' ports next,
    /// since the listener's inventory is told those. `scenario` is read against the lab.
    pub(crate) async fn start<T>(
        mut topology: Topology,
        config: Config,
        args: LiveArgs<'_>,
        prepare: impl FnOnce(&lab::Lab) -> Result<T, ExpectedError>,
    ) -> Result<(Live, T), ExpectedError> {
        let port = listener::live::bind(args.bind).await?;
        inputs::set_webhook_server(&mut topology, &port.address().to_string());
        let clock = LiveClock::start();
        let options = LabOptions {
            seed: args.seed,
            nonce: rand::random(),
            start: clock.now(),
            webhook: None,
        };
        let lab = inputs::build_lab(&topology, options)?;
        let prepared = prepare(&lab)?;
        let options = LiveOptions { clock, keys: args.keys, trace: None, record: None };
        let lab = simulator::live::spawn(lab, &topology, args.state, options).await?;
        set_addresses(&mut topology, lab.nodes());
        let options = listener::live::Options {
            config,
            inventory: Arc::new(topology),
            journal: args.state.path().join(listener::journal::FILE_NAME),
            known_hosts: args.state.known_hosts(),
            clock,
            log: args.log,
            rng: simtime::Rng::from_seed(rand::random()),
        };
        let listener = listener::live::spawn(port, options).await?;
        let from_lab = lab.remote().facts().map_err(ExpectedError::environment)?;
        let from_listener = listener.facts();
        Ok((Live { lab, listener, clock, from_lab, from_listener }, prepared))
    }

    /// The next facts of both sides, those at hand in order of time; none when a side has ended, or
    /// when this reader fell so far behind that some are lost.
    pub(crate) async fn next_facts(&mut self) -> Vec<Fact> {
        let first = tokio::select! {
            fact = self.from_lab.recv() => fact,
            fact = self.from_listener.recv() => fact,
        };
        let mut facts: Vec<Fact> = first.into_iter().collect();
        for side in [&mut self.from_lab, &mut self.from_listener] {
            facts.extend(std::iter::from_fn(|| side.try_recv().ok()));
        }
        facts.sort_by_key(|fact| fact.at);
        facts
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
        self.listener.stop().await;
        self.lab.stop().await;
    }
}

/// Tells the inventory where the virtual nodes really listen.
pub(crate) fn set_addresses(topology: &mut Topology, nodes: &[ReadyNode]) {
    for ready in nodes {
        let bound = ready.ssh.as_deref().and_then(|ssh| ssh.parse::<Address>().ok());
        if let Some(node) = topology.nodes.get_mut(&ready.name)
            && node.kind == NodeKind::Virtual
        {
            node.ssh = bound;
        }
    }
}
