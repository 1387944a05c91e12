//! What an action sees of its run, and what all runs of a router share.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::failure::Failure;
use crate::interpreter::Arrival;
use crate::{Pattern, Router, Text, UnknownVariable};

/// What an action sees of its run.
pub(crate) struct Frame<'a> {
    pub(crate) applet: Arc<str>,
    /// Whether somebody waits for the run at a terminal.
    pub(crate) has_terminal: bool,
    /// What the CLI session has printed since the last line was typed.
    pub(crate) heard: &'a mut String,
    pub(crate) router: &'a dyn Router,
    pub(crate) shared: &'a mut Shared,
    pub(crate) on_error: &'a mut OnError,
    pub(crate) handles: &'a mut BTreeMap<String, Handle>,
    /// How the run came to the action.
    pub(crate) arrival: Arrival,
    /// Which statement it is.
    pub(super) at: usize,
    pub(super) variables: &'a mut BTreeMap<String, String>,
    pub(super) loops: &'a mut BTreeMap<usize, VecDeque<String>>,
}

/// What becomes of a run when an action fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnError {
    /// It ends.
    #[default]
    Exit,
    /// It goes on, and says nothing.
    Ignore,
    /// It goes on, and logs why.
    Warn,
}

/// What the runs of one router share, and what lasts longer than a run.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) environment: IndexMap<String, String>,
    pub(crate) counters: BTreeMap<String, i64>,
    pub(crate) contexts: IndexMap<String, Kept>,
    /// Whether runs tell their statements.
    pub(crate) is_tracing: bool,
}

/// Variables of `action context save`.
pub(crate) type Kept = Vec<(String, String)>;

/// Keys of `action context save` that are kept; one more, and the oldest is forgotten.
const CONTEXTS_MAX: usize = 64;
/// Counters of `action counter` that a router has.
const COUNTERS_MAX: usize = 1_024;
/// Open files of a run.
const HANDLES_MAX: usize = 16;
/// Bytes of all the variables that one `append` may make.
pub(crate) const VALUE_BYTES_MAX: usize = 1 << 20;

/// An open file.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    path: String,
    content: String,
    at: usize,
    writes: bool,
}

impl Frame<'_> {
    /// The text with its variables replaced: those of the run, then the environment as it is now.
    pub(crate) fn expand(&self, text: &Text) -> Result<String, Failure> {
        let mut value = text.expand(|name| self.get(name)).map_err(Failure::UnknownVariable)?;
        cut(&mut value);
        Ok(value)
    }

    /// The value of a variable.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let own = self.variables.get(name);
        own.or_else(|| self.shared.environment.get(name)).map(String::as_str)
    }

    /// The value of a variable that must be there.
    pub(crate) fn value_of(&self, name: &str) -> Result<String, Failure> {
        let unknown = || Failure::UnknownVariable(UnknownVariable(name.to_owned()));
        self.get(name).map(str::to_owned).ok_or_else(unknown)
    }

    pub(crate) fn pattern(&self, text: &Text) -> Result<Pattern, Failure> {
        Pattern::new(&self.expand(text)?).map_err(Failure::BadPattern)
    }

    /// Adds to what the session has printed. Of very much the end is kept: the prompt is there.
    pub(crate) fn hear(&mut self, text: &str) {
        *self.heard += text;
        let excess = self.heard.len().saturating_sub(VALUE_BYTES_MAX);
        let start = (excess..=self.heard.len()).find(|at| self.heard.is_char_boundary(*at));
        self.heard.drain(..start.unwrap_or(0));
    }

    /// Sets a counter of the router. `false` when there is no room for another.
    pub(crate) fn set_counter(&mut self, name: &str, value: i64) -> bool {
        let counters = &mut self.shared.counters;
        let has_room = counters.len() < COUNTERS_MAX || counters.contains_key(name);
        if has_room {
            counters.insert(name.to_owned(), value);
        }
        has_room
    }

    /// Sets a variable of the run. A value is cut at [`VALUE_BYTES_MAX`]: a loop that appends must
    /// not fill the memory.
    pub(crate) fn set(&mut self, name: &str, mut value: String) {
        cut(&mut value);
        self.variables.insert(name.to_owned(), value);
    }

    /// The variables of the run whose names fit, with their values.
    pub(crate) fn named(&self, fits: impl Fn(&str) -> bool) -> Kept {
        let all = self.variables.iter().filter(|(name, _)| fits(name));
        all.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// What is left of the list of the `foreach` that this action is.
    pub(crate) fn items(&mut self) -> &mut VecDeque<String> {
        self.loops.entry(self.at).or_default()
    }

    pub(crate) fn handle(&mut self, name: &str) -> Result<&mut Handle, Failure> {
        let closed = || Failure::File(format!("file handle {name} is not open"));
        self.handles.get_mut(name).ok_or_else(closed)
    }

    /// Opens a file under a name, which another file may have had.
    pub(crate) fn open(&mut self, name: &str, handle: Handle) -> Result<(), Failure> {
        if self.handles.len() >= HANDLES_MAX && !self.handles.contains_key(name) {
            return Err(Failure::File(format!("more than {HANDLES_MAX} files are open")));
        }
        self.handles.insert(name.to_owned(), handle);
        Ok(())
    }

    /// Sets a variable to what was read; `None` is the end of the file.
    pub(crate) fn read_from_file(&mut self, name: &str, text: Option<String>) {
        self.set("_file_eof", if text.is_none() { "1" } else { "0" }.to_owned());
        self.set(name, text.unwrap_or_default());
    }
}

/// Cuts a value at [`VALUE_BYTES_MAX`].
fn cut(value: &mut String) {
    if value.len() > VALUE_BYTES_MAX {
        let end = (0..=VALUE_BYTES_MAX).rev().find(|at| value.is_char_boundary(*at));
        value.truncate(end.unwrap_or(0));
    }
}

impl Shared {
    /// Keeps variables under a key.
    pub(crate) fn keep(&mut self, key: String, kept: Kept) {
        self.contexts.shift_remove(&key);
        if self.contexts.len() >= CONTEXTS_MAX {
            self.contexts.shift_remove_index(0);
        }
        self.contexts.insert(key, kept);
    }
}

impl Handle {
    pub(crate) fn new(path: String, content: String, writes: bool) -> Self {
        Handle { path, content, at: 0, writes }
    }

    /// The next line without its end.
    pub(crate) fn take_line(&mut self) -> Option<String> {
        let rest = self.content.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (line, taken) = match rest.split_once('\n') {
            Some((line, _)) => (line, line.len() + 1),
            None => (rest, rest.len()),
        };
        let line = line.strip_suffix('\r').unwrap_or(line).to_owned();
        self.at += taken;
        Some(line)
    }

    /// Up to so many characters.
    pub(crate) fn take(&mut self, count: usize) -> Option<String> {
        let rest = self.content.get(self.at..).filter(|rest| !rest.is_empty())?;
        let taken: String = rest.chars().take(count).collect();
        self.at += taken.len();
        Some(taken)
    }

    /// Where to write, if it was opened for that.
    pub(crate) fn path_to_write(&self) -> Result<&str, Failure> {
        let refused = || Failure::File(format!("{} is open to be read only", self.path));
        if self.writes { Ok(&self.path) } else { Err(refused()) }
    }
}
