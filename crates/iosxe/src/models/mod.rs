//! The router's data models: one model behind NETCONF and RESTCONF, and it is the router's own.
//!
//! What can be configured is the running-config, read through the tables of `data/yang`: a leaf is
//! a line. An edit becomes the lines that a person would type, so that nothing can be configured by
//! one door that another does not know. State is read from the model when somebody asks (`state`).

mod edit;
mod lines;
mod schemas;
mod state;

pub(crate) use edit::{Editor, edit, put};
pub(crate) use schemas::{SCHEMA, capabilities, module_set_id, schema_text};
pub(crate) use state::{node, state};

use simtime::Time;
use yang::Element;

use crate::config;
use crate::device::State;

/// What is configured.
pub(crate) fn running(state: &State) -> Vec<Element> {
    lines::read(&config::running_text(state))
}

/// What the next boot will read.
pub(crate) fn startup(state: &State) -> Vec<Element> {
    lines::read(state.startup.text().unwrap_or_default())
}

/// All that there is: what is configured, and what is.
pub(crate) fn everything(router: &State, now: Time) -> Vec<Element> {
    let mut all = running(router);
    for element in state(router, now) {
        match all.iter_mut().find(|known| known.is_same(&element)) {
            Some(known) => known.add(element),
            None => all.push(element),
        }
    }
    all
}
