//! What the programs say of a running lab, one file per form.
//!
//! Called by the verbs of `simulator` and by `ednm`. Text that came from a device is escaped here,
//! before it reaches a terminal.

pub mod human;
pub mod inspect;
pub mod ready;
pub mod verdict;
