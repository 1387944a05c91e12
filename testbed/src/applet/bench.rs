//! One router in virtual time, a terminal at it, and a world that takes whatever it sends.
//!
//! There is no socket and no listener: a webhook is answered with 202 after a millisecond.

use std::net::{IpAddr, Ipv4Addr};

use fact::{Fact, Kind};
use lab::{
    HttpFailure, HttpOutcome, Input, Lab, LoginVerdict, NodeId, Outbox, Output, Post, PostId,
    SessionId, SessionKind,
};
use simtime::{Duration, Time, Timers};

/// What the world answers, unless it is told otherwise.
const STATUS: u16 = 202;
/// So many sessions take all lines of a router, however many it has.
const SESSIONS_MAX: u64 = 64;
/// How long that takes.
const ANSWER: Duration = Duration::from_millis(1);
/// An event shows what it does within this time, if nothing waits longer: the line protocol follows
/// a link after a second.
const SETTLE: Duration = Duration::from_secs(3);
/// How long runs that go on are waited for after an event.
const RUNS_MAX: Duration = Duration::from_secs(3_600);
/// The terminal's session.
const SESSION: SessionId = SessionId(1);
/// How long each half of a login takes.
const LOGIN: Duration = Duration::from_millis(10);
/// Where the user sits: an address of documentation (RFC 5737).
const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 100));
/// What a terminal keeps of one line that was typed.
const SCREEN_BYTES_MAX: usize = 1 << 20;

/// What becomes of the requests that the router sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum World {
    /// Each is answered so, with this body.
    Answers(u16, String),
    /// Nobody listens.
    Refuses,
    /// Nobody answers.
    Silent,
}

impl Default for World {
    fn default() -> Self {
        World::Answers(STATUS, String::new())
    }
}

/// One router in virtual time.
pub(super) struct Bench {
    lab: Lab,
    node: NodeId,
    now: Time,
    answers: Timers<(PostId, HttpOutcome)>,
    user: Option<(String, String)>,
    is_logged_in: bool,
    /// What the terminal has shown since it was last looked at.
    screen: Vec<u8>,
    facts: Vec<Fact>,
    world: World,
    /// The requests that the router has sent.
    posts: Vec<(Time, Post)>,
    /// Runs that have begun and not ended, and all that have begun.
    open: usize,
    begun: usize,
}

impl Bench {
    pub(super) fn new(lab: Lab, node: NodeId, user: Option<(String, String)>) -> Self {
        Bench {
            lab,
            node,
            now: Time::VIRTUAL_START,
            answers: Timers::default(),
            user,
            is_logged_in: false,
            screen: Vec::new(),
            facts: Vec::new(),
            world: World::default(),
            posts: Vec::new(),
            open: 0,
            begun: 0,
        }
    }

    /// The instant.
    pub(super) fn now(&self) -> Time {
        self.now
    }

    /// The router's configuration.
    pub(super) fn config(&self) -> String {
        self.lab.running_config(self.node)
    }

    /// What becomes of requests from now on.
    pub(super) fn set_world(&mut self, world: World) {
        self.world = world;
    }

    /// The requests that were sent, and when.
    pub(super) fn take_posts(&mut self) -> Vec<(Time, Post)> {
        std::mem::take(&mut self.posts)
    }

    /// Somebody has all lines: an applet finds none.
    pub(super) fn take_lines(&mut self) -> Result<(), String> {
        let (user, password) = self.user.clone().ok_or("the node has no user who could log in")?;
        for number in 0..SESSIONS_MAX {
            let (node, session) = (self.node, SessionId(SESSION.0 + 1 + number));
            let (user, password) = (user.as_str(), password.as_str());
            self.tell(Input::LoginAsked { node, session, user, password, peer: PEER });
            self.wait(LOGIN);
            let kind = SessionKind::Shell;
            self.tell(Input::SessionOpened { node, session, kind });
            self.wait(LOGIN);
        }
        self.is_logged_in = false;
        self.screen.clear();
        Ok(())
    }

    /// What has happened on the router since this was last asked.
    pub(super) fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.facts)
    }

    /// What the terminal has shown since this was last asked.
    pub(super) fn take_screen(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.screen)).into_owned()
    }

    /// Carries out a step of a scenario.
    pub(super) fn inject(&mut self, step: &lab::Step) {
        self.tell(Input::Inject(step));
    }

    /// Types a line at the user's terminal; the error says why there is none.
    pub(super) fn type_line(&mut self, line: &str) -> Result<(), String> {
        if !self.is_logged_in {
            self.log_in()?;
        }
        let bytes = format!("{line}\r");
        self.tell(Input::SessionBytes {
            node: self.node,
            session: SESSION,
            bytes: bytes.as_bytes(),
        });
        Ok(())
    }

    fn log_in(&mut self) -> Result<(), String> {
        let (user, password) = self.user.clone().ok_or("the node has no user who could log in")?;
        let (node, session) = (self.node, SESSION);
        let (user, password) = (user.as_str(), password.as_str());
        self.tell(Input::LoginAsked { node, session, user, password, peer: PEER });
        self.wait(LOGIN);
        if !self.is_logged_in {
            return Err(format!("the router refuses its user `{user}`"));
        }
        self.tell(Input::SessionOpened { node, session, kind: SessionKind::Shell });
        self.wait(LOGIN);
        Ok(())
    }

    /// Lets time pass until nothing that was just begun goes on.
    pub(super) fn settle(&mut self) {
        self.wait(SETTLE);
        let end = self.now + RUNS_MAX;
        while self.open > 0 && self.step(end) {}
    }

    /// Lets so much time pass.
    pub(super) fn wait(&mut self, span: Duration) {
        let end = self.now + span;
        while self.step(end) {}
        self.now = end;
    }

    /// Lets time pass until a run begins, `span` at most; whether one did.
    pub(super) fn wait_for_run(&mut self, span: Duration) -> bool {
        let (end, begun) = (self.now + span, self.begun);
        while self.begun == begun && self.step(end) {}
        self.begun > begun
    }

    /// Does the next thing that is due up to `end`.
    fn step(&mut self, end: Time) -> bool {
        let next = [self.lab.next_deadline(), self.answers.next_deadline()];
        let Some(at) = next.into_iter().flatten().min().filter(|at| *at <= end) else {
            return false;
        };
        self.now = self.now.max(at);
        match self.answers.pop_due(self.now) {
            Some((_, (post, outcome))) => self.tell(Input::PostOutcome { post, outcome }),
            None => self.tell(Input::Deadline),
        }
        true
    }

    fn tell(&mut self, input: Input<'_>) {
        let mut out = Outbox::default();
        self.lab.handle(self.now, input, &mut out);
        for output in out.0 {
            self.take(output);
        }
    }

    fn take(&mut self, output: Output) {
        match output {
            Output::Fact(fact) => {
                if fact.node.as_ref() == Some(self.lab.name(self.node)) {
                    self.count(&fact.kind);
                    self.facts.push(fact);
                }
            }
            Output::Post(post) => {
                let (after, outcome) = match &self.world {
                    World::Answers(status, body) => {
                        let (headers, body) = (Vec::new(), body.clone().into_bytes());
                        (ANSWER, HttpOutcome::Answered { status: *status, headers, body })
                    }
                    World::Refuses => (ANSWER, HttpOutcome::Failed(HttpFailure::Refused)),
                    World::Silent => (post.timeout, HttpOutcome::Failed(HttpFailure::Timeout)),
                };
                self.answers.set(self.now + after, (post.post, outcome));
                self.posts.push((self.now, post));
            }
            Output::LoginVerdict { session, .. } if session != SESSION => {}
            Output::LoginVerdict { verdict, .. } => {
                self.is_logged_in = verdict == LoginVerdict::Accepted;
            }
            Output::SessionBytes { session, .. } if session != SESSION => {}
            Output::SessionBytes { bytes, .. } => {
                let room = SCREEN_BYTES_MAX.saturating_sub(self.screen.len());
                self.screen.extend(bytes.iter().take(room));
            }
            Output::SessionClose { session, .. } => {
                self.is_logged_in &= session != SESSION;
            }
            // No mail leaves: its server takes it.
            Output::Mail { letter, .. } => {
                self.tell(Input::MailOutcome { letter, outcome: Ok(()) });
            }
            // Nobody collects, and nobody listens; what was sent is a fact.
            Output::Syslog { .. }
            | Output::SyslogEnded { .. }
            | Output::Listener(_)
            | Output::Restconf { .. } => {}
        }
    }

    fn count(&mut self, kind: &Kind) {
        if let Kind::AppletTriggered { .. } = kind {
            self.open += 1;
            self.begun += 1;
        }
        if let Kind::AppletFinished { .. } = kind {
            self.open = self.open.saturating_sub(1);
        }
    }
}
