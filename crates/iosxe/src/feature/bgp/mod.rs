//! BGP (RFC 4271) as configuration: the one process of a router, its neighbors, its address
//! families, and the tables of a router whose neighbors do not answer.
//!
//! No connection is ever made. A neighbor that could be reached is `Active`, any other is `Idle`;
//! the table holds what the router itself originates.

pub(crate) mod config;
pub(crate) mod exec;
pub(crate) mod family;
pub(crate) mod neighbor;
mod order;
mod print;
pub(crate) mod show;
mod show_neighbor;
mod show_table;
mod speaker;
mod table;

pub(crate) use order::ORDER;
pub(crate) use print::SECTIONS;
pub(crate) use speaker::{Speaker, speaker};
