//! Regular expressions in the dialect of EEM, translated to the `regex` crate.
//!
//! The dialect is POSIX extended with `\s \S \d \D \w \W` (eem.md, section 4.2). What has no
//! translation is an error at configuration time, never a guess. Decided here: `.` does not match a
//! newline, `{n,m}` repeats, `_` is an ordinary character (patterns such as
//! `CFGLOG_LOGGEDCMD` depend on it), and a backslash in brackets escapes as it does outside.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};

/// Bytes that one compiled pattern may take.
const COMPILED_BYTES_MAX: usize = 1 << 20;
/// Compiled patterns that are shared; one more, and all of them are forgotten.
const SHARED_MAX: usize = 1_024;
/// The largest repeat count, as in POSIX (`RE_DUP_MAX`).
const REPEAT_MAX: u32 = 255;

thread_local! {
    /// A lab of a thousand routers has the same few patterns a thousand times, and an applet's
    /// `regexp` compiles one with each run; compiling takes longer than all else in a run. Shared
    /// whole: a clone of a `Regex` begins with an empty automaton, which its first searches build.
    static SHARED: RefCell<BTreeMap<String, Pattern>> = const { RefCell::new(BTreeMap::new()) };
}

/// A compiled pattern and the text it was made from.
#[derive(Clone, Debug)]
pub struct Pattern(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    source: String,
    regex: Regex,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// `(` or `)` without the other.
    UnmatchedParenthesis,
    /// `[` without `]`.
    UnmatchedBracket,
    /// `*`, `+`, `?` or `{n}` with nothing before it.
    RepeatsNothing,
    /// `**`, `+*` and the like.
    NestedRepeat,
    /// `[z-a]`.
    BadRange,
    /// `[[:name:]]` of no known class, `[[.x.]]`, `[[=x=]]`.
    BadClass,
    /// `{2,1}`, or a count above 255.
    BadCount,
    /// `\1`: back references have no translation.
    BackReference,
    /// A letter after a backslash that has no meaning here.
    UnknownEscape(char),
    /// A backslash at the end.
    TrailingBackslash,
    /// The compiled form is too large.
    TooLarge,
}

impl Pattern {
    /// Translates and compiles `source`.
    pub fn new(source: &str) -> Result<Self, PatternError> {
        let shared = SHARED.with_borrow(|shared| shared.get(source).cloned());
        shared.map_or_else(|| Pattern::compile(source), Ok)
    }

    fn compile(source: &str) -> Result<Self, PatternError> {
        let translated = Translator::new(source).translate()?;
        let compiled = RegexBuilder::new(&translated).size_limit(COMPILED_BYTES_MAX).build();
        let regex = compiled.map_err(|_| PatternError::TooLarge)?;
        let pattern = Pattern(Arc::new(Compiled { source: source.to_owned(), regex }));
        SHARED.with_borrow_mut(|shared| {
            if shared.len() >= SHARED_MAX {
                shared.clear();
            }
            shared.insert(source.to_owned(), pattern.clone());
        });
        Ok(pattern)
    }

    /// The text that it was made from.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The same in the words of the `regex` crate.
    pub(crate) fn translated(&self) -> &str {
        self.0.regex.as_str()
    }

    /// Whether it matches anywhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.regex.is_match(text)
    }

    /// The whole match and its groups, in order; a group that took no part is empty.
    pub(crate) fn captures(&self, text: &str) -> Option<Vec<String>> {
        let captures = self.0.regex.captures(text)?;
        Some(captures.iter().map(|m| m.map_or_else(String::new, |m| m.as_str().into())).collect())
    }
}

struct Translator<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    out: String,
    open_groups: u32,
    last: Last,
}

/// What a repeat operator would apply to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Atom,
    Repeat,
}

impl<'a> Translator<'a> {
    fn new(source: &'a str) -> Self {
        let rest = source.chars().peekable();
        Translator { rest, out: String::new(), open_groups: 0, last: Last::Nothing }
    }

    fn translate(mut self) -> Result<String, PatternError> {
        while let Some(letter) = self.rest.next() {
            match letter {
                '(' => {
                    self.open_groups += 1;
                    self.push('(', Last::Nothing);
                }
                ')' => {
                    let open = self.open_groups.checked_sub(1);
                    self.open_groups = open.ok_or(PatternError::UnmatchedParenthesis)?;
                    self.push(')', Last::Atom);
                }
                '|' | '^' => self.push(letter, Last::Nothing),
                '$' => self.push('$', Last::Atom),
                '.' => self.push('.', Last::Atom),
                '*' | '+' | '?' => self.repeat(&letter.to_string())?,
                '{' if self.rest.peek().is_some_and(char::is_ascii_digit) => self.count()?,
                '[' => self.bracket()?,
                '\\' => self.escape()?,
                _ => self.literal(letter),
            }
        }
        if self.open_groups > 0 { Err(PatternError::UnmatchedParenthesis) } else { Ok(self.out) }
    }

    fn push(&mut self, letter: char, last: Last) {
        self.out.push(letter);
        self.last = last;
    }

    fn literal(&mut self, letter: char) {
        push_literal(&mut self.out, letter);
        self.last = Last::Atom;
    }

    /// A second operator makes the first one reluctant (`.*?`); a third has no meaning.
    fn repeat(&mut self, operator: &str) -> Result<(), PatternError> {
        match self.last {
            Last::Nothing => return Err(PatternError::RepeatsNothing),
            Last::Repeat if operator == "?" && !self.out.ends_with("??") => {}
            Last::Repeat => return Err(PatternError::NestedRepeat),
            Last::Atom => {}
        }
        self.out += operator;
        self.last = Last::Repeat;
        Ok(())
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else after a `{` is literal text.
    fn count(&mut self) -> Result<(), PatternError> {
        let mut ahead = self.rest.clone();
        let inner: String = ahead.by_ref().take_while(|c| *c != '}').collect();
        let (low, high) = inner.split_once(',').unwrap_or((&inner, &inner));
        let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let closed = self.rest.clone().any(|c| c == '}');
        if !closed || !is_number(low) || !is_number(high) {
            self.literal('{');
            return Ok(());
        }
        let bound = |part: &str| part.parse::<u32>().ok().filter(|count| *count <= REPEAT_MAX);
        let least = bound(low).ok_or(PatternError::BadCount)?;
        let is_ordered = high.is_empty() || bound(high).is_some_and(|most| most >= least);
        if !is_ordered {
            return Err(PatternError::BadCount);
        }
        self.rest = ahead;
        self.repeat(&format!("{{{inner}}}"))
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let letter = self.rest.next().ok_or(PatternError::TrailingBackslash)?;
        match letter {
            's' | 'S' | 'd' | 'D' | 'w' | 'W' | 'n' | 'r' | 't' => {
                self.out.push('\\');
                self.push(letter, Last::Atom);
            }
            '1'..='9' => return Err(PatternError::BackReference),
            _ if letter.is_alphanumeric() => return Err(PatternError::UnknownEscape(letter)),
            _ => self.literal(letter),
        }
        Ok(())
    }

    fn bracket(&mut self) -> Result<(), PatternError> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut is_first = true;
        loop {
            let letter = self.rest.next().ok_or(PatternError::UnmatchedBracket)?;
            match letter {
                ']' if !is_first => break,
                '[' if self.rest.peek().is_some_and(|c| ":.=".contains(*c)) => self.class()?,
                _ => self.bracket_item(letter)?,
            }
            is_first = false;
        }
        self.push(']', Last::Atom);
        Ok(())
    }

    /// One character, one escape, or one range `a-z`.
    fn bracket_item(&mut self, letter: char) -> Result<(), PatternError> {
        let Some(low) = self.bracket_character(letter)? else { return Ok(()) };
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
        push_literal(&mut self.out, low);
        if !is_range {
            return Ok(());
        }
        self.rest.next();
        let letter = self.rest.next().ok_or(PatternError::UnmatchedBracket)?;
        let high = self.bracket_character(letter)?.ok_or(PatternError::BadRange)?;
        if high < low {
            return Err(PatternError::BadRange);
        }
        self.out.push('-');
        push_literal(&mut self.out, high);
        Ok(())
    }

    /// The character that `letter` stands for, or `None` after writing an escape such as `\s`.
    fn bracket_character(&mut self, letter: char) -> Result<Option<char>, PatternError> {
        if letter != '\\' {
            return Ok(Some(letter));
        }
        let escaped = self.rest.next().ok_or(PatternError::UnmatchedBracket)?;
        match escaped {
            'n' => Ok(Some('\n')),
            'r' => Ok(Some('\r')),
            't' => Ok(Some('\t')),
            's' | 'S' | 'd' | 'D' | 'w' | 'W' => {
                self.out.push('\\');
                self.out.push(escaped);
                Ok(None)
            }
            _ if escaped.is_alphanumeric() => Err(PatternError::UnknownEscape(escaped)),
            _ => Ok(Some(escaped)),
        }
    }

    /// `[:name:]`, after its `[`.
    fn class(&mut self) -> Result<(), PatternError> {
        let mut name = String::new();
        while !name.ends_with(":]") {
            name.push(self.rest.next().ok_or(PatternError::UnmatchedBracket)?);
        }
        const CLASSES: [&str; 12] = [
            ":alnum:]",
            ":alpha:]",
            ":blank:]",
            ":cntrl:]",
            ":digit:]",
            ":graph:]",
            ":lower:]",
            ":print:]",
            ":punct:]",
            ":space:]",
            ":upper:]",
            ":xdigit:]",
        ];
        if !CLASSES.contains(&name.as_str()) {
            return Err(PatternError::BadClass);
        }
        self.out.push('[');
        self.out += &name;
        Ok(())
    }
}

/// Writes a character that means itself, inside or outside brackets. `\<` and `\>` are none: to the
/// regex crate they are the bounds of a word.
fn push_literal(out: &mut String, letter: char) {
    if letter.is_ascii_punctuation() && !"<>".contains(letter) {
        out.push('\\');
    }
    out.push(letter);
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PatternError::UnmatchedParenthesis => "unmatched ()",
            PatternError::UnmatchedBracket => "unmatched []",
            PatternError::RepeatsNothing => "?+* follows nothing",
            PatternError::NestedRepeat => "nested *?+",
            PatternError::BadRange => "invalid [] range",
            PatternError::BadClass => "unknown character class",
            PatternError::BadCount => "invalid repeat count",
            PatternError::BackReference => "a back reference is not supported",
            PatternError::UnknownEscape(letter) => return write!(f, "unknown escape \\{letter}"),
            PatternError::TrailingBackslash => "trailing \\",
            PatternError::TooLarge => "the expression is too large",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Goal: the dialect's forms match what eem.md says they match. Method: pattern, text, match.
    #[test]
    fn patterns_match() {
        let table = [
            ("Interface Gi1, changed", "x Interface Gi1, changed state", "Interface Gi1, changed"),
            (r"\(([1-9]+)\)", "a (42) b", "(42)"),
            (r"[0-9a-f]{4}\.[0-9a-f]{4}", "0011.22ab", "0011.22ab"),
            ("^[^[:space:]]+[[:space:]]on", "Gi1 on", "Gi1 on"),
            (r"[a-z:/\-\ ]+", "9 a-b:c/d e", " a-b:c/d e"),
            (r"([0-9\.A-Z]+$)", "SW 16.3.6", "16.3.6"),
            (r"\ via\ (.*)", "x via Gi1\ny", " via Gi1"),
            ("[]a]+", "]a", "]a"),
            ("[^]]+", "]bc", "bc"),
            (r"PID:\s*", "PID:  x", "PID:  "),
            ("CFG_LOG", "CFG_LOG", "CFG_LOG"),
            ("{x}", "{x}", "{x}"),
            ("a{x", "a{x", "a{x"),
            ("[a-]+", "a-", "a-"),
            ("[a&&b]+", "a&b", "a&b"),
            ("x.*?y", "xayby", "xay"),
            ("confirm|#", "R1#", "#"),
            ("Up->Down", "1 Up->Down", "Up->Down"),
            (r"<\d+>", "<34>Oct", "<34>"),
        ];
        for (source, text, want) in table {
            let pattern = Pattern::new(source).expect(source);
            let found = pattern.captures(text).expect(source);
            assert_eq!(found[0], want, "{source}");
        }
        assert!(!Pattern::new("a.b").expect("valid").is_match("a\nb"));
        assert!(!Pattern::new("error").expect("valid").is_match("ERROR"));
    }

    /// Goal: what has no translation is named, not guessed. Method: a table of errors.
    #[test]
    fn untranslatable_patterns_are_errors() {
        let table = [
            ("(a", PatternError::UnmatchedParenthesis),
            ("a)", PatternError::UnmatchedParenthesis),
            ("[a", PatternError::UnmatchedBracket),
            ("*", PatternError::RepeatsNothing),
            ("(?:a)", PatternError::RepeatsNothing),
            ("a**", PatternError::NestedRepeat),
            ("[z-a]", PatternError::BadRange),
            ("[[:word:]]", PatternError::BadClass),
            ("a{2,1}", PatternError::BadCount),
            ("a{999}", PatternError::BadCount),
            (r"(a)\1", PatternError::BackReference),
            (r"\ba", PatternError::UnknownEscape('b')),
            ("a\\", PatternError::TrailingBackslash),
            ("((a{255}){255}){255}", PatternError::TooLarge),
        ];
        for (source, want) in table {
            assert_eq!(Pattern::new(source).err(), Some(want), "{source}");
        }
    }

    proptest! {
        /// Goal: what the translator lets through, the regex crate takes. Method: any text; the one
        /// error that compiling may add is size.
        #[test]
        fn a_translation_always_compiles(source in "[a-z(){}\\[\\]|*+?^$.\\\\:0-9,& -]{0,24}") {
            if let Ok(translated) = Translator::new(&source).translate() {
                let built = RegexBuilder::new(&translated).size_limit(COMPILED_BYTES_MAX).build();
                if let Err(error) = built {
                    prop_assert!(matches!(error, regex::Error::CompiledTooBig(_)), "{error}");
                }
            }
        }
    }
}
