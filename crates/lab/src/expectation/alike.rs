//! How alike two texts are, for saying what came nearest.

use std::collections::BTreeMap;

/// From 0 (the same pairs of letters) to 1,000 (none in common); Dice's measure over bigrams.
///
/// A pattern's own signs (`.*`, brackets) are compared like any others: they cost a little.
pub(super) fn distance(pattern: &str, text: &str) -> u32 {
    let mut pairs: BTreeMap<(char, char), i64> = BTreeMap::new();
    let mut total: i64 = 0;
    let mut shared: i64 = 0;
    for pair in bigrams(pattern) {
        *pairs.entry(pair).or_default() += 1;
        total += 1;
    }
    for pair in bigrams(text) {
        total += 1;
        if let Some(left) = pairs.get_mut(&pair).filter(|left| **left > 0) {
            *left -= 1;
            shared += 1;
        }
    }
    let alike = if total == 0 { 0 } else { 2_000 * shared / total };
    u32::try_from(1_000 - alike.min(1_000)).unwrap_or(1_000)
}

/// The line of `text` that is most alike.
pub(super) fn nearest_line<'a>(pattern: &str, text: &'a str) -> Option<&'a str> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.min_by_key(|line| distance(pattern, line)).map(str::trim_end)
}

fn bigrams(text: &str) -> impl Iterator<Item = (char, char)> {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    (1..letters.len()).map(move |i| (letters[i - 1], letters[i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the line that a reader would point at is the nearest. Method: a real table.
    #[test]
    fn the_nearest_line_is_the_obvious_one() {
        let output = "Interface   IP-Address  OK? Method Status  Protocol\n\
            GigabitEthernet1  10.0.12.1  YES manual up  up\n\
            GigabitEthernet2  unassigned  YES unset administratively down  down\n";
        let pattern = "GigabitEthernet1 .*administratively down";
        let line = nearest_line(pattern, output).expect("there are lines");
        assert!(line.starts_with("GigabitEthernet"), "{line}");
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("abc", "xyz"), 1_000);
        assert_eq!(nearest_line("a", "\n"), None);
    }
}
