//! The engineer's log: what the programs and the libraries below them do, line by line on stderr.
//!
//! Installed once by [`crate::run_program`], off unless `EDNM_LOG` asks for it. What a user has to
//! know is never here alone: facts and messages say that.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::clock::wall_time;
use crate::{ExpectedError, Line};

/// Says what is logged: `debug`, or `russh=debug,listener=info`.
const VARIABLE: &str = "EDNM_LOG";

/// The finest level, whatever the variable asks for: below it, libraries print what they send and
/// receive, passwords and tokens among it.
const LEVEL_MAX: LevelFilter = LevelFilter::DEBUG;

/// Starts the log that `EDNM_LOG` asks for; records of the `log` crate, which russh writes, come
/// through as well.
pub(crate) fn install() -> Result<(), ExpectedError> {
    let given = std::env::var_os(VARIABLE).unwrap_or_default();
    if given.is_empty() {
        return Ok(());
    }
    let lines = tracing_subscriber::fmt::layer().event_format(OneLine);
    let lines = lines.with_writer(std::io::stderr);
    let log = tracing_subscriber::registry().with(filter(&given.to_string_lossy())?);
    log.with(LEVEL_MAX).with(lines).try_init().map_err(ExpectedError::environment)
}

fn filter(text: &str) -> Result<EnvFilter, ExpectedError> {
    let error = match EnvFilter::builder().parse(text) {
        Ok(filter) => return Ok(filter),
        Err(error) => error,
    };
    let error = ExpectedError::usage(format!("`{VARIABLE}={text}`: {error}"));
    Err(error.with_hint("write a level, or levels by target: `debug`, `russh=debug,listener=info`"))
}

/// `LOG level=debug target=russh::server message="..." key=value ts=...`
struct OneLine;

impl<S, N> FormatEvent<S, N> for OneLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut said = Said::default();
        event.record(&mut said);
        let target = said.target.as_deref().unwrap_or(event.metadata().target());
        let level = event.metadata().level().as_str().to_ascii_lowercase();
        let line = Line::new("LOG").field("level", level).field("target", target);
        let line = line.maybe("message", said.message);
        let line = said.fields.into_iter().fold(line, |line, (key, value)| line.field(key, value));
        writeln!(writer, "{}", line.at(wall_time()))
    }
}

/// What an event says, taken apart.
#[derive(Default)]
struct Said {
    message: Option<String>,
    /// Where a record of the `log` crate came from: its event's own target is just `log`.
    target: Option<String>,
    fields: Vec<(&'static str, String)>,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.message = Some(value.to_owned()),
            "log.target" => self.target = Some(value.to_owned()),
            // Its source file and line.
            name if name.starts_with("log.") => {}
            name => self.fields.push((name, value.to_owned())),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged under a filter while `work` is done, without the instants.
    fn logged(text: &str, work: impl FnOnce()) -> Vec<String> {
        let lines = Lines::default();
        let to = lines.clone();
        let layer = tracing_subscriber::fmt::layer().event_format(OneLine);
        let layer = layer.with_writer(move || to.clone());
        let log = tracing_subscriber::registry().with(filter(text).unwrap()).with(LEVEL_MAX);
        tracing::subscriber::with_default(log.with(layer), work);
        let bytes = lines.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| line.split(" ts=").next().unwrap().to_owned()).collect()
    }

    /// Goal: an event is one line in the project's form, whatever it holds. Method: line ends and
    /// escape sequences in message and field.
    #[test]
    fn an_event_is_one_line() {
        let lines = logged("debug", || {
            let user = "eve\r\nLOG level=info \x1b[2J";
            tracing::info!(target: "ssh", user, tries = 2, "a \"b\"\nc\x07");
        });
        let message = r#"message="a \"b\"\nc\u{7}""#;
        let user = r#"user="eve\r\nLOG level=info \u{1b}[2J""#;
        assert_eq!(lines, [format!("LOG level=info target=ssh {message} {user} tries=2")]);
    }

    /// Goal: the filter chooses by target, and never goes below `debug`, where libraries print what
    /// they carry. Method: one event per target and level.
    #[test]
    fn the_filter_chooses() {
        let lines = logged("ssh=trace", || {
            tracing::trace!(target: "ssh", "a whole packet");
            tracing::debug!(target: "ssh", "seen");
            tracing::error!(target: "http", "not asked for");
        });
        assert_eq!(lines, ["LOG level=debug target=ssh message=seen"]);
    }

    /// Goal: a filter that makes no sense is wrong usage.
    #[test]
    fn a_wrong_filter_is_refused() {
        let error = filter("ssh=loud").expect_err("there is no such level");
        assert_eq!(error.exit_code().number(), 2);
        assert!(error.to_string().starts_with("`EDNM_LOG=ssh=loud`: "), "{error}");
    }
}
