//! A prompt: the device's name and what it may do. Recognised by shape once, then by heart.

use std::fmt;

/// The longest name that a prompt shows, in bytes.
const NAME_BYTES_MAX: usize = 63;

/// `NAME>` or `NAME#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prompt {
    name: String,
    /// Whether it ends in `#`.
    pub(crate) privileged: bool,
}

impl Prompt {
    /// The prompt that a line is, blanks at its end aside; `None` if it cannot be one.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let line = line.trim_end();
        let name = line.strip_suffix(['>', '#'])?;
        let shaped = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-@/:+".contains(&b));
        let whole = shaped && (1..=NAME_BYTES_MAX).contains(&name.len());
        whole.then(|| Prompt { name: name.to_owned(), privileged: line.ends_with('#') })
    }

    /// Whether a line is this prompt again.
    pub(crate) fn is(&self, line: &str) -> bool {
        Prompt::read(line).as_ref() == Some(self)
    }

    /// Whether a line is a prompt of the same device, in whatever mode.
    pub(crate) fn same_device(&self, line: &str) -> Option<Prompt> {
        Prompt::read(line).filter(|prompt| prompt.name == self.name)
    }

    /// What stands behind this prompt on its line.
    pub(crate) fn typed<'a>(&self, line: &'a str) -> Option<&'a str> {
        let rest = line.strip_prefix(self.name.as_str())?;
        rest.strip_prefix(if self.privileged { '#' } else { '>' })
    }
}

impl fmt::Display for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name, if self.privileged { '#' } else { '>' })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what IOS XE prints as a prompt is one, and banner art is not. Method: a table.
    #[test]
    fn prompts_are_recognised_by_shape() {
        let table = [
            ("R1#", Some(true)),
            ("R1>", Some(false)),
            ("R1# ", Some(true)),
            ("core-1.example.com#", Some(true)),
            ("####", None),
            ("#", None),
            ("", None),
            ("No entry #", None),
            ("R1(config)#", None),
            ("Password:", None),
        ];
        for (line, want) in table {
            assert_eq!(Prompt::read(line).map(|prompt| prompt.privileged), want, "{line}");
        }
        let long = format!("{}#", "x".repeat(NAME_BYTES_MAX + 1));
        assert_eq!(Prompt::read(&long), None);
    }
}
