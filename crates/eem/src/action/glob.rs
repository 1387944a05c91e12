//! Tcl's `string match`: `*` any text, `?` any character, `[a-z]` one of a set, `\x` x itself.

/// Whether the whole of `text` fits `pattern`.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where to go on when what follows the last `*` does not fit: one character further.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if p == pattern.len() && t == text.len() {
            return true;
        }
        if pattern.get(p) == Some(&'*') {
            retry = Some((p + 1, t));
            p += 1;
            continue;
        }
        if t < text.len()
            && let Some(next) = one(&pattern, p, text[t])
        {
            (p, t) = (next, t + 1);
            continue;
        }
        let Some((after, from)) = retry.filter(|(_, from)| *from < text.len()) else {
            return false;
        };
        (p, t) = (after, from + 1);
        retry = Some((after, from + 1));
    }
}

/// Where the pattern goes on after the element at `p`, if that fits `letter`.
fn one(pattern: &[char], p: usize, letter: char) -> Option<usize> {
    match *pattern.get(p)? {
        '?' => Some(p + 1),
        '\\' => {
            let literal = pattern.get(p + 1).copied().unwrap_or('\\');
            (literal == letter).then_some((p + 2).min(pattern.len()))
        }
        '[' => set(pattern, p + 1, letter),
        plain => (plain == letter).then_some(p + 1),
    }
}

/// `[a-z]`, after its bracket; one without an end goes to the end of the pattern, as in Tcl.
fn set(pattern: &[char], mut p: usize, letter: char) -> Option<usize> {
    let mut fits = false;
    while let Some(low) = pattern.get(p).copied().filter(|c| *c != ']') {
        let is_range = pattern.get(p + 1) == Some(&'-');
        match pattern.get(p + 2).copied().filter(|high| is_range && *high != ']') {
            Some(high) => {
                fits |= (low.min(high)..=low.max(high)).contains(&letter);
                p += 3;
            }
            None => {
                fits |= low == letter;
                p += 1;
            }
        }
    }
    fits.then_some((p + 1).min(pattern.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: Tcl's globs. Method: a table of pattern, text, whether it fits.
    #[test]
    fn globs_match() {
        let table = [
            ("*Invalid*", "% Invalid input", true),
            ("a", "aa", false),
            ("a.", "aa", false),
            ("a?", "aa", true),
            ("Gi[0-9]*", "Gi1/0/1", true),
            ("Gi[0-9]*", "Te1/0/1", false),
            ("*a*b", "xaybab", true),
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("[abc", "b", true),
            ("[z-a]", "m", true),
        ];
        for (pattern, text, want) in table {
            assert_eq!(matches(pattern, text), want, "{pattern} {text}");
        }
    }
}
