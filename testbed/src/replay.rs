//! `ednm replay`: runs the lab of a recording again, from its outside inputs alone, and says
//! whether it does the same (law L2).
//!
//! It opens no socket: what the world answered then stands in the recording.

mod file;

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

use fact::TraceWriter;
use host::check::count;
use host::files::{self, Search};
use host::message::{ERROR, SUCCESS};
use host::text::printable;
use host::{ExpectedError, message};
use lab::{
    ClientEvent, Collector, Input, Lab, LabOptions, LetterId, NodeId, Outbox, Output, PostId,
    Proof, SessionId, SessionKind, Step,
};
use serde_json::json;
use simtime::{Duration, Time};
use simulator::live::record::{
    Asked, Authorization, ClientWhat, Header, Shown, Tokens, What, fingerprint, is_token, to_bytes,
};
use topology::{NodeKind, Topology};

use crate::args::ReplayArgs;
use crate::inputs;
use file::{Line, Recorded};

/// Facts of one side that wait for the other's; beyond it the runs have nothing in common.
const WAITING_MAX: usize = 100_000;

/// Runs the verb.
pub(crate) fn run(args: &ReplayArgs) -> Result<(), ExpectedError> {
    let (header, mut recorded) = Recorded::open(&args.file)?;
    let topology = topology(args, &header)?;
    let start = Time::from_micros(header.start);
    let nonce = file::nonce(&header.nonce).ok_or_else(|| recorded.wrong("a nonce of 16 bytes"))?;
    let webhook = header.webhook.as_deref().map(str::parse).transpose();
    let webhook = webhook.map_err(|error| recorded.wrong(&format!("a URL ({error})")))?;
    let options = LabOptions { seed: header.seed, nonce, start, webhook };
    let (lab, _) = inputs::try_lab(&topology, options)?;
    let mut replay = Replay {
        lab,
        start,
        known: known(&topology, &Tokens::keyed(&header.key)),
        lines: TraceWriter::new(start),
        then: VecDeque::new(),
        now: VecDeque::new(),
        equal: 0,
        difference: None,
    };
    let (mut inputs, mut is_whole) = (0usize, false);
    while let Some(line) = recorded.next()? {
        match line {
            Line::Fact(text) => replay.then.push_back(text),
            Line::Input(entry) => {
                is_whole = matches!(entry.what, What::End);
                inputs += usize::from(!is_whole);
                let at = start + Duration::from_micros(entry.at);
                replay.input(at, entry.what).map_err(|what| recorded.wrong(&what))?;
            }
        }
        replay.compare();
        if replay.difference.is_some() {
            break;
        }
        if replay.then.len().max(replay.now.len()) > WAITING_MAX {
            break;
        }
    }
    if !is_whole && replay.difference.is_none() {
        message::warning(
            "the recording has no end: what came after its last input is not compared",
        );
    }
    replay.settle(is_whole);
    replay.tell(inputs, args.format.is_json())
}

/// The topology of the recording, as it was.
fn topology(args: &ReplayArgs, header: &Header) -> Result<Topology, ExpectedError> {
    let named = args.topology.clone().or_else(|| header.topology.clone().map(Into::into));
    let found = files::find(named.as_deref(), "topology.toml", Search::EmbeddedOnly);
    let mut found = found.map_err(inputs::unreadable)?;
    let mut sink = Vec::new();
    let topology = Topology::load(&found.source, &mut found.files, &mut sink);
    let topology = topology.ok_or(ExpectedError::InvalidFile(sink))?;
    if fingerprint(&topology) != header.fingerprint {
        let message = format!("`{}` is not as it was when this was recorded", found.source.name);
        let hint = "replay with the files as they were, `--topology FILE` says where they are";
        return Err(ExpectedError::environment_message(message).with_hint(hint));
    }
    Ok(topology)
}

/// The secrets that the topology tells, by their tokens.
fn known(topology: &Topology, tokens: &Tokens) -> BTreeMap<String, String> {
    let virtual_nodes = topology.nodes.values().filter(|node| node.kind == NodeKind::Virtual);
    let configs: Vec<String> =
        virtual_nodes.filter_map(|node| topology.startup_text(node)).collect();
    let words = configs.iter().flat_map(|text| text.split_whitespace());
    let secrets = topology.secrets().chain(words);
    secrets.map(|secret| (tokens.of(secret), secret.to_owned())).collect()
}

/// A lab that runs again.
struct Replay {
    lab: Lab,
    start: Time,
    known: BTreeMap<String, String>,
    lines: TraceWriter,
    /// Lines of the recording, and of this run, that wait for each other.
    then: VecDeque<String>,
    now: VecDeque<String>,
    equal: usize,
    difference: Option<[Option<String>; 2]>,
}

impl Replay {
    /// Tells the lab one thing; the error says what the recording should have held.
    fn input(&mut self, at: Time, what: What) -> Result<(), String> {
        match what {
            What::Refused { node } => {
                let node = self.node(&node)?;
                self.give(at, Input::Refused { node });
            }
            What::Login { node, session, user, password, peer } => {
                let (node, password) = (self.node(&node)?, self.restored(&password));
                let (user, password, session) = (&user, &password, SessionId(session));
                self.give(at, Input::LoginAsked { node, session, user, password, peer });
            }
            What::Client { node, session, event } => {
                let node = self.node(&node)?;
                self.client(at, node, SessionId(session), &event);
            }
            What::Opened { node, session, command, netconf } => {
                let (node, session) = (self.node(&node)?, SessionId(session));
                let kind = match command {
                    Some(line) => SessionKind::Exec(self.restored(&line)),
                    None if netconf => SessionKind::Netconf,
                    None => SessionKind::Shell,
                };
                self.give(at, Input::SessionOpened { node, session, kind });
            }
            What::Bytes { node, session, text } => {
                let (node, bytes) = (self.node(&node)?, to_bytes(&self.restored(&text)));
                let session = SessionId(session);
                self.give(at, Input::SessionBytes { node, session, bytes: &bytes });
            }
            What::Message { node, session, said } => {
                let (node, session) = (self.node(&node)?, SessionId(session));
                let bytes = &said.map(|text| self.restored(text)).bytes();
                self.give(at, Input::SessionBytes { node, session, bytes });
            }
            What::Restconf { node, session, peer, authorization, request } => {
                let node = self.node(&node)?;
                let authorization = authorization.as_ref();
                self.restconf(at, (node, SessionId(session)), peer, authorization, request);
            }
            What::Closed { node, session } => {
                let node = self.node(&node)?;
                self.give(at, Input::SessionClosed { node, session: SessionId(session) });
            }
            What::Post { post, outcome } => {
                let outcome = outcome.into();
                self.give(at, Input::PostOutcome { post: PostId(post), outcome });
            }
            What::Mail { letter, outcome } => {
                let (letter, outcome) = (LetterId(letter), outcome.into());
                self.give(at, Input::MailOutcome { letter, outcome });
            }
            What::Collector { node, host, port, transport, event } => {
                let node = self.node(&node)?;
                let collector = Collector { host, port, transport: transport.into() };
                let (collector, event) = (&collector, event.into());
                self.give(at, Input::Collector { node, collector, event });
            }
            What::Inject { node, step } => self.inject(at, &node, &step)?,
            What::Reset { nodes } => {
                let nodes = nodes.iter().map(|name| self.node(name));
                let nodes: Vec<NodeId> = nodes.collect::<Result<_, _>>()?;
                self.give(at, Input::Reset(&nodes));
            }
            What::Play { .. } => return Err("steps: scenarios are played by `ednm test`".into()),
            What::Met { name } => self.give(at, Input::Met(&name)),
            What::End => self.give(at, Input::Deadline),
        }
        Ok(())
    }

    fn inject(&mut self, at: Time, node: &str, step: &str) -> Result<(), String> {
        let step = self.restored(step);
        let words: Vec<String> = step.split_whitespace().map(str::to_owned).collect();
        let step = Step::from_words(node, &words, &self.lab)?;
        self.give(at, Input::Inject(&step));
        Ok(())
    }

    fn restconf(
        &mut self,
        at: Time,
        (node, session): (NodeId, SessionId),
        peer: IpAddr,
        authorization: Option<&Authorization>,
        request: Asked,
    ) {
        let restored = |text: &str| self.restored(text);
        let authorization = authorization.map(|shown| shown.header(restored));
        let (authorization, request) = (authorization.as_deref(), &request.request(restored));
        self.give(at, Input::Restconf { node, session, peer, authorization, request });
    }

    fn client(&mut self, at: Time, node: NodeId, session: SessionId, what: &ClientWhat) {
        let (mut shown, mut password) = (Vec::new(), String::new());
        let event = match what {
            ClientWhat::Came { peer, cipher, mac } => {
                ClientEvent::Came { peer: *peer, cipher, mac }
            }
            ClientWhat::Key { user, key, peer } => {
                shown.extend(to_bytes(key));
                ClientEvent::KeyShown { user, key: &shown, peer: *peer }
            }
            ClientWhat::Program { user, proof, peer } => {
                let proof = match proof {
                    Shown::Password(token) => {
                        password.push_str(&self.restored(token));
                        Proof::Password(&password)
                    }
                    Shown::Key(key) => {
                        shown.extend(to_bytes(key));
                        Proof::Key(&shown)
                    }
                };
                ClientEvent::ProgramAsked { user, proof, peer: *peer }
            }
            ClientWhat::Joined { client } => ClientEvent::Joined { client: SessionId(*client) },
            ClientWhat::Left => ClientEvent::Left,
        };
        self.give(at, Input::Client { node, session, event });
    }

    fn give(&mut self, at: Time, input: Input<'_>) {
        let mut out = Outbox::default();
        self.lab.handle(at.max(self.start), input, &mut out);
        for output in out.0 {
            if let Output::Fact(fact) = output {
                self.now.push_back(self.lines.line(&fact).trim_end().to_owned());
            }
        }
    }

    fn node(&self, name: &str) -> Result<NodeId, String> {
        self.lab.node(name).ok_or_else(|| format!("a node of the lab, which `{name}` is not"))
    }

    /// A text with the secrets that are known in place of their tokens.
    fn restored(&self, text: &str) -> String {
        let parts = text.split_inclusive(|letter: char| !letter.is_alphanumeric() && letter != '-');
        let restore = |part: &str| {
            let word = part.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '-');
            match self.known.get(word).filter(|_| is_token(word)) {
                Some(secret) => format!("{secret}{}", &part[word.len()..]),
                None => part.to_owned(),
            }
        };
        parts.map(restore).collect()
    }

    /// Holds side by side what both have.
    fn compare(&mut self) {
        while self.difference.is_none() && !self.then.is_empty() && !self.now.is_empty() {
            let (then, now) = (self.then.pop_front(), self.now.pop_front());
            if then == now {
                self.equal += 1;
            } else {
                self.difference = Some([then, now]);
            }
        }
    }

    /// At the end nothing may be left on either side.
    fn settle(&mut self, is_whole: bool) {
        self.compare();
        let left = !self.then.is_empty() || (is_whole && !self.now.is_empty());
        if self.difference.is_none() && left {
            self.difference = Some([self.then.pop_front(), self.now.pop_front()]);
        }
    }

    fn tell_difference(&self, [then, now]: &[Option<String>; 2]) -> String {
        let shown = |line: &Option<String>| {
            printable(line.as_deref().unwrap_or("(nothing more)")).into_owned()
        };
        format!(
            "{ERROR}{:>12}{ERROR:#}  after {}\n{:>12}  {}\n{:>12}  {}",
            "Differs",
            count(self.equal, "equal line"),
            "recorded",
            shown(then),
            "replayed",
            shown(now),
        )
    }
}

impl Replay {
    /// What came of it.
    fn tell(self, inputs: usize, json: bool) -> Result<(), ExpectedError> {
        let hash = self.lines.hash().to_string();
        if json {
            let document = json!({
                "inputs": inputs,
                "equal": self.equal,
                "hash": hash,
                "difference": self.difference,
            });
            message::data(&document.to_string())?;
        } else {
            match &self.difference {
                Some(difference) => message::data(&self.tell_difference(difference))?,
                None => message::data(&format!(
                    "{SUCCESS}{:>12}{SUCCESS:#}  {} from {}, {}…{}",
                    "Equal",
                    count(self.equal, "line"),
                    count(inputs, "input"),
                    &hash[..12],
                    &hash[hash.len() - 4..],
                ))?,
            }
        }
        if self.difference.is_some() { Err(ExpectedError::AnsweredNo) } else { Ok(()) }
    }
}
