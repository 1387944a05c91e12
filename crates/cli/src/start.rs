//! The forms in which a command can be given: as it is, with `no`, with `default`.
//!
//! Made once for each command, and looked at by the parser for each line: all of a mode's, so that
//! what is asked of every one is at hand.

use crate::args::Form;
use crate::grammar::{Command, No, Token};
use crate::walk::Position;

static NO: [Token; 1] =
    [Token::Keyword { word: "no", help: "Negate a command or set its defaults" }];
static DEFAULT: [Token; 1] =
    [Token::Keyword { word: "default", help: "Set a command to its defaults" }];

/// So many words in front are looked at before a form is followed word by word: `no ip domain
/// lookup`.
pub(crate) const KEYWORDS: usize = 4;

/// One form of a command, before its first word.
#[derive(Debug)]
pub(crate) struct Start<M: 'static, H: 'static> {
    pub(crate) command: &'static Command<M, H>,
    pub(crate) form: Form,
    /// Its first words, up to the first at which something else than one keyword can stand.
    pub(crate) keywords: [Option<&'static str>; KEYWORDS],
    /// The word in front of the command's own.
    front: &'static [Token],
}

impl<M, H> Start<M, H> {
    /// The forms of a command.
    pub(crate) fn of(command: &'static Command<M, H>) -> impl Iterator<Item = Self> {
        let negated = command.no == No::Allowed;
        let forms: [(Form, &'static [Token], bool); 3] = [
            (Form::Plain, &[], true),
            (Form::No, &NO, negated),
            (Form::Default, &DEFAULT, negated),
        ];
        let forms = forms.into_iter().filter(|(.., has)| *has);
        forms.map(move |(form, front, _)| {
            let mut words = front.iter().chain(command.syntax).map_while(Token::keyword);
            let keywords = std::array::from_fn(|_| words.next());
            Start { command, form, keywords, front }
        })
    }

    /// Where it begins.
    pub(crate) fn position(&self) -> Position {
        Position::start_after(self.front, self.command.syntax)
    }
}
