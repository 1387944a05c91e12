//! docs/eem-checks.md, from what each rule says of itself.

use diagnostic::{Severity, Source};
use eem::Dialect;

use crate::check::check;
use crate::rule::{RULES, Rule};

/// The page.
pub fn pages() -> String {
    let mut text = String::from(
        "# What `ednm eem check` finds\n\n\
         Made from the rules of crates/lint: a test fails when this page is not what they say, \
         and runs\n\
         each example and its fix. What the parser itself refuses has the codes `EEM001` to \
         `EEM010`\n\
         ([diagnostics.md](diagnostics.md)). `! ednm: allow CODE` in a remark lets the next line \
         be, or all of\n\
         the applet that it stands before.\n",
    );
    text.push_str("\n| code | finds |\n|---|---|\n");
    for rule in RULES {
        text.push_str(&format!("| [{0}](#{1}) | {2} |\n", rule.code, anchor(rule), rule.name));
    }
    for rule in RULES {
        text.push_str(&format!("\n## {}: {}\n\n", rule.code, rule.name));
        text.push_str(&format!("{}\n\n{}\n\n", rule.what, rule.why));
        text.push_str(&format!("```\n{}```\n\n{}\n\n", rule.example, found(rule)));
        text.push_str(&format!("Mended:\n\n```\n{}```\n", rule.fixed));
    }
    text
}

/// What the rule says about its example, as it is printed.
fn found(rule: &Rule) -> String {
    let source = Source::new("example", rule.example);
    let found = check(&source, Dialect::Ios);
    let own = found.iter().find(|one| one.code == rule.code);
    let Some(one) = own else { return String::new() };
    let (line, column) = one.source.line_column(one.span.start);
    let word = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    format!("Line {line}, column {column}: {word}, {}.", one.message)
}

/// What a heading is called in a link (GitHub's form).
fn anchor(rule: &Rule) -> String {
    let heading = format!("{} {}", rule.code, rule.name).to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
