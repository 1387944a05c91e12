//! Patterns of paths for shells that leave them as they are: `scenarios/**/link-*.toml`.
//!
//! Called by the plan of a test for paths that are no file. It walks as [`crate::walk`] does, and
//! no further.

use std::path::{Path, PathBuf};

use host::ExpectedError;
use regex::Regex;

use crate::walk;

/// The files that a pattern means; `None` if the path is none.
pub(super) fn files(path: &Path) -> Result<Option<Vec<PathBuf>>, ExpectedError> {
    let Some(text) = path.to_str().filter(|text| text.contains(['*', '?'])) else {
        return Ok(None);
    };
    let fixed = &text[..text.find(['*', '?']).unwrap_or(text.len())];
    let root = fixed.rfind('/').map_or(".", |slash| &fixed[..=slash]);
    let pattern = to_regex(text);
    let below = if Path::new(root).is_dir() { walk::toml_files(Path::new(root))? } else { vec![] };
    let found: Vec<PathBuf> =
        below.into_iter().filter(|path| pattern.is_match(&path.to_string_lossy())).collect();
    if found.is_empty() {
        return Err(ExpectedError::usage(format!("no scenario (*.toml) matches `{text}`")));
    }
    Ok(Some(found))
}

/// `**/` is any number of directories, `*` and `?` stand for what is in one name.
fn to_regex(pattern: &str) -> Regex {
    let mut regex = String::from("^");
    let mut rest = pattern.strip_prefix("./").unwrap_or(pattern);
    while let Some(first) = rest.chars().next() {
        let (part, taken) = match first {
            '*' if rest.starts_with("**/") => ("(?:.*/)?".to_owned(), 3),
            '*' if rest.starts_with("**") => (".*".to_owned(), 2),
            '*' => ("[^/]*".to_owned(), 1),
            '?' => ("[^/]".to_owned(), 1),
            other => (regex::escape(&other.to_string()), other.len_utf8()),
        };
        regex.push_str(&part);
        rest = &rest[taken..];
    }
    regex.push('$');
    Regex::new(&regex).expect("all but our own operators is escaped")
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
            assert_eq!(to_regex(pattern).is_match(path), want, "{pattern} {path}");
        }
    }
}
