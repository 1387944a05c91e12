//! All that is wrong with a text: the parser's faults, then the rules'.

use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use eem::{AppletOutline, Dialect, LINKED_ACTIONS_MAX};

use crate::allow::Allowed;
use crate::config::{Config, applets_only};
use crate::context::{Context, Finding};
use crate::parse;
use crate::rule::RULES;

/// An applet that is too long for some of the rules.
const TOO_LONG: &str = "EEM104";

/// Checks the applets of a text, which may be a whole configuration. In the order of the lines.
pub fn check(source: &Arc<Source>, dialect: Dialect) -> Vec<Diagnostic> {
    let outline = eem::outline(&applets_only(&source.text), dialect);
    let config = Config::of(&source.text);
    let context = Context { source, outline: &outline, config: &config, dialect };
    let mut found = parse::problems(&context, dialect);
    for rule in RULES {
        let of_rule = (rule.check)(&context).into_iter();
        found.extend(of_rule.map(|finding| finding.diagnostic(rule.code, source)));
    }
    found.extend(context.outline.applets.iter().filter_map(|applet| too_long(&context, applet)));
    let mut found = Allowed::of(&context).filter(found);
    found.sort_by_key(|one| (one.span.start, one.code));
    found
}

/// An applet through which no way is followed.
fn too_long(context: &Context<'_>, applet: &AppletOutline) -> Option<Diagnostic> {
    let count = applet.actions.len();
    let message = format!("`{}` has {count} actions: no way through it is followed", applet.name);
    let span = context.find(applet.entered[0], &applet.name);
    let told = Finding::note(span, message).help(format!("at most {LINKED_ACTIONS_MAX} are"));
    (count > LINKED_ACTIONS_MAX).then(|| told.diagnostic(TOO_LONG, context.source))
}
