//! A command of Tcl as words: braces keep everything, quotes keep blanks, `[...]` and `$x` are
//! replaced (the Tcl manual, "Tcl(n)", rules 1 to 8).

/// What of the lines so far is still open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Open {
    braces: usize,
    quoted: bool,
}

/// One word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// In braces: nothing of it is replaced.
    Braced(&'a str),
    /// In quotes, or bare.
    Plain(&'a str),
}

/// A part of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Itself.
    Text(&'a str),
    /// `$name`
    Variable(&'a str),
    /// `[command]`
    Command(&'a str),
}

impl Open {
    /// Reads one more line.
    pub(super) fn read(&mut self, line: &str) {
        let mut escaped = false;
        for c in line.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' if self.braces == 0 => self.quoted = !self.quoted,
                '{' if !self.quoted => self.braces += 1,
                '}' if !self.quoted => self.braces = self.braces.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Whether a command may end here.
    pub(super) fn is_closed(self) -> bool {
        self.braces == 0 && !self.quoted
    }
}

/// The first word, bare.
pub(super) fn first(command: &str) -> Option<&str> {
    command.split_whitespace().next()
}

/// The words of a command.
pub(super) fn split(command: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = command.trim();
    while let Some(c) = rest.chars().next() {
        let (word, used) = match c {
            '{' => {
                let end = closing(rest, '{', '}');
                (Word::Braced(&rest[1..end]), end + 1)
            }
            '"' => {
                let end = 1 + rest[1..].find('"').unwrap_or(rest.len() - 1);
                (Word::Plain(&rest[1..end]), end + 1)
            }
            _ => {
                let end = bare_end(rest);
                (Word::Plain(&rest[..end]), end)
            }
        };
        words.push(word);
        rest = rest.get(used..).unwrap_or_default().trim_start();
    }
    words
}

/// Where a bare word ends: at a blank outside of brackets.
fn bare_end(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() && depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// Where what `text` opens with is closed again; its end if it is not.
fn closing(text: &str, open: char, close: char) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    text.len()
}

impl<'a> Word<'a> {
    /// What it is made of.
    pub(super) fn parts(&self) -> Vec<Part<'a>> {
        let text = match *self {
            Word::Braced(text) => return vec![Part::Text(text)],
            Word::Plain(text) => text,
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['[', '$']) {
            parts.push(Part::Text(&rest[..at]));
            let found = &rest[at..];
            let used = if found.starts_with('[') {
                let end = closing(found, '[', ']');
                parts.push(Part::Command(&found[1..end]));
                (end + 1).min(found.len())
            } else {
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let length = found[1..].find(|c| !is_name(c)).unwrap_or(found.len() - 1);
                parts.push(Part::Variable(&found[1..1 + length]));
                1 + length
            };
            rest = &found[used..];
        }
        parts.push(Part::Text(rest));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: words come apart as in Tcl. Method: the command of Netmiko, and odd ones.
    #[test]
    fn words_come_apart() {
        let puts = "puts [open \"flash:x\" w+] {a {b}\nc}";
        let words = split(puts);
        assert_eq!(words.len(), 3);
        assert_eq!(words[2], Word::Braced("a {b}\nc"));
        assert_eq!(words[1].parts()[1], Part::Command("open \"flash:x\" w+"));
        assert_eq!(split("puts \"a b"), [Word::Plain("puts"), Word::Plain("a b")]);
        assert_eq!(split("x {a").len(), 2);
        let mut open = Open::default();
        open.read("puts {");
        assert!(!open.is_closed());
        open.read("}");
        assert!(open.is_closed());
    }
}
