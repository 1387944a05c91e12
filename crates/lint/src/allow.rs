//! `! ednm: allow CODE`: a remark that lets a finding be.
//!
//! It is for the line of an applet that follows; where that one enters an applet, for all of it.

use std::collections::BTreeSet;
use std::ops::Range;

use diagnostic::Diagnostic;

use crate::context::Context;
use crate::rule::RULES;

/// An allowance that is needless, or of a code that there is not.
const NEEDLESS: &str = "EEM100";

/// The remarks of a text.
pub(crate) struct Allowed<'a> {
    context: &'a Context<'a>,
    all: Vec<Allowance>,
}

struct Allowance {
    code: String,
    /// Where its code stands.
    span: Range<usize>,
    /// The lines for which it is.
    lines: Range<usize>,
}

impl<'a> Allowed<'a> {
    pub(crate) fn of(context: &'a Context<'a>) -> Self {
        let text = &context.source.text;
        let mut all = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let Some(remark) = line.trim_start().strip_prefix('!') else { continue };
            let remark = remark.trim_start_matches([' ', '#', '!']);
            let Some(codes) = remark.strip_prefix("ednm:").map(str::trim_start) else { continue };
            let Some(codes) = codes.strip_prefix("allow") else { continue };
            let after = number + 1;
            let lines = lines_after(text, after, context);
            for code in codes.split([' ', ',', '\t']).filter(|code| !code.is_empty()) {
                let span = context.find(number, code);
                all.push(Allowance { code: code.to_owned(), span, lines: lines.clone() });
            }
        }
        Allowed { context, all }
    }

    /// What is not allowed, and what was allowed for nothing.
    pub(crate) fn filter(self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let source = self.context.source;
        let mut used = BTreeSet::new();
        let mut left: Vec<Diagnostic> = Vec::new();
        for one in found {
            let line = source.line_column(one.span.start).0.saturating_sub(1);
            let is_it =
                |allowed: &Allowance| allowed.code == one.code && allowed.lines.contains(&line);
            match self.all.iter().position(is_it) {
                Some(at) => drop(used.insert(at)),
                None => left.push(one),
            }
        }
        for (at, allowed) in self.all.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
            let _ = at;
            let message = format!("`{}` is allowed, and not found here", allowed.code);
            let told = Diagnostic::warning(NEEDLESS, message, source, allowed.span.clone());
            let known = || RULES.iter().map(|rule| rule.code);
            let is_known = known().any(|code| code == allowed.code);
            let told = if is_known { told } else { told.did_you_mean(&allowed.code, known()) };
            left.push(told);
        }
        left
    }
}

/// The next line that is no remark; all of its applet if it enters one.
fn lines_after(text: &str, from: usize, context: &Context<'_>) -> Range<usize> {
    let is_said = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('!');
    let next = text.lines().enumerate().skip(from).find(|(_, line)| is_said(line));
    let Some((next, _)) = next else { return from..from };
    let entered = |applet: &&eem::AppletOutline| applet.entered.contains(&next);
    let Some(applet) = context.outline.applets.iter().find(entered) else { return next..next + 1 };
    let lines = applet.actions.iter().map(|action| action.line);
    let last = lines.chain(applet.events.iter().map(|event| event.line)).max();
    // What the parser refused stands there, too: up to the next applet.
    let others = context.outline.applets.iter().flat_map(|applet| &applet.entered);
    let end = others.copied().filter(|line| *line > next).min();
    next..end.unwrap_or_else(|| text.lines().count()).max(last.unwrap_or(next) + 1)
}
