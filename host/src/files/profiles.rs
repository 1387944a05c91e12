//! Profiles: whole configurations of a listener that the programs carry, each a folder.
//!
//! Found by [`find`] for `--profile`. They are the folders of the repository's `profiles/`, listed
//! when the programs are built, so that what runs can be read there, copied and changed.

use std::path::Path;

use super::{FileError, Found, Search, open};

/// The file that every profile has.
const MAIN: &str = "listener.toml";
/// The folder of the profiles, in the repository and inside the programs.
const FOLDER: &str = "profiles/";

/// Path and text of each file, in order.
pub(super) const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// The names of the profiles that the programs carry.
pub fn names() -> Vec<&'static str> {
    let inside = FILES.iter().filter_map(|(path, _)| path.strip_prefix(FOLDER)?.split_once('/'));
    let mut names: Vec<&str> =
        inside.filter(|(_, file)| *file == MAIN).map(|(name, _)| name).collect();
    names.dedup();
    names
}

/// The files of a profile: each one's path below the profile's folder, and its text.
pub fn files(name: &str) -> Vec<(&'static str, &'static str)> {
    let below =
        |path: &'static str| path.strip_prefix(FOLDER)?.strip_prefix(name)?.strip_prefix('/');
    FILES.iter().filter_map(|(path, text)| Some((below(path)?, *text))).collect()
}

/// The listener.toml of a profile: of the one of that name inside the programs, else of a
/// directory. A path with a `/` is always a directory.
pub fn find(profile: &Path) -> Result<Found, FileError> {
    let name = profile.to_str().filter(|name| names().contains(name));
    match name {
        Some(name) => super::find(None, &format!("{FOLDER}{name}/{MAIN}"), Search::EmbeddedOnly),
        None if profile.is_dir() => open(&profile.join(MAIN)),
        None => Err(FileError::NoProfile {
            name: profile.display().to_string(),
            known: names().join(", "),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Origin;
    use super::*;

    /// Goal: a profile is found by its name or in a directory, with all its files. Method: go
    /// round in the carried one, and in one on disk.
    #[test]
    fn a_profile_is_found_by_name_or_place() {
        assert_eq!(names(), ["lab6"]);
        let found = find(Path::new("lab6")).unwrap();
        assert_eq!(found.describe(), "the embedded `profiles/lab6/listener.toml`");
        for (path, text) in files("lab6") {
            assert_eq!(found.files.find(path).unwrap().source.text, text);
        }
        assert!(files("lab").is_empty());
        let dir = crate::StateDir::temporary().unwrap();
        let missing = find(dir.path()).unwrap_err();
        assert!(matches!(missing, FileError::Read { .. }));
        std::fs::write(dir.path().join(MAIN), "mine").unwrap();
        let found = find(dir.path()).unwrap();
        assert_eq!((found.source.text.as_str(), found.origin), ("mine", Origin::Flag));
        let unknown = find(Path::new("lab66")).unwrap_err().to_string();
        assert_eq!(unknown, "`lab66` is neither a profile (there is lab6) nor a directory");
    }
}
