//! The repository's own lab, rules and scenario, compiled in: what runs where the user has none.
//!
//! They are the very files of the repository's root, so that what runs can be read there. Each
//! stands under the path by which the others name it.

/// The scenario that a demo plays.
pub const SCENARIO: &str = "scenarios/interface-down.toml";

/// Path and text of each file.
pub(super) const DEFAULTS: &[(&str, &str)] = &[
    ("topology.toml", include_str!("../../../topology.toml")),
    ("listener.toml", include_str!("../../../listener.toml")),
    ("configs/R1.cfg", include_str!("../../../configs/R1.cfg")),
    ("configs/R2.cfg", include_str!("../../../configs/R2.cfg")),
    ("configs/R3.cfg", include_str!("../../../configs/R3.cfg")),
    (SCENARIO, include_str!("../../../scenarios/interface-down.toml")),
];
