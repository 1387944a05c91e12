//! The running-config: rendered from the sections of every feature, whole or one interface of it.
//!
//! Used by `show running-config`, by saving, and by whoever changed the configuration, who leaves
//! the time and the name here.

use std::sync::LazyLock;

use cli::InterfaceName;
use simtime::Time;

use super::{ConfigText, Section};
use crate::device::State;
use crate::feature::{FEATURES, interface};

/// What the running-config knows of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunningConfig {
    /// The last change by hand; none since the startup-config was loaded.
    pub changed: Option<Change>,
    /// Whether configuration mode was visited since the configuration was saved.
    pub unsaved: bool,
}

/// Who changed or saved a configuration, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// On the lab's clock.
    pub at: Time,
    /// The user; none at the console without a login.
    pub by: Option<String>,
}

/// Every section, in the order of a running-config.
static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
    let mut all: Vec<Section> = FEATURES.iter().flat_map(|f| f.sections).copied().collect();
    all.sort_by_key(|section| section.order);
    all
});

/// The running-config from its first `!` to `end`.
pub(crate) fn whole(state: &State) -> String {
    let mut text = ConfigText::default();
    text.separator();
    comment(state, &mut text, "Last configuration change", state.running.changed.as_ref());
    comment(state, &mut text, "NVRAM config last updated", state.startup.saved());
    text.separator();
    text.line(format_args!("version {}", state.platform.profile().software.major()));
    for place in SECTIONS.chunk_by(|a, b| a.order / 10 == b.order / 10) {
        place.iter().for_each(|section| (section.print)(state, &mut text));
        text.separator();
    }
    text.line("end");
    text.into_string()
}

/// The lines that stand at this place.
pub(crate) fn lines_at(state: &State, order: u16) -> String {
    let mut text = ConfigText::default();
    let here = SECTIONS.iter().filter(|section| section.order == order);
    here.for_each(|section| (section.print)(state, &mut text));
    text.into_string()
}

/// The part of `show running-config interface X`.
pub(super) fn one_interface(state: &State, name: &InterfaceName) -> String {
    let mut text = ConfigText::default();
    text.separator();
    interface::config::print_one(state, name, &mut text);
    text.line("end");
    text.into_string()
}

/// A configuration with the two lines above it.
pub(super) fn with_header(text: &str) -> String {
    let bytes = text.len();
    format!("Building configuration...\n\nCurrent configuration : {bytes} bytes\n{text}\n")
}

fn comment(state: &State, text: &mut ConfigText, what: &str, change: Option<&Change>) {
    let Some(change) = change else { return };
    let at = state.clock.describe(change.at);
    match &change.by {
        Some(user) => text.line(format_args!("! {what} at {at} by {user}")),
        None => text.line(format_args!("! {what} at {at}")),
    }
}
