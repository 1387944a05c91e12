//! Reads the words of one line, with their byte columns. Used by every parser of this crate.

use std::ops::Range;

use crate::{Fault, Pattern, Problem, Seconds, Text};

/// Where a parser stands in a line.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    line: &'a str,
    at: usize,
}

/// One word: bare, or what stood between quotation marks.
#[derive(Clone, Debug)]
pub(crate) struct Word<'a> {
    /// Without the quotation marks; escapes as typed.
    pub(crate) raw: &'a str,
    /// Whether it stood between quotation marks.
    pub(crate) is_quoted: bool,
    /// Its bytes in the line, quotation marks included.
    pub(crate) span: Range<usize>,
}

impl Word<'_> {
    /// The word as text that is expanded when it is used.
    pub(crate) fn text(&self) -> Text {
        if self.is_quoted { Text::from_quoted(self.raw) } else { Text::from_bare(self.raw) }
    }

    /// A pattern that names no variable can be judged when it is configured.
    pub(crate) fn check_pattern(&self) -> Result<(), Problem> {
        let Some(source) = self.text().literal() else { return Ok(()) };
        let compiled = Pattern::new(&source).map(|_| ());
        compiled.map_err(|error| self.problem(Fault::Pattern(error)))
    }

    pub(crate) fn problem(&self, fault: Fault) -> Problem {
        Problem::new(self.span.clone(), fault)
    }
}

impl<'a> Reader<'a> {
    /// Reads `line` from its start.
    pub(crate) fn new(line: &'a str) -> Self {
        Reader { line, at: 0 }
    }

    /// The next word, or `None` at the end of the line.
    pub(crate) fn next(&mut self) -> Result<Option<Word<'a>>, Problem> {
        let rest = self.skip_blanks();
        let start = self.at;
        if rest.is_empty() {
            return Ok(None);
        }
        let Some(inner) = rest.strip_prefix('"') else {
            let length = rest.find([' ', '\t']).unwrap_or(rest.len());
            self.at += length;
            let (raw, span) = (&rest[..length], start..self.at);
            return Ok(Some(Word { raw, is_quoted: false, span }));
        };
        let Some(length) = closing_quote(inner) else {
            return Err(Problem::new(start..self.line.len(), Fault::UnterminatedQuote));
        };
        self.at += length + 2;
        Ok(Some(Word { raw: &inner[..length], is_quoted: true, span: start..self.at }))
    }

    /// The next word; at the end of the line, `Incomplete`.
    pub(crate) fn word(&mut self) -> Result<Word<'a>, Problem> {
        self.next()?.ok_or_else(|| self.incomplete())
    }

    /// The next word as text.
    pub(crate) fn text(&mut self) -> Result<Text, Problem> {
        self.word().map(|word| word.text())
    }

    /// Whether nothing but blanks is left.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.skip_blanks().is_empty()
    }

    /// Nothing may be left.
    pub(crate) fn end(&mut self) -> Result<(), Problem> {
        match self.next()? {
            None => Ok(()),
            Some(word) => Err(word.problem(Fault::Invalid)),
        }
    }

    /// All that is left, without the blanks around it.
    pub(crate) fn rest(&mut self) -> &'a str {
        let rest = self.skip_blanks();
        self.at = self.line.len();
        rest.trim_end()
    }

    /// The entry of `table` that the next word names, abbreviated or not.
    pub(crate) fn choose<'t, T>(
        &mut self,
        table: impl IntoIterator<Item = &'t T>,
        name: impl Fn(&T) -> &'static str,
    ) -> Result<(&'t T, Word<'a>), Problem> {
        let word = self.word()?;
        let mut found = None;
        let mut count = 0;
        let mut reached = 0;
        for entry in table {
            let keyword = name(entry);
            let common = common_prefix(keyword, word.raw);
            reached = reached.max(common);
            if common < word.raw.len() || word.is_quoted {
                continue;
            }
            if keyword.len() == common {
                return Ok((entry, word));
            }
            found = Some(entry);
            count += 1;
        }
        match (found, count) {
            (Some(entry), 1) => Ok((entry, word)),
            (Some(_), _) => Err(word.problem(Fault::Ambiguous)),
            (None, _) => {
                let start = word.span.start + if word.is_quoted { 0 } else { reached };
                Err(Problem::new(start..word.span.end, Fault::Invalid))
            }
        }
    }

    /// Takes the next word if it is `keyword` or an abbreviation of it.
    pub(crate) fn accept(&mut self, keyword: &'static str) -> bool {
        let mut ahead = self.clone();
        let taken = ahead.choose([&keyword], |word| word).is_ok();
        if taken {
            *self = ahead;
        }
        taken
    }

    /// Takes the next word if it is exactly `keyword`: where a text may stand instead of it.
    pub(crate) fn accept_bare(&mut self, keyword: &'static str) -> bool {
        let mut ahead = self.clone();
        let taken = ahead.next().ok().flatten();
        let is_it = taken.is_some_and(|word| !word.is_quoted && word.raw == keyword);
        if is_it {
            *self = ahead;
        }
        is_it
    }

    /// A whole number of 32 bits, or a text with variables that will be one.
    pub(crate) fn number_text(&mut self) -> Result<Text, Problem> {
        let word = self.word()?;
        let text = word.text();
        let is_wrong = text.literal().is_some_and(|literal| literal.trim().parse::<i32>().is_err());
        if is_wrong { Err(word.problem(Fault::Invalid)) } else { Ok(text) }
    }

    /// The next word must be `keyword` or an abbreviation of it.
    pub(crate) fn expect(&mut self, keyword: &'static str) -> Result<(), Problem> {
        self.choose([&keyword], |word| word).map(|_| ())
    }

    /// A whole number from `min` to `max`.
    pub(crate) fn number(&mut self, min: u64, max: u64) -> Result<u64, Problem> {
        let word = self.word()?;
        let number = word.raw.parse().ok().filter(|number| (min..=max).contains(number));
        number.ok_or_else(|| word.problem(Fault::Invalid))
    }

    /// Seconds with up to three decimals.
    pub(crate) fn seconds(&mut self) -> Result<Seconds, Problem> {
        let word = self.word()?;
        word.raw.parse().map_err(|_| word.problem(Fault::Invalid))
    }

    /// The name of a variable, with or without a `$` in front.
    pub(crate) fn variable(&mut self) -> Result<String, Problem> {
        let word = self.word()?;
        let name = word.raw.strip_prefix('$').unwrap_or(word.raw);
        let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if fits { Ok(name.to_owned()) } else { Err(word.problem(Fault::Invalid)) }
    }

    /// The fault of a line that ends here.
    pub(crate) fn incomplete(&self) -> Problem {
        Problem::new(self.line.len()..self.line.len(), Fault::Incomplete)
    }

    fn skip_blanks(&mut self) -> &'a str {
        let rest = &self.line[self.at..];
        let trimmed = rest.trim_start_matches([' ', '\t']);
        self.at += rest.len() - trimmed.len();
        trimmed
    }
}

/// Where the quotation mark stands that closes `inner`; `\"` and `\\` close nothing.
fn closing_quote(inner: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

fn common_prefix(keyword: &str, word: &str) -> usize {
    let pairs = keyword.bytes().zip(word.bytes());
    pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: words, quotes and escapes split as IOS splits them. Method: a table of lines.
    #[test]
    fn words_keep_their_quotes_apart() {
        let table: [(&str, &[(&str, bool)]); 5] = [
            ("", &[]),
            ("  cli  command ", &[("cli", false), ("command", false)]),
            (r#"msg "a \"b\" c" x"#, &[("msg", false), (r#"a \"b\" c"#, true), ("x", false)]),
            (r#""a\\" b"#, &[(r"a\\", true), ("b", false)]),
            (r#"a"b"#, &[(r#"a"b"#, false)]),
        ];
        for (line, want) in table {
            let mut reader = Reader::new(line);
            let mut got = Vec::new();
            while let Some(word) = reader.next().expect(line) {
                got.push((word.raw, word.is_quoted));
            }
            assert_eq!(got, want, "{line}");
        }
    }

    /// Goal: the caret stands under the first character that fits no keyword. Method: a table.
    #[test]
    fn the_caret_stands_where_no_keyword_fits_any_more() {
        let words = ["pattern", "period", "occurs"];
        let table = [
            ("pat", Ok("pattern")),
            ("OCCURS", Ok("occurs")),
            ("p", Err((0, Fault::Ambiguous))),
            ("patient", Err((3, Fault::Invalid))),
            (" x", Err((1, Fault::Invalid))),
            ("", Err((0, Fault::Incomplete))),
            ("\"pattern\"", Err((0, Fault::Invalid))),
        ];
        for (line, want) in table {
            let got = Reader::new(line).choose(&words, |word| word).map(|(word, _)| *word);
            assert_eq!(got.map_err(|p| (p.span.start, p.fault)), want, "{line}");
        }
    }
}
