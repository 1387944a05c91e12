//! What the tests of this crate share: a small inventory, and a rig that drives an automation with
//! a model store and scripted devices, one input at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use fact::Kind;
use simtime::{Duration, Rng, Time};
use topology::{Files, Topology};

use crate::record::{Consent, HttpCall, Record};
use crate::store::{MemoryStore, Store as _};
use crate::story::Story;
use crate::{
    AskId, Automation, Config, Delivery, DeliveryId, Door, HttpFailure, HttpResponse, Input,
    Outbox, Output, Reply, SessionFailure, SessionId, Write, Written,
};

/// Two virtual nodes and a real one, each with a token of its own; R2 has every kind of secret,
/// each a new one and an old one.
pub(crate) const TOPOLOGY: &str = r#"
[lab]
name = "test"
[defaults.node]
username = "admin"
password = "admin"
[nodes.R1]
ssh = "127.0.0.1:2201"
token = "token-of-r1"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
aliases = ["Router1"]
[nodes.R2]
ssh = "127.0.0.1:2202"
token = ["token-of-r2", "old-token-of-r2"]
secret = ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_b2xkIHNlY3JldCBvZiByb3V0ZXIgMiEh"]
basic = ["r2:password-of-r2", "r2:old-password-of-r2"]
hmac-secret = ["hmac-of-r2", "old-hmac-of-r2"]
enable = "enable-of-r2"
[nodes.box]
kind = "real"
ssh = "192.0.2.1:22"
username = "env:USER"
password = "env:PASSWORD"
token = "env:BOX_TOKEN"
"#;

/// The rule of the shipped listener.toml.
pub(crate) const LISTENER: &str = include_str!("../../../listener.toml");

/// An environment with two variables, one of them empty, and no files.
pub(crate) struct TestFiles;

impl Files for TestFiles {
    fn read(&mut self, path: &str) -> Result<String, String> {
        Err(format!("no file `{path}`"))
    }

    fn env(&mut self, name: &str) -> Option<String> {
        let value = match name {
            "BOX_TOKEN" => "token-of-box",
            "BOX_TOKEN_LONG" => "token-of-box-at-length",
            "EMPTY" => "",
            _ => return None,
        };
        Some(value.to_owned())
    }
}

pub(crate) fn topology() -> Topology {
    topology_of(TOPOLOGY)
}

fn topology_of(text: &str) -> Topology {
    let mut sink = Vec::new();
    let source = Source::new("topology.toml", text);
    let topology = Topology::load(&source, &mut TestFiles, &mut sink);
    topology.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)))
}

/// Loads a listener.toml against [`TOPOLOGY`].
pub(crate) fn load(text: &str) -> (Option<Config>, Vec<Diagnostic>) {
    let mut sink = Vec::new();
    let source: Arc<Source> = Source::new("listener.toml", text);
    let config = Config::load(&source, &topology(), &mut TestFiles, &mut sink);
    (config, sink)
}

pub(crate) fn config(text: &str) -> Config {
    let (config, sink) = load(text);
    config.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)))
}

/// The same with other credentials for the nodes: what stands for `admin` in [`TOPOLOGY`].
pub(crate) fn config_with_password(text: &str, password: &str) -> Config {
    let topology = topology_of(&TOPOLOGY.replace("\"admin\"", &format!("\"{password}\"")));
    let config = Config::load(&Source::new("l", text), &topology, &mut TestFiles, &mut Vec::new());
    config.expect("it loads")
}

/// One request, with what most tests do not care about filled in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: restconf::Method,
    /// The path, and a query behind `?`.
    pub(crate) path: String,
    pub(crate) peer: std::net::IpAddr,
    pub(crate) local: bool,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A JSON body to `/events` from loopback, without a credential.
    pub(crate) fn new(body: &str) -> Self {
        Request {
            method: restconf::Method::Post,
            path: "/events".into(),
            peer: "127.0.0.1".parse().expect("an address"),
            local: true,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.into(),
        }
    }

    /// Without a body, and of any method.
    pub(crate) fn bare(method: &str, path: &str) -> Self {
        let method = restconf::Method::named(method);
        Request { method, path: path.into(), ..Request::new("") }.without("content-type")
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn delivery(&self, id: u64) -> Delivery<'_> {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        Delivery {
            delivery: DeliveryId(id),
            method: self.method,
            path,
            query,
            peer: self.peer,
            local: self.local,
            headers: &self.headers,
            body: &self.body,
        }
    }
}

/// How a scripted device behaves.
#[derive(Clone, Debug)]
pub(crate) enum Device {
    /// Answers `show ...` with a line that names it.
    Good,
    /// Cannot be reached.
    Failing(SessionFailure),
    /// Takes its time over a login; the test says how it ends.
    Slow,
    /// Ends the session when this line comes.
    DropsAt(&'static str),
    /// Says nothing once this line came.
    HangsAt(&'static str),
    /// Refuses this line.
    Refuses(&'static str),
    /// Answers this line with a text, and no prompt behind it.
    Asks(&'static str, &'static str),
    /// Begins in user EXEC, and takes one enable secret.
    Enable { takes: &'static str },
    /// Ends the session behind the answer to this line.
    DropsAfter(&'static str),
    /// Answers each operation over NETCONF with this.
    Replies(&'static str),
    /// Answers each request over RESTCONF with this.
    Responds(u16, &'static str),
}

/// An automation, its store and its devices.
pub(crate) struct Rig {
    pub(crate) now: Time,
    pub(crate) automation: Automation,
    pub(crate) store: MemoryStore,
    pub(crate) devices: BTreeMap<String, Device>,
    /// Whether the disk takes records.
    pub(crate) disk: bool,
    /// Whether answers of the disk are held back, as a slow one does.
    pub(crate) slow_disk: bool,
    pub(crate) replies: Vec<Reply>,
    pub(crate) facts: Vec<fact::Fact>,
    /// What was answered to people who approve or deny.
    pub(crate) answers: Vec<(AskId, Result<(), String>)>,
    /// Every line that a device was sent: its name, the line.
    pub(crate) lines: Vec<(String, String)>,
    pub(crate) sessions: BTreeMap<SessionId, String>,
    /// Sessions in the configuration mode.
    configuring: BTreeSet<SessionId>,
    /// Sessions of NETCONF.
    framing: BTreeMap<SessionId, netconf::Decoder>,
    /// What `show running-config` says.
    pub(crate) running: String,
    /// What each API answers: a status and a body, or why it does not.
    pub(crate) apis: BTreeMap<String, Result<(u16, String), HttpFailure>>,
    /// After how many seconds each wants to be asked again.
    pub(crate) retry_after: Option<u64>,
    /// The files, or nothing when none can be written.
    pub(crate) files: Option<BTreeMap<String, String>>,
    /// How often a device was asked for a session.
    pub(crate) logins: BTreeMap<String, usize>,
    /// The most sessions that one device ever had.
    pub(crate) sessions_most: usize,
    queue: VecDeque<Output>,
    held: Vec<Output>,
    next: u64,
    /// Of the process that runs: ids must not repeat.
    seed: u64,
}

impl Rig {
    pub(crate) fn new(listener: &str) -> Self {
        let automation = Automation::new(config(listener), Rng::from_seed(1));
        let mut rig = Rig {
            now: Time::VIRTUAL_START,
            automation,
            store: MemoryStore::default(),
            devices: BTreeMap::new(),
            disk: true,
            slow_disk: false,
            replies: Vec::new(),
            facts: Vec::new(),
            answers: Vec::new(),
            lines: Vec::new(),
            sessions: BTreeMap::new(),
            configuring: BTreeSet::new(),
            framing: BTreeMap::new(),
            running: String::new(),
            apis: BTreeMap::new(),
            retry_after: None,
            files: Some(BTreeMap::new()),
            logins: BTreeMap::new(),
            sessions_most: 0,
            queue: VecDeque::new(),
            held: Vec::new(),
            next: 0,
            seed: 1,
        };
        rig.input(Input::Recovered(Vec::new()));
        rig
    }

    /// The same disk under a new process; sessions and replies of the old one are gone.
    pub(crate) fn restart(&mut self, listener: &str) {
        self.store.crash();
        self.seed += 1;
        self.sessions.clear();
        self.configuring.clear();
        self.held.clear();
        self.queue.clear();
        self.automation = Automation::new(config(listener), Rng::from_seed(self.seed));
        let records = self.store.recover().expect("memory");
        self.input(Input::Recovered(records));
    }

    /// Delivers, and gives the reply if it came at once.
    pub(crate) fn deliver(&mut self, request: &Request) -> Option<Reply> {
        self.next += 1;
        let id = self.next;
        self.input(Input::Delivery(request.delivery(id)));
        self.replies.iter().find(|reply| reply.delivery == DeliveryId(id)).cloned()
    }

    /// The status of the reply, and its `id` or `detail`.
    pub(crate) fn status(&mut self, request: &Request) -> (u16, String) {
        let reply = self.deliver(request).expect("the disk answers at once");
        let body: serde_json::Value = serde_json::from_slice(&reply.body).expect("JSON");
        let text = body.get("id").or(body.get("detail")).and_then(|text| text.as_str());
        (reply.status, text.expect("an id or a detail").to_owned())
    }

    /// Says what somebody thinks of a job; the answer if it came at once.
    pub(crate) fn answer(&mut self, job: &str, consent: Consent) -> Option<Result<(), String>> {
        self.next += 1;
        let ask = AskId(self.next);
        self.input(Input::Approval { ask, job, consent, by: "ada" });
        self.answers.iter().find(|(known, _)| *known == ask).map(|(_, answer)| answer.clone())
    }

    /// Lets everything that was asked for happen, at this instant.
    pub(crate) fn input(&mut self, input: Input<'_>) {
        self.tell(input);
        while let Some(output) = self.queue.pop_front() {
            self.carry_out(output);
        }
    }

    /// Lets time pass until nothing waits any more, or for `longest`.
    pub(crate) fn settle(&mut self, longest: Duration) {
        let end = self.now + longest;
        while let Some(at) = self.automation.next_deadline().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.input(Input::Deadline);
        }
    }

    /// What a slow disk has not answered is never answered: it was told otherwise.
    pub(crate) fn forget_held(&mut self) {
        self.held.clear();
    }

    /// A slow disk answers at last.
    pub(crate) fn disk_answers(&mut self) {
        self.slow_disk = false;
        for output in std::mem::take(&mut self.held) {
            self.carry_out(output);
        }
        while let Some(output) = self.queue.pop_front() {
            self.carry_out(output);
        }
    }

    /// A slow disk writes what it was asked for, and nothing that follows from that; nobody hears.
    pub(crate) fn disk_answers_once(&mut self) {
        for output in std::mem::take(&mut self.held) {
            if let Output::Persist { records, .. } = output {
                self.store.append(&records).expect("memory");
            }
        }
    }

    pub(crate) fn story(&self, event: &str) -> Story {
        self.store.story(event).expect("memory").expect("an event of that id")
    }

    /// The words of all facts of one kind.
    pub(crate) fn kinds<'a, T>(&'a self, pick: impl Fn(&'a Kind) -> Option<T>) -> Vec<T> {
        self.facts.iter().filter_map(|fact| pick(&fact.kind)).collect()
    }

    pub(crate) fn records(&self) -> &[Record] {
        self.store.durable()
    }

    fn tell(&mut self, input: Input<'_>) {
        let mut out = Outbox::default();
        self.automation.handle(self.now, input, &mut out);
        self.queue.extend(out.0);
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Reply(reply) => self.replies.push(reply),
            Output::Fact(fact) => self.facts.push(fact),
            Output::Answer { ask, answer } => self.answers.push((ask, answer)),
            Output::Persist { .. } if self.slow_disk => self.held.push(output),
            Output::Persist { persist, .. } if !self.disk => {
                self.tell(Input::PersistFailed { persist, reason: "no space left" });
            }
            Output::Persist { persist, records } => {
                self.store.append(&records).expect("memory");
                self.tell(Input::Persisted(persist));
            }
            Output::OpenSession { session, node, door: Door::Shell, .. } => {
                self.open(session, &node);
            }
            Output::OpenSession { session, node, door: Door::Netconf, .. } => {
                self.open_netconf(session, &node);
            }
            Output::Restconf { session, node, request, .. } => {
                self.requested(session, &node, &request);
            }
            Output::Http { session, call } => self.called(session, &call),
            Output::Write { session, write } => self.writes(session, write),
            Output::SessionBytes { session, bytes } => self.typed(session, &bytes),
            Output::CloseSession(session) => {
                self.sessions.remove(&session);
            }
        }
    }

    fn open(&mut self, session: SessionId, node: &str) {
        *self.logins.entry(node.to_owned()).or_default() += 1;
        let device = self.devices.get(node).cloned().unwrap_or(Device::Good);
        if let Device::Failing(failure) = device {
            return self.tell(Input::SessionFailed { session, failure });
        }
        if matches!(device, Device::Slow) {
            return;
        }
        self.sessions.insert(session, node.to_owned());
        let now = self.sessions.values().filter(|name| *name == node).count();
        self.sessions_most = self.sessions_most.max(now);
        self.tell(Input::SessionOpened(session));
        let end = if matches!(device, Device::Enable { .. }) { '>' } else { '#' };
        let greeting = format!("\r\n{node}{end}");
        self.tell(Input::SessionBytes { session, bytes: greeting.as_bytes() });
    }

    /// An API: it answers as the test says.
    fn called(&mut self, session: SessionId, call: &HttpCall) {
        let body = call.body.clone().unwrap_or_default();
        self.lines.push((call.api.clone(), format!("{} {} {body}", call.method, call.path)));
        match self.apis.get(&call.api).cloned() {
            None => {}
            Some(Err(failure)) => {
                self.tell(Input::HttpFailed { session, failure, sent: false });
            }
            Some(Ok((status, body))) => {
                let (content_type, retry_after) = (None, self.retry_after);
                let body = body.into_bytes();
                let response = HttpResponse { status, content_type, retry_after, body };
                self.tell(Input::HttpAnswered { session, response: &response });
            }
        }
    }

    fn writes(&mut self, session: SessionId, write: Write) {
        let Some(files) = &mut self.files else {
            let written = Err("no space left".to_owned());
            return self.tell(Input::Written { session, written });
        };
        let (file, text, append) = match write {
            Write::Save { file, bytes, append } => {
                (file, String::from_utf8(bytes).expect("text"), append)
            }
            Write::Backup { directory, device, text, .. } => {
                (format!("{directory}/{device}.cfg"), text, false)
            }
        };
        let before = files.get(&file).cloned().unwrap_or_default();
        let after = if append { before.clone() + &text } else { text };
        let (bytes, changed) = (after.len() as u64, after != before);
        files.insert(file.clone(), after);
        let written = Ok(Written { file, bytes, changed, diff: None });
        self.tell(Input::Written { session, written });
    }

    /// A NETCONF server: it says hello, and answers each request by [`Rig::netconf`].
    fn open_netconf(&mut self, session: SessionId, node: &str) {
        *self.logins.entry(node.to_owned()).or_default() += 1;
        if let Some(Device::Failing(failure)) = self.devices.get(node).cloned() {
            return self.tell(Input::SessionFailed { session, failure });
        }
        self.sessions.insert(session, node.to_owned());
        self.framing.insert(session, netconf::Decoder::default());
        self.tell(Input::SessionOpened(session));
        let capabilities = [netconf::BASE_1_0, netconf::BASE_1_1].map(str::to_owned).to_vec();
        let hello = netconf::Hello { capabilities, session: Some(1) }.text();
        let bytes = netconf::frame(netconf::Version::V1_0, &hello);
        self.tell(Input::SessionBytes { session, bytes: &bytes });
    }

    fn asked_netconf(&mut self, session: SessionId, bytes: &[u8]) {
        let Some(framing) = self.framing.get_mut(&session) else { return };
        framing.push(bytes);
        let mut messages = Vec::new();
        while let Some(message) = framing.next_message().expect("it is framed") {
            framing.set_version(netconf::Version::V1_1);
            messages.push(message);
        }
        for message in messages.into_iter().filter(|message| !message.contains("<hello")) {
            let node = self.sessions.get(&session).cloned().unwrap_or_default();
            let (_, rest) = message.split_once("message-id=\"").expect("a number");
            let (id, body) = rest.split_once("\">").expect("an rpc");
            let body = body.trim_end_matches("</rpc>");
            self.lines.push((node.clone(), body.to_owned()));
            if body == "<close-session/>" {
                self.sessions.remove(&session);
                return self.tell(Input::SessionClosed(session));
            }
            let device = self.devices.get(&node).cloned().unwrap_or(Device::Good);
            if matches!(device, Device::DropsAt(at) if body.contains(at)) {
                self.sessions.remove(&session);
                return self.tell(Input::SessionClosed(session));
            }
            let answer = match device {
                Device::Replies(answer) => answer,
                _ => "<ok/>",
            };
            let text = format!(
                "<rpc-reply xmlns=\"{}\" message-id=\"{id}\">{answer}</rpc-reply>",
                netconf::BASE
            );
            let bytes = netconf::frame(netconf::Version::V1_1, &text);
            self.tell(Input::SessionBytes { session, bytes: &bytes });
        }
    }

    /// A RESTCONF server.
    fn requested(&mut self, session: SessionId, node: &str, request: &restconf::Request) {
        *self.logins.entry(node.to_owned()).or_default() += 1;
        let body = String::from_utf8_lossy(&request.body);
        let line = format!("{:?} {}?{} {body}", request.method, request.path, request.query);
        self.lines.push((node.to_owned(), line.clone()));
        let (status, body) = match self.devices.get(node).cloned().unwrap_or(Device::Good) {
            Device::Failing(failure) => {
                return self.tell(Input::RestconfFailed { session, failure, sent: false });
            }
            Device::Slow => return,
            Device::DropsAt(at) if line.contains(at) => {
                let failure = SessionFailure::Unreachable("the connection broke".into());
                return self.tell(Input::RestconfFailed { session, failure, sent: true });
            }
            Device::Responds(status, body) => (status, body),
            _ => (204, ""),
        };
        let headers = vec![("content-type", "application/yang-data+json".to_owned())];
        let response = restconf::Response { status, headers, body: body.to_owned() };
        self.tell(Input::RestconfAnswered { session, response: &response });
    }

    fn typed(&mut self, session: SessionId, bytes: &[u8]) {
        if self.framing.contains_key(&session) {
            return self.asked_netconf(session, bytes);
        }
        let Some(node) = self.sessions.get(&session).cloned() else { return };
        let line = String::from_utf8_lossy(bytes).trim_end().to_owned();
        self.lines.push((node.clone(), line.clone()));
        let device = self.devices.get(&node).cloned().unwrap_or(Device::Good);
        let is_at = |at: &str| line == at;
        let drops = matches!(device, Device::DropsAt(at) if is_at(at));
        if drops || line == "exit" && !self.configuring.contains(&session) {
            self.sessions.remove(&session);
            return self.tell(Input::SessionClosed(session));
        }
        match device {
            Device::Enable { takes } => {
                let answer = match line.as_str() {
                    "enable" => "enable\r\nPassword: ".to_owned(),
                    secret if secret == takes => format!("\r\n{node}#"),
                    "" => format!("\r\n{node}>"),
                    _ => format!("\r\n% Bad secrets\r\n\r\n{node}>"),
                };
                return self.tell(Input::SessionBytes { session, bytes: answer.as_bytes() });
            }
            Device::HangsAt(at) if is_at(at) => return,
            Device::Asks(at, question) if is_at(at) => {
                let answer = format!("{line}\r\n{question}");
                return self.tell(Input::SessionBytes { session, bytes: answer.as_bytes() });
            }
            _ => {}
        }
        let says = match (device, line.as_str()) {
            (Device::Refuses(at), _) if is_at(at) => "% Invalid input detected\r\n".to_owned(),
            (_, "show running-config") => self.running.replace('\n', "\r\n"),
            (_, show) if show.starts_with("show") => format!("{node} says so\r\n"),
            _ => String::new(),
        };
        match line.as_str() {
            "configure terminal" => drop(self.configuring.insert(session)),
            "end" => drop(self.configuring.remove(&session)),
            _ => {}
        }
        let mode = if self.configuring.contains(&session) { "(config)" } else { "" };
        let answer = format!("{line}\r\n{says}{node}{mode}#");
        self.tell(Input::SessionBytes { session, bytes: answer.as_bytes() });
        if matches!(self.devices.get(&node), Some(Device::DropsAfter(at)) if line == *at) {
            self.sessions.remove(&session);
            self.tell(Input::SessionClosed(session));
        }
    }
}
