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

/// Where the lines of one applet stand.
#[derive(Default)]
struct Places {
    entered: usize,
    actions: BTreeMap<Label, usize>,
}

/// Reads `text`. Blank lines and lines that begin with `!` are skipped.
pub fn read(text: &str, dialect: Dialect) -> Source {
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
    source
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
        if reader.accept("event") && reader.accept("manager") {
            return self.manager_line(&mut reader, line, number, current, places);
        }
        let outside = || Problem::new(0..line.len(), Fault::Invalid);
        let at = current.ok_or_else(outside)?;
        let label = self.applets[at].edit(line, dialect)?;
        places[at].actions.extend(label.map(|label| (label, number)));
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
        let (keyword, _) = reader.choose(&["applet", "environment"], |word| word)?;
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
            places.push(Places { entered: number, ..Places::default() });
        }
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
            if applet.event.is_none() {
                self.problems.push(at(places.entered, Fault::NoEvent));
            }
            for fault in program::link(applet).err().unwrap_or_default() {
                let line = places.actions.get(&fault.label).copied().unwrap_or(places.entered);
                self.problems.push(at(line, Fault::Block(fault)));
            }
        }
    }
}
