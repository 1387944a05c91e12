//! EIGRP (RFC 7868) as configuration: classic and named mode, and the tables of a router that hears
//! no neighbor.
//!
//! A process is one autonomous system in one VRF, whichever mode configured it; its topology holds
//! the router's own networks.

pub(crate) mod config;
pub(crate) mod interface;
pub(crate) mod named;
mod order;
mod process;
pub(crate) mod show;

pub(crate) use order::{NAMED_ORDER, ORDER};
pub(crate) use process::{Process, classful, processes};

use crate::config::{ConfigText, Section, order as place};
use crate::device::State;
use crate::feature::routing::{self, Kind};

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: place::EIGRP, print }];

fn print(state: &State, text: &mut ConfigText) {
    routing::print(state, &[Kind::Eigrp, Kind::EigrpNamed], text);
}
