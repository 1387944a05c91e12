//! Regular expressions of IOS, as those of the `regex` crate.
//!
//! Used by pipes and by the pager. It takes the POSIX-like dialect of IOS: `^ $ . * + ? [] () |`
//! and `_`; everything else is the character itself.

use regex::{Regex, RegexBuilder};

/// What `_` means: a blank, a comma, a brace, a parenthesis, or an end of the line; and itself, as
/// `show logging | include HA_EM` finds its lines on a router.
const UNDERSCORE: &str = r"(?:^|$|[ ,{}()_])";

/// The most bytes that a compiled pattern may take.
const COMPILED_BYTES_MAX: usize = 1 << 20;

/// A pattern that IOS refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PatternError;

/// Compiles a pattern of IOS.
pub(crate) fn compile(pattern: &str) -> Result<Regex, PatternError> {
    let translated = translate(pattern).ok_or(PatternError)?;
    let mut builder = RegexBuilder::new(&translated);
    builder.size_limit(COMPILED_BYTES_MAX);
    builder.build().map_err(|_| PatternError)
}

/// A pattern of IOS, ready to be matched: for whoever filters messages.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles it; none if IOS refuses it.
    pub fn new(pattern: &str) -> Option<Self> {
        compile(pattern).ok().map(Pattern)
    }

    /// Whether it fits anywhere in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// One level of parentheses: what was translated, where its last atom begins, and whether that atom
/// is repeated already.
#[derive(Default)]
struct Level {
    out: String,
    atom: Option<usize>,
    repeated: bool,
}

fn translate(pattern: &str) -> Option<String> {
    let mut levels = vec![Level::default()];
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '(' => levels.push(Level::default()),
            ')' => {
                let inner = levels.pop()?;
                levels.last_mut()?.atom(&format!("(?:{})", inner.out));
            }
            '[' => {
                let (class, after) = bracket(rest.as_str())?;
                levels.last_mut()?.atom(&class);
                rest = after.chars();
            }
            '\\' => levels.last_mut()?.atom(&escaped(rest.next().unwrap_or('\\'))),
            '*' | '+' | '?' => levels.last_mut()?.repeat(c),
            '|' | '^' | '$' => levels.last_mut()?.bare(c),
            '.' => levels.last_mut()?.atom("."),
            '_' => levels.last_mut()?.atom(UNDERSCORE),
            c => levels.last_mut()?.atom(&escaped(c)),
        }
    }
    let whole = levels.pop()?;
    if levels.is_empty() { Some(whole.out) } else { None }
}

impl Level {
    fn atom(&mut self, text: &str) {
        (self.atom, self.repeated) = (Some(self.out.len()), false);
        self.out.push_str(text);
    }

    fn bare(&mut self, c: char) {
        (self.atom, self.repeated) = (None, false);
        self.out.push(c);
    }

    /// A repetition of the last atom, or the character itself where there is nothing to repeat. A
    /// repetition of a repetition is grouped: `a*?` is not the lazy `*?` here.
    fn repeat(&mut self, c: char) {
        let Some(start) = self.atom else { return self.atom(&escaped(c)) };
        if self.repeated {
            self.out.insert_str(start, "(?:");
            self.out.push(')');
        }
        self.out.push(c);
        self.repeated = true;
    }
}

fn escaped(c: char) -> String {
    regex::escape(c.encode_utf8(&mut [0; 4]))
}

/// A bracket expression (POSIX 9.3.5) after its `[`: translated, and what follows it. A `]` that
/// comes first is a member; `[:alpha:]` and its like pass through.
fn bracket(text: &str) -> Option<(String, &str)> {
    let (negated, body) = text.strip_prefix('^').map_or(("", text), |body| ("^", body));
    let mut class = format!("[{negated}");
    let mut at = 0;
    while let Some(c) = body[at..].chars().next() {
        if c == ']' && at > 0 {
            return Some((class + "]", &body[at + 1..]));
        }
        if let Some(name) = posix_class(&body[at..]) {
            class.push_str(name);
            at += name.len();
            continue;
        }
        if c == '-' && at > 0 && !body[at + 1..].starts_with(']') {
            class.push('-');
        } else {
            class.push_str(&member(c));
        }
        at += c.len_utf8();
    }
    None
}

fn posix_class(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("[:")?;
    let length = inner.find(":]")?;
    let letters = inner[..length].bytes().all(|b| b.is_ascii_lowercase());
    letters.then(|| &text[..length + 4])
}

fn member(c: char) -> String {
    if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, line: &str, want: Option<bool>) {
        let got = compile(pattern).ok().map(|regex| regex.is_match(line));
        assert_eq!(got, want, "{pattern} on {line}");
    }

    /// Goal: the dialect, not Perl's. Method: a table of pattern, line, and whether it matches;
    /// `None` where IOS refuses the pattern.
    #[test]
    fn patterns_match_as_on_ios() {
        check("^hostname", "hostname R1", Some(true));
        check("^hostname", " hostname R1", Some(false));
        check("Gi.*1$", "GigabitEthernet1", Some(true));
        check("ip route .+", "ip route 0.0.0.0", Some(true));
        check("^ip prefix-list|^ipv6 prefix-list", "ipv6 prefix-list X", Some(true));
        check("_100_", "65000 100 200", Some(true));
        check("_100_", "65000 1000", Some(false));
        check("_100$", "100", Some(true));
        check("HA_EM", "%HA_EM-6-LOG: A: x", Some(true));
        check("HA_EM", "%HAXEM-6-LOG: A: x", Some(false));
        check("[0-9]+", "abc", Some(false));
        check("[^a-z ]", "abc def", Some(false));
        check("[]a]", "]", Some(true));
        check("[a-]", "-", Some(true));
        check("[[:digit:]]", "7", Some(true));
        check("[a&&b]", "&", Some(true));
        check(r"\d", "7", Some(false));
        check(r"\d", "d", Some(true));
        check(r"\.", "a.b", Some(true));
        check("a{2}", "a{2}", Some(true));
        check("a*?b", "b", Some(true));
        check("a**", "x", Some(true));
        check("*", "a*b", Some(true));
        check("(ab)+c", "xababc", Some(true));
        check("(?i)a", "A", Some(false));
        check("show", "SHOW", Some(false));
        check("(", "(", None);
        check(")", ")", None);
        check("[a", "a", None);
        check("[z-a]", "z", None);
    }
}
