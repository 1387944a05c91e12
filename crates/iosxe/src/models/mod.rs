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
pub(crate) use state::state;

use simtime::Time;
use yang::{Element, Tops};

use crate::config;
use crate::device::State;

/// What is configured, below the nodes of the top that are wanted.
pub(crate) fn running(state: &State, tops: &Tops) -> Vec<Element> {
    lines::read(&config::running_text(state), tops)
}

/// What the next boot will read.
pub(crate) fn startup(state: &State, tops: &Tops) -> Vec<Element> {
    lines::read(state.startup.text().unwrap_or_default(), tops)
}

/// All that there is: what is configured, and what is.
pub(crate) fn everything(router: &State, now: Time, tops: &Tops) -> Vec<Element> {
    let mut all = running(router, tops);
    for element in state(router, now, tops) {
        match all.iter_mut().find(|known| known.is_same(&element)) {
            Some(known) => known.add(element),
            None => all.push(element),
        }
    }
    all
}
