//! Whether a device took a command, told from what it answered.
//!
//! Asked by the driver about every answer. The texts are those by which the known clients decide
//! (netmiko, scrapli, Ansible, Unicon); only the first lines are looked at, since a long answer can
//! quote such a text.

/// How many lines of an answer can hold the device's complaint: a caret line comes before it.
const COMPLAINT_LINES_MAX: usize = 4;

/// How a complaint begins, in lower case.
const COMPLAINTS: [&str; 13] = [
    "% invalid",
    "% incomplete command",
    "% ambiguous command",
    "% unknown command",
    "% unrecognized",
    "% bad ",
    "% error",
    "% access denied",
    "% authorization failed",
    "% not authorized",
    "command authorization failed",
    "command rejected",
    "error: ",
];

/// The line with which a device refused a command, if it did.
pub(crate) fn complaint(answer: &str) -> Option<&str> {
    let first = answer.lines().filter(|line| !line.trim().is_empty()).take(COMPLAINT_LINES_MAX);
    first.map(|line| line.trim()).find(|line| {
        let lower = line.to_ascii_lowercase();
        COMPLAINTS.iter().any(|known| lower.starts_with(known))
    })
}

/// Whether an unfinished line is the pager's, which one blank answers with the next page.
pub(crate) fn is_more(tail: &str) -> bool {
    let inner = tail.trim().strip_prefix("--").and_then(|rest| rest.strip_suffix("--"));
    inner.is_some_and(|word| word.trim().eq_ignore_ascii_case("more"))
}

/// Whether an unfinished line asks for a password.
pub(crate) fn asks_password(tail: &str) -> bool {
    tail.trim_end().to_ascii_lowercase().ends_with("password:")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: refusals are told from answers. Method: answers of IOS XE, one by one.
    #[test]
    fn complaints_are_found() {
        let table = [
            ("                ^\n% Invalid input detected at '^' marker.\n", true),
            ("% Incomplete command.\n", true),
            ("% Ambiguous command:  \"sh\"\n", true),
            ("Command authorization failed.\n", true),
            ("% Unrecognized host or address, or protocol not running.\n", true),
            ("GigabitEthernet1 is up, line protocol is up\n", false),
            ("% BGP not active\n", false),
            ("%LINK-5-CHANGED: Interface GigabitEthernet1\n", false),
            ("a\nb\nc\nd\n% Invalid input detected\n", false),
            ("", false),
        ];
        for (answer, want) in table {
            assert_eq!(complaint(answer).is_some(), want, "{answer}");
        }
    }

    /// Goal: the pager is recognised in its forms. Method: a table of tails.
    #[test]
    fn the_pager_is_recognised() {
        for tail in [" --More-- ", "--More--", "-- More --", "--more--"] {
            assert!(is_more(tail), "{tail}");
        }
        for tail in ["", "--", "----", "More", "R1#"] {
            assert!(!is_more(tail), "{tail}");
        }
    }
}
