//! The words of a guest shell's command line, as its `sh` would split them.
//!
//! There is no shell behind it: one command runs, and what would need a shell (pipes, lists,
//! redirections, expansions) is refused, never half done.

use std::fmt;

/// Why a line is not one plain command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unsupported {
    /// `|`, `;`, `&`, `<`, `>`, parentheses, a backquote, or `$` before a name or a bracket.
    Construct(char),
    /// A quotation mark that is never closed.
    Unclosed(char),
}

/// Splits `line` into words; quotes and backslashes are taken off.
pub(super) fn split(line: &str) -> Result<Vec<String>, Unsupported> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('\'') => break,
                        Some(inner) => word.push(inner),
                        None => return Err(Unsupported::Unclosed('\'')),
                    }
                }
            }
            '"' => double_quoted(&mut letters, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().extend(letters.next()),
            '|' | ';' | '&' | '<' | '>' | '(' | ')' | '`' => {
                return Err(Unsupported::Construct(letter));
            }
            '$' if expands(letters.peek()) => return Err(Unsupported::Construct('$')),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

/// The rest of a double-quoted part: a backslash keeps itself unless it escapes (POSIX, 2.2.3).
fn double_quoted(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    word: &mut String,
) -> Result<(), Unsupported> {
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Ok(()),
            '\\' => match letters.next_if(|next| "\"\\$`".contains(*next)) {
                Some(escaped) => word.push(escaped),
                None => word.push('\\'),
            },
            '`' => return Err(Unsupported::Construct('`')),
            '$' if expands(letters.peek()) => return Err(Unsupported::Construct('$')),
            _ => word.push(letter),
        }
    }
    Err(Unsupported::Unclosed('"'))
}

/// Whether a `$` before `next` would be replaced.
fn expands(next: Option<&char>) -> bool {
    next.is_some_and(|c| c.is_ascii_alphanumeric() || "_{(@*#?-$!".contains(*c))
}

/// The words of `sh` for a quotation mark; ours for what needs a real shell.
impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unsupported::Construct(letter) => {
                write!(f, "sh: `{letter}' is not supported: this guest shell runs one command")
            }
            Unsupported::Unclosed(quote) => {
                write!(f, "sh: unexpected EOF while looking for matching `{quote}'")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Goal: words split and lose their quotes as in sh. Method: a table.
    #[test]
    fn words_split_as_in_sh() {
        let table: [(&str, Result<&[&str], Unsupported>); 13] = [
            ("curl -X  POST h", Ok(&["curl", "-X", "POST", "h"])),
            (r#"-d '{"a": "b"}' h"#, Ok(&["-d", r#"{"a": "b"}"#, "h"])),
            (r#"-d "{\"a\": \"\n\"}""#, Ok(&["-d", r#"{"a": "\n"}"#])),
            (r"a\ b '' ''c", Ok(&["a b", "", "c"])),
            ("cost 5$ \"$ 5\" '$x|;`'", Ok(&["cost", "5$", "$ 5", "$x|;`"])),
            ("http://h/?a=b#c%20*~", Ok(&["http://h/?a=b#c%20*~"])),
            ("", Ok(&[])),
            ("a | b", Err(Unsupported::Construct('|'))),
            ("a;b", Err(Unsupported::Construct(';'))),
            ("h?a=1&b=2", Err(Unsupported::Construct('&'))),
            ("\"$(id)\"", Err(Unsupported::Construct('$'))),
            ("$HOME", Err(Unsupported::Construct('$'))),
            ("'open", Err(Unsupported::Unclosed('\''))),
        ];
        for (line, want) in table {
            let want = want.map(|words| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
            assert_eq!(split(line), want, "{line}");
        }
    }

    proptest! {
        /// Goal: any text goes through single quotes unchanged. Method: quote it, split it.
        #[test]
        fn quoted_text_survives(text in "\\PC{0,40}") {
            let quoted = format!("'{}'", text.replace('\'', r"'\''"));
            prop_assert_eq!(split(&quoted), Ok(vec![text]));
        }
    }
}
