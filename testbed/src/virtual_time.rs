//! Virtual time: one queue over the lab and the automation, joined by function calls.
//!
//! Used by `ednm test` and by the tests. No socket, thread, runtime or operating-system clock is in
//! this path: the seam lies above SSH (the bytes of a session) and above HTTP (a request as a
//! value). Time jumps from one event to the next, and the same inputs give the same facts.

mod ferry;
mod lines;
mod outside;
mod outward;
mod requests;
mod tls;
mod trouble;
mod wire;

use std::collections::BTreeMap;

use automation::store::{MemoryStore, Store as _};
use automation::{Automation, Door, Login, SessionId};
use fact::Fact;
use lab::{Judge, Lab, NodeId, Verdict};
use simtime::{Duration, Rng, Time, Timers};
use topology::Topology;

use wire::Wire;

pub use outside::Exchange;

/// From one end of the management network to the other: a switch and a rack away.
const ONE_WAY: Duration = Duration::from_micros(200);
/// A whole SSH login: TCP, key exchange, authentication and shell are about six round trips.
const LOGIN: Duration = Duration::from_micros(6 * 2 * ONE_WAY.as_micros());
/// A connection over HTTPS before its request: TCP and TLS 1.3 are two round trips.
const HTTPS: Duration = Duration::from_micros(2 * 2 * ONE_WAY.as_micros());
/// One durable commit, as measured for SQLite with synchronous=FULL (about a millisecond).
const COMMIT: Duration = Duration::from_millis(1);
/// From a router's mail to its server's word for it: an SMTP dialogue has about six round trips.
const MAIL: Duration = LOGIN;

/// A lab, an automation and the network between them.
#[derive(Debug)]
pub struct Bench {
    lab: Lab,
    automation: Automation,
    store: MemoryStore,
    /// Whether anybody can ask for what was stored: a listener that is started again does.
    is_read_back: bool,
    topology: Topology,
    /// What is on its way, in order of arrival; ties go by the order of sending.
    wire: Timers<Wire>,
    /// Where each open session of the listener leads to.
    sessions: BTreeMap<SessionId, Far>,
    posts: ferry::Posts,
    outside: outside::Outside,
    outward: outward::Outward,
    /// Requests to third parties, which no socket may answer here, by URL.
    refused: Vec<String>,
    facts: Vec<Fact>,
    trouble: trouble::Trouble,
}

/// The far end of a session of the listener.
#[derive(Clone, Copy, Debug)]
struct Far {
    node: NodeId,
    speaks: Speaks,
}

/// What is spoken there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speaks {
    Shell,
    Netconf,
    /// One request over HTTPS.
    Restconf,
}

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    /// Every expectation's outcome.
    pub verdict: Verdict,
    /// How much simulated time it took.
    pub lasted: Duration,
    /// Requests that nothing in a virtual run may answer.
    pub refused: Vec<String>,
}

impl Bench {
    /// Joins a lab to an automation. The topology says where its listener is and how to log in.
    pub fn new(lab: Lab, automation: Automation, topology: Topology) -> Self {
        let rng = Rng::from_seed(topology.seed).child("stand-ins");
        Bench {
            lab,
            automation,
            store: MemoryStore::default(),
            is_read_back: true,
            topology,
            wire: Timers::default(),
            sessions: BTreeMap::new(),
            posts: ferry::Posts::default(),
            outside: outside::Outside::default(),
            outward: outward::Outward::new(rng),
            refused: Vec::new(),
            facts: Vec::new(),
            trouble: trouble::Trouble::default(),
        }
    }

    /// Plays a scenario to its end and judges it. `say` is shown every fact, in order.
    pub fn run(
        &mut self,
        scenario: &lab::Scenario,
        start: Time,
        mut say: impl FnMut(&Fact),
    ) -> Run {
        let mut judge = Judge::new(scenario, start);
        self.is_read_back = scenario.troubles_listener();
        self.tell_automation(start, automation::Input::Recovered(Vec::new()));
        self.tell_lab(start, lab::Input::Play(scenario));
        let end = judge.end();
        let mut now = start;
        loop {
            for fact in self.facts.drain(..) {
                judge.observe(&fact);
                say(&fact);
            }
            for name in judge.newly_met() {
                self.tell_lab(now, lab::Input::Met(&name));
            }
            match self.next_event() {
                Some(at) if at <= end => now = now.max(at),
                _ => break,
            }
            self.step(now);
        }
        let verdict = judge.finish(end);
        let refused = std::mem::take(&mut self.refused);
        Run { verdict, lasted: end.since(start), refused }
    }

    /// Starts both sides; for whoever drives the bench step by step.
    pub fn begin(&mut self, now: Time) {
        self.is_read_back = false;
        self.tell_automation(now, automation::Input::Recovered(Vec::new()));
    }

    /// Does all that is due up to `now`. `say` is shown every fact, in order.
    pub fn advance(&mut self, now: Time, say: &mut impl FnMut(&Fact)) {
        while let Some(at) = self.next_event().filter(|at| *at <= now) {
            self.step(at);
            self.facts.drain(..).for_each(|fact| say(&fact));
        }
    }

    /// Carries out one step, after all that was due before it.
    pub fn inject(&mut self, now: Time, step: &lab::Step, say: &mut impl FnMut(&Fact)) {
        self.advance(now, say);
        self.tell_lab(now, lab::Input::Inject(step));
        self.facts.drain(..).for_each(|fact| say(&fact));
    }

    fn next_event(&self) -> Option<Time> {
        let sides =
            [self.wire.next_deadline(), self.lab.next_deadline(), self.listeners_deadline()];
        sides.into_iter().flatten().min()
    }

    /// Does one thing that is due at `now`: an arrival first, then the lab, then the automation.
    fn step(&mut self, now: Time) {
        if let Some((_, what)) = self.wire.pop_due(now) {
            self.arrive(now, what);
        } else if self.lab.next_deadline().is_some_and(|at| at <= now) {
            self.tell_lab(now, lab::Input::Deadline);
        } else {
            self.tell_automation(now, automation::Input::Deadline);
        }
    }

    fn tell_lab(&mut self, now: Time, input: lab::Input<'_>) {
        let mut out = lab::Outbox::default();
        self.lab.handle(now, input, &mut out);
        for output in out.0 {
            self.route_lab(now, output);
        }
    }

    fn tell_automation(&mut self, now: Time, input: automation::Input<'_>) {
        if self.is_dead() {
            return;
        }
        let mut out = automation::Outbox::default();
        self.automation.handle(now, input, &mut out);
        for output in out.0 {
            self.route_automation(now, output);
        }
    }

    fn route_lab(&mut self, now: Time, output: lab::Output) {
        match output {
            lab::Output::Fact(fact) => self.facts.push(fact),
            lab::Output::Post(post) => self.send_post(now, post),
            lab::Output::Listener(state) => self.turn(now, state),
            lab::Output::LoginVerdict { session, verdict, .. } => {
                if let Some(session) = self.listeners_end(session) {
                    self.wire.set(now + ONE_WAY, Wire::LoggedIn { session, verdict });
                }
            }
            lab::Output::SessionBytes { session, bytes, .. } => {
                if let Some(session) = self.listeners_end(session) {
                    self.wire.set(now + ONE_WAY, Wire::FromDevice { session, bytes });
                }
            }
            lab::Output::SessionClose { session, .. } => {
                if let Some(session) = self.listeners_end(session) {
                    self.wire.set(now + ONE_WAY, Wire::ClosedByDevice { session });
                }
            }
            lab::Output::Restconf { session, response, .. } => {
                if let Some(session) = self.listeners_end(session) {
                    self.wire.set(now + ONE_WAY, Wire::Answered { session, response });
                }
            }
            // No mail leaves a virtual run: its server takes it after a moment.
            lab::Output::Mail { letter, .. } => {
                self.wire.set(now + MAIL, Wire::Mailed { letter });
            }
            lab::Output::Syslog { node, collector, message, .. } => {
                self.send_line(now, node, &collector, message);
            }
            // A connection costs nothing here.
            lab::Output::SyslogEnded { .. } => {}
        }
    }

    fn route_automation(&mut self, now: Time, output: automation::Output) {
        use automation::Output;
        match output {
            Output::Fact(fact) => self.facts.push(fact),
            Output::Reply(reply) => self.reply(now, reply),
            // Nobody approves anything here: a job that waits keeps waiting.
            Output::Answer { .. } => {}
            Output::Persist { persist, records } => {
                // A day of a thousand routers is gigabytes that nobody would read.
                let stored = match self.is_read_back {
                    true => self.store.append(&records).map_err(|e| e.to_string()),
                    false => Ok(()),
                };
                self.wire.set(now + COMMIT, Wire::Committed { persist, stored });
            }
            Output::Http { session, call } => self.call(now, session, &call),
            Output::Write { session, write } => self.write(now, session, write),
            Output::OpenSession { session, door, node, login, .. } => {
                let speaks = match door {
                    Door::Shell => Speaks::Shell,
                    Door::Netconf => Speaks::Netconf,
                };
                self.open(now, session, speaks, &node, login);
            }
            Output::Restconf { session, node, login, request, .. } => {
                self.ask(now, session, &node, login, request);
            }
            Output::SessionBytes { session, bytes } => {
                self.wire.set(now + ONE_WAY, Wire::ToDevice { session, bytes });
            }
            Output::CloseSession(session) => {
                self.wire.set(now + ONE_WAY, Wire::ClosedByListener { session });
            }
        }
    }

    fn open(
        &mut self,
        now: Time,
        session: SessionId,
        speaks: Speaks,
        node: &str,
        login: Option<Box<Login>>,
    ) {
        match self.lab.node(node) {
            Some(id) => {
                self.sessions.insert(session, Far { node: id, speaks });
                let node = node.to_owned();
                self.wire.set(now + LOGIN, Wire::Login { session, node, login });
            }
            None => {
                let failure = requests::real(node);
                self.wire.set(now + ONE_WAY, Wire::OpenFailed { session, failure });
            }
        }
    }
}
