//! What a line means: each word narrows the commands that it can still be.
//!
//! Called by `iosxe` for every line of every session, applet and file. It runs nothing and prints
//! nothing: the caller knows the prompt, which the caret line needs.

use std::collections::BTreeMap;

use crate::args::{Args, Form, Item};
use crate::grammar::{Command, Kind, Token};
use crate::levels::{Access, Seen};
use crate::start::{KEYWORDS, Start};
use crate::walk::{Edge, Position};
use crate::words::{self, Fit, Word};

/// All commands of a device, by mode.
#[derive(Debug)]
pub struct Grammar<M: 'static, H: 'static> {
    modes: BTreeMap<M, Starts<M, H>>,
}

/// The forms of all commands of a mode, and which of them can begin with a letter: there are
/// hundreds, and most lines are of one.
#[derive(Debug)]
struct Starts<M: 'static, H: 'static> {
    all: Vec<Start<M, H>>,
    /// By letter, in the order of `all`; those that begin with a value are in each.
    by_letter: BTreeMap<u8, Vec<usize>>,
    /// Those that begin with a value.
    values: Vec<usize>,
}

/// What a line is.
#[derive(Debug)]
pub enum Parsed<M: 'static, H: 'static> {
    /// Blank, or a comment.
    Empty,
    /// A command.
    Command(Match<M, H>),
    /// `% Ambiguous command:`: two keywords or more begin with one of the words.
    Ambiguous,
    /// `% Incomplete command.`
    Incomplete,
    /// `% Invalid input detected at '^' marker.`
    Invalid {
        /// The first byte of the line at which no keyword matches any more.
        column: usize,
    },
}

/// A line that is a command.
#[derive(Debug)]
pub struct Match<M: 'static, H: 'static> {
    /// Which.
    pub command: &'static Command<M, H>,
    /// Its words.
    pub args: Args,
}

/// One command that the words so far fit.
#[derive(Debug)]
pub(crate) struct Candidate<'a, M: 'static, H: 'static> {
    pub(crate) command: &'static Command<M, H>,
    seen: Seen<'a>,
    pub(crate) form: Form,
    pub(crate) position: Position,
    pub(crate) items: Vec<Item>,
    /// Whether the last word is in a value that takes the rest of the line.
    pub(crate) in_line: bool,
}

/// Why the words fit no command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Ambiguous,
    Incomplete,
    Invalid(usize),
}

/// Abbreviations that several keywords begin with and one of them owns, with the word in front:
/// `show log` is what everybody types, though there is `show login`.
const OWNED: [(&str, &str, &str); 1] = [("show", "log", "logging")];

/// Sees every command.
const PRIVILEGE_MAX: u8 = 15;

/// What stands for several keywords while one is looked for; no keyword is empty.
const AMBIGUOUS: &str = "";

impl<M: Copy + Ord, H> Grammar<M, H> {
    /// The parser of these commands.
    pub fn new(commands: impl IntoIterator<Item = &'static Command<M, H>>) -> Self {
        let mut modes: BTreeMap<M, Vec<Start<M, H>>> = BTreeMap::new();
        for command in commands {
            for &mode in command.modes {
                modes.entry(mode).or_default().extend(Start::of(command));
            }
        }
        Grammar { modes: modes.into_iter().map(|(mode, all)| (mode, Starts::new(all))).collect() }
    }

    /// What `line` means in `mode` for somebody of this privilege level.
    pub fn parse<'a>(&self, mode: M, access: impl Into<Access<'a, M>>, line: &str) -> Parsed<M, H> {
        let words = words::split(line);
        if words.first().is_none_or(|word| line[word.start..].starts_with('!')) {
            return Parsed::Empty;
        }
        let candidates = match self.follow(mode, access.into().seen(&mode), line, &words) {
            Ok(candidates) => candidates,
            Err(stop) => return Parsed::from(stop),
        };
        match candidates.into_iter().find(Candidate::may_end) {
            Some(Candidate { command, form, items, .. }) => {
                Parsed::Command(Match { command, args: Args::new(line, form, items) })
            }
            None => Parsed::Incomplete,
        }
    }

    /// The whole keywords of a line that is the beginning of a command, without its values.
    pub fn keywords(&self, mode: M, line: &str) -> Result<String, Parsed<M, H>> {
        let access: Access<'_, M> = PRIVILEGE_MAX.into();
        let candidates = self.follow(mode, access.seen(&mode), line, &words::split(line))?;
        let first = candidates.first();
        let words: Vec<&str> = first.map(|c| c.keywords().collect()).unwrap_or_default();
        Ok(words.join(" "))
    }

    /// The commands that `words` can still become; at least one.
    pub(crate) fn follow<'a>(
        &self,
        mode: M,
        seen: Seen<'a>,
        line: &str,
        words: &[Word],
    ) -> Result<Vec<Candidate<'a, M, H>>, Stop> {
        let mut candidates = self.start(mode, seen, line, words)?;
        let mut rest = words;
        while !rest.is_empty() {
            let (next, used) = step(candidates, line, rest)?;
            candidates = next;
            rest = &rest[used..];
        }
        Ok(candidates)
    }

    /// The commands that can begin with the first word, narrowed by the words behind it as far as
    /// following each of them would: most commands are told apart by a few keywords in front. A
    /// line with none is most often one that leaves a submode, and every configuration is full of
    /// those.
    fn start<'a>(
        &self,
        mode: M,
        seen: Seen<'a>,
        line: &str,
        words: &[Word],
    ) -> Result<Vec<Candidate<'a, M, H>>, Stop> {
        let Some(starts) = self.modes.get(&mode) else { return Err(Stop::Invalid(0)) };
        let is_seen = |start: &&Start<M, H>| seen.starts(start);
        let begin = |start: &Start<M, H>| Candidate::begin(start, seen);
        let Some(word) = words.first() else {
            return Ok(starts.all.iter().filter(is_seen).map(begin).collect());
        };
        let typed = line[word.start..word.end].to_ascii_lowercase();
        let forms = || starts.beginning_with(&typed).filter(is_seen);
        let begins = |form: &&Start<M, H>| form.keywords[0].is_none_or(|k| k.starts_with(&typed));
        let mut fit: Vec<&Start<M, H>> = forms().filter(begins).collect();
        if fit.is_empty() {
            // All begin with keywords, and none with this word.
            let keywords = forms().filter_map(|form| form.keywords[0]);
            let prefix = keywords.map(|keyword| words::common_prefix(keyword, &typed)).max();
            return Err(Stop::Invalid(word.start + prefix.unwrap_or(0)));
        }
        // Words that are hidden behind a level must not tell commands apart.
        if seen.rules.is_none() {
            narrow(&mut fit, line, words);
        }
        Ok(fit.into_iter().map(begin).collect())
    }
}

/// Leaves the forms that the words in front leave. Where none has a keyword that begins with a
/// word, it may be a value, or wrong: then all that are left are needed.
fn narrow<M, H>(forms: &mut Vec<&Start<M, H>>, line: &str, words: &[Word]) {
    for (depth, word) in words.iter().enumerate().take(KEYWORDS) {
        let typed = line[word.start..word.end].to_ascii_lowercase();
        let fits = |form: &&Start<M, H>| form.keywords[depth].map(|k| k.starts_with(&typed));
        if !forms.iter().any(|form| fits(form) == Some(true)) {
            return;
        }
        forms.retain(|form| fits(form) != Some(false));
        let whole = forms.iter().any(|form| form.keywords[depth] == Some(typed.as_str()));
        if whole {
            forms.retain(|form| form.keywords[depth].is_none_or(|k| k == typed));
        } else if forms.iter().any(|form| form.keywords[depth] != forms[0].keywords[depth]) {
            // An abbreviation of more than one, or of what stands beside a value.
            return;
        }
    }
}

impl<M, H> Starts<M, H> {
    fn new(all: Vec<Start<M, H>>) -> Self {
        let letter = |start: &Start<M, H>| start.keywords[0].and_then(|word| word.bytes().next());
        let mut by_letter: BTreeMap<u8, Vec<usize>> =
            all.iter().filter_map(letter).map(|letter| (letter, Vec::new())).collect();
        let mut values = Vec::new();
        for (index, start) in all.iter().enumerate() {
            match letter(start) {
                Some(letter) => by_letter.entry(letter).or_default().push(index),
                None => {
                    values.push(index);
                    by_letter.values_mut().for_each(|indices| indices.push(index));
                }
            }
        }
        Starts { all, by_letter, values }
    }

    /// The forms that can begin with this word, in lower case.
    fn beginning_with(&self, word: &str) -> impl Iterator<Item = &Start<M, H>> {
        let letter = word.bytes().next();
        let indices = letter.and_then(|letter| self.by_letter.get(&letter));
        indices.unwrap_or(&self.values).iter().map(|&index| &self.all[index])
    }
}

impl<M, H> Match<M, H> {
    /// Whether its output may go through a pipe.
    pub fn is_piped(&self) -> bool {
        self.command.is_piped()
    }
}

impl<M: 'static, H: 'static> From<Stop> for Parsed<M, H> {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Ambiguous => Parsed::Ambiguous,
            Stop::Incomplete => Parsed::Incomplete,
            Stop::Invalid(column) => Parsed::Invalid { column },
        }
    }
}

impl<'a, M, H> Candidate<'a, M, H> {
    fn begin(start: &Start<M, H>, seen: Seen<'a>) -> Self {
        let Start { command, form, .. } = *start;
        let position = start.position();
        Candidate { command, seen, form, position, items: Vec::new(), in_line: false }
    }

    /// The keywords so far, without `no` and `default`.
    fn keywords(&self) -> impl Iterator<Item = &'static str> {
        let front = usize::from(self.form != Form::Plain);
        let words = self.items.iter().skip(front).filter(|item| item.value.is_none());
        words.map(|item| item.name)
    }

    /// What may come next.
    pub(crate) fn edges(&self) -> Vec<Edge> {
        let mut edges = self.position.next().edges;
        let at_front = self.form != Form::Plain && self.items.is_empty();
        if self.seen.rules.is_some() && !at_front {
            edges.retain(|edge| {
                let own = self.command.privilege;
                let word = edge.token.keyword();
                word.is_none_or(|word| self.seen.allows(self.keywords(), word, own))
            });
        }
        edges
    }

    fn then(&self, item: Item, edge: Edge) -> Self {
        let mut items = Vec::with_capacity(self.items.len() + 1);
        items.extend_from_slice(&self.items);
        items.push(item);
        let in_line = matches!(edge.token, Token::Param { kind: Kind::Line, .. });
        let Candidate { command, seen, form, .. } = *self;
        Candidate { command, seen, form, position: edge.after, items, in_line }
    }

    /// Whether the line may end here. In the `no` form all from the first parameter on may be left
    /// out, and what is given of it may end anywhere: `no username admin`.
    pub(crate) fn may_end(&self) -> bool {
        let next = self.position.next();
        let at_parameter =
            || next.edges.iter().any(|edge| matches!(edge.token, Token::Param { .. }));
        let in_parameters = || self.items.iter().any(|item| item.value.is_some());
        next.may_end || (self.form != Form::Plain && (in_parameters() || at_parameter()))
    }
}

/// One word further: the candidates that it leaves, and how many words it took.
fn step<'a, M, H>(
    candidates: Vec<Candidate<'a, M, H>>,
    line: &str,
    words: &[Word],
) -> Result<(Vec<Candidate<'a, M, H>>, usize), Stop> {
    let typed = line[words[0].start..words[0].end].to_ascii_lowercase();
    let begins = |word: &str| word.starts_with(&typed);
    let branches =
        branches(&candidates, |candidate| candidate.position.keyword().is_none_or(begins));
    let last = candidates.first().and_then(|candidate| candidate.items.last());
    let before = last.filter(|item| item.value.is_none()).map(|item| item.name);
    if let Some(keyword) = resolve_keyword(&branches, before, &typed)? {
        let kept = branches.into_iter().filter(|(_, edge)| edge.token.keyword() == Some(keyword));
        let item = Item { name: keyword, value: None, start: words[0].start, end: words[0].end };
        let next = kept.map(|(index, edge)| candidates[index].then(item.clone(), edge)).collect();
        return Ok((next, 1));
    }
    // Other keywords count for the place of the caret.
    step_by_value(&candidates, self::branches(&candidates, |_| true), line, words)
}

/// What can come next in each of these candidates, with the place of the candidate.
fn branches<M, H>(
    candidates: &[Candidate<'_, M, H>],
    wanted: impl Fn(&Candidate<'_, M, H>) -> bool,
) -> Vec<(usize, Edge)> {
    let wanted = candidates.iter().enumerate().filter(|(_, candidate)| wanted(candidate));
    let edges = wanted.map(|(index, candidate)| (index, candidate.edges()));
    edges.flat_map(|(index, edges)| edges.into_iter().map(move |edge| (index, edge))).collect()
}

/// The keyword that `typed` means: an exact match, else the only one that begins with it.
fn resolve_keyword(
    branches: &[(usize, Edge)],
    before: Option<&str>,
    typed: &str,
) -> Result<Option<&'static str>, Stop> {
    let mut found = None;
    for keyword in branches.iter().filter_map(|(_, edge)| edge.token.keyword()) {
        if keyword == typed {
            return Ok(Some(keyword));
        }
        if keyword.starts_with(typed) && found != Some(keyword) {
            found = if found.is_none() { Some(keyword) } else { Some(AMBIGUOUS) };
        }
    }
    if found != Some(AMBIGUOUS) {
        return Ok(found);
    }
    let owned = OWNED.iter().find(|(front, short, _)| Some(*front) == before && *short == typed);
    let owner = owned.map(|(_, _, owner)| *owner);
    let mut keywords = branches.iter().filter_map(|(_, edge)| edge.token.keyword());
    match owner.filter(|owner| keywords.any(|keyword| keyword == *owner)) {
        Some(owner) => Ok(Some(owner)),
        None => Err(Stop::Ambiguous),
    }
}

fn step_by_value<'a, M, H>(
    candidates: &[Candidate<'a, M, H>],
    branches: Vec<(usize, Edge)>,
    line: &str,
    words: &[Word],
) -> Result<(Vec<Candidate<'a, M, H>>, usize), Stop> {
    let typed = &line[words[0].start..words[0].end];
    let mut matched = 0;
    let mut unfinished = false;
    let mut fits = Vec::new();
    for (index, edge) in branches {
        match *edge.token {
            Token::Param { name, kind, .. } => match words::fit(kind, line, words) {
                Fit::Value(value, used) => {
                    fits.push((words::rank(kind), used, index, name, value, edge));
                }
                Fit::Unfinished => unfinished = true,
                Fit::None(length) => matched = matched.max(length),
            },
            Token::Keyword { word, .. } => matched = matched.max(words::common_prefix(word, typed)),
            Token::Optional(_) | Token::OneOf(_) | Token::AnyOf(_) => {}
        }
    }
    let Some(&(rank, used, ..)) = fits.iter().min_by_key(|fit| fit.0) else {
        let column = words[0].start + matched;
        return Err(if unfinished { Stop::Incomplete } else { Stop::Invalid(column) });
    };
    let (start, end) = (words[0].start, words[used - 1].end);
    let kept = fits.into_iter().filter(|fit| fit.0 == rank);
    let next = kept.map(|(_, _, index, name, value, edge)| {
        candidates[index].then(Item { name, value: Some(value), start, end }, edge)
    });
    Ok((next.collect(), used))
}
