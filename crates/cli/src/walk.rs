//! Positions inside a command's syntax: which tokens may come next, and whether the line may end.
//!
//! Used by the parser and by `?`. A position is a stack of sequences, so that nested optional and
//! alternative parts need no copy of the syntax.

use crate::grammar::Token;

/// One level of nesting.
#[derive(Clone, Copy, Debug)]
enum Frame {
    Sequence { tokens: &'static [Token], at: usize },
    AnyOf { sequences: &'static [&'static [Token]], used: u64 },
}

/// A position inside a syntax.
#[derive(Clone, Debug)]
pub(crate) struct Position(Vec<Frame>);

/// A token that may come next, and the position after it.
#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) token: &'static Token,
    pub(crate) after: Position,
}

/// All that may come next.
#[derive(Debug, Default)]
pub(crate) struct Next {
    pub(crate) edges: Vec<Edge>,
    pub(crate) may_end: bool,
}

impl Position {
    /// The beginning of `first` followed by `syntax`.
    pub(crate) fn start_after(first: &'static [Token], syntax: &'static [Token]) -> Self {
        let frame = |tokens| Frame::Sequence { tokens, at: 0 };
        if first.is_empty() {
            return Position(vec![frame(syntax)]);
        }
        Position(vec![frame(syntax), frame(first)])
    }

    /// The keyword that comes next, if nothing else can: as [`Position::next`] says it, at once.
    pub(crate) fn keyword(&self) -> Option<&'static str> {
        let mut frames = self.0.iter().rev();
        frames
            .find_map(|frame| match frame {
                Frame::Sequence { tokens, at } => tokens.get(*at).map(Token::keyword),
                Frame::AnyOf { .. } => Some(None),
            })
            .flatten()
    }

    /// What may come next.
    pub(crate) fn next(&self) -> Next {
        let mut next = Next::default();
        expand(self.0.clone(), &mut next);
        next
    }
}

fn expand(mut stack: Vec<Frame>, next: &mut Next) {
    match stack.pop() {
        None => next.may_end = true,
        Some(Frame::Sequence { tokens, at }) => match tokens.get(at) {
            None => expand(stack, next),
            Some(token) => {
                stack.push(Frame::Sequence { tokens, at: at + 1 });
                expand_token(token, stack, next);
            }
        },
        Some(Frame::AnyOf { sequences, used }) => {
            expand(stack.clone(), next);
            for (index, tokens) in sequences.iter().enumerate() {
                let bit = 1 << index;
                if used & bit == 0 {
                    let mut branch = stack.clone();
                    branch.push(Frame::AnyOf { sequences, used: used | bit });
                    push_sequence(branch, tokens, next);
                }
            }
        }
    }
}

fn expand_token(token: &'static Token, mut stack: Vec<Frame>, next: &mut Next) {
    match token {
        Token::Keyword { .. } | Token::Param { .. } => {
            next.edges.push(Edge { token, after: Position(stack) });
        }
        Token::Optional(tokens) => {
            push_sequence(stack.clone(), tokens, next);
            expand(stack, next);
        }
        Token::OneOf(sequences) => {
            for tokens in *sequences {
                push_sequence(stack.clone(), tokens, next);
            }
        }
        Token::AnyOf(sequences) => {
            stack.push(Frame::AnyOf { sequences, used: 0 });
            expand(stack, next);
        }
    }
}

/// Goes into `tokens`. An empty sequence is left at once, so it leads nowhere new.
fn push_sequence(mut stack: Vec<Frame>, tokens: &'static [Token], next: &mut Next) {
    stack.push(Frame::Sequence { tokens, at: 0 });
    expand(stack, next);
}
