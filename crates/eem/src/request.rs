//! What a run asks of its host, and what the host answers.

use std::sync::Arc;

use crate::{Message, Published, Status};

/// One run of one applet. Its number is the job id of `show event manager history events`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u64);

/// What a run asks for, or says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The event was published and the run begins. Takes no answer.
    Triggered {
        /// The applet.
        applet: Arc<str>,
        /// The event type as the history prints it: `syslog`, `none`.
        event: &'static str,
        /// The tags of the events that started it, of an applet with tags.
        tags: Vec<String>,
    },
    /// Type this line into the run's CLI session. Answered by [`Answer::Cli`], as often as the
    /// session prints something new: the run goes on when it has seen what it waits for.
    Cli {
        /// The applet, for the session's name.
        applet: Arc<str>,
        /// The line, without its end.
        line: String,
    },
    /// Log this message. Takes no answer.
    Log(Message),
    /// Print this on the terminal that started the run. Takes no answer.
    Puts {
        /// The text, with its newline unless `nonewline` was given.
        text: String,
    },
    /// Read a line from the terminal that started the run. Answered by [`Answer::Text`].
    Gets,
    /// Hand this to the lab's sender. Answered by [`Answer::Text`]: what became of it, for
    /// `$_cli_result`.
    HttpPost(HttpPost),
    /// Send this mail. Answered by [`Answer::Done`] or [`Answer::Failed`].
    Mail(Mail),
    /// Send the trap of `action snmp-trap`. Takes no answer.
    SnmpTrap(SnmpTrap),
    /// Set a tracked object that is a stub. Answered by [`Answer::Done`] or [`Answer::Failed`].
    TrackSet {
        /// 1 to 32767.
        number: u32,
        /// Its new state.
        up: bool,
    },
    /// Do this on the router's file systems.
    File(FileRequest),
    /// Reload the router, asking nobody. Takes no answer.
    Reload,
    /// Switch over to the standby. Takes no answer.
    ForceSwitchover,
    /// Publish this on the telemetry stream. Takes no answer.
    Telemetry(String),
    /// Send this to the CNS event bus. Takes no answer.
    CnsEvent(String),
    /// Answer the SNMP request that raised the event. Takes no answer.
    SnmpObjectValue(String),
    /// A statement begins; said only when the director is tracing. Takes no answer.
    StepBegins(StepBegins),
    /// A statement is over; said only when the director is tracing. Takes no answer.
    StepEnds(StepEnds),
    /// The run has raised an event, which starts these runs. Takes no answer.
    Raised(Published),
    /// The run is over; its CLI session, if it has one, is closed. Takes no answer.
    Finished {
        /// The applet.
        applet: Arc<str>,
        /// How it ended.
        status: Status,
        /// `$_exit_status`: a command that waits for the run is carried out unless this is 0,
        /// which it is when the applet set none.
        exit_status: i64,
    },
}

/// A statement that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepBegins {
    /// Its label.
    pub label: String,
    /// What it is, as the running-config has it: variables are not replaced.
    pub action: String,
}

/// What a statement has done to its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepEnds {
    /// Its label; empty for what the event itself has set.
    pub label: String,
    /// Of a condition: whether it holds.
    pub holds: Option<bool>,
    /// The variables that are new or have another value, in the order of their names.
    pub changed: Vec<(String, String)>,
}

/// `action mail`. Texts with their variables replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// `host`, `user@host`, `user:password@host`.
    pub server: String,
    /// Recipients, as written.
    pub to: String,
    /// Sender.
    pub from: String,
    /// Recipients of a copy, as written.
    pub cc: Option<String>,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// `action snmp-trap`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnmpTrap {
    /// `intdata1`
    pub int1: Option<i64>,
    /// `intdata2`
    pub int2: Option<i64>,
    /// `strdata`
    pub text: Option<String>,
}

/// What `action file` wants of the router's file systems. A path is as the applet wrote it:
/// `flash:/log/x.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileRequest {
    /// The whole content. Answered by [`Answer::Text`] (`None`: no such file) or
    /// [`Answer::Failed`].
    Read(String),
    /// Make the file if it is not there, empty it if `truncate`. Answered by [`Answer::Done`] or
    /// [`Answer::Failed`].
    Make {
        /// Which file.
        path: String,
        /// Whether what is in it goes.
        truncate: bool,
    },
    /// Add to its end. Answered by [`Answer::Done`] or [`Answer::Failed`].
    Append {
        /// Which file.
        path: String,
        /// What.
        text: String,
    },
    /// Remove it. Answered by [`Answer::Done`] or [`Answer::Failed`].
    Delete(String),
}

/// The course's `http post`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpPost {
    /// The whole URL.
    pub url: String,
    /// The body.
    pub body: String,
}

/// What the host answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Request::Cli`].
    Cli(CliOutput),
    /// A text was asked for: here it is, or there is none.
    Text(Option<String>),
    /// It is done.
    Done,
    /// It could not be done, and why.
    Failed(String),
}

/// What a CLI session printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CliOutput {
    /// Text, and the session stands at the router's prompt, which is the text's last line.
    Prompt(String),
    /// Text, and the session waits for something else: an answer, or a command that goes on.
    Open(String),
    /// No VTY line was free.
    NoLine,
}

/// A request, and who asks.
pub type Output = (RunId, Request);
