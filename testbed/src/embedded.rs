//! The default lab, rules and scenario, compiled in: what `ednm demo` runs on a fresh machine.
//!
//! They are the very files of the repository's root, so that what the demo shows can be read there.

use host::files::Embedded;

/// The files, by the paths under which they name each other.
pub(crate) const FILES: Embedded = &[
    ("topology.toml", include_str!("../../topology.toml")),
    ("listener.toml", include_str!("../../listener.toml")),
    ("configs/R1.cfg", include_str!("../../configs/R1.cfg")),
    ("configs/R2.cfg", include_str!("../../configs/R2.cfg")),
    ("configs/R3.cfg", include_str!("../../configs/R3.cfg")),
    (SCENARIO, include_str!("../../scenarios/interface-down.toml")),
];

/// The scenario that the demo plays.
pub(crate) const SCENARIO: &str = "scenarios/interface-down.toml";
