//! Names of the files that actions write: below one directory, whatever values they hold.
//!
//! Asked when a name is loaded, when its values are filled in, and by the skin before it writes,
//! which walks the path from the open directory besides.

/// How long a name may be, in bytes.
pub const NAME_BYTES_MAX: usize = 1_024;
/// How many parts it may have.
const PARTS_MAX: usize = 16;
/// How long one part may be that a value becomes, in bytes.
const PART_BYTES_MAX: usize = 200;

/// Whether a name leads down from its directory alone, and touches no git's own files.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return Err("it is empty or too long");
    }
    if name.chars().any(char::is_control) || name.contains('\\') {
        return Err("it holds a backslash or a control character");
    }
    if name.starts_with('/') {
        return Err("it is absolute");
    }
    let parts: Vec<&str> = name.strip_prefix("./").unwrap_or(name).split('/').collect();
    if parts.len() > PARTS_MAX {
        return Err("it leads too deep");
    }
    if parts.contains(&"..") {
        return Err("`..` leads out of it");
    }
    if parts.iter().any(|part| part.is_empty() || *part == ".") {
        return Err("a part of it is no name");
    }
    if parts.iter().any(|part| part.eq_ignore_ascii_case(".git")) {
        return Err("what is in `.git` is git's own");
    }
    Ok(())
}

/// A value as one part of a name: what cannot stand in one becomes `_`, and none is hidden.
pub fn part(value: &str) -> String {
    let kept = value.chars().map(|letter| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' | '-' => letter,
        _ => '_',
    });
    let part: String = kept.take(PART_BYTES_MAX).collect();
    let part = part.trim_start_matches('.');
    if part.is_empty() { "_".to_owned() } else { part.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a name leads down alone. Method: a table.
    #[test]
    fn names_lead_down() {
        for name in ["a", "data/joke.json", "./logs/a.log", "a b/ü", "...", "-x"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        let long = "x".repeat(NAME_BYTES_MAX + 1);
        for name in [
            "",
            "/",
            "/etc",
            ".",
            "..",
            "./",
            "a/",
            "a//b",
            "a/./b",
            "a/.",
            "../a",
            "a/../b",
            "a/..",
            "a\\b",
            "a\nb",
            "a\0",
            ".git",
            "a/.Git/hooks",
            &"a/".repeat(20),
            &long,
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    /// Goal: no value is a way out, or hidden. Method: a table.
    #[test]
    fn values_become_one_part() {
        for (value, want) in [
            ("R1", "R1"),
            ("192.0.2.1:22", "192.0.2.1_22"),
            ("[::1]:22", "___1__22"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "_"),
            (".git", "git"),
            ("", "_"),
            ("Zürich", "Z_rich"),
        ] {
            assert_eq!(part(value), want, "{value}");
            assert_eq!(check_name(&part(value)), Ok(()), "{value}");
        }
    }
}
