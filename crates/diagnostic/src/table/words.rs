//! A table out of the words of a command line: `to=95 over=60s`.
//!
//! Used by programs that take on their command line what a file holds as well, so that one loader
//! reads both. It never guesses a word's type: what a getter asks for decides.

use std::ops::Range;
use std::sync::Arc;

use super::{Table, Value};
use crate::{Source, Spanned};

impl Table {
    /// The table that has `key` alone, its argument said in words that stand in `source` at these
    /// places. Words that begin with `KEY=` are a table; a key that comes again makes a list. Other
    /// words are one string.
    pub fn from_words(source: &Arc<Source>, key: Range<usize>, words: &[Range<usize>]) -> Table {
        let name = source.text[source.clamp(key.clone())].to_owned();
        let whole = match (words.first(), words.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => key.clone(),
        };
        let value = match words.first().and_then(|first| split(&source.text[first.clone()])) {
            Some(_) => Value::Table(pairs(source, key.clone(), words)),
            None => {
                let texts = words.iter().map(|word| &source.text[word.clone()]);
                Value::Text(texts.collect::<Vec<_>>().join(" "))
            }
        };
        let entry = (Spanned::new(name, key.clone()), Spanned::new(value, whole));
        Table::new(Arc::clone(source), key, vec![entry]).loose()
    }
}

fn pairs(source: &Arc<Source>, name: Range<usize>, words: &[Range<usize>]) -> Table {
    let mut entries: Vec<(Spanned<String>, Spanned<Value>)> = Vec::new();
    for word in words {
        let text = &source.text[word.clone()];
        let (key, value) = split(text).unwrap_or((text, ""));
        let start = (word.start + key.len() + 1).min(word.end);
        let value = Spanned::new(Value::Text(value.to_owned()), start..word.end);
        match entries.iter_mut().find(|(known, _)| known.value == key) {
            None => {
                let key = Spanned::new(key.to_owned(), word.start..word.start + key.len());
                entries.push((key, value));
            }
            Some((_, Spanned { value: Value::List(items), .. })) => items.push(value),
            Some((_, first)) => {
                let span = first.span.start..value.span.end;
                let before = std::mem::replace(first, Spanned::new(Value::List(vec![]), span));
                first.value = Value::List(vec![before, value]);
            }
        }
    }
    Table::new(Arc::clone(source), name, entries).loose()
}

/// `to=95` into `to` and `95`; a key is in lower case, with digits and dashes.
fn split(word: &str) -> Option<(&str, &str)> {
    let (key, value) = word.split_once('=')?;
    let mut letters = key.chars();
    let begins = letters.next().is_some_and(|letter| letter.is_ascii_lowercase());
    let goes_on = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-' || letter == '_'
    };
    (begins && letters.all(goes_on)).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        let source = Source::new("words", text);
        let mut at = 0;
        let places = text.split(' ').map(|word| {
            let start = at;
            at = start + word.len() + 1;
            start..start + word.len()
        });
        let places: Vec<_> = places.collect();
        Table::from_words(&source, places[0].clone(), &places[1..])
    }

    /// Goal: getters take from words what they take from a file, and point at the word that is
    /// wrong. Method: one of each type, then one of each mistake.
    #[test]
    fn words_are_read_as_a_file_is() {
        let mut sink = Vec::new();
        let mut root = table("cpu to=95 over=60s line=a line=b quick=true slot=1");
        let mut cpu = root.table("cpu", &mut sink).expect("words with `=` are a table");
        assert_eq!(cpu.number("to", &mut sink).map(|to| to.value), Some(95));
        assert_eq!(cpu.text("over", &mut sink).map(|over| over.value).as_deref(), Some("60s"));
        let lines = cpu.one_or_more("line", &mut sink).map(|lines| lines.len());
        assert_eq!(lines, Some(2));
        assert_eq!(cpu.flag("quick", &mut sink).map(|quick| quick.value), Some(true));
        assert_eq!(cpu.texts("slot", &mut sink).map(|slots| slots.len()), Some(1));
        cpu.finish(&mut sink);
        root.finish(&mut sink);
        assert!(sink.is_empty(), "{sink:?}");
        let mut root = table("shutdown Gi 1=2");
        let text = root.text("shutdown", &mut sink).map(|text| text.value);
        assert_eq!(text.as_deref(), Some("Gi 1=2"));
        let mut cpu = table("cpu to=many until").table("cpu", &mut sink).expect("a table");
        assert_eq!(cpu.number("to", &mut sink), None);
        cpu.finish(&mut sink);
        let told: Vec<_> = sink.iter().map(|wrong| (wrong.code, wrong.span.clone())).collect();
        assert_eq!(told, [("TOML002", 7..11), ("TOML004", 12..17)]);
    }
}
