//! Every command of a router as data: what `docs/commands.md` is made of, and what tests make lines
//! of.
//!
//! Read from the declarations that the parser reads. Nothing here runs a command.

use std::fmt::Write as _;

use cli::{Kind, No, Token};

use crate::command::{Command, Mode};
use crate::feature::{absent, eem, inert};
use crate::io::Dialect;
use crate::platform::Role;

/// One command.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    command: &'static Command,
    /// What a router makes of it.
    pub standing: Standing,
}

/// What a router makes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It has its effect.
    Modelled,
    /// A line of configuration that is kept in its place and changes nothing else.
    Kept,
    /// It says what IOS says where that feature is not in use.
    Absent,
}

/// The words of the prompts of modes, as far as each mode has one.
const WORDS: [(Mode, &str); 16] = [
    (Mode::Exec, "EXEC"),
    (Mode::Config, "config"),
    (Mode::Interface, "config-if"),
    (Mode::Line, "config-line"),
    (Mode::Applet, "config-applet"),
    (Mode::Trigger, "config-applet-trigger"),
    (Mode::Archive, "config-archive"),
    (Mode::ArchiveLog, "config-archive-log-cfg"),
    (Mode::Track, "config-track"),
    (Mode::Sla, "config-ip-sla"),
    (Mode::SlaJob, "config-ip-sla-echo"),
    (Mode::StandardAccessList, "config-std-nacl"),
    (Mode::ExtendedAccessList, "config-ext-nacl"),
    (Mode::AccessListV6, "config-ipv6-acl"),
    (Mode::TlsProfile, "config-tls-profile"),
    (Mode::RouteMap, "config-route-map"),
];

/// The commands of a dialect, in the order of their declarations; those of switches among them.
pub fn commands(dialect: Dialect) -> Vec<Entry> {
    let kept: Vec<&Command> = inert::commands().collect();
    let absent: Vec<&Command> = absent::commands().collect();
    let is_in = |all: &[&Command], command| all.iter().any(|one| std::ptr::eq(*one, command));
    let entry = |command: &'static Command| {
        let standing = match () {
            () if is_in(&kept, command) => Standing::Kept,
            () if is_in(&absent, command) => Standing::Absent,
            () => Standing::Modelled,
        };
        Entry { command, standing }
    };
    eem::forms::commands(dialect, Role::Switch).map(entry).collect()
}

impl Entry {
    /// The modes that have it, by the word in their prompts; `EXEC`.
    pub fn modes(&self) -> Vec<String> {
        self.command.modes.iter().map(|mode| word(*mode)).collect()
    }

    /// The lowest privilege level that sees it.
    pub fn privilege(&self) -> u8 {
        self.command.privilege
    }

    /// Whether it has a `no` and a `default` form.
    pub fn has_no(&self) -> bool {
        self.command.no == No::Allowed
    }

    /// Its words.
    pub fn tokens(&self) -> &'static [Token] {
        self.command.syntax
    }

    /// Its words in Cisco's notation: `[x]` may be left out, `{x | y}` is a choice.
    pub fn syntax(&self) -> String {
        sequence(self.command.syntax)
    }

    /// What `?` says of the last of the keywords that it begins with; of its first value if it
    /// begins with one.
    pub fn help(&self) -> &'static str {
        let front = self.command.syntax.iter().map_while(|token| match token {
            Token::Keyword { help, .. } => Some(*help),
            Token::Param { .. } | Token::Optional(_) | Token::OneOf(_) | Token::AnyOf(_) => None,
        });
        let first = match self.command.syntax.first() {
            Some(Token::Param { help, .. }) => help,
            Some(
                Token::Keyword { .. } | Token::Optional(_) | Token::OneOf(_) | Token::AnyOf(_),
            )
            | None => "",
        };
        front.last().unwrap_or(first)
    }
}

fn word(mode: Mode) -> String {
    if let Mode::Kept(number) = mode {
        return inert::mode_word(number).to_owned();
    }
    if let Mode::Router(kind) = mode {
        // Several kinds of router and of family share a prompt.
        return format!("{} ({kind:?})", kind.prompt());
    }
    let known = WORDS.iter().find(|(of, _)| *of == mode);
    known.map_or_else(|| format!("{mode:?}").to_lowercase(), |(_, word)| (*word).to_owned())
}

/// A choice of more words than this is cut short: those of ports and of types of ICMP are dozens.
const CHOICE_MAX: usize = 20;

/// A choice that is longer than this is shown by the first word of each.
const CHOICE_CHARS_MAX: usize = 300;

fn sequence(tokens: &[Token]) -> String {
    let mut words: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let again = at > 0 && repeats(&tokens[at - 1], token);
        words.push(if again { "[...]".to_owned() } else { notation(token) });
    }
    words.join(" ")
}

/// Whether a token is the one in front of it once more: a list of values.
fn repeats(before: &Token, token: &Token) -> bool {
    match (before, token) {
        (Token::OneOf(choice), Token::Optional([Token::OneOf(again), ..])) => {
            std::ptr::eq(*choice, *again)
        }
        _ => false,
    }
}

fn notation(token: &Token) -> String {
    match token {
        Token::Keyword { word, .. } => (*word).to_owned(),
        Token::Param { name, kind, .. } => value(name, *kind),
        Token::Optional([Token::OneOf(sequences)]) => format!("[{}]", choice(sequences)),
        Token::Optional(tokens) => format!("[{}]", sequence(tokens)),
        Token::OneOf([only]) => sequence(only),
        Token::OneOf(sequences) => format!("{{{}}}", choice(sequences)),
        Token::AnyOf(sequences) => sequences.iter().fold(String::new(), |mut text, sequence| {
            let blank = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{blank}[{}]", self::sequence(sequence));
            text
        }),
    }
}

fn choice(sequences: &[&[Token]]) -> String {
    let first = |tokens: &&[Token]| match tokens {
        [first, _, ..] => format!("{} ...", notation(first)),
        tokens => sequence(tokens),
    };
    let all = sequences.iter().map(|tokens| sequence(tokens)).collect::<Vec<_>>().join(" | ");
    match sequences {
        _ if all.len() <= CHOICE_CHARS_MAX => all,
        [one, other, .., last] if sequences.len() > CHOICE_MAX => {
            format!("{} | {} | ... | {}", first(one), first(other), first(last))
        }
        _ => sequences.iter().map(first).collect::<Vec<_>>().join(" | "),
    }
}

/// A value by its name, a number by its range.
fn value(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Integer { min, max } if min == max => min.to_string(),
        Kind::Integer { min, max } => format!("<{min}-{max}>"),
        Kind::Ipv6Prefix => format!("{}/<0-128>", name.to_uppercase()),
        Kind::Word | Kind::Quoted | Kind::Line | Kind::Interface => name.to_uppercase(),
        Kind::Ipv4 | Kind::Mask | Kind::Ipv6 => name.to_uppercase(),
    }
}
