//! The forms in which a command can be given: as it is, with `no`, with `default`.
//!
//! Used by the parser, which looks at all of a mode's for each line: nothing here is allocated
//! before a form is begun.

use crate::args::Form;
use crate::grammar::{Command, No, Token};
use crate::walk::Position;

static NO: [Token; 1] =
    [Token::Keyword { word: "no", help: "Negate a command or set its defaults" }];
static DEFAULT: [Token; 1] =
    [Token::Keyword { word: "default", help: "Set a command to its defaults" }];

/// One form of a command, before its first word.
#[derive(Debug)]
pub(crate) struct Start<M: 'static, H: 'static> {
    pub(crate) command: &'static Command<M, H>,
    pub(crate) form: Form,
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
        forms.map(move |(form, front, _)| Start { command, form, front })
    }

    /// The keyword at this place, if a keyword is all that can stand there.
    pub(crate) fn keyword(&self, place: usize) -> Option<&'static str> {
        self.front.iter().chain(self.command.syntax).nth(place).and_then(Token::keyword)
    }

    /// Where it begins.
    pub(crate) fn position(&self) -> Position {
        Position::start_after(self.front, self.command.syntax)
    }
}
