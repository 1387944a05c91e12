//! Rules for Markdown: a link to a file of the repository leads somewhere.

use std::path::Path;

use super::{File, Problem};

/// Checks the relative links of one document.
pub(crate) fn check(root: &Path, file: &File<'_>) -> Vec<Problem> {
    let folder = root.join(file.path.parent().unwrap_or(Path::new("")));
    let mut problems = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or("");
            let is_relative = !path.is_empty() && !path.contains("://");
            if is_relative && !folder.join(path).exists() {
                problems.push(file.problem(index + 1, format!("the link `{target}` is broken")));
            }
        }
    }
    problems
}
