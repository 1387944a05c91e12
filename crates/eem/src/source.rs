//! Reads a whole text of applets, as a file or a configuration holds them, and never stops at the
//! first fault. For checking applets off the box; a router feeds its director line by line.

use std::collections::BTreeMap;

use crate::applet::{Applet, Label, Options};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Dialect, Fault, program};

/// What a text holds.
#[derive(Debug, Default)]
pub struct Source {
    /// The environment, in order.
    pub environment: Vec<(String, String)>,
    /// The applets, in the order in which they were first entered.
    pub applets: Vec<Applet>,
    /// Every fault, in the order in which it was found.
    pub problems: Vec<Problem>,
}

/// What may follow `event manager` in a configuration.
const MANAGER: [&str; 8] =
    ["applet", "detector", "directory", "environment", "history", "policy", "scheduler", "session"];

/// Where the lines of one applet stand.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Each time it is entered.
    pub(crate) entered: Vec<usize>,
    /// By tag.
    pub(crate) events: BTreeMap<Option<String>, usize>,
    pub(crate) actions: BTreeMap<Label, usize>,
    /// Labels that came twice: the line that is gone, and the one in its place.
    pub(crate) replaced: Vec<(usize, usize)>,
    /// Of what stands under `trigger`.
    trigger: Option<usize>,
}

/// Reads `text`. Blank lines and lines that begin with `!` are skipped.
pub fn read(text: &str, dialect: Dialect) -> Source {
    read_with_places(text, dialect).0
}

/// The same, and where each applet's lines stand.
pub(crate) fn read_with_places(text: &str, dialect: Dialect) -> (Source, Vec<Places>) {
    let mut source = Source::default();
    let mut places: Vec<Places> = Vec::new();
    let mut current = None;
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.trim_start().starts_with('!') {
            continue;
        }
        let read = source.line(line, number, dialect, &mut current, &mut places);
        source.problems.extend(read.err().map(|problem| problem.on_line(number)));
    }
    let lines: Vec<&str> = text.lines().collect();
    source.check_applets(&places, &lines);
    (source, places)
}

impl Source {
    fn line(
        &mut self,
        line: &str,
        number: usize,
        dialect: Dialect,
        current: &mut Option<usize>,
        places: &mut Vec<Places>,
    ) -> Result<(), Problem> {
        let mut reader = Reader::new(line);
        let mut negative = reader.clone();
        if negative.accept("no") && negative.accept("event") && negative.accept("manager") {
            *current = None;
            return self.remove(&mut negative, places);
        }
        if reader.accept("event") && reader.accept("manager") {
            return self.manager_line(&mut reader, line, number, current, places);
        }
        let outside = || Problem::new(0..line.len(), Fault::Invalid);
        let at = current.ok_or_else(outside)?;
        let label = self.applets[at].edit(line, dialect)?;
        if label.is_none() && self.applets[at].trigger.is_some() {
            places[at].trigger = Some(number);
        }
        let is_action = label.is_some();
        match label {
            Some(label) => {
                let before = places[at].actions.insert(label, number);
                places[at].replaced.extend(before.map(|before| (before, number)));
            }
            None => {
                let tagged = self.applets[at].events.last();
                if Reader::new(line).accept("event")
                    && let Some(tagged) = tagged
                {
                    places[at].events.insert(tagged.tag.clone(), number);
                }
            }
        }
        let unset = never_set(line).filter(|_| is_action);
        unset.map_or(Ok(()), Err)
    }

    /// `no event manager applet NAME` and `no event manager environment NAME`; what else goes is a
    /// setting of the router.
    fn remove(&mut self, reader: &mut Reader<'_>, places: &mut Vec<Places>) -> Result<(), Problem> {
        let (keyword, _) = reader.choose(&MANAGER, |word| word)?;
        if !["applet", "environment"].contains(keyword) {
            return Ok(());
        }
        let name = reader.word()?.raw;
        if *keyword == "environment" {
            self.environment.retain(|(known, _)| known != name);
        } else if let Some(at) = self.applets.iter().position(|applet| applet.name() == name) {
            self.applets.remove(at);
            places.remove(at);
        }
        Ok(())
    }

    /// `event manager applet ...` or `event manager environment ...`.
    fn manager_line(
        &mut self,
        reader: &mut Reader<'_>,
        line: &str,
        number: usize,
        current: &mut Option<usize>,
        places: &mut Vec<Places>,
    ) -> Result<(), Problem> {
        let (keyword, _) = reader.choose(&MANAGER, |word| word)?;
        if !["applet", "environment"].contains(keyword) {
            // Settings of the router, which it reads itself; a Tcl policy among them.
            *current = None;
            return if reader.is_at_end() { Err(reader.incomplete()) } else { Ok(()) };
        }
        let word = reader.word()?;
        let rest = reader.rest();
        let name = line[word.span.clone()].to_owned();
        if *keyword == "environment" {
            *current = None;
            if rest.is_empty() {
                return Err(reader.incomplete());
            }
            self.environment.push((name, rest.to_owned()));
            return Ok(());
        }
        let known = self.applets.iter().position(|applet| applet.name() == name);
        let at = known.unwrap_or(self.applets.len());
        if known.is_none() {
            self.applets.push(Applet::new(&name));
            places.push(Places::default());
        }
        places[at].entered.push(number);
        *current = Some(at);
        let offset = line.trim_end().len() - rest.len();
        let options = Options::parse(rest).map_err(|problem| problem.moved(offset))?;
        self.applets[at].options.merge(options);
        Ok(())
    }

    /// What only a whole applet can show: blocks that do not pair, and a missing event.
    fn check_applets(&mut self, places: &[Places], lines: &[&str]) {
        for (applet, places) in self.applets.iter().zip(places) {
            let at = |line: usize, fault| {
                let length = lines.get(line).map_or(0, |text| text.len());
                Problem::new(0..length, fault).on_line(line)
            };
            if applet.events.is_empty() {
                self.problems.push(at(places.entered[0], Fault::NoEvent));
            }
            let tags = applet.trigger.iter().flat_map(|trigger| trigger.tags());
            for tag in tags {
                if !applet.events.iter().any(|tagged| tagged.tag.as_deref() == Some(tag)) {
                    let line = places.trigger.unwrap_or(places.entered[0]);
                    self.problems.push(at(line, Fault::UnknownTag(tag.to_owned())));
                }
            }
            for fault in program::link(applet).err().unwrap_or_default() {
                let line = places.actions.get(&fault.label).copied().unwrap_or(places.entered[0]);
                self.problems.push(at(line, Fault::Block(fault)));
            }
        }
    }
}

/// A variable of which the name is nothing but `_`: the line is kept, and fails when it runs.
fn never_set(line: &str) -> Option<Problem> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices('$').find_map(|(at, _)| {
        let rest = &line[at + 1..];
        let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
        let is_empty = !name.is_empty() && name.bytes().all(|b| b == b'_');
        let span = at..at + 1 + name.len();
        is_empty.then(|| Problem::new(span, Fault::NeverSet(name.to_owned())))
    })
}
