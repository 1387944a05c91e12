//! What the parser refuses, told by the code that is meant for it where there is one.

use diagnostic::Diagnostic;
use eem::{BlockFaultKind, Dialect, Fault};

use crate::context::Context;

/// An action that IOS XE does not have, and a type of `info` that there is not.
pub(crate) const NO_ACTION: &str = "EEM120";
pub(crate) const NO_INFO: &str = "EEM121";

/// `sync no` that does not say what becomes of the command.
pub(crate) const SYNC_NO: &str = "EEM140";

/// The portable form of a webhook.
pub(crate) const PORTABLE: &str = "the portable form: `cli command \"enable\"`, then `cli command \
    \"guestshell run curl -X POST -H 'Content-Type: application/json' -d ... $_webhook_url\"`";

fn has_sync_no(words: &[&str]) -> bool {
    let skips = words.iter().any(|word| "skip".starts_with(word) && word.len() > 1);
    words.contains(&"cli") && !skips && words.windows(2).any(|pair| pair == ["sync", "no"])
}

/// Every fault of the parser, with its place.
pub(crate) fn problems(context: &Context<'_>, dialect: Dialect) -> Vec<Diagnostic> {
    let told = |problem: &eem::Problem| {
        let span = context.part(problem.line, &problem.span);
        let line = context.line(problem.line);
        let text = &context.source.text[line.clone()];
        let words: Vec<&str> = text.split_whitespace().collect();
        let at = problem.span.start + context.source.line_span(problem.line + 1).start;
        let fault = problem.fault.to_string();
        let code = problem.fault.code();
        let plain = Diagnostic::error(code, fault, context.source, span.clone());
        let is_word = |place: usize| {
            let word = words.get(place).copied().unwrap_or_default();
            let start = word.as_ptr() as usize - text.as_ptr() as usize + line.start;
            !word.is_empty() && (start..start + word.len()).contains(&at)
        };
        match (&problem.fault, words.as_slice()) {
            (Fault::Invalid, ["action", _, keyword, ..]) if is_word(2) => {
                let message = format!("IOS XE has no action `{keyword}`");
                let told = Diagnostic::error(NO_ACTION, message, context.source, span);
                let is_http = *keyword == "http" && dialect == Dialect::Ios;
                match is_http {
                    true => told.help(format!(
                        "{PORTABLE}; for the course's own form say `--dialect course`"
                    )),
                    false => told.did_you_mean(keyword, eem::ACTIONS.iter().map(|one| one.name)),
                }
            }
            (Fault::Invalid, ["action", _, "info", "type", kind, ..]) if is_word(4) => {
                let types =
                    ["cli", "interface-names", "routername", "snmp", "switchname", "syslog"];
                let message = format!("there is no `info type {kind}`");
                let told = Diagnostic::error(NO_INFO, message, context.source, span);
                told.help(format!("there are {}", types.join(", ")))
            }
            (Fault::Invalid, ["event", kind, ..]) if is_word(1) => {
                plain.did_you_mean(kind, eem::DETECTORS.iter().map(|one| one.name))
            }
            (Fault::Block(fault), _) if fault.kind == BlockFaultKind::NotClosed => {
                plain.help("close the block with `action LABEL end`, a label behind all of it")
            }
            (Fault::Block(_), _) => {
                plain.help("actions run in the order of their labels, compared as text: `10` < `9`")
            }
            (Fault::Incomplete, ["event", ..]) if has_sync_no(&words) => {
                let message = "`sync no` goes with `skip yes` or `skip no`";
                Diagnostic::error(SYNC_NO, message, context.source, line)
            }
            (Fault::NoEvent, _) => plain.help("add `event none` to run it by hand"),
            _ => plain,
        }
    };
    context.outline.problems.iter().map(told).collect()
}
