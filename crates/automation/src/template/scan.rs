//! Reads the text of a template just far enough to say, when it is loaded, which of its
//! expressions lack a typed filter.
//!
//! Called by [`super::Engine::check_command`], after minijinja has taken the text. What it
//! overlooks is still refused when the template is rendered.

use std::ops::Range;

/// One `{{ ... }}` of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    /// Its bytes in the template, braces included.
    pub(super) span: Range<usize>,
    /// The name of the filter that ends it, if one does.
    pub(super) filter: Option<String>,
}

/// The expressions of a template, in order.
pub(super) fn expressions(text: &str) -> Vec<Expression> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at) {
        let inner = open + 2;
        let Some(length) = inside(&text[inner..]) else { break };
        let body = &text[inner..inner + length];
        found.push(Expression { span: open..inner + length + 2, filter: last_filter(body) });
        from = inner + length + 2;
    }
    found
}

/// The inside of a text that is one expression and nothing else.
pub(super) fn only(text: &str) -> Option<&str> {
    let found = expressions(text);
    let [expression] = found.as_slice() else { return None };
    let whole = expression.span == (0..text.len());
    whole.then(|| text[2..text.len() - 2].trim_matches('-').trim())
}

/// The text with each expression replaced by a word of its type; `None` when statements shape it,
/// so that only rendering can tell what it says.
pub(super) fn skeleton(text: &str) -> Option<String> {
    if text.contains("{%") || text.contains("{#") {
        return None;
    }
    let mut line = String::new();
    let mut from = 0;
    for expression in expressions(text) {
        line.push_str(&text[from..expression.span.start]);
        // A word that its filter would let through.
        line.push_str(match expression.filter.as_deref() {
            Some("number") => "1",
            Some("address") => "192.0.2.1",
            Some(_) | None => "X1",
        });
        from = expression.span.end;
    }
    line.push_str(&text[from..]);
    Some(line)
}

/// The text with each expression replaced by letters that take as much room, and where those stand;
/// `None` when statements shape it.
pub(super) fn padded(text: &str) -> Option<(String, Vec<Range<usize>>)> {
    if text.contains("{%") || text.contains("{#") {
        return None;
    }
    let mut whole = String::new();
    let mut places = Vec::new();
    let mut from = 0;
    for Expression { span, .. } in expressions(text) {
        whole.push_str(&text[from..span.start]);
        whole.push_str(&"v".repeat(span.len()));
        from = span.end;
        places.push(span);
    }
    whole.push_str(&text[from..]);
    Some((whole, places))
}

/// Whether what a configuration line does is written out: its first word is, and behind `no` and
/// `default` the second.
pub(super) fn is_named(text: &str) -> bool {
    let (fixed, value) = text.split_once("{{").map_or((text, None), |(a, b)| (a, Some(b)));
    // A value that follows a word directly is part of it, also when `{{-` takes the blanks away.
    let joined = value.is_some_and(|value| {
        value.starts_with('-') || !fixed.ends_with(|c: char| c.is_ascii_whitespace())
    });
    let mut words: Vec<&str> = fixed.split_whitespace().collect();
    if joined {
        words.pop();
    }
    let negates = |word: &str| ["no", "default"].iter().any(|n| word.eq_ignore_ascii_case(n));
    match words.as_slice() {
        [] => false,
        [only] => !negates(only),
        [_, _, ..] => true,
    }
}

/// Bytes up to the `}}` that is in no string.
fn inside(text: &str) -> Option<usize> {
    let outside = quoted(text);
    text.match_indices("}}").map(|(at, _)| at).find(|&at| !outside[at])
}

/// The name behind the last `|` that is in no string and no bracket, if nothing follows the name.
pub(super) fn last_filter(expression: &str) -> Option<String> {
    let quoted = quoted(expression);
    let mut depth = 0_i32;
    let mut pipe = None;
    for (at, byte) in expression.bytes().enumerate().filter(|(at, _)| !quoted[*at]) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'|' if depth == 0 => pipe = Some(at),
            _ => {}
        }
    }
    let name = expression[pipe? + 1..].trim_end_matches('-').trim();
    let whole = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    whole.then(|| name.to_owned())
}

/// For each byte whether it is part of a string.
fn quoted(text: &str) -> Vec<bool> {
    let mut open: Option<u8> = None;
    let mut escaped = false;
    let bytes = text.bytes().map(|byte| {
        let before = open;
        match open {
            Some(_) if escaped => escaped = false,
            Some(_) if byte == b'\\' => escaped = true,
            Some(quote) if byte == quote => open = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'\'') => open = Some(byte),
            None => {}
        }
        before.is_some() || open.is_some()
    });
    bytes.collect()
}
