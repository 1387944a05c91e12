//! How a program ends: the one table of exit codes, and the errors that map onto it.
//!
//! Returned by the `run` function of each program; anything that is no [`ExpectedError`] is a bug.

use std::error::Error;
use std::fmt;

use diagnostic::Diagnostic;

use crate::files::FileError;

/// The exit codes of every program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// 0: it worked.
    Success,
    /// 1: the question was answered "no": a scenario failed, a check found errors.
    No,
    /// 2: wrong usage.
    Usage,
    /// 3: a file is invalid; its diagnostics have been printed.
    InvalidFile,
    /// 4: the environment: a port in use, no permission, no control socket.
    Environment,
    /// 70: a bug.
    Bug,
}

impl ExitCode {
    /// The number that the shell sees.
    pub const fn number(self) -> u8 {
        match self {
            ExitCode::Success => 0,
            ExitCode::No => 1,
            ExitCode::Usage => 2,
            ExitCode::InvalidFile => 3,
            ExitCode::Environment => 4,
            ExitCode::Bug => 70,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        code.number().into()
    }
}

/// A way to fail that the program foresaw.
#[derive(Debug)]
pub enum ExpectedError {
    /// The answer was no, and it has been printed.
    AnsweredNo,
    /// The command line makes no sense.
    Usage(Complaint),
    /// A file is wrong: these are its mistakes.
    InvalidFile(Vec<Diagnostic>),
    /// The environment does not allow it.
    Environment(Complaint),
    /// The environment does not allow what a file asks for: a port that is taken.
    Unavailable(Vec<Diagnostic>),
}

/// A message, what caused it, and what to do about it.
#[derive(Debug)]
pub struct Complaint {
    /// What could not be done, with its subject; no full stop.
    pub message: String,
    /// Why.
    pub source: Option<Box<dyn Error + Send + Sync>>,
    /// What helps.
    pub hint: Option<String>,
}

impl ExpectedError {
    /// Wrong usage.
    pub fn usage(message: impl fmt::Display) -> Self {
        ExpectedError::Usage(Complaint { message: message.to_string(), source: None, hint: None })
    }

    /// The environment, by an error that says what could not be done.
    pub fn environment(error: impl Error + Send + Sync + 'static) -> Self {
        let message = error.to_string();
        // The error's own text is the message; its causes follow, each once.
        let source = error.source().map(|cause| chain(cause).into());
        ExpectedError::Environment(Complaint { message, source, hint: None })
    }

    /// The environment, in plain words.
    pub fn environment_message(message: impl fmt::Display) -> Self {
        let message = message.to_string();
        ExpectedError::Environment(Complaint { message, source: None, hint: None })
    }

    /// A file that could not be read; what is wrong with its bytes is the file's mistake.
    pub fn file(error: FileError) -> Self {
        match error {
            FileError::NoProfile { .. } => ExpectedError::usage(error),
            FileError::Read { .. }
            | FileError::NotEmbedded { .. }
            | FileError::Generated { .. } => ExpectedError::environment(error),
            FileError::TooLarge { .. } | FileError::NotText { .. } => {
                ExpectedError::InvalidFile(vec![error.diagnostic()])
            }
        }
    }

    /// The same, with nothing left to print of a file's mistakes: they have been printed.
    #[must_use]
    pub fn without_diagnostics(self) -> Self {
        match self {
            ExpectedError::InvalidFile(_) => ExpectedError::InvalidFile(Vec::new()),
            ExpectedError::Unavailable(_) => ExpectedError::Unavailable(Vec::new()),
            other => other,
        }
    }

    /// Adds what helps.
    #[must_use]
    pub fn with_hint(mut self, hint: impl fmt::Display) -> Self {
        match &mut self {
            ExpectedError::Usage(complaint) | ExpectedError::Environment(complaint) => {
                complaint.hint = Some(hint.to_string());
            }
            ExpectedError::AnsweredNo
            | ExpectedError::InvalidFile(_)
            | ExpectedError::Unavailable(_) => {}
        }
        self
    }

    /// The exit code that it ends in.
    pub const fn exit_code(&self) -> ExitCode {
        match self {
            ExpectedError::AnsweredNo => ExitCode::No,
            ExpectedError::Usage(_) => ExitCode::Usage,
            ExpectedError::InvalidFile(_) => ExitCode::InvalidFile,
            ExpectedError::Environment(_) | ExpectedError::Unavailable(_) => ExitCode::Environment,
        }
    }

    /// Prints it on standard error, as STYLE has it: the message, its causes, a hint.
    pub fn print(&self) {
        match self {
            ExpectedError::AnsweredNo => {}
            ExpectedError::InvalidFile(diagnostics) => {
                crate::message::diagnostics(diagnostics);
                let summary = diagnostic::summary(diagnostics);
                if !summary.is_empty() {
                    crate::message::note(&format!("\n{summary}"));
                }
            }
            ExpectedError::Unavailable(diagnostics) => crate::message::diagnostics(diagnostics),
            ExpectedError::Usage(complaint) | ExpectedError::Environment(complaint) => {
                crate::message::error(&complaint.to_string());
                if let Some(hint) = &complaint.hint {
                    crate::message::hint(hint);
                }
            }
        }
    }
}

/// Message and causes in one line: `cannot listen on 127.0.0.1:22: Permission denied`.
impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.source {
            Some(source) => write!(f, ": {}", chain(source.as_ref())),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ExpectedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExpectedError::AnsweredNo => f.write_str("the answer is no"),
            ExpectedError::InvalidFile(diagnostics) | ExpectedError::Unavailable(diagnostics) => {
                write!(f, "{} mistakes in a file", diagnostics.len())
            }
            ExpectedError::Usage(complaint) | ExpectedError::Environment(complaint) => {
                complaint.fmt(f)
            }
        }
    }
}

impl Error for ExpectedError {}

/// An error and its causes in one line; a cause that its parent already quotes is left out.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot listen on `127.0.0.1:22`")]
    struct Listen(#[source] std::io::Error);

    /// Goal: an error prints with its cause once and ends in its code. Method: one per variant.
    #[test]
    fn errors_print_and_end_in_their_code() {
        let denied = std::io::Error::other("Permission denied");
        let error = ExpectedError::environment(Listen(denied));
        assert_eq!(error.to_string(), "cannot listen on `127.0.0.1:22`: Permission denied");
        assert_eq!(error.exit_code().number(), 4);
        assert_eq!(ExpectedError::usage("no such node").exit_code().number(), 2);
        assert_eq!(ExpectedError::AnsweredNo.exit_code().number(), 1);
        assert_eq!(ExpectedError::InvalidFile(Vec::new()).exit_code().number(), 3);
    }
}
