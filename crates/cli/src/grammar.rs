//! How a command is declared: words, parameters, alternatives, as constant data.

/// One position of a command.
#[derive(Clone, Copy, Debug)]
pub enum Token {
    /// A fixed word. Any unambiguous prefix of it is enough; an exact match wins.
    Keyword {
        /// The whole word, in lower case.
        word: &'static str,
        /// What `?` says about it.
        help: &'static str,
    },
    /// A value.
    Param {
        /// The name under which the handler asks for it.
        name: &'static str,
        /// What fits.
        kind: Kind,
        /// What `?` says about it.
        help: &'static str,
    },
    /// All of these, or none.
    Optional(&'static [Token]),
    /// Exactly one of these sequences.
    OneOf(&'static [&'static [Token]]),
    /// Any number of these sequences, in any order, each at most once.
    AnyOf(&'static [&'static [Token]]),
}

/// What fits a parameter. What `?` shows for it is in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One word (`WORD`). Quotation marks around it fall away; one with blanks in it is none, since
    /// it would print as several.
    Word,
    /// One word, or several between quotation marks, where what prints it quotes it (`WORD`).
    Quoted,
    /// The rest of the line, inner blanks kept, at least one character (`LINE`).
    Line,
    /// A whole number (`<min-max>`).
    Integer {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// An IPv4 address (`A.B.C.D`).
    Ipv4,
    /// A contiguous IPv4 mask (`A.B.C.D`).
    Mask,
    /// An IPv6 address (`X:X:X:X::X`).
    Ipv6,
    /// An IPv6 address and the length of its prefix (`X:X:X:X::X/<0-128>`).
    Ipv6Prefix,
    /// An interface in any form that IOS takes: `gi1`, `Gi 1`, `GigabitEthernet0/0/1.10`. `?` lists
    /// the interface types.
    Interface,
}

/// Whether a command has a `no` (and `default`) form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// It has none.
    Without,
    /// It has: the same words, of which all from the first parameter on may be left out.
    Allowed,
}

/// One command: everything that the parser, `?` and TAB need to know.
///
/// `M` is the device's enum of modes, `H` what it calls when the line matches.
#[derive(Debug)]
pub struct Command<M: 'static, H> {
    /// In which modes it exists.
    pub modes: &'static [M],
    /// The lowest privilege level that sees it, 0 to 15.
    pub privilege: u8,
    /// Its words.
    pub syntax: &'static [Token],
    /// Its `no` form.
    pub no: No,
    /// What carries it out.
    pub run: H,
}

impl Token {
    /// The word, when this is a keyword.
    pub fn keyword(&self) -> Option<&'static str> {
        match *self {
            Token::Keyword { word, .. } => Some(word),
            Token::Param { .. } | Token::Optional(_) | Token::OneOf(_) | Token::AnyOf(_) => None,
        }
    }
}

impl<M, H> Command<M, H> {
    /// Whether its output may go through a pipe: `show ... | include X`.
    pub fn is_piped(&self) -> bool {
        self.syntax.first().and_then(Token::keyword).is_some_and(|word| PIPED.contains(&word))
    }
}

/// The first words of the commands that take a pipe.
const PIPED: [&str; 3] = ["dir", "more", "show"];

/// A keyword.
pub const fn kw(word: &'static str, help: &'static str) -> Token {
    Token::Keyword { word, help }
}

/// A parameter.
pub const fn param(name: &'static str, kind: Kind, help: &'static str) -> Token {
    Token::Param { name, kind, help }
}

/// All of `tokens`, or none.
pub const fn opt(tokens: &'static [Token]) -> Token {
    Token::Optional(tokens)
}

/// Exactly one of `sequences`.
pub const fn one_of(sequences: &'static [&'static [Token]]) -> Token {
    Token::OneOf(sequences)
}

/// Any of `sequences`, in any order, each at most once.
pub const fn any_of(sequences: &'static [&'static [Token]]) -> Token {
    Token::AnyOf(sequences)
}
