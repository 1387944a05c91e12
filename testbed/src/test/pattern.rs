//! Patterns of paths for shells that leave them as they are: `scenarios/**/link-*.toml`.
//!
//! Called by the plan of a test for paths that are no file. It walks as [`crate::walk`] does, and
//! no further.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use host::ExpectedError;

use crate::walk;

/// The files that a pattern means; `None` if the path is none.
pub(super) fn files(path: &Path) -> Result<Option<Vec<PathBuf>>, ExpectedError> {
    let Some(text) = path.to_str().filter(|text| text.contains(['*', '?'])) else {
        return Ok(None);
    };
    let fixed = &text[..text.find(['*', '?']).unwrap_or(text.len())];
    let root = fixed.rfind('/').map_or(".", |slash| &fixed[..=slash]);
    let pattern = matcher(text)?;
    let below = if Path::new(root).is_dir() { walk::toml_files(Path::new(root))? } else { vec![] };
    let found: Vec<PathBuf> = below.into_iter().filter(|path| pattern.is_match(path)).collect();
    if found.is_empty() {
        return Err(ExpectedError::usage(format!("no scenario (*.toml) matches `{text}`")));
    }
    Ok(Some(found))
}

/// `**/` is any number of directories, `*` and `?` stand for what is in one name.
fn matcher(pattern: &str) -> Result<GlobMatcher, ExpectedError> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher()).map_err(ExpectedError::usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: patterns mean what a shell's do. Method: a table of pattern, path and whether it fits.
    #[test]
    fn patterns_mean_what_a_shells_do() {
        for (pattern, path, want) in [
            ("scenarios/*.toml", "scenarios/a.toml", true),
            ("scenarios/*.toml", "scenarios/deep/a.toml", false),
            ("scenarios/**/*.toml", "scenarios/deep/a.toml", true),
            ("scenarios/**/*.toml", "scenarios/a.toml", true),
            ("./scenarios/link-?.toml", "scenarios/link-1.toml", true),
            ("scenarios/link-?.toml", "scenarios/link-10.toml", false),
            ("a+b/*.toml", "aab/x.toml", false),
            ("**", "any/thing.toml", true),
        ] {
            let found = matcher(pattern).expect("a pattern").is_match(path);
            assert_eq!(found, want, "{pattern} {path}");
        }
    }
}
