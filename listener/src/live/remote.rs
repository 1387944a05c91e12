//! A way to a running listener from the tasks beside it: questions with one answer each.

use std::sync::Arc;

use automation::Config;
use automation::record::Consent;
use host::tls::Served;
use tokio::sync::{mpsc, oneshot};
use topology::Topology;

use crate::tls::Tls;

/// Reaches the live loop. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Remote {
    asks: mpsc::Sender<Ask>,
    tls: Option<Tls>,
}

/// The listener has stopped, or is about to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the listener is stopping")]
pub struct Stopped;

/// One question on its way to the loop.
#[derive(Debug)]
pub(super) enum Ask {
    /// Answer a job that waits for an approval.
    Approve {
        job: String,
        consent: Consent,
        by: String,
        answer: oneshot::Sender<Result<(), String>>,
    },
    /// Do everything by another configuration from now on.
    Reload { config: Box<Config>, inventory: Arc<Topology>, done: oneshot::Sender<()> },
}

impl Remote {
    pub(super) fn over(asks: mpsc::Sender<Ask>, tls: Option<Tls>) -> Self {
        Remote { asks, tls }
    }

    /// Replaces sources, credentials, rules, mode and inventory, and what the port shows if it
    /// speaks HTTPS; returns once that is done.
    pub async fn reload(
        &self,
        config: Config,
        inventory: Topology,
        shown: Option<Served>,
    ) -> Result<(), Stopped> {
        let (done, is_done) = oneshot::channel();
        let (config, inventory) = (Box::new(config), Arc::new(inventory));
        let ask = Ask::Reload { config, inventory, done };
        self.asks.send(ask).await.map_err(|_| Stopped)?;
        is_done.await.map_err(|_| Stopped)?;
        if let (Some(tls), Some(shown)) = (&self.tls, shown) {
            tls.replace(shown);
        }
        Ok(())
    }

    /// Approves or denies a job; the inner error is for the person who asked.
    pub async fn approve(
        &self,
        job: String,
        consent: Consent,
        by: String,
    ) -> Result<Result<(), String>, Stopped> {
        let (answer, answered) = oneshot::channel();
        let ask = Ask::Approve { job, consent, by, answer };
        self.asks.send(ask).await.map_err(|_| Stopped)?;
        answered.await.map_err(|_| Stopped)
    }
}
