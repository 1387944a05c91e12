//! Configurations as text: running-config is rendered from the model, startup-config is kept.
//!
//! A feature adds its part as a [`Section`] in its own folder. Nothing here may know what a feature
//! prints, and no text is kept of what the model can render.

pub(crate) mod commands;
pub(crate) mod differences;
mod load;
pub(crate) mod order;
mod running;
mod startup;
mod text;

pub use load::StartupProblem;
pub(crate) use load::{load, load_each, merge, merge_as};
pub(crate) use running::{Change, RunningConfig, lines_at, whole as running};
pub(crate) use startup::{NVRAM_BYTES, StartupConfig};
pub(crate) use text::{ConfigText, is_word};

use crate::device::State;

/// One part of the running-config.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    /// Where it stands: a number of [`order`]. Sections of one place follow in the order of
    /// [`crate::feature::FEATURES`].
    pub order: u16,
    /// Prints it; nothing when the router has nothing of it.
    pub print: fn(&State, &mut ConfigText),
}

/// The running-config from its first `!` to `end`.
pub(crate) fn running_text(state: &State) -> String {
    running::whole(state)
}
