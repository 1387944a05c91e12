//! What a run asks of its host, and what the host answers.

use std::sync::Arc;

use crate::{Message, Status};

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
    /// What is the router's name? Answered by [`Answer::RouterName`].
    RouterName,
    /// Hand this to the lab's sender. Answered by [`Answer::HandedOver`].
    HttpPost(HttpPost),
    /// The run is over; its CLI session, if it has one, is closed. Takes no answer.
    Finished {
        /// The applet.
        applet: Arc<str>,
        /// How it ended.
        status: Status,
    },
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
    /// To [`Request::RouterName`].
    RouterName(String),
    /// To [`Request::HttpPost`]: what became of it, for `$_cli_result`.
    HandedOver(String),
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
