//! What a listener leaves behind: files, and lines of its log.
//!
//! Used by [`super::run()`]. A path is one of the course's own tables, never of an answer;
//! of a large file its end is read.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::table::{FileWant, Form, MarkerWant, SourceWant};
use super::want::Miss;

/// Bytes of one file that are read, from its end.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Files of one directory that are looked at.
const ENTRIES_MAX: usize = 1_000;
/// How long after an answer a file may be written, in milliseconds.
const SETTLE_MS: u64 = 2_000;
/// From one look to the next, in milliseconds.
const LOOK_MS: u64 = 50;
/// A file system may keep times by the second, in milliseconds.
const STAMP_MS: u64 = 1_000;

/// The directory, as it was when the grading began.
pub(super) struct Look {
    directory: PathBuf,
    log: PathBuf,
    log_was: u64,
    began: SystemTime,
    /// When the last answer came.
    pub(super) answered: Instant,
}

impl Look {
    pub(super) fn new(directory: &Path, log: &str) -> Look {
        let log = directory.join(log);
        let log_was = log.metadata().map_or(0, |metadata| metadata.len());
        let began = SystemTime::now() - Duration::from_millis(STAMP_MS);
        Look { directory: directory.to_owned(), log, log_was, began, answered: Instant::now() }
    }

    /// Waits for what may still be written.
    async fn settled(
        &self,
        within: Option<Duration>,
        look: impl Fn() -> Result<(), Miss>,
    ) -> Result<(), Miss> {
        let within = within.unwrap_or(Duration::from_millis(SETTLE_MS));
        loop {
            let seen = look();
            let is_over = self.answered.elapsed() >= within;
            if seen.is_ok() || is_over {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        }
    }

    pub(super) async fn file(&self, want: &FileWant, within: Option<Duration>) -> Result<(), Miss> {
        self.settled(within, || self.file_now(want)).await
    }

    pub(super) async fn marker(
        &self,
        want: &MarkerWant,
        within: Option<Duration>,
    ) -> Result<(), Miss> {
        self.settled(within, || self.marker_now(want)).await
    }

    fn file_now(&self, want: &FileWant) -> Result<(), Miss> {
        let wanted = want.paths.join(" or ");
        let miss = |wanted: String, seen: &str| Miss { wanted, seen: seen.to_owned() };
        let found = want.paths.iter().find_map(|path| self.find(path));
        let Some(path) = found else { return Err(miss(wanted, "no such file")) };
        let is_new = || path.metadata().and_then(|data| data.modified()).ok() >= Some(self.began);
        let text = read_end(&path, 0).unwrap_or_default();
        if text.trim().is_empty() {
            return Err(miss(wanted, "an empty file"));
        }
        if want.fresh && !is_new() {
            return Err(miss(format!("{wanted}, written now"), "a file of before the grading"));
        }
        let is_well_formed = match want.form {
            Form::Text => true,
            Form::Json => serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            Form::Xml => is_xml(&text),
        };
        if !is_well_formed {
            return Err(miss(format!("{wanted}, well-formed"), &beginning(&text)));
        }
        let lower = text.to_lowercase();
        match want.contains.iter().find(|word| !lower.contains(&word.to_lowercase())) {
            Some(word) => Err(miss(format!("`{word}` in {wanted}"), &beginning(&text))),
            None => Ok(()),
        }
    }

    fn marker_now(&self, want: &MarkerWant) -> Result<(), Miss> {
        let text = want.text.clone().or_else(|| Some(want.matches.as_ref()?.0.to_string()));
        let wanted = format!("`{}` in {}", text.unwrap_or_default(), self.log.display());
        let length = self.log.metadata().map_or(0, |metadata| metadata.len());
        // A log that has become shorter was begun anew.
        let from = if want.fresh && length >= self.log_was { self.log_was } else { 0 };
        let Some(log) = read_end(&self.log, from) else {
            return Err(Miss { wanted, seen: "no such file".to_owned() });
        };
        let is_there = match (&want.text, &want.matches) {
            (Some(text), _) => log.contains(text.as_str()),
            (None, Some(pattern)) => pattern.0.is_match(&log),
            (None, None) => true,
        };
        let seen = if want.fresh { "no such line since the grading began" } else { "no such line" };
        if is_there { Ok(()) } else { Err(Miss { wanted, seen: seen.to_owned() }) }
    }

    pub(super) fn source(&self, want: &SourceWant) -> Result<(), Miss> {
        let wanted = format!("{} with {} such lines", want.path, want.at_least);
        let Some(text) = read_end(&self.directory.join(&want.path), 0) else {
            return Err(Miss { wanted, seen: "no such file".to_owned() });
        };
        if let Some(lacked) = want.contains.iter().find(|word| !text.contains(word.as_str())) {
            let wanted = format!("`{lacked}` in {}", want.path);
            return Err(Miss { wanted, seen: "no such text".to_owned() });
        }
        let lines = text.lines().filter(|line| want.lines.0.is_match(line)).count();
        let seen = format!("{lines} of them");
        if lines >= want.at_least { Ok(()) } else { Err(Miss { wanted, seen }) }
    }

    /// A file by its path, whose name may have one `*`.
    fn find(&self, path: &str) -> Option<PathBuf> {
        let path = self.directory.join(path);
        let name = path.file_name()?.to_str()?.to_owned();
        let Some((before, after)) = name.split_once('*') else {
            return Some(path).filter(|path| path.is_file());
        };
        let entries = std::fs::read_dir(path.parent()?).ok()?.take(ENTRIES_MAX).flatten();
        let mut fitting = entries.filter(|entry| {
            let name = entry.file_name();
            name.to_str().is_some_and(|name| name.starts_with(before) && name.ends_with(after))
        });
        fitting.next().map(|entry| entry.path())
    }
}

/// The text of a file from a byte on, at most the end of it.
fn read_end(path: &Path, from: u64) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(from.max(length.saturating_sub(FILE_BYTES_MAX)))).ok()?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn is_xml(text: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut elements = 0_usize;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return elements > 0,
            Ok(quick_xml::events::Event::Start(_) | quick_xml::events::Event::Empty(_)) => {
                elements += 1;
            }
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    host::text::printable(line).chars().take(60).collect()
}
