//! A prompt: the device's name and what it may do. Recognised by shape once, then by heart.

use std::fmt;

/// The longest name that a prompt shows, in bytes.
const NAME_BYTES_MAX: usize = 63;

/// How much of a longer name a configuration prompt shows at least, in bytes: IOS XE cuts it to 20
/// characters, older ones to fewer.
const CUT_NAME_BYTES_MIN: usize = 16;

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

    /// Whether a line is the prompt of this device in a configuration mode: `R1(config-if)#`.
    pub(crate) fn is_configuring(&self, line: &str) -> bool {
        let inner = line.trim_end().strip_suffix(")#").and_then(|line| line.split_once('('));
        let Some((name, mode)) = inner else { return false };
        let cut = name.len() >= CUT_NAME_BYTES_MIN && self.name.starts_with(name);
        let shaped = mode.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-/.".contains(&b));
        (name == self.name || cut) && shaped && (1..=NAME_BYTES_MAX).contains(&mode.len())
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
        let prompts = |name: &str, line| {
            Prompt::read(&format!("{name}#")).expect("a prompt").is_configuring(line)
        };
        let table = [
            ("R1", "R1(config)#", true),
            ("R1", "R1(config-if)# ", true),
            ("R1", "R1(ca-trustpoint)#", true),
            ("core-router-of-the-first-site", "core-router-of-the-f(config)#", true),
            ("core-router-of-the-first-site", "core-router-of-t(config-if)#", true),
            ("core-router-of-the-first-site", "core(config)#", false),
            ("R1", "R2(config)#", false),
            ("R1", "R10(config)#", false),
            ("R1", "R1#", false),
            ("R1", "R1()#", false),
            ("R1", "R1(con fig)#", false),
        ];
        for (name, line, want) in table {
            assert_eq!(prompts(name, line), want, "{name} {line}");
        }
        let long = format!("{}#", "x".repeat(NAME_BYTES_MAX + 1));
        assert_eq!(Prompt::read(&long), None);
    }
}
