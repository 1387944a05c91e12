//! The files of the repository's root, compiled in: what a verb reads when the user has none.

use host::files::Embedded;

/// The files, by the paths under which they name each other.
pub(crate) const FILES: Embedded = &[
    ("topology.toml", include_str!("../../topology.toml")),
    ("listener.toml", include_str!("../../listener.toml")),
    ("configs/R1.cfg", include_str!("../../configs/R1.cfg")),
    ("configs/R2.cfg", include_str!("../../configs/R2.cfg")),
    ("configs/R3.cfg", include_str!("../../configs/R3.cfg")),
];
