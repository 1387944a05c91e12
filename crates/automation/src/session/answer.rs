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

/// The line with which a device refused a configuration line. There every remark that begins with
/// `% ` counts, since what it says was not done as written; a warning does not.
pub(crate) fn configuration_complaint(answer: &str) -> Option<&str> {
    let remark = answer
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("% ") && !line.to_ascii_lowercase().starts_with("% warning"));
    complaint(answer).or(remark)
}

/// Whether an unfinished line asks something that only a person can answer: `[confirm]`,
/// `[yes/no]: `, `Destination filename [x]? `, `Password: `.
pub(crate) fn is_question(tail: &str) -> bool {
    let tail = tail.trim().to_ascii_lowercase();
    let chooses = ["yes/no", "y/n"].iter().any(|choice| tail.contains(choice));
    let ends = ["[confirm]", "]:", "]?", "?:", "password:"];
    ends.iter().any(|end| tail.ends_with(end)) || chooses && tail.ends_with([':', '?', ')', ']'])
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

    /// Goal: in a configuration every remark is a refusal, log lines and warnings are none.
    /// Method: a table.
    #[test]
    fn remarks_refuse_a_configuration_line() {
        let table = [
            ("% 10.0.0.0 overlaps with GigabitEthernet2\n", true),
            ("a\nb\nc\nd\ne\n% Not possible here\n", true),
            ("Command rejected: not convertible\n", true),
            ("% Warning: use it with care\n", false),
            ("%LINK-3-UPDOWN: Interface GigabitEthernet1\n", false),
            ("", false),
        ];
        for (answer, want) in table {
            assert_eq!(configuration_complaint(answer).is_some(), want, "{answer}");
        }
    }

    /// Goal: questions are told from prompts and text. Method: a table of tails.
    #[test]
    fn questions_are_recognised() {
        let questions = [
            "Proceed with reload? [confirm]",
            "% Do you really want to remove these keys? [yes/no]: ",
            "Destination filename [running-config]? ",
            "How many bits in the modulus [2048]: ",
            "Continue? (y/n) ",
            "Password: ",
        ];
        for tail in questions {
            assert!(is_question(tail), "{tail}");
        }
        for tail in
            ["R1#", "R1(config)#", "", "GigabitEthernet1 is up", "Building configuration..."]
        {
            assert!(!is_question(tail), "{tail}");
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
