//! A router that is scripted: it answers commands from a table, keeps files and values, and writes
//! down all that an applet asks of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use eem::{
    Answer, CliOutput, Dialect, Director, FileRequest, Key, Mail, Message, Options, Request,
    Router, RunId, SnmpTrap, SnmpValue, Stimulus, Typed, Which,
};
use simtime::{Duration, Time};

/// So much of a text is written down.
const SHOWN: usize = 60;

/// What can be read of the router.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    pub(crate) interfaces: BTreeMap<(String, String), i64>,
    pub(crate) snmp: BTreeMap<String, i64>,
    pub(crate) tracks: BTreeMap<u32, bool>,
    pub(crate) ahead_secs: i64,
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
        self.ahead_secs
    }

    fn is_booting(&self) -> bool {
        true
    }
}

/// The scripted router.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) director: Director,
    pub(crate) readings: Readings,
    pub(crate) now: Time,
    /// A part of a command, and what is printed for it; `?` at its end: the session asks.
    replies: Vec<(String, String)>,
    /// What people type when they are asked.
    pub(crate) answers: Vec<String>,
    files: BTreeMap<String, String>,
    /// Whether each line of the story begins with the instant and the number of the run.
    is_timed: bool,
    /// Whether what applets log may raise applets.
    pub(crate) is_heard: bool,
    /// The command lines of one run in a row, until something else happens, and the line's start.
    commands: (String, Vec<String>),
    story: String,
    run: RunId,
}

impl Host {
    /// A router with this configuration.
    pub(crate) fn new(dialect: Dialect, config: &str) -> Self {
        Host::ahead(dialect, 0, config)
    }

    /// The same, whose own clock is ahead by so many seconds.
    pub(crate) fn ahead(dialect: Dialect, ahead_secs: i64, config: &str) -> Self {
        let mut host = Host {
            director: Director::new(dialect),
            readings: Readings { ahead_secs, ..Readings::default() },
            now: Time::VIRTUAL_START,
            replies: Vec::new(),
            answers: Vec::new(),
            files: BTreeMap::new(),
            is_timed: false,
            is_heard: false,
            commands: (String::new(), Vec::new()),
            story: String::new(),
            run: RunId(0),
        };
        host.configure(config);
        host
    }

    /// Tells instants, too.
    pub(crate) fn timed(self) -> Self {
        Host { is_timed: true, ..self }
    }

    /// Answers commands so.
    pub(crate) fn replying(self, replies: Vec<(String, String)>) -> Self {
        Host { replies, ..self }
    }

    /// What has happened since it was asked last.
    pub(crate) fn take_story(&mut self) -> String {
        self.flush();
        std::mem::take(&mut self.story)
    }

    /// Types a configuration. Lines that are not of applets are passed over.
    pub(crate) fn configure(&mut self, config: &str) {
        let mut inside: Option<String> = None;
        for line in config.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [] => {}
                [first, ..] if first.starts_with('!') => {}
                ["event", "manager", "applet", name, ref options @ ..] => {
                    self.leave(inside.take());
                    match Options::parse(&options.join(" ")) {
                        Ok(options) => self.director.enter_applet(name, options),
                        Err(problem) => self.refused(line, &problem),
                    }
                    inside = Some(name.to_owned());
                }
                ["no", "event", "manager", "applet", name] => {
                    self.director.remove_applet(name);
                }
                ["event", "manager", "environment", name, ..] => {
                    let at = line.find(name).expect("its own word") + name.len();
                    self.director.set_environment(name, line[at..].trim());
                }
                ["event", "manager", ..] => {}
                _ => {
                    let Some(name) = inside.as_deref() else { continue };
                    if let Err(problem) = self.director.applet_line(name, line.trim()) {
                        self.refused(line.trim(), &problem);
                    }
                }
            }
        }
        self.leave(inside);
    }

    fn refused(&mut self, line: &str, problem: &eem::Problem) {
        let (span, fault) = (&problem.span, &problem.fault);
        let _ = writeln!(self.story, "refused {span:?} {}: {fault}", shown(line));
    }

    fn leave(&mut self, applet: Option<String>) {
        let Some(name) = applet else { return };
        let messages = self.director.leave_applet(self.now, &self.readings, &name);
        messages.iter().for_each(|message| self.log(message));
    }

    pub(crate) fn offer(&mut self, stimulus: &Stimulus<'_>) {
        let published = self.director.offer(self.now, &self.readings, stimulus);
        published.notice.iter().for_each(|message| self.log(message));
    }

    /// `event manager run` with these words.
    pub(crate) fn start(&mut self, words: &str) {
        let mut words = words.split_whitespace().map(str::to_owned);
        let name = words.next().expect("a name");
        let arguments: Vec<String> = words.collect();
        if let Err(refused) = self.director.run(self.now, &name, &arguments) {
            let _ = writeln!(self.story, "run refused: {refused:?}");
        }
    }

    /// A user enters a command, whole: what the applets make of it is told.
    pub(crate) fn type_command(&mut self, line: &str) {
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

    /// Time passes, with all that is due on the way.
    pub(crate) fn pass(&mut self, span: Duration) {
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
            if run != self.run {
                self.flush();
                self.run = run;
            }
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
        match request {
            Request::Cli { line, .. } => {
                if self.commands.1.is_empty() {
                    self.commands.0 = self.start_of_line();
                }
                self.commands.1.push(line.replace('\n', "\\n"));
                Some(Answer::Cli(self.command(&line)))
            }
            Request::Log(message) => {
                self.flush();
                self.log(&message);
                if self.is_heard {
                    self.offer(&Stimulus::Syslog(&message.text));
                }
                None
            }
            Request::Raised(published) => {
                published.notice.iter().for_each(|message| self.log(message));
                None
            }
            Request::StepBegins(_) | Request::StepEnds(_) => None,
            other => {
                let (line, answer) = self.answer(other);
                self.flush();
                let start = self.start_of_line();
                let _ = writeln!(self.story, "{start}{line}");
                answer
            }
        }
    }

    /// What the story says of a request, and its answer.
    fn answer(&mut self, request: Request) -> (String, Option<Answer>) {
        let done = Some(Answer::Done);
        match request {
            Request::Triggered { applet, event, tags } => {
                let tags = tags.iter().map(|tag| format!(" {tag}")).collect::<String>();
                (format!("-- {applet} by {event}{tags}"), None)
            }
            Request::Finished { status, .. } => (status.to_string(), None),
            Request::Puts { text } => (format!("puts {}", shown(&text)), None),
            Request::Gets => {
                let line = (!self.answers.is_empty()).then(|| self.answers.remove(0));
                let nobody = || Answer::Failed("nobody".to_owned());
                let answer = line.map_or_else(nobody, |line| Answer::Text(Some(line)));
                ("gets".to_owned(), Some(answer))
            }
            Request::HttpPost(post) => {
                let accepted = Some(Answer::Text(Some("accepted".into())));
                (format!("post {} {}", post.url, shown(&post.body)), accepted)
            }
            Request::Mail(Mail { server, to, subject, body, .. }) => {
                (format!("mail {server} {to}: {}: {}", shown(&subject), shown(&body)), done)
            }
            Request::SnmpTrap(SnmpTrap { text, .. }) => {
                (format!("trap {}", shown(&text.unwrap_or_default())), None)
            }
            Request::TrackSet { number, up } => {
                self.readings.tracks.insert(number, up);
                (format!("track {number} set {}", if up { "up" } else { "down" }), done)
            }
            Request::File(request) => self.file(request),
            other => (format!("{other:?}").to_ascii_lowercase(), None),
        }
    }

    fn file(&mut self, request: FileRequest) -> (String, Option<Answer>) {
        match request {
            FileRequest::Read(path) => {
                let answer = Answer::Text(self.files.get(&path).cloned());
                (format!("read {path}"), Some(answer))
            }
            FileRequest::Make { path, truncate } => {
                let file = self.files.entry(path.clone()).or_default();
                if truncate {
                    file.clear();
                }
                (format!("make {path}"), Some(Answer::Done))
            }
            FileRequest::Append { path, text } => {
                self.files.entry(path.clone()).or_default().push_str(&text);
                (format!("append {path}: {}", shown(&text)), Some(Answer::Done))
            }
            FileRequest::Delete(path) => {
                let was_there = self.files.remove(&path).is_some();
                let answer = if was_there { Answer::Done } else { Answer::Failed("no".into()) };
                (format!("delete {path}"), Some(answer))
            }
        }
    }

    /// What the session prints: the reply of the table, then the prompt. What applets most often do
    /// to each other is done.
    fn command(&mut self, line: &str) -> CliOutput {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["event", manager, env, name, ref value @ ..]
                if "manager".starts_with(manager)
                    && "environment".starts_with(env)
                    && !value.is_empty() =>
            {
                self.director.set_environment(name, &value.join(" "));
            }
            ["no", "event", manager, app, name]
                if "manager".starts_with(manager) && "applet".starts_with(app) =>
            {
                self.director.remove_applet(name);
            }
            _ => {}
        }
        let reply = self.replies.iter().find(|(part, _)| line.contains(part.as_str()));
        match reply.map_or("", |(_, text)| text) {
            "no line" => CliOutput::NoLine,
            question if question.ends_with('?') => CliOutput::Open(question.to_owned()),
            "" => CliOutput::Prompt("R1#".to_owned()),
            text => CliOutput::Prompt(format!("{}\r\nR1#", text.replace('\n', "\r\n"))),
        }
    }

    fn start_of_line(&self) -> String {
        if !self.is_timed {
            return String::new();
        }
        format!("{} #{} ", self.now.since(Time::VIRTUAL_START), self.run.0)
    }

    /// The commands of the run in one line.
    fn flush(&mut self) {
        let (start, commands) = std::mem::take(&mut self.commands);
        if !commands.is_empty() {
            let _ = writeln!(self.story, "{start}> {}", commands.join(" ; "));
        }
    }

    fn log(&mut self, Message { facility, severity, mnemonic, text }: &Message) {
        let start = self.start_of_line();
        let _ = writeln!(self.story, "{start}%{facility}-{severity}-{mnemonic}: {}", shown(text));
    }
}

/// The beginning of a text, in one line.
pub(crate) fn shown(text: &str) -> String {
    let line = text.replace("\r\n", "/").replace('\n', "/").replace('\r', "\\r");
    let mut start: String = line.chars().take(SHOWN).collect();
    if start.len() < line.len() {
        start += "...";
    }
    start.trim_end().to_owned()
}
