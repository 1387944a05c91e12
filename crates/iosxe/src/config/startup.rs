//! The startup-config: the text that was loaded or saved last.
//!
//! Used by the commands that save and show it. It is kept as text, as NVRAM does: what is in it
//! takes effect at the next start only.

use super::Change;

/// The size of the NVRAM that holds it, in bytes (`show version` says 32768K).
pub(crate) const NVRAM_BYTES: usize = 32 * 1024 * 1024;

/// The saved configuration.
#[derive(Clone, Default)]
pub(crate) struct StartupConfig {
    text: Option<Box<str>>,
    saved: Option<Change>,
}

impl StartupConfig {
    /// The configuration that a router was started with.
    pub(crate) fn loaded(text: Option<String>) -> Self {
        StartupConfig { text: text.map(String::into_boxed_str), saved: None }
    }

    /// Says who saves it. The text that is then saved has that in its head.
    pub(crate) fn sign(&mut self, change: Change) {
        self.saved = Some(change);
    }

    /// Replaces its text.
    pub(crate) fn save(&mut self, text: String) {
        self.text = Some(text.into_boxed_str());
    }

    /// Forgets it.
    pub(crate) fn erase(&mut self) {
        self.text = None;
    }

    /// Its text, if there is any.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Who saved it last since the router started.
    pub(crate) fn saved(&self) -> Option<&Change> {
        self.saved.as_ref()
    }
}
