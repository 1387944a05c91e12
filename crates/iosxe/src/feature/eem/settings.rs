//! What `event manager ...` sets of the router itself, outside of applets: directories, the CLI
//! session of applets, history sizes, scheduler threads, detectors. And `event manager policy`,
//! which is refused: no Tcl runs here.

mod commands;
mod threads;

pub(crate) use commands::{COMMANDS, no_tcl, set_suspended};

use eem::HISTORY_EVENTS_DEFAULT;

use crate::config::ConfigText;
use threads::Threads;

/// How many traps the history keeps unless `event manager history size traps` says another.
const HISTORY_TRAPS_DEFAULT: usize = 10;

/// The settings of the event manager.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    policy_directory: Option<String>,
    library_directory: Option<String>,
    repository: Option<String>,
    session: Option<SessionUser>,
    history_events: Option<usize>,
    history_traps: Option<usize>,
    threads: Vec<Threads>,
    rpc_sessions: Option<u64>,
    routing_delay_secs: Option<u64>,
    is_suspended: bool,
}

/// As whom the sessions of applets type: `event manager session cli username U [privilege N]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionUser {
    /// The user.
    pub name: String,
    /// The privilege level that was given.
    pub privilege: Option<u8>,
}

/// The directories of `event manager directory user`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Directory {
    /// Of policies.
    Policy,
    /// Of the Tcl library.
    Library,
    /// From where policies are updated.
    Repository,
}

impl Settings {
    /// As whom the sessions of applets type, if anybody.
    pub(crate) fn session(&self) -> Option<&SessionUser> {
        self.session.as_ref()
    }

    /// One of the directories.
    pub(crate) fn directory(&self, which: Directory) -> Option<&str> {
        match which {
            Directory::Policy => self.policy_directory.as_deref(),
            Directory::Library => self.library_directory.as_deref(),
            Directory::Repository => self.repository.as_deref(),
        }
    }

    /// For how long after its boot the router reports no changed route to the applets.
    pub(crate) fn routing_delay_secs(&self) -> u64 {
        self.routing_delay_secs.unwrap_or(0)
    }

    /// How many traps the history keeps.
    pub(crate) fn traps_kept(&self) -> usize {
        self.history_traps.unwrap_or(HISTORY_TRAPS_DEFAULT)
    }

    fn directory_mut(&mut self, which: Directory) -> &mut Option<String> {
        match which {
            Directory::Policy => &mut self.policy_directory,
            Directory::Library => &mut self.library_directory,
            Directory::Repository => &mut self.repository,
        }
    }

    /// The lines between the environment and the applets (eem.md, section 6.2).
    pub(super) fn print(&self, text: &mut ConfigText) {
        let manager = "event manager";
        let directories =
            [("policy", &self.policy_directory), ("library", &self.library_directory)];
        for (word, path) in directories {
            let lines = path.iter();
            lines.for_each(|path| {
                text.line(format_args!("{manager} directory user {word} \"{path}\""));
            });
        }
        if let Some(url) = &self.repository {
            text.line(format_args!("{manager} directory user repository {url}"));
        }
        if let Some(SessionUser { name, privilege }) = &self.session {
            let level = privilege.map(|level| format!(" privilege {level}")).unwrap_or_default();
            text.line(format_args!("{manager} session cli username \"{name}\"{level}"));
        }
        for (word, size) in [("events", self.history_events), ("traps", self.history_traps)] {
            if let Some(size) = size {
                text.line(format_args!("{manager} history size {word} {size}"));
            }
        }
        self.threads.iter().for_each(|threads| text.line(format_args!("{manager} {threads}")));
        if self.is_suspended {
            text.line(format_args!("{manager} scheduler suspend"));
        }
        if let Some(sessions) = self.rpc_sessions {
            text.line(format_args!("{manager} detector rpc max-sessions {sessions}"));
        }
        if let Some(seconds) = self.routing_delay_secs {
            text.line(format_args!("{manager} detector routing bootup-delay {seconds}"));
        }
    }
}

/// A size that says what is the default anyway is not kept.
fn unless_default(size: Option<usize>, default: usize) -> Option<usize> {
    size.filter(|size| *size != default)
}

/// The size of the history of events that was asked for.
fn history_events(size: Option<usize>) -> Option<usize> {
    unless_default(size, HISTORY_EVENTS_DEFAULT)
}

/// The size of the history of traps that was asked for.
fn history_traps(size: Option<usize>) -> Option<usize> {
    unless_default(size, HISTORY_TRAPS_DEFAULT)
}
