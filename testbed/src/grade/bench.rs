//! The routers of a grading: started beside the listener, done things to, and watched.
//!
//! Used by [`super::run()`]. What a router says of the listener counts for more than what that one
//! says of itself.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fact::{Fact, Kind};
use host::files::Search;
use host::{ExpectedError, LiveClock, StateDir, message};
use lab::LabOptions;
use serde_json::Value;
use simulator::live::{KeyKinds, LiveLab, LiveOptions};
use tokio::sync::broadcast::Receiver;
use topology::{Topology, Url};

use super::table::AppletAsk;
use crate::args::FileArgs;
use crate::inputs;

/// Facts that are kept; later ones are not looked at.
const FACTS_MAX: usize = 65_536;
/// How long a fact may come after the answer that it belongs to, in milliseconds.
const SETTLE_MS: u64 = 1_000;
/// How long an applet may take to send, and the listener to answer, in milliseconds.
const APPLET_MS_MAX: u64 = 30_000;
/// From one look to the next, in milliseconds.
const LOOK_MS: u64 = 20;
/// A port that nobody listens on: discard.
const CLOSED_PORT: &str = "9";

/// What stands for `<name>` in requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Values(BTreeMap<&'static str, String>);

impl Values {
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.insert(name, value.into());
    }

    /// A text with its values.
    pub(super) fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| {
            if text.contains('<') { text.replace(&format!("<{name}>"), value) } else { text }
        })
    }

    /// JSON with its values; a port that stands alone is a number.
    pub(super) fn fill_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let filled = self.fill(text);
                let number = filled.parse::<u16>().ok().filter(|_| text.ends_with("-port>"));
                number.map_or(Value::String(filled), Value::from)
            }
            Value::Array(items) => items.iter().map(|item| self.fill_in(item)).collect(),
            Value::Object(keys) => {
                keys.iter().map(|(key, item)| (key.clone(), self.fill_in(item))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }
}

/// The routers, as they run.
pub(super) struct Bench {
    live: LiveLab,
    inbox: Receiver<Fact>,
    facts: Vec<Fact>,
    nodes: Vec<String>,
    _state: StateDir,
}

/// What an applet's POST came to.
#[derive(Debug)]
pub(super) struct Posted {
    pub(super) url: String,
    pub(super) status: Option<u16>,
    pub(super) error: Option<String>,
}

/// Reads the lab, with the listener's address in it and what that is believed by; and what the
/// first router that has a token shows.
pub(super) fn read(
    devices: Option<&std::path::Path>,
    url: &Url,
    authorities: Option<&str>,
) -> Result<(Topology, Option<String>), ExpectedError> {
    let files = FileArgs { topology: devices.map(Into::into), ..FileArgs::default() };
    let mut topology = inputs::load(&files, Search::EmbeddedOnly)?.topology;
    topology.set_webhook_server(url.scheme, &url.authority);
    if let Some(authorities) = authorities {
        topology.trust_webhooks(authorities);
    }
    let shown = topology.virtual_nodes().find_map(|node| node.token.first());
    let shown = shown.and_then(|token| token.value.expose().ok()).map(str::to_owned);
    Ok((topology, shown))
}

impl Bench {
    /// Starts the routers.
    pub(super) async fn start(
        topology: &Topology,
        url: Url,
        state: StateDir,
    ) -> Result<(Bench, Values), ExpectedError> {
        let clock = LiveClock::start();
        let (seed, nonce, start) = (topology.seed, rand::random(), clock.now());
        let options = LabOptions { seed, nonce, start, webhook: Some(url) };
        let lab = inputs::build_lab(topology, options)?;
        let keys = KeyKinds::Ed25519AndRsa;
        let options = LiveOptions { clock, keys, trace: None, record: None, listener: None };
        let live = simulator::live::spawn(lab, topology, &state, options).await?;
        let inbox = live.remote().facts().map_err(ExpectedError::environment)?;
        let values = values(topology, &live);
        let nodes = live.nodes().iter().map(|node| node.name.clone()).collect();
        Ok((Bench { live, inbox, facts: Vec::new(), nodes, _state: state }, values))
    }

    /// For a line about it: `R1 127.0.0.1:2201`.
    pub(super) fn describe(&self) -> String {
        let node = |node: &simulator::report::ready::ReadyNode| {
            format!("{} {}", node.name, node.ssh.as_deref().unwrap_or("without SSH"))
        };
        self.live.nodes().iter().map(node).collect::<Vec<_>>().join(" · ")
    }

    /// Where the facts are that come from now on.
    pub(super) fn mark(&mut self) -> usize {
        self.take();
        self.facts.len()
    }

    fn take(&mut self) {
        while let Ok(fact) = self.inbox.try_recv() {
            if self.facts.len() < FACTS_MAX {
                self.facts.push(fact);
            }
        }
    }

    /// The first of the facts since `mark` that fits, as soon as it has come.
    pub(super) async fn seen<T>(
        &mut self,
        mark: usize,
        within: Duration,
        fits: impl Fn(&Fact) -> Option<T>,
    ) -> Option<T> {
        let start = Instant::now();
        loop {
            self.take();
            let found = self.facts.get(mark..).unwrap_or_default().iter().find_map(&fits);
            if found.is_some() || start.elapsed() >= within {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        }
    }

    /// A line that somebody from outside has given a router since `mark`.
    pub(super) async fn line(&mut self, mark: usize, pattern: &regex::Regex) -> Option<String> {
        let fits = |fact: &Fact| line_of(fact).filter(|line| pattern.is_match(line));
        self.seen(mark, Duration::from_millis(SETTLE_MS), fits).await
    }

    /// A fact of this kind, ever.
    pub(super) async fn told(&mut self, kind: &str, pattern: &regex::Regex) -> Option<String> {
        let fits = |fact: &Fact| {
            let mut inside = fact.kind.clone();
            let is_kind =
                inside.name() == kind && line_of(fact).is_some() | (kind != "device-command");
            let mut texts = inside.texts_mut().into_iter();
            texts.find(|text| is_kind && pattern.is_match(text)).map(|text| text.clone())
        };
        self.seen(0, Duration::from_millis(SETTLE_MS), fits).await
    }

    /// Does the same to every router.
    pub(super) async fn carry_out(&self, steps: &[String]) -> Result<(), ExpectedError> {
        for node in &self.nodes {
            self.carry_out_on(node, steps).await?;
        }
        Ok(())
    }

    async fn carry_out_on(&self, node: &str, steps: &[String]) -> Result<(), ExpectedError> {
        for step in steps {
            let words: Vec<String> = step.split_whitespace().map(str::to_owned).collect();
            let remote = self.live.remote();
            let step = remote.step(node, &words).await.map_err(ExpectedError::environment)?;
            let step = step.map_err(ExpectedError::usage)?;
            remote.inject(step).await.map_err(ExpectedError::environment)?;
        }
        Ok(())
    }

    /// Switches every router off and on.
    pub(super) async fn reset(&self) -> Result<(), ExpectedError> {
        let done = self.live.remote().reset(None).await.map_err(ExpectedError::environment)?;
        done.map(drop).map_err(ExpectedError::usage)
    }

    /// Lets something happen that an applet waits for; what its POST came to.
    pub(super) async fn post(&mut self, ask: &AppletAsk) -> Result<Option<Posted>, ExpectedError> {
        let mark = self.mark();
        let node = ask.node.clone().or_else(|| self.nodes.first().cloned()).unwrap_or_default();
        self.carry_out_on(&node, &ask.steps).await?;
        let within = Duration::from_millis(APPLET_MS_MAX);
        let sent = self.seen(mark, within, |fact| match &fact.kind {
            Kind::WebhookSent { url, delivery, .. } => Some((url.clone(), delivery.clone())),
            _ => None,
        });
        let Some((url, sent)) = sent.await else { return Ok(None) };
        let answered = self.seen(mark, within, |fact| match &fact.kind {
            Kind::WebhookAnswered { delivery, status, error, .. } if *delivery == sent => {
                Some((*status, error.clone()))
            }
            _ => None,
        });
        let no_answer = (None, Some("no answer".to_owned()));
        let (status, error) = answered.await.unwrap_or(no_answer);
        self.carry_out_on(&node, &ask.undo).await?;
        Ok(Some(Posted { url, status, error }))
    }

    pub(super) async fn stop(self) {
        self.live.stop().await;
    }
}

/// What a session from outside typed; applets and the console do so as well.
fn line_of(fact: &Fact) -> Option<String> {
    match &fact.kind {
        Kind::DeviceCommand { by, line } if by != "console" && !by.starts_with("EEM:") => {
            Some(line.clone())
        }
        _ => None,
    }
}

/// What requests say of the first router that has SSH.
fn values(topology: &Topology, live: &LiveLab) -> Values {
    let mut values = Values::default();
    values.set("closed-port", CLOSED_PORT);
    values.set("applet-path", "/events");
    let Some(ready) = live.nodes().iter().find(|node| node.ssh.is_some()) else {
        message::warning("no router has SSH: nobody can be sent to one");
        return values;
    };
    let split = |at: &Option<String>| {
        let at = at.as_deref().map(|at| at.trim_start_matches("https://"));
        at.and_then(|at| at.rsplit_once(':')).map(|(host, port)| (host.to_owned(), port.to_owned()))
    };
    let ssh = split(&ready.ssh).unwrap_or_default();
    values.set("netconf-port", split(&ready.netconf).map_or(ssh.1.clone(), |at| at.1));
    values.set("restconf-port", split(&ready.restconf).map_or("443".to_owned(), |at| at.1));
    values.set("host", ssh.0);
    values.set("ssh-port", ssh.1);
    values.set("node", ready.name.clone());
    let Some(node) = topology.nodes.get(&ready.name) else { return values };
    values.set("alias", node.aliases.first().unwrap_or(&ready.name).clone());
    values.set("user", node.username.expose().unwrap_or_default());
    values.set("password", node.password.expose().unwrap_or_default());
    values
}
