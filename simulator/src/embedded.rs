//! The default lab, compiled in: what runs where there is no `./topology.toml`.
//!
//! They are the very files of the repository's root, so that what runs can be read there.

use host::files::Embedded;

/// The files, by the paths under which they name each other.
pub const FILES: Embedded = &[
    ("topology.toml", include_str!("../../topology.toml")),
    ("configs/R1.cfg", include_str!("../../configs/R1.cfg")),
    ("configs/R2.cfg", include_str!("../../configs/R2.cfg")),
    ("configs/R3.cfg", include_str!("../../configs/R3.cfg")),
];
