//! All that is wrong with a text: the parser's faults, then the rules'.

use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use eem::Dialect;

use crate::allow::Allowed;
use crate::config::{Config, applets_only};
use crate::context::Context;
use crate::parse;
use crate::rule::RULES;

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
    let mut found = Allowed::of(&context).filter(found);
    found.sort_by_key(|one| (one.span.start, one.code));
    found
}
