//! What changed between two configurations, line by line, each line under its section.

/// Lines that say when, not what.
const PASSED_OVER: &str = "! ";

/// `+` and `-` lines; one of a section has the section's own line before it.
pub(super) fn between(before: &str, after: &str) -> Vec<String> {
    let (old, new) = (lines(before), lines(after));
    let common = common_lengths(&old, &new);
    let (mut i, mut j) = (0, 0);
    let mut told = Told::default();
    // The sections that the two places are in.
    let mut heads = ["", ""];
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            note(&mut heads, old[i]);
            (i, j) = (i + 1, j + 1);
        } else if j >= new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            note(&mut heads[..1], old[i]);
            told.line('-', old[i], heads[0]);
            i += 1;
        } else {
            note(&mut heads[1..], new[j]);
            told.line('+', new[j], heads[1]);
            j += 1;
        }
    }
    told.lines
}

/// What is told, and in which section the last line of it stands.
#[derive(Default)]
struct Told<'a> {
    lines: Vec<String>,
    section: &'a str,
}

impl<'a> Told<'a> {
    fn line(&mut self, sign: char, line: &str, section: &'a str) {
        if line.starts_with(' ') && section != self.section {
            self.lines.push(format!("  {section}"));
        }
        self.section = section;
        self.lines.push(format!("{sign} {line}"));
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with(PASSED_OVER) && *line != "!").collect()
}

fn note<'a>(heads: &mut [&'a str], line: &'a str) {
    if !line.starts_with(' ') {
        heads.iter_mut().for_each(|head| *head = line);
    }
}

/// The length of the longest common subsequence of what follows each pair of lines.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            table[i][j] = match old[i] == new[j] {
                true => table[i + 1][j + 1] + 1,
                false => table[i + 1][j].max(table[i][j + 1]),
            };
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a change is told once, in its section. Method: two small configurations.
    #[test]
    fn changes_stand_in_their_sections() {
        let before = "!\n! Last change at 1\ninterface Gi1\n ip address a\n shutdown\n!\nend";
        let after = "!\n! Last change at 2\nhostname R\ninterface Gi1\n ip address b\n!\nend";
        let want = [
            "+ hostname R",
            "  interface Gi1",
            "-  ip address a",
            "-  shutdown",
            "+  ip address b",
        ];
        assert_eq!(between(before, after), want);
        assert!(between(after, after).is_empty());
    }
}
