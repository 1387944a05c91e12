//! The applets of a file: every fault of every one told at once, each with its place.
//!
//! The file may be a whole configuration. What is not about applets is left to the router.

use std::path::Path;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use host::{ExpectedError, files};

/// Reads a file.
pub(super) fn open(path: &Path) -> Result<Arc<Source>, ExpectedError> {
    files::open(path).map(|found| found.source).map_err(ExpectedError::file)
}

/// Its applets, and all that is wrong with them.
pub(super) fn read(source: &Arc<Source>, dialect: eem::Dialect) -> (eem::Source, Vec<Diagnostic>) {
    let read = eem::read(&applets_only(&source.text), dialect);
    let faults = read.problems.iter().map(|problem| {
        let line = source.line_span(problem.line + 1);
        let span = line.start + problem.span.start..line.start + problem.span.end;
        let message = problem.fault.to_string();
        let told = Diagnostic::error(problem.fault.code(), message, source, span);
        match is_of_the_course(&source.text[line]) && dialect == eem::Dialect::Ios {
            true => told.help("`http post` is the course's: say `--dialect course`"),
            false => told,
        }
    });
    let faults = faults.collect();
    (read, faults)
}

fn is_of_the_course(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(4).collect();
    matches!(words.as_slice(), ["action", _, "http", "post"])
}

/// The text with every line blanked that is about neither an applet nor the environment, each line
/// where it was.
pub(super) fn applets_only(text: &str) -> String {
    let mut in_applet = false;
    let kept = text.lines().map(|line| match kind(line, in_applet) {
        Kind::Applet => {
            in_applet = true;
            line
        }
        Kind::Body => line,
        Kind::Environment => {
            in_applet = false;
            line
        }
        Kind::Remark => "",
        Kind::Other => {
            in_applet = false;
            ""
        }
    });
    kept.collect::<Vec<_>>().join("\n")
}

enum Kind {
    Applet,
    Body,
    Environment,
    Remark,
    Other,
}

fn kind(line: &str, in_applet: bool) -> Kind {
    const BODY: [&str; 9] = [
        "action",
        "attribute",
        "correlate",
        "default",
        "description",
        "event",
        "no",
        "set",
        "trigger",
    ];
    let words: Vec<&str> = line.split_whitespace().take(3).collect();
    let begins = |at: usize, whole: &str, least: usize| {
        words.get(at).is_some_and(|word| word.len() >= least && whole.starts_with(word))
    };
    let first = words.first().copied().unwrap_or_default();
    if first.is_empty() || first.starts_with('!') {
        return Kind::Remark;
    }
    if begins(0, "event", 2) && begins(1, "manager", 3) {
        return match () {
            () if begins(2, "applet", 1) => Kind::Applet,
            () if begins(2, "environment", 1) => Kind::Environment,
            () => Kind::Other,
        };
    }
    let is_indented = line.starts_with([' ', '\t']);
    match in_applet && first != "end" {
        true if first == "exit" => Kind::Remark,
        true if is_indented || BODY.contains(&first) => Kind::Body,
        true | false => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is no applet does not reach their parser. Method: a configuration, by lines.
    #[test]
    fn other_lines_are_blanked() {
        let text = "hostname R9\nevent manager environment X 1\nevent manager session cli \
                    username u\nevent manager applet A\n event none\naction 1 exit\n!\n\
                    interface Gi1\n shutdown\nend";
        let want = "\nevent manager environment X 1\n\nevent manager applet A\n event none\n\
                    action 1 exit\n\n\n\n";
        assert_eq!(applets_only(text), want);
    }
}
