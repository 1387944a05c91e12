//! A small driver: one router, a clock that it moves, and what came out.

use fact::{Kind, TraceId};
use iosxe::{
    Collector, Device, DeviceConfig, Dialect, Input, Outbox, Output, PingId, Platform, SessionId,
    SessionKind, ShowTemplate, Shows, StartupProblem,
};
use simtime::{Duration, Rng, Time};

/// One router under test.
pub(crate) struct Router {
    pub(crate) device: Device,
    pub(crate) now: Time,
    sessions: u64,
    /// Everything that came out, with its instant.
    pub(crate) seen: Vec<(Time, Output)>,
}

impl Router {
    /// A router with this startup-config, which must be accepted whole.
    pub(crate) fn new(startup: &str) -> Self {
        let (router, problems) = Router::with_problems(startup);
        assert_eq!(problems, [], "the startup-config is accepted");
        router
    }

    /// A router that speaks the course's dialect too, with this startup-config.
    pub(crate) fn course(startup: &str) -> Self {
        let (router, problems) = Router::start(startup, Dialect::Course);
        assert_eq!(problems, [], "the startup-config is accepted");
        router
    }

    /// A router and what it refused of its startup-config.
    pub(crate) fn with_problems(startup: &str) -> (Self, Vec<StartupProblem>) {
        Router::start(startup, Dialect::IosXe)
    }

    /// A router of this platform, with this startup-config, which must be accepted whole.
    pub(crate) fn on(platform: &str, startup: &str) -> Self {
        let platform = Platform::named(platform).expect("a platform");
        let (router, problems) = Router::make(startup, Dialect::IosXe, platform, Shows::default());
        assert_eq!(problems, [], "the startup-config is accepted");
        router
    }

    /// A router with these templates: command, text.
    pub(crate) fn showing(startup: &str, templates: &[(&str, &str)]) -> Self {
        let template = |(command, text): &(&str, &str)| ShowTemplate {
            command: (*command).to_owned(),
            file: "shows/a.j2".to_owned(),
            text: (*text).to_owned(),
        };
        let shows = Shows::new(templates.iter().map(template).collect());
        let shows = shows.expect("the templates can be read");
        let platform = Platform::default();
        let (router, problems) = Router::make(startup, Dialect::IosXe, platform, shows);
        assert_eq!(problems, [], "the startup-config is accepted");
        router
    }

    fn start(startup: &str, dialect: Dialect) -> (Self, Vec<StartupProblem>) {
        Router::make(startup, dialect, Platform::default(), Shows::default())
    }

    /// One with these files in flash, and no configuration.
    pub(crate) fn holding(files: &[(&str, &str)]) -> Self {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), bytes(text))).collect();
        let config = config("", Dialect::IosXe, Platform::default(), Shows::default());
        Router::of(DeviceConfig { files, ..config }).0
    }

    fn make(
        startup: &str,
        dialect: Dialect,
        platform: Platform,
        shows: Shows,
    ) -> (Self, Vec<StartupProblem>) {
        Router::of(config(startup, dialect, platform, shows))
    }

    fn of(config: DeviceConfig) -> (Self, Vec<StartupProblem>) {
        let now = Time::VIRTUAL_START;
        let (device, problems) = Device::new(config, now);
        (Router { device, now, sessions: 0, seen: Vec::new() }, problems)
    }

    /// Tells the router one thing.
    pub(crate) fn tell(&mut self, input: Input<'_>) {
        let mut out = Outbox::default();
        self.device.handle(self.now, input, &mut out);
        self.seen.extend(out.0.into_iter().map(|output| (self.now, output)));
    }

    /// Lets time pass, and the router have every deadline on the way.
    pub(crate) fn advance(&mut self, span: Duration) {
        let end = self.now + span;
        while let Some(deadline) = self.device.next_deadline().filter(|at| *at <= end) {
            self.now = deadline.max(self.now);
            self.tell(Input::Deadline);
        }
        self.now = end;
    }

    /// Lets milliseconds pass.
    pub(crate) fn wait_ms(&mut self, millis: u64) {
        self.advance(Duration::from_millis(millis));
    }

    /// Lines at the console, in configuration mode.
    pub(crate) fn configure(&mut self, lines: &[&str]) {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        self.tell(Input::Configure { lines: &lines, trace: None });
    }

    /// The wire of an interface, as part of a fault.
    pub(crate) fn carrier(&mut self, interface: &str, up: bool, trace: Option<TraceId>) {
        self.tell(Input::Carrier { interface, up, trace });
    }

    /// What one command prints: `ssh R1 'line'`.
    pub(crate) fn exec(&mut self, line: &str) -> String {
        let before = self.seen.len();
        self.open(SessionKind::Exec(line.to_owned()));
        self.bytes_since(before)
    }

    /// Opens a session as admin; its number.
    pub(crate) fn open(&mut self, kind: SessionKind) -> SessionId {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        let peer = "192.0.2.1".parse().expect("an address");
        self.tell(Input::LoginAsked { session, user: "admin", password: "admin", peer });
        self.tell(Input::SessionOpened { session, kind });
        session
    }

    /// Types at a session; what comes back at once.
    pub(crate) fn typed(&mut self, session: SessionId, text: &str) -> String {
        let before = self.seen.len();
        self.tell(Input::SessionBytes { session, bytes: text.as_bytes() });
        self.bytes_since(before)
    }

    /// What sessions printed since the `before`th output, newlines as `\n`.
    pub(crate) fn bytes_since(&self, before: usize) -> String {
        let bytes = self.seen[before..].iter().filter_map(|(_, output)| match output {
            Output::SessionBytes { bytes, .. } => Some(bytes.as_slice()),
            _ => None,
        });
        let text = bytes.collect::<Vec<_>>().concat();
        String::from_utf8_lossy(&text).replace("\r\n", "\n")
    }

    /// The messages so far, each with the milliseconds since the start; then forgets them.
    pub(crate) fn messages(&mut self) -> Vec<String> {
        let seen = std::mem::take(&mut self.seen);
        let syslog = |(at, output): &(Time, Output)| match output {
            Output::Fact { kind: Kind::Syslog { message, .. }, .. } => {
                let millis = at.since(Time::VIRTUAL_START).as_millis();
                Some(format!("{millis} {message}"))
            }
            _ => None,
        };
        seen.iter().filter_map(syslog).collect()
    }

    /// The datagrams so far, as text; then forgets them.
    pub(crate) fn datagrams(&mut self) -> Vec<String> {
        let seen = std::mem::take(&mut self.seen);
        let datagram = |(_, output): (Time, Output)| match output {
            Output::Syslog { collector, message, .. } => {
                let Collector { host, port, .. } = collector;
                Some(format!("{host}:{port} {}", String::from_utf8_lossy(&message)))
            }
            _ => None,
        };
        seen.into_iter().filter_map(datagram).collect()
    }

    /// The echo request that waits for its answer.
    pub(crate) fn echo_request(&self) -> Option<PingId> {
        self.seen.iter().rev().find_map(|(_, output)| match output {
            Output::Ping { ping, .. } => Some(*ping),
            _ => None,
        })
    }
}

/// The lines of `show running-config` that configure something: no header, no `!`.
pub(crate) fn bodies(shown: &str) -> Vec<&str> {
    let body = shown.split_once("bytes\n").map_or(shown, |(_, body)| body);
    body.lines().filter(|line| !line.starts_with('!')).collect()
}

fn config(startup: &str, dialect: Dialect, platform: Platform, shows: Shows) -> DeviceConfig {
    DeviceConfig {
        name: "R1".into(),
        platform,
        dialect,
        shows,
        startup: (!startup.is_empty()).then(|| startup.to_owned()),
        files: Vec::new(),
        user: Some(("admin".into(), "admin".into())),
        dark: Vec::new(),
        rng: Rng::from_seed(7).child("R1"),
    }
}
