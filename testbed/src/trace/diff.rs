//! `ednm trace diff`: where two traces part ways, node by node.
//!
//! Lines are compared with those of the same node, so one line more on R1 does not make all of R2
//! differ. Also used by `ednm replay`.

use std::collections::{BTreeMap, VecDeque};

use host::check::count;
use host::message::{ERROR, SUCCESS};
use host::text::printable;
use host::{ExpectedError, message};
use serde_json::{Value, json};

use super::read::{Line, Lines};
use crate::args::TraceDiffArgs;

/// Lines of one node in one file that wait for the other file's; beyond it, the files are too
/// unlike to be held side by side.
const WAITING_MAX: usize = 1_000_000;
/// The longest line that is printed, in characters.
const SHOWN_CHARS_MAX: usize = 400;

/// Where one node's lines part ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The node; empty for the listener's own lines.
    pub(crate) node: String,
    /// Microseconds since the start.
    pub(crate) at: u64,
    /// The lines; `None` where that trace has no more of this node.
    pub(crate) lines: [Option<String>; 2],
    /// The line of the node before, which both have.
    pub(crate) before: Option<String>,
}

/// What came of a comparison.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// How many lines agree.
    pub(crate) equal: u64,
    /// The first difference of each node that has one, earliest first.
    pub(crate) differences: Vec<Difference>,
}

#[derive(Debug, Default)]
struct Node {
    waiting: [VecDeque<String>; 2],
    before: Option<String>,
    differs: bool,
}

pub(super) fn run(args: &TraceDiffArgs) -> Result<(), ExpectedError> {
    let compared = compare(&mut Lines::open(&args.one)?, &mut Lines::open(&args.other)?)?;
    let names = [args.one.display().to_string(), args.other.display().to_string()];
    tell(&compared, &names, args.format.is_json())
}

/// Prints what came of it; the error is the exit code for "they differ".
pub(crate) fn tell(
    compared: &Compared,
    names: &[String; 2],
    json: bool,
) -> Result<(), ExpectedError> {
    let Compared { equal, differences } = compared;
    if json {
        let differences = differences.iter().map(|difference| {
            let lines = difference.lines.each_ref().map(|line| line.as_deref().map(parsed));
            json!({ "node": difference.node, "t": difference.at, "lines": lines })
        });
        let differences: Vec<Value> = differences.collect();
        message::data(&json!({ "equal": equal, "differences": differences }).to_string())?;
    } else {
        let lines = count(*equal as usize, "line");
        match differences.first() {
            None => message::data(&format!("{SUCCESS}{:>12}{SUCCESS:#}  {lines}", "Equal"))?,
            Some(first) => message::data(&text(first, names, differences.len(), &lines))?,
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(ExpectedError::AnsweredNo) }
}

fn text(first: &Difference, names: &[String; 2], nodes: usize, equal: &str) -> String {
    let millis = first.at / 1_000;
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let node = if first.node.is_empty() { "the listener" } else { &first.node };
    let mut text = format!(
        "{ERROR}{:>12}{ERROR:#}  [{seconds:>4}.{millis:03}s]  {}  first of {}; {equal} before and \
         beside are equal",
        "Differs",
        printable(node),
        count(nodes, "node"),
    );
    if let Some(before) = &first.before {
        text.push_str(&format!("\n{:>12}  {}", "before", shown(before)));
    }
    for (name, line) in names.iter().zip(&first.lines) {
        let line = line.as_deref().map_or_else(|| "(no more lines of it)".to_owned(), shown);
        text.push_str(&format!("\n{:>12}  {line}", printable(name)));
    }
    if let [Some(one), Some(other)] = &first.lines {
        text.push_str(&format!("\n{:>12}  {}", "in", fields(one, other).join(", ")));
    }
    text
}

/// The names of the fields in which two lines differ.
fn fields(one: &str, other: &str) -> Vec<String> {
    let (one, other) = (parsed(one), parsed(other));
    let keys = [&one, &other].into_iter().filter_map(Value::as_object).flatten();
    let mut names: Vec<String> =
        keys.map(|(key, _)| key.clone()).filter(|key| one[key] != other[key]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Reads both to their ends.
pub(crate) fn compare(one: &mut Lines, other: &mut Lines) -> Result<Compared, ExpectedError> {
    let mut comparison = Comparison::default();
    loop {
        let (a, b) = (one.next()?, other.next()?);
        if a.is_none() && b.is_none() {
            return Ok(comparison.finish());
        }
        for (side, line) in [(0, a), (1, b)] {
            if let Some(Line { text, .. }) = line {
                comparison.take(side, text)?;
            }
        }
    }
}

#[derive(Debug, Default)]
struct Comparison {
    nodes: BTreeMap<String, Node>,
    compared: Compared,
    waiting: usize,
}

impl Comparison {
    fn take(&mut self, side: usize, text: String) -> Result<(), ExpectedError> {
        let name = node_of(&text);
        let node = self.nodes.entry(name.clone()).or_default();
        if node.differs {
            return Ok(());
        }
        node.waiting[side].push_back(text);
        self.waiting += 1;
        let [one, other] = &mut node.waiting;
        if let (Some(a), Some(b)) = (one.front(), other.front()) {
            self.waiting -= 2;
            if a == b {
                self.compared.equal += 1;
                node.before = one.pop_front();
                other.pop_front();
            } else {
                let lines = [one.pop_front(), other.pop_front()];
                self.differ(name, lines);
            }
        }
        match self.waiting > WAITING_MAX {
            true => Err(ExpectedError::environment_message(format!(
                "the traces are too unlike: {WAITING_MAX} lines have no partner"
            ))),
            false => Ok(()),
        }
    }

    fn differ(&mut self, name: String, lines: [Option<String>; 2]) {
        let Some(node) = self.nodes.get_mut(&name) else { return };
        node.differs = true;
        let left = std::mem::take(&mut node.waiting);
        self.waiting -= left.iter().map(VecDeque::len).sum::<usize>();
        let times = lines.iter().flatten().filter_map(|line| parsed(line)["t"].as_u64());
        let at = times.min().unwrap_or_default();
        let before = node.before.take();
        self.compared.differences.push(Difference { node: name, at, lines, before });
    }

    fn finish(mut self) -> Compared {
        let names: Vec<String> = self.nodes.keys().cloned().collect();
        for name in names {
            let Some(node) = self.nodes.get_mut(&name) else { continue };
            let lines = node.waiting.each_mut().map(VecDeque::pop_front);
            self.waiting -= lines.iter().flatten().count();
            if lines.iter().any(Option::is_some) {
                self.differ(name, lines);
            }
        }
        self.compared.differences.sort_by_key(|difference| difference.at);
        self.compared
    }
}

/// The node of a line; empty for one without.
fn node_of(text: &str) -> String {
    parsed(text)["node"].as_str().unwrap_or_default().to_owned()
}

/// A line that is no JSON compares as text alone.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn shown(line: &str) -> String {
    printable(&line.chars().take(SHOWN_CHARS_MAX).collect::<String>()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(one: &str, other: &str) -> Compared {
        let mut comparison = Comparison::default();
        let (mut a, mut b) = (one.lines(), other.lines());
        loop {
            let next = [a.next(), b.next()];
            if next == [None, None] {
                return comparison.finish();
            }
            for (side, line) in next.into_iter().enumerate() {
                line.into_iter().for_each(|line| comparison.take(side, line.to_owned()).unwrap());
            }
        }
    }

    const ONE: &str = "{\"t\":1,\"n\":1,\"node\":\"R1\"}\n{\"t\":2,\"n\":1,\"node\":\"R2\"}\n\
                       {\"t\":3,\"n\":2,\"node\":\"R1\"}\n";

    /// Goal: lines are held beside those of their node. Method: a line more on R1 in between
    /// makes R1 alone differ; the same lines in another order of nodes do not differ at all.
    #[test]
    fn nodes_are_compared_apart() {
        assert!(compared(ONE, ONE).differences.is_empty());
        let other = ONE.replace("{\"t\":2", "{\"t\":1,\"n\":9,\"node\":\"R1\"}\n{\"t\":2");
        let found = compared(ONE, &other);
        let nodes: Vec<&str> = found.differences.iter().map(|d| d.node.as_str()).collect();
        assert_eq!((nodes, found.equal), (vec!["R1"], 2));
        let mut lines: Vec<&str> = ONE.lines().collect();
        lines.swap(0, 1);
        assert!(compared(ONE, &lines.join("\n")).differences.is_empty());
    }

    /// Goal: a trace that ends early differs where it ends. Method: the last line left out.
    #[test]
    fn an_early_end_is_a_difference() {
        let short: Vec<&str> = ONE.lines().take(2).collect();
        let found = compared(ONE, &short.join("\n"));
        assert_eq!(found.differences.len(), 1);
        assert_eq!(found.differences[0].at, 3);
        assert_eq!(found.differences[0].lines[1], None);
    }
}
