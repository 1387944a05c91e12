//! docs/eem-checks.md, from what each rule says of itself.

use crate::rule::RULES;

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
    for rule in RULES {
        text.push_str(&format!(
            "\n## {}: {}\n\n{}\n\n{}\n",
            rule.code, rule.name, rule.what, rule.why
        ));
        text.push_str(&format!(
            "\n```\n{}```\n\nMended:\n\n```\n{}```\n",
            rule.example, rule.fixed
        ));
    }
    text
}
