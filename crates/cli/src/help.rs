//! `?` and TAB: what may come next, from the same declarations that the parser reads.
//!
//! Used by the owner of a session, which prints the text and then prompt and line again.

use std::collections::BTreeMap;

use crate::grammar::{Kind, Token};
use crate::interface::{self, InterfaceKind};
use crate::levels::{Access, Seen};
use crate::parse::{Candidate, Grammar, Stop};
use crate::pipe;
use crate::words::{self, Word};

/// Columns of the word form of `?`.
const COLUMNS: usize = 79;

/// The answer to `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Help {
    /// After letters: the words that begin with them.
    Words(Vec<String>),
    /// After a blank: what may come next, each with its help.
    List(Vec<(String, String)>),
    /// The words before are ambiguous.
    Ambiguous(String),
    /// The words before are no command, or none begins with these letters.
    Unrecognized,
}

/// What may come next, sorted, and whether a bar or the end may.
#[derive(Default)]
struct Choices {
    /// Keywords and interface types, with their help.
    words: BTreeMap<String, String>,
    /// What stands for values, with its help.
    values: BTreeMap<String, String>,
    bar: bool,
    end: bool,
}

impl Help {
    /// What the router prints, each line with its newline.
    pub fn render(&self) -> String {
        match self {
            Help::Words(words) => columns(words),
            Help::List(entries) => {
                let width = entries.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
                let line = |(word, help): &(String, String)| format!("  {word:width$}  {help}\n");
                entries.iter().map(line).collect::<String>() + "\n"
            }
            Help::Ambiguous(line) => format!("% Ambiguous command:  \"{line}\"\n"),
            Help::Unrecognized => "% Unrecognized command\n".to_owned(),
        }
    }
}

impl<M: Copy + Ord, H> Grammar<M, H> {
    /// The answer to `?` after `before`.
    pub fn help<'a>(&self, mode: M, access: impl Into<Access<'a, M>>, before: &str) -> Help {
        let (words, typed) = split_last(before);
        let seen = access.into().seen(&mode);
        let choices = match self.choices(mode, seen, before, &words, typed) {
            Ok(choices) => choices,
            Err(Stop::Ambiguous) => return Help::Ambiguous(before.to_owned()),
            Err(Stop::Incomplete) => return number_help(before, &words, typed),
            Err(Stop::Invalid(_)) => return Help::Unrecognized,
        };
        match (typed.is_empty(), choices.list(typed.is_empty())) {
            (_, list) if list.is_empty() => Help::Unrecognized,
            (true, list) => Help::List(list),
            (false, list) => Help::Words(list.into_iter().map(|(word, _)| word).collect()),
        }
    }

    /// `before` with its last word completed and a blank, when only one word begins with it.
    pub fn complete<'a>(
        &self,
        mode: M,
        access: impl Into<Access<'a, M>>,
        before: &str,
    ) -> Option<String> {
        let (words, typed) = split_last(before);
        if typed.is_empty() {
            return None;
        }
        let seen = access.into().seen(&mode);
        let choices = self.choices(mode, seen, before, &words, typed).ok()?;
        let whole = choices.keyword(typed)?;
        Some(format!("{}{whole} ", &before[..before.len() - typed.len()]))
    }

    fn choices(
        &self,
        mode: M,
        seen: Seen<'_>,
        before: &str,
        words: &[Word],
        typed: &str,
    ) -> Result<Choices, Stop> {
        let bar = words.iter().position(|word| before[word.start..].starts_with('|'));
        let command = &words[..bar.unwrap_or(words.len())];
        let candidates = self.follow(mode, seen, before, command)?;
        let piped = candidates.iter().any(|c| c.command.is_piped() && c.may_end());
        match bar {
            Some(bar) if piped => Ok(Choices::after_bar(words.len() - bar, typed)),
            Some(_) => Err(Stop::Invalid(0)),
            None => Ok(Choices::of(&candidates, typed)),
        }
    }
}

impl Choices {
    fn of<M, H>(candidates: &[Candidate<'_, M, H>], typed: &str) -> Self {
        let mut choices = Choices::default();
        for candidate in candidates {
            if candidate.in_line {
                choices.values.insert("LINE".into(), "The rest of the line".into());
            }
            let ends = candidate.may_end();
            choices.end |= ends;
            choices.bar |= ends && candidate.command.is_piped();
            for edge in candidate.edges() {
                choices.add(edge.token, typed);
            }
        }
        choices
    }

    /// After `|` and `words - 1` more words.
    fn after_bar(words: usize, typed: &str) -> Self {
        let mut choices = Choices::default();
        if words == 1 {
            pipe::words().for_each(|(word, help)| choices.add_word(word, help, typed));
        } else {
            choices.values.insert("LINE".into(), "Regular Expression".into());
        }
        choices
    }

    fn add(&mut self, token: &Token, typed: &str) {
        match *token {
            Token::Keyword { word, help } => self.add_word(word, help, typed),
            Token::Param { kind: Kind::Interface, .. } => {
                let fits = |kind: &InterfaceKind| {
                    typed.is_empty() || InterfaceKind::beginning_with(typed).any(|k| k == *kind)
                };
                for kind in InterfaceKind::all().filter(fits) {
                    self.words.insert(kind.long().into(), kind.help().into());
                }
            }
            Token::Param { kind, help, .. } => {
                if let Some(word) = placeholder(kind, typed) {
                    self.values.insert(word, help.into());
                }
            }
            Token::Optional(_) | Token::OneOf(_) | Token::AnyOf(_) => {}
        }
    }

    fn add_word(&mut self, word: &str, help: &str, typed: &str) {
        if word.starts_with(&typed.to_ascii_lowercase()) {
            self.words.entry(word.into()).or_insert_with(|| help.into());
        }
    }

    /// Sorted as IOS sorts: by character, then the bar, then the end of the line.
    fn list(self, whole: bool) -> Vec<(String, String)> {
        let mut all = self.words;
        all.extend(self.values);
        let mut list: Vec<(String, String)> = all.into_iter().collect();
        if whole && self.bar {
            list.push(("|".into(), "Output modifiers".into()));
        }
        if whole && self.end {
            list.push(("<cr>".into(), "<cr>".into()));
        }
        list
    }

    /// The only word that TAB can mean.
    fn keyword(&self, typed: &str) -> Option<&str> {
        let typed = typed.to_ascii_lowercase();
        let fits = |word: &&String| word.to_ascii_lowercase().starts_with(&typed);
        let mut words = self.words.keys().filter(fits).map(String::as_str);
        let first = words.next()?;
        let only = words.next().is_none() || first.eq_ignore_ascii_case(&typed);
        only.then_some(first)
    }
}

/// After a type of interface that stands alone: its number comes next.
fn number_help(before: &str, words: &[Word], typed: &str) -> Help {
    let word = words.last().map_or("", |word| &before[word.start..word.end]);
    let Some(kind) = InterfaceKind::from_word(word).filter(|_| interface::may_number(typed)) else {
        return Help::Unrecognized;
    };
    let number = format!("<0-{}>", u32::MAX);
    if typed.is_empty() {
        return Help::List(vec![(number, format!("{} interface number", kind.long()))]);
    }
    Help::Words(vec![number])
}

/// The words that are whole, and the letters of the one that is not.
fn split_last(before: &str) -> (Vec<Word>, &str) {
    let mut words = words::split(before);
    let last = words.pop_if(|word| word.end == before.len());
    (words, last.map_or("", |word| &before[word.start..]))
}

/// What stands for a value that may begin with `typed`.
fn placeholder(kind: Kind, typed: &str) -> Option<String> {
    let starts = |good: fn(u8) -> bool| typed.bytes().all(good);
    match kind {
        Kind::Word | Kind::Quoted => Some("WORD".into()),
        Kind::Line => Some("LINE".into()),
        Kind::Integer { min, max } => {
            starts(|b| b.is_ascii_digit()).then(|| format!("<{min}-{max}>"))
        }
        Kind::Ipv4 | Kind::Mask => {
            starts(|b| b.is_ascii_digit() || b == b'.').then(|| "A.B.C.D".into())
        }
        Kind::Ipv6 => starts(is_of_ipv6).then(|| "X:X:X:X::X".into()),
        Kind::Ipv6Prefix => {
            starts(|b| is_of_ipv6(b) || b == b'/').then(|| "X:X:X:X::X/<0-128>".into())
        }
        Kind::Interface => None,
    }
}

fn is_of_ipv6(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b':'
}

/// Words side by side, as many columns as a line holds.
fn columns(words: &[String]) -> String {
    let width = words.iter().map(String::len).max().unwrap_or(0) + 2;
    let per_line = (COLUMNS / width).max(1);
    let row = |row: &[String]| {
        let cells: String = row.iter().map(|word| format!("{word:width$}")).collect();
        cells.trim_end().to_owned() + "\n"
    };
    words.chunks(per_line).map(row).collect::<String>() + "\n"
}
