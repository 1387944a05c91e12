//! What a loader asks of a table: recorded while the loader itself runs, so that no list of keys is
//! kept beside it and a schema cannot say anything else than the code.
//!
//! A [`Table`] made by [`Shape::record`] is empty, but has a table wherever it is asked for one;
//! it notes each question. Loaders need not know that they are watched.

use std::sync::{Arc, Mutex, PoisonError};

use super::Table;
use crate::Source;

/// What a loader asks of one table.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// The keys, in the order in which they were asked for.
    pub(super) keys: Vec<(String, Kind)>,
    /// Those that must be there.
    pub(super) required: Vec<String>,
    /// What every other key holds.
    pub(super) rest: Rest,
    /// Whether nothing must be there, whatever is required elsewhere.
    partial: bool,
}

/// What stands under a key.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
    Word(Vec<String>),
    Texts,
    TextOrTexts,
    TextOrTable(Recorded),
    Table(Recorded),
    Tables(Recorded),
    Any,
}

/// What stands under the keys that are the author's own.
#[derive(Clone, Debug, Default)]
pub(super) enum Rest {
    /// Nobody said that there are no others.
    #[default]
    Anything,
    /// There are no others.
    Nothing,
    Kind(Box<Kind>),
}

/// A shape that is still being recorded: the loader holds the table, this its record.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded(Arc<Mutex<Shape>>);

impl Shape {
    /// Runs a loader on an empty file, and gives what it asked for. What it reports means nothing.
    pub fn record(load: impl FnOnce(Table)) -> Shape {
        let recorded = Recorded::default();
        load(recorded.table(&Source::new("", "")));
        recorded.shape()
    }

    /// The keys under which the file has tables: by these its kind can be told.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        let is_table = |kind: &Kind| matches!(kind, Kind::Table(_) | Kind::Tables(_));
        self.keys.iter().filter(move |(_, kind)| is_table(kind)).map(|(key, _)| key.as_str())
    }
}

impl Recorded {
    /// An empty table that notes here what it is asked.
    pub(super) fn table(&self, source: &Arc<Source>) -> Table {
        let mut table = Table::new(Arc::clone(source), 0..0, Vec::new());
        table.recorded = Some(self.clone());
        table
    }

    /// What has been noted so far.
    pub(super) fn shape(&self) -> Shape {
        self.with(|shape| shape.clone())
    }

    pub(super) fn key(&self, key: &str, kind: Kind) {
        self.with(|shape| match shape.keys.iter().any(|(known, _)| known == key) {
            true => {}
            false => shape.keys.push((key.to_owned(), kind)),
        });
    }

    pub(super) fn required(&self, key: &str) {
        self.with(|shape| match shape.partial {
            true => {}
            false => shape.required.push(key.to_owned()),
        });
    }

    pub(super) fn partial(&self) {
        self.with(|shape| shape.partial = true);
    }

    pub(super) fn rest(&self, rest: Rest) {
        self.with(|shape| shape.rest = rest);
    }

    /// Says that there are no keys but those that were asked for, unless others were taken.
    pub(super) fn close(&self) {
        self.with(|shape| {
            if let Rest::Anything = shape.rest {
                shape.rest = Rest::Nothing;
            }
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Shape) -> T) -> T {
        // Each change is whole when it panics: there is nothing half done to be afraid of.
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
