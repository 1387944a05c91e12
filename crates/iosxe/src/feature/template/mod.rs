//! Show commands that a user adds to a router, or has in place of its own: a template each, over
//! the model as plain values (docs/simulator.md, "Show commands of your own").
//!
//! Made by `lab` from the topology, once for each node; a reload keeps them. A template can read
//! the router and nothing else, and neither run for long nor print without end.

mod model;
mod words;

pub(crate) use words::commands;

use std::fmt;
use std::io;
use std::sync::Arc;

use cli::Args;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

use crate::command::Reply;
use crate::session::Session;
use crate::turn::Turn;

/// How many instructions one rendering may take.
const FUEL_INSTRUCTIONS_MAX: u64 = 1_000_000;

/// How much one rendering may print, in bytes.
const SHOWN_BYTES_MAX: usize = 256 * 1024;

/// How long a template may be, in bytes.
const TEMPLATE_BYTES_MAX: usize = 64 * 1024;

/// How many commands one router may be given.
pub const SHOWS_MAX: usize = 64;

/// One command and its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowTemplate {
    /// Its words: `show inventory brief`. `WORD` stands for any word, `LINE` for the rest.
    pub command: String,
    /// The name of the file, for mistakes.
    pub file: String,
    /// The text of the file.
    pub text: String,
}

/// Why a command or a template is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShowMistake {
    /// The words, and what is wrong with them.
    Command(String),
    /// A line of the template, counted from 1, and what is wrong there.
    Template {
        /// The line.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// The templates of a router, shared by all of its lives.
#[derive(Clone, Default)]
pub struct Shows(Arc<Vec<Show>>);

/// A template that has been read.
struct Show {
    words: Vec<String>,
    file: String,
    text: String,
}

impl fmt::Debug for Shows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|show| &show.words)).finish()
    }
}

impl Shows {
    /// Reads templates; each mistake has the place of its template in the list.
    pub fn new(templates: Vec<ShowTemplate>) -> Result<Shows, Vec<(usize, ShowMistake)>> {
        let mut mistakes = Vec::new();
        let mut shows = Vec::new();
        for (place, template) in templates.into_iter().enumerate() {
            match read(template) {
                Ok(show) if place < SHOWS_MAX => shows.push(show),
                Ok(_) => {
                    let message = format!("a node has at most {SHOWS_MAX} commands of its own");
                    mistakes.push((place, ShowMistake::Command(message)));
                }
                Err(mistake) => mistakes.push((place, mistake)),
            }
        }
        if mistakes.is_empty() { Ok(Shows(Arc::new(shows))) } else { Err(mistakes) }
    }

    /// The words of each command.
    pub(crate) fn words(&self) -> impl Iterator<Item = &[String]> {
        self.0.iter().map(|show| show.words.as_slice())
    }

    /// The template of a line: of those that fit, the one with the fewest placeholders.
    fn find(&self, line: &str) -> Option<&Show> {
        let fitting = self.0.iter().filter(|show| words::fit(&show.words, line));
        fitting
            .min_by_key(|show| show.words.iter().filter(|word| words::is_placeholder(word)).count())
    }
}

fn read(template: ShowTemplate) -> Result<Show, ShowMistake> {
    let ShowTemplate { command, file, text } = template;
    let words = words::read(&command).map_err(ShowMistake::Command)?;
    if text.len() > TEMPLATE_BYTES_MAX {
        let message = format!("longer than {TEMPLATE_BYTES_MAX} bytes");
        return Err(ShowMistake::Template { line: 1, message });
    }
    let environment = environment();
    let compiled = environment.template_from_named_str(&file, &text).map_err(|error| {
        ShowMistake::Template { line: error.line().unwrap_or(1), message: reason(&error) }
    })?;
    let mut unknown: Vec<String> = compiled
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !model::NAMES.contains(&name.as_str()) && !is_global(&environment, name))
        .collect();
    unknown.sort();
    if let Some(name) = unknown.first() {
        let named = |line: &str| line.split(|c: char| !is_letter(c)).any(|word| word == name);
        let line = text.lines().position(named).map_or(1, |line| line + 1);
        let known = model::NAMES.join(", ");
        let message = format!("a router has no `{name}`; it has {known}");
        return Err(ShowMistake::Template { line, message });
    }
    Ok(Show { words, file, text })
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_global(environment: &Environment<'_>, name: &str) -> bool {
    environment.globals().any(|(global, _)| global == name)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_debug(true);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL_INSTRUCTIONS_MAX));
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    if let Ok(syntax) = syntax.build() {
        environment.set_syntax(syntax);
    }
    environment
}

/// A mistake in one phrase, on one line.
fn reason(error: &Error) -> String {
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    format!("{}{detail}", error.kind()).replace('\n', " ")
}

/// Renders the template of a line.
fn run(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let state = &*turn.state;
    let Some(show) = state.shows.find(args.expanded()) else { return Reply::Done };
    let model = model::of(state, session, args, turn.now);
    let environment = environment();
    let mut shown = Bounded::default();
    let rendered = environment
        .template_from_named_str(&show.file, &show.text)
        .and_then(|template| template.render_captured_to(model, &mut shown).map(|_| ()));
    if let Err(error) = rendered {
        let why = match shown.is_full {
            true => format!("it prints more than {SHOWN_BYTES_MAX} bytes"),
            false => reason(&error),
        };
        let line = error.line().map(|line| format!(":{line}")).unwrap_or_default();
        return Reply::Refused(format!("% Template {}{line}: {why}\n", show.file));
    }
    let mut text = String::from_utf8_lossy(&shown.bytes).into_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    Reply::Text(text)
}

/// What has been printed so far.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > SHOWN_BYTES_MAX {
            self.is_full = true;
            return Err(io::Error::other("too much"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
