//! Rule for diagnostics: every code in the sources has its line in docs/diagnostics.md, and every
//! line there a code.

use std::collections::BTreeMap;

use super::{File, Problem};

/// The document that lists them.
const LIST: &str = "docs/diagnostics.md";

/// Where each code stands: in the sources, and in the list.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    used: BTreeMap<String, Problem>,
    listed: BTreeMap<String, Problem>,
}

impl Codes {
    /// Notes the codes of one file. Tests may show codes that there are not.
    pub(crate) fn note(&mut self, file: &File<'_>) {
        let is_list = file.path.ends_with(LIST);
        let is_source = file.path.extension().is_some_and(|extension| extension == "rs")
            && !file.path.components().any(|part| part.as_os_str() == "tests")
            && !file.path.starts_with("xtask");
        if !is_list && !is_source {
            return;
        }
        for (index, line) in file.text.lines().enumerate() {
            if is_source && line.trim() == "#[cfg(test)]" {
                return;
            }
            let (from, quote) =
                if is_list { (line.strip_prefix("| "), '`') } else { (Some(line), '"') };
            let words = from.unwrap_or_default().split(quote).skip(1).step_by(2);
            for code in words.take(if is_list { 1 } else { usize::MAX }).filter(|w| is_code(w)) {
                let (known, message) = match is_list {
                    true => (&mut self.listed, format!("`{code}` is a code of no source")),
                    false => (&mut self.used, format!("`{code}` has no line in {LIST}")),
                };
                let problem = file.problem(index + 1, message);
                known.entry(code.to_owned()).or_insert(problem);
            }
        }
    }

    /// Those that stand on one side alone.
    pub(crate) fn problems(self) -> Vec<Problem> {
        let Codes { used, listed } = self;
        let names: (Vec<String>, Vec<String>) =
            (used.keys().cloned().collect(), listed.keys().cloned().collect());
        let unlisted = used.into_iter().filter(|(code, _)| !names.1.contains(code));
        let unused = listed.into_iter().filter(|(code, _)| !names.0.contains(code));
        unlisted.chain(unused).map(|(_, problem)| problem).collect()
    }
}

/// `TOP012`: three to five capitals, three digits.
fn is_code(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = word.bytes().skip(letters).take_while(u8::is_ascii_digit).count();
    (3..=5).contains(&letters) && digits == 3 && letters + digits == word.len()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Goal: a code on one side alone is found, and what only looks like one is not. Method: one
    /// source and a list.
    #[test]
    fn both_sides_are_held_together() {
        let source = "error(\"TOP001\"); f(\"SHA1\", \"TOP002\");\n#[cfg(test)]\n\"TOP009\"";
        let list = "| `TOP001` | a `TOP005` | b |\n| `TOP003` | c | d |\nsee `TOP004`";
        let mut codes = Codes::default();
        codes.note(&File { path: Path::new("crates/a/src/b.rs"), text: source });
        codes.note(&File { path: Path::new(LIST), text: list });
        let found: Vec<String> = codes.problems().iter().map(Problem::to_string).collect();
        assert_eq!(
            found,
            [
                "crates/a/src/b.rs:1: `TOP002` has no line in docs/diagnostics.md",
                "docs/diagnostics.md:2: `TOP003` is a code of no source",
            ]
        );
    }
}
