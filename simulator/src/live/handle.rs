//! What the rest of a program holds of a live lab.
//!
//! Held by the verbs, the control socket and `ednm`; dropping it stops the lab at once, `stop` does
//! so with good manners.

use std::sync::Arc;
use std::time::Duration;

use fact::Fact;
use host::LiveClock;
use lab::{Scenario, Step};
use simtime::Time;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use super::mailbox::{Mailbox, Message, Stopped};
use super::trace::Tracing;
use crate::report::inspect::Row;
use crate::report::ready::ReadyNode;

/// How long a stop may take, in milliseconds.
const STOP_MS_MAX: u64 = 5_000;

/// A lab that runs, with its ports.
#[derive(Debug)]
pub struct LiveLab {
    pub(super) remote: Remote,
    pub(super) nodes: Vec<ReadyNode>,
    pub(super) clock: LiveClock,
    pub(super) stop: watch::Sender<bool>,
    pub(super) tasks: JoinSet<()>,
    pub(super) trace: Option<Tracing>,
}

/// A way to reach a live lab that does not keep it alive. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Remote {
    pub(super) mailbox: Mailbox,
    pub(super) facts: broadcast::WeakSender<Fact>,
}

impl LiveLab {
    /// Where each virtual node is reached.
    pub fn nodes(&self) -> &[ReadyNode] {
        &self.nodes
    }

    /// The clock by which it runs.
    pub fn clock(&self) -> LiveClock {
        self.clock
    }

    /// A way to reach it from elsewhere.
    pub fn remote(&self) -> Remote {
        self.remote.clone()
    }

    /// Stops it: says farewell to its clients, closes its ports, within a bound.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let done = async { while self.tasks.join_next().await.is_some() {} };
        // Past the bound the tasks are dropped, and with them what still hangs.
        let _ = tokio::time::timeout(Duration::from_millis(STOP_MS_MAX), done).await;
        self.tasks.shutdown().await;
        if let Some(trace) = self.trace {
            trace.end().await;
        }
    }
}

impl Remote {
    /// What happens from now on. A reader that falls far behind is told how much it missed.
    pub fn facts(&self) -> Result<broadcast::Receiver<Fact>, Stopped> {
        self.facts.upgrade().map(|facts| facts.subscribe()).ok_or(Stopped)
    }

    /// Understands a step that is given in the words of a scenario; the error is for its author.
    pub async fn step(
        &self,
        node: &str,
        words: &[String],
    ) -> Result<Result<Step, String>, Stopped> {
        let (node, words) = (node.to_owned(), words.to_vec());
        let answer = self.mailbox.ask(|answer| Message::Words { node, words, answer }).await?;
        Ok(answer.map(|step| *step))
    }

    /// Carries out one step, now.
    pub async fn inject(&self, step: Step) -> Result<(), Stopped> {
        self.mailbox.ask(|done| Message::Inject { step: Box::new(step), done }).await
    }

    /// Starts to play a scenario; gives the instant from which its times count.
    pub async fn play(&self, scenario: Scenario) -> Result<Time, Stopped> {
        self.mailbox.ask(|done| Message::Play { scenario: Box::new(scenario), done }).await
    }

    /// Expectations of the scenario were met: steps that wait for them are carried out.
    pub async fn met(&self, names: Vec<Arc<str>>) -> Result<(), Stopped> {
        for name in names {
            self.mailbox.send(Message::Met { name }).await?;
        }
        Ok(())
    }

    /// Switches one router off and on again, or every one: how many. The error is for whoever
    /// named it.
    pub async fn reset(&self, node: Option<&str>) -> Result<Result<usize, String>, Stopped> {
        let node = node.map(str::to_owned);
        self.mailbox.ask(|answer| Message::Reset { node, answer }).await
    }

    /// What the routers look like now, or one of them from near.
    pub async fn inspect(&self, node: Option<&str>) -> Result<Result<Vec<Row>, String>, Stopped> {
        let node = node.map(str::to_owned);
        self.mailbox.ask(|answer| Message::Inspect { node, answer }).await
    }
}
