//! One `action` line, taken apart without losing a byte.

/// An action line.
pub(super) struct Action<'a> {
    line: &'a str,
    label: &'a str,
    /// Where what follows the label begins.
    rest: usize,
}

/// A form that no real router has.
pub(super) enum Form {
    /// `http post`, or `send-data`: a URL and a body, as they stand between quotation marks.
    Post { url: String, body: String },
    /// `curl` as a command.
    Curl { arguments: String },
    /// A variable of the event manager, set in EXEC.
    Environment { name: String, value: String },
}

impl<'a> Action<'a> {
    /// Reads a line; none if it is no action.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        let (word, after) = next_word(line, 0)?;
        if word.len() < 2 || !"action".starts_with(word) {
            return None;
        }
        let (label, after) = next_word(line, after)?;
        let blanks = line[after..].len() - line[after..].trim_start().len();
        Some(Action { line, label: label.trim_matches('"'), rest: after + blanks })
    }

    /// Its label, without quotation marks.
    pub(super) fn label(&self) -> &'a str {
        self.label
    }

    /// What stands before the action itself.
    pub(super) fn head(&self) -> &'a str {
        &self.line[..self.rest]
    }

    /// What is typed by `cli command`, as it stands between the quotation marks.
    pub(super) fn command(&self) -> Option<&'a str> {
        let (command, _) = self.typed()?;
        Some(command)
    }

    /// What stands after the command: ` pattern ...`.
    pub(super) fn tail(&self) -> &'a str {
        self.typed().map_or("", |(_, tail)| tail)
    }

    /// Which of the forms it has, if any.
    pub(super) fn form(&self) -> Option<Form> {
        match self.command() {
            Some(command) => of_command(command),
            None => self.http_post(),
        }
    }

    /// The command and what follows it.
    fn typed(&self) -> Option<(&'a str, &'a str)> {
        let (word, after) = next_word(self.line, self.rest)?;
        let (second, after) = next_word(self.line, after)?;
        if word != "cli" || second.len() < 2 || !"command".starts_with(second) {
            return None;
        }
        let text = self.line[after..].trim_start();
        match quoted(text) {
            Some((inside, tail)) => Some((inside, tail)),
            None if text.is_empty() => None,
            // Without quotation marks the command is one word.
            None => Some(
                text.split_once(' ').map_or((text, ""), |(word, _)| (word, &text[word.len()..])),
            ),
        }
    }

    fn http_post(&self) -> Option<Form> {
        let (word, after) = next_word(self.line, self.rest)?;
        let (second, mut at) = next_word(self.line, after)?;
        if word != "http" || second != "post" {
            return None;
        }
        let (mut url, mut body) = (None, None);
        while let Some((key, after)) = next_word(self.line, at) {
            let text = self.line[after..].trim_start();
            let start = self.line.len() - text.len();
            let (value, next) = match quoted(text) {
                Some((inside, tail)) => (inside, self.line.len() - tail.len()),
                None => next_word(self.line, start)?,
            };
            match key {
                "url" => url = Some(value.to_owned()),
                "body" => body = Some(value.to_owned()),
                _ => return None,
            }
            at = next;
        }
        Some(Form::Post { url: url?, body: body? })
    }
}

/// `curl ...`, `event manager action send-data ...`, `event manager environment ...`
fn of_command(command: &str) -> Option<Form> {
    let mut words = command.split_whitespace();
    match (words.next()?, words.next(), words.next(), words.next()) {
        ("curl", Some(_), _, _) => {
            let arguments = command.trim_start().strip_prefix("curl")?.trim().to_owned();
            Some(Form::Curl { arguments })
        }
        ("event", Some("manager"), Some("action"), Some("send-data")) => {
            let (_, rest) = command.split_once(" uri ")?;
            let (url, rest) = rest.trim_start().split_once(' ')?;
            let (_, body) = rest.split_once(" body ")?;
            Some(Form::Post { url: url.to_owned(), body: body.trim().to_owned() })
        }
        ("event", Some("manager"), Some("environment"), Some(name)) => {
            let (_, value) = command.split_once(name)?;
            Some(Form::Environment { name: name.to_owned(), value: value.trim().to_owned() })
        }
        _ => None,
    }
}

/// The name of the applet that a line begins.
pub(super) fn applet_name(line: &str) -> Option<&str> {
    let words: Vec<&str> = line.split_whitespace().take(4).collect();
    match words.as_slice() {
        [first, second, third, name]
            if "event".starts_with(first)
                && "manager".starts_with(second)
                && "applet".starts_with(third) =>
        {
            Some(name)
        }
        _ => None,
    }
}

/// A label that sorts between two; `before` may be empty.
pub(super) fn between(before: &str, after: &str) -> Option<String> {
    let shorter = after.char_indices().next_back().map_or("", |(at, _)| &after[..at]);
    let candidates = [
        format!("{before}0"),
        format!("{before}.0"),
        format!("{before}-"),
        shorter.trim_end_matches('.').to_owned(),
        shorter.to_owned(),
        "0".to_owned(),
    ];
    let is_plain = |label: &String| label.starts_with(|c: char| c.is_ascii_alphanumeric());
    let fits = |label: &String| is_plain(label) && **label > *before && **label < *after;
    candidates.into_iter().find(fits)
}

/// The next word of a line from a byte on, quotation marks kept, and where it ends.
fn next_word(line: &str, from: usize) -> Option<(&str, usize)> {
    let rest = line.get(from..)?;
    let start = from + rest.len() - rest.trim_start().len();
    let text = &line[start..];
    let length = match quoted(text) {
        Some((inside, _)) => inside.len() + 2,
        None => text.find(char::is_whitespace).unwrap_or(text.len()),
    };
    (length > 0).then(|| (&line[start..start + length], start + length))
}

/// The inside of the quotation marks with which a text begins, as it stands, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut is_escaped = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            '"' if !is_escaped => return Some((&inside[..at], &inside[at + 1..])),
            _ => is_escaped = letter == '\\' && !is_escaped,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a label is found between any two that leave room. Method: a table.
    #[test]
    fn labels_stand_between() {
        let table = [
            ("", "1.0", Some("0")),
            ("1.0", "1.5", Some("1.00")),
            ("1", "1.0", Some("1-")),
            ("1.0", "10.0", Some("1.00")),
            ("", "0", None),
        ];
        for (before, after, want) in table {
            let found = between(before, after);
            assert_eq!(found.as_deref(), want, "{before} {after}");
        }
    }
}
