//! An applet as it is configured: edited line by line, printed as the running-config has it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::action::{self, Action, Entry, Role};
use crate::problem::Problem;
use crate::reader::{Reader, Word};
use crate::trigger::{Trigger, quoted};
use crate::{Dialect, Event, Fault};

/// One applet.
#[derive(Clone, Debug)]
pub struct Applet {
    pub(crate) name: Arc<str>,
    pub(crate) options: Options,
    description: Option<String>,
    /// One without a tag, or up to [`EVENTS_MAX`] with one.
    pub(crate) events: Vec<Tagged>,
    pub(crate) trigger: Option<Trigger>,
    pub(crate) statements: BTreeMap<Label, Statement>,
}

/// An event of an applet, and the tag that `trigger` knows it by.
#[derive(Clone, Debug)]
pub(crate) struct Tagged {
    pub(crate) tag: Option<String>,
    pub(crate) event: Event,
}

/// So many events can start an applet: the columns of the MIB (eem.md, section 1).
const EVENTS_MAX: usize = 8;

/// What stands behind the name of an applet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `authorization bypass`
    pub authorization_bypass: bool,
    /// `class C`
    pub class: Class,
    /// `trap`
    pub trap: bool,
}

/// The scheduling class of an applet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `default`
    #[default]
    Default,
    /// `A` to `Z`
    Letter(char),
}

/// What orders the actions of an applet: compared byte by byte, so `10.0` comes before `2.0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label(String);

/// One `action` line.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) entry: &'static Entry,
    pub(crate) action: Arc<dyn Action>,
}

impl Statement {
    /// What it does to the order of statements: an `if` that jumps opens no block.
    pub(crate) fn role(&self) -> Role {
        if self.action.goto().is_some() { Role::Plain } else { self.entry.role }
    }
}

impl Applet {
    /// An applet without a body.
    pub fn new(name: &str) -> Self {
        Applet {
            name: name.into(),
            options: Options::default(),
            description: None,
            events: Vec::new(),
            trigger: None,
            statements: BTreeMap::new(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says of itself.
    pub(crate) fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Carries out one line of its body, `no ...` included. A line with a fault changes nothing.
    pub fn line(&mut self, line: &str, dialect: Dialect) -> Result<(), Problem> {
        self.edit(line, dialect).map(|_| ())
    }

    /// As [`Applet::line`]; the label of the action that was set.
    pub(crate) fn edit(&mut self, line: &str, dialect: Dialect) -> Result<Option<Label>, Problem> {
        const WORDS: [&str; 8] =
            ["action", "attribute", "correlate", "description", "event", "no", "set", "trigger"];
        let mut reader = Reader::new(line);
        let (keyword, _) = reader.choose(&WORDS, |word| word)?;
        match *keyword {
            "action" => return self.set_action(&mut reader, dialect).map(Some),
            "set" => return self.set_variable(&mut reader).map(Some),
            "event" => self.set_event(&mut reader)?,
            "no" => self.remove(&mut reader)?,
            "trigger" | "correlate" | "attribute" => {
                let mut trigger = self.trigger.clone().unwrap_or_default();
                match *keyword {
                    "trigger" => trigger.options(&mut reader)?,
                    "correlate" => trigger.correlate(&mut reader)?,
                    _ => trigger.attribute(&mut reader)?,
                }
                self.trigger = Some(trigger);
            }
            _ if reader.is_at_end() => return Err(reader.incomplete()),
            _ => self.description = Some(reader.rest().to_owned()),
        }
        Ok(None)
    }

    /// An event without a tag takes the place of all others; one with a tag that of its own.
    fn set_event(&mut self, reader: &mut Reader<'_>) -> Result<(), Problem> {
        let mut ahead = reader.clone();
        if !ahead.accept_bare("tag") {
            let event = Event::parse(reader)?;
            self.events = vec![Tagged { tag: None, event }];
            return Ok(());
        }
        *reader = ahead;
        let word = reader.word()?;
        let tag = Some(word.raw.to_owned());
        let tagged = Tagged { tag, event: Event::parse(reader)? };
        self.events.retain(|other| other.tag.is_some());
        match self.events.iter().position(|other| other.tag == tagged.tag) {
            Some(at) => self.events[at] = tagged,
            None if self.events.len() == EVENTS_MAX => return Err(word.problem(Fault::Invalid)),
            None => self.events.push(tagged),
        }
        Ok(())
    }

    fn set_action(&mut self, reader: &mut Reader<'_>, dialect: Dialect) -> Result<Label, Problem> {
        let label = Label::of(&reader.word()?)?;
        let (entry, _) = reader.choose(action::known(dialect), |entry| entry.name)?;
        let statement = Statement { entry, action: (entry.parse)(reader)? };
        self.statements.insert(label.clone(), statement);
        Ok(label)
    }

    /// The form of old releases, `set LABEL _exit_status VALUE`, kept as `action LABEL set ...`.
    fn set_variable(&mut self, reader: &mut Reader<'_>) -> Result<Label, Problem> {
        let label = Label::of(&reader.word()?)?;
        let action = action::parse_set(reader)?;
        let (entry, _) = Reader::new("set").choose(action::ACTIONS, |entry| entry.name)?;
        self.statements.insert(label.clone(), Statement { entry, action });
        Ok(label)
    }

    /// What follows the part that names the line does not matter, as on IOS.
    fn remove(&mut self, reader: &mut Reader<'_>) -> Result<(), Problem> {
        const WORDS: [&str; 7] =
            ["action", "attribute", "correlate", "description", "event", "set", "trigger"];
        let (keyword, _) = reader.choose(&WORDS, |word| word)?;
        match *keyword {
            "description" => self.description = None,
            "event" if reader.accept_bare("tag") => {
                let tag = reader.word()?.raw;
                self.events.retain(|tagged| tagged.tag.as_deref() != Some(tag));
            }
            "event" => self.events.clear(),
            "trigger" => self.trigger = None,
            "correlate" => self.trigger.iter_mut().for_each(Trigger::forget_correlate),
            "attribute" => {
                let mut all = self.trigger.iter_mut();
                all.try_for_each(|trigger| trigger.forget_attribute(reader))?;
            }
            _ => {
                let label = Label::of(&reader.word()?)?;
                self.statements.remove(&label);
            }
        }
        Ok(())
    }
}

impl Options {
    /// Reads what follows the name: `[authorization bypass] [class C] [trap]`, in any order.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let mut reader = Reader::new(text);
        let mut options = Options::default();
        while !reader.is_at_end() {
            match *reader.choose(&["authorization", "class", "trap"], |word| word)?.0 {
                "authorization" => {
                    reader.expect("bypass")?;
                    options.authorization_bypass = true;
                }
                "class" => {
                    let word = reader.word()?;
                    options.class = word.raw.parse().map_err(|()| word.problem(Fault::Invalid))?;
                }
                _ => options.trap = true,
            }
        }
        Ok(options)
    }

    /// Entering an applet again adds to its options.
    pub(crate) fn merge(&mut self, other: Options) {
        self.authorization_bypass |= other.authorization_bypass;
        self.trap |= other.trap;
        if other.class != Class::Default {
            self.class = other.class;
        }
    }
}

impl Label {
    pub(crate) fn of(word: &Word<'_>) -> Result<Self, Problem> {
        let is_empty = word.raw.is_empty();
        if is_empty { Err(word.problem(Fault::Invalid)) } else { Ok(Label(word.raw.to_owned())) }
    }

    /// The label as typed, without quotation marks.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Class {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut letters = text.chars();
        match (letters.next().map(|c| c.to_ascii_uppercase()), letters.next()) {
            (Some(letter @ 'A'..='Z'), None) => Ok(Class::Letter(letter)),
            _ if text.eq_ignore_ascii_case("default") => Ok(Class::Default),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Class::Default => f.write_str("default"),
            Class::Letter(letter) => write!(f, "{letter}"),
        }
    }
}

/// In quotation marks where a blank needs them.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains([' ', '\t']) {
            write!(f, "\"{}\"", self.0)
        } else {
            f.write_str(&self.0)
        }
    }
}

/// The lines of the running-config, each with its newline. The text after a label gets one more
/// blank for each block that is open (eem.md, section 6.2).
impl fmt::Display for Applet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event manager applet {}", self.name)?;
        if self.options.authorization_bypass {
            f.write_str(" authorization bypass")?;
        }
        if self.options.class != Class::Default {
            write!(f, " class {}", self.options.class)?;
        }
        writeln!(f, "{}", if self.options.trap { " trap" } else { "" })?;
        self.description.iter().try_for_each(|text| writeln!(f, " description {text}"))?;
        for Tagged { tag, event } in &self.events {
            match tag {
                None => writeln!(f, " event {event}")?,
                Some(tag) => writeln!(f, " event tag {} {event}", quoted(tag))?,
            }
        }
        self.trigger.iter().try_for_each(|trigger| write!(f, "{trigger}"))?;
        fmt_statements(&self.statements, f)
    }
}

/// The `action` lines in order, indented by the blocks that are open.
fn fmt_statements(
    statements: &BTreeMap<Label, Statement>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut open: usize = 0;
    for (label, statement) in statements {
        let own = match statement.role() {
            Role::Plain | Role::If | Role::Loop | Role::Break | Role::Continue => open,
            Role::ElseIf | Role::Else | Role::End => open.saturating_sub(1),
        };
        writeln!(f, " action {label} {:own$}{}", "", statement.action)?;
        match statement.role() {
            Role::If | Role::Loop => open += 1,
            Role::End => open = own,
            Role::Plain | Role::ElseIf | Role::Else | Role::Break | Role::Continue => {}
        }
    }
    Ok(())
}

/// The `action` lines of an applet, as the running-config and `show event manager` have them.
pub(crate) struct Statements<'a>(pub(crate) &'a BTreeMap<Label, Statement>);

impl fmt::Display for Statements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_statements(self.0, f)
    }
}
