//! What leads from one configuration to another.

use super::Line;

/// One line that is typed, and the lines of the blocks in which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The lines that open the blocks, the outermost first.
    pub within: Vec<String>,
    /// The line.
    pub line: String,
}

/// The commands that lead from the lines `before` to the lines `after`.
///
/// A line whose leaf has another value is typed over, as a person would; it goes first only where
/// the new one says less.
pub fn commands(before: &[Line], after: &[Line]) -> Vec<Command> {
    let mut all = Vec::new();
    lead(before, after, &[], &mut all);
    all
}

fn find<'a>(lines: &'a [Line], text: &str) -> Option<&'a Line> {
    lines.iter().find(|line| line.text == text)
}

fn lead(before: &[Line], after: &[Line], within: &[String], all: &mut Vec<Command>) {
    let words = |line: &Line| line.text.split(' ').count();
    let mut add = |line: String| {
        let command = Command { within: within.to_vec(), line };
        if !all.contains(&command) {
            all.push(command);
        }
    };
    for line in before.iter().filter(|line| find(after, &line.text).is_none()) {
        let new = after.iter().find(|new| new.of.is_some() && new.of == line.of);
        if new.is_none_or(|new| words(new) < words(line)) {
            add(match line.text.strip_prefix("no ") {
                Some(positive) => positive.to_owned(),
                None => format!("no {}", line.text),
            });
        }
    }
    for line in after.iter().filter(|line| find(before, &line.text).is_none()) {
        add(line.text.clone());
    }
    for line in after {
        let mut inner = within.to_vec();
        inner.push(line.text.clone());
        let known = find(before, &line.text);
        lead(known.map_or(&[], |known| &known.below), &line.below, &inner, all);
    }
}
