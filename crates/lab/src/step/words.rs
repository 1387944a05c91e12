//! The words of `simulator inject NODE STEP...`, as a step.
//!
//! They become the one key of a table and are read as a scenario's are: `shutdown Gi1` is
//! `shutdown = "Gi1"`, `cpu to=95 over=60s` is `cpu = { to = 95, over = "60s" }`.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source};

use super::{Reading, Step, Target, VERBS, Verb};
use crate::scenario::unknown_node;
use crate::{Lab, NodeId};

pub(super) fn read(node: &str, words: &[String], lab: &Lab) -> Result<Step, String> {
    let (word, argument) = words.split_first().ok_or_else(usage)?;
    let Some(verb) = VERBS.iter().find(|verb| verb.word == word) else {
        let near = diagnostic::nearest(word, VERBS.iter().map(|verb| verb.word));
        let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
        let words: Vec<String> = injected().map(|verb| format!("`{}`", verb.word)).collect();
        return Err(format!("unknown step `{word}`{hint}; expected one of {}", words.join(", ")));
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
    let (source, key, words) = line(verb.word, argument);
    let mut table = Table::from_words(&source, key, &words);
    let act = (verb.read)(&mut table, &Reading { lab, node }, &mut sink);
    table.finish(&mut sink);
    match act.filter(|_| !diagnostic::has_errors(&sink)) {
        Some(act) => Ok(Step::new(verb, act, node, lab)),
        None if sink.is_empty() => Err(format!("`{}` needs {}", verb.word, verb.argument)),
        None => Err(explain(&sink)),
    }
}

/// The words as one text, and where the verb and its argument's words stand in it.
fn line(verb: &str, argument: &[String]) -> (Arc<Source>, Range<usize>, Vec<Range<usize>>) {
    let (mut text, mut places) = (verb.to_owned(), Vec::new());
    for word in argument {
        text.push(' ');
        places.push(text.len()..text.len() + word.len());
        text.push_str(word);
    }
    (Source::new("inject", text), 0..verb.len(), places)
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

/// The verbs that can be injected.
fn injected() -> impl Iterator<Item = &'static Verb> {
    VERBS.iter().copied().filter(|verb| verb.target != Target::Listener)
}

/// All forms, a line each.
fn usage() -> String {
    let forms =
        injected().map(|verb| format!("  {} {}\n      {}", verb.word, verb.argument, verb.help));
    format!("expected one of\n{}", forms.collect::<Vec<_>>().join("\n"))
}
