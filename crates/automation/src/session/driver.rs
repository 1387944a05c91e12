//! One session on one device, from the open shell to `exit`.
//!
//! Started once the session stands, for a job or for a check of a device; told of bytes and
//! deadlines, it answers with bytes to send, answered commands and how it ended. One state and one
//! place for each state's bytes.

mod configure;

use std::collections::VecDeque;
use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use simtime::{Duration, Time};

use super::answer::{asks_password, complaint, is_more, is_question};
use super::look::looks;
use super::netconf::HELLO_SECS_MAX;
use super::prompt::Prompt;
use super::screen::{OUTPUT_BYTES_MAX, Screen};

/// How long a device may take until its prompt is known, in seconds: a busy box is slow, and a
/// login banner can be long.
const PROMPT_SECS_MAX: u64 = 20;
/// How long a device may stay silent before it is asked for its prompt again, in milliseconds.
const NUDGE_MS: u64 = 1_000;
/// How long one answer may take, in seconds.
const COMMAND_SECS_MAX: u64 = 60;
/// How long a question may stand before it is clear that it is one, in milliseconds.
const QUESTION_MS: u64 = 2_000;
/// How long the answer to `enable` may take, in seconds.
const ENABLE_SECS_MAX: u64 = 10;

/// What is sent before the first command: no pager, no wrapped lines.
const SETUP: [&str; 2] = ["terminal length 0", "terminal width 512"];

/// What to do on a session.
#[derive(Debug)]
pub struct Plan {
    /// The commands that are not answered yet, with their places in the job.
    pub commands: Vec<(usize, String)>,
    /// What they are.
    pub work: Work,
    /// The enable secret. It is used when the session begins in user EXEC (`>`): which commands
    /// need a privilege is the device's knowledge, so it is raised before the first.
    pub enable: Option<SecretString>,
}

/// What the commands of a plan are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Commands of EXEC. One that the device refuses does not stop the others.
    Exec,
    /// Lines of a configuration, all of them. One that the device refuses is the last.
    Configure {
        /// Whether they may have been sent before: then they are sent only if they do not stand.
        in_doubt: bool,
    },
}

/// What a driver says. Its `Debug` shows no bytes: the enable secret is among them.
#[derive(PartialEq, Eq)]
pub enum Told {
    /// Bytes for the device.
    Send(Vec<u8>),
    /// The device's prompt is known, as it is before any `enable`.
    Prompt(String),
    /// What the device says that it can, over NETCONF.
    Capabilities(Vec<String>),
    /// A command was answered.
    Answered(Answered),
    /// The lines of the configuration stand already, and are not sent again.
    Stands,
    /// The session is over for the driver: it said `exit`, or why it could not go on.
    Ended(Result<(), Failure>),
}

/// One answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answered {
    /// The command's place in the plan.
    pub index: usize,
    /// The command.
    pub command: String,
    /// What came between its echo and the prompt.
    pub output: String,
    /// The same as JSON, where the device answers with data and not with text.
    pub json: Option<serde_json::Value>,
    /// The line with which the device refused the command.
    pub complaint: Option<String>,
    /// When it was sent.
    pub sent_at: Time,
}

/// Why a session could not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The device never showed a prompt.
    #[error("no prompt within {PROMPT_SECS_MAX} s")]
    NoPrompt,
    /// A command's answer did not end.
    #[error("`{0}` was not answered within {COMMAND_SECS_MAX} s")]
    NoAnswer(String),
    /// A command's answer ended in another device's prompt, or in that of another mode.
    #[error("the prompt changed from `{from}` to `{to}` while `{line}` was answered")]
    PromptChanged {
        /// The command.
        line: String,
        /// The prompt before it.
        from: String,
        /// The one behind its answer.
        to: String,
    },
    /// A device that goes on and on.
    #[error("`{0}` answered more than {OUTPUT_BYTES_MAX} bytes")]
    Endless(String),
    /// A command asks something that only a person can answer.
    #[error("`{line}` asks `{question}`, and nobody is there to answer")]
    Asked {
        /// The command.
        line: String,
        /// The question.
        question: String,
    },
    /// The session has no privilege to configure.
    #[error("the session is in user EXEC, and to configure needs privileged EXEC")]
    NotPrivileged,
    /// The device did not let us in.
    #[error("the device refused `configure terminal`: {0}")]
    NoConfiguration(String),
    /// A line left the configuration mode before the last.
    #[error("`{0}` left the configuration mode before the last line")]
    LeftConfiguration(String),
    /// The enable secret is wrong.
    #[error("the device refused the enable secret")]
    EnableRefused,
    /// The device has no enable secret, or does not let this user try one.
    #[error("the device refused `enable`: {0}")]
    NoEnable(String),
    /// It said nothing about it.
    #[error("`enable` was not answered within {ENABLE_SECS_MAX} s")]
    EnableUnanswered,
    /// A NETCONF server that never said hello.
    #[error("no hello within {HELLO_SECS_MAX} s")]
    NoHello,
    /// What was said is no NETCONF.
    #[error("the device speaks no NETCONF: {0}")]
    NoNetconf(String),
    /// Somebody else holds what is asked for: another session's lock.
    #[error("`{step}` has to wait: {words}")]
    Busy {
        /// What was asked.
        step: String,
        /// What the device said.
        words: String,
    },
}

/// Drives one session.
#[derive(Debug)]
pub struct Driver {
    stage: Stage,
    screen: Screen,
    commands: VecDeque<(usize, String)>,
    work: Work,
    /// What shows what the lines of a configuration touch.
    looks: Vec<String>,
    /// The place behind the last of the job's lines.
    behind: usize,
    enable: Option<SecretString>,
    /// The prompt behind which the last line was typed.
    shown: String,
    deadline: Time,
    /// Until when a question that stands there may turn out to be text.
    question: Option<Time>,
    unanswered: bool,
}

#[derive(Debug)]
enum Stage {
    /// A newline is sent; the prompt is known when it comes twice in a row.
    Greeting { nudge: Time },
    /// `enable` is sent.
    Enabling(Prompt),
    /// The secret is sent, once: a second try could lock the account.
    Proving(Prompt),
    /// A line is sent.
    Waiting { prompt: Prompt, line: Line, sent_at: Time, echoed: bool },
    /// Nothing more is said.
    Over,
}

#[derive(Debug)]
enum Line {
    Setup(usize),
    Command {
        index: usize,
        text: String,
    },
    /// What stands on the device?
    State,
    /// What stands there of what is touched: before, and once more after it.
    Look {
        place: usize,
        text: String,
        after: bool,
    },
    /// Into the configuration mode.
    Enter,
    Configuration {
        index: usize,
        text: String,
    },
    /// Out of the configuration mode.
    Leave,
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Send(bytes) => write!(f, "Send({} bytes)", bytes.len()),
            Told::Prompt(prompt) => f.debug_tuple("Prompt").field(prompt).finish(),
            Told::Stands => f.write_str("Stands"),
            Told::Capabilities(all) => write!(f, "Capabilities({})", all.len()),
            Told::Answered(answered) => f.debug_tuple("Answered").field(answered).finish(),
            Told::Ended(how) => f.debug_tuple("Ended").field(how).finish(),
        }
    }
}

impl Driver {
    /// Begins: the shell is open, nothing has been read.
    pub fn start(plan: Plan, now: Time, told: &mut Vec<Told>) -> Self {
        send("", told);
        let looks = match plan.work {
            Work::Exec => Vec::new(),
            Work::Configure { .. } => looks(plan.commands.iter().map(|(_, line)| line.as_str())),
        };
        let behind = plan.commands.last().map_or(0, |(index, _)| index + 1);
        Driver {
            stage: Stage::Greeting { nudge: now + Duration::from_millis(NUDGE_MS) },
            screen: Screen::default(),
            commands: plan.commands.into(),
            work: plan.work,
            looks,
            behind,
            enable: plan.enable,
            shown: String::new(),
            question: None,
            deadline: now + Duration::from_secs(PROMPT_SECS_MAX),
            unanswered: false,
        }
    }

    /// When [`Driver::deadline`] wants to be called.
    pub fn next_deadline(&self) -> Option<Time> {
        match &self.stage {
            Stage::Greeting { nudge } => Some(self.deadline.min(*nudge)),
            Stage::Enabling(_) | Stage::Proving(_) => Some(self.deadline),
            Stage::Waiting { .. } => {
                Some(self.question.map_or(self.deadline, |question| question.min(self.deadline)))
            }
            Stage::Over => None,
        }
    }

    /// Whether a command was sent whose answer did not come, also after the end; of a
    /// configuration, whether any line was sent.
    pub fn is_unanswered(&self) -> bool {
        self.unanswered
    }

    /// Why the device hung up, if its last line says so: `% Authorization failed.`
    pub fn last_words(&self) -> Option<String> {
        let tail = self.screen.tail();
        let last = if tail.trim().is_empty() { self.screen.last() } else { &tail };
        let says_why = last.trim_start().starts_with('%') || complaint(last).is_some();
        says_why.then(|| last.trim().to_owned())
    }

    /// Bytes came.
    pub fn bytes(&mut self, now: Time, bytes: &[u8], told: &mut Vec<Told>) {
        self.question = None;
        if !self.screen.feed(bytes) {
            let what = self.waiting_for().to_owned();
            return self.end(Err(Failure::Endless(what)), told);
        }
        if is_more(&self.screen.tail()) {
            self.screen.drop_tail();
            told.push(Told::Send(b" ".to_vec()));
            return;
        }
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Greeting { nudge } => self.greeted(now, nudge, told),
            Stage::Enabling(prompt) => self.enabling(now, prompt, told),
            Stage::Proving(prompt) => self.proving(now, prompt, told),
            Stage::Waiting { prompt, line, sent_at, echoed } => {
                self.waiting(now, prompt, (line, sent_at, echoed), told);
            }
            Stage::Over => {}
        }
        let asks = matches!(self.stage, Stage::Waiting { .. }) && is_question(&self.screen.tail());
        self.question = asks.then(|| now + Duration::from_millis(QUESTION_MS));
    }

    /// A deadline came.
    pub fn deadline(&mut self, now: Time, told: &mut Vec<Told>) {
        let failure = match &mut self.stage {
            Stage::Greeting { nudge } if now < self.deadline => {
                // The first newline can be lost in the login; asking once more costs nothing.
                if now >= *nudge {
                    *nudge = now + Duration::from_millis(NUDGE_MS);
                    send("", told);
                }
                return;
            }
            Stage::Waiting { line, .. } if self.question.is_some_and(|at| now >= at) => {
                let (line, question) = (line.text().to_owned(), self.screen.tail());
                Failure::Asked { line, question: question.trim().to_owned() }
            }
            _ if now < self.deadline => return,
            Stage::Over => return,
            Stage::Greeting { .. } => Failure::NoPrompt,
            Stage::Enabling(_) | Stage::Proving(_) => Failure::EnableUnanswered,
            Stage::Waiting { prompt, line, .. } => unanswered(prompt, line, &self.screen.tail()),
        };
        self.end(Err(failure), told);
    }

    /// A banner can end like a prompt, but not twice in a row, alone on its line, and last.
    fn greeted(&mut self, now: Time, nudge: Time, told: &mut Vec<Told>) {
        let prompt = Prompt::read(&self.screen.tail());
        let prompt = prompt.filter(|prompt| prompt.is(self.screen.last()));
        if let Some(prompt) = &prompt {
            told.push(Told::Prompt(prompt.to_string()));
        }
        match prompt {
            Some(prompt) if !prompt.privileged && self.enable.is_some() => {
                self.screen.clear();
                self.deadline = now + Duration::from_secs(ENABLE_SECS_MAX);
                send("enable", told);
                self.stage = Stage::Enabling(prompt);
            }
            Some(prompt) => self.send_line(now, prompt, Line::Setup(0), told),
            None => self.stage = Stage::Greeting { nudge },
        }
    }

    fn enabling(&mut self, now: Time, prompt: Prompt, told: &mut Vec<Told>) {
        let tail = self.screen.tail();
        let raised = prompt.same_device(&tail).filter(|prompt| prompt.privileged);
        if let Some(raised) = raised {
            self.send_line(now, raised, Line::Setup(0), told);
        } else if asks_password(&tail) {
            self.screen.clear();
            let secret = self.enable.as_ref().map_or("", |secret| secret.expose_secret());
            send(secret, told);
            self.stage = Stage::Proving(prompt);
        } else if prompt.is(&tail) && find_echo(self.screen.text(), &prompt.to_string(), "enable").1
        {
            let words = self.screen.last().trim().to_owned();
            self.end(Err(Failure::NoEnable(words)), told);
        } else {
            self.stage = Stage::Enabling(prompt);
        }
    }

    fn proving(&mut self, now: Time, prompt: Prompt, told: &mut Vec<Told>) {
        let tail = self.screen.tail();
        match prompt.same_device(&tail) {
            Some(raised) if raised.privileged => {
                self.send_line(now, raised, Line::Setup(0), told);
            }
            Some(_) => self.end(Err(Failure::EnableRefused), told),
            None if asks_password(&tail) => self.end(Err(Failure::EnableRefused), told),
            None => self.stage = Stage::Proving(prompt),
        }
    }

    /// An answer is whole when the learned prompt stands alone at the end of what came. A line of
    /// the answer that looks like it is passed over as soon as anything follows.
    fn waiting(
        &mut self,
        now: Time,
        prompt: Prompt,
        (line, sent_at, mut echoed): (Line, Time, bool),
        told: &mut Vec<Told>,
    ) {
        if !echoed {
            // What still came of the answer before stands above the echo, and goes with it.
            let (end, found) = find_echo(self.screen.text(), &self.shown, line.text());
            self.screen.forget(end);
            echoed = found;
        }
        if !echoed || !line.is_answered(&prompt, &self.screen.tail()) {
            self.stage = Stage::Waiting { prompt, line, sent_at, echoed };
            return;
        }
        match line {
            Line::Setup(step) if step + 1 < SETUP.len() => {
                self.send_line(now, prompt, Line::Setup(step + 1), told);
            }
            Line::Setup(_) => match self.work {
                Work::Exec => self.next_command(now, prompt, told),
                Work::Configure { in_doubt } => {
                    self.begin_configuring(now, prompt, in_doubt, told);
                }
            },
            Line::State => self.state_read(now, prompt, sent_at, told),
            Line::Enter => self.entered(now, prompt, told),
            Line::Configuration { index, text } => {
                self.configured(now, prompt, (index, text, sent_at), told);
            }
            Line::Look { place, text, after } => {
                self.looked(now, prompt, (place, text, after, sent_at), told);
            }
            Line::Leave => self.look(now, prompt, 0, true, told),
            Line::Command { index, text } => {
                let complaint = complaint(self.screen.text()).map(str::to_owned);
                let output = self.screen.text().trim_end_matches('\n').to_owned();
                let command = text;
                self.unanswered = false;
                told.push(Told::Answered(Answered {
                    index,
                    command,
                    output,
                    json: None,
                    complaint,
                    sent_at,
                }));
                self.next_command(now, prompt, told);
            }
        }
    }

    fn next_command(&mut self, now: Time, prompt: Prompt, told: &mut Vec<Told>) {
        match self.commands.pop_front() {
            Some((index, text)) => {
                self.send_line(now, prompt, Line::Command { index, text }, told);
            }
            None => self.bid_farewell(told),
        }
    }

    fn send_line(&mut self, now: Time, prompt: Prompt, line: Line, told: &mut Vec<Told>) {
        self.shown = self.screen.tail().trim_end().to_owned();
        self.screen.clear();
        self.unanswered |= matches!(line, Line::Command { .. } | Line::Configuration { .. });
        send(line.text(), told);
        self.deadline = now + Duration::from_secs(COMMAND_SECS_MAX);
        self.stage = Stage::Waiting { prompt, line, sent_at: now, echoed: false };
    }

    fn end(&mut self, how: Result<(), Failure>, told: &mut Vec<Told>) {
        self.stage = Stage::Over;
        self.screen.clear();
        told.push(Told::Ended(how));
    }

    fn waiting_for(&self) -> &str {
        match &self.stage {
            Stage::Greeting { .. } => "the login",
            Stage::Enabling(_) | Stage::Proving(_) => "enable",
            Stage::Waiting { line, .. } => line.text(),
            Stage::Over => "",
        }
    }
}

impl Line {
    fn text(&self) -> &str {
        match self {
            Line::Setup(step) => SETUP[*step],
            Line::Command { text, .. } | Line::Configuration { text, .. } => text,
            Line::State => "show running-config",
            Line::Look { text, .. } => text,
            Line::Enter => "configure terminal",
            Line::Leave => "end",
        }
    }

    /// Whether a prompt that stands there ends the answer to this line.
    fn is_answered(&self, prompt: &Prompt, tail: &str) -> bool {
        match self {
            Line::Setup(_)
            | Line::Command { .. }
            | Line::State
            | Line::Look { .. }
            | Line::Leave => prompt.is(tail),
            Line::Enter | Line::Configuration { .. } => {
                prompt.is(tail) || prompt.is_configuring(tail)
            }
        }
    }
}

/// Why a line's answer did not end: a prompt that stands there may be another than the learned one,
/// since somebody else can rename a device in the middle.
fn unanswered(prompt: &Prompt, line: &Line, tail: &str) -> Failure {
    let line = line.text().to_owned();
    match Prompt::read(tail) {
        Some(other) if other != *prompt => {
            Failure::PromptChanged { line, from: prompt.to_string(), to: other.to_string() }
        }
        None if tail.trim_end().ends_with(")#") => {
            let to = tail.trim_end().to_owned();
            Failure::PromptChanged { line, from: prompt.to_string(), to }
        }
        Some(_) | None => Failure::NoAnswer(line),
    }
}

fn send(line: &str, told: &mut Vec<Told>) {
    let mut bytes = line.as_bytes().to_vec();
    bytes.push(b'\n');
    told.push(Told::Send(bytes));
}

/// Up to which byte of `text` there is nothing more to look at for the echo of a line, and whether
/// it was found there: behind the prompt or, when the prompt was read before, alone on its line.
fn find_echo(text: &str, prompt: &str, line: &str) -> (usize, bool) {
    let mut end = 0;
    for shown in text.split_inclusive('\n') {
        end += shown.len();
        let typed = shown.strip_prefix(prompt).unwrap_or(shown);
        if typed.trim() == line.trim() {
            return (end, true);
        }
    }
    (end, false)
}

#[cfg(test)]
mod tests;
