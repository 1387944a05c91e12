//! Which known word somebody probably meant.

/// The candidate nearest to `word`, if it is near enough to be worth saying.
///
/// Near enough: at most one third of the letters differ, and at least one may. A swap of two
/// neighbours counts once, and case does not count at all. Of equals the first wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = word.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().collect();
        let distance = distance(&wanted, &letters);
        let bound = (wanted.len().max(letters.len()) / 3).max(1);
        // A single letter is one step from every other: that would be a guess, not a hint.
        let near = distance <= bound && distance < wanted.len().max(letters.len());
        if near && candidate != word && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: hints help and never mislead. Method: a table of slips and of strangers.
    #[test]
    fn hints_are_near_or_absent() {
        let keys = ["startup-config", "username", "password", "ssh", "token"];
        let table = [
            ("startup-confg", Some("startup-config")),
            ("user-name", Some("username")),
            ("psasword", Some("password")),
            ("SSH", Some("ssh")),
            ("shs", Some("ssh")),
            ("telnet", None),
            ("x", None),
            ("", None),
        ];
        for (word, want) in table {
            assert_eq!(nearest(word, keys), want, "{word}");
        }
        assert_eq!(nearest("Gi9", ["Gi1", "Gi2"]), Some("Gi1"));
    }
}
