//! `to`, `over` and `hold`: the keys of every verb that makes a quantity change; and words that are
//! one of a few.
//!
//! Used by those verbs alone. The router follows the line by itself: no step is repeated.

use std::ops::RangeInclusive;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use iosxe::Ramp;

use super::{number, time};

/// Takes the three keys; `to` is a whole number within bounds.
pub(super) fn read(
    table: &mut Table,
    to: RangeInclusive<u64>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Ramp> {
    table.require("to", sink);
    let to = number(table, "to", to, sink);
    let over = time(table, "over", sink).map(|over| over.value).unwrap_or_default();
    let hold = time(table, "hold", sink).map(|hold| hold.value);
    let to_milli = i64::try_from(to?).ok()? * 1_000;
    Some(Ramp { to_milli, over, hold })
}

/// The same as `inject` takes them.
pub(super) fn words(ramp: &Ramp) -> String {
    let Ramp { to_milli, over, hold } = ramp;
    let hold = hold.map(|hold| format!(" hold={hold}")).unwrap_or_default();
    format!("to={} over={over}{hold}", to_milli / 1_000)
}

/// Takes a word of a few; the table says what each means.
pub(super) fn one_of<T: Copy>(
    table: &mut Table,
    key: &'static str,
    words: &[(&'static str, T)],
    sink: &mut Vec<Diagnostic>,
) -> Option<(&'static str, T)> {
    table.require(key, sink);
    let places: Vec<(&'static str, usize)> =
        words.iter().enumerate().map(|(place, (word, _))| (*word, place)).collect();
    let chosen = table.choice(key, &places, sink)?;
    words.get(chosen.value).copied()
}
