//! The words of `simulator inject NODE STEP...`, as a step.
//!
//! They become the one key of a table and are read as a scenario's are: `shutdown Gi1` is
//! `shutdown = "Gi1"`, `cpu to=95 over=60s` is `cpu = { to = 95, over = "60s" }`.

use diagnostic::table::{self, Table};
use diagnostic::{Diagnostic, Source};

use super::{Reading, Step, Target, VERBS, Verb};
use crate::scenario::unknown_node;
use crate::{Lab, NodeId};

pub(super) fn read(node: &str, words: &[String], lab: &Lab) -> Result<Step, String> {
    let (word, argument) = words.split_first().ok_or_else(usage)?;
    let Some(verb) = VERBS.iter().find(|verb| verb.word == word) else {
        let near = diagnostic::nearest(word, VERBS.iter().map(|verb| verb.word));
        let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
        return Err(format!("unknown step `{word}`{hint}; {}", usage()));
    };
    if argument.is_empty() && !verb.argument.is_empty() {
        return Err(format!("`{word}` needs {}", verb.argument));
    }
    let id = match verb.target {
        Target::Node | Target::Link => Some(node_of(node, lab)?),
        Target::Listener => return Err(format!("`{word}` is done to the listener, by a scenario")),
    };
    read_argument(verb, argument, id, lab)
}

fn node_of(name: &str, lab: &Lab) -> Result<NodeId, String> {
    lab.node(name).ok_or_else(|| {
        let source = Source::new("", "");
        explain(&[unknown_node(name, lab, &source, 0..0)])
    })
}

fn read_argument(
    verb: &'static Verb,
    argument: &[String],
    node: Option<NodeId>,
    lab: &Lab,
) -> Result<Step, String> {
    let mut sink = Vec::new();
    let text = format!("{} = {}", verb.word, value_of(argument));
    let table = table::parse(&Source::new("inject", text), &mut sink);
    let act = table.and_then(|mut table: Table| {
        let act = (verb.read)(&mut table, &Reading { lab, node }, &mut sink);
        table.finish(&mut sink);
        act
    });
    match act.filter(|_| !diagnostic::has_errors(&sink)) {
        Some(act) => Ok(Step::new(verb, act, node, lab)),
        None if sink.is_empty() => Err(format!("`{}` needs {}", verb.word, verb.argument)),
        None => Err(explain(&sink)),
    }
}

/// The argument as TOML: a table when every word is `key=value`, else a string.
fn value_of(words: &[String]) -> String {
    let is_key =
        |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let pairs: Option<Vec<(&str, &str)>> =
        words.iter().map(|word| word.split_once('=').filter(|(key, _)| is_key(key))).collect();
    match pairs.filter(|pairs| !pairs.is_empty()) {
        Some(pairs) => {
            let pairs = pairs.into_iter().map(|(key, value)| format!("{key} = {}", scalar(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        // `Gi 1` is one interface for a router, too.
        None => quoted(&words.join(" ")),
    }
}

fn scalar(text: &str) -> String {
    let is_plain = matches!(text, "true" | "false") || text.parse::<u32>().is_ok();
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Diagnostics in a line: there is no file to point into.
fn explain(sink: &[Diagnostic]) -> String {
    let lines = sink.iter().map(|diagnostic| {
        let Diagnostic { message, label, help, .. } = diagnostic;
        let label = Some(label.as_str()).filter(|label| !label.is_empty());
        let rest: Vec<&str> = label.into_iter().chain(help.as_deref()).collect();
        if rest.is_empty() { message.clone() } else { format!("{message}: {}", rest.join("; ")) }
    });
    lines.collect::<Vec<_>>().join("; ")
}

fn usage() -> String {
    let forms = VERBS.iter().filter(|verb| verb.target != Target::Listener);
    let forms = forms.map(|verb| format!("`{} {}`: {}", verb.word, verb.argument, verb.help));
    format!("expected {}", forms.collect::<Vec<_>>().join("; "))
}
