//! Rules for one file: length, width, purpose line, words that have no place here.

use super::{File, Problem};

/// Columns of a line of Rust.
const COLUMNS_MAX: usize = 100;
/// Lines of a file, its tests left out.
const FILE_LINES_MAX: usize = 600;
/// Lines of a function.
const FUNCTION_LINES_MAX: usize = 70;

/// Rules for every text file.
pub(crate) fn check_any(file: &File<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    // Written apart, so that this file does not name them.
    let paths = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/target")];
    for (number, line) in numbered(file.text) {
        if let Some(path) = paths.iter().find(|path| line.contains(**path)) {
            problems.push(file.problem(number, format!("a path of one machine: `{path}`")));
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') && file.path.extension().is_some() {
        problems.push(file.problem(numbered(file.text).count(), "no newline at the end"));
    }
    problems
}

/// Rules for Rust.
pub(crate) fn check_rust(file: &File<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let is_test = file.path.components().any(|part| part.as_os_str() == "tests")
        || file.path.ends_with("tests.rs");
    if !file.text.starts_with("//!") {
        problems.push(file.problem(1, "opens without `//!` and its purpose"));
    }
    for (number, line) in numbered(file.text) {
        let columns = line.chars().count();
        if columns > COLUMNS_MAX {
            let message = format!("{columns} columns, at most {COLUMNS_MAX}");
            problems.push(file.problem(number, message));
        }
        if line.trim_start().starts_with("#[allow(") {
            problems.push(file.problem(number, "`#[expect(lint, reason = ..)]`, never allow"));
        }
    }
    let code = file.text.lines().take_while(|line| *line != "#[cfg(test)]").count();
    if code > FILE_LINES_MAX && !is_test {
        problems.push(file.problem(1, format!("{code} lines, at most {FILE_LINES_MAX}")));
    }
    problems.extend(long_functions(file));
    problems
}

/// rustfmt closes a function at the indent of its head, so no parser is needed to measure it.
fn long_functions(file: &File<'_>) -> Vec<Problem> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut problems = Vec::new();
    for (start, head) in lines.iter().enumerate().filter(|(_, line)| is_function_head(line)) {
        let indent = head.len() - head.trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        let body = lines[start..].iter().position(|line| *line == closing).unwrap_or(0);
        if body >= FUNCTION_LINES_MAX {
            let message = format!("a function of {} lines, at most {FUNCTION_LINES_MAX}", body + 1);
            problems.push(file.problem(start + 1, message));
        }
    }
    problems
}

fn is_function_head(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| {
        matches!(*word, "pub" | "pub(crate)" | "pub(super)" | "const" | "async")
    });
    words.next() == Some("fn") && !line.trim_end().ends_with(['}', ';'])
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}
