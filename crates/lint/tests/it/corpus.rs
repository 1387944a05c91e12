//! Real applets, which stay outside the repository (`EDNM_CORPUS`): no false errors, and damage is
//! found where it was done.

#![expect(clippy::disallowed_methods, reason = "the corpus is files, and lies elsewhere")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use diagnostic::{Diagnostic, Severity, Source};
use eem::Dialect;

/// A file, and whether a router takes it.
struct Sample {
    name: String,
    text: String,
    is_ok: bool,
}

fn samples() -> Option<Vec<Sample>> {
    let folder = PathBuf::from(std::env::var_os("EDNM_CORPUS")?).join("eem");
    let index = std::fs::read_to_string(folder.join("SOURCES.tsv")).unwrap();
    let mut lines = index.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| head.iter().position(|known| *known == name).unwrap();
    let (file, expect) = (column("file"), column("expect"));
    let sample = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let path = folder.join(fields[file]);
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        Sample { name: fields[file].to_owned(), text, is_ok: fields[expect] == "ok" }
    };
    Some(lines.map(sample).collect())
}

fn check(text: &str) -> Vec<Diagnostic> {
    lint::check(&Source::new("sample.cfg", text), Dialect::Ios)
}

/// Goal: no error in what routers take. Method: every file of the corpus; prints what is found.
#[test]
fn real_applets_have_no_false_errors() {
    let Some(samples) = samples() else { return };
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for sample in &samples {
        for one in check(&sample.text) {
            *counts.entry((one.severity, one.code)).or_default() += 1;
            if sample.is_ok && one.severity == Severity::Error {
                let (line, column) = one.source.line_column(one.span.start);
                let place = format!("{}:{line}:{column}", sample.name);
                wrong.push(format!("{place}: {} {}", one.code, one.message));
            }
        }
    }
    for ((severity, code), count) in &counts {
        println!("{severity:?} {code}: {count}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One way to damage a text: the damaged text, and the line where it was done.
type Damage = fn(&str, usize) -> Option<String>;

const DAMAGES: [(&str, Damage); 6] = [
    ("end dropped", |text, line| drop_line(text, line, |words| words.get(2) == Some(&"end"))),
    ("keyword misspelt", |text, line| {
        change_word(
            text,
            line,
            |words| {
                let known =
                    ["cli", "syslog", "regexp", "set", "if", "puts", "mail", "wait", "string"];
                words.get(2).copied().filter(|word| words[0] == "action" && known.contains(word))
            },
            |word| format!("{}x{}", &word[..1], &word[1..]),
        )
    }),
    ("label renumbered", renumber),
    ("quote lost", |text, line| {
        let whole = text.lines().nth(line)?;
        let body = ["action", "event"].contains(&whole.split_whitespace().next()?);
        let quotes = whole.matches('"').count();
        if !body || quotes < 2 || whole.contains("\\\"") {
            return None;
        }
        let at = whole.rfind('"')?;
        let damaged = format!("{}{}", &whole[..at], &whole[at + 1..]);
        Some(with_line(text, line, &damaged))
    }),
    ("event dropped", |text, line| {
        drop_line(text, line, |words| words[0] == "event" && words.get(1) != Some(&"manager"))
    }),
    ("variable misspelt", |text, line| {
        let whole = text.lines().nth(line)?;
        if whole.split_whitespace().next()? != "action" {
            return None;
        }
        let at = whole.find('$')?;
        let rest = &whole[at + 1..];
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let before = &whole[..at];
        // A target of `set $x` is no variable that is read.
        let is_read = length > 3 && !before.trim_end().ends_with(" set");
        let place = at + 1 + length / 2;
        let damaged = format!("{}q{}", &whole[..place], &whole[place..]);
        is_read.then(|| with_line(text, line, &damaged))
    }),
];

fn with_line(text: &str, line: usize, new: &str) -> String {
    let lines = text.lines().enumerate();
    lines.map(|(at, old)| if at == line { new } else { old }).collect::<Vec<_>>().join("\n")
}

fn drop_line(text: &str, line: usize, is_it: fn(&[&str]) -> bool) -> Option<String> {
    let words: Vec<&str> = text.lines().nth(line)?.split_whitespace().collect();
    (!words.is_empty() && is_it(&words)).then(|| with_line(text, line, "!"))
}

fn change_word(
    text: &str,
    line: usize,
    pick: for<'a> fn(&[&'a str]) -> Option<&'a str>,
    change: fn(&str) -> String,
) -> Option<String> {
    let whole = text.lines().nth(line)?;
    let words: Vec<&str> = whole.split_whitespace().collect();
    let word = pick(words.first().map(|_| words.as_slice())?)?;
    let damaged = whole.replacen(&format!(" {word} "), &format!(" {} ", change(word)), 1);
    (damaged != whole).then(|| with_line(text, line, &damaged))
}

/// An action is given a label behind the last one's, or before the first one's.
fn renumber(text: &str, line: usize) -> Option<String> {
    let whole = text.lines().nth(line)?;
    let label = whole.split_whitespace().nth(1).filter(|_| is_action(whole))?;
    let of = applet_of(text, line);
    let lines = text.lines().enumerate().filter(|(at, other)| of.contains(at) && is_action(other));
    let mut labels: Vec<&str> =
        lines.filter_map(|(_, other)| other.split_whitespace().nth(1)).collect();
    labels.sort_unstable();
    let (first, last) = (*labels.first()?, *labels.last()?);
    // The order has to change: the last one cannot go last.
    let moved = match label == last {
        true if labels.len() < 2 => return None,
        true => format!("{}0", &first[..first.len() - 1].trim_end_matches('.')),
        false => format!("{last}9"),
    };
    if label == last && (moved.as_str() >= first || moved.is_empty()) {
        return None;
    }
    let damaged = whole.replacen(&format!(" {label} "), &format!(" {moved} "), 1);
    (damaged != whole).then(|| with_line(text, line, &damaged))
}

fn is_action(line: &str) -> bool {
    line.split_whitespace().next() == Some("action")
}

/// Goal: damage is found at its line or, where that is gone, in the applet that lacks it. Method:
/// six kinds, at every line of every file that is taken; at least 95 of 100 of each kind.
#[test]
fn damage_is_found() {
    let Some(samples) = samples() else { return };
    for (kind, damage) in DAMAGES {
        let (mut tried, mut found, mut missed) = (0, 0, Vec::new());
        for sample in samples.iter().filter(|sample| sample.is_ok) {
            let known: Vec<(String, usize)> = told(&sample.text);
            for line in 0..sample.text.lines().count() {
                let Some(damaged) = damage(&sample.text, line) else { continue };
                tried += 1;
                let new = told(&damaged).into_iter().filter(|one| !known.contains(one));
                let of = applet_of(&sample.text, line);
                match new.into_iter().any(|(_, at)| at == line || of.contains(&at)) {
                    true => found += 1,
                    false => missed.push(format!("{}:{}", sample.name, line + 1)),
                }
            }
        }
        println!("{kind}: {found} of {tried}; missed {missed:?}");
        assert!(found * 100 >= tried * 95, "{kind}: {found} of {tried}: {missed:?}");
    }
}

/// What is told, and on which line.
fn told(text: &str) -> Vec<(String, usize)> {
    let place = |one: Diagnostic| {
        let line = one.source.line_column(one.span.start).0 - 1;
        (format!("{} {}", one.code, one.message), line)
    };
    check(text).into_iter().map(place).collect()
}

/// The lines of the applet in which a line stands.
fn applet_of(text: &str, line: usize) -> std::ops::Range<usize> {
    let enters = |text: &str| text.starts_with("event manager applet");
    let lines: Vec<&str> = text.lines().collect();
    let from = (0..=line).rev().find(|at| enters(lines[*at])).unwrap_or(0);
    let to = (line + 1..lines.len()).find(|at| enters(lines[*at])).unwrap_or(lines.len());
    from..to
}
