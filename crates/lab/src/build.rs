//! From a topology to a lab: every virtual node booted, every link plugged in.
//!
//! Called by the programs once per run. Codes are `LABnnn`, listed in `docs/diagnostics.md`.

use std::sync::Arc;

use diagnostic::{Diagnostic, Source, Spanned, has_errors};
use indexmap::IndexMap;
use iosxe::{Device, DeviceConfig, Platform, ShowMistake, ShowTemplate, Shows, StartupProblem};
use redact::Redactor;
use simtime::{Rng, Time};
use topology::{Dialect, Node, NodeKind, Secret, Topology, Url};
use webhook::{basic, bearer, github, standard};

use crate::delivery::{Credential, Sender};
use crate::faults::Faults;
use crate::lab::Router;
use crate::link::Links;
use crate::mail::Letters;
use crate::play::Playing;
use crate::schedule::Schedule;
use crate::typist::Typists;
use crate::unsure::Unsure;
use crate::{Lab, NodeId};

/// How one run differs from another of the same topology.
#[derive(Clone, Debug)]
pub struct LabOptions {
    /// From which every generator comes.
    pub seed: u64,
    /// Makes the ids of a live run its own: 16 bytes of the OS. A virtual run's come from its seed.
    pub nonce: [u8; 16],
    /// When the routers have booted.
    pub start: Time,
    /// Where the course's two webhook forms send instead of where the applet says: scheme and
    /// authority are replaced, and the path if this has one. It is allowed, and gets the tokens of
    /// nodes that have no `token-for`.
    pub webhook: Option<Url>,
}

impl LabOptions {
    /// A run in virtual time: everything comes from the seed.
    pub fn virtual_time(seed: u64) -> Self {
        let mut nonce = [0; 16];
        Rng::from_seed(seed).child("nonce").fill(&mut nonce);
        LabOptions { seed, nonce, start: Time::VIRTUAL_START, webhook: None }
    }
}

/// No data file describes the hardware that a node claims.
const UNKNOWN_PLATFORM: &str = "LAB006";

/// What all nodes are made with.
struct Builder<'a> {
    topology: &'a Topology,
    options: &'a LabOptions,
    sink: &'a mut Vec<Diagnostic>,
}

impl Lab {
    /// Boots the virtual nodes of a topology. `None` when that cannot be done; `sink` says why, and
    /// which lines of startup-configs the routers refused.
    pub fn new(
        topology: &Topology,
        options: LabOptions,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Lab> {
        let before = sink.len();
        let lab = Lab::recover(topology, options, sink);
        (!has_errors(&sink[before..])).then_some(lab)
    }

    /// Boots what can be booted, of a topology that may not be whole: good for finding the mistakes
    /// of scenarios, not for running any.
    pub fn recover(topology: &Topology, options: LabOptions, sink: &mut Vec<Diagnostic>) -> Lab {
        Builder { topology, options: &options, sink }.build()
    }
}

impl Builder<'_> {
    fn build(mut self) -> Lab {
        let root = Rng::from_seed(self.options.seed);
        // Ids differ from run to run of a live lab; jitter and serial numbers need not.
        let identity = root.child(&hex(&self.options.nonce));
        let mut lab = Lab {
            routers: Vec::new(),
            by_name: IndexMap::new(),
            real: Vec::new(),
            links: Links::default(),
            schedule: Schedule::new(),
            letters: Letters::default(),
            sender: Sender::new(&self.topology.allow, self.options.webhook.clone()),
            redactor: Redactor::new(self.topology.secrets(), self.topology.usernames()),
            playing: Playing::default(),
            faults: Faults::default(),
            typists: Typists::default(),
            chance: root.child("scenario"),
            unsure: Unsure::of(self.topology),
        };
        for node in self.topology.nodes.values() {
            let name: Arc<str> = node.name.as_str().into();
            match node.kind {
                NodeKind::Real => lab.real.push(name),
                NodeKind::Virtual => {
                    let id = NodeId(lab.routers.len() as u32);
                    let router = self.router(node, &name, &root, &identity);
                    lab.routers.push(router);
                    let credential = self.credential(node);
                    let rng = (identity.child(&name), root.child(&name));
                    lab.sender.add(Arc::clone(&name), credential, rng);
                    lab.by_name.insert(name, id);
                }
            }
        }
        lab.links = Links::plug(self.topology, &lab, self.sink);
        lab.darken(self.options.start);
        for id in 0..lab.routers.len() {
            lab.note_deadline(NodeId(id as u32));
        }
        lab
    }

    fn router(&mut self, node: &Node, name: &Arc<str>, root: &Rng, identity: &Rng) -> Router {
        let user = self.value(node, "username", &node.username);
        let password = self.value(node, "password", &node.password);
        let startup = self.topology.startup_text(node);
        let config = DeviceConfig {
            name: Arc::clone(name),
            platform: self.platform(node),
            dialect: dialect(node.dialect),
            shows: self.shows(node),
            startup: startup.clone(),
            files: files(node),
            user: user.zip(password),
            dark: Vec::new(),
            rng: root.child(name).child("device"),
        };
        let (device, problems) = Device::new(config.clone(), self.options.start);
        if let (Some(file), Some(text)) = (&node.startup, startup) {
            // What the router read is what must be shown: variables may have moved the columns.
            let read = Source::new(file.name.as_str(), text);
            self.sink.extend(problems.iter().map(|problem| refused(&read, name, problem)));
        }
        let traces = identity.child(name).child("trace");
        let chance = root.child(name).child("scenario");
        let labels = node.labels.as_slice().into();
        Router { name: Arc::clone(name), config, device, deadline: None, traces, chance, labels }
    }

    /// The hardware of a node. A name said once for several nodes is one mistake.
    fn platform(&mut self, node: &Node) -> Platform {
        let Some(name) = &node.platform else { return Platform::default() };
        let known = Platform::named(&name.value);
        let is_said = |said: &Diagnostic| said.code == UNKNOWN_PLATFORM && said.span == name.span;
        if known.is_none() && !self.sink.iter().any(is_said) {
            let names: Vec<String> = Platform::names().map(|name| format!("`{name}`")).collect();
            let message = format!("unknown platform `{}`", name.value);
            let file = &self.topology.source;
            self.sink.push(
                Diagnostic::error(UNKNOWN_PLATFORM, message, file, name.span.clone())
                    .label(format!("expected {}", names.join(" or ")))
                    .did_you_mean(&name.value, Platform::names()),
            );
        }
        known.unwrap_or_default()
    }

    /// The show commands that templates answer. One that several nodes share is told once.
    fn shows(&mut self, node: &Node) -> Shows {
        let template = |show: &topology::Show| ShowTemplate {
            command: show.command.value.clone(),
            file: show.template.name.clone(),
            text: show.template.text.clone(),
        };
        let mistakes = match Shows::new(node.shows.iter().map(template).collect()) {
            Ok(shows) => return shows,
            Err(mistakes) => mistakes,
        };
        for (place, mistake) in mistakes {
            let show = &node.shows[place];
            let command = &show.command.value;
            let diagnostic = match mistake {
                ShowMistake::Command(why) => {
                    let message = format!("`{command}` is no command for a template");
                    let (file, span) = (&self.topology.source, show.command.span.clone());
                    Diagnostic::error("LAB008", message, file, span).label(why)
                }
                ShowMistake::Template { line, message: why } => {
                    let message = format!("the template of `{command}` cannot be read");
                    let span = show.template.line_span(line);
                    Diagnostic::error("LAB007", message, &show.template, span).label(why)
                }
            };
            let said = |other: &Diagnostic| {
                (other.code, &other.span, &other.source.name)
                    == (diagnostic.code, &diagnostic.span, &diagnostic.source.name)
            };
            if !self.sink.iter().any(said) {
                self.sink.push(diagnostic);
            }
        }
        Shows::default()
    }

    /// The value of a secret that this run needs.
    fn value(&mut self, node: &Node, key: &str, secret: &Secret) -> Option<String> {
        match secret.expose() {
            Ok(value) => Some(value.to_owned()),
            Err(reason) => {
                let message = format!("the {key} of node `{}` cannot be had", node.name);
                self.error("LAB004", message, node, reason);
                None
            }
        }
    }

    fn credential(&mut self, node: &Node) -> Credential {
        let token = self.first(node, "token", &node.token, |text| {
            bearer::Token::parse(text).map(|_| text.into())
        });
        let secret = self.first(node, "secret", &node.secret, standard::Secret::parse);
        let basic =
            self.first(node, "basic", &node.basic, |text| basic::parse(text).map(|_| text.into()));
        let hmac_secret = self.first(node, "hmac-secret", &node.hmac_secret, github::Secret::new);
        let prefix = match (&node.token_for, &self.options.webhook) {
            (Some(prefix), _) => prefix.parse().ok(),
            (None, Some(webhook)) => Some(webhook.clone()),
            (None, None) => {
                let server = self.topology.vars.get("webhook-server");
                let scheme = self.topology.webhook_scheme.as_str();
                server.and_then(|server| format!("{scheme}://{server}/").parse().ok())
            }
        };
        Credential { prefix, token, secret, basic, hmac_secret }
    }

    /// What a router sends with: the first secret of a kind, which is the newest.
    fn first<T, E: std::fmt::Display>(
        &mut self,
        node: &Node,
        key: &str,
        secrets: &[Spanned<Secret>],
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.value(node, key, &secrets.first()?.value)?;
        match read(&text) {
            Ok(credential) => Some(credential),
            Err(error) => {
                let message = format!("the {key} of node `{}` cannot be used", node.name);
                self.error("LAB005", message, node, error.to_string());
                None
            }
        }
    }

    /// Reports a mistake of a node, unless what was misread of it may be the cause.
    fn error(&mut self, code: &'static str, message: String, node: &Node, label: String) {
        if !node.whole {
            return;
        }
        let file = &self.topology.source;
        self.sink.push(Diagnostic::error(code, message, file, node.span.clone()).label(label));
    }
}

fn refused(file: &Arc<Source>, node: &str, problem: &StartupProblem) -> Diagnostic {
    let line = file.line_span(problem.line);
    let text = &file.text[line.clone()];
    let blanks = text.len() - text.trim_start().len();
    let caret = problem.at.and_then(|at| text.char_indices().nth(at));
    let start = caret.map_or(blanks, |(start, _)| start);
    // From the caret to the end of its word; a refusal without caret is one of the whole line.
    let word = text[start..].find(' ').filter(|_| caret.is_some());
    let end = word.map_or(text.len(), |length| start + length);
    let message = format!("router `{node}` refuses a line of its startup-config");
    let said = problem.reply.lines().find(|line| line.contains('%'));
    Diagnostic::warning("LAB003", message, file, line.start + start..line.start + end)
        .label(said.unwrap_or("refused").trim())
}

fn files(node: &Node) -> Vec<(String, Vec<u8>)> {
    let bytes = |text: &str| text.as_bytes().to_vec();
    node.files.iter().map(|(name, text)| (name.clone(), bytes(text))).collect()
}

pub(crate) fn dialect(dialect: Dialect) -> iosxe::Dialect {
    match dialect {
        Dialect::IosXe => iosxe::Dialect::IosXe,
        Dialect::Course => iosxe::Dialect::Course,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
