//! A lab as a value: dispatches each input to the router that it concerns, and each output onwards.
//!
//! Called by the live loop and by the virtual queue. Whatever is due is done at the instant for
//! which it was set, however late the caller wakes: so a run depends on its inputs alone.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use fact::{Fact, Kind, TraceId};
use indexmap::IndexMap;
use iosxe::{
    AppletView, Device, DeviceConfig, HttpOutcome, InterfaceCounts, InterfaceView, MailFailure,
    PingId, RequestId, SessionId, SessionView, TimeServed,
};
use redact::Redactor;
use simtime::{Rng, Time};

use crate::delivery::{DeliveryKey, Effect, Egress, Sender};
use crate::faults::Faults;
use crate::interface_name::find_interface;
use crate::link::{End, Links};
use crate::mail::Letters;
use crate::play::{Occurrence, Playing};
use crate::reach::Sent;
use crate::schedule::{Key, Schedule};
use crate::step::{Act, Guesses, Stage};
use crate::typist::{Move, Typists};
use crate::unsure::Unsure;
use crate::{Input, LetterId, NodeId, Outbox, Output, Post, PostId, Step};

/// Many virtual routers and the links between them.
pub struct Lab {
    pub(crate) routers: Vec<Router>,
    pub(crate) by_name: IndexMap<Arc<str>, NodeId>,
    pub(crate) real: Vec<Arc<str>>,
    pub(crate) links: Links,
    pub(crate) schedule: Schedule<Event>,
    pub(crate) sender: Sender,
    pub(crate) letters: Letters,
    pub(crate) redactor: Redactor,
    pub(crate) playing: Playing,
    pub(crate) faults: Faults,
    pub(crate) typists: Typists,
    /// What is left to chance where no router is concerned.
    pub(crate) chance: Rng,
    pub(crate) unsure: Unsure,
}

/// One router and what the lab keeps about it.
pub(crate) struct Router {
    pub(crate) name: Arc<str>,
    /// What it is made from, and made anew from by a reset.
    pub(crate) config: DeviceConfig,
    pub(crate) device: Device,
    /// The entry of its next deadline in the schedule.
    pub(crate) deadline: Option<(Time, Key)>,
    /// Draws the trace id of each fault on it.
    pub(crate) traces: Rng,
    /// Draws what a scenario leaves to chance on it.
    pub(crate) chance: Rng,
    /// What the topology calls it besides: steps can be done to all of a label.
    pub(crate) labels: Arc<[String]>,
}

/// What a lab has put off.
#[derive(Debug)]
pub(crate) enum Event {
    /// The router's own deadline.
    Device,
    /// A step of a scenario.
    Occurrence(Occurrence),
    /// A part of a step that goes on: of a flap, of a storm.
    Step(Step),
    /// An act that goes on, for the same fault and without a fact of its own: of a storm.
    Goes(Arc<dyn Act>, Option<TraceId>),
    /// Somebody of a scenario who is logged in types, or leaves.
    Typist(SessionId, Move),
    /// Something of this name, for which steps wait.
    Met(Arc<str>),
    /// The next try of a delivery.
    Retry(DeliveryKey),
    /// The end of an HTTP request that was never sent, or failed for good.
    Outcome(RequestId, HttpOutcome),
    /// The end of a mail that a fault kept from its server.
    MailFailed(LetterId, MailFailure),
    /// The wire of an interface comes alive or goes dead.
    Carrier { interface: String, up: bool, trace: Option<TraceId> },
    /// The next login with a wrong password.
    Guess(Box<Guesses>),
    /// What a neighbour says is heard.
    Heard {
        /// At which port.
        interface: String,
        /// What; `None` is silence.
        hello: Option<Arc<iosxe::Hello>>,
    },
    /// The reply to an echo request comes in.
    Pong(PingId),
    /// A router has told the time.
    TimeTold(PingId, TimeServed),
    /// Somebody answers a probe.
    Hop(PingId, IpAddr),
    /// A post that was held back goes on.
    Arrives(Box<Post>),
    /// So does one that the next should have overtaken.
    Release(PostId),
    /// A sender's patience with a post that did not get through is over.
    GaveUp(PostId),
    /// What a session was kept waiting for.
    Said(Box<Output>),
    /// A fault of the listener ends: which, and what it is then.
    ListenerMends(u64, &'static str),
}

/// What becomes of something put off when its router goes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is void: the router was to do it, or to hear of it.
    WithPower,
    /// It is void only when the router is another one afterwards (a reset): its own boot, its
    /// wires, what its clients hear.
    WithReset,
    /// It comes whatever state the router is in: a scenario's steps, and what has left the router.
    Stays,
}

impl Event {
    /// What becomes of it when its router goes off.
    pub(crate) fn fate(&self) -> Fate {
        match self {
            Event::Retry(_)
            | Event::Outcome(..)
            | Event::MailFailed(..)
            | Event::Pong(_)
            | Event::TimeTold(..)
            | Event::Hop(..)
            | Event::Typist(..)
            | Event::Release(_)
            | Event::GaveUp(_) => Fate::WithPower,
            Event::Device | Event::Carrier { .. } | Event::Heard { .. } | Event::Said(_) => {
                Fate::WithReset
            }
            Event::Arrives(_)
            | Event::ListenerMends(..)
            | Event::Occurrence(_)
            | Event::Step(_)
            | Event::Goes(..)
            | Event::Met(_)
            | Event::Guess(_) => Fate::Stays,
        }
    }
}

/// What can be seen of a node.
#[derive(Clone, Debug)]
pub struct NodeView<'a> {
    /// Which.
    pub id: NodeId,
    /// Its name in the topology.
    pub name: &'a Arc<str>,
    /// What its prompt says.
    pub hostname: &'a str,
    /// How many interfaces it has, and how many of them are up.
    pub interfaces: InterfaceCounts,
    /// How many applets are registered with it.
    pub applets: usize,
    /// Who sits at its VTY lines.
    pub sessions: Vec<SessionView>,
}

/// What can be seen of one node from near.
#[derive(Clone, Debug)]
pub struct NodeDetails {
    /// Its interfaces, in the order of `show ip interface brief`.
    pub interfaces: Vec<InterfaceView>,
    /// Its applets, in the order of their registration.
    pub applets: Vec<AppletView>,
}

impl Lab {
    /// Tells the lab one thing, after everything that was due before it.
    pub fn handle(&mut self, now: Time, input: Input<'_>, out: &mut Outbox) {
        self.advance(now, out);
        let (node, input) = match input {
            Input::Deadline => return,
            Input::Inject(step) => return self.carry_out(now, step, None, out),
            Input::Met(name) => return self.met(now, name),
            Input::Refused { node } => return self.refused(now, node, out),
            Input::Reset(nodes) => return self.reset(now, nodes, out),
            Input::Play(scenario) => return self.play(now, scenario),
            Input::PostOutcome { post, outcome } => {
                let effects = self.sender.answered(now, post, outcome);
                return self.apply(now, effects, out);
            }
            Input::MailOutcome { letter, outcome } => {
                return self.mail_ended(now, letter, outcome, out);
            }
            Input::Collector { node, collector, event } => {
                (node, iosxe::Input::Collector { collector, event })
            }
            Input::LoginAsked { node, session, user, password, peer } => {
                let ends = (node, session);
                let Some(password) = self.login(now, ends, password, out) else { return };
                (node, iosxe::Input::LoginAsked { session, user, password, peer })
            }
            Input::Client { node, session, event } => {
                let Some(input) = self.client(now, (node, session), event, out) else { return };
                (node, input)
            }
            Input::SessionOpened { node, session, kind } => {
                (node, iosxe::Input::SessionOpened { session, kind })
            }
            Input::SessionBytes { node, session, bytes } => {
                return self.typed(now, (node, session), bytes, out);
            }
            Input::Restconf { node, session, peer, authorization, request } => {
                let authorization = self.program(now, node, authorization, None, out);
                (node, iosxe::Input::Restconf { session, peer, authorization, request })
            }
            Input::SessionClosed { node, session } => {
                (node, iosxe::Input::SessionClosed { session })
            }
        };
        self.tell(now, node, input, out);
    }

    /// When the lab wants [`Input::Deadline`] next.
    pub fn next_deadline(&self) -> Option<Time> {
        self.schedule.next_deadline()
    }

    /// The virtual node of this name.
    pub fn node(&self, name: &str) -> Option<NodeId> {
        self.by_name.get(name).copied()
    }

    /// The real nodes of the topology, which are never started here.
    pub fn real_nodes(&self) -> impl Iterator<Item = &str> {
        self.real.iter().map(|name| name.as_ref())
    }

    /// Whether the topology has a real node of this name.
    pub fn is_real(&self, name: &str) -> bool {
        self.real.iter().any(|real| real.as_ref() == name)
    }

    /// The name of a node.
    pub fn name(&self, node: NodeId) -> &Arc<str> {
        &self.router(node).name
    }

    /// Whether a node takes a connection at `now`: a router that is down, has no line free, or is
    /// in quiet mode refuses it.
    pub fn takes_connections(&self, node: NodeId, now: Time) -> bool {
        self.router(node).device.takes_connections(now) && !self.is_full(now, node)
    }

    /// What the SSH server of a node's NETCONF port offers; nothing while none serves there.
    pub fn takes_netconf(&self, node: NodeId) -> Option<iosxe::SshServer> {
        self.router(node).device.netconf_server()
    }

    /// Whether a node takes connections for RESTCONF.
    pub fn takes_restconf(&self, node: NodeId) -> bool {
        self.router(node).device.takes_restconf()
    }

    /// What the SSH server of a node offers.
    pub fn ssh_server(&self, node: NodeId) -> iosxe::SshServer {
        self.router(node).device.ssh_server()
    }

    /// Whether a user of a node could log in with this key, signing by this algorithm.
    pub fn knows_key(&self, node: NodeId, user: &str, algorithm: &str, key: &[u8]) -> bool {
        self.router(node).device.knows_key(user, algorithm, key)
    }

    /// What a node shows to a client before it logs in (`banner login`), if anything.
    pub fn login_banner(&self, node: NodeId) -> Option<String> {
        self.router(node).device.login_banner()
    }

    /// The virtual nodes, in the order of the topology.
    pub fn nodes(&self) -> impl Iterator<Item = NodeView<'_>> {
        self.by_name.iter().map(|(name, &id)| {
            let device = &self.router(id).device;
            NodeView {
                id,
                name,
                hostname: device.hostname(),
                interfaces: device.interface_counts(),
                applets: device.applet_count(),
                sessions: device.sessions(),
            }
        })
    }

    /// One node from near.
    pub fn details(&self, node: NodeId) -> NodeDetails {
        let device = &self.router(node).device;
        NodeDetails { interfaces: device.interfaces(), applets: device.applets() }
    }

    /// From now on the runs of a node's applets tell their statements, as facts.
    pub fn trace_applets(&mut self, node: NodeId) {
        self.router_mut(node).device.trace_applets();
    }

    /// A node's configuration, without its secrets.
    pub fn running_config(&self, node: NodeId) -> String {
        self.redactor.text(&self.router(node).device.running_config()).into_owned()
    }

    /// A line that somebody types, with [`crate::REDACTED`] in place of each secret in it.
    pub fn redacted(&self, line: &str) -> String {
        self.redactor.text(&redact::typed_line(line)).into_owned()
    }

    /// Where virtual routers may send: the one rule, for every sender.
    pub fn egress(&self) -> &Egress {
        self.sender.egress()
    }

    /// The long name of an interface that a node has, from any form that IOS takes.
    pub fn interface(&self, node: NodeId, text: &str) -> Option<String> {
        find_interface(text, self.router(node).device.interface_names())
    }

    /// The virtual nodes that have this label, in the order of the topology.
    pub(crate) fn labelled(&self, label: &str) -> Vec<NodeId> {
        let has = |router: &Router| router.labels.iter().any(|known| known == label);
        let found = self.by_name.values().filter(|id| has(self.router(**id)));
        found.copied().collect()
    }

    /// Every label that a virtual node has.
    pub(crate) fn labels(&self) -> BTreeSet<&str> {
        let labels = self.routers.iter().flat_map(|router| router.labels.iter());
        labels.map(String::as_str).collect()
    }

    pub(crate) fn interfaces_of(&self, node: &str) -> Vec<String> {
        let id = self.node(node);
        id.map(|id| self.router(id).device.interface_names()).unwrap_or_default()
    }

    /// All names of the topology, virtual nodes first.
    pub(crate) fn all_names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().chain(&self.real).map(|name| name.as_ref())
    }

    pub(crate) fn router(&self, node: NodeId) -> &Router {
        &self.routers[node.0 as usize]
    }

    pub(crate) fn router_mut(&mut self, node: NodeId) -> &mut Router {
        &mut self.routers[node.0 as usize]
    }

    /// Does all that is due, each thing at its own instant.
    fn advance(&mut self, now: Time, out: &mut Outbox) {
        while let Some((at, node, event)) = self.schedule.pop_due(now) {
            match event {
                Event::Device => {
                    self.router_mut(node).deadline = None;
                    self.tell(at, node, iosxe::Input::Deadline, out);
                }
                Event::Occurrence(occurrence) => self.occur(at, occurrence, out),
                Event::Step(step) => self.carry_out(at, &step, None, out),
                Event::Goes(act, trace) => {
                    act.carry_out(&mut Stage { lab: self, now: at, node, trace, out });
                }
                Event::Typist(session, next) => {
                    self.typist_moves(at, (node, session), &next, out);
                }
                Event::Met(name) => self.met(at, &name),
                Event::Retry(delivery) => {
                    let effects = self.sender.retry(at, delivery);
                    self.apply(at, effects, out);
                }
                Event::Outcome(request, outcome) => {
                    self.tell(at, node, iosxe::Input::HttpOutcome { request, outcome }, out);
                }
                Event::MailFailed(letter, failure) => {
                    self.mail_ended(at, letter, Err(failure), out);
                }
                Event::Carrier { interface, up, trace } => {
                    let interface = &interface;
                    self.tell(at, node, iosxe::Input::Carrier { interface, up, trace }, out);
                }
                Event::Guess(guesses) => self.guess(at, node, *guesses, out),
                Event::Heard { interface, hello } => {
                    let interface = &interface;
                    self.tell(at, node, iosxe::Input::Heard { interface, hello }, out);
                }
                Event::Hop(probe, by) => {
                    self.tell(at, node, iosxe::Input::ProbeAnswered { probe, by }, out);
                }
                Event::TimeTold(ask, served) => {
                    self.tell(at, node, iosxe::Input::TimeTold { ask, served }, out);
                }
                Event::Pong(ping) => {
                    self.tell(at, node, iosxe::Input::PingAnswered { ping }, out);
                }
                Event::Arrives(post) => out.0.push(Output::Post(*post)),
                Event::Release(post) => self.release(at, node, post, out),
                Event::GaveUp(post) => self.gave_up(at, post, out),
                Event::Said(said) => out.0.push(*said),
                Event::ListenerMends(fault, said) => self.mend(at, fault, said, out),
            }
        }
    }

    /// Tells one router one thing, passes on what it says, and notes its next deadline.
    pub(crate) fn tell(
        &mut self,
        now: Time,
        node: NodeId,
        input: iosxe::Input<'_>,
        out: &mut Outbox,
    ) {
        self.tell_for(now, node, None, input, out);
    }

    /// The same, where what follows is of a fault that the input itself does not name.
    pub(crate) fn tell_for(
        &mut self,
        now: Time,
        node: NodeId,
        trace: Option<TraceId>,
        input: iosxe::Input<'_>,
        out: &mut Outbox,
    ) {
        let mut said = iosxe::Outbox::default();
        let device = &mut self.router_mut(node).device;
        let revision = device.hello_revision();
        device.handle_for(now, trace, input, &mut said);
        if device.hello_revision() != revision {
            self.speak(now, node);
        }
        self.heard(now, node, said, out);
    }

    /// Passes on what a router has said.
    pub(crate) fn heard(&mut self, now: Time, node: NodeId, said: iosxe::Outbox, out: &mut Outbox) {
        self.note_deadline(node);
        for output in said.0 {
            self.pass_on(now, node, output, out);
        }
    }

    pub(crate) fn note_deadline(&mut self, node: NodeId) {
        let router = &self.routers[node.0 as usize];
        let next = router.device.next_deadline();
        if next == router.deadline.map(|(at, _)| at) {
            return;
        }
        if let Some((_, key)) = router.deadline {
            self.schedule.cancel(key);
        }
        let entry = next.map(|at| (at, self.schedule.set(at, node, Event::Device)));
        self.router_mut(node).deadline = entry;
    }

    fn pass_on(&mut self, now: Time, node: NodeId, output: iosxe::Output, out: &mut Outbox) {
        out.0.push(match output {
            iosxe::Output::LoginVerdict { session, verdict } if Typists::is_theirs(session) => {
                return self.typist_admitted(now, (node, session), verdict, out);
            }
            iosxe::Output::SessionBytes { session, bytes } if Typists::is_theirs(session) => {
                return self.typist_sees(now, (node, session), &bytes);
            }
            iosxe::Output::SessionClose { session, .. } if Typists::is_theirs(session) => {
                return self.typists.forget(session);
            }
            iosxe::Output::LoginVerdict { session, verdict } => {
                Output::LoginVerdict { node, session, verdict }
            }
            iosxe::Output::SessionBytes { session, bytes } => {
                let said = Output::SessionBytes { node, session, bytes };
                return self.says(now, node, said, out);
            }
            iosxe::Output::SessionClose { session, status } => {
                let said = Output::SessionClose { node, session, status: Some(status) };
                return self.says(now, node, said, out);
            }
            iosxe::Output::Restconf { session, response } => {
                return self.replies(now, (node, session), response, out);
            }
            iosxe::Output::Syslog { collector, message, queue_max } => {
                Output::Syslog { node, collector, message, queue_max }
            }
            iosxe::Output::SyslogEnded { collector } => Output::SyslogEnded { node, collector },
            iosxe::Output::Carrier { interface, up, trace } => {
                return self.sent(now, End { node, interface }, up, trace);
            }
            iosxe::Output::Power { up, trace } => return self.power(now, (node, up), trace),
            iosxe::Output::Fact { kind, trace } => return self.say(now, node, kind, trace, out),
            iosxe::Output::HttpRequest(request) => {
                let effects = self.sender.submit(now, node, request);
                return self.apply(now, effects, out);
            }
            iosxe::Output::Mail(mail) => return self.mailed(now, node, mail, out),
            iosxe::Output::Probe { probe, vrf, source, address, ttl } => {
                let sent = Sent { now, node, vrf, source, destination: address };
                if let Some((by, took)) = self.probe(sent, ttl.into(), out) {
                    self.schedule.set(now + took, node, Event::Hop(probe, by));
                }
                return;
            }
            iosxe::Output::TimeAsked { ask, vrf, source, address, key } => {
                let (source, destination) = (source.map(IpAddr::V4), IpAddr::V4(address));
                let sent = Sent { now, node, vrf, source, destination };
                if let Some((served, took)) = self.time_of(sent, (ask, key), out) {
                    self.schedule.set(now + took, node, Event::TimeTold(ask, served));
                }
                return;
            }
            iosxe::Output::Ping { ping, vrf, port, source, address, .. } => {
                let sent = Sent { now, node, vrf, source, destination: address };
                if let Some(took) = self.round_trip(sent, port.as_deref(), out) {
                    self.schedule.set(now + took, node, Event::Pong(ping));
                }
                return;
            }
        });
    }

    /// Does what the sender decided.
    pub(crate) fn apply(&mut self, now: Time, effects: Vec<Effect>, out: &mut Outbox) {
        for effect in effects {
            match effect {
                Effect::Post(post) => self.send(now, post, out),
                Effect::Fact { node, kind, trace } => self.say(now, node, kind, trace, out),
                Effect::RetryAt { node, at, delivery } => {
                    self.schedule.set(at, node, Event::Retry(delivery));
                }
                Effect::Done { node, request, outcome } => {
                    self.schedule.set(now, node, Event::Outcome(request, outcome));
                }
            }
        }
    }

    /// Every fact comes through here, and none with a secret in it (law L6).
    pub(crate) fn say(
        &self,
        at: Time,
        node: NodeId,
        mut kind: Kind,
        trace: Option<TraceId>,
        out: &mut Outbox,
    ) {
        if let Kind::WebhookSent { url, body, .. } = &mut kind {
            self.redactor.clean(url);
            // As JSON, so that it stays JSON.
            *body = self.redactor.body(body).into_owned();
        } else {
            kind.texts_mut().into_iter().for_each(|text| self.redactor.clean(text));
        }
        let node = self.routers.get(node.0 as usize).map(|router| Arc::clone(&router.name));
        out.0.push(Output::Fact(Fact { at, node, trace, kind }));
    }
}

/// Names the nodes only: configurations and credentials hold secrets.
impl fmt::Debug for Lab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lab").field("nodes", &self.by_name.keys()).finish_non_exhaustive()
    }
}
