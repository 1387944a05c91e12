//! The line of a configuration that a node is: words, and slots for the values of leaves.
//!
//! | form | stands for |
//! |---|---|
//! | `hostname {}` | the node's own value |
//! | `description {...}` | the same, to the end of the line |
//! | `banner motd ^C{...}^C` | the same, between two marks |
//! | `transport input {input*}` | the values of a leaf-list, word by word, to the end of the line |
//! | `ip address {address} {mask}` | leaves below the node |
//! | `ipv6 address {ip}/{length}` | two in one word |
//! | `ip route {../prefix} {fwd}` | a key of the entry above it |
//! | `interface Loopback{name} >` | a block: what stands below the node stands in it |
//! | `[tag {tag}]` | may be left out |
//! | `(any \| host {host})` | one of these |
//! | `{?permanent}` `{?dst-any=any}` | the word, while the leaf of that name is there |
//! | `[{?^=secondary}]` | the word, in every entry of the list but the first |
//! | `ip name-server {*}` | each value of a leaf-list: one line of several, or several lines |
//! | `shutdown` | a leaf without a value: the line is there or not |
//! | `!shutdown` | a boolean that is false while the line is there, and true without it |
//! | `[no] ip http server` | a boolean that has a line in both cases |
//! | `@type` | no line: the router computes it, or that a container with presence is there |
//!
//! A slot may say how a value stands in the line: `{length:mask}` as a mask, `{text:quoted}` in
//! quotation marks, `{ip:upper}` in capitals.

mod matching;
mod writing;

/// The line of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// A line.
    Line {
        /// Its words.
        parts: Vec<Part>,
        /// Whether it opens a block.
        is_block: bool,
        /// What of a boolean it says.
        sign: Sign,
    },
    /// No line: the router computes it, by this name.
    Computed(String),
}

/// What of a boolean a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It is true while the line is there.
    Positive,
    /// It is false while the line is there.
    Negative,
    /// It is false when `no` stands in front.
    Both,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A word.
    Word(String),
    /// Letters, and a value behind them without a blank.
    Slot { front: String, slot: Slot },
    /// Two values with a slash between them.
    Pair(Slot, Slot),
    /// The value to the end of the line, between two marks.
    Rest { front: String, slot: Slot, back: String },
    /// The values of a leaf-list, to the end of the line.
    Words(Slot),
    /// A word that is there while an empty leaf is.
    Flag { word: String, slot: Slot },
    /// What may be left out.
    Optional(Vec<Part>),
    /// One of several.
    OneOf(Vec<Vec<Part>>),
}

/// Where a value belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// How many elements above the node.
    pub(crate) up: usize,
    /// The names from there; none is the node itself.
    pub(crate) path: Vec<String>,
    form: Form,
}

/// How a value stands in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    /// A length as a mask.
    Mask,
    Quoted,
    Upper,
    /// Seconds: a line may have decimals, which data has not.
    Seconds,
}

/// The values of a line.
pub(crate) type Values = Vec<(Slot, String)>;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// The values of its slots.
    pub(crate) values: Values,
    /// What it says of a boolean.
    pub(crate) is_on: bool,
}

impl Template {
    pub(crate) fn read(text: &str) -> Result<Template, String> {
        if let Some(name) = text.strip_prefix('@') {
            return Ok(Template::Computed(name.to_owned()));
        }
        let (text, sign) = match (text.strip_prefix('!'), text.strip_prefix("[no] ")) {
            (Some(text), _) => (text, Sign::Negative),
            (None, Some(text)) => (text, Sign::Both),
            (None, None) => (text, Sign::Positive),
        };
        let (text, is_block) = match text.strip_suffix(" >") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let mut tokens = tokens(text);
        let parts = sequence(&mut tokens, None)?;
        Ok(Template::Line { parts, is_block, sign })
    }

    /// Which of its two forms a boolean has a line for; none of what is no line.
    pub(crate) fn sign(&self) -> Option<Sign> {
        if let Template::Line { sign, .. } = self { Some(*sign) } else { None }
    }

    /// Whether it opens a block.
    pub(crate) fn is_block(&self) -> bool {
        matches!(self, Template::Line { is_block: true, .. })
    }

    /// Whether it says something without a line.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self, Template::Computed(_) | Template::Line { sign: Sign::Negative, .. })
    }

    /// Whether its lines tell the first entry of a list from the others.
    pub(crate) fn orders_entries(&self) -> bool {
        self.slots().iter().any(|slot| slot.is_later())
    }

    /// The word that every line of it begins with, if there is one.
    pub(crate) fn first_word(&self) -> Option<&str> {
        match self {
            Template::Line { parts, .. } => match parts.first() {
                Some(Part::Word(word)) => Some(word),
                Some(_) | None => None,
            },
            Template::Computed(_) => None,
        }
    }

    /// What every line of it begins with.
    pub(crate) fn front(&self) -> String {
        let Template::Line { parts, .. } = self else { return String::new() };
        let mut front = String::new();
        for part in parts {
            match part {
                Part::Word(word) => front += &format!("{word} "),
                Part::Slot { front: letters, .. } | Part::Rest { front: letters, .. } => {
                    return front + letters;
                }
                Part::Pair(..) | Part::Words(_) | Part::Flag { .. } => return front,
                Part::Optional(_) | Part::OneOf(_) => return front.trim_end().to_owned(),
            }
        }
        front.trim_end().to_owned()
    }

    /// The slot without a value that keeps it from being a line.
    pub(crate) fn lacking(&self, has: &dyn Fn(&Slot) -> bool) -> Option<&Slot> {
        let Template::Line { parts, .. } = self else { return None };
        lacking(parts, has)
    }

    /// All slots.
    pub(crate) fn slots(&self) -> Vec<&Slot> {
        let Template::Line { parts, .. } = self else { return Vec::new() };
        slots(parts)
    }
}

fn slots(parts: &[Part]) -> Vec<&Slot> {
    parts.iter().flat_map(Part::slots).collect()
}

fn lacking<'t>(parts: &'t [Part], has: &dyn Fn(&Slot) -> bool) -> Option<&'t Slot> {
    let given = |parts: &[Part]| slots(parts).into_iter().filter(|slot| has(slot)).count();
    parts.iter().find_map(|part| match part {
        Part::Optional(inner) if given(inner) == 0 => None,
        Part::Optional(inner) => lacking(inner, has),
        Part::OneOf(cases) if cases.iter().any(|case| lacking(case, has).is_none()) => None,
        // The case that has the most already, and of those the first.
        Part::OneOf(cases) => {
            let most = cases.iter().map(|case| given(case)).max();
            cases.iter().find(|case| Some(given(case)) == most).and_then(|case| lacking(case, has))
        }
        Part::Word(_) | Part::Slot { .. } | Part::Pair(..) | Part::Rest { .. } => {
            part.own_slots().into_iter().find(|slot| !has(slot))
        }
        Part::Words(_) | Part::Flag { .. } => part.own_slots().into_iter().find(|slot| !has(slot)),
    })
}

/// The words of a template, brackets apart; those in front come first.
fn tokens(text: &str) -> std::vec::IntoIter<&str> {
    let mut all = Vec::new();
    for mut word in text.split_whitespace() {
        while let Some(rest) = word.strip_prefix(['[', '(']) {
            all.push(&word[..1]);
            word = rest;
        }
        let bare = word.trim_end_matches([']', ')']);
        if !bare.is_empty() {
            all.push(bare);
        }
        all.extend((bare.len()..word.len()).map(|at| &word[at..=at]));
    }
    all.into_iter()
}

/// Parts up to a bracket that closes them.
fn sequence(
    tokens: &mut std::vec::IntoIter<&str>,
    closing: Option<&str>,
) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut cases = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            "[" => parts.push(Part::Optional(sequence(tokens, Some("]"))?)),
            "(" => {
                let mut inner = sequence(tokens, Some(")"))?;
                match (inner.pop(), inner.is_empty()) {
                    (Some(Part::OneOf(cases)), true) => parts.push(Part::OneOf(cases)),
                    _ => return Err("only one case in parentheses".to_owned()),
                }
            }
            "|" if closing == Some(")") => cases.push(std::mem::take(&mut parts)),
            "]" | ")" if Some(token) == closing => {
                if cases.is_empty() {
                    return Ok(parts);
                }
                cases.push(parts);
                return Ok(vec![Part::OneOf(cases)]);
            }
            "]" | ")" => return Err("a bracket is closed that was not opened".to_owned()),
            word => parts.push(Part::read(word)?),
        }
    }
    match closing {
        Some(_) => Err("a bracket is never closed".to_owned()),
        None => Ok(parts),
    }
}

impl Part {
    fn slots(&self) -> Vec<&Slot> {
        match self {
            Part::Optional(inner) => slots(inner),
            Part::OneOf(cases) => cases.iter().flat_map(|case| slots(case)).collect(),
            Part::Word(_) | Part::Slot { .. } | Part::Pair(..) | Part::Rest { .. } => {
                self.own_slots()
            }
            Part::Words(_) | Part::Flag { .. } => self.own_slots(),
        }
    }

    /// Those of no bracket in it.
    fn own_slots(&self) -> Vec<&Slot> {
        match self {
            Part::Pair(first, second) => vec![first, second],
            Part::Slot { slot, .. } | Part::Rest { slot, .. } => vec![slot],
            Part::Words(slot) | Part::Flag { slot, .. } => vec![slot],
            Part::Word(_) | Part::Optional(_) | Part::OneOf(_) => vec![],
        }
    }

    fn read(word: &str) -> Result<Part, String> {
        let Some((front, inner)) = word.split_once('{') else {
            return Ok(Part::Word(word.to_owned()));
        };
        let (inner, back) = inner.rsplit_once('}').ok_or("a brace is never closed")?;
        if let Some((first, second)) = inner.split_once("}/{") {
            return Ok(Part::Pair(Slot::read(first)?, Slot::read(second)?));
        }
        let front = front.to_owned();
        if let Some(flag) = inner.strip_prefix('?') {
            let (path, word) = flag.split_once('=').unwrap_or((flag, flag));
            let word = word.rsplit('/').next().unwrap_or(word).to_owned();
            return Ok(Part::Flag { word, slot: Slot::read(path)? });
        }
        if let Some(inner) = inner.strip_suffix('*') {
            return Ok(Part::Words(Slot::read(inner)?));
        }
        match inner.strip_suffix("...") {
            Some(inner) => {
                Ok(Part::Rest { front, slot: Slot::read(inner)?, back: back.to_owned() })
            }
            None if back.is_empty() => Ok(Part::Slot { front, slot: Slot::read(inner)? }),
            None => Err(format!("nothing can follow a value: {back}")),
        }
    }
}

impl Slot {
    /// Whether it means no leaf, but that the entry is not the first of its list.
    pub(crate) fn is_later(&self) -> bool {
        self.path.first().is_some_and(|name| name == "^")
    }

    fn read(text: &str) -> Result<Slot, String> {
        let (text, form) = match text.split_once(':') {
            None => (text, Form::Plain),
            Some((text, "mask")) => (text, Form::Mask),
            Some((text, "quoted")) => (text, Form::Quoted),
            Some((text, "upper")) => (text, Form::Upper),
            Some((text, "seconds")) => (text, Form::Seconds),
            Some((_, form)) => return Err(format!("unknown form {form}")),
        };
        let up = text.matches("../").count();
        let path = text.trim_start_matches("../").split('/').filter(|name| !name.is_empty());
        Ok(Slot { up, path: path.map(str::to_owned).collect(), form })
    }
}

#[cfg(test)]
mod tests;
