//! A router that is scripted: it answers commands from a table, and writes down all that an applet
//! asks of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use eem::{
    Answer, CliOutput, Dialect, Director, FileRequest, Key, Mail, Message, NeighborChange, Options,
    Request, RouteChange, Router, RunId, SnmpTrap, SnmpValue, Stimulus, Typed, Which,
};
use simtime::{Duration, Time};

/// What happens to the router.
#[derive(Clone, Debug)]
pub enum Step<'a> {
    /// It logs this.
    Log(&'a str),
    /// Somebody enters this command, whole.
    Type(&'a str),
    /// `event manager run` with these words.
    Run(&'a str),
    /// So many seconds pass.
    Pass(u64),
    /// A tracked object changes.
    Track(u32, bool),
    /// A route changes.
    Route(RouteChange<'a>),
    /// A neighbour comes.
    Neighbor(NeighborChange<'a>),
    /// An interface's parameter has this value from now on.
    Interface(&'a str, &'a str, i64),
    /// An SNMP object has this value from now on.
    Snmp(&'a str, i64),
    /// A policy of the resource manager is crossed.
    Resource(eem::ResourceChange<'a>),
    /// What is typed when an applet asks.
    Answer(&'a str),
    /// An environment variable of the router.
    Environment(&'a str, &'a str),
}

/// What can be read of the router.
#[derive(Debug, Default)]
struct Readings {
    interfaces: BTreeMap<(String, String), i64>,
    snmp: BTreeMap<String, i64>,
    tracks: BTreeMap<u32, bool>,
}

impl Router for Readings {
    fn name(&self) -> &str {
        "R1"
    }

    fn interface_names(&self) -> Vec<String> {
        vec!["GigabitEthernet1".into(), "GigabitEthernet2".into()]
    }

    fn interface_value(&self, interface: &str, parameter: &str) -> Option<i64> {
        self.interfaces.get(&(interface.to_owned(), parameter.to_owned())).copied()
    }

    fn snmp(&self, oid: &str, _: Which) -> Option<(String, SnmpValue)> {
        let value = self.snmp.get(oid)?;
        Some((oid.to_owned(), SnmpValue::Number(*value)))
    }

    fn track(&self, number: u32) -> Option<bool> {
        self.tracks.get(&number).copied()
    }

    fn process_cpu(&self, _: Option<&str>, _: u64) -> Option<u64> {
        None
    }

    fn process_memory(&self, _: Option<&str>) -> Option<(u64, u64)> {
        None
    }

    fn local_offset_secs(&self, _: Time) -> i64 {
        0
    }

    fn is_booting(&self) -> bool {
        true
    }
}

/// The scripted router.
pub struct Host<'a> {
    director: Director,
    readings: Readings,
    now: Time,
    /// A part of a command, and what is printed for it; `?` at its end: the session asks.
    replies: &'a [(&'a str, &'a str)],
    typed: Vec<String>,
    /// The command lines of the run in a row, until something else happens.
    commands: Vec<String>,
    story: String,
}

/// So much of a text is written down.
const SHOWN: usize = 44;

impl<'a> Host<'a> {
    /// A router with this configuration.
    pub fn new(config: &str, replies: &'a [(&'a str, &'a str)]) -> Self {
        let mut host = Host {
            director: Director::new(Dialect::Ios),
            readings: Readings::default(),
            now: Time::VIRTUAL_START,
            replies,
            typed: Vec::new(),
            commands: Vec::new(),
            story: String::new(),
        };
        host.configure(config);
        host
    }

    fn configure(&mut self, config: &str) {
        let mut inside: Option<String> = None;
        for line in config.lines().map(str::trim) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [] => {}
                [first, ..] if first.starts_with('!') => {}
                ["event", "manager", "applet", name, ref options @ ..] => {
                    self.leave(inside.take());
                    let options = Options::parse(&options.join(" ")).expect("options");
                    self.director.enter_applet(name, options);
                    inside = Some(name.to_owned());
                }
                ["event", "manager", "environment", name, ref value @ ..] => {
                    self.director.set_environment(name, &value.join(" "));
                }
                ["event", "manager", ..] => {}
                _ => {
                    let Some(name) = inside.as_deref() else { continue };
                    if let Err(problem) = self.director.applet_line(name, line) {
                        let _ = writeln!(self.story, "refused {line}: {}", problem.fault);
                    }
                }
            }
        }
        self.leave(inside);
    }

    fn leave(&mut self, applet: Option<String>) {
        let Some(name) = applet else { return };
        let messages = self.director.leave_applet(self.now, &self.readings, &name);
        messages.iter().for_each(|message| self.log(message));
    }

    /// Plays the steps, and tells what the applet did.
    pub fn play(mut self, steps: &[Step<'_>]) -> String {
        for step in steps {
            self.step(step);
            self.pass(Duration::from_secs(1));
        }
        self.flush();
        self.story
    }

    fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Log(line) => self.offer(&Stimulus::Syslog(line)),
            Step::Pass(seconds) => self.pass(Duration::from_secs(*seconds)),
            Step::Track(number, up) => {
                self.readings.tracks.insert(*number, *up);
                self.offer(&Stimulus::Track { number: *number, up: *up });
            }
            Step::Route(change) => self.offer(&Stimulus::Route(change)),
            Step::Neighbor(change) => self.offer(&Stimulus::Neighbor(change)),
            Step::Resource(change) => self.offer(&Stimulus::Resource(change)),
            Step::Interface(name, parameter, value) => {
                let key = ((*name).to_owned(), (*parameter).to_owned());
                self.readings.interfaces.insert(key, *value);
            }
            Step::Snmp(oid, value) => {
                self.readings.snmp.insert((*oid).to_owned(), *value);
            }
            Step::Answer(line) => self.typed.push((*line).to_owned()),
            Step::Environment(name, value) => self.director.set_environment(name, value),
            Step::Run(words) => {
                let mut words = words.split_whitespace().map(str::to_owned);
                let name = words.next().expect("a name");
                let arguments: Vec<String> = words.collect();
                if let Err(refused) = self.director.run(self.now, &name, &arguments) {
                    let _ = writeln!(self.story, "run refused: {refused:?}");
                }
            }
            Step::Type(line) => self.type_command(line),
        }
    }

    fn offer(&mut self, stimulus: &Stimulus<'_>) {
        let published = self.director.offer(self.now, &self.readings, stimulus);
        published.notice.iter().for_each(|message| self.log(message));
    }

    /// A user types a command: what the applets make of it is told.
    fn type_command(&mut self, line: &str) {
        let typed = Typed {
            key: Key::Enter,
            line,
            command: Ok(line),
            mode: "exec",
            user: "ops",
            host: "192.0.2.7",
            privilege: 15,
            tty: 2,
        };
        let screening = self.director.command(self.now, &self.readings, &typed);
        let mut waits: Vec<RunId> = screening.waits.iter().map(|(run, _)| *run).collect();
        let mut passes = !screening.is_skipped;
        while !waits.is_empty() {
            let ended = self.poll();
            passes &= ended.iter().all(|(run, exit)| !waits.contains(run) || *exit != 0);
            waits.retain(|run| !ended.iter().any(|(ended, _)| ended == run));
            match self.director.next_deadline() {
                Some(at) if !waits.is_empty() => self.now = self.now.max(at),
                Some(_) | None => break,
            }
        }
        self.flush();
        let fate = if passes { "is carried out" } else { "is not carried out" };
        let _ = writeln!(self.story, "`{line}` {fate}");
    }

    fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        self.poll();
        while let Some(at) = self.director.next_deadline().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            let published = self.director.due(self.now, &self.readings);
            published.notice.iter().for_each(|message| self.log(message));
            self.poll();
        }
        self.now = end;
    }

    /// Carries out what runs want; those that ended, with what they say of a command.
    fn poll(&mut self) -> Vec<(RunId, i64)> {
        let mut ended = Vec::new();
        while let Some((run, request)) = self.director.next(self.now, &self.readings) {
            if let Request::Finished { exit_status, .. } = &request {
                ended.push((run, *exit_status));
            }
            if let Some(answer) = self.carry_out(request) {
                self.director.answer(self.now, &self.readings, run, answer);
            }
        }
        ended
    }

    fn carry_out(&mut self, request: Request) -> Option<Answer> {
        if let Request::Cli { line, .. } = &request {
            let output = self.command(line);
            self.commands.push(line.replace('\n', "\\n"));
            return Some(Answer::Cli(output));
        }
        let (line, answer) = match request {
            Request::Triggered { event, .. } => (format!("-- {event}"), None),
            Request::Finished { status, .. } => (status.to_string(), None),
            Request::Log(message) => {
                self.flush();
                self.log(&message);
                return None;
            }
            Request::Puts { text } => (format!("puts {}", shown(&text)), None),
            Request::Gets => {
                let typed = if self.typed.is_empty() { None } else { Some(self.typed.remove(0)) };
                ("gets".to_owned(), Some(Answer::Text(typed)))
            }
            Request::HttpPost(post) => {
                (format!("post {}", post.url), Some(Answer::Text(Some("accepted".into()))))
            }
            Request::Mail(Mail { server, to, subject, .. }) => {
                (format!("mail {server} {to}: {}", shown(&subject)), Some(Answer::Done))
            }
            Request::SnmpTrap(SnmpTrap { text, .. }) => {
                (format!("trap {}", shown(&text.unwrap_or_default())), None)
            }
            Request::TrackSet { number, up } => {
                self.readings.tracks.insert(number, up);
                (
                    format!("track {number} set {}", if up { "up" } else { "down" }),
                    Some(Answer::Done),
                )
            }
            Request::File(FileRequest::Read(path)) => {
                (format!("read {path}"), Some(Answer::Text(None)))
            }
            Request::File(other) => (format!("{other:?}"), Some(Answer::Done)),
            Request::Reload => ("reload".to_owned(), None),
            Request::Raised(published) => {
                published.notice.iter().for_each(|message| self.log(message));
                return None;
            }
            Request::StepBegins(_) | Request::StepEnds(_) => return None,
            other @ (Request::ForceSwitchover
            | Request::Telemetry(_)
            | Request::CnsEvent(_)
            | Request::SnmpObjectValue(_)
            | Request::Cli { .. }) => (format!("{other:?}"), None),
        };
        self.flush();
        let _ = writeln!(self.story, "{line}");
        answer
    }

    /// What the session prints: the reply of the table, then the prompt.
    fn command(&mut self, line: &str) -> CliOutput {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["event", manager, env, name, ref value @ ..] = words[..]
            && manager.starts_with("man")
            && env.starts_with("env")
            && !value.is_empty()
        {
            self.director.set_environment(name, &value.join(" "));
        }
        if let ["no", "event", manager, app, name] = words[..]
            && manager.starts_with("man")
            && app.starts_with("app")
        {
            self.director.remove_applet(name);
        }
        let reply = self.replies.iter().find(|(part, _)| line.contains(part));
        match reply.map_or("", |(_, text)| text) {
            question if question.ends_with('?') => CliOutput::Open(question.to_owned()),
            "" => CliOutput::Prompt("R1#".to_owned()),
            text => CliOutput::Prompt(format!("{}\r\nR1#", text.replace('\n', "\r\n"))),
        }
    }

    /// The commands of the run in one line: how many, and the last ones.
    fn flush(&mut self) {
        if !self.commands.is_empty() {
            let _ = writeln!(self.story, "> {}", self.commands.join(" ; "));
            self.commands.clear();
        }
    }

    fn log(&mut self, Message { facility, severity, mnemonic, text }: &Message) {
        let _ = writeln!(self.story, "%{facility}-{severity}-{mnemonic}: {}", shown(text));
    }
}

/// The beginning of a text, in one line.
fn shown(text: &str) -> String {
    let line = text.replace("\r\n", "/").replace('\n', "/").replace('\r', "\\r");
    let mut start: String = line.chars().take(SHOWN).collect();
    if start.len() < line.len() {
        start += "...";
    }
    start
}
