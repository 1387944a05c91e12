//! How a configuration differs from the last that was kept, and by which name it is kept.
//!
//! Called by whoever keeps backups: the listener's files, and the memory of virtual time.

use similar::TextDiff;

use crate::files;

/// Lines around a change.
const CONTEXT_LINES: usize = 3;
/// How long a difference may be, in bytes; what is behind it is counted.
const DIFF_BYTES_MAX: usize = 64 * 1_024;

/// The difference as `diff -u` says it, empty for the first; `None` when there is none.
pub fn difference(last: Option<&str>, text: &str, device: &str) -> Option<String> {
    let Some(last) = last else { return Some(String::new()) };
    if last == text {
        return None;
    }
    let diff = TextDiff::from_lines(last, text);
    let (before, after) = (format!("{device} before"), format!("{device} now"));
    let mut shown = diff.unified_diff();
    let whole = shown.context_radius(CONTEXT_LINES).header(&before, &after).to_string();
    Some(bounded(whole))
}

fn bounded(diff: String) -> String {
    if diff.len() <= DIFF_BYTES_MAX {
        return diff;
    }
    let end = diff[..diff.floor_char_boundary(DIFF_BYTES_MAX)].rfind('\n').map_or(0, |at| at + 1);
    let left = diff[end..].lines().count();
    format!("{}... and {left} more lines\n", &diff[..end])
}

/// `R1.cfg`: the name of a device's file.
pub fn file_name(device: &str) -> String {
    format!("{}.cfg", files::part(device))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a change is shown with its surroundings, none is `None`, the first is empty.
    #[test]
    fn a_difference_reads_like_diff() {
        let last = "hostname R1\n!\ninterface Gi1\n no shutdown\n!\nend\n";
        let now = last.replace(" no shutdown", " shutdown");
        assert_eq!(difference(None, last, "R1").as_deref(), Some(""));
        assert_eq!(difference(Some(last), last, "R1"), None);
        let want = "--- R1 before\n+++ R1 now\n@@ -1,6 +1,6 @@\n hostname R1\n !\n interface Gi1\n\
                    - no shutdown\n+ shutdown\n !\n end\n";
        assert_eq!(difference(Some(last), &now, "R1").as_deref(), Some(want));
    }

    /// Goal: a difference has a bound, at the end of a line, and says what is missing.
    #[test]
    fn a_long_difference_is_cut() {
        let text = "a line of some length that is new\n".repeat(5_000);
        let diff = difference(Some(""), &text, "R1").expect("it differs");
        assert!(diff.len() < DIFF_BYTES_MAX + 40, "{}", diff.len());
        assert!(diff.ends_with(" more lines\n"), "{}", &diff[diff.len() - 60..]);
    }
}
