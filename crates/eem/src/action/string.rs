//! `action L string VERB ...`: all set `$_string_result`. Tcl's `string`, with indices from 0
//! (eem.md, section 3.4).

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::glob;
use crate::{Fault, Text};

#[derive(Debug)]
struct StringAction {
    verb: &'static Verb,
    nocase: bool,
    length: Option<Text>,
    operands: Vec<Text>,
}

/// One verb: which operands it takes, and what comes of them.
#[derive(Debug)]
struct Verb {
    name: &'static str,
    /// Whether `nocase` and `length N` may stand in front.
    options: Options,
    operands: std::ops::RangeInclusive<usize>,
    apply: fn(&Call) -> Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Options {
    None,
    NoCase,
    NoCaseAndLength,
}

/// What a verb is given: its operands with their variables replaced.
struct Call {
    operands: Vec<String>,
    nocase: bool,
    length: Option<usize>,
}

const VERBS: &[Verb] = &[
    verb("compare", Options::NoCaseAndLength, 2, 2, compare),
    verb("equal", Options::NoCaseAndLength, 2, 2, equal),
    verb("first", Options::None, 2, 3, first),
    verb("index", Options::None, 2, 2, index),
    verb("last", Options::None, 2, 3, last),
    verb("length", Options::None, 1, 1, |call| Some(letters(call, 0).len().to_string())),
    verb("match", Options::NoCase, 2, 2, matches),
    verb("range", Options::None, 3, 3, range),
    verb("replace", Options::None, 3, 4, replace),
    verb("tolower", Options::None, 1, 3, |call| case(call, str::to_lowercase)),
    verb("toupper", Options::None, 1, 3, |call| case(call, str::to_uppercase)),
    verb("trim", Options::None, 1, 2, |call| Some(trim(call, true, true))),
    verb("trimleft", Options::None, 1, 2, |call| Some(trim(call, true, false))),
    verb("trimright", Options::None, 1, 2, |call| Some(trim(call, false, true))),
];

const fn verb(
    name: &'static str,
    options: Options,
    least: usize,
    most: usize,
    apply: fn(&Call) -> Option<String>,
) -> Verb {
    Verb { name, options, operands: least..=most, apply }
}

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let (verb, _) = reader.choose(VERBS, |verb| verb.name)?;
    let (mut nocase, mut length) = (false, None);
    if verb.options != Options::None {
        nocase = reader.accept_bare("nocase");
    }
    if verb.options == Options::NoCaseAndLength && reader.accept_bare("length") {
        length = Some(reader.number_text()?);
        nocase |= reader.accept_bare("nocase");
    }
    let mut operands = Vec::new();
    while let Some(word) = reader.next()? {
        if operands.len() == *verb.operands.end() {
            return Err(word.problem(Fault::Invalid));
        }
        operands.push(word.text());
    }
    if !verb.operands.contains(&operands.len()) {
        return Err(reader.incomplete());
    }
    Ok(Arc::new(StringAction { verb, nocase, length, operands }))
}

impl Action for StringAction {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        let operands = self.operands.iter().map(|text| frame.expand(text));
        let operands = operands.collect::<Result<Vec<_>, _>>()?;
        let length = self.length.as_ref().map(|text| frame.expand(text)).transpose()?;
        let length = length.map(|text| super::arithmetic::number(&text)).transpose()?;
        // A negative length is none, as in Tcl.
        let length = length.and_then(|length| usize::try_from(length).ok());
        let call = Call { operands, nocase: self.nocase, length };
        let result = (self.verb.apply)(&call);
        let result = result.ok_or_else(|| Failure::BadOperand(call.operands.join(" ")))?;
        frame.set("_string_result", result);
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        vec!["_string_result"]
    }
}

impl fmt::Display for StringAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "string {}", self.verb.name)?;
        if self.nocase {
            f.write_str(" nocase")?;
        }
        self.length.iter().try_for_each(|length| write!(f, " length {}", length.bare()))?;
        self.operands.iter().try_for_each(|operand| write!(f, " {operand}"))
    }
}

fn flag(holds: bool) -> Option<String> {
    Some(if holds { "1" } else { "0" }.to_owned())
}

fn letters(call: &Call, at: usize) -> Vec<char> {
    call.operands.get(at).map(|text| text.chars().collect()).unwrap_or_default()
}

fn joined(letters: &[char]) -> String {
    letters.iter().collect()
}

/// The two texts that are compared, cut and folded as the options ask.
fn sides(call: &Call) -> (String, String) {
    let side = |at: usize| {
        let cut: String =
            call.operands[at].chars().take(call.length.unwrap_or(usize::MAX)).collect();
        if call.nocase { cut.to_lowercase() } else { cut }
    };
    (side(0), side(1))
}

fn compare(call: &Call) -> Option<String> {
    let (left, right) = sides(call);
    Some((left.cmp(&right) as i8).to_string())
}

fn equal(call: &Call) -> Option<String> {
    let (left, right) = sides(call);
    flag(left == right)
}

fn matches(call: &Call) -> Option<String> {
    let (pattern, text) = sides(call);
    flag(glob::matches(&pattern, &text))
}

/// An index: a number, `end` or `end-N`. May lie outside the text.
fn place(text: &str, length: usize) -> Option<i64> {
    let last = i64::try_from(length).ok()? - 1;
    match text.trim().strip_prefix("end") {
        Some("") => Some(last),
        Some(rest) => {
            rest.strip_prefix('-')?.parse::<i64>().ok().map(|back| last.saturating_sub(back))
        }
        None => text.trim().parse().ok(),
    }
}

/// The part from `first` to `last`, both included and cut to the text; empty if there is none.
fn bounds(call: &Call, length: usize, first: usize, last: usize) -> Option<(usize, usize)> {
    let from = place(&call.operands[first], length)?.max(0);
    let to = place(&call.operands[last], length)?.min(i64::try_from(length).ok()? - 1);
    let from = usize::try_from(from).ok()?;
    let to = usize::try_from(to + 1).unwrap_or(0);
    Some((from.min(length), to.max(from.min(length))))
}

fn index(call: &Call) -> Option<String> {
    let letters = letters(call, 0);
    let at = usize::try_from(place(&call.operands[1], letters.len())?).ok();
    Some(at.and_then(|at| letters.get(at)).map(char::to_string).unwrap_or_default())
}

fn range(call: &Call) -> Option<String> {
    let letters = letters(call, 0);
    let (from, to) = bounds(call, letters.len(), 1, 2)?;
    Some(joined(&letters[from..to]))
}

/// A range that holds nothing changes nothing.
fn replace(call: &Call) -> Option<String> {
    let letters = letters(call, 0);
    let (from, to) = bounds(call, letters.len(), 1, 2)?;
    if from >= to {
        return Some(joined(&letters));
    }
    let new = call.operands.get(3).map_or("", String::as_str);
    Some(joined(&letters[..from]) + new + &joined(&letters[to..]))
}

/// Without a range the whole text; with one index, from there to the end.
fn case(call: &Call, change: fn(&str) -> String) -> Option<String> {
    let letters = letters(call, 0);
    if call.operands.len() == 1 {
        return Some(change(&call.operands[0]));
    }
    let last = call.operands.len() - 1;
    let (from, to) = match last {
        1 => (bounds(call, letters.len(), 1, 1)?.0, letters.len()),
        _ => bounds(call, letters.len(), 1, 2)?,
    };
    let to = to.max(from);
    Some(joined(&letters[..from]) + &change(&joined(&letters[from..to])) + &joined(&letters[to..]))
}

/// The second operand is a set of characters.
fn trim(call: &Call, left: bool, right: bool) -> String {
    let set = call.operands.get(1);
    let goes = |c: char| set.map_or_else(|| c.is_whitespace(), |set| set.contains(c));
    let mut text = call.operands[0].as_str();
    if left {
        text = text.trim_start_matches(goes);
    }
    if right {
        text = text.trim_end_matches(goes);
    }
    text.to_owned()
}

/// Where the first operand begins in the second, from the third on; -1 if nowhere.
fn first(call: &Call) -> Option<String> {
    let (needle, hay) = (letters(call, 0), letters(call, 1));
    let start = match call.operands.get(2) {
        Some(text) => usize::try_from(place(text, hay.len())?).unwrap_or(0),
        None => 0,
    };
    let found = (start..hay.len()).find(|at| !needle.is_empty() && hay[*at..].starts_with(&needle));
    Some(found.map_or_else(|| "-1".to_owned(), |at| at.to_string()))
}

/// The same from the end, up to the third operand.
fn last(call: &Call) -> Option<String> {
    let (needle, hay) = (letters(call, 0), letters(call, 1));
    let end = match call.operands.get(2) {
        Some(text) => {
            usize::try_from(place(text, hay.len())?.saturating_add(1)).unwrap_or(0).min(hay.len())
        }
        None => hay.len(),
    };
    let fits = |at: &usize| !needle.is_empty() && hay[*at..end].starts_with(&needle);
    let found = (0..end).rev().find(fits);
    Some(found.map_or_else(|| "-1".to_owned(), |at| at.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(line: &str) -> Option<String> {
        let mut reader = Reader::new(line);
        let (verb, _) = reader.choose(VERBS, |verb| verb.name).expect(line);
        let nocase = reader.accept_bare("nocase");
        let length = reader.accept_bare("length").then(|| reader.word().expect(line).raw.parse());
        let mut operands = Vec::new();
        while let Some(word) = reader.next().expect(line) {
            operands.push(word.text().literal().expect(line));
        }
        let length = length.map(|length| length.expect(line));
        (verb.apply)(&Call { operands, nocase, length })
    }

    /// Goal: each verb as eem.md section 3.4 has it, and Tcl where that is silent. Method: a table.
    #[test]
    fn verbs_do_as_in_tcl() {
        let table = [
            ("compare a b", "-1"),
            ("compare b a", "1"),
            ("compare nocase ABC abc", "0"),
            ("compare length 2 abX abY", "0"),
            ("equal nocase length 1 Ab aX", "1"),
            ("match \"*Invalid*\" \"% Invalid input\"", "1"),
            ("match a aa", "0"),
            ("match nocase y Y", "1"),
            ("first Ethernet GigabitEthernet1/0/1", "7"),
            ("first x abc", "-1"),
            ("first a banana 2", "3"),
            ("last a banana", "5"),
            ("last a banana 4", "3"),
            ("last a banana 9223372036854775807", "5"),
            ("index banana end--9223372036854775807", ""),
            ("index abc 1", "b"),
            ("index abc end", "c"),
            ("index abc 9", ""),
            ("length äb", "2"),
            ("range 0123456 2 4", "234"),
            ("range 0123456 5 99", "56"),
            ("range 0123456 4 2", ""),
            ("range abc end-1 end", "bc"),
            ("replace GigabitEthernet1/0/1 0 14 Gi", "Gi1/0/1"),
            ("replace abc 1 1", "ac"),
            ("replace abc 5 9 x", "abc"),
            ("tolower ABC", "abc"),
            ("tolower ABCD 1", "Abcd"),
            ("toupper abcd 1 2", "aBCd"),
            ("trim \"  a b \"", "a b"),
            ("trimleft \"xxab\" x", "ab"),
            ("trimright host.lab .lab", "host"),
            ("trimright sw-tab.lab .lab", "sw-t"),
        ];
        for (line, want) in table {
            assert_eq!(result(line).as_deref(), Some(want), "{line}");
        }
        assert_eq!(result("index abc x"), None);
    }
}
