//! What a line means: each word narrows the commands that it can still be.
//!
//! Called by `iosxe` for every line of every session, applet and file. It runs nothing and prints
//! nothing: the caller knows the prompt, which the caret line needs.

use std::collections::BTreeMap;

use crate::args::{Args, Form, Item};
use crate::grammar::{Command, Kind, No, Token};
use crate::walk::{Edge, Position};
use crate::words::{self, Fit, Word};

/// All commands of a device, by mode.
#[derive(Debug)]
pub struct Grammar<M: 'static, H: 'static> {
    modes: BTreeMap<M, Vec<&'static Command<M, H>>>,
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
pub(crate) struct Candidate<M: 'static, H: 'static> {
    pub(crate) command: &'static Command<M, H>,
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

/// What stands for several keywords while one is looked for; no keyword is empty.
const AMBIGUOUS: &str = "";

static NO: [Token; 1] =
    [Token::Keyword { word: "no", help: "Negate a command or set its defaults" }];
static DEFAULT: [Token; 1] =
    [Token::Keyword { word: "default", help: "Set a command to its defaults" }];

impl<M: Copy + Ord, H> Grammar<M, H> {
    /// The parser of these commands.
    pub fn new(commands: impl IntoIterator<Item = &'static Command<M, H>>) -> Self {
        let mut modes: BTreeMap<M, Vec<&'static Command<M, H>>> = BTreeMap::new();
        for command in commands {
            for &mode in command.modes {
                modes.entry(mode).or_default().push(command);
            }
        }
        Grammar { modes }
    }

    fn commands(&self, mode: M) -> &[&'static Command<M, H>] {
        self.modes.get(&mode).map_or(&[], Vec::as_slice)
    }

    /// What `line` means in `mode` for somebody of this privilege level.
    pub fn parse(&self, mode: M, privilege: u8, line: &str) -> Parsed<M, H> {
        let words = words::split(line);
        if words.first().is_none_or(|word| line[word.start..].starts_with('!')) {
            return Parsed::Empty;
        }
        let candidates = match self.follow(mode, privilege, line, &words) {
            Ok(candidates) => candidates,
            Err(Stop::Ambiguous) => return Parsed::Ambiguous,
            Err(Stop::Incomplete) => return Parsed::Incomplete,
            Err(Stop::Invalid(column)) => return Parsed::Invalid { column },
        };
        match candidates.into_iter().find(Candidate::may_end) {
            Some(Candidate { command, form, items, .. }) => {
                Parsed::Command(Match { command, args: Args::new(line, form, items) })
            }
            None => Parsed::Incomplete,
        }
    }

    /// The commands that `words` can still become; at least one.
    pub(crate) fn follow(
        &self,
        mode: M,
        privilege: u8,
        line: &str,
        words: &[Word],
    ) -> Result<Vec<Candidate<M, H>>, Stop> {
        let first = words.first().map(|word| &line[word.start..word.end]);
        let mut candidates = self.start(mode, privilege, first);
        let mut rest = words;
        while !rest.is_empty() {
            let (next, used) = step(candidates, line, rest)?;
            candidates = next;
            rest = &rest[used..];
        }
        Ok(candidates)
    }

    /// Every command in every form, unless some begin with the first word: then those. A line
    /// that none begins with needs all of them, for the place of its caret.
    fn start(&self, mode: M, privilege: u8, first: Option<&str>) -> Vec<Candidate<M, H>> {
        let visible = || self.commands(mode).iter().filter(|c| c.privilege <= privilege);
        let typed = first.unwrap_or_default().to_ascii_lowercase();
        let fit: Vec<_> = visible().flat_map(|command| Candidate::start(command, &typed)).collect();
        if fit.is_empty() {
            return visible().flat_map(|command| Candidate::start(command, "")).collect();
        }
        fit
    }
}

impl<M, H> Match<M, H> {
    /// Whether its output may go through a pipe.
    pub fn is_piped(&self) -> bool {
        self.command.is_piped()
    }
}

impl<M, H> Candidate<M, H> {
    /// The forms of a command whose first word can begin with `typed`.
    fn start(command: &'static Command<M, H>, typed: &str) -> Vec<Self> {
        let candidate = |form, position| Candidate {
            command,
            form,
            position,
            items: Vec::new(),
            in_line: false,
        };
        let begins = |tokens: &[Token]| {
            let word = tokens.first().and_then(Token::keyword);
            word.is_none_or(|word| word.starts_with(typed))
        };
        let mut forms = Vec::new();
        if begins(command.syntax) {
            forms.push(candidate(Form::Plain, Position::start(command.syntax)));
        }
        if command.no == No::Allowed && begins(&NO) {
            forms.push(candidate(Form::No, Position::start_after(&NO, command.syntax)));
        }
        if command.no == No::Allowed && begins(&DEFAULT) {
            forms.push(candidate(Form::Default, Position::start_after(&DEFAULT, command.syntax)));
        }
        forms
    }

    fn then(&self, item: Item, edge: Edge) -> Self {
        let mut items = self.items.clone();
        items.push(item);
        let in_line = matches!(edge.token, Token::Param { kind: Kind::Line, .. });
        let Candidate { command, form, .. } = *self;
        Candidate { command, form, position: edge.after, items, in_line }
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
fn step<M, H>(
    candidates: Vec<Candidate<M, H>>,
    line: &str,
    words: &[Word],
) -> Result<(Vec<Candidate<M, H>>, usize), Stop> {
    let branches: Vec<(usize, Edge)> = candidates
        .iter()
        .enumerate()
        .flat_map(|(index, candidate)| {
            candidate.position.next().edges.into_iter().map(move |edge| (index, edge))
        })
        .collect();
    let typed = line[words[0].start..words[0].end].to_ascii_lowercase();
    if let Some(keyword) = resolve_keyword(&branches, &typed)? {
        let kept = branches.into_iter().filter(|(_, edge)| edge.token.keyword() == Some(keyword));
        let item = Item { name: keyword, value: None, start: words[0].start, end: words[0].end };
        let next = kept.map(|(index, edge)| candidates[index].then(item.clone(), edge)).collect();
        return Ok((next, 1));
    }
    step_by_value(&candidates, branches, line, words)
}

/// The keyword that `typed` means: an exact match, else the only one that begins with it.
fn resolve_keyword(branches: &[(usize, Edge)], typed: &str) -> Result<Option<&'static str>, Stop> {
    let mut found = None;
    for keyword in branches.iter().filter_map(|(_, edge)| edge.token.keyword()) {
        if keyword == typed {
            return Ok(Some(keyword));
        }
        if keyword.starts_with(typed) && found != Some(keyword) {
            found = if found.is_none() { Some(keyword) } else { Some(AMBIGUOUS) };
        }
    }
    if found == Some(AMBIGUOUS) { Err(Stop::Ambiguous) } else { Ok(found) }
}

fn step_by_value<M, H>(
    candidates: &[Candidate<M, H>],
    branches: Vec<(usize, Edge)>,
    line: &str,
    words: &[Word],
) -> Result<(Vec<Candidate<M, H>>, usize), Stop> {
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
