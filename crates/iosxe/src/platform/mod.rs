//! The hardware and the image that a router claims: one data file each, read once.
//!
//! Asked by whatever prints a model, a part or a release. Adding one is a file in `data/platforms`
//! and a line in [`FILES`].

mod profile;

pub(crate) use profile::{Part, PortKind, Profile, Role, Shelf, Slot, draw_serial};

use std::fmt;
use std::sync::LazyLock;

/// Their names in a topology, and their files; the first is the default.
const FILES: &[(&str, &str)] = &[
    ("c8000v", include_str!("../../data/platforms/c8000v.toml")),
    ("cat9k", include_str!("../../data/platforms/cat9k.toml")),
    ("isr4k", include_str!("../../data/platforms/isr4k.toml")),
];

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let read = |(name, text): &(&'static str, &str)| match Profile::read(text) {
        Ok(profile) => profile,
        Err(error) => unreachable!("{name}.toml is read by a test, too: {error}"),
    };
    FILES.iter().map(read).collect()
});

/// The hardware that a router claims to be; a Catalyst 8000V unless somebody says another.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Platform(usize);

impl Platform {
    /// By its name in a topology.
    pub fn named(name: &str) -> Option<Platform> {
        FILES.iter().position(|(known, _)| *known == name).map(Platform)
    }

    /// The names of all, the default first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FILES.iter().map(|(name, _)| *name)
    }

    /// Its own name.
    pub fn name(self) -> &'static str {
        FILES[self.0].0
    }

    /// What it is made of.
    pub(crate) fn profile(self) -> &'static Profile {
        &PROFILES[self.0]
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every data file is whole. Method: read each, name each of its ports.
    #[test]
    fn the_data_files_can_be_read() {
        for (name, text) in FILES {
            let profile = Profile::read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(profile.ports().count() > 0, "{name} has ports");
            assert_eq!(Platform::named(name).map(Platform::name), Some(*name));
        }
    }
}
