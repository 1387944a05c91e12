//! Text of an applet line: kept as it was typed, expanded at the moment it is used.
//!
//! `\"`, `\\`, `\n` and `\r` are escapes; any other backslash stays, since it belongs to a regular
//! expression. `$name` takes the longest name of letters, digits and `_`; a `$` before any other
//! character is itself (eem.md, section 4).

use std::fmt;

/// A text with escapes and variables, in the form between quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    source: Box<str>,
}

/// A variable that neither the run nor the environment has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVariable(
    /// Its name, without `$`.
    pub String,
);

/// One part of a text.
enum Piece<'a> {
    Plain(char),
    Variable(&'a str),
}

impl Text {
    /// The text between two quotation marks.
    pub(crate) fn from_quoted(inner: &str) -> Self {
        Text { source: inner.into() }
    }

    /// A bare word, in the form that means the same between quotation marks.
    pub(crate) fn from_bare(word: &str) -> Self {
        let mut source = String::with_capacity(word.len());
        let mut escaped = false;
        for letter in word.chars() {
            if letter == '"' && !escaped {
                source.push('\\');
            }
            source.push(letter);
            escaped = letter == '\\' && !escaped;
        }
        if escaped {
            source.push('\\');
        }
        Text { source: source.into() }
    }

    /// As it was typed, without quotation marks.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The form without quotation marks, where that means the same: numbers, names, paths.
    pub fn bare(&self) -> impl fmt::Display + '_ {
        let is_word = !self.source.is_empty() && !self.source.contains([' ', '\t', '"']);
        fmt::from_fn(move |f| if is_word { f.write_str(&self.source) } else { write!(f, "{self}") })
    }

    /// The text with its escapes resolved, unless it names a variable.
    pub fn literal(&self) -> Option<String> {
        self.expand(|_| None).ok()
    }

    /// The text with its escapes and variables resolved. A value is taken as it is: neither
    /// escapes nor variables in it are looked at again.
    pub fn expand<'v>(
        &self,
        lookup: impl Fn(&str) -> Option<&'v str>,
    ) -> Result<String, UnknownVariable> {
        let mut result = String::with_capacity(self.source.len());
        let mut rest = &*self.source;
        while let Some((piece, after)) = split_piece(rest) {
            match piece {
                Piece::Plain(letter) => result.push(letter),
                Piece::Variable(name) => {
                    result += lookup(name).ok_or_else(|| UnknownVariable(name.to_owned()))?;
                }
            }
            rest = after;
        }
        Ok(result)
    }
}

/// The form of the running-config: between quotation marks.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.source)
    }
}

fn split_piece(rest: &str) -> Option<(Piece<'_>, &str)> {
    let mut letters = rest.chars();
    let first = letters.next()?;
    let after = letters.as_str();
    let escape = match (first, letters.next()) {
        ('\\', Some(quoted @ ('"' | '\\'))) => Some(quoted),
        ('\\', Some('n')) => Some('\n'),
        ('\\', Some('r')) => Some('\r'),
        _ => None,
    };
    if let Some(letter) = escape {
        return Some((Piece::Plain(letter), letters.as_str()));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let length = after.find(|c| !is_name(c)).unwrap_or(after.len());
    if first == '$' && length > 0 {
        return Some((Piece::Variable(&after[..length]), &after[length..]));
    }
    Some((Piece::Plain(first), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: escapes and variables as eem.md section 4 has them. Method: a table of texts.
    #[test]
    fn texts_expand() {
        let lookup = |name: &str| match name {
            "fs" => Some("flash"),
            "q" => Some("\""),
            "v" => Some("$fs\\n"),
            _ => None,
        };
        let table = [
            (r"$fs:$fs/x", Ok("flash:flash/x")),
            (r"$fs-config", Ok("flash-config")),
            (r"$q%RF-5$q", Ok("\"%RF-5\"")),
            (r#"{\"event\": \"$fs\"}"#, Ok(r#"{"event": "flash"}"#)),
            (r"a\nb\rc\\n", Ok("a\nb\rc\\n")),
            (r"\[confirm\] \. \s", Ok(r"\[confirm\] \. \s")),
            (r"ACTIVE$ ([0-9]+$) 5$", Ok(r"ACTIVE$ ([0-9]+$) 5$")),
            (r"$v", Ok("$fs\\n")),
            (r"${fs} \", Ok(r"${fs} \")),
            (r"$fsx", Err(UnknownVariable("fsx".into()))),
        ];
        for (source, want) in table {
            let got = Text::from_quoted(source).expand(lookup);
            assert_eq!(got, want.map(str::to_owned), "{source}");
        }
    }

    /// Goal: a bare word means the same once it is printed in quotes. Method: a table of words.
    #[test]
    fn bare_words_print_in_quotes() {
        for (word, want) in [("a", "\"a\""), ("a\"b", "\"a\\\"b\""), ("a\\", "\"a\\\\\"")] {
            assert_eq!(Text::from_bare(word).to_string(), want);
        }
    }
}
