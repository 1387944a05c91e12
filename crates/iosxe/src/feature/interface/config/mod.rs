//! `interface` and what stands under it, and how running-config prints it.

mod commands;
mod ipv6;
mod print;
mod range;
mod vrf;

pub(crate) use commands::COMMANDS;
pub(super) use commands::make;
pub(crate) use ipv6::IPV6_COMMANDS;
pub(crate) use print::{SECTIONS, print_one};
pub(crate) use range::RANGE;
pub(crate) use vrf::VRF_COMMANDS;
