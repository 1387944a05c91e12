//! The verdicts as JUnit XML, as CI servers read it: one suite, a case for each run.
//!
//! Filled by the report and written once, at the end. A text of a file or device can end no
//! element: what XML 1.0 cannot hold at all is replaced.

use std::path::Path;
use std::time::Duration;

use diagnostic::Diagnostic;
use host::ExpectedError;

use super::tell;
use super::trial::Trial;

/// The cases so far.
#[derive(Debug, Default)]
pub(super) struct Junit {
    cases: String,
    count: usize,
    failures: usize,
    errors: usize,
}

impl Junit {
    pub(super) fn trial(&mut self, path: &Path, trial: &Trial, took: Duration) {
        self.open(path, &format!("{} (seed {:#x})", trial.name, trial.seed), took);
        if trial.verdict.passed {
            self.cases.push_str("/>\n");
            return;
        }
        self.failures += 1;
        let diagnostics = trial.verdict.diagnostics();
        let mut text = diagnostic::render(&diagnostics, false);
        text.push_str(&format!("\nreproduce: {}\n", tell::reproduce(path, trial)));
        self.inner("failure", "SIM020", &first_of(&diagnostics), &text);
    }

    pub(super) fn broken(
        &mut self,
        path: &Path,
        name: &str,
        error: &ExpectedError,
        took: Duration,
    ) {
        self.errors += 1;
        self.open(path, name, took);
        match error {
            ExpectedError::InvalidFile(mistakes) | ExpectedError::Unavailable(mistakes) => {
                let text = diagnostic::render(mistakes, false);
                self.inner("error", "invalid file", &first_of(mistakes), &text);
            }
            ExpectedError::Usage(complaint) | ExpectedError::Environment(complaint) => {
                self.inner("error", "environment", &complaint.message, &complaint.message);
            }
            ExpectedError::AnsweredNo => self.inner("error", "failed", "it failed", ""),
        }
    }

    /// The whole file.
    pub(super) fn write(&self, path: &Path, took: Duration) -> Result<(), ExpectedError> {
        let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
        let made = directory.map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(path, self.document(took))).map_err(|error| {
            let path = path.display();
            ExpectedError::environment_message(format!("cannot write `{path}`: {error}"))
        })
    }

    fn document(&self, took: Duration) -> String {
        let Junit { cases, count, failures, errors } = self;
        let counts = format!(
            "tests=\"{count}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{:.3}\"",
            took.as_secs_f64()
        );
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ednm\" {counts}>\n\
             <testsuite name=\"ednm test\" {counts}>\n{cases}</testsuite>\n</testsuites>\n"
        )
    }

    fn open(&mut self, path: &Path, name: &str, took: Duration) {
        self.count += 1;
        let (class, name) = (escape(&path.display().to_string()), escape(name));
        self.cases.push_str(&format!(
            "<testcase name=\"{name}\" classname=\"{class}\" file=\"{class}\" time=\"{:.3}\"",
            took.as_secs_f64()
        ));
    }

    fn inner(&mut self, element: &str, kind: &str, message: &str, text: &str) {
        let (kind, message, text) = (escape(kind), escape(message), escape(text));
        self.cases.push_str(&format!(
            ">\n<{element} type=\"{kind}\" message=\"{message}\">{text}</{element}>\n</testcase>\n"
        ));
    }
}

fn first_of(diagnostics: &[Diagnostic]) -> String {
    diagnostics.first().map(|first| first.message.clone()).unwrap_or_default()
}

/// For attributes and texts alike.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // As references they survive the normalisation of attributes (XML 1.0, 3.3.3).
            '\n' | '\t' | '\r' => escaped.push_str(&format!("&#{};", c as u32)),
            // What XML 1.0, 2.2 `Char` leaves out.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Goal: no text can leave its place in the document. Method: any text, escaped.
        #[test]
        fn no_text_leaves_its_place(text in any::<String>()) {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            let held = |c: char| c >= ' ' && !['\u{fffe}', '\u{ffff}'].contains(&c);
            prop_assert!(escaped.chars().all(held), "{:?}", escaped);
            for part in escaped.split('&').skip(1) {
                let known = ["amp;", "lt;", "gt;", "quot;", "apos;", "#10;", "#9;", "#13;"];
                prop_assert!(known.iter().any(|entity| part.starts_with(entity)));
            }
        }
    }

    /// Goal: the document is whole, with counts. Method: one that could not be run, as written.
    #[test]
    fn the_document_is_whole() {
        let mut junit = Junit::default();
        let error = ExpectedError::usage("no <lab>");
        junit.broken(Path::new("a&b.toml"), "flap", &error, Duration::from_millis(5));
        expect_test::expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="ednm" tests="1" failures="0" errors="1" time="1.000">
            <testsuite name="ednm test" tests="1" failures="0" errors="1" time="1.000">
            <testcase name="flap" classname="a&amp;b.toml" file="a&amp;b.toml" time="0.005">
            <error type="environment" message="no &lt;lab&gt;">no &lt;lab&gt;</error>
            </testcase>
            </testsuite>
            </testsuites>
        "#]]
        .assert_eq(&junit.document(Duration::from_secs(1)));
    }
}
