//! The verdicts as JUnit XML, as CI servers read it: one suite, a case for each run.
//!
//! Filled by the report and written once, at the end. What XML 1.0 cannot hold at all is replaced.

use std::io;
use std::path::Path;
use std::time::Duration;

use diagnostic::Diagnostic;
use host::ExpectedError;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::tell;
use super::trial::Trial;

/// The cases so far.
#[derive(Debug)]
pub(crate) struct Junit {
    /// What ran them.
    suite: &'static str,
    cases: Vec<Case>,
}

impl Default for Junit {
    fn default() -> Self {
        Junit::named("ednm test")
    }
}

#[derive(Debug)]
struct Case {
    file: String,
    name: String,
    took: Duration,
    /// What went wrong, if anything did.
    wrong: Option<Wrong>,
}

#[derive(Debug)]
struct Wrong {
    /// `failure`: the answer is no; `error`: there is none; `skipped`: nobody could have one.
    element: &'static str,
    kind: &'static str,
    message: String,
    text: String,
}

impl Junit {
    pub(crate) fn named(suite: &'static str) -> Self {
        Junit { suite, cases: Vec::new() }
    }

    /// A check of a grading; if it is wrong, the element, what is wrong, and the details.
    pub(crate) fn check(
        &mut self,
        area: &str,
        name: &str,
        took: Duration,
        wrong: Option<(&'static str, String, String)>,
    ) {
        let wrong = wrong.map(|(element, message, text)| {
            let kind = "points";
            Wrong { element, kind, message, text }
        });
        self.add(Path::new(area), name, took, wrong);
    }

    pub(super) fn trial(&mut self, path: &Path, trial: &Trial, took: Duration) {
        let name = format!("{} (seed {:#x})", trial.name, trial.seed);
        let failed = || {
            let diagnostics = trial.verdict.diagnostics();
            let mut text = diagnostic::render(&diagnostics, false);
            text.push_str(&format!("\nreproduce: {}\n", tell::reproduce(path, trial)));
            Wrong { element: "failure", kind: "SIM020", message: first_of(&diagnostics), text }
        };
        self.add(path, &name, took, (!trial.verdict.passed).then(failed));
    }

    pub(super) fn broken(
        &mut self,
        path: &Path,
        name: &str,
        error: &ExpectedError,
        took: Duration,
    ) {
        let (kind, message, text) = match error {
            ExpectedError::InvalidFile(mistakes) | ExpectedError::Unavailable(mistakes) => {
                ("invalid file", first_of(mistakes), diagnostic::render(mistakes, false))
            }
            ExpectedError::Usage(complaint) | ExpectedError::Environment(complaint) => {
                ("environment", complaint.message.clone(), complaint.message.clone())
            }
            ExpectedError::AnsweredNo => ("failed", "it failed".to_owned(), String::new()),
        };
        self.add(path, name, took, Some(Wrong { element: "error", kind, message, text }));
    }

    fn add(&mut self, path: &Path, name: &str, took: Duration, wrong: Option<Wrong>) {
        let (file, name) = (path.display().to_string(), name.to_owned());
        self.cases.push(Case { file, name, took, wrong });
    }

    /// The whole file.
    pub(crate) fn write(&self, path: &Path, took: Duration) -> Result<(), ExpectedError> {
        let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
        let made = directory.map_or(Ok(()), std::fs::create_dir_all);
        let written = made.and_then(|()| std::fs::write(path, self.document(took)?));
        written.map_err(|error| {
            let path = path.display();
            ExpectedError::environment_message(format!("cannot write `{path}`: {error}"))
        })
    }

    fn document(&self, took: Duration) -> io::Result<Vec<u8>> {
        let number = |element: &str| {
            let of_it = |case: &&Case| case.wrong.as_ref().is_some_and(|w| w.element == element);
            self.cases.iter().filter(of_it).count().to_string()
        };
        let counts = [
            ("tests", self.cases.len().to_string()),
            ("failures", number("failure")),
            ("errors", number("error")),
            ("time", seconds(took)),
        ];
        let counts = || counts.iter().map(|(name, value)| (*name, value.as_str()));
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let suites = writer.create_element("testsuites").with_attribute(("name", "ednm"));
        suites.with_attributes(counts()).write_inner_content(|writer| {
            let suite = writer.create_element("testsuite").with_attribute(("name", self.suite));
            suite.with_attributes(counts()).write_inner_content(|writer| {
                self.cases.iter().try_for_each(|case| case.write(writer))
            })?;
            Ok(())
        })?;
        let mut document = writer.into_inner();
        document.push(b'\n');
        Ok(document)
    }
}

impl Case {
    fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let (file, name) = (held(&self.file), held(&self.name));
        let case = writer.create_element("testcase").with_attributes([
            ("name", name.as_str()),
            ("classname", &file),
            ("file", &file),
            ("time", &seconds(self.took)),
        ]);
        let Some(Wrong { element, kind, message, text }) = &self.wrong else {
            return case.write_empty().map(drop);
        };
        case.write_inner_content(|writer| {
            let message = held(message);
            let wrong = writer
                .create_element(*element)
                .with_attributes([("type", *kind), ("message", &message)]);
            wrong.write_text_content(BytesText::new(&held(text))).map(drop)
        })?;
        Ok(())
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

fn first_of(diagnostics: &[Diagnostic]) -> String {
    diagnostics.first().map(|first| first.message.clone()).unwrap_or_default()
}

/// A text without what XML 1.0, 2.2 `Char` leaves out; the writer escapes the rest.
fn held(text: &str) -> String {
    let is_blank = |c: char| matches!(c, '\t' | '\n' | '\r');
    let is_left_out = |c: char| (c < ' ' && !is_blank(c)) || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.replace(is_left_out, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::Reader;

    use super::*;

    fn junit(name: &str, message: &str) -> Junit {
        let mut junit = Junit::default();
        let error = ExpectedError::usage(message);
        junit.broken(Path::new("a&b.toml"), name, &error, Duration::from_millis(5));
        junit
    }

    proptest! {
        /// Goal: no text can leave its place in the document, and each can be read again. Method:
        /// any text, and a reader that takes what is well-formed alone.
        #[test]
        fn no_text_leaves_its_place(text in any::<String>()) {
            let document = junit(&text, &text).document(Duration::ZERO).expect("in memory");
            let document = String::from_utf8(document).expect("UTF-8");
            let mut reader = Reader::from_str(&document);
            let mut elements = Vec::new();
            let mut read = String::new();
            loop {
                match reader.read_event().expect("well-formed") {
                    Event::Start(element) => {
                        let name: &str = element.name().into_inner();
                        elements.push(name.to_owned());
                    }
                    Event::Text(part) if elements.len() == 4 => read.push_str(&part),
                    Event::Eof => break,
                    _ => {}
                }
            }
            prop_assert_eq!(elements, ["testsuites", "testsuite", "testcase", "error"]);
            prop_assert!(!read.contains(['<', '>']));
        }
    }

    /// Goal: the document is whole, with counts. Method: one that could not be run, as written.
    #[test]
    fn the_document_is_whole() {
        let junit = junit("flap", "no <lab>");
        let document = junit.document(Duration::from_secs(1)).expect("in memory");
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
        .assert_eq(&String::from_utf8_lossy(&document));
    }
}
