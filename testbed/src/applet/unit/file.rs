//! A file of tests: which applets, on which router, what happens, what is wanted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostic::table::{self, Shape, Table};
use diagnostic::{Diagnostic, Source, Spanned, has_errors};
use host::ExpectedError;
use host::files::{self, Found};
use simtime::Duration;

use super::want::{self, Wanted};
use crate::applet::bench::World;
use crate::args::DialectArg;

/// What happens that nothing can read.
const BAD_EVENT: &str = "EET001";
/// A file of applets that is not there, or two tests of one name.
const BAD_FILE: &str = "EET002";

/// How many tests one file can have, and how much can happen in one.
const TESTS_MAX: usize = 10_000;
const EVENTS_MAX: usize = 1_000;

/// The statuses that end a request (RFC 9110, section 15): those below 200 are followed by another.
const STATUSES: std::ops::RangeInclusive<u16> = 200..=599;

/// The tests of one file.
#[derive(Debug)]
pub(in crate::applet) struct Suite {
    /// The file, as diagnostics call it.
    pub(super) name: String,
    pub(super) source: Arc<Source>,
    /// The applets.
    pub(super) applets: Arc<Source>,
    /// The files that it was read from.
    pub(super) files: Vec<PathBuf>,
    pub(super) dialect: DialectArg,
    pub(super) platform: Option<Spanned<String>>,
    pub(super) tests: Vec<UnitTest>,
}

/// One test.
#[derive(Clone, Debug)]
pub(super) struct UnitTest {
    pub(super) name: String,
    pub(super) span: std::ops::Range<usize>,
    /// Lines of the router's configuration before the applets.
    pub(super) config: String,
    pub(super) seed: Option<u64>,
    pub(super) events: Vec<Spanned<Happening>>,
    /// How much time passes at the end.
    pub(super) span_after: Option<Duration>,
    pub(super) faults: Faults,
    pub(super) wanted: Vec<Wanted>,
}

/// What happens.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    /// In the words of `ednm eem run --event`.
    Event(String),
    /// So much time passes.
    Wait(Duration),
    /// Time passes until so long after the start.
    Until(Duration),
}

/// What goes wrong around the applets.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    pub(super) world: World,
    /// Whether somebody has all lines.
    pub(super) lines_taken: bool,
    /// Whether the guest shell is disabled.
    pub(super) guestshell_down: bool,
    /// Whether no server lets applets type commands.
    pub(super) unauthorized: bool,
}

/// Reads a file. `None` when it has a mistake, which `sink` tells.
pub(super) fn read(
    path: &Path,
    sink: &mut Vec<Diagnostic>,
) -> Result<Option<Suite>, ExpectedError> {
    let found = files::open(path).map_err(ExpectedError::file)?;
    Ok(suite(&found, path, sink))
}

/// The tests of a file that was opened.
pub(super) fn suite(found: &Found, path: &Path, sink: &mut Vec<Diagnostic>) -> Option<Suite> {
    let before = sink.len();
    let root = table::parse(&found.source, sink)?;
    let mut reader = Reader { sink };
    let draft = reader.suite(root);
    let applet = draft.applet?;
    let applets = match found.files.find(&applet.value) {
        Ok(file) => file.source,
        Err(reason) => {
            let message = format!("the applets `{}` cannot be read", applet.value);
            let wrong = Diagnostic::error(BAD_FILE, message, &found.source, applet.span);
            sink.push(wrong.label(reason.to_string()));
            return None;
        }
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let read = vec![path.to_owned(), folder.join(&applet.value)];
    (!has_errors(&sink[before..])).then(|| Suite {
        name: found.source.name.clone(),
        source: Arc::clone(&found.source),
        applets,
        files: read,
        dialect: draft.dialect,
        platform: draft.platform,
        tests: draft.tests,
    })
}

/// What such a file can hold.
pub(crate) fn shape() -> Shape {
    Shape::record(|root| {
        Reader { sink: &mut Vec::new() }.suite(root);
    })
}

struct Draft {
    applet: Option<Spanned<String>>,
    dialect: DialectArg,
    platform: Option<Spanned<String>>,
    tests: Vec<UnitTest>,
}

struct Reader<'a> {
    sink: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn suite(&mut self, mut root: Table) -> Draft {
        root.require("applet", self.sink);
        let applet = root.text("applet", self.sink);
        let (mut config, mut dialect, mut platform) = (String::new(), None, None);
        if let Some(mut device) = root.table("device", self.sink) {
            config = device.text("config", self.sink).map(|text| text.value).unwrap_or_default();
            let words = [("iosxe", DialectArg::Iosxe), ("course", DialectArg::Course)];
            dialect = device.choice("dialect", &words, self.sink);
            platform = device.text("platform", self.sink);
            device.finish(self.sink);
        }
        let source = Arc::clone(root.source());
        let tables = root.tables("tests", self.sink);
        root.finish(self.sink);
        let mut tests: Vec<UnitTest> = Vec::new();
        if let Some(table) = tables.get(TESTS_MAX) {
            self.wrong(table.span(), format!("a file has {TESTS_MAX} tests at most"), &source);
        }
        for table in tables.into_iter().take(TESTS_MAX) {
            let Some(test) = self.test(table, &config) else { continue };
            if tests.iter().any(|known| known.name == test.name) {
                let message = format!("two tests are called `{}`", test.name);
                self.sink.push(Diagnostic::error(BAD_FILE, message, &source, test.span.clone()));
            }
            tests.push(test);
        }
        let dialect = dialect.map(|word| word.value).unwrap_or_default();
        Draft { applet, dialect, platform, tests }
    }

    fn test(&mut self, mut table: Table, of_device: &str) -> Option<UnitTest> {
        let source = Arc::clone(table.source());
        table.require("name", self.sink);
        let name = table.text("name", self.sink);
        let own = table.text("config", self.sink).map(|text| text.value).unwrap_or_default();
        let seed = table.number("seed", self.sink).map(|seed| seed.value);
        let span_after = table.parsed::<Duration>("for", self.sink).map(|span| span.value);
        let events = table.one_or_more("events", self.sink).unwrap_or_default();
        if let Some(event) = events.get(EVENTS_MAX) {
            let message = format!("a test has {EVENTS_MAX} events at most");
            self.wrong(event.span.clone(), message, &source);
        }
        let events = events.into_iter().take(EVENTS_MAX);
        let events = events.filter_map(|text| self.happening(text, &source)).collect();
        let faults = table.table("faults", self.sink).map(|table| self.faults(table));
        let mut wanted = Vec::new();
        for (key, is_never) in [("expect", false), ("never", true)] {
            if let Some(table) = table.table(key, self.sink) {
                wanted.extend(want::read(table, is_never, self.sink));
            }
        }
        table.finish(self.sink);
        let Spanned { value: name, span } = name?;
        Some(UnitTest {
            name,
            span,
            config: format!("{of_device}\n{own}\n"),
            seed,
            events,
            span_after,
            faults: faults.unwrap_or_default(),
            wanted,
        })
    }

    /// `wait 5s`, `at 5s EVENT`, or an event.
    fn happening(
        &mut self,
        text: Spanned<String>,
        source: &Arc<Source>,
    ) -> Option<Spanned<Happening>> {
        let words: Vec<&str> = text.value.split_whitespace().collect();
        let span = |word: &str| word.parse::<Duration>().map_err(|error| error.to_string());
        let read = match words.as_slice() {
            ["wait", time] => span(time).map(Happening::Wait),
            ["until", time] => span(time).map(Happening::Until),
            ["wait" | "until", ..] => Err("a time follows, such as `5s`".to_owned()),
            [] => Err("nothing happens".to_owned()),
            _ => Ok(Happening::Event(text.value.clone())),
        };
        match read {
            Ok(happening) => Some(Spanned::new(happening, text.span)),
            Err(why) => {
                let message = "this is nothing that can happen";
                self.sink.push(Diagnostic::error(BAD_EVENT, message, source, text.span).label(why));
                None
            }
        }
    }

    /// A value of a kind that is right, which means nothing here.
    fn wrong(&mut self, place: std::ops::Range<usize>, message: String, source: &Arc<Source>) {
        self.sink.push(Diagnostic::error(want::BAD_VALUE, message, source, place));
    }

    fn faults(&mut self, mut table: Table) -> Faults {
        let source = Arc::clone(table.source());
        let taken = table.choice("lines", &[("taken", true)], self.sink).is_some();
        let down = table.choice("guestshell", &[("down", true)], self.sink).is_some();
        let refused = table.choice("authorization", &[("refused", true)], self.sink);
        let words = [("timeout", World::Silent), ("refused", World::Refuses)];
        let words: Vec<(&str, usize)> =
            words.iter().enumerate().map(|(at, (word, _))| (*word, at)).collect();
        let silent = table.choice("http", &words, self.sink).map(|word| word.value);
        let status = table.number("status", self.sink);
        let answer = table.text("answer", self.sink);
        let of_answers = status.as_ref().map(|status| status.span.clone());
        let of_answers = of_answers.or(answer.as_ref().map(|answer| answer.span.clone()));
        if let Some(place) = of_answers.filter(|_| silent.is_some()) {
            let message = "with `http` nothing is answered: `status` and `answer` go without it";
            self.wrong(place, message.to_owned(), &source);
        }
        let status = status.and_then(|status| {
            let code = u16::try_from(status.value).ok().filter(|code| STATUSES.contains(code));
            if code.is_none() {
                let message = format!("{} is no status of HTTP: 200 to 599", status.value);
                self.wrong(status.span, message, &source);
            }
            code
        });
        let body = answer.map(|answer| answer.value);
        table.finish(self.sink);
        let world = match (silent, status) {
            (Some(0), _) => World::Silent,
            (Some(_), _) => World::Refuses,
            (None, status) => World::Answers(status.unwrap_or(202), body.unwrap_or_default()),
        };
        let unauthorized = refused.is_some();
        Faults { world, lines_taken: taken, guestshell_down: down, unauthorized }
    }
}
